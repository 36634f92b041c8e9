package instagramtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isTagRune says what a hashtag can be made of: words of every script, with the joiners and middle dots that some are
// written with, and, from 2015 on, emoji.
func isTagRune(r rune) bool {
	switch r {
	case '_', '\u200c', '\u200d', '·', '・':
		return true
	case utf8.RuneError:
		return false
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N) || r >= firstEmoji && unicode.IsSymbol(r)
}

// firstEmoji is where the symbols begin that are emoji; before them are those of keyboards and offices, as in #food™.
const firstEmoji = '\u2190'

// hashtags cuts the names out of a text, each # with what follows it.
func hashtags(text string) []string {
	var found []string
	for {
		_, after, ok := strings.Cut(text, "#")
		if !ok {
			return found
		}
		end := strings.IndexFunc(after, func(r rune) bool { return !isTagRune(r) })
		if end < 0 {
			end = len(after)
		}
		if end > 0 {
			found = append(found, after[:end])
		}
		text = after[end:]
	}
}

// tagName is the name under which a tag is filed.
func tagName(s string) string { return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "#")) }

// isTag says whether a name can be a tag.
func isTag(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isTagRune(r) })
}

// tagsIn finds the tags of a text, each once.
func tagsIn(text string) []string {
	var found []string
	for _, name := range hashtags(text) {
		if name = tagName(name); !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

// tagVar is the tag that the path names. Every name that could be a tag is one, if perhaps without media.
func (c *call) tagVar() (*tag, *apiError) {
	name := tagName(c.vars[0])
	if !isTag(name) {
		return nil, invalidParameter("%q is not a tag", c.vars[0])
	}
	if t := c.w.tags[name]; t != nil {
		return t, nil
	}
	return &tag{name: name}, nil
}

func getTag(c *call) *apiError {
	t, failed := c.tagVar()
	if failed != nil {
		return failed
	}
	c.b = c.wire.tag(c.b, t)
	return nil
}

// getTagMedia pages by ids of its own, which are the numbers of the media here. The ids of media are taken too, under
// their deprecated names.
func getTagMedia(c *call) *apiError {
	t, failed := c.tagVar()
	if failed != nil {
		return failed
	}
	minParam, maxParam := "min_tag_id", "max_tag_id"
	if !c.params.Has(minParam) {
		minParam = "min_id"
	}
	if !c.params.Has(maxParam) {
		maxParam = "max_id"
	}
	q, failed := c.mediaQuery(minParam, maxParam)
	if failed != nil {
		return failed
	}
	q.show = func(m *media) bool { return isListed(c.viewer, m.owner) }
	selected, more := q.from(t.media)
	var next string
	if more {
		next = strconv.FormatUint(selected[len(selected)-1].number, 10)
	}
	c.turn("max_tag_id", next)
	if len(selected) > 0 {
		c.page.newest = strconv.FormatUint(selected[0].number, 10)
	}
	c.mediaList(selected)
	return nil
}

const maxFoundTags = 50

// searchTags finds the tags that start with a text: the text itself first, then the most used.
func searchTags(c *call) *apiError {
	q := tagName(c.params.Get("q"))
	if q == "" {
		return invalidParameter("q is required")
	}
	var hits []*tag
	for name, t := range c.w.tags {
		if strings.HasPrefix(name, q) {
			hits = append(hits, t)
		}
	}
	slices.SortFunc(hits, func(a, b *tag) int {
		return cmp.Or(rank(a.name, q)-rank(b.name, q), len(b.media)-len(a.media), strings.Compare(a.name, b.name))
	})
	c.b = list(c.b, hits[:min(maxFoundTags, len(hits))], c.wire.tag)
	return nil
}

package instagramtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// tagVar is the tag that the path names. Every name that could be a tag is one, if perhaps without
// media.
func (c *call) tagVar() (*world.Tag, *apierror.Error) {
	name := world.TagName(c.vars[0])
	if !world.IsTag(name) {
		return nil, apierror.InvalidParameter("%q is not a tag", c.vars[0])
	}
	if t := c.w.Tags[name]; t != nil {
		return t, nil
	}
	return &world.Tag{Name: name}, nil
}

func getTag(c *call) *apierror.Error {
	t, failed := c.tagVar()
	if failed != nil {
		return failed
	}
	c.b = c.wire.Tag(c.b, t)
	return nil
}

// getTagMedia pages by ids of its own, which are the numbers of the media here. The ids of media
// are taken too, under their deprecated names.
func getTagMedia(c *call) *apierror.Error {
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
	q, failed := c.mediaQuery(minParam, maxParam, tagCursor)
	if failed != nil {
		return failed
	}
	q.show = func(m *world.Media) bool { return world.IsListed(c.viewer, m.Owner) }
	selected, more := q.from(q.of(t.Media))
	var next string
	if more {
		next = c.wire.TagCursor(selected[len(selected)-1].Number)
	}
	c.setNext("max_tag_id", next)
	if len(selected) > 0 {
		c.page.Newest = c.wire.TagCursor(selected[0].Number)
	}
	c.mediaList(selected)
	return nil
}

const maxFoundTags = 50

// searchTags finds the tags that start with a text: the text itself first, then the most used.
func searchTags(c *call) *apierror.Error {
	q := world.TagName(c.params.Get("q"))
	if q == "" {
		return apierror.InvalidParameter("q is required")
	}
	var hits []*world.Tag
	for name, t := range c.w.Tags {
		if strings.HasPrefix(name, q) {
			hits = append(hits, t)
		}
	}
	slices.SortFunc(hits, func(a, b *world.Tag) int {
		return cmp.Or(rank(a.Name, q)-rank(b.Name, q), len(b.Media)-len(a.Media), strings.Compare(a.Name, b.Name))
	})
	c.b = encode.List(c.b, hits[:min(maxFoundTags, len(hits))], c.wire.Tag)
	return nil
}

const noMatch = 3

// rank says how well a name fits a query, both in lower case: 0 is best.
func rank(name, q string) int {
	switch {
	case name == q:
		return 0
	case strings.HasPrefix(name, q):
		return 1
	case strings.Contains(name, q):
		return 2
	default:
		return noMatch
	}
}

package world

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isTagRune says what a hashtag can be made of: words of every script, with the joiners and middle
// dots that some are written with, and, from 2015 on, emoji.
func isTagRune(r rune) bool {
	switch r {
	case '_', '\u200c', '\u200d', '·', '・':
		return true
	case utf8.RuneError:
		return false
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N) || r >= firstEmoji && unicode.IsSymbol(r)
}

// firstEmoji is where the symbols begin that are emoji; before them are those of keyboards and
// offices, as in #food™.
const firstEmoji = '\u2190'

// Hashtags cuts the names out of a text, each # with what follows it.
func Hashtags(text string) []string {
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

// TagName is the name under which a tag is filed.
func TagName(s string) string { return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "#")) }

// IsTag says whether a name can be a tag.
func IsTag(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isTagRune(r) })
}

// TagsIn finds the tags of a text, each once.
func TagsIn(text string) []string {
	var found []string
	for _, name := range Hashtags(text) {
		if name = TagName(name); !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

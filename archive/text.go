package archive

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Exports have texts in which every byte of UTF-8 was written as one \u00XX: "é" as "\u00c3\u00a9".
// Others, in the same files, are as they should be.

// rightText puts a text right if it was written byte by byte: if all its characters are bytes, and
// these are UTF-8 for something more than ASCII.
func rightText(s string) string {
	wide := false
	for _, r := range s {
		if r > 0xFF {
			return s
		}
		wide = wide || r >= 0x80
	}
	if !wide {
		return s
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}

// rightJSON puts the strings in a JSON text right.
func rightJSON(raw []byte) []byte {
	if !mayBeWrong(raw) {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '"' {
			out = append(out, raw[i])
			i++
			continue
		}
		end := skipString(raw, i)
		if end < 0 {
			return append(out, raw[i:]...)
		}
		text := raw[i:end]
		if mayBeWrong(text) {
			var s string
			if json.Unmarshal(text, &s) == nil {
				if right := rightText(s); right != s {
					text = rawString(right)
				}
			}
		}
		out = append(out, text...)
		i = end
	}
	return out
}

// mayBeWrong says whether there is anything but ASCII in a text that is JSON.
func mayBeWrong(raw []byte) bool {
	if bytes.Contains(raw, []byte(`\u00`)) {
		return true
	}
	for _, c := range raw {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

var hashtag = regexp.MustCompile(`#([\p{L}\p{M}\p{N}_]+)`)

// tagsOf are the tags in a caption, in lower case, as v1 lists them.
func tagsOf(caption string) []string {
	tags := []string{}
	known := map[string]bool{}
	for _, found := range hashtag.FindAllStringSubmatch(caption, maxTags) {
		tag := strings.ToLower(found[1])
		if !known[tag] {
			known[tag] = true
			tags = append(tags, tag)
		}
	}
	return tags
}

// maxTags bounds the tags of a caption; Instagram allowed 30.
const maxTags = 100

// layouts are the times of the Graph and of exports.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05",
	"Jan 2, 2006, 3:04 PM", "Jan 2, 2006 3:04 pm",
}

// timeOf reads the times of the Graph and of exports; the zero time is none.
func timeOf(text string) time.Time {
	text = strings.ReplaceAll(text, "\u202f", " ") // before AM and PM
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() > 0 && t.UTC().Year() < 10_000 {
			return t.UTC()
		}
	}
	return time.Time{}
}

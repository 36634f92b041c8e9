package redact

import (
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/internal/lazy"
)

// unescaped returns text and what it says when it is unescaped, up to four times over, in one way
// or in several. It stops once there are more than [maxVariants].
func unescaped(text string) []string {
	all := []string{text}
	last := all
	for range escape {
		var next []string
		for _, variant := range last {
			for _, unescape := range unescapers {
				plain := unescape(variant)
				if !slices.Contains(all, plain) {
					all, next = append(all, plain), append(next, plain)
				}
				if len(all) > maxVariants {
					return all
				}
			}
		}
		if last = next; len(last) == 0 {
			break
		}
	}
	return all
}

// unescapers undo the escapes of HTML, of URLs (%2e), and of quoted strings in JSON, Go and other
// languages (\u002e, \U0000002e, \x2e, \056 and \.). They leave alone what is no escape.
var unescapers = []func(string) string{
	func(text string) string {
		if !strings.Contains(text, "&") {
			return text
		}
		return html.UnescapeString(text)
	},
	func(text string) string {
		if !strings.Contains(text, "%") {
			return text
		}
		return inURL.Get().ReplaceAllStringFunc(text, hexByte)
	},
	func(text string) string {
		if !strings.Contains(text, `\`) {
			return text
		}
		return inQuotes.Get().ReplaceAllStringFunc(text, quotedChar)
	},
}

var (
	inURL    = lazy.Regexp{Text: `%[0-9A-Fa-f]{2}`}
	inQuotes = lazy.Regexp{Text: `(?s)\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\[0-7]{3}|\\.`}
)

func hexByte(escape string) string {
	b, _ := strconv.ParseUint(escape[1:], 16, 8)
	return string([]byte{byte(b)})
}

func quotedChar(escape string) string {
	if len(escape) > len(`\.`) {
		if r, multibyte, _, err := strconv.UnquoteChar(escape, 0); err == nil {
			if r < 0x100 && !multibyte {
				return string([]byte{byte(r)})
			}
			return string(r)
		}
	}
	return escape[1:]
}

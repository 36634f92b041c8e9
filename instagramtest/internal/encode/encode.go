// Package encode appends JSON to a slice of bytes.
package encode

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// Member writes a comma, a name and a value that is JSON already.
func Member(b []byte, name string, value []byte) []byte {
	b = append(b, ',')
	b = ASCII(b, name)
	b = append(b, ':')
	return append(b, value...)
}

// JSON is for values that cannot fail to encode. URLs stay readable in it.
func JSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(v) //nolint:errcheck // see above
	return bytes.TrimSpace(b.Bytes())
}

// List writes a JSON array.
func List[T any](b []byte, items []T, write func(b []byte, item T) []byte) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = write(b, item)
	}
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

// ASCII writes a string, with escapes for everything that is not ASCII, as the service did.
func ASCII(b []byte, s string) []byte { return appendText(b, s, &plain) }

// Slashed writes a string as [ASCII] does, and each slash with a backslash before it.
func Slashed(b []byte, s string) []byte { return appendText(b, s, &plainButSlashes) }

// These tell which bytes stay as they are.
var plain, plainButSlashes = func() (all, some [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		all[c] = c != '"' && c != '\\'
		some[c] = all[c] && c != '/'
	}
	return all, some
}()

func appendText(b []byte, s string, stays *[256]bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if stays[c] {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		r, n := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '"', '\\', '/':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = appendEscaped(b, r)
		}
		i += n
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// ToASCII rewrites JSON that is valid: what is not ASCII becomes an escape, and, if slashes is set,
// each slash gets a backslash before it.
func ToASCII(text []byte, slashes bool) []byte {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text): // an escape stays
			b = append(b, c, text[i+1])
			i += 2
		case c == '/' && slashes:
			b = append(b, '\\', c)
			i++
		case c < utf8.RuneSelf:
			b = append(b, c)
			i++
		default:
			r, n := utf8.DecodeRune(text[i:])
			b = appendEscaped(b, r)
			i += n
		}
	}
	return b
}

// appendEscaped writes a character as one escape, or as two if it is above U+FFFF.
func appendEscaped(b []byte, r rune) []byte {
	if r > 0xffff {
		b = appendEscape(b, 0xd800+(r-0x10000)>>10)
		r = 0xdc00 + (r-0x10000)&0x3ff
	}
	return appendEscape(b, r)
}

func appendEscape(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// Uint writes a number.
func Uint(b []byte, n uint64) []byte { return strconv.AppendUint(b, n, 10) }

// Int writes a number.
func Int(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// Float writes a number without an exponent.
func Float(b []byte, f float64) []byte {
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// TextUint writes a number as a string, as ids came for most of the API's life.
func TextUint(b []byte, n uint64) []byte {
	b = append(b, '"')
	b = Uint(b, n)
	return append(b, '"')
}

// TextTime writes UNIX seconds as a string.
func TextTime(b []byte, seconds int64) []byte {
	b = append(b, '"')
	b = strconv.AppendInt(b, seconds, 10)
	return append(b, '"')
}

// TextDate writes the form that times had at first.
func TextDate(b []byte, seconds int64) []byte {
	return time.Unix(seconds, 0).UTC().AppendFormat(b, `"2006-01-02T15:04:05+0000"`)
}

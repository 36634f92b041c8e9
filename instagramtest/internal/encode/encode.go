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
	b = Text(b, name)
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

// Text writes a string, with what is not ASCII as it is.
func Text(b []byte, s string) []byte { return appendQuoted(b, s, false) }

// ASCII writes a string as the service did until 2015, with escapes for everything that is not
// ASCII.
func ASCII(b []byte, s string) []byte { return appendQuoted(b, s, true) }

func appendQuoted(b []byte, s string, ascii bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		// The two separators end a line in JavaScript, where JSONP answers are read.
		if !ascii && n > 1 && r != '\u2028' && r != '\u2029' {
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', c)
		case r == '\n':
			b = append(b, '\\', 'n')
		case r > 0xffff:
			b = appendEscape(b, 0xd800+(r-0x10000)>>10)
			b = appendEscape(b, 0xdc00+(r-0x10000)&0x3ff)
		default:
			b = appendEscape(b, r)
		}
		i += n
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
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

package wire

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// member writes a member that is a string.
func (e *Encoder) member(k *key, text string) {
	b := e.room(len(k.text) + keyWords + len(text) + quoteRoom)
	n := k.copyTo(b)
	e.data = e.data[:len(e.data)+n]
	e.quoteTo(b[n:], text)
}

// key begins a member.
func (e *Encoder) key(k *key) {
	e.data = e.data[:len(e.data)+k.copyTo(e.room(len(k.text)+keyWords))]
}

// quote writes a string.
func (e *Encoder) quote(text string) { e.quoteTo(e.room(len(text)+quoteRoom), text) }

// quoteTo is quote where b is the room.
func (e *Encoder) quoteTo(b []byte, text string) {
	b[0] = '"'
	plain := copyPlain(b[1:], text)
	if b[len(text)+1] = '"'; plain {
		e.data = e.data[:len(e.data)+len(text)+2]
	} else {
		e.set(appendQuote(e.data, text))
	}
}

// quoteRoom is what a string takes beside its text: the quotes, and what a word may write behind it.
const quoteRoom = 2 + 8

// room returns where to write so many bytes, or more.
func (e *Encoder) room(need int) []byte {
	if need > cap(e.data)-len(e.data) {
		e.data = slices.Grow(e.data, need)
	}
	return e.data[len(e.data):cap(e.data)]
}

// copyPlain copies a text, and reports whether it is ASCII without anything to escape. It moves
// words, the last of which may write eight bytes behind the text.
func copyPlain(to []byte, text string) bool {
	n := len(text)
	if n < 8 {
		return copyShort(to, text)
	}
	last := text[n-8:]
	word := load64(last)
	found := unusual(word)
	binary.LittleEndian.PutUint64(to[n-8:], word)
	for len(text) >= 16 && len(to) >= 16 {
		first, second := load64(text), load64(text[8:])
		found |= unusual(first) | unusual(second)
		binary.LittleEndian.PutUint64(to, first)
		binary.LittleEndian.PutUint64(to[8:], second)
		text, to = text[16:], to[16:]
	}
	if len(text) >= 8 && len(to) >= 8 {
		word := load64(text)
		found |= unusual(word)
		binary.LittleEndian.PutUint64(to, word)
	}
	return found&highs == 0
}

// copyShort is copyPlain for less than eight bytes.
func copyShort(to []byte, text string) bool {
	if n := len(text); n >= 4 {
		first, last := load32(text), load32(text[n-4:])
		binary.LittleEndian.PutUint32(to, first)
		binary.LittleEndian.PutUint32(to[n-4:], last)
		return unusual(uint64(first)|uint64(last)<<32)&highs == 0
	}
	word := uint64(ones * ' ')
	for i := range len(text) {
		word ^= uint64(text[i]^' ') << (8 * i)
	}
	binary.LittleEndian.PutUint64(to, word)
	return unusual(word)&highs == 0
}

func load32(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// appendQuote writes a string of any kind. U+FFFD stands for what is no UTF-8, as with
// encoding/json.
func appendQuote(b []byte, text string) []byte {
	if !utf8.ValidString(text) {
		b, _ = jsontext.AppendQuote(b, text) // the error would say that it is not
		return b
	}
	b = append(b, '"')
	from := 0
	for i := 0; i < len(text); {
		if i+8 <= len(text) {
			found := specials(load64(text[i:]))
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		}
		if c := text[i]; isSpecial(c) {
			b = appendEscape(append(b, text[from:i]...), c)
			from = i + 1
		}
		i++
	}
	return append(append(b, text[from:]...), '"')
}

// appendEscape writes a byte that is special.
func appendEscape(b []byte, c byte) []byte {
	const short, letters = "\"\\\b\f\n\r\t", `"\bfnrt`
	if i := strings.IndexByte(short, c); i >= 0 {
		return append(b, '\\', letters[i])
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

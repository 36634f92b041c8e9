package wire

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// quoted returns what a string holds, valid until its buffer is used again.
func (d *Decoder) quoted(buffer *[]byte) []byte {
	start := d.pos + 1
	end, ascii := special(d.data, start)
	if end < len(d.data) && d.data[end] == '"' && (ascii || utf8.Valid(d.data[start:end])) {
		d.pos = end + 1
		return d.data[start:end]
	}
	return d.unquote(buffer, start, end, ascii)
}

// unquote is quoted for a string whose text begins at start and has the first byte that is special
// at end.
func (d *Decoder) unquote(buffer *[]byte, start, end int, ascii bool) []byte {
	text := (*buffer)[:0]
	for from := start; end < len(d.data); {
		text = append(text, d.data[from:end]...)
		if d.data[end] == '"' {
			if *buffer = text; !ascii && !utf8.Valid(text) {
				break
			}
			d.pos = end + 1
			return text
		}
		r, size := unescape(d.data[end:])
		if size == 0 {
			break
		}
		text = utf8.AppendRune(text, r)
		from = end + size
		var more bool
		end, more = special(d.data, from)
		ascii = ascii && more
	}
	d.pos = start - 1
	value := d.Skip()
	if value == nil {
		return nil
	}
	// The error would say that U+FFFD stands for what was not valid, as it does with encoding/json.
	*buffer, _ = jsontext.AppendUnquote(text[:0], value)
	return *buffer
}

// special returns the index of the first quote, backslash or control character from pos on, or the
// length of data. If ascii is true all that is before it is ASCII; if not, it may be. It looks at
// eight bytes at a time: most of an answer is inside of strings.
func special(data []byte, pos int) (end int, ascii bool) {
	var before uint64 // all words before this one
	for ; pos+8 <= len(data); pos += 8 {
		word := binary.LittleEndian.Uint64(data[pos:])
		if found := specials(word); found != 0 {
			bit := bits.TrailingZeros64(found)
			return pos + bit/8, (before|word<<(63-bit))&highs == 0
		}
		before |= word
	}
	ascii = before&highs == 0
	for pos < len(data) && !isSpecial(data[pos]) {
		ascii = ascii && data[pos] < utf8.RuneSelf
		pos++
	}
	return pos, ascii
}

// isSpecial reports whether a byte of a string is a quote, a backslash or a control character.
func isSpecial(c byte) bool { return c < ' ' || c == '"' || c == '\\' }

const (
	ones  = 0x0101010101010101 // each byte is 1
	highs = 0x8080808080808080 // the high bit of each byte
)

// specials sets the high bit of the first byte in word that is a quote, a backslash or a control
// character. The bits above it mean nothing.
func specials(word uint64) uint64 {
	low := word ^ ones*2 // turns a quote into a space, and leaves control characters below it
	slash := word ^ ones*'\\'
	// A byte borrows into its high bit if it is zero, or not above a space.
	return ((low-ones*(' '+1))&^low | (slash-ones)&^slash) & highs
}

// unusual sets the high bit of a byte in word if any is a quote, a backslash, a control character or
// not ASCII. The other bits mean nothing.
func unusual(word uint64) uint64 {
	return (word ^ ones*2 - ones*(' '+1)) | (word ^ ones*'\\' - ones) | word
}

// unescape decodes the escape sequence that b begins with. Its size is 0 if there is none, or half
// a surrogate pair.
func unescape(b []byte) (r rune, size int) {
	if len(b) < 2 || b[0] != '\\' {
		return 0, 0
	}
	switch c := b[1]; c {
	case '"', '\\', '/':
		return rune(c), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	}
	r = unescapeUnit(b)
	if r < 0 {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if r = utf16.DecodeRune(r, unescapeUnit(b[6:])); r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

// escapeSize is the length of the escape sequence that b begins with, half a surrogate pair
// included, and 0 if there is none.
func escapeSize(b []byte) int {
	if _, size := unescape(b); size > 0 {
		return size
	}
	if unescapeUnit(b) >= 0 {
		return 6
	}
	return 0
}

// unescapeUnit decodes \u and its four digits, and is negative if b begins otherwise.
func unescapeUnit(b []byte) (r rune) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return -1
	}
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = (c | 0x20) - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// blockSize bounds the memory that a kept string can keep alive beside itself, in bytes.
const blockSize = 1 << 10

// copy makes a string of b. Short ones share blocks, which costs far fewer allocations than one for
// each; none shares the memory of the text itself.
func (d *Decoder) copy(b []byte) string {
	if len(b) == 0 {
		return "" // a part of a block would keep it alive
	}
	if len(b) > blockSize/4 {
		return d.copyApart(b)
	}
	d.copied += len(b)
	if d.block.Cap()-d.block.Len() < len(b) {
		d.nextBlock(len(b))
	}
	start := d.block.Len()
	d.block.Write(b)
	return d.block.String()[start:]
}

// nextBlock begins a block of which need bytes are used at once.
func (d *Decoder) nextBlock(need int) {
	size := blockSize
	if d.apart() {
		size = max(d.expected-d.copied+need, blockSize/4)
	}
	size = max(min(size, len(d.data)-d.pos), need) // no more comes than the text has
	d.Spend(size)
	d.block.Reset()
	d.block.Grow(size)
}

// Entry says that the next entry of a list begins, whose model takes so many bytes.
func (d *Decoder) Entry(size int) {
	d.Spend(size)
	if d.expected, d.copied = d.copied, 0; d.apart() {
		d.block.Reset()
	}
}

// apart reports whether the strings of an entry have a block of their own: one as large as the
// strings of the entry before. Where they are short, that would be many blocks; where they are
// long, a share of another block is little beside them.
func (d *Decoder) apart() bool { return d.expected > blockSize/4 && d.expected <= blockSize }

// copyApart makes a string of b in memory of its own.
func (d *Decoder) copyApart(b []byte) string {
	d.Spend(len(b))
	return string(b)
}

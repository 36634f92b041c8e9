package wire

import (
	"bytes"
	"strings"
	"sync"
)

// A Decoder reads values from one JSON text, in one pass.
//
// Each method starts at the first byte of a value and ends behind its last. The first error is kept
// and ends every loop over members and elements, so that callers need not ask after each value.
type Decoder struct {
	data  []byte
	pos   int
	depth int // of the objects and arrays that are open
	err   *Error

	budget int  // bytes that models may still take
	spent  bool // they have taken more

	stop      func(name []byte) bool // see stopAt
	stopDepth int

	name     []byte          // a name that was escaped
	text     []byte          // a string that was escaped
	block    strings.Builder // see copy
	copied   int             // bytes of this entry that are in blocks
	expected int             // those of the entry before
	strings  pile[string]
	tables   []remembered // of each table, by its number; see memory
	orders   [][]int      // of the rows of each table; see order
}

// maxDepth bounds the nesting of objects and arrays.
const maxDepth = 10_000

// The memory that the models of a text may take, in bytes: so many times its length, within bounds.
const (
	budgetRatio = 32
	minBudget   = 1 << 20
	maxBudget   = 256 << 20
)

var decoders = sync.Pool{New: func() any { return new(Decoder) }}

// NewDecoder returns a decoder at the one value in data. It is to be released.
func NewDecoder(data []byte) *Decoder {
	d := decoders.Get().(*Decoder)
	d.Reset(data)
	return d
}

// Release gives the decoder back for another text. What was read stays valid.
func (d *Decoder) Release() {
	d.data, d.err = nil, nil
	d.block.Reset()
	for _, t := range d.tables {
		if t != nil {
			t.forget()
		}
	}
	if cap(d.name) > maxKept {
		d.name = nil
	}
	if cap(d.text) > maxKept {
		d.text = nil
	}
	decoders.Put(d)
}

// maxKept bounds each buffer that waits for the next text, in bytes.
const maxKept = 64 << 10

// Reset starts over with another text.
func (d *Decoder) Reset(data []byte) {
	d.data, d.pos, d.depth, d.err = data, 0, 0, nil
	d.budget = budget(len(data))
	d.spent = false
	d.space()
}

// budget is what the models of a text of some length may take.
func budget(length int) int { return min(max(budgetRatio*length, minBudget), maxBudget) }

// Affordable reports whether the value of a text, of which nothing is known, stays within the
// memory that models may take: an object in a list may become a model of about 1 KiB.
func Affordable(data []byte) bool {
	values := bytes.Count(data, []byte("{")) + bytes.Count(data, []byte("["))
	return values<<10 <= budget(len(data))
}

// SpendOnMap is Spend for a new map of models.
func (d *Decoder) SpendOnMap() { d.Spend(4 * mapSize) }

// Spend takes bytes from the memory that the models of this text may take.
func (d *Decoder) Spend(bytes int) {
	d.budget -= bytes
	if d.budget < 0 && !d.spent {
		d.spent = true
		if d.err == nil {
			d.err = &Error{Offset: int64(d.pos), Err: ErrMemory}
		}
	}
}

// Spent returns how much of that memory they have taken.
func (d *Decoder) Spent() int { return budget(len(d.data)) - d.budget }

// End checks that nothing follows the value.
func (d *Decoder) End() {
	if d.space(); d.err == nil && d.pos < len(d.data) {
		d.malformed()
	}
}

// Peek returns the byte where the decoder stands, and 0 at the end.
func (d *Decoder) Peek() byte {
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

// space moves over white space.
func (d *Decoder) space() {
	for c := d.Peek(); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = d.Peek() {
		d.pos++
	}
}

// ReadWhole has read read a text, and returns what is wrong with it or behind it. The path leads to
// the text where it is a part of another one.
func ReadWhole(path string, text []byte, read func(d *Decoder)) *Error {
	d := NewDecoder(text)
	defer d.Release()
	start := d.Mark()
	read(d)
	d.End()
	return d.Failure(path, start)
}

// Members runs yield at the value of each member of an object; a null has none. The name is valid
// until the next member's.
func (d *Decoder) Members(yield func(name []byte) bool) {
	if d.Peek() != '{' {
		if !d.Null() {
			d.Fail("an object")
		}
		return
	}
	d.open()
	for first := true; d.more('}', first); first = false {
		name := d.memberName()
		if d.err != nil || !yield(name) {
			return
		}
	}
}

// memberName moves to the value of a member and returns its name.
func (d *Decoder) memberName() []byte {
	if d.Peek() != '"' {
		d.malformed()
		return nil
	}
	name := d.quoted(&d.name)
	d.colon()
	return name
}

func (d *Decoder) colon() {
	if d.space(); d.Peek() != ':' {
		d.malformed()
		return
	}
	d.pos++
	d.space()
}

// Elements runs yield at each element of an array; a null has none.
func (d *Decoder) Elements(yield func() bool) {
	if d.Peek() != '[' {
		if !d.Null() {
			d.Fail("an array")
		}
		return
	}
	d.open()
	for first := true; d.more(']', first); first = false {
		if !yield() {
			return
		}
	}
}

// open moves into an object or an array.
func (d *Decoder) open() {
	d.nest()
	d.pos++
}

func (d *Decoder) nest() {
	if d.depth++; d.depth > maxDepth {
		d.malformed()
	}
}

// more moves to the next member or element, or over the closing delimiter.
func (d *Decoder) more(closing byte, first bool) bool {
	if d.err != nil {
		return false
	}
	if d.Peek() <= ' ' {
		d.space()
	}
	switch c := d.Peek(); {
	case c == closing:
		d.pos++
		d.depth--
		return false
	case first:
		return true
	case c != ',':
		d.malformed()
		return false
	}
	if d.pos++; d.Peek() <= ' ' {
		d.space()
	}
	return true
}

// literal moves over a literal and reports whether it was there.
func (d *Decoder) literal(text string) bool {
	end := d.pos + len(text)
	if end > len(d.data) || string(d.data[d.pos:end]) != text {
		return false
	}
	d.pos = end
	return true
}

// Null moves over a null and reports whether there was one.
func (d *Decoder) Null() bool { return d.literal("null") }

// EmptyArray moves over an array without elements and reports whether there was one.
func (d *Decoder) EmptyArray() bool {
	start := d.Mark()
	if d.Peek() == '[' {
		if d.open(); !d.more(']', true) && d.err == nil {
			return true
		}
		d.Return(start)
	}
	return false
}

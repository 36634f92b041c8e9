package instagram

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A decoder reads models from one JSON text, in one pass. It moves by itself
// over the JSON that nearly all answers consist of. Whatever else it meets it
// leaves to jsontext: values that no model has a field for, odd strings, and
// all that is wrong with a text.
//
// Each method starts at the first byte of a value and ends behind its last.
// The first error is kept and ends every loop over members and elements, so
// that models read their members without asking after each.
type decoder struct {
	data []byte
	pos  int
	err  *DecodeError

	mangled bool // somewhere in data is invalid UTF-8

	name  []byte          // a name that was escaped
	text  []byte          // a string that was escaped
	block strings.Builder // see copy

	other  *jsontext.Decoder // see value
	buffer bytes.Buffer

	// Lists that are being read; see slice.
	comments []CommentEntry
	likes    []UserShortInfo
	tagged   []UserInPhoto
	carousel []CarouselMedia
	tags     []string
}

// syntax is the JSON that recorded answers are written in: as liberal as
// encoding/json about names given twice and about invalid UTF-8.
var syntax = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// newDecoder returns a decoder at the one value in data.
func newDecoder(data []byte) *decoder {
	d := new(decoder)
	d.reset(data)
	return d
}

// reset starts over with another text.
func (d *decoder) reset(data []byte) {
	d.data, d.pos, d.err = data, 0, nil
	d.mangled = !utf8.Valid(data)
	d.space()
}

// end checks that nothing follows the value.
func (d *decoder) end() {
	if d.space(); d.err == nil && d.pos < len(d.data) {
		d.malformed()
	}
}

// peek returns the byte where the decoder stands, and 0 at the end.
func (d *decoder) peek() byte {
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

// space moves over white space.
func (d *decoder) space() {
	for c := d.peek(); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = d.peek() {
		d.pos++
	}
}

// members runs yield at the value of each member of an object; a null has none.
// The name is valid until the next member's.
func (d *decoder) members(yield func(name []byte) bool) {
	if d.peek() != '{' {
		if !d.null() {
			d.fail("an object")
		}
		return
	}
	d.pos++
	for first := true; d.more('}', first); first = false {
		if d.peek() != '"' {
			d.malformed()
			return
		}
		name := d.quoted(&d.name)
		if d.space(); d.peek() != ':' {
			d.malformed()
			return
		}
		d.pos++
		d.space()
		if !yield(name) {
			return
		}
	}
}

// elements runs yield at each element of an array; a null has none.
func (d *decoder) elements(yield func() bool) {
	if d.peek() != '[' {
		if !d.null() {
			d.fail("an array")
		}
		return
	}
	d.pos++
	for first := true; d.more(']', first); first = false {
		if !yield() {
			return
		}
	}
}

// more moves to the next member or element, or over the closing delimiter.
func (d *decoder) more(closing byte, first bool) bool {
	if d.err != nil {
		return false
	}
	d.space()
	c := d.peek()
	if c == closing {
		d.pos++
		return false
	}
	if first {
		return true
	}
	if c != ',' {
		d.malformed()
		return false
	}
	d.pos++
	d.space()
	return true
}

// literal moves over a literal and reports whether it was there.
func (d *decoder) literal(text string) bool {
	end := d.pos + len(text)
	if end > len(d.data) || string(d.data[d.pos:end]) != text {
		return false
	}
	d.pos = end
	return true
}

// null moves over a null and reports whether there was one.
func (d *decoder) null() bool { return d.literal("null") }

// number returns a number as it is written.
func (d *decoder) number() []byte {
	start := d.pos
	if d.peek() == '-' {
		d.pos++
	}
	valid := true
	if d.peek() == '0' {
		d.pos++
	} else {
		valid = d.digits()
	}
	if d.peek() == '.' {
		d.pos++
		valid = d.digits() && valid
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.pos++
		if c := d.peek(); c == '+' || c == '-' {
			d.pos++
		}
		valid = d.digits() && valid
	}
	if !valid {
		d.malformed()
	}
	return d.data[start:d.pos]
}

// digits moves over digits and reports whether there were any.
func (d *decoder) digits() bool {
	start := d.pos
	for c := d.peek(); '0' <= c && c <= '9'; c = d.peek() {
		d.pos++
	}
	return d.pos > start
}

// value moves over a value of any kind, which jsontext checks, and returns it
// as it is written. It is nil if it is none.
func (d *decoder) value() []byte {
	d.buffer = *bytes.NewBuffer(d.data[d.pos:])
	if d.other == nil {
		d.other = jsontext.NewDecoder(&d.buffer, syntax...)
	} else {
		d.other.Reset(&d.buffer, syntax...)
	}
	value, err := d.other.ReadValue()
	if err != nil {
		d.malformed()
		return nil
	}
	start := d.pos
	d.pos += len(value)
	return d.data[start:d.pos]
}

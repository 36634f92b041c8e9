package wire

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Scalar returns what a string holds or how a number is written, whichever it
// is, and nil for a null. It is valid until the next value is read.
func (d *Decoder) Scalar(want string) []byte {
	switch c := d.Peek(); {
	case c == '"':
		return d.quoted(&d.text)
	case c == '-', '0' <= c && c <= '9':
		return d.number()
	case !d.Null():
		d.Fail(want)
	}
	return nil
}

// String reads a string. Ids and the like come as numbers too, and keep each
// of their digits.
func (d *Decoder) String() string { return d.copy(d.Scalar("a string")) }

// StringApart is String for one that is kept longer than the model that it is
// in: it keeps nothing else in memory.
func (d *Decoder) StringApart() string { return d.copyApart(d.Scalar("a string")) }

// Int reads a whole number, or a string that holds one.
func (d *Decoder) Int() int {
	start := d.pos
	text := d.Scalar("a number")
	if text == nil || d.err != nil {
		return 0
	}
	if n, ok := smallInt(text); ok {
		return int(n)
	}
	n, err := strconv.Atoi(string(text))
	if err == nil {
		return n
	}
	// Tools that keep all numbers as floats write 12.0 or 1.2e+01.
	const exact = min(1<<53, math.MaxInt)
	if f, ferr := strconv.ParseFloat(string(text), 64); ferr == nil && isNumber(text) &&
		f == math.Trunc(f) && math.Abs(f) < exact {
		return int(f)
	}
	d.invalid(start, "a whole number", err)
	return 0
}

// smallInt reads up to nine digits, which is what nearly all numbers have.
func smallInt(text []byte) (n int32, ok bool) {
	if len(text) == 0 || len(text) > 9 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int32(c-'0')
	}
	return n, true
}

// Float reads a number, or a string that holds one.
func (d *Decoder) Float() float64 {
	start := d.pos
	text := d.Scalar("a number")
	if text == nil || d.err != nil {
		return 0
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !isNumber(text) {
		d.invalid(start, "a number", err)
		return 0
	}
	return f
}

// isNumber keeps the hexadecimal, infinite and underscored numbers of strconv
// out; a leading plus does no harm.
func isNumber(text []byte) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && !strings.ContainsRune("+-.eE", rune(c)) {
			return false
		}
	}
	return true
}

// Bool reads a boolean, or the 0 or 1 that stands for one.
func (d *Decoder) Bool() bool {
	start := d.pos
	if d.literal("true") {
		return true
	}
	if d.literal("false") {
		return false
	}
	text := d.Scalar("a boolean")
	switch string(text) {
	case "1", "true":
		return true
	case "0", "false":
		return false
	}
	if text != nil && d.err == nil {
		d.invalid(start, "a boolean", nil)
	}
	return false
}

// Time reads a UNIX time or the ISO form of the earliest answers; see [ParseTime].
func (d *Decoder) Time() time.Time {
	start := d.pos
	text := d.Scalar("a time")
	if len(text) == 0 || d.err != nil {
		return time.Time{}
	}
	t, ok := parseTime(text)
	if !ok {
		d.invalid(start, "a time", nil)
	}
	return t
}

// Strings reads a list of strings. It is nil only where it is null.
func (d *Decoder) Strings() []string {
	if d.Null() {
		return nil
	}
	list := d.list[:0]
	for range d.Elements {
		if len(list) == cap(list) {
			d.Spend(stringSize * max(len(list), 1))
		}
		list = append(list, d.String())
	}
	d.Spend(stringSize * len(list))
	exact := append(make([]string, 0, len(list)), list...)
	clear(list)
	if d.list = list; cap(list) > maxKept/stringSize {
		d.list = nil
	}
	return exact
}

// stringSize is what a string takes beside its text.
const stringSize = 16

package wire

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Scalar returns what a string holds or how a number is written, whichever it is, and nil for a
// null. It is valid until the next value is read.
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

// String reads a string. Ids and the like come as numbers too, and keep each of their digits.
func (d *Decoder) String() string {
	if d.Peek() != '"' {
		return d.copy(d.Scalar("a string"))
	}
	return d.copy(d.quoted(&d.text))
}

// StringApart is String for one that is kept longer than the model that it is in: it keeps nothing
// else in memory.
func (d *Decoder) StringApart() string { return d.copyApart(d.Scalar("a string")) }

// Int reads a whole number, or a string that holds one.
func (d *Decoder) Int() int {
	if n, end := d.shortInt(); end > 0 && n <= math.MaxInt {
		d.pos = end
		return int(n)
	}
	start := d.pos
	text := d.Scalar("a number")
	if text == nil || d.err != nil {
		return 0
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

// shortInt reads a whole number of up to 18 digits, in quotes or not, which is what nearly all
// numbers are. It returns where the number ends, or 0, and does not move.
func (d *Decoder) shortInt() (n int64, end int) {
	pos := d.pos
	quoted := d.Peek() == '"'
	if quoted {
		pos++
	}
	start := pos
	for ; pos < len(d.data) && pos < start+19; pos++ {
		c := d.data[pos] - '0'
		if c > 9 {
			break
		}
		n = n*10 + int64(c)
	}
	switch digits := pos - start; {
	case digits == 0 || digits > 18 || pos == len(d.data):
		return 0, 0
	case quoted && d.data[pos] == '"':
		return n, pos + 1
	case quoted || d.data[start] == '0' && digits > 1:
		return 0, 0
	}
	switch d.data[pos] {
	case '.', 'e', 'E':
		return 0, 0
	}
	return n, pos
}

// Float reads a number, or a string that holds one.
func (d *Decoder) Float() float64 {
	start := d.pos
	text := d.Scalar("a number")
	if text == nil || d.err != nil {
		return 0
	}
	if f, ok := shortFloat(text); ok {
		return f
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !isNumber(text) {
		d.invalid(start, "a number", err)
		return 0
	}
	return f
}

// shortFloat reads digits with a point among them, as long as all of them fit into a float64: the
// quotient of two floats that are exact is the float nearest to it.
func shortFloat(text []byte) (float64, bool) {
	digits, negative := text, false
	if len(digits) > 0 && digits[0] == '-' {
		digits, negative = digits[1:], true
	}
	var n uint64
	point := -1
	for i, c := range digits {
		switch {
		case '0' <= c && c <= '9':
			n = n*10 + uint64(c-'0')
		case c == '.' && point < 0 && i > 0:
			point = i
		default:
			return 0, false
		}
	}
	fraction := len(digits) - 1 - point
	if len(digits) > 18 || n >= 1<<53 || point < 0 || fraction == 0 {
		return 0, false
	}
	f := float64(n) / powers[fraction]
	if negative {
		f = -f
	}
	return f, true
}

// powers are those of ten.
var powers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17}

// isNumber keeps the hexadecimal, infinite and underscored numbers of strconv out; a leading plus
// does no harm.
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
	if seconds, end := d.shortInt(); end > 0 {
		if t, ok := unixTime(seconds, 0); ok {
			d.pos = end
			return t
		}
	}
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

// millis is where times in milliseconds begin: in seconds it would be the year 5138.
const millis = 100_000_000_000

// TimeOrMillis reads a time as Time does, or a UNIX time in milliseconds, as the Graph sends it with
// messages.
func (d *Decoder) TimeOrMillis() time.Time {
	start := d.Mark()
	if n, err := strconv.ParseInt(d.String(), 10, 64); err == nil && millis <= n && n < 1000*millis {
		return time.UnixMilli(n).UTC()
	}
	d.Return(start)
	return d.Time()
}

// Strings reads a list of strings. It is nil only where it is null.
func (d *Decoder) Strings() []string {
	if d.Null() {
		return nil
	}
	list := d.strings.start()
	for range d.Elements {
		longer, ok := d.strings.add(d, list)
		if !ok {
			break
		}
		list = longer
		list[len(list)-1] = d.String()
	}
	return d.strings.take(d, list)
}

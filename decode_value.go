package instagram

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// scalar returns what a string holds or how a number is written, whichever it
// is, and nil for a null.
func (d *decoder) scalar(want string) []byte {
	switch c := d.peek(); {
	case c == '"':
		return d.quoted(&d.text)
	case c == '-', '0' <= c && c <= '9':
		return d.number()
	case !d.null():
		d.fail(want)
	}
	return nil
}

// string reads a string. Ids and the like come as numbers too, and keep each
// of their digits.
func (d *decoder) string() string {
	return d.copy(d.scalar("a string"))
}

// int reads a whole number, or a string that holds one.
func (d *decoder) int() int {
	start := d.pos
	text := d.scalar("a number")
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

// float reads a number, or a string that holds one.
func (d *decoder) float() float64 {
	start := d.pos
	text := d.scalar("a number")
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

// bool reads a boolean, or the 0 or 1 that stands for one.
func (d *decoder) bool() bool {
	start := d.pos
	if d.literal("true") {
		return true
	}
	if d.literal("false") {
		return false
	}
	text := d.scalar("a boolean")
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

// time reads a UNIX time or the ISO form of the earliest answers.
func (d *decoder) time() time.Time {
	start := d.pos
	text := d.scalar("a time")
	if len(text) == 0 {
		return time.Time{}
	}
	t, ok := parseTime(string(text))
	if !ok {
		d.invalid(start, "a time", nil)
	}
	return t
}

// raw returns the value that began at start, or nil if it was a null.
func (d *decoder) raw(start int) []byte {
	if d.err != nil || d.data[start] == 'n' {
		return nil
	}
	return d.data[start:d.pos]
}

// keep puts a value into extra, in the form that survives json.Marshal, which
// takes white space out and escapes what is special in HTML.
func (d *decoder) keep(extra *map[string]json.RawMessage, name string, value []byte) {
	if *extra == nil {
		*extra = make(map[string]json.RawMessage)
	}
	kept, _ := jsontext.AppendFormat(nil, value, syntax...) // has been read as a value
	(*extra)[name] = kept
}

// unknown keeps a member that the model has no field for.
func (d *decoder) unknown(extra *map[string]json.RawMessage, name []byte) {
	key := d.copy(name)
	if value := d.value(); value != nil {
		d.keep(extra, key, value)
	}
}

// optional reads a member that is written only where it says something. If it
// was there and said nothing, as in "bio":"", then it is kept in extra.
func optional[T comparable](d *decoder, extra *map[string]json.RawMessage, name string, read func(*decoder) T) T {
	start := d.pos
	value := read(d)
	d.keepZero(extra, name, start, value == *new(T))
	return value
}

func (d *decoder) keepZero(extra *map[string]json.RawMessage, name string, start int, zero bool) {
	if raw := d.raw(start); zero && raw != nil {
		d.keep(extra, name, raw)
	} else {
		drop(extra, name) // what an earlier member of the same name has left
	}
}

// drop takes a member out of extra.
func drop(extra *map[string]json.RawMessage, name string) {
	delete(*extra, name)
	if len(*extra) == 0 {
		*extra = nil
	}
}

// pointer reads a member that is nil where it is null.
func pointer[T any, P interface {
	*T
	decodable
}](d *decoder) *T {
	if d.null() {
		return nil
	}
	value := new(T)
	P(value).decode(d)
	return value
}

// slice reads a list. It is nil only where it is null. The elements are
// collected in scratch first, so that the list takes no more than it needs.
func slice[T any, P interface {
	*T
	decodable
}](d *decoder, scratch *[]T) []T {
	if d.null() {
		return nil
	}
	list := (*scratch)[:0]
	for range d.elements {
		list = append(list, *new(T))
		P(&list[len(list)-1]).decode(d)
	}
	*scratch = list
	exact := make([]T, len(list))
	copy(exact, list)
	return exact
}

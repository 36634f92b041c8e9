package instagram

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A decoder reads models from one JSON text. The grammar has been checked by
// jsontext before it starts (see newDecoder), so its methods look at what a
// value means and move over the rest without testing it again.
//
// Each method starts at the first byte of a value and ends behind its last.
// The first error is kept and ends every loop over members and elements, so
// that models read their members without asking after each.
type decoder struct {
	data []byte
	pos  int
	err  *DecodeError

	// mangled says that the text holds invalid UTF-8, or an escaped half of a
	// surrogate pair, somewhere.
	mangled bool

	name  []byte          // a name that was escaped
	text  []byte          // a string that was escaped
	block strings.Builder // see copy
}

// newDecoder checks that data is one JSON value and stands at its start.
func newDecoder(data []byte) (*decoder, error) {
	d := &decoder{data: data}
	// Most texts are valid UTF-8 throughout. Knowing it saves a look at each string.
	if !jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true)) {
		if !jsontext.Value(data).IsValid(syntax...) {
			return nil, syntaxError(data)
		}
		d.mangled = true
	}
	d.space()
	return d, nil
}

// syntax is the JSON that recorded answers are written in: as liberal as
// encoding/json about names given twice and about invalid UTF-8.
var syntax = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// object steps over the brace of an object, or over a null.
func (d *decoder) object() bool {
	switch d.data[d.pos] {
	case '{':
		d.pos++
		return true
	case 'n':
		d.pos += len("null")
		return false
	}
	d.fail("an object")
	return false
}

// members runs yield at the value of each member of an object; a null has none.
// The name is valid until the next member's.
func (d *decoder) members(yield func(name []byte) bool) {
	if !d.object() {
		return
	}
	for d.more('}') {
		name := d.quoted(&d.name)
		d.space()
		d.pos++ // the colon
		d.space()
		if !yield(name) {
			return
		}
	}
}

// elements runs yield at each element of an array; a null has none.
func (d *decoder) elements(yield func() bool) {
	switch d.data[d.pos] {
	case '[':
		d.pos++
	case 'n':
		d.pos += len("null")
		return
	default:
		d.fail("an array")
		return
	}
	for d.more(']') {
		if !yield() {
			return
		}
	}
}

// more moves to the next member or element, or over the closing delimiter.
func (d *decoder) more(closing byte) bool {
	if d.err != nil {
		return false
	}
	d.space()
	switch d.data[d.pos] {
	case closing:
		d.pos++
		return false
	case ',':
		d.pos++
		d.space()
	}
	return true
}

// space moves over white space.
func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\n', '\r', '\t':
			d.pos++
		default:
			return
		}
	}
}

// null moves over a null and reports whether there was one.
func (d *decoder) null() bool {
	if d.data[d.pos] != 'n' {
		return false
	}
	d.pos += len("null")
	return true
}

// quoted returns what a string holds, valid until its buffer is used again.
func (d *decoder) quoted(buffer *[]byte) []byte {
	start := d.pos
	escaped := false
	for end := start + 1; ; {
		n := bytes.IndexByte(d.data[end:], '"')
		// An odd run of backslashes before the quote escapes it.
		quote := end + n
		if d.data[quote-1] != '\\' {
			escaped = escaped || bytes.IndexByte(d.data[end:quote], '\\') >= 0
			d.pos = quote + 1
			break
		}
		escaped = true
		run := 1
		for d.data[quote-1-run] == '\\' {
			run++
		}
		end = quote + 1
		if run%2 == 0 {
			d.pos = end
			break
		}
	}
	value := d.data[start:d.pos]
	if !escaped && (!d.mangled || utf8.Valid(value)) {
		return value[1 : len(value)-1]
	}
	// The error reports what it has replaced with U+FFFD, as encoding/json does.
	*buffer, _ = jsontext.AppendUnquote((*buffer)[:0], value)
	return *buffer
}

// number returns a number as it is written.
func (d *decoder) number() []byte {
	start := d.pos
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case '0' <= c && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			d.pos++
			continue
		}
		break
	}
	return d.data[start:d.pos]
}

// scalar returns what a string holds or how a number is written, whichever it
// is, and nil for a null.
func (d *decoder) scalar(want string) []byte {
	switch c := d.data[d.pos]; {
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
	const exact = 1 << 53
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
	switch d.data[start] {
	case 't':
		d.pos += len("true")
		return true
	case 'f':
		d.pos += len("false")
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

// skip moves over a value of any kind.
func (d *decoder) skip() {
	depth := 0
	for {
		switch d.data[d.pos] {
		case '{', '[':
			depth++
			d.pos++
		case '}', ']':
			depth--
			d.pos++
		case '"':
			d.skipString()
		case 't', 'n':
			d.pos += len("true")
		case 'f':
			d.pos += len("false")
		case ',', ':', ' ', '\n', '\r', '\t':
			d.pos++
		default:
			d.number()
		}
		if depth == 0 {
			return
		}
	}
}

func (d *decoder) skipString() {
	for d.pos++; ; d.pos++ {
		switch d.data[d.pos] {
		case '\\':
			d.pos++
		case '"':
			d.pos++
			return
		}
	}
}

// blockSize bounds the memory that a kept string can keep alive beside itself.
const blockSize = 1 << 10

// copy makes a string of b. Short ones share blocks, which costs far fewer
// allocations than one for each; none shares the memory of the text itself.
func (d *decoder) copy(b []byte) string {
	if len(b) > blockSize/4 {
		return string(b)
	}
	if d.block.Cap()-d.block.Len() < len(b) {
		d.block.Reset()
		d.block.Grow(blockSize)
	}
	start := d.block.Len()
	d.block.Write(b)
	return d.block.String()[start:]
}

// raw returns the value that began at start, or nil if it was a null.
func (d *decoder) raw(start int) []byte {
	if d.data[start] == 'n' {
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
	kept, err := jsontext.AppendFormat(nil, value, syntax...)
	if err != nil { // the text as a whole was valid, so each part of it is
		kept = bytes.Clone(value)
	}
	(*extra)[name] = kept
}

// unknown keeps a member that the model has no field for.
func (d *decoder) unknown(extra *map[string]json.RawMessage, name []byte) {
	key := d.copy(name)
	start := d.pos
	d.skip()
	d.keep(extra, key, d.data[start:d.pos])
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
	if raw := d.raw(start); zero && raw != nil && d.err == nil {
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

// slice reads a list. It is nil only where it is null.
func slice[T any, P interface {
	*T
	decodable
}](d *decoder) []T {
	if d.null() {
		return nil
	}
	list := []T{}
	for range d.elements {
		if len(list) == 0 {
			list = make([]T, 0, 4)
		}
		list = append(list, *new(T))
		P(&list[len(list)-1]).decode(d)
	}
	return list
}

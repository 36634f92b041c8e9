package wire

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// An Encoder writes models.
type Encoder struct {
	data   []byte
	object object   // the innermost that is open
	others []string // names of members that no row wrote, of all that are open
	err    error
}

// An object is what has been written of one.
type object struct {
	shape  *shape
	rows   uint64 // those that are written
	others int    // where its names begin in others
}

var encoders = sync.Pool{New: func() any { return new(Encoder) }}

// Marshal writes a model.
func Marshal[T any](table *Table[T], model *T) ([]byte, error) {
	e := newEncoder()
	defer e.release()
	copied := table.copyOf(model)
	table.Write(e, copied)
	table.release(copied)
	if e.err != nil {
		return nil, e.err
	}
	data := make([]byte, len(e.data))
	copy(data, e.data)
	return data, nil
}

// Encode writes models to w, each on a line.
func Encode[T any](w io.Writer, table *Table[T], models []*T) error {
	e := newEncoder()
	defer e.release()
	for _, model := range models {
		if model == nil {
			e.null()
		} else if table.Write(e, model); e.err != nil {
			return e.err
		}
		if e.data = append(e.data, '\n'); len(e.data) < maxKept/2 {
			continue
		}
		if _, err := w.Write(e.data); err != nil {
			return err
		}
		e.data = e.data[:0]
	}
	if len(e.data) == 0 {
		return nil
	}
	_, err := w.Write(e.data)
	return err
}

func newEncoder() *Encoder {
	e := encoders.Get().(*Encoder)
	*e = Encoder{data: e.data[:0], others: e.others[:0]}
	return e
}

func (e *Encoder) release() {
	if cap(e.data) <= maxKept {
		encoders.Put(e)
	}
}

// copyOf returns a model in memory that is used again and again: the functions of a table take
// pointers, so that otherwise each model to be written would be put on the heap.
func (t *Table[T]) copyOf(model *T) *T {
	copied, ok := t.copies.Get().(*T)
	if !ok {
		copied = new(T)
	}
	*copied = *model
	return copied
}

func (t *Table[T]) release(copied *T) {
	*copied = *new(T)
	t.copies.Put(copied)
}

func (e *Encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// Name begins a member.
func (e *Encoder) Name(name string) {
	e.others = append(e.others, name)
	e.separate('{')
	e.quote(name)
	e.data = append(e.data, ':')
}

// key is Name for a row. It leaves room for so many bytes.
func (e *Encoder) key(s *shape, row, room int) {
	e.object.rows |= 1 << row
	k := &s.keys[row]
	start := len(e.data)
	if e.data[start-1] == '{' {
		k = &s.firstKeys[row]
	}
	n := len(k.text)
	if need := max(n, 16) + room; need > cap(e.data)-start {
		e.data = slices.Grow(e.data, need)
	}
	b := e.data[start : start+max(n, 16)]
	binary.LittleEndian.PutUint64(b, k.words[0])
	binary.LittleEndian.PutUint64(b[8:], k.words[1])
	if n > 16 {
		copy(b[16:], k.text[16:])
	}
	e.data = e.data[:start+n]
}

// member writes a row that is a string.
func (e *Encoder) member(s *shape, row int, text string) {
	e.key(s, row, len(text)+2)
	start := len(e.data)
	b := e.data[:start+len(text)+2]
	b[start], b[len(b)-1] = '"', '"'
	copy(b[start+1:], text)
	e.data = b
	e.escape(start, text)
}

// Written reports whether the object has a member of this name.
func (e *Encoder) Written(name string) bool {
	for i, written := range e.object.shape.names {
		if written == name && e.object.rows&(1<<i) != 0 {
			return true
		}
	}
	return slices.Contains(e.others[e.object.others:], name)
}

// separate writes the comma between two members, or elements.
func (e *Encoder) separate(opening byte) {
	if e.data[len(e.data)-1] != opening {
		e.data = append(e.data, ',')
	}
}

// quote writes a string.
func (e *Encoder) quote(text string) {
	start := len(e.data)
	e.data = append(append(append(e.data, '"'), text...), '"')
	e.escape(start, text)
}

// escape writes a string again that was written as it is, if it may not be.
func (e *Encoder) escape(start int, text string) {
	written := e.data[start+1 : len(e.data)-1]
	if plain(written) {
		return
	}
	if end, ascii := special(written, 0); end < len(written) || !ascii && !utf8.Valid(written) {
		// The error would say that it had invalid UTF-8, for which U+FFFD stands now, as with
		// encoding/json.
		e.data, _ = jsontext.AppendQuote(e.data[:start], text)
	}
}

// plain reports whether a string is ASCII without anything to escape. It looks at eight bytes at a
// time.
func plain(b []byte) bool {
	if len(b) < 8 {
		for _, c := range b {
			if c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
				return false
			}
		}
		return true
	}
	found := unusual(binary.LittleEndian.Uint64(b[len(b)-8:]))
	for ; len(b) >= 8; b = b[8:] {
		found |= unusual(binary.LittleEndian.Uint64(b))
	}
	return found&highs == 0
}

func (e *Encoder) null() { e.data = append(e.data, "null"...) }

// Null writes a member that is null.
func (e *Encoder) Null(name string) {
	e.Name(name)
	e.null()
}

// Float writes a member that is a number.
func (e *Encoder) Float(name string, f float64) {
	e.Name(name)
	e.float(name, f)
}

func (e *Encoder) float(name string, f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.fail(fmt.Errorf("%s is %v, which JSON has no number for", name, f))
	}
	e.data = appendFloat(e.data, f)
}

// appendFloat writes a number in the way of ECMAScript, as encoding/json does: jsontext has a
// function for it only as long as it is not part of the standard library.
func appendFloat(b []byte, f float64) []byte {
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-2] == '0' { // 1e-07 is 1e-7
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// time writes a UNIX time as the string that the API made of it, and null for none.
func (e *Encoder) time(name string, t time.Time) {
	if t.IsZero() {
		e.null()
		return
	}
	e.data = append(e.data, '"')
	e.unix(name, t)
	e.data = append(e.data, '"')
}

// UnixTime writes a member that is a UNIX time as a number, and null for none.
func (e *Encoder) UnixTime(name string, t time.Time) {
	if e.Name(name); t.IsZero() {
		e.null()
		return
	}
	e.unix(name, t)
}

func (e *Encoder) unix(name string, t time.Time) {
	e.checkTime(name, t)
	e.data = appendTime(e.data, t)
}

// ISOTime writes a member that is a time in this layout, and nothing for none.
func (e *Encoder) ISOTime(name string, t time.Time, layout string) {
	if t.IsZero() {
		return
	}
	e.checkTime(name, t)
	e.Name(name)
	e.quote(t.UTC().Format(layout))
}

// checkTime refuses times that could not be read back.
func (e *Encoder) checkTime(name string, t time.Time) {
	if _, ok := unixTime(t.Unix(), 0); !ok {
		e.fail(fmt.Errorf("%s is not in one of the years 1 to 9999", name))
	}
}

func (e *Encoder) strings(list []string) {
	if list == nil {
		e.null()
		return
	}
	e.data = append(e.data, '[')
	for _, text := range list {
		e.separate('[')
		e.quote(text)
	}
	e.data = append(e.data, ']')
}

func (e *Encoder) int(n int) { e.data = strconv.AppendInt(e.data, int64(n), 10) }

package wire

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"
)

// An Encoder writes models.
type Encoder struct {
	data   []byte
	object object   // the innermost that functions of a table write to
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

// set takes data over after something was appended to it. To write a pointer that is the same costs
// much while the garbage collector is at work.
func (e *Encoder) set(data []byte) {
	if cap(data) != cap(e.data) {
		e.data = data
	}
	e.data = e.data[:len(data)]
}

// enter says what has been written of the object that functions of a table write to from now on. It
// returns the one before, which is to be set again.
func (e *Encoder) enter(inner object) (outer object) {
	outer, e.object = e.object, inner
	return outer
}

// Name begins a member.
func (e *Encoder) Name(name string) {
	e.others = append(e.others, name)
	e.data = append(e.data, ',')
	e.quote(name)
	e.data = append(e.data, ':')
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

// enclose puts what was written from start on, where a comma is before each member or element, into
// brackets.
func (e *Encoder) enclose(start int, opening, closing byte) {
	if start == len(e.data) {
		e.data = append(e.data, opening)
	}
	e.data[start] = opening
	e.data = append(e.data, closing)
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
	e.set(appendFloat(e.data, f))
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
	e.set(appendTime(e.data, t))
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
	start := len(e.data)
	for _, text := range list {
		e.data = append(e.data, ',')
		e.quote(text)
	}
	e.enclose(start, '[', ']')
}

func (e *Encoder) int(n int) { e.set(strconv.AppendInt(e.data, int64(n), 10)) }

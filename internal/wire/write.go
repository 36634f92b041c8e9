package wire

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Write writes a model: its rows, in their order, and then what Extra holds, in order of name. A
// field goes before what Extra has under its name.
func (t *Table[T]) Write(e *Encoder, model *T) {
	t.ready()
	outer := e.object
	e.object = object{shape: &t.shape, others: len(e.others)}
	e.data = append(e.data, '{')
	for i := range t.rows {
		if r := &t.rows[i]; r.writes == kindString { // as most do
			if text := *r.Field(model).(*string); text != "" || !r.Optional {
				e.member(&t.shape, i, text)
			}
		} else {
			t.writeRow(e, i, model)
		}
	}
	if extra := *t.Extra(model); len(extra) > 0 {
		e.extra(extra)
	}
	e.data = append(e.data, '}')
	e.others = e.others[:e.object.others]
	e.object = outer
}

func (t *Table[T]) writeRow(e *Encoder, i int, model *T) {
	r := &t.rows[i]
	if r.Write != nil {
		r.Write(e, model)
		return
	}
	if r.Field == nil {
		return // is read as something else
	}
	field := r.Field(model)
	if r.Optional && r.isZero(field) {
		return
	}
	e.key(&t.shape, i, 0)
	switch r.kind {
	case kindInt:
		e.int(*field.(*int))
	case kindFloat:
		e.float(r.Name, *field.(*float64))
	case kindBool:
		e.data = strconv.AppendBool(e.data, *field.(*bool))
	case kindTime:
		e.time(r.Name, *field.(*time.Time))
	case kindStrings:
		e.strings(*field.(*[]string))
	default:
		r.Model.writeField(e, field)
	}
}

// WriteMember writes a member that is a model, for functions that decide by themselves whether it
// is written.
func (t *Table[T]) WriteMember(e *Encoder, name string, model *T) {
	e.Name(name)
	t.Write(e, model)
}

// extra writes the members that are not written yet.
func (e *Encoder) extra(extra Extra) {
	for _, name := range SortedNames(extra) {
		if e.Written(name) {
			continue
		}
		value := extra[name]
		if value == nil {
			value = []byte("null")
		}
		if !Valid(value) {
			e.fail(fmt.Errorf("the extra member %.40q is not JSON", name))
		}
		e.Name(name)
		e.data = append(e.data, value...)
	}
}

// SortedNames lists the keys of a map, of which most are empty.
func SortedNames[T any](m map[string]T) []string {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}

// Valid reports whether data is one JSON value, with white space around it or not.
func Valid(data []byte) bool {
	d := Decoder{data: data}
	d.space()
	d.Skip()
	d.End()
	return d.err == nil
}

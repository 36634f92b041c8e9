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
	t.write(e, model)
}

func (t *engine[P]) write(e *Encoder, model P) {
	start := len(e.data)
	object := object{shape: &t.shape, others: len(e.others)}
	for i := range t.rows {
		r := &t.rows[i]
		switch r.writes {
		case kindString: // as most are
			if text := *r.Field(model).(*string); text != "" || !r.Optional {
				object.rows |= 1 << i
				e.member(&r.key, text)
			}
		case kindOther:
			if r.Write != nil {
				outer := e.enter(object)
				r.Write(e, model)
				e.object = outer
			}
		default:
			if field := r.Field(model); !r.Optional || !r.isZero(field) {
				object.rows |= 1 << i
				e.key(&r.key)
				r.writeField(e, field)
			}
		}
	}
	if extra := *t.extra(model); len(extra) > 0 {
		outer := e.enter(object)
		e.extra(extra)
		e.object = outer
	}
	e.others = e.others[:object.others]
	e.enclose(start, '{', '}')
}

// writeField writes what is no string.
func (r *row[P]) writeField(e *Encoder, field any) {
	switch r.kind {
	case kindInt:
		e.int(*field.(*int))
	case kindFloat:
		e.float(r.Name, *field.(*float64))
	case kindBool:
		e.set(strconv.AppendBool(e.data, *field.(*bool)))
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

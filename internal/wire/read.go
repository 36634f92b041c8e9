package wire

import (
	"reflect"
	"time"
)

// A memory is what a decoder remembers of a table, but for the order of its rows.
type memory[T any] struct {
	pile    pile[T]
	repeats repeats[T]
	offered *T // see Offer
}

// A remembered is a memory, whatever its table.
type remembered interface{ forget() }

func (m *memory[T]) forget() {
	m.repeats.forget()
	m.offered = nil
}

func (t *Table[T]) memory(d *Decoder) *memory[T] {
	if t.number < len(d.tables) {
		if m, ok := d.tables[t.number].(*memory[T]); ok {
			return m
		}
	}
	m := new(memory[T])
	for len(d.tables) <= t.number {
		d.tables = append(d.tables, nil)
	}
	d.tables[t.number] = m
	return m
}

// order returns the row that followed each one when the last model was read, by its index and 1; at
// 0 the first of all. The members of models come in the same order, so that each is looked for where
// the last model had it.
func (s *shape) order(d *Decoder) []int {
	if s.number < len(d.orders) && d.orders[s.number] != nil {
		return d.orders[s.number]
	}
	after := make([]int, len(s.names)+1)
	for i := range after {
		after[i] = min(i, len(s.names)-1)
	}
	for len(d.orders) <= s.number {
		d.orders = append(d.orders, nil)
	}
	d.orders[s.number] = after
	return after
}

// Read reads a model, which is to be empty, and reports what it has seen. A null leaves it as it
// is.
func (t *Table[T]) Read(d *Decoder, model *T) Seen {
	t.ready()
	return t.read(d, model)
}

func (t *engine[P]) read(d *Decoder, model P) Seen {
	seen := Seen{shape: &t.shape}
	if d.Peek() != '{' {
		if !d.Null() && (t.bare == nil || !t.bare(d, model)) {
			d.Fail("an object")
		}
		return seen
	}
	late := lateMember{row: -1}
	after := t.order(d)
	last := 0           // the row before, and 1
	before := byte('{') // what the next member begins with
	d.nest()
members:
	for d.err == nil {
		i := after[last]
		switch c := d.Peek(); {
		case c == before && t.rows[i].key.begins(d.data[d.pos:]):
			if d.pos += len(t.rows[i].key.text); d.Peek() <= ' ' {
				d.space()
			}
		case c == '}':
			d.pos++
			d.depth--
			break members
		default:
			first := before == '{'
			if first {
				d.pos++
			}
			if !d.more('}', first) {
				break members
			}
			if i = t.findRow(d, model, &seen, &late); i >= 0 {
				after[last] = i
			}
		}
		if before = ','; i >= 0 {
			last = i + 1
			seen.note(i, t.readRow(d, &t.rows[i], model, seen.rows&(1<<i) == 0))
		}
	}
	if d.err == nil && late.row >= 0 {
		t.readLate(d, &t.rows[late.row], model, late.at, &seen)
	}
	if d.err == nil && t.end != nil {
		t.end(d, model, seen)
	}
	return seen
}

// A lateMember is one that is to be read after the others, or of row -1.
type lateMember struct {
	row int
	at  Mark
}

// findRow reads the name of a member and returns its row. It is negative if the member has been
// dealt with.
func (t *engine[P]) findRow(d *Decoder, model P, seen *Seen, late *lateMember) int {
	name := d.memberName()
	if d.err != nil {
		return -1
	}
	i, known := t.index[string(name)]
	if !known {
		seen.note(unknownRow, d.Peek() != 'n')
		t.readUnknown(d, model, name)
		return -1
	}
	if i < 0 {
		if *late = (lateMember{^i, d.Mark()}); d.Peek() == 'n' {
			late.row = -1
		}
		d.Skip()
	}
	return i
}

// Unmarshal reads a text that is one model. A null changes nothing, nor does an error.
func Unmarshal[T any](table *Table[T], data []byte, model *T) *Error {
	d := NewDecoder(data)
	defer d.Release()
	var value T
	start := d.Mark()
	null := d.Null()
	if !null {
		table.Read(d, &value)
	}
	d.End()
	if err := d.Failure("", start); err != nil {
		return err
	}
	if !null {
		*model = value
	}
	return nil
}

func (s *Seen) note(row int, said bool) {
	if said {
		s.rows |= 1 << row
	} else if row != unknownRow {
		s.rows &^= 1 << row // the last one of the name counts
	}
}

// readRow reports whether the member said something. It is fresh if the field was not read before.
func (t *engine[P]) readRow(d *Decoder, r *row[P], model P, fresh bool) (said bool) {
	said = d.Peek() != 'n'
	start := d.Mark()
	switch r.reads {
	case kindString:
		*r.Field(model).(*string) = d.String()
	case kindInt:
		*r.Field(model).(*int) = d.Int()
	case kindFloat:
		*r.Field(model).(*float64) = d.Float()
	case kindBool:
		*r.Field(model).(*bool) = d.Bool()
	case kindTime:
		*r.Field(model).(*time.Time) = d.Time()
	case kindStrings:
		*r.Field(model).(*[]string) = d.Strings()
	case kindObject:
		if r.Repeats && fresh {
			r.Model.readRepeated(d, r.Field(model))
		} else {
			r.Model.readObject(d, r.Field(model))
		}
	case kindPointer:
		r.Model.readPointer(d, r.Field(model))
	case kindList:
		r.Model.readList(d, r.Field(model))
	default:
		if r.Read == nil {
			d.Skip()
		} else {
			said = r.Read(d, model) && said
		}
	}
	if r.Optional {
		t.keepZero(d, r, model, start)
	}
	return said
}

func (t *engine[P]) readUnknown(d *Decoder, model P, name []byte) {
	if d.stop != nil && d.depth == d.stopDepth && d.stop(name) {
		d.err = errStopped
		return
	}
	if t.unknown == nil || !t.unknown(d, model, name) {
		d.unknown(t.extra(model), name)
	}
}

// keepZero keeps an optional member that was there and said nothing, as in "bio":"".
func (t *engine[P]) keepZero(d *Decoder, r *row[P], model P, start Mark) {
	extra := t.extra(model)
	if d.err != nil || *extra == nil && !r.isZero(r.Field(model)) {
		return
	}
	if raw := d.Raw(start); raw[0] != 'n' && r.isZero(r.Field(model)) {
		d.Keep(extra, r.Name, raw)
	} else {
		Drop(extra, r.Name) // what an earlier member of the same name has left
	}
}

// readLate goes back to a member that is read after all others.
func (t *engine[P]) readLate(d *Decoder, r *row[P], model P, at Mark, seen *Seen) {
	end := d.Mark()
	d.Return(at)
	name, understood := r.Older, false
	if r.Late != nil {
		name, understood = r.Name, r.Late(d, model, *seen)
	} else {
		understood = t.readOlder(d, r, model, seen)
	}
	if raw := d.Raw(at); !understood && raw != nil {
		d.Keep(t.extra(model), name, raw)
	}
	if d.err == nil {
		d.Return(end)
	}
}

func (t *engine[P]) readOlder(d *Decoder, r *row[P], model P, seen *Seen) (understood bool) {
	field := r.Field(model).(*string)
	value := d.String()
	if seen.Has(r.Name) && !(r.Optional && *field == "") {
		return *field == value
	}
	if value == "" && r.Optional {
		return false
	}
	*field = value
	Drop(t.extra(model), r.Name)
	return true
}

func (r *member[P]) isZero(field any) bool {
	if r.Model != nil {
		return r.Model.isZero(field)
	}
	switch f := field.(type) {
	case *string:
		return *f == ""
	case *int:
		return *f == 0
	case *float64:
		return *f == 0
	case *bool:
		return !*f
	case *time.Time:
		return f.IsZero()
	case *[]string:
		return *f == nil
	}
	v := reflect.ValueOf(field).Elem()
	return v.IsZero() || v.Kind() == reflect.Map && v.Len() == 0
}

// ReadMember reads the member of a name, which a row is for. It is for objects that have members of
// more than one model.
func (t *Table[T]) ReadMember(d *Decoder, model *T, name string) {
	t.ready()
	t.readRow(d, &t.rows[t.index[name]], model, false)
}

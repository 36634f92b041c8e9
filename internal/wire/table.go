package wire

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A Table describes the members of a model: how they are read and how they are written, in the
// order of its rows. Tables are variables of a package; they are not copied.
type Table[T any] struct {
	Rows  []Row[T]              // at most 63
	Extra func(model *T) *Extra // where members go that no row is for

	// Make returns an empty model, with memory that it offers to other tables, and tells Entry what
	// that takes. Optional.
	Make func(d *Decoder) *T

	// Bare reads a value that is no object, or reports that it cannot. Optional.
	Bare func(d *Decoder, model *T) bool

	// Unknown reads a member that no row is for, or reports that Extra shall keep it; it stands at
	// the value either way. Optional.
	Unknown func(d *Decoder, model *T, name []byte) bool

	// End is called after an object was read without an error. Optional.
	End func(d *Decoder, model *T, seen Seen)

	once   sync.Once
	copies sync.Pool // see copyOf
	engine[*T]
}

// A Row describes one member. A member that is null says nothing, as if it were absent.
type Row[T any] = member[*T]

type member[P any] struct {
	Name string

	// Older is what the member was called before. Where both are there Name counts, and Extra keeps
	// the other one if it says something else. For strings alone.
	Older string

	// Optional members are written only if they say something. One that was read and is empty, zero
	// or false is kept in Extra.
	Optional bool

	// Own members are in no model of another kind: one that said something tells what the object
	// is.
	Own bool

	// Repeats says that the model is often, byte for byte, one that was read before. It is for models
	// that hold nothing but strings, numbers and Extra.
	Repeats bool

	// Field returns a pointer to the field: to a string, int, float64, bool, time.Time or []string;
	// or, for what Model describes, to a model, to a pointer to one, which is nil for null, or to a
	// slice of them.
	Field func(model P) any
	Model Model

	// Read and Write are for what is done in another way, if they are not nil. Read reports whether
	// the member said anything.
	Read  func(d *Decoder, model P) (said bool)
	Write func(e *Encoder, model P)

	// Late reads a member that means something else by what the others say: it is read after them.
	// Extra keeps the member unless it was understood. A table may have one row that is late, or
	// has an older name.
	Late func(d *Decoder, model P, seen Seen) (understood bool)
}

// A Model is a [Table] that a row of another one refers to. Each field is what [Row.Field] returns.
type Model interface {
	kindOf(field any) kind
	readObject(d *Decoder, field any)
	readRepeated(d *Decoder, field any)
	readPointer(d *Decoder, field any)
	readList(d *Decoder, field any)
	writeField(e *Encoder, field any)
	isZero(field any) bool
}

// A kind is how a row is read and written.
type kind uint8

const (
	kindString kind = iota
	kindInt
	kindFloat
	kindBool
	kindTime
	kindStrings
	kindObject
	kindPointer
	kindList
	kindOther // by the row's own functions
)

// Seen tells which members of an object said something.
type Seen struct {
	shape *shape
	rows  uint64
}

// Any reports whether any member did, unknown ones included.
func (s Seen) Any() bool { return s.rows != 0 }

// Own reports whether any member did that no model of another kind has.
func (s Seen) Own() bool { return s.rows&s.shape.own != 0 }

// Has reports whether the member of this name did.
func (s Seen) Has(name string) bool {
	for i := range s.shape.names {
		if s.shape.names[i] == name {
			return s.rows&(1<<i) != 0
		}
	}
	return false
}

// unknownRow stands in Seen for all members that no row is for.
const unknownRow = 63

// A shape is what is made of a table before it is first used.
type shape struct {
	number int      // of the table among all
	names  []string // of the rows

	index map[string]int // of the rows by name; by older name, as ^index
	own   uint64         // the rows that are Own
}

// An engine is a table that is ready to be read and written by. What it does is of pointers to
// models and not of models, because the compiler makes one copy of that for all tables.
type engine[P any] struct {
	shape
	rows    []row[P]
	extra   func(model P) *Extra
	bare    func(d *Decoder, model P) bool
	unknown func(d *Decoder, model P, name []byte) bool
	end     func(d *Decoder, model P, seen Seen)
}

// A row is a Row that is made ready.
type row[P any] struct {
	member[P]
	key           key
	kind          kind
	reads, writes kind // kindOther if there is a function for it
}

// tables is how many tables are in use.
var tables atomic.Int64

// ready makes the table ready if it is not.
func (t *Table[T]) ready() {
	t.once.Do(func() {
		t.extra, t.bare, t.unknown, t.end = t.Extra, t.Bare, t.Unknown, t.End
		t.prepare(t.Rows, new(T))
	})
}

func (t *engine[P]) prepare(rows []member[P], empty P) {
	if len(rows) == 0 || len(rows) > unknownRow {
		panic("wire: a table has no rows, or more than 63")
	}
	t.number = int(tables.Add(1)) - 1
	t.index = make(map[string]int)
	for i := range rows {
		r := &rows[i]
		made := row[P]{member: *r, kind: r.kind(empty)}
		made.reads, made.writes = made.kind, made.kind
		if r.Read != nil {
			made.reads = kindOther
		}
		if r.Write != nil {
			made.writes = kindOther
		}
		switch {
		case r.Late != nil:
			t.index[r.Name] = ^i
		case r.Name != "":
			t.index[r.Name] = i
			made.key = newKey(r.Name)
		}
		t.rows = append(t.rows, made)
		t.names = append(t.names, r.Name)
		if r.Own {
			t.own |= 1 << i
		}
		if r.Older != "" {
			t.index[r.Older] = ^i
		}
	}
}

func (r *member[P]) kind(empty P) kind {
	if r.Field == nil {
		return kindOther
	}
	field := r.Field(empty)
	if r.Model != nil {
		return r.Model.kindOf(field)
	}
	switch field.(type) {
	case *string:
		return kindString
	case *int:
		return kindInt
	case *float64:
		return kindFloat
	case *bool:
		return kindBool
	case *time.Time:
		return kindTime
	case *[]string:
		return kindStrings
	}
	if r.Read != nil || r.Write != nil {
		return kindOther
	}
	panic(fmt.Sprintf("wire: no way to read %s, a %T", r.Name, field))
}

func (t *Table[T]) kindOf(field any) kind {
	switch field.(type) {
	case *T:
		return kindObject
	case **T:
		return kindPointer
	case *[]T:
		return kindList
	}
	panic(fmt.Sprintf("wire: a table of %T cannot read a %T", *new(T), field))
}

// Knows reports whether there is a row for a member.
func (t *Table[T]) Knows(name []byte) bool {
	t.ready()
	_, known := t.index[string(name)]
	return known
}

// IsZero reports whether a model says nothing.
func (t *Table[T]) IsZero(model *T) bool {
	t.ready()
	return t.isEmpty(model)
}

func (t *engine[P]) isEmpty(model P) bool {
	for i := range t.rows {
		if r := &t.rows[i]; r.Field != nil && !r.isZero(r.Field(model)) {
			return false
		}
	}
	return len(*t.extra(model)) == 0
}

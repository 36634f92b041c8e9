package wire

import (
	"errors"
	"io"
	"sort"
)

// A Walk goes over recorded data of any length: answers whose data is a list or an object, such
// lists, and such objects, one after the other or in arrays. It holds one entry at a time. All but
// Rest must be set.
type Walk struct {
	In *Stream // its limit is that of what an answer has beside its data too

	// Read reads the next entry. What is wrong with it stays in the decoder.
	Read func(d *Decoder)

	// Yield is told of the entry that was read last, or of what is wrong in its place. It reports
	// whether to go on.
	Yield func(failure *Error) bool

	// IsAnswer reports whether a member is one of an answer, and of no entry. The data of an answer
	// is its member of that name.
	IsAnswer func(name []byte) bool

	// Rest returns what an answer says beside its data, if that is an error. The rest is an object
	// of all its other members.
	Rest func(rest []byte) *Error

	rest members
}

// errDone ends a walk: its loop has ended, or the data has.
var errDone = errors.New("done")

// Run walks to the end of the data. Where the data is no JSON, it yields the error and goes on with
// the next line that starts with an object or an array. An error of the reader ends the walk.
func (w *Walk) Run() {
	for {
		err := w.value(place{index: -1})
		if err == nil {
			continue
		}
		broken, ok := errors.AsType[*Error](err)
		if !ok || !w.Yield(broken) || w.In.IsFailure(broken.Err) {
			return
		}
		found, next := w.In.NextLine(broken.Offset)
		if next != nil {
			w.Yield(next)
		}
		if !found {
			return
		}
	}
}

// The methods below return only errors that the walk cannot go on after.

// value walks an answer, a list or an object.
func (w *Walk) value(at place) error {
	switch c, err := w.In.Kind(); {
	case err == io.EOF && at == place{index: -1}: //nolint:errorlint // a Reader's end is io.EOF itself
		return errDone
	case c == '[':
		return w.list(at, w.value)
	case c == '{':
		return w.object(at)
	default:
		return w.entry(at)
	}
}

// list walks the elements of an array.
func (w *Walk) list(at place, element func(place) error) error {
	if err := w.In.Open(); err != nil {
		return at.wrap(err)
	}
	at = place{at.String(), -1}
	for first := true; ; first = false {
		more, broken := w.In.More(']', first)
		if broken != nil {
			return at.wrap(broken)
		}
		if !more {
			return nil
		}
		at.index++
		if err := element(at); err != nil {
			return err
		}
	}
}

// entry yields the entry that comes next.
func (w *Walk) entry(at place) error {
	failure, broken := w.In.Value(w.Read)
	return w.yield(at, failure, broken)
}

// yield yields what was read at a place, or what is wrong with it, unless nothing can be read
// behind it.
func (w *Walk) yield(at place, failure, broken *Error) error {
	if broken != nil {
		return at.wrap(broken)
	}
	if failure != nil {
		failure = at.locate(failure)
	}
	if !w.Yield(failure) {
		return errDone
	}
	return nil
}

// object yields an entry that stands by itself, or walks an answer: which of the two an object is
// shows only in its members.
func (w *Walk) object(at place) error {
	answer := false
	failure, broken := w.In.Value(func(d *Decoder) {
		start := d.Mark()
		d.stopAt(w.IsAnswer)
		if w.Read(d); d.Failed() && !d.Stopped() && d.HasMember(start, w.IsAnswer) {
			d.err = errStopped
		}
		answer = d.Stopped()
	})
	if answer {
		return w.answer(at)
	}
	return w.yield(at, failure, broken)
}

// answer walks an answer. Its data is not held.
func (w *Walk) answer(at place) error {
	if err := w.In.Open(); err != nil {
		return at.wrap(err)
	}
	w.rest.reset(w.In.Offset() - 1)
	here := at // and then the last member
	for first := true; ; first = false {
		more, broken := w.In.More('}', first)
		if broken == nil && !more {
			break
		}
		var name []byte
		if broken == nil {
			name, broken = w.In.Name(first)
		}
		if name != nil {
			here = at.member(name)
		}
		if broken != nil {
			return here.wrap(broken)
		}
		step := w.keep
		if string(name) == `"data"` {
			step = w.data
		}
		if err := step(here, name); err != nil {
			return err
		}
	}
	w.rest.close()
	if failure := w.Rest(w.rest.text); failure != nil {
		failure.Offset = w.rest.where(int(failure.Offset))
		return w.yield(at, failure, nil)
	}
	return nil
}

// keep keeps the value of a member until the rest of the answer is known.
func (w *Walk) keep(at place, name []byte) error {
	w.rest.add(name, w.In.Offset(), ':')
	value, broken := w.In.Raw()
	if broken != nil {
		return at.wrap(broken)
	}
	w.rest.add(value, w.In.Offset()-int64(len(value)), ',')
	if len(w.rest.text) > w.In.limit {
		return at.wrap(&Error{Offset: w.In.Offset(), Err: w.In.tooLarge})
	}
	return nil
}

// data walks the data of an answer.
func (w *Walk) data(at place, _ []byte) error {
	switch c, _ := w.In.Kind(); c {
	case '[':
		return w.list(at, w.entry)
	case 'n':
		if _, broken := w.In.Raw(); broken != nil {
			return at.wrap(broken)
		}
		return nil
	default:
		return w.entry(at)
	}
}

// A place is where in the data a value stands: at a path, or, from 0 on, at an index of the list
// there.
type place struct {
	path  string
	index int
}

func (p place) String() string {
	if p.index < 0 {
		return p.path
	}
	return Path(p.path, Element(p.index))
}

// member is the place of a member of the object here.
func (p place) member(name []byte) place {
	return place{Path(p.String(), Member(name)), -1}
}

// locate adds the place to an error in a value there.
func (p place) locate(err *Error) *Error {
	return &Error{Path: Path(p.String(), err.Path), Offset: err.Offset, Err: err.Err}
}

// wrap is locate for an error that ends a walk.
func (p place) wrap(err *Error) error { return p.locate(err) }

// members puts an object together from some of its members, and remembers where they were.
type members struct {
	text   []byte
	starts []int   // of the members, in text
	places []int64 // of the members, in the source
}

func (m *members) reset(place int64) {
	m.text = append(m.text[:0], '{')
	m.starts = append(m.starts[:0], 0)
	m.places = append(m.places[:0], place)
}

// add adds a name or a value, which was at a place, and what follows it.
func (m *members) add(value []byte, place int64, next byte) {
	m.starts = append(m.starts, len(m.text))
	m.places = append(m.places, place)
	m.text = append(append(m.text, value...), next)
}

func (m *members) close() {
	if last := len(m.text) - 1; m.text[last] == ',' {
		m.text[last] = '}'
	} else {
		m.text = append(m.text, '}')
	}
}

// where returns where in the source a byte of text was.
func (m *members) where(offset int) int64 {
	i := sort.SearchInts(m.starts, offset+1) - 1
	return m.places[i] + int64(offset-m.starts[i])
}

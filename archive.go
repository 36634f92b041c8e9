package instagram

import (
	"errors"
	"io"
	"iter"
	"sort"

	"github.com/igv1/instagram/internal/bounded"
	"github.com/igv1/instagram/internal/wire"
)

// DecodeAll yields each entry of recorded data, of any size and any wire generation: answers whose
// data is a list or an object, such lists, and such objects, one after the other, on lines or not,
// or in arrays. It holds one entry at a time, of up to 16 MiB.
//
// Errors come in their place among the entries, and none but one of r itself ends the walk: an
// entry that does not decode comes as a [*DecodeError] whose Offset counts from the start of r; the
// answer to a call that failed as one with an [*Error] in it; an object of another kind as one that
// says what it looks like. Where r is no JSON, DecodeAll goes on with the next line that starts
// with an object or an array, so that a line that was cut off costs no more than itself.
func DecodeAll[T Model](r io.Reader) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		in, skipped := skipMark(r)
		a := &archive[T]{
			yield: yield,
			in:    wire.NewStream(in, int64(skipped), maxRecorded, bounded.TooLarge(maxRecorded)),
			table: tableOf[T](),
		}
		a.walk()
	}
}

// An archive is recorded data that is being walked. The errors of its methods are those that they
// cannot go on after.
type archive[T Model] struct {
	yield func(*T, error) bool
	in    *wire.Stream
	table *wire.Table[T]
	rest  members // of an answer, less its data
}

// errDone ends a walk: its loop has ended, or the data has.
var errDone = errors.New("done")

func (a *archive[T]) walk() {
	for {
		err := a.value(place{index: -1})
		if err == nil {
			continue
		}
		broken, ok := errors.AsType[*DecodeError](err)
		if !ok || !a.yield(nil, err) || a.in.IsFailure(broken.Err) {
			return
		}
		found, next := a.in.NextLine(broken.Offset)
		if next != nil {
			a.yield(nil, decodeError(next))
		}
		if !found {
			return
		}
	}
}

// value walks an answer, a list or an object.
func (a *archive[T]) value(at place) error {
	switch c, err := a.in.Kind(); {
	case err == io.EOF && at == place{index: -1}: //nolint:errorlint // a Reader's end is io.EOF itself
		return errDone
	case c == '[':
		return a.list(at, a.value)
	case c == '{':
		return a.object(at)
	default:
		return a.entry(at)
	}
}

// list walks the elements of an array.
func (a *archive[T]) list(at place, element func(place) error) error {
	if err := a.in.Open(); err != nil {
		return at.wrap(err)
	}
	at = place{at.String(), -1}
	for first := true; ; first = false {
		more, broken := a.in.More(']', first)
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
func (a *archive[T]) entry(at place) error {
	var item *T
	failure, broken := a.in.Value(func(d *wire.Decoder) { item = readRecordedEntry(d, a.table) })
	return a.emit(item, at, failure, broken)
}

// emit yields an entry, or what is wrong with it, unless nothing can be read behind it.
func (a *archive[T]) emit(item *T, at place, failure, broken *wire.Error) error {
	var err error
	switch {
	case broken != nil:
		return at.wrap(broken)
	case failure != nil:
		item, err = nil, at.wrap(failure)
	}
	if !a.yield(item, err) {
		return errDone
	}
	return nil
}

// object yields an entry that stands by itself, or walks an answer: which of the two an object is
// shows only in its members.
func (a *archive[T]) object(at place) error {
	var item *T
	answer := false
	failure, broken := a.in.Value(func(d *wire.Decoder) {
		start := d.Mark()
		d.StopAt(isEnvelope)
		if item = readRecordedEntry(d, a.table); d.Failed() && d.HasMember(start, isEnvelope) {
			d.Stop()
		}
		answer = d.Stopped()
	})
	if answer {
		return a.answer(at)
	}
	return a.emit(item, at, failure, broken)
}

// isEnvelope reports whether a member is one of an answer, and of no model.
func isEnvelope(name []byte) bool {
	switch string(name) {
	case "meta", "data", "pagination", "paging", "error_type", "error_message":
		return true
	}
	return false
}

// answer walks an answer. Its data is not held.
func (a *archive[T]) answer(at place) error {
	if err := a.in.Open(); err != nil {
		return at.wrap(err)
	}
	rest := &a.rest
	rest.reset(a.in.Offset() - 1)
	here := at // and then the last member
	for first := true; ; first = false {
		more, broken := a.in.More('}', first)
		if broken == nil && !more {
			break
		}
		var name []byte
		if broken == nil {
			name, broken = a.in.Name(first)
		}
		if name != nil {
			here = at.member(name)
		}
		if broken != nil {
			return here.wrap(broken)
		}
		if string(name) == `"data"` {
			if err := a.data(here); err != nil {
				return err
			}
			continue
		}
		if err := a.keep(here, name); err != nil {
			return err
		}
	}
	rest.close()
	return a.judge(at)
}

// keep keeps the value of a member until the rest of the answer is known.
func (a *archive[T]) keep(at place, name []byte) error {
	a.rest.add(name, a.in.Offset(), ':')
	value, broken := a.in.Raw()
	if broken != nil {
		return at.wrap(broken)
	}
	a.rest.add(value, a.in.Offset()-int64(len(value)), ',')
	if len(a.rest.text) > maxRecorded {
		return at.wrap(&wire.Error{Offset: a.in.Offset(), Err: bounded.TooLarge(maxRecorded)})
	}
	return nil
}

// judge says what the answer says beside its data, if that is an error.
func (a *archive[T]) judge(at place) error {
	var env envelope[T]
	d := wire.NewDecoder(a.rest.text)
	defer d.Release()
	err := env.decode(d, nil)
	switch {
	case errors.Is(err, errNoEnvelope):
		return nil // all there was is data
	case env.Meta.failed():
		err = &DecodeError{Path: "meta", Err: new(Error).describe(env.Meta)}
	case err == nil:
		return nil
	}
	failure, _ := errors.AsType[*DecodeError](err)
	failure.Offset = a.rest.where(int(failure.Offset))
	return a.emit(nil, at, (*wire.Error)(failure), nil)
}

// data walks the data of an answer.
func (a *archive[T]) data(at place) error {
	switch c, _ := a.in.Kind(); c {
	case '[':
		return a.list(at, a.entry)
	case 'n':
		_, broken := a.in.Raw()
		return at.wrap(broken)
	default:
		return a.entry(at)
	}
}

// A place is where in an archive a value stands: at a path, or, from 0 on, at an index of the list
// there.
type place struct {
	path  string
	index int
}

func (p place) String() string {
	if p.index < 0 {
		return p.path
	}
	return wire.Path(p.path, wire.Element(p.index))
}

// member is the place of a member of the object here.
func (p place) member(name []byte) place {
	return place{wire.Path(p.String(), wire.Member(name)), -1}
}

// wrap adds the place to an error in a value there. It is nil for nil.
func (p place) wrap(err *wire.Error) error {
	if err == nil {
		return nil
	}
	return &DecodeError{Path: wire.Path(p.String(), err.Path), Offset: err.Offset, Err: err.Err}
}

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

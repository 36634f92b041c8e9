package instagram

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"sort"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// DecodeAll yields each entry of recorded data, of any size and any wire
// generation: answers whose data is a list or an object, such lists, and such
// objects, one after the other, on lines or not, or in arrays. It holds one
// entry at a time, of up to 16 MiB.
//
// Errors come in their place among the entries, and none but one of r itself
// ends the walk: an entry that does not decode comes as a [*DecodeError] whose
// Offset counts from the start of r; the answer to a call that failed as one
// with an [*Error] in it. Where r is no JSON, DecodeAll goes on with the next
// line that starts with an object or an array, so that a line that was cut off
// costs no more than itself.
func DecodeAll[T Model](r io.Reader) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		in, skipped := skipMark(r)
		a := &archive[T]{yield: yield, source: source{r: in}, base: int64(skipped)}
		a.tokens = jsontext.NewDecoder(&a.source, syntax...)
		a.walk()
	}
}

// An archive is recorded data that is being walked. The errors of its methods
// are those that they cannot go on after.
type archive[T Model] struct {
	yield  func(*T, error) bool
	source source
	tokens *jsontext.Decoder // of what is around the entries
	base   int64             // where tokens began
	entry  decoder           // of one entry
	rest   members           // of an object, less its data
}

// errDone ends a walk: its loop has ended, or the source has.
var errDone = errors.New("done")

func (a *archive[T]) walk() {
	for {
		err := a.value(place{index: -1})
		switch {
		case err == nil:
			continue
		case errors.Is(err, errDone):
			return
		case !a.yield(nil, err), a.source.err != nil && !errors.Is(err, ErrBodyTooLarge):
			return
		}
		failure, _ := errors.AsType[*DecodeError](err)
		if found, err := a.nextLine(failure.Offset); err != nil {
			a.yield(nil, err)
			return
		} else if !found {
			return
		}
	}
}

// value walks an answer, a list or an object.
func (a *archive[T]) value(at place) error {
	a.source.room = maxRecorded
	switch a.tokens.PeekKind() {
	case '[':
		return a.list(at, a.value)
	case '{':
		return a.object(at)
	default:
		return a.one(at)
	}
}

// list walks the elements of an array.
func (a *archive[T]) list(at place, element func(place) error) error {
	if err := a.token(); err != nil {
		return err
	}
	path := clip(at.String())
	for i := 0; a.tokens.PeekKind() != ']'; i++ {
		if err := element(place{path, i}); err != nil {
			return err
		}
	}
	return a.token()
}

// one yields an entry.
func (a *archive[T]) one(at place) error {
	value, err := a.read()
	if err != nil {
		return err
	}
	end := a.offset()
	return a.decode(value, at, func(offset int) int64 { return end - int64(len(value)-offset) })
}

// decode yields the entry in data; where says where in the source its bytes were.
func (a *archive[T]) decode(data []byte, at place, where func(offset int) int64) error {
	item := new(T)
	a.entry.reset(data)
	if decodeEntry(&a.entry, item); a.entry.err == nil {
		return a.emit(item, nil)
	}
	return a.emit(nil, at.wrap(a.entry.failure("", 0), where))
}

func (a *archive[T]) emit(item *T, err error) error {
	if !a.yield(item, err) {
		return errDone
	}
	return nil
}

// object walks an answer, or yields an entry that stands by itself: which of the
// two it is shows only in its members. The data of an answer is not held.
func (a *archive[T]) object(at place) error {
	if err := a.token(); err != nil {
		return err
	}
	rest := &a.rest
	rest.reset(a.offset() - 1)
	answer := false
	for a.tokens.PeekKind() != '}' {
		name, err := a.read()
		if err != nil {
			return err
		}
		if string(name) == `"data"` {
			answer = true
			if err := a.data(at.member("data")); err != nil {
				return err
			}
			continue
		}
		rest.add(name, a.offset(), ':')
		value, err := a.read()
		if err != nil {
			return err
		}
		rest.add(value, a.offset(), ',')
		if len(rest.text) > maxRecorded {
			return at.wrap(&DecodeError{Err: tooLarge(maxRecorded)}, rest.where)
		}
	}
	if err := a.token(); err != nil {
		return err
	}
	rest.close()

	var env envelope[T]
	a.entry.reset(rest.text)
	err := env.decode(&a.entry, nil)
	switch {
	case errors.Is(err, errNoEnvelope) && !answer:
		return a.decode(rest.text, at, rest.where)
	case errors.Is(err, errNoEnvelope):
		return nil
	case env.Meta.failed():
		err = &DecodeError{Path: "meta", Err: new(Error).describe(env.Meta)}
	case err == nil:
		return nil
	}
	return a.emit(nil, at.wrap(err, rest.where))
}

// data walks the data of an answer.
func (a *archive[T]) data(at place) error {
	switch a.tokens.PeekKind() {
	case '[':
		return a.list(at, a.one)
	case 'n':
		_, err := a.read()
		return err
	default:
		return a.one(at)
	}
}

// read returns the next value, or name. It is valid until the next one is read.
func (a *archive[T]) read() (jsontext.Value, error) {
	a.source.room = maxRecorded
	value, err := a.tokens.ReadValue()
	if err != nil {
		return nil, a.failure(err)
	}
	return value, nil
}

// token moves over a delimiter.
func (a *archive[T]) token() error {
	a.source.room = maxRecorded
	if _, err := a.tokens.ReadToken(); err != nil {
		return a.failure(err)
	}
	return nil
}

// offset is where the value ends that was read last.
func (a *archive[T]) offset() int64 { return a.base + a.tokens.InputOffset() }

// failure says where the source stops being JSON, or being readable.
func (a *archive[T]) failure(err error) error {
	if err == io.EOF { //nolint:errorlint // so jsontext says that there is no more
		return errDone
	}
	// The value that tokens could not move over is still there.
	unread := a.tokens.UnreadBuffer()
	value := bytes.TrimLeft(unread, " \n\r\t,:")
	start := a.tokens.InputOffset() + int64(len(unread)-len(value))
	failure := newSyntaxError(err)
	if a.source.err != nil {
		failure = &DecodeError{Offset: start + int64(len(value)), Err: a.source.err}
	}
	path := brokenPath(a.tokens) + pathTo(value, failure.Offset-start)
	failure.Path = clip(strings.TrimPrefix(path, "."))
	failure.Offset += a.base
	return failure
}

// nextLine moves to the next line that starts with an object or an array, from
// an error at offset on. It reports whether there is one.
func (a *archive[T]) nextLine(offset int64) (found bool, err error) {
	at := a.offset()
	a.source.push(a.tokens.UnreadBuffer())
	a.source.err = nil
	newline := false
	for chunk := make([]byte, 4<<10); err == nil; {
		var n int
		n, err = a.source.r.Read(chunk)
		for i, c := range chunk[:n] {
			// The error may be the very first byte of the line.
			if newline && (c == '{' || c == '[') && at+int64(i) >= offset {
				a.source.push(chunk[i:n])
				a.base = at + int64(i)
				a.tokens.Reset(&a.source, syntax...)
				return true, nil
			}
			newline = c == '\n'
		}
		at += int64(n)
	}
	if err == io.EOF {
		return false, nil
	}
	return false, &DecodeError{Offset: at, Err: err}
}

// A source is a Reader that gives no more than there is room for: jsontext
// would hold a value of any length.
type source struct {
	r    io.Reader
	room int64
	err  error // why r ended, if not at its end
}

func (s *source) Read(p []byte) (n int, err error) {
	if s.room <= 0 {
		err = tooLarge(maxRecorded)
	} else {
		n, err = s.r.Read(p[:min(int64(len(p)), s.room)])
		s.room -= int64(n)
	}
	if err != io.EOF { //nolint:errorlint // a Reader's end is io.EOF itself
		s.err = err
	}
	return n, err
}

// push puts back what was read too early.
func (s *source) push(b []byte) {
	s.r = io.MultiReader(bytes.NewReader(bytes.Clone(b)), s.r)
}

// A place is where in an archive a value stands: at a path, or, from 0 on, at an
// index of the list there.
type place struct {
	path  string
	index int
}

func (p place) String() string {
	if p.index < 0 {
		return p.path
	}
	return elementPath(p.path, p.index)
}

func (p place) member(name string) place {
	return place{strings.TrimPrefix(p.String()+"."+name, "."), -1}
}

// wrap adds the place to an error in a value there; where says where in the
// source the bytes of the value were.
func (p place) wrap(err error, where func(offset int) int64) error {
	failure, ok := errors.AsType[*DecodeError](err)
	if !ok {
		return err
	}
	path := p.String()
	if path != "" && failure.Path != "" && failure.Path[0] != '[' {
		path += "."
	}
	return &DecodeError{Path: clip(path + failure.Path), Offset: where(int(failure.Offset)), Err: failure.Err}
}

// members puts an object together from some of its members, and remembers where
// they were.
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

// add adds a name or a value, which ended at end, and what follows it.
func (m *members) add(value []byte, end int64, next byte) {
	m.starts = append(m.starts, len(m.text))
	m.places = append(m.places, end-int64(len(value)))
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

package wire

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// A Stream reads JSON from a Reader, of any length. It holds one value at a time, and what it says
// of an error does not depend on how the Reader cuts its data into pieces.
type Stream struct {
	r        io.Reader
	limit    int   // bytes that one value may have
	tooLarge error // for those that have more

	d    Decoder // of what is held
	base int64   // bytes before what is held
	end  error   // why r gives no more
}

// NewStream returns a stream over r, before which base bytes are. It holds values of up to limit
// bytes.
func NewStream(r io.Reader, base int64, limit int, tooLarge error) *Stream {
	return &Stream{r: r, base: base, limit: limit, tooLarge: tooLarge}
}

// Offset is how many bytes of the reader are behind the stream.
func (s *Stream) Offset() int64 { return s.base + int64(s.d.pos) }

// failed reports whether the reader has failed, and not just ended.
func (s *Stream) failed() bool { return s.end != nil && s.end != io.EOF } //nolint:errorlint // a Reader's end is io.EOF itself

// IsFailure reports whether an error is that of the reader, behind which there is nothing more.
func (s *Stream) IsFailure(err error) bool { return s.failed() && errors.Is(err, s.end) }

// How much is held at a time, in bytes, as long as no value is larger: at first, and where that was
// not all. What is cut off at the end of it is read again, so that the more is held, the less is.
const (
	firstRead = 64 << 10
	laterRead = 512 << 10
)

// fill reads more, and lets go of what is behind.
func (s *Stream) fill() error {
	d := &s.d
	held := len(d.data) - d.pos
	free := cap(d.data) - len(d.data)
	switch {
	case s.end != nil:
		return s.end
	case held >= s.limit:
		return s.tooLarge
	case free <= cap(d.data)/4 && d.pos >= cap(d.data)/2 && free < cap(d.data) && cap(d.data) >= laterRead:
		d.data = append(d.data[:0], d.data[d.pos:]...)
		s.forget()
	case free == 0:
		d.data = append(make([]byte, 0, max(2*cap(d.data), firstRead)), d.data[d.pos:]...)
		s.forget()
	}
	room := d.data[len(d.data):min(cap(d.data), d.pos+s.limit)]
	for range 100 {
		n, err := s.r.Read(room)
		d.data = d.data[:len(d.data)+n]
		s.end = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.end = io.ErrNoProgress
	return s.end
}

// forget counts what is no longer held.
func (s *Stream) forget() {
	s.base += int64(s.d.pos)
	s.d.pos = 0
}

// Kind moves to the next value or delimiter, and returns its first byte.
func (s *Stream) Kind() (byte, error) {
	for {
		if s.d.space(); s.d.pos < len(s.d.data) {
			return s.d.data[s.d.pos], nil
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

var errDepth = errors.New("exceeded max depth")

// Open moves into an object or an array.
func (s *Stream) Open() *Error {
	if s.d.depth == maxDepth {
		return &Error{Offset: s.Offset(), Err: errDepth}
	}
	s.d.depth++
	s.d.pos++
	return nil
}

// More moves to the next member or element, or over the closing delimiter. It reports whether there
// is one.
func (s *Stream) More(closing byte, first bool) (bool, *Error) {
	c, err := s.Kind()
	switch {
	case err != nil:
		return false, s.cutOff(err)
	case c == closing:
		s.d.pos++
		s.d.depth--
		return false, nil
	case first:
		return true, nil
	case c != ',' && closing == ']':
		return false, s.unexpected("[0")
	case c != ',':
		return false, s.unexpected(`{"":0`)
	}
	s.d.pos++
	if c, _ := s.Kind(); c == ']' && closing == ']' {
		return false, s.unexpected("[0,")
	}
	return true, nil
}

// Name moves to the value of a member and returns its name, in quotes. The name is there even if
// what follows it is wrong.
func (s *Stream) Name(first bool) (name []byte, _ *Error) {
	before := `{"":0,`
	if first {
		before = "{"
	}
	if c, err := s.Kind(); err != nil {
		return nil, s.cutOff(err)
	} else if c != '"' {
		return nil, s.unexpected(before)
	}
	raw, broken := s.Raw()
	if broken != nil {
		return nil, broken
	}
	name = bytes.Clone(raw)
	if c, err := s.Kind(); err != nil {
		return name, s.cutOff(err)
	} else if c != ':' {
		return name, s.unexpected(`{""`)
	}
	s.d.pos++
	return name, nil
}

// Value has read read the next value, more than once if not all of it was there. What read finds
// wrong is returned as failure; its path begins at the value, and the stream moves on. If the value
// is no JSON, or is cut off, broken says so.
func (s *Stream) Value(read func(*Decoder)) (failure, broken *Error) {
	if _, err := s.Kind(); err != nil {
		return nil, s.cutOff(err)
	}
	for {
		d := &s.d
		start := d.Mark()
		s.begin()
		failure = nil
		read(d)
		if d.err == errStopped {
			d.err = nil
			d.Return(start)
			return nil, nil
		}
		if d.err != nil && d.err != errMalformed {
			failure = s.locate(d.Failure("", start))
			s.begin()
			d.Resume(start)
		}
		if d.err == nil && (d.pos < len(d.data) || s.end != nil || d.data[d.pos-1] > '9') {
			return failure, nil
		}
		malformed := d.err != nil
		d.err = nil
		d.Return(start)
		held := d.data[start.pos:]
		broken = SyntaxError(held)
		if malformed && errors.Is(broken.Err, errMore) { // it is deeper than that by what is around it
			broken = &Error{Err: errDepth}
		}
		cut := !malformed || errors.Is(broken.Err, io.ErrUnexpectedEOF)
		if s.end == nil && (cut || int(broken.Offset)+longestEscape > len(held)) {
			err := s.more()
			if err == nil || s.end != nil {
				continue
			}
			return nil, &Error{Path: broken.Path, Offset: s.base + int64(len(d.data)), Err: err}
		}
		if cut && s.failed() {
			broken.Offset, broken.Err = int64(len(held)), s.end
		}
		broken.Offset += int64(start.pos)
		return nil, s.locate(broken)
	}
}

// Raw returns the next value as it is written. It is valid until the stream moves on.
func (s *Stream) Raw() (value []byte, broken *Error) {
	_, broken = s.Value(func(d *Decoder) { value = d.Skip() })
	return value, broken
}

// longestEscape is how many bytes an error may quote.
const longestEscape = 12

// begin starts to count the memory that a value takes.
func (s *Stream) begin() {
	s.d.err, s.d.spent, s.d.stop = nil, false, nil
	s.d.budget = budget(len(s.d.data) - s.d.pos)
}

// locate counts the offset of an error from the start of the reader.
func (s *Stream) locate(err *Error) *Error {
	err.Offset += s.base
	return err
}

// more reads until the value is whole, or twice as much of it is held. To try again more often
// would take too long, and less often might wait for data that comes only when this value is dealt
// with.
func (s *Stream) more() error {
	var scan scanner
	goal := 2 * (len(s.d.data) - s.d.pos)
	for {
		if err := s.fill(); err != nil {
			return err
		}
		if held := s.d.data[s.d.pos:]; len(held) >= goal || scan.whole(held) {
			return nil
		}
	}
}

// A scanner looks for the end of a value that comes in pieces. It does not check what is in it.
type scanner struct {
	pos             int // bytes seen
	depth           int
	quoted, escaped bool
}

// whole reports whether the value at the start of data ends in it.
func (s *scanner) whole(data []byte) bool {
	for ; s.pos < len(data); s.pos++ {
		c := data[s.pos]
		switch {
		case s.escaped:
			s.escaped = false
		case s.quoted && c == '\\':
			s.escaped = true
		case c == '"':
			s.quoted = !s.quoted
		case s.quoted:
			continue
		case c == '{' || c == '[':
			s.depth++
			continue
		case c == '}' || c == ']':
			s.depth--
		case c == ',' || c <= ' ':
		default:
			continue
		}
		if s.depth <= 0 && !s.quoted {
			return true
		}
	}
	return false
}

// cutOff is the error of data that ends too early, for a reason.
func (s *Stream) cutOff(reason error) *Error {
	if reason == io.EOF { //nolint:errorlint // a Reader's end is io.EOF itself
		reason = io.ErrUnexpectedEOF
	}
	return &Error{Offset: s.base + int64(len(s.d.data)), Err: reason}
}

// unexpected is the error of a byte that does not belong where the stream stands, which is behind
// what before ends with.
func (s *Stream) unexpected(before string) *Error {
	for len(s.d.data)-s.d.pos < utf8.UTFMax && s.fill() == nil {
	}
	held := s.d.data[s.d.pos:]
	err := SyntaxError(append([]byte(before), held[:min(len(held), utf8.UTFMax)]...))
	return &Error{Offset: s.Offset() + err.Offset - int64(len(before)), Err: err.Err}
}

// NextLine moves to the next line that starts with an object or an array, from an error at offset
// on. It reports whether there is one.
func (s *Stream) NextLine(offset int64) (found bool, _ *Error) {
	s.d.depth = 0
	if before := int(offset-s.base) - 1; before >= s.d.pos {
		s.d.pos = min(before, len(s.d.data))
	}
	for newline := false; ; s.d.pos++ {
		if s.d.pos == len(s.d.data) {
			if err := s.fill(); err == io.EOF { //nolint:errorlint // a Reader's end is io.EOF itself
				return false, nil
			} else if err != nil {
				return false, s.cutOff(err)
			}
		}
		c := s.d.data[s.d.pos]
		if newline && (c == '{' || c == '[') && s.Offset() >= offset {
			return true, nil
		}
		newline = c == '\n'
	}
}

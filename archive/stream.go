package archive

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"
)

const (
	// maxValue bounds the JSON value that is held. Larger ones are taken apart.
	maxValue = 16 << 20
	// chunkSize is how much of a file is handed to a worker at a time.
	chunkSize = 1 << 20
	// maxChunkValues bounds the values in it.
	maxChunkValues = 4096
	// maxLine bounds how far a line is looked for.
	maxLine = 1 << 20
	// maxDepth bounds how deep a value is taken apart.
	maxDepth = 32
	// maxWasted bounds what is read again and again where values do not end. Past it only those
	// count that end with their line.
	maxWasted = 8 * maxValue
	// maxNesting bounds how deep a value may be, as encoding/json does.
	maxNesting = 10_000
	// maxName bounds the name of a member.
	maxName = 64 << 10
)

// A value is a JSON value in the text of a file.
type value struct {
	raw    []byte
	offset int64    // in the text
	keys   []string // the names that lead to it, where it was taken out of a larger value
	broken error    // why it is none
}

// A chunk is values that are worked on together. Their bytes are in its buffer.
type chunk struct {
	values []value
	buffer []byte
}

// buffers are those of chunks that have been worked on.
var buffers = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// newBuffer returns a buffer of at least n bytes, and of chunkSize.
func newBuffer(n int) []byte {
	if n > chunkSize {
		return make([]byte, n)
	}
	return buffers.Get().(*[chunkSize]byte)[:]
}

// release gives the buffer back. No value of the chunk is of use any more.
func (c *chunk) release() {
	if len(c.buffer) == chunkSize {
		buffers.Put((*[chunkSize]byte)(c.buffer))
	}
	*c = chunk{}
}

// A splitter splits a text into its JSON values: those at the top, and the elements of arrays at
// the top. It finds where they end and does not check them. A value that is too large to be held is
// taken apart into its members.
type splitter struct {
	r    io.Reader
	emit func(*chunk) error

	buf      []byte
	pos, end int   // what is in buf and not yet split
	base     int64 // of buf in the text
	hold     int   // where the value begins that is being read, or -1
	eof      bool
	readErr  error

	newline  int64 // where the next line feed is, in the text
	searched int64 // up to where it was looked for
	noLine   int64 // up to where it is not looked for: the lines are too long

	chunk  *chunk
	keys   []string
	wasted int // bytes that were read for values that are none, or too large
}

var (
	errTooLarge = fmt.Errorf("a value of over %d MiB", maxValue>>20)
	errTooDeep  = fmt.Errorf("values more than %d deep, or %d where they are over %d MiB", maxNesting, maxDepth, maxValue>>20)
	errEnd      = io.ErrUnexpectedEOF
	errBroken   = errors.New("no JSON from here on")
	errGarbage  = errors.New("no JSON here")
)

// newSplitter returns a splitter of the text of a file of so many bytes.
func newSplitter(r io.Reader, size int64, emit func(*chunk) error) *splitter {
	s := &splitter{r: r, emit: emit, hold: -1, newline: -1, chunk: new(chunk)}
	if size < chunkSize/compression { // folders of small files are common
		s.buf = make([]byte, compression*size+1)
	} else {
		s.buf = newBuffer(chunkSize)
	}
	return s
}

// compression is how many times as long as its file a text may be for its first buffer to hold it.
const compression = 8

// split goes through the text. Its error is that of r, or of emit; what is broken in the text comes
// as values.
func (s *splitter) split() error {
	err := s.top()
	if err == nil || errors.Is(err, io.EOF) || s.readErr != nil {
		err = cmp.Or(s.flush(), s.readErr)
	}
	(&chunk{buffer: s.buf}).release()
	return err
}

// top splits the values at the top. After something broken it goes on with the next line that
// begins a value.
func (s *splitter) top() error {
	stray := false // behind something broken, where an end of an array may stand
	for {
		c, err := s.peek()
		if err != nil {
			return err
		}
		switch {
		case c == '{' || c == '[':
			start := s.offset()
			if c == '[' {
				err = s.array()
			} else {
				err = s.value()
			}
			if isFatal(err) {
				return err
			}
			if err != nil {
				stray = true
				if err := s.resume(start, err); err != nil {
					return err
				}
			}
		case c == ',' || c == ';' || c == ')' || stray && (c == ']' || c == '}'):
			s.pos++
		default:
			if err := s.resume(s.offset(), errGarbage); err != nil {
				return err
			}
		}
	}
}

// A fatalError is one that the text cannot be read on after.
type fatalError struct{ error }

func (f fatalError) Unwrap() error { return f.error }

func isFatal(err error) bool {
	_, fatal := errors.AsType[fatalError](err)
	return fatal
}

func (s *splitter) offset() int64 { return s.base + int64(s.pos) }

// resume reports what is broken and moves to the next line that begins a value.
func (s *splitter) resume(start int64, broken error) error {
	s.hold = -1
	if s.readErr != nil {
		return fatalError{s.readErr}
	}
	s.add(value{offset: start, keys: s.keys, broken: broken})
	for {
		i := bytes.IndexByte(s.buf[s.pos:s.end], '\n')
		if i < 0 {
			s.pos = s.end
		} else {
			s.pos += i + 1
		}
		if s.pos == s.end {
			if err := s.more(); err != nil {
				return err
			}
		}
		if c := s.buf[s.pos]; i >= 0 && (c == '{' || c == '[') {
			return nil
		}
	}
}

// array splits the elements of the array that begins here.
func (s *splitter) array() error {
	if n := s.line(); n > 0 {
		return s.take(n)
	}
	s.pos++
	for {
		c, err := s.peek()
		if err != nil {
			return unexpected(err)
		}
		switch c {
		case ',':
			s.pos++
		case ']':
			s.pos++
			return nil
		default:
			if err := s.value(); err != nil {
				return err
			}
		}
	}
}

// value takes the value that begins here, whole, or else its parts.
func (s *splitter) value() error {
	if n := s.line(); n > 0 {
		return s.take(n)
	}
	if s.wasted > maxWasted {
		return errBroken
	}
	s.hold = s.pos
	err := s.skip(maxValue)
	start := s.hold
	s.hold = -1
	if err != nil {
		s.wasted += s.pos - start
	}
	if err == nil {
		s.add(value{raw: s.buf[start:s.pos], offset: s.base + int64(start), keys: s.keys})
		return s.full()
	}
	if isFatal(err) {
		return err
	}
	s.pos = start
	if errors.Is(err, errTooLarge) {
		return s.takeApart()
	}
	if rest := s.buf[start:s.end]; s.eof && len(s.keys) == 0 && !bytes.Contains(rest, []byte("\n{")) {
		if mended := mendCut(rest); mended != nil {
			s.add(value{raw: mended, offset: s.offset()})
		}
	}
	return err
}

// take takes the next n bytes as a value.
func (s *splitter) take(n int) error {
	s.add(value{raw: s.buf[s.pos : s.pos+n], offset: s.offset(), keys: s.keys})
	s.pos += n
	return s.full()
}

// takeApart splits a value that is too large to be held.
func (s *splitter) takeApart() error {
	if len(s.keys) >= maxDepth {
		return errTooDeep
	}
	switch s.buf[s.pos] {
	case '[':
		s.keys = append(s.keys[:len(s.keys):len(s.keys)], "")
		defer s.popKey()
		return s.array()
	case '{':
		return s.members()
	default:
		s.add(value{offset: s.offset(), keys: s.keys, broken: errTooLarge})
		return s.skip(-1)
	}
}

func (s *splitter) popKey() { s.keys = s.keys[:len(s.keys)-1] }

// members splits the members of the object that begins here.
func (s *splitter) members() error {
	s.pos++
	for {
		c, err := s.peek()
		if err != nil {
			return unexpected(err)
		}
		switch c {
		case ',':
			s.pos++
			continue
		case '}':
			s.pos++
			return nil
		}
		name, err := s.name()
		if err != nil {
			return err
		}
		s.keys = append(s.keys[:len(s.keys):len(s.keys)], name)
		if c, err = s.peek(); err == nil {
			if c == '[' {
				err = s.array()
			} else {
				err = s.value()
			}
		}
		s.popKey()
		if err != nil {
			return unexpected(err)
		}
	}
}

// name reads the name of a member, and the colon behind it.
func (s *splitter) name() (string, error) {
	s.hold = s.pos
	err := s.skip(maxName)
	start := s.hold
	s.hold = -1
	if err != nil {
		return "", unexpected(err)
	}
	name := stringOf(s.buf[start:s.pos])
	if c, err := s.peek(); err != nil || c != ':' {
		return "", unexpected(cmp.Or(err, errBroken))
	}
	s.pos++
	return name, nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) && !isFatal(err) {
		return errEnd
	}
	return err
}

// add puts a value into the chunk.
func (s *splitter) add(v value) { s.chunk.values = append(s.chunk.values, v) }

// full hands the chunk on if there is enough in it.
func (s *splitter) full() error {
	if s.pos < chunkSize && len(s.chunk.values) < maxChunkValues {
		return nil
	}
	return s.flush()
}

// flush hands on the chunk, with the buffer that its values are in. A small rest of that moves into
// a new one; a large one stays where it is, behind the values.
func (s *splitter) flush() error {
	if len(s.chunk.values) == 0 {
		return nil
	}
	rest := s.buf[s.pos:s.end]
	full := s.chunk
	s.base += int64(s.pos)
	switch {
	case len(rest) > chunkSize/2:
		s.buf = s.buf[s.pos:]
	case len(rest) > 0 || !s.eof:
		full.buffer = s.buf
		s.buf = newBuffer(len(rest))
		copy(s.buf, rest)
	default:
		full.buffer, s.buf = s.buf, nil
	}
	s.pos, s.end = 0, len(rest)
	s.chunk = new(chunk)
	if err := s.emit(full); err != nil {
		return fatalError{err}
	}
	return nil
}

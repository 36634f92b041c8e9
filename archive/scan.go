package archive

import (
	"bytes"
	"errors"
	"io"
)

// Classes of bytes outside strings.
const (
	plain = iota
	space
	quote
	open
	closing
	separator
)

var classes = func() (c [256]uint8) {
	for _, b := range []byte(" \n\r\t") {
		c[b] = space
	}
	c['"'] = quote
	c['{'], c['['] = open, open
	c['}'], c[']'] = closing, closing
	c[','], c[':'] = separator, separator
	return c
}()

// peek returns the next byte that is no white space.
func (s *splitter) peek() (byte, error) {
	for {
		for s.pos < s.end {
			if c := s.buf[s.pos]; classes[c] != space {
				return c, nil
			}
			s.pos++
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// more reads more of the text. What is held moves, and what has been split stays in the chunk.
func (s *splitter) more() error {
	if s.eof {
		return io.EOF
	}
	if s.end == len(s.buf) {
		keep := s.pos
		if s.hold >= 0 {
			keep = s.hold
		}
		if len(s.chunk.values) > 0 { // they are in this buffer
			if err := s.handOn(keep); err != nil {
				return err
			}
		} else if keep > 0 {
			s.end = copy(s.buf, s.buf[keep:s.end])
			s.moved(keep)
		}
		if s.end == len(s.buf) {
			s.buf = append(s.buf, make([]byte, len(s.buf))...)
		}
	}
	n, err := s.r.Read(s.buf[s.end:])
	s.end += n
	switch {
	case errors.Is(err, io.EOF):
		s.eof = true
		if n == 0 {
			return io.EOF
		}
	case err != nil:
		s.eof, s.readErr = true, err
		return fatalError{err}
	}
	return nil
}

// handOn hands on the chunk while a value is being read that begins at keep.
func (s *splitter) handOn(keep int) error {
	held, at := s.hold, s.pos
	s.pos = keep
	if err := s.flush(); err != nil {
		return err
	}
	s.pos = at - keep
	if held >= 0 {
		s.hold = 0
	}
	return nil
}

// moved says that the buffer begins n bytes later.
func (s *splitter) moved(n int) {
	s.base += int64(n)
	s.pos -= n
	if s.hold >= 0 {
		s.hold -= n
	}
}

// line returns the length of the value that begins here if it ends with its line, as in JSON lines,
// and 0 if that cannot be told so cheaply: brackets are not matched.
func (s *splitter) line() int {
	if s.newline < s.offset() && s.offset() < s.noLine {
		return 0
	}
	for s.newline < s.offset() && s.searched < s.offset()+maxLine {
		from := max(s.searched, s.offset())
		if i := bytes.IndexByte(s.buf[from-s.base:s.end], '\n'); i >= 0 {
			s.newline = from + int64(i)
			s.searched = s.newline
			break
		}
		s.searched = s.base + int64(s.end)
		if s.eof {
			break
		}
		s.hold = s.pos
		err := s.more()
		s.hold = -1
		if err != nil {
			break
		}
	}
	stop := s.end
	if s.newline >= s.offset() {
		stop = int(s.newline - s.base)
	} else if !s.eof {
		s.noLine = s.offset() + maxValue
		return 0
	}
	line := bytes.TrimRight(s.buf[s.pos:stop], " \t\r")
	text := bytes.TrimRight(line, " \t\r,")
	if n := len(text); n < 2 || text[0] == '{' && text[n-1] != '}' || text[0] == '[' && text[n-1] != ']' || classes[text[0]] != open {
		return 0
	}
	n := len(text)
	if (n < len(line) || !s.valueBehind(stop)) && !balanced(s.buf[s.pos:s.pos+n]) {
		return 0
	}
	return n
}

// valueBehind says whether the next line that is not empty begins a value. Behind a line that ends
// with a bracket, and not with a comma, that is so only at the top. It may read on, and so move what
// is in the buffer.
func (s *splitter) valueBehind(stop int) bool {
	from := s.base + int64(stop)
	for {
		behind := s.buf[from-s.base : min(int64(s.end), from-s.base+maxLine)]
		if i := skipSpace(behind, 0); i < len(behind) {
			return classes[behind[i]] == open
		}
		if s.eof || len(behind) == maxLine {
			return false
		}
		s.hold = s.pos
		err := s.more()
		s.hold = -1
		if err != nil {
			return false
		}
	}
}

// balanced says whether as many brackets are closed as opened.
func balanced(text []byte) bool {
	return bytes.Count(text, []byte{'{'}) == bytes.Count(text, []byte{'}'}) && bytes.Count(text, []byte{'['}) == bytes.Count(text, []byte{']'})
}

// skip moves behind the value that begins here. A bound of -1 is none.
func (s *splitter) skip(bound int) error {
	if s.hold < 0 && bound >= 0 {
		s.hold = s.pos
	}
	depth, before := 0, byte(':')
	for {
		if s.pos == s.end {
			if err := s.within(bound); err != nil {
				return err
			}
			if err := s.more(); err != nil {
				if depth == 0 && before == plainValue && !isFatal(err) {
					return nil
				}
				return unexpected(err)
			}
		}
		c := s.buf[s.pos]
		class := classes[c]
		if depth == 0 && before == plainValue && class != plain {
			return nil
		}
		switch class {
		case space:
			s.pos++
			continue
		case quote:
			if !follows(c, before) {
				return errBroken
			}
			if err := s.skipString(bound); err != nil {
				return err
			}
		default:
			if class == plain {
				c = plainValue
			}
			if !follows(c, before) || depth == 0 && (class == closing || class == separator) {
				return errBroken
			}
			switch class {
			case open:
				if depth++; depth > maxNesting {
					return errTooDeep
				}
			case closing:
				depth--
			}
			s.pos++
		}
		if before = c; depth == 0 && c != plainValue {
			return s.within(bound)
		}
	}
}

// follows says whether c may stand behind before.
func follows(c, before byte) bool {
	switch c {
	case '"', '{', '[':
		return before == ':' || before == ',' || before == '[' || before == '{' && c == '"'
	case plainValue:
		return before != '}' && before != ']' && before != '"' && before != '{'
	}
	return true
}

// plainValue stands for a number or a literal.
const plainValue = 'x'

func (s *splitter) within(bound int) error {
	if bound >= 0 && s.pos-s.hold > bound {
		return errTooLarge
	}
	return nil
}

// skipString moves behind the string that begins here.
func (s *splitter) skipString(bound int) error {
	escaped := false
	for s.pos++; ; {
		for s.pos < s.end {
			c := s.buf[s.pos]
			s.pos++
			switch {
			case escaped:
				escaped = false
			case c == '"':
				return nil
			case c == '\\':
				escaped = true
			case c < ' ':
				return errBroken
			}
		}
		if err := s.within(bound); err != nil {
			return err
		}
		if err := s.more(); err != nil {
			return unexpected(err)
		}
	}
}

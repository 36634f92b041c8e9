package archive

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Windows writes texts in UTF-16, such as what a command prints into a file. They begin with a mark,
// or JSON in them with a byte that is 0.

// orderOf returns in which order the bytes of a text in UTF-16 come, or nil for any other text.
func orderOf(head []byte) binary.ByteOrder {
	if len(head) < 2 {
		return nil
	}
	switch a, b := head[0], head[1]; {
	case a == 0xFF && b == 0xFE, classes[a] == open && b == 0:
		return binary.LittleEndian
	case a == 0xFE && b == 0xFF, a == 0 && classes[b] == open:
		return binary.BigEndian
	}
	return nil
}

// A utf16Reader reads UTF-16 as UTF-8.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	unit  rune   // that was read too far, or -1
	text  []byte // that is ready
	err   error
}

func newUTF16Reader(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err != nil {
		return nil, err
	}
	return &utf16Reader{in: in, order: orderOf(head), unit: -1}, nil
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	if len(u.text) == 0 {
		u.fill()
	}
	n := copy(p, u.text)
	u.text = u.text[n:]
	if n == 0 {
		return 0, u.err
	}
	return n, nil
}

func (u *utf16Reader) fill() {
	text := make([]byte, 0, headSize)
	for len(text) < headSize {
		r := u.next()
		if r < 0 {
			break
		}
		if utf16.IsSurrogate(r) {
			second := u.next()
			whole := utf16.DecodeRune(r, second)
			if whole == utf8.RuneError {
				u.unit = second
			}
			r = whole
		}
		text = utf8.AppendRune(text, r)
	}
	u.text = text
}

// next returns the next unit, or -1 at the end.
func (u *utf16Reader) next() rune {
	if r := u.unit; r >= 0 {
		u.unit = -1
		return r
	}
	var b [2]byte
	if _, err := io.ReadFull(u.in, b[:]); err != nil {
		if u.err = err; errors.Is(err, io.ErrUnexpectedEOF) {
			u.err = io.EOF // half a unit
		}
		return -1
	}
	return rune(u.order.Uint16(b[:]))
}

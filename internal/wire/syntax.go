package wire

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

var errMore = errors.New("more follows the end of the value")

// SyntaxError says where data stops being one JSON value.
func SyntaxError(data []byte) *Error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), syntax...)
	err := dec.SkipValue()
	if err == nil {
		end := dec.InputOffset()
		if _, err = dec.ReadToken(); err == nil || errors.Is(err, io.EOF) {
			return &Error{Offset: end, Err: errMore}
		}
	}
	failure := syntaxError(err)
	failure.Path = Path(pathTo(data, int(failure.Offset)))
	return failure
}

// syntaxError takes over what jsontext says.
func syntaxError(err error) *Error {
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &Error{Offset: syntactic.ByteOffset, Err: syntactic.Err}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &Error{Err: err}
}

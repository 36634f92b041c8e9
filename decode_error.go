package instagram

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A DecodeError says where an answer, or recorded data, is not what it should be.
// Its text is short and holds nothing of the values around the place.
type DecodeError struct {
	// Path leads to the value: the names of members, separated by dots, and
	// the indexes of elements in brackets, as in
	// data[3].images.thumbnail.width. Names that hold anything but letters,
	// digits, - and _ are quoted, as in data["a b"]. It is empty for the
	// whole. Where bytes are no JSON at all, it leads to the last value that
	// was begun before them. A long one is cut off and ends in an ellipsis.
	Path string

	// Offset counts the bytes before the value, or before the byte that is
	// not JSON.
	Offset int64

	// Err is what is wrong there. For data that ends too early it is
	// io.ErrUnexpectedEOF.
	Err error
}

func (e *DecodeError) Error() string {
	where := e.Path
	if where != "" {
		where += ": "
	}
	return fmt.Sprintf("instagram: decode: %s%s (offset %d)", where, strings.TrimPrefix(e.Err.Error(), "instagram: "), e.Offset)
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// errMalformed stands for what jsontext will say of a text that is no JSON.
var errMalformed = new(DecodeError)

// malformed reports that the text is no JSON.
func (d *decoder) malformed() {
	if d.err == nil {
		d.err = errMalformed
	}
}

// fail reports a value of the wrong kind where the decoder stands.
func (d *decoder) fail(want string) {
	if start := d.pos; d.err == nil && d.value() != nil {
		d.invalid(start, want, nil)
	}
}

// invalid reports a value that makes no sense, of any kind. It never quotes
// the value, which may be long or a secret.
func (d *decoder) invalid(start int, want string, cause error) {
	got := "a number"
	switch d.data[start] {
	case '{':
		got = "an object"
	case '[':
		got = "an array"
	case '"':
		got = "a string"
	case 't', 'f':
		got = "a boolean"
	case 'n':
		got = "null"
	}
	err := fmt.Errorf("want %s, got %s", want, got)
	if errors.Is(cause, strconv.ErrRange) {
		err = fmt.Errorf("%w: %w", err, strconv.ErrRange)
	}
	d.err = &DecodeError{Offset: int64(start), Err: err}
}

// failure returns the error that the decoder has met, if any. Its path is
// looked up only now: it starts at the value at start, which is reached by prefix.
func (d *decoder) failure(prefix string, start int) error {
	switch d.err {
	case nil:
		return nil
	case errMalformed:
		return syntaxError(d.data)
	}
	d.err.Path = clip(strings.TrimPrefix(prefix+pathTo(d.data[start:], d.err.Offset-int64(start)), "."))
	return d.err
}

// resume forgets an error in the value at start and moves behind that value,
// unless the text is no JSON.
func (d *decoder) resume(start int) {
	if d.err == errMalformed {
		return
	}
	d.err, d.pos = nil, start
	d.value()
}

// elementPath is the path to an element of the list at path.
func elementPath(path string, index int) string {
	return path + "[" + strconv.Itoa(index) + "]"
}

// syntaxError says where data stops being one JSON value.
func syntaxError(data []byte) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), syntax...)
	err := dec.SkipValue()
	if err == nil {
		end := dec.InputOffset()
		if _, err = dec.ReadToken(); err == nil || errors.Is(err, io.EOF) {
			return &DecodeError{Offset: end, Err: errors.New("more follows the end of the value")}
		}
	}
	failure := newSyntaxError(err)
	failure.Path = clip(strings.TrimPrefix(pathTo(data, failure.Offset), "."))
	return failure
}

// newSyntaxError takes over what jsontext says.
func newSyntaxError(err error) *DecodeError {
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &DecodeError{Offset: syntactic.ByteOffset, Err: syntactic.Err}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &DecodeError{Err: err}
}

// pathTo returns the path to the value at offset, or to the last one begun
// before data stops being JSON.
func pathTo(data []byte, offset int64) string {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), syntax...)
	for dec.InputOffset() <= offset {
		if _, err := dec.ReadToken(); err != nil {
			return brokenPath(dec)
		}
	}
	return stackPath(dec, dec.StackDepth())
}

// brokenPath returns the path to the value that dec has begun to read, or else
// to the last one that it has read.
func brokenPath(dec *jsontext.Decoder) string {
	depth := dec.StackDepth()
	kind, read := dec.StackIndex(depth)
	next := bytes.TrimLeft(dec.UnreadBuffer(), " \n\r\t,")
	if kind == '[' && len(next) > 0 && strings.IndexByte(`{["-0123456789tfn`, next[0]) >= 0 {
		return elementPath(stackPath(dec, depth-1), int(read))
	}
	return stackPath(dec, depth)
}

// stackPath returns the path to the value that dec has read last, down to a depth.
func stackPath(dec *jsontext.Decoder, depth int) string {
	var path strings.Builder
	level := 0
	for token := range dec.StackPointer().Tokens() {
		if level++; level > depth || path.Len() > maxPath {
			break
		}
		if kind, _ := dec.StackIndex(level); kind == '[' {
			path.WriteString("[" + token + "]")
		} else {
			writeName(&path, token)
		}
	}
	return path.String()
}

// maxPath bounds the text of a path: names come from the input.
const maxPath = 200

func clip(path string) string {
	if len(path) > maxPath {
		return strings.ToValidUTF8(path[:maxPath], "") + "…"
	}
	return path
}

func writeName(path *strings.Builder, name string) {
	plain := name != ""
	for _, c := range []byte(name) {
		plain = plain && ('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_')
	}
	if plain {
		path.WriteByte('.')
		path.WriteString(name)
		return
	}
	if len(name) > maxPath {
		name = name[:maxPath]
	}
	path.WriteByte('[')
	path.WriteString(strconv.QuoteToASCII(name))
	path.WriteByte(']')
}

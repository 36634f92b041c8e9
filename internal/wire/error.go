package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// An Error says where a text is not what it should be, and what is wrong there.
type Error struct {
	Path   string // names and indexes that lead to the value; see [Path]
	Offset int64  // bytes before the value, or before the byte that is not JSON
	Err    error
}

func (e *Error) Error() string {
	return strings.TrimPrefix(e.Path+": ", ": ") + e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// errMalformed stands for what [SyntaxError] will say of a text that is no JSON.
var errMalformed = new(Error)

// ErrMemory is the error of a text whose models take more memory than its length allows.
var ErrMemory = errors.New("it would take more memory than its length allows")

// Failed reports whether the decoder has met an error.
func (d *Decoder) Failed() bool { return d.err != nil }

// malformed reports that the text is no JSON.
func (d *Decoder) malformed() {
	if d.err == nil {
		d.err = errMalformed
	}
}

// Malformed reports whether the decoder has met a text that is no JSON.
func (d *Decoder) Malformed() bool { return d.err == errMalformed }

// Fail reports a value of the wrong kind where the decoder stands.
func (d *Decoder) Fail(want string) {
	if start := d.pos; d.err == nil && d.Skip() != nil {
		d.invalid(start, want, nil)
	}
}

// invalid reports a value that makes no sense, of any kind. It never quotes the value, which may be
// long or a secret.
func (d *Decoder) invalid(start int, want string, cause error) {
	err := fmt.Errorf("want %s, got %s", want, kindName(d.data[start]))
	if errors.Is(cause, strconv.ErrRange) {
		err = fmt.Errorf("%w: %w", err, strconv.ErrRange)
	}
	d.err = &Error{Offset: int64(start), Err: err}
}

// kindName names the kind of the value that begins with c.
func kindName(c byte) string {
	switch c {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// A Mark is a place in a text.
type Mark struct{ pos, depth int }

// Mark returns where the decoder stands.
func (d *Decoder) Mark() Mark { return Mark{d.pos, d.depth} }

// Return goes back to a mark.
func (d *Decoder) Return(to Mark) { d.pos, d.depth = to.pos, to.depth }

// Failure returns the error that the decoder has met, or nil. The error is in the value at start,
// to which path leads.
func (d *Decoder) Failure(path string, start Mark) *Error {
	switch d.err {
	case nil:
		return nil
	case errMalformed:
		return SyntaxError(d.data)
	}
	from := d.data[start.pos:]
	d.err.Path = Path(path, pathTo(from, int(d.err.Offset)-start.pos))
	return d.err
}

// Resume forgets an error in the value at start, and moves behind that value. It does neither where
// nothing more can be read: the text is no JSON, or its memory is used up.
func (d *Decoder) Resume(start Mark) {
	if d.err == errMalformed || d.spent {
		return
	}
	d.err, d.pos, d.depth = nil, start.pos, start.depth
	d.Skip()
}

package instagram

import (
	"fmt"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/wire"
)

// A DecodeError says where an answer, or recorded data, is not what it should be. Its text is one
// short line and holds nothing of the values around the place.
type DecodeError struct {
	// Path leads to the value: the names of members, separated by dots, and
	// the indexes of elements in brackets, as in
	// data[3].images.thumbnail.width. Names that hold anything but letters,
	// digits, - and _ are quoted, as in data["a b"]. It is empty for the
	// whole. Where bytes are no JSON at all, it leads to the last value that
	// was begun before them. A long one is cut off and ends in an ellipsis.
	Path string

	// Offset counts the bytes before the value, or before the byte that is not JSON.
	Offset int64

	// Err is what is wrong there. For data that ends too early it is io.ErrUnexpectedEOF.
	Err error
}

func (e *DecodeError) Error() string {
	where := e.Path
	if where != "" {
		where += ": "
	}
	why := strings.TrimPrefix(e.Err.Error(), "instagram: ")
	return redact.OneLine(fmt.Sprintf("instagram: decode: %s%s (offset %d)", where, why, e.Offset))
}

// Unwrap returns Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// decodeError is nil for nil.
func decodeError(err *wire.Error) error {
	if err == nil {
		return nil
	}
	return (*DecodeError)(err)
}

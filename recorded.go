package instagram

import (
	"bufio"
	"errors"
	"io"

	"github.com/igv1/instagram/internal/wire"
)

// maxRecorded bounds how much of recorded data is held at a time.
const maxRecorded = 16 << 20

// Decode reads one recorded answer whose data is an object, or such an object
// without an answer around it, of any wire generation. It reads r to its end, of
// up to 16 MiB, past which the error is [ErrBodyTooLarge].
//
// The answer to a call that failed is an [*Error]; what is not as it should be is
// a [*DecodeError].
func Decode[T Model](r io.Reader) (*T, error) {
	body, err := readRecorded(r)
	if err != nil {
		return nil, err
	}
	defer body.release()
	answer, err := decodeObject[T](body.Bytes())
	if errors.Is(err, errNoEnvelope) {
		return decodeBare[T](body.Bytes())
	}
	if answer.Meta.failed() {
		return nil, new(Error).describe(answer.Meta)
	}
	if err == nil && answer.Data == nil {
		err = &DecodeError{Path: "data", Err: errNoData}
	}
	return answer.Data, err
}

// decodeBare reads an object without an answer around it.
func decodeBare[T Model](text []byte) (*T, error) {
	d := wire.NewDecoder(text)
	defer d.Release()
	start := d.Mark()
	object := readEntry(d, tableOf[T]())
	if d.End(); d.Failed() {
		return nil, decodeError(d.Failure("", start))
	}
	return object, nil
}

// DecodePage reads one recorded answer whose data is a list, or such a list
// without an answer around it. Apart from that it is like [Decode]. For the
// entries of many answers, or of one that is larger, use [DecodeAll].
//
// The pagination is as recorded: its NextURL may hold an access token.
func DecodePage[T Model](r io.Reader) (*Page[T], error) {
	body, err := readRecorded(r)
	if err != nil {
		return nil, err
	}
	defer body.release()
	var answer envelope[T]
	d, table := wire.NewDecoder(body.Bytes()), tableOf[T]()
	defer d.Release()
	if start := d.Mark(); d.Peek() == '[' {
		if err = answer.decodeItems(d, table, "", false); err == nil {
			d.End()
			err = decodeError(d.Failure("", start))
		}
	} else {
		err = answer.decode(d, func() error { return answer.decodeItems(d, table, "data", false) })
	}
	if answer.Meta.failed() {
		return nil, new(Error).describe(answer.Meta)
	}
	if err != nil {
		return nil, err
	}
	return &Page[T]{
		Items:      answer.Items,
		Pagination: answer.Pagination,
		Meta:       answer.Meta,
		next:       answer.Pagination.recorded(),
	}, nil
}

// recorded returns the place of the next page of an unknown list.
func (p Pagination) recorded() Cursor {
	param := "max_id"
	switch {
	case p.NextMaxLikeID != "":
		param = "max_like_id"
	case p.NextCursor != "":
		param = "cursor"
	case p.NextMaxTagID != "":
		param = "max_tag_id"
	}
	next, err := p.cursor(param)
	if p.Cursors.After != "" {
		next, _, err = p.aroundGraph("")
	}
	if err != nil {
		return CursorEnd
	}
	return next
}

// readRecorded reads r whole.
func readRecorded(r io.Reader) (*body, error) {
	in, _ := skipMark(r)
	return readBody(in, -1, maxRecorded)
}

// skipMark moves over the byte order mark that editors put before a text, and
// returns its length.
func skipMark(r io.Reader) (in *bufio.Reader, skipped int) {
	in = bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		skipped, _ = in.Discard(3)
	}
	return in, skipped
}

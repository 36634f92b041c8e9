package instagram

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/igv1/instagram/internal/bounded"
	"github.com/igv1/instagram/internal/wire"
)

// maxRecorded bounds how much of recorded data is held at a time.
const maxRecorded = 16 << 20

// Decode reads one recorded answer whose data is an object, or such an object without an answer
// around it, of any wire generation. It reads r to its end, of up to 16 MiB, past which the error
// is [ErrBodyTooLarge].
//
// The answer to a call that failed, of v1 or of the Graph, is an [*Error]; what is not as it should
// be is a [*DecodeError]. So is an object of another kind, such as a comment where a media is asked
// for: the error says what it looks like.
func Decode[T Model](r io.Reader) (*T, error) {
	body, err := readRecorded(r)
	if err != nil {
		return nil, err
	}
	defer body.Release()
	answer, err := decodeObjectBy(body.Bytes(), readRecordedEntry[T])
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
	object := readRecordedEntry(d, tableOf[T]())
	if d.End(); d.Failed() {
		return nil, failedCall(decodeError(d.Failure("", start)))
	}
	return object, nil
}

// failedCall returns the answer to a call that failed out of err, if that is what err is about.
func failedCall(err error) error {
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure
	}
	return err
}

// DecodePage reads one recorded answer whose data is a list, or such a list without an answer
// around it. Apart from that it is like [Decode]. For the entries of many answers, or of one that
// is larger, use [DecodeAll].
//
// The pagination is as recorded: its NextURL may hold an access token.
func DecodePage[T Model](r io.Reader) (*Page[T], error) {
	body, err := readRecorded(r)
	if err != nil {
		return nil, err
	}
	defer body.Release()
	var answer envelope[T]
	d := wire.NewDecoder(body.Bytes())
	defer d.Release()
	start := d.Mark()
	if d.Peek() == '[' {
		if err = answer.decodeItems(d, "", readRecordedEntry[T], false); err == nil {
			d.End()
			err = decodeError(d.Failure("", start))
		}
	} else {
		err = answer.decode(d, func() error { return answer.decodeItems(d, "data", readRecordedEntry[T], false) })
	}
	if errors.Is(err, errNoEnvelope) {
		err = noPage(d, start)
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

// noPage says what an object is that is no answer.
func noPage(d *wire.Decoder, start wire.Mark) error {
	var has look
	d.Names(start, func(name []byte) { has |= lookOfMember(name) & foreign })
	failure := new(Error)
	switch {
	case readGraphError(failure, d.Raw(start)):
		return failure
	case has != 0:
		return &DecodeError{Err: fmt.Errorf("this is %s", looks[has&-has])}
	}
	return &DecodeError{Err: errNoEnvelope}
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
func readRecorded(r io.Reader) (*bounded.Buffer, error) {
	in, _ := skipMark(r)
	return bounded.Read(in, -1, maxRecorded)
}

// skipMark moves over the byte order mark that editors put before a text, and returns its length.
func skipMark(r io.Reader) (in *bufio.Reader, skipped int) {
	in = bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		skipped, _ = in.Discard(3)
	}
	return in, skipped
}

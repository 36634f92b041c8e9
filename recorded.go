package instagram

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/igv1/instagram/internal/bounded"
	"github.com/igv1/instagram/internal/look"
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
	var object *T
	err := decodeError(wire.ReadWhole("", text, func(d *wire.Decoder) { object = readRecordedEntry(d, tableOf[T]()) }))
	if e, ok := errors.AsType[*Error](err); ok {
		return nil, e // it is the answer to a call that failed
	}
	if err != nil {
		return nil, err
	}
	return object, nil
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
		Items: answer.Items, Pagination: answer.Pagination, Meta: answer.Meta,
		next: answer.Pagination.recorded(),
	}, nil
}

// noPage says what an object is that is no answer.
func noPage(d *wire.Decoder, start wire.Mark) error {
	var has look.Look
	d.Names(start, func(name []byte) { has |= look.OfMember(name) & look.Foreign })
	if err := graphError(d.Raw(start)); err != nil {
		return err
	}
	if has != 0 {
		return &DecodeError{Err: fmt.Errorf("this is %s", has)}
	}
	return &DecodeError{Err: errNoEnvelope}
}

// DecodeAll yields each entry of recorded data, of any size and any wire generation: answers whose
// data is a list or an object, such lists, and such objects, one after the other, on lines or not,
// or in arrays. It holds one entry at a time, of up to 16 MiB.
//
// Errors come in their place among the entries, and none but one of r itself ends the walk: an
// entry that does not decode comes as a [*DecodeError] whose Offset counts from the start of r; the
// answer to a call that failed as one with an [*Error] in it; an object of another kind as one that
// says what it looks like. Where r is no JSON, DecodeAll goes on with the next line that starts
// with an object or an array, so that a line that was cut off costs no more than itself.
func DecodeAll[T Model](r io.Reader) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		in, skipped := skipMark(r)
		table := tableOf[T]()
		var entry *T
		walk := wire.Walk{
			In:       wire.NewStream(in, int64(skipped), maxRecorded, bounded.TooLarge(maxRecorded)),
			Read:     func(d *wire.Decoder) { entry = readRecordedEntry(d, table) },
			IsAnswer: isEnvelope,
			Rest:     failedAnswer,
			Yield: func(err *wire.Error) bool {
				if err != nil {
					return yield(nil, decodeError(err))
				}
				return yield(entry, nil)
			},
		}
		walk.Run()
	}
}

// failedAnswer returns what is wrong with an answer: how its call failed, as the members beside its
// data say, or what is wrong with these.
func failedAnswer(rest []byte) *wire.Error {
	var env envelope[MediaEntry]
	d := wire.NewDecoder(rest)
	defer d.Release()
	err := env.decode(d, nil)
	if env.Meta.failed() {
		return &wire.Error{Path: "meta", Err: new(Error).describe(env.Meta)}
	}
	if errors.Is(err, errNoEnvelope) {
		return nil // all there was is data
	}
	broken, _ := errors.AsType[*DecodeError](err)
	return (*wire.Error)(broken)
}

// readRecordedEntry is readEntry for recorded data.
func readRecordedEntry[T Model](d *wire.Decoder, table *wire.Table[T]) *T {
	if d.Peek() != '{' {
		return readEntry(d, table)
	}
	start := d.Mark()
	entry := table.New(d)
	seen := table.Read(d, entry)
	switch {
	case d.Malformed(), d.Stopped():
		return entry
	case !d.Failed() && seen.Own() && len(*table.Extra(entry)) == 0:
		return entry
	}
	if err := look.Mistake(d, start, lookOf[T](), table.Knows, seen.Own(), graphError); err != nil {
		d.Refuse(start, err)
	}
	return entry
}

// graphError returns the answer of the Graph to a call that failed, and nil for any other text.
func graphError(text []byte) error {
	if e := new(Error); readGraphError(e, text) {
		return e
	}
	return nil
}

// lookOf returns the look of a model, and of those that share its members.
func lookOf[T Model]() look.Look {
	switch any((*T)(nil)).(type) {
	case *MediaEntry:
		return look.Media
	case *CommentEntry, *GraphComment:
		return look.Comment
	case *UserInfo, *UserShortInfo, *GraphUser:
		return look.User
	case *TagInfo:
		return look.Tag
	case *LocationInfo:
		return look.Place
	case *RelationshipInfo, *RelationshipStatus:
		return look.Relationship
	case *GraphMedia:
		return look.Graph
	case *GraphInsight:
		return look.Insight
	}
	return look.Subscription
}

// readRecorded reads r whole.
func readRecorded(r io.Reader) (*bounded.Buffer, error) {
	in, _ := skipMark(r)
	return bounded.Read(in, -1, maxRecorded)
}

// noReader is read where there is none.
type noReader struct{}

func (noReader) Read([]byte) (int, error) { return 0, &ParameterError{"reader", "it is nil"} }

// skipMark moves over the byte order mark that editors put before a text, and returns its length.
func skipMark(r io.Reader) (_ io.Reader, skipped int) {
	if r == nil {
		r = noReader{}
	}
	if b, ok := r.(*bytes.Buffer); ok && !bytes.HasPrefix(b.Bytes(), []byte("\uFEFF")) {
		return b, 0 // it need not be copied
	}
	in := bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		skipped, _ = in.Discard(3)
	}
	return in, skipped
}

package instagram

import (
	"fmt"
	"io"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/wire"
)

// Model is what an answer can hold. All models come from JSON, and go back to it, by the same rules:
// through the client, through [Decode] and its kin, and through encoding/json.
//
// Every generation of the API is read, in any mixture. What older ones named or nested in another
// way is found where that of 2016 has it. A null and an absent member are the same: the zero value.
// Ids may come as numbers and numbers as strings. A member that no field is for is kept in the Extra
// of its model. Anything else that is not as it should be is a [*DecodeError].
//
// Models are written in the generation of 2016, with what Extra holds. Reading what was written
// gives an equal model.
//
// The models of one answer may take 32 times as many bytes as its text, or 1 MiB where that is more,
// and no more than 256 MiB. The strings of a model are cut from blocks of up to 1 KiB, which stay in
// memory as long as a part of them does, and so do a [MediaEntry], its caption and its location
// together: a program that keeps one short string of each of many models saves memory with
// [strings.Clone]. The ID of a [MediaEntry] is in no block.
//
// All rules are in docs/wire.md of this repository.
type Model interface {
	MediaEntry | CommentEntry | UserInfo | UserShortInfo | TagInfo | LocationInfo |
		RelationshipInfo | RelationshipStatus | Subscription |
		GraphMedia | GraphUser | GraphComment | GraphInsight
}

// tableOf returns the table of a model.
func tableOf[T Model]() *wire.Table[T] {
	var table any
	switch any((*T)(nil)).(type) {
	case *MediaEntry:
		table = &mediaTable
	case *CommentEntry:
		table = &commentTable
	case *UserInfo:
		table = &userTable
	case *UserShortInfo:
		table = &userShortTable
	case *TagInfo:
		table = &tagTable
	case *LocationInfo:
		table = &locationTable
	case *RelationshipInfo:
		table = &relationshipTable
	case *RelationshipStatus:
		table = &relationshipStatusTable
	case *GraphMedia:
		table = &graphMediaTable
	case *GraphUser:
		table = &graphUserTable
	case *GraphComment:
		table = &graphCommentTable
	case *GraphInsight:
		table = &graphInsightTable
	case *Subscription:
		table = &subscriptionTable
	}
	return table.(*wire.Table[T])
}

// readEntry reads a model that must be there: a null is wrong.
func readEntry[T any](d *wire.Decoder, table *wire.Table[T]) *T {
	if d.Peek() == 'n' {
		d.Fail("an object")
		return nil
	}
	entry := table.New(d)
	table.Read(d, entry)
	return entry
}

// unmarshal reads a model as its UnmarshalJSON. As is the custom, a null changes nothing.
func unmarshal[T any](table *wire.Table[T], data []byte, model *T) error {
	return decodeError(wire.Unmarshal(table, data, model))
}

// marshal writes a model as its MarshalJSON.
func marshal[T any](table *wire.Table[T], model *T) ([]byte, error) {
	text, err := wire.Marshal(table, model)
	if err != nil {
		return nil, fmt.Errorf("instagram: %w", err)
	}
	return text, nil
}

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
	why := strings.TrimPrefix(fmt.Sprint(e.Err), "instagram: ")
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

// Encode writes models to w, each on a line: faster than a json.Encoder, which reads them again.
func Encode[T Model](w io.Writer, models ...*T) error {
	if w == nil {
		return &ParameterError{"writer", "it is nil"}
	}
	if err := wire.Encode(w, tableOf[T](), models); err != nil {
		return fmt.Errorf("instagram: %w", err)
	}
	return nil
}

package instagram

import (
	"fmt"

	"github.com/igv1/instagram/internal/wire"
)

// Model is what an answer can hold. All models come from the wire, and go back to it, by the rules
// that follow: through the client, through [Decode] and its kin, and through encoding/json.
//
// # Reading
//
// Every generation of the wire is read, in any mixture. What older ones named or nested in another
// way is found where the canonical one, that of 2016, has it:
//
//   - a null and an absent member are the same: the zero value of the field;
//   - ids, cursors and all other strings may come as numbers, which keep each of
//     their digits; numbers may come as strings; booleans also as 0 and 1;
//   - counts may be written as 12.0 or 1.2e1, but must be whole;
//   - times are seconds since 1970, as a string or a number, with a fraction if
//     there is one, or ISO 8601 with an offset; they become UTC, and an empty
//     string the zero time;
//   - the media types 1 and 2 are image and video;
//   - message is text, and next within paging is next_url;
//   - comments and likes may be a bare list, whose length is then the count;
//     like_count is the count of likes where these have none;
//   - high_resolution is the standard resolution where there is no other;
//   - any other object with a url in images or videos is a further size;
//   - an attribution may be a string, its name;
//   - a location without a member that is not null is nil.
//
// Where two names for the same are both there, the newer one counts, and the other is kept in Extra
// if it says something else. So is what a field cannot show: an optional member that is there but
// empty, zero or false, such as "bio": "", and coordinates of 0, 0.
//
// A member that no field is for is kept in the Extra of its model: numbers digit for digit, strings
// with no more escapes than they need, without white space.
//
// Of a name that is there twice, the last one counts; of two objects, as with
// encoding/json, the last one for each of their members, but where the field is a
// pointer, all of the last one. Invalid UTF-8, and half a surrogate pair, becomes
// U+FFFD. Integers past 64 bits and floats past
// float64 are errors in a field, and kept as they are in Extra. A float with more
// digits than a float64 holds is rounded. Nesting of more than 10,000 levels is an
// error. Times are of the years 1 to 9999, and others are errors.
//
// Anything else is a [*DecodeError]: a value of another kind, a count that is not one, text that is
// no JSON.
//
// # Writing
//
// Models are written in the canonical generation: the members that it always had, with null where
// it had null, then those that are only there at times, where they say something, then what Extra
// holds, in order of name. A field goes before what Extra has under its name. Floats that JSON has
// no number for, and values in Extra that are no JSON, are errors. Reading what was written gives
// an equal model.
//
// # Memory
//
// The models of one answer may take 32 times as many bytes as its text, or 1 MiB where that is
// more, and no more than 256 MiB. An answer whose models would take more is an error. So it is with
// one entry of [DecodeAll], whose text counts for at least 64 KiB.
//
// The strings of a model are cut from blocks of up to 1 KiB, which stay in memory as long as a part
// of them does, and so do a [MediaEntry], its caption and its location together. A program that
// keeps one short string of each of many models saves memory with [strings.Clone]; the ID of a
// [MediaEntry] needs none, as it is in no block.
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
	d.Entry()
	entry := table.New(d)
	table.Read(d, entry)
	return entry
}

// unmarshal reads a model as its UnmarshalJSON. As is the custom, a null changes nothing.
func unmarshal[T any](table *wire.Table[T], data []byte, model *T) error {
	d := wire.NewDecoder(data)
	defer d.Release()
	var value T
	start := d.Mark()
	null := d.Null()
	if !null {
		table.Read(d, &value)
	}
	d.End()
	if err := d.Failure("", start); err != nil {
		return decodeError(err)
	}
	if !null {
		*model = value
	}
	return nil
}

// marshal writes a model as its MarshalJSON.
func marshal[T any](table *wire.Table[T], model *T) ([]byte, error) {
	text, err := wire.Marshal(table, model)
	if err != nil {
		return nil, fmt.Errorf("instagram: %w", err)
	}
	return text, nil
}

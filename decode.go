package instagram

import "errors"

// Model is what an answer can hold. All models come from the wire, and go back
// to it, by the rules that follow: through the client, through [Decode] and its
// kin, and through encoding/json.
//
// # Reading
//
// Every generation of the wire is read, in any mixture. What older ones named or
// nested in another way is found where the canonical one, that of 2016, has it:
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
// Where two names for the same are both there, the newer one counts, and the
// other is kept in Extra if it says something else. So is what a field cannot
// show: an optional member that is there but empty, zero or false, such as
// "bio": "", and coordinates of 0, 0.
//
// A member that no field is for is kept in the Extra of its model: numbers digit
// for digit, strings with no more escapes than they need, without white space.
//
// Of a name that is there twice, the last one counts; of two objects, as with
// encoding/json, the last one for each of their members, but where the field is a
// pointer, all of the last one. Invalid UTF-8, and half a surrogate pair, becomes
// U+FFFD. Integers past 64 bits and floats past
// float64 are errors in a field, and kept as they are in Extra. A float with more
// digits than a float64 holds is rounded. Nesting of more than 10,000 levels is
// an error.
//
// Anything else is a [*DecodeError]: a value of another kind, a count that is not
// one, text that is no JSON.
//
// # Writing
//
// Models are written in the canonical generation: the members that it always
// had, with null where it had null, then those that are only there at times,
// where they say something, then what Extra holds, in order of name. A field goes
// before what Extra has under its name. Floats that JSON has no number for, and
// values in Extra that are no JSON, are errors. Reading what was written gives an
// equal model.
//
// # Memory
//
// The strings of a model are cut from blocks of 1 KiB, which stay in memory as
// long as one of their strings does. A program that keeps one short string of
// each of many models saves memory with [strings.Clone]; the ID of a
// [MediaEntry] needs none, as it is in no block.
type Model interface {
	MediaEntry | CommentEntry | UserInfo | UserShortInfo | TagInfo | LocationInfo |
		RelationshipInfo | RelationshipStatus | GraphMedia | Subscription
}

// decodable is what pointers to models have; any wire generation comes in by it.
// It fills in what the text has, so the model is to be empty before. No model may
// hold one of its own kind, at any depth: an answer could nest them without end.
type decodable interface{ decode(*decoder) }

// envelope is what an answer comes in.
type envelope[T any] struct {
	Meta       MetaData
	Pagination Pagination

	Data    *T      // of decodeObject; nil where there was none
	Items   []*T    // of decodeList
	Skipped []error // what decodeList left out
}

// decodeObject reads an answer whose data is one object, null or absent. What
// stands beside data is in the envelope even if data itself is wrong.
func decodeObject[T Model](body []byte) (envelope[T], error) {
	var env envelope[T]
	d := newDecoder(body)
	err := env.decode(d, func() error {
		if d.null() {
			return nil
		}
		start := d.pos
		data := new(T)
		if decodeEntry(d, data); d.err == nil {
			env.Data = data
		}
		return d.failure("data", start)
	})
	return env, err
}

// decodeList reads an answer whose data is a list, null or absent. A lenient
// one leaves out the entries that are wrong, and says so in Skipped. What
// stands beside data is in the envelope even if data itself is wrong.
func decodeList[T Model](body []byte, lenient bool) (envelope[T], error) {
	var env envelope[T]
	d := newDecoder(body)
	err := env.decode(d, func() error { return env.decodeItems(d, "data", lenient) })
	return env, err
}

// decodeItems reads the list at path.
func (env *envelope[T]) decodeItems(d *decoder, path string, lenient bool) error {
	list := d.pos
	if d.peek() == '[' {
		env.Items = []*T{}
	}
	index := 0
	for range d.elements {
		start := d.pos
		item := new(T)
		if decodeEntry(d, item); d.err == nil {
			env.Items = append(env.Items, item)
		} else {
			err := d.failure(elementPath(path, index), start)
			d.resume(start)
			if !lenient || d.err != nil { // d.err: the rest is no JSON
				return err
			}
			env.Skipped = append(env.Skipped, err)
		}
		index++
	}
	return d.failure(path, list)
}

// decodeEntry reads what must be there: a null is wrong.
func decodeEntry(d *decoder, entry any) {
	if d.peek() == 'n' {
		d.fail("an object")
		return
	}
	entry.(decodable).decode(d)
}

// decodeMeta reads what an answer says of how the call went, with meta around
// it or without. It is an error if that is nothing.
func decodeMeta(body []byte) (MetaData, error) {
	var env envelope[MediaEntry]
	d := newDecoder(body)
	err := env.decode(d, func() error { d.value(); return nil })
	meta := env.Meta
	if err == nil && meta.Code == 0 && meta.ErrorType == "" && meta.ErrorMessage == "" {
		err = errNoMeta
	}
	if err != nil {
		return MetaData{}, err
	}
	return meta, nil
}

var errNoMeta = errors.New("it has no meta")

var errNoEnvelope = errors.New("neither meta nor data")

// decode reads the members of an answer; data reads the one of that name.
func (env *envelope[T]) decode(d *decoder, data func() error) (failed error) {
	if d.peek() == 'n' {
		d.fail("an object")
	}
	known, code := false, 0
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "meta":
			env.Meta.decode(d)
		case "data":
			if failed = data(); failed != nil {
				d.resume(start) // what else there is may explain it
			}
		case "pagination", "paging":
			env.Pagination.decode(d)
		case "error_type", "error_message":
			// The rate limiter and the OAuth endpoints put no meta around these.
			env.Meta.member(d, string(name))
		case "code":
			code = start // theirs, too, though by itself it would be no sign of an answer
			fallthrough
		default:
			d.value()
			continue
		}
		known = true
	}
	d.end()
	if code > 0 && env.Meta.Code == 0 && env.Meta.failed() && d.err == nil {
		d.pos = code
		env.Meta.Code = d.int()
	}
	if err := d.failure("", 0); err != nil {
		return err
	}
	if !known {
		return &DecodeError{Err: errNoEnvelope}
	}
	return failed
}

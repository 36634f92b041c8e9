package instagram

import "errors"

// Model is what an answer can hold.
type Model interface {
	MediaEntry | CommentEntry | UserInfo | UserShortInfo | TagInfo | LocationInfo |
		RelationshipInfo | RelationshipStatus | GraphMedia | Subscription
}

// decodable is what pointers to models have; any wire generation comes in by it.
// It fills in what the text has, so the model is to be empty before.
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
	index := 0
	for range d.elements {
		start, depth := d.pos, d.depth
		item := new(T)
		if decodeEntry(d, item); d.err == nil {
			env.Items = append(env.Items, item)
		} else {
			err := d.failure(elementPath(path, index), start)
			d.resume(start, depth)
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
// it or without, and reports whether it says anything.
func decodeMeta(body []byte) (MetaData, bool) {
	var env envelope[MediaEntry]
	d := newDecoder(body)
	if err := env.decode(d, func() error { d.value(); return nil }); err != nil {
		return MetaData{}, false
	}
	return env.Meta, env.Meta.Code != 0 || env.Meta.ErrorType != "" || env.Meta.ErrorMessage != ""
}

var errNoEnvelope = errors.New("neither meta nor data")

// decode reads the members of an answer; data reads the one of that name.
func (env *envelope[T]) decode(d *decoder, data func() error) (failed error) {
	if d.peek() == 'n' {
		d.fail("an object")
	}
	known, code := false, 0
	for name := range d.members {
		start, depth := d.pos, d.depth
		switch string(name) {
		case "meta":
			env.Meta.decode(d)
		case "data":
			if failed = data(); failed != nil {
				d.resume(start, depth) // what else there is may explain it
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

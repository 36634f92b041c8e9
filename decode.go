package instagram

import "errors"

// Model is what an answer can hold.
type Model interface {
	MediaEntry | CommentEntry | UserInfo | UserShortInfo | TagInfo | LocationInfo |
		RelationshipInfo | RelationshipStatus
}

// decodable is what pointers to models have; any wire generation comes in by it.
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
		any(data).(decodable).decode(d)
		if err := d.failure("data", start); err != nil {
			return err
		}
		env.Data = data
		return nil
	})
	return env, err
}

// decodeList reads an answer whose data is a list, null or absent. A lenient
// one leaves out the entries that are wrong, and says so in Skipped. What
// stands beside data is in the envelope even if data itself is wrong.
func decodeList[T Model](body []byte, lenient bool) (envelope[T], error) {
	var env envelope[T]
	d := newDecoder(body)
	err := env.decode(d, func() error {
		list := d.pos
		index := 0
		for range d.elements {
			item, err := decodeEntry[T](d, index)
			index++
			switch {
			case err == nil:
				env.Items = append(env.Items, item)
			case lenient && d.err == nil:
				env.Skipped = append(env.Skipped, err)
			default:
				return err
			}
		}
		return d.failure("data", list)
	})
	return env, err
}

// decodeEntry reads one element of a list and, right or wrong, moves behind it.
func decodeEntry[T Model](d *decoder, index int) (*T, error) {
	start := d.pos
	item := new(T)
	if d.peek() == 'n' {
		d.fail("an object")
	} else {
		any(item).(decodable).decode(d)
	}
	if d.err == nil {
		return item, nil
	}
	err := d.failure(elementPath("data", index), start)
	d.resume(start)
	return nil, err
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
	known := false
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "meta":
			env.Meta.decode(d)
		case "code", "error_type", "error_message":
			// As if meta were around them: so the rate limiter and the OAuth endpoints answer.
			env.Meta.member(d, string(name))
		case "data":
			if failed = data(); failed != nil {
				d.resume(start) // what else there is may explain it
			}
		case "pagination", "paging":
			env.Pagination.decode(d)
		default:
			d.value()
			continue
		}
		known = true
	}
	d.end()
	if err := d.failure("", 0); err != nil {
		return err
	}
	if !known {
		return &DecodeError{Err: errNoEnvelope}
	}
	return failed
}

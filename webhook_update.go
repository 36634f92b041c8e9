package instagram

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// Update says that something changed in what a subscription watches. What did
// is for the receiver to ask: the latest media of the object, as a rule.
type Update struct {
	SubscriptionID string
	Object         SubscriptionObject
	ObjectID       string // the user's id, the tag's name, the location's id or the geo-id
	ChangedAspect  string // "media"
	Time           time.Time
	Data           UpdateData

	Extra map[string]json.RawMessage
}

// UpdateData is what some servers say of the change itself.
type UpdateData struct {
	MediaID string // empty where the server does not say

	Extra map[string]json.RawMessage
}

var errNoObject = errors.New("an update names no object")

// decodeUpdates reads the body of a callback.
func decodeUpdates(body []byte) ([]Update, error) {
	d := newDecoder(body)
	var updates, scratch []Update
	if d.peek() == '[' {
		updates = slice(d, &scratch)
	} else {
		d.fail("an array")
	}
	d.end()
	if err := d.failure("", 0); err != nil {
		return nil, err
	}
	for i := range updates {
		if updates[i].Object == "" {
			return nil, &DecodeError{Path: elementPath("", i), Err: errNoObject}
		}
	}
	return updates, nil
}

func (u *Update) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "subscription_id":
			u.SubscriptionID = d.string()
		case "object":
			u.Object = SubscriptionObject(d.string())
		case "object_id":
			u.ObjectID = d.string()
		case "changed_aspect":
			u.ChangedAspect = d.string()
		case "time":
			u.Time = d.time()
		case "data":
			u.Data.decode(d)
		default:
			d.unknown(&u.Extra, name)
		}
	}
}

func (u *UpdateData) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "media_id":
			u.MediaID = optional(d, &u.Extra, "media_id", (*decoder).string)
		default:
			d.unknown(&u.Extra, name)
		}
	}
}

func (u *Update) encode(e *encoder) {
	members := e.open()
	e.string("subscription_id", u.SubscriptionID)
	e.string("object", string(u.Object))
	e.string("object_id", u.ObjectID)
	e.string("changed_aspect", u.ChangedAspect)
	if u.Time.IsZero() {
		e.null("time")
	} else { // a number, unlike times elsewhere
		e.name("time")
		e.data = append(e.data, formatTime(u.Time)...)
	}
	if u.Data.MediaID != "" || len(u.Data.Extra) > 0 {
		e.model("data", &u.Data)
	}
	e.close(members, u.Extra)
}

func (u *UpdateData) encode(e *encoder) {
	members := e.open()
	e.optionalString("media_id", u.MediaID)
	e.close(members, u.Extra)
}

// UnmarshalJSON reads ids and the time as strings or as numbers.
func (u *Update) UnmarshalJSON(data []byte) error { return unmarshal(data, u) }

// MarshalJSON writes ids as strings and the time as a number.
func (u Update) MarshalJSON() ([]byte, error) { return marshal(&u) }

// UnmarshalJSON reads ids as strings or as numbers.
func (u *UpdateData) UnmarshalJSON(data []byte) error { return unmarshal(data, u) }

// MarshalJSON writes ids as strings.
func (u UpdateData) MarshalJSON() ([]byte, error) { return marshal(&u) }

// updateKey tells updates apart. It is a digest, so that what is remembered of
// an update has one size.
type updateKey [16]byte

// key is the same for an update that is sent again. Two media of the same second
// differ in it where the server says which media they are.
func (u *Update) key() updateKey {
	b := make([]byte, 0, 128)
	for _, part := range [...]string{u.SubscriptionID, string(u.Object), u.ObjectID, u.ChangedAspect, u.Data.MediaID} {
		b = strconv.AppendInt(b, int64(len(part)), 10)
		b = append(b, ':')
		b = append(b, part...)
	}
	sum := sha256.Sum256(strconv.AppendInt(b, u.Time.Unix(), 10))
	return updateKey(sum[:])
}

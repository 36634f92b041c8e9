package instagram

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/igv1/instagram/internal/queue"
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

// key is the same for an update that is sent again. Two media of the same second differ in it where
// the server says which media they are. Without a time, each update of an object looks like the one
// before, and is none that is sent again.
func (u *Update) key() queue.Key {
	if u.Time.IsZero() {
		return queue.Key{}
	}
	at := strconv.FormatInt(u.Time.Unix(), 10)
	return queue.KeyOf(u.SubscriptionID, string(u.Object), u.ObjectID, u.ChangedAspect, u.Data.MediaID, at)
}

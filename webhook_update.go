package instagram

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/igv1/instagram/internal/queue"
	"github.com/igv1/instagram/internal/wire"
)

// Update says that something changed in what a subscription watches. What did is for the receiver
// to ask: the latest media of the object, as a rule.
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

// decodeUpdates reads the body of a callback. One of the Graph is an object, or a list of objects,
// with the member entry, which is then in Extra.
func decodeUpdates(body []byte) ([]Update, error) {
	var updates []Update
	err := wire.ReadWhole("", body, func(d *wire.Decoder) {
		start := d.Mark()
		switch d.Peek() {
		case '[':
			updates = updateTable.ReadList(d)
		case '{':
			updates = make([]Update, 1)
			if updateTable.Read(d, &updates[0]); updates[0].Extra[entryMember] == nil {
				d.Return(start)
				d.Fail("an array")
			}
		default:
			d.Fail("an array")
		}
	})
	if err != nil {
		return nil, decodeError(err)
	}
	for i := range updates {
		if updates[i].Object == "" {
			return nil, &DecodeError{Path: wire.Element(i), Err: errNoObject}
		}
	}
	return updates, nil
}

// entryMember is what a notification of the Graph has, and no update of v1.
const entryMember = "entry"

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

package instagram

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/igv1/instagram/internal/wire"
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
	d := wire.NewDecoder(body)
	defer d.Release()
	var updates []Update
	start := d.Mark()
	if d.Peek() == '[' {
		updates = updateTable.ReadList(d)
	} else {
		d.Fail("an array")
	}
	d.End()
	if err := d.Failure("", start); err != nil {
		return nil, decodeError(err)
	}
	for i := range updates {
		if updates[i].Object == "" {
			return nil, &DecodeError{Path: wire.Element(i), Err: errNoObject}
		}
	}
	return updates, nil
}

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

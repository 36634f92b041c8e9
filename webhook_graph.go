package instagram

import (
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/igv1/instagram/internal/queue"
	"github.com/igv1/instagram/internal/wire"
)

// GraphUpdateField names what a [GraphUpdate] is about.
type GraphUpdateField string

// The fields of the object instagram. There are others: what they tell is in the Extra of the
// value.
const (
	GraphUpdateComments      GraphUpdateField = "comments"
	GraphUpdateLiveComments  GraphUpdateField = "live_comments"
	GraphUpdateMentions      GraphUpdateField = "mentions"
	GraphUpdateStoryInsights GraphUpdateField = "story_insights"

	// GraphUpdateMessaging is for messages. They have no field of their own on the wire.
	GraphUpdateMessaging GraphUpdateField = "messaging"
)

// GraphUpdate is one change that the Graph tells a [Webhook]. A notification of the Graph has
// entries, and these have changes: each change is an update of its own.
//
// As JSON, it is an entry with one change: the members object, id, time, field and value.
type GraphUpdate struct {
	Object    string           // "instagram"
	AccountID string           // the id of the entry: the account that the change belongs to
	Time      time.Time        // when the notification was sent
	Field     GraphUpdateField // what the change is about
	Value     GraphUpdateValue // what it says

	Extra map[string]json.RawMessage
}

// GraphUpdateValue is what a [GraphUpdate] says. Which members it has is up to the field.
type GraphUpdateValue struct {
	// Of a comment:
	ID       string // the comment's id
	ParentID string // of a reply, the comment that it is to
	Text     string
	From     GraphUpdateUser
	Media    GraphUpdateMedia

	// Of a mention, and MediaID of story insights too:
	MediaID   string
	CommentID string // empty for a mention in a caption

	// Of story insights, where -1 stands for less than 5:
	Impressions int
	Reach       int
	TapsForward int
	TapsBack    int
	Exits       int
	Replies     int

	Extra map[string]json.RawMessage
}

// GraphUpdateUser is who wrote a comment.
type GraphUpdateUser struct {
	ID       string
	Username string

	Extra map[string]json.RawMessage
}

// GraphUpdateMedia is the media that a comment is on.
type GraphUpdateMedia struct {
	ID              string
	ProductType     string // where it was published: AD, FEED, REELS, STORY and so on
	AdID            string // of an ad
	AdTitle         string // of an ad
	OriginalMediaID string // of an ad, the media that it was made of

	Extra map[string]json.RawMessage
}

// A graphEntry is an entry of a notification: an update where it has one change of its own, or what
// its changes and messages have in common.
type graphEntry struct {
	GraphUpdate
	changes   []GraphUpdate
	messaging []GraphUpdateValue
}

var (
	errNoAccount   = errors.New("an entry names no account")
	errNotForV1    = errors.New("an update of v1, and there is no Handle for it")
	errNotForGraph = errors.New("an update of the Graph, and there is no HandleGraph for it")
)

// decodeEntries reads the entries of a notification about an object.
func decodeEntries(object string, raw []byte) ([]GraphUpdate, error) {
	var entries []graphEntry
	err := wire.ReadWhole("entry", raw, func(d *wire.Decoder) { entries = graphEntryTable.ReadList(d) })
	if err != nil {
		return nil, decodeError(err)
	}
	var updates []GraphUpdate
	for i := range entries {
		entry := &entries[i]
		if entry.AccountID == "" {
			return nil, &DecodeError{Path: "entry" + wire.Element(i), Err: errNoAccount}
		}
		entry.Object = object
		updates = append(updates, entry.updates()...)
	}
	return updates, nil
}

// updates returns the changes of an entry, each as an update.
func (e *graphEntry) updates() []GraphUpdate {
	if len(e.changes) == 0 && len(e.messaging) == 0 {
		return []GraphUpdate{e.GraphUpdate}
	}
	updates := e.changes
	for _, message := range e.messaging {
		updates = append(updates, GraphUpdate{Field: GraphUpdateMessaging, Value: message})
	}
	for i := range updates {
		u := &updates[i]
		u.Object, u.AccountID, u.Time = e.Object, e.AccountID, e.Time
		if extra := maps.Clone(e.Extra); extra != nil {
			maps.Copy(extra, u.Extra)
			u.Extra = extra
		}
	}
	return updates
}

// key is the same for an update that is sent again. It may come in another notification then, which
// has another time; so the time only counts where there is no value.
func (u *GraphUpdate) key() queue.Key {
	at := ""
	if graphUpdateValueTable.IsZero(&u.Value) {
		if u.Time.IsZero() {
			return queue.Key{}
		}
		at = strconv.FormatInt(u.Time.UnixMilli(), 10)
	}
	value, err := u.Value.MarshalJSON()
	if err != nil { // not of a value that was read
		return queue.Key{}
	}
	return queue.KeyOf("graph", u.Object, u.AccountID, string(u.Field), string(value), at)
}

// millis is where times in milliseconds begin: in seconds it would be the year 5138.
const millis = 100_000_000_000

// readGraphTime reads the time of an entry, which is in seconds or, with messages, in milliseconds.
func readGraphTime(d *wire.Decoder, u *GraphUpdate) bool {
	start := d.Mark()
	if n, err := strconv.ParseInt(d.String(), 10, 64); err == nil && millis <= n && n < 1000*millis {
		u.Time = time.UnixMilli(n).UTC()
		return true
	}
	d.Return(start)
	u.Time = d.Time()
	return true
}

// readGraphUpdateValue reads the value of a change. One that is no object is kept in Extra.
func readGraphUpdateValue(d *wire.Decoder, u *GraphUpdate) bool {
	start := d.Mark()
	if d.Peek() == '{' {
		graphUpdateValueTable.Read(d, &u.Value)
		return true
	}
	if d.Skip(); d.Raw(start) != nil {
		d.Keep(&u.Extra, "value", d.Raw(start))
	}
	return true
}

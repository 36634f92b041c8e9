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

var updateTable = wire.Table[Update]{
	Extra: func(u *Update) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[Update]{
		{Name: "subscription_id", Field: func(u *Update) any { return &u.SubscriptionID }},
		{Name: "object", Field: func(u *Update) any { return (*string)(&u.Object) }},
		{Name: "object_id", Field: func(u *Update) any { return &u.ObjectID }},
		{Name: "changed_aspect", Field: func(u *Update) any { return &u.ChangedAspect }},
		// A number, unlike times elsewhere.
		{Name: "time", Field: func(u *Update) any { return &u.Time }, Write: func(e *wire.Encoder, u *Update) { e.UnixTime("time", u.Time) }},
		{Name: "data", Field: func(u *Update) any { return &u.Data }, Model: &updateDataTable, Optional: true},
	},
}

var updateDataTable = wire.Table[UpdateData]{
	Extra: func(u *UpdateData) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[UpdateData]{
		{Name: "media_id", Field: func(u *UpdateData) any { return &u.MediaID }, Optional: true},
	},
}
var graphUpdateTable = wire.Table[GraphUpdate]{
	Extra: func(u *GraphUpdate) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[GraphUpdate]{
		{Name: "object", Field: func(u *GraphUpdate) any { return &u.Object }},
		{Name: "id", Field: func(u *GraphUpdate) any { return &u.AccountID }},
		{Name: "time", Field: func(u *GraphUpdate) any { return &u.Time }, Read: func(d *wire.Decoder, u *GraphUpdate) bool { u.Time = d.TimeOrMillis(); return true },
			Write: func(e *wire.Encoder, u *GraphUpdate) { e.UnixTime("time", u.Time) }},
		{Name: "field", Field: func(u *GraphUpdate) any { return (*string)(&u.Field) }},
		{Name: "value", Field: func(u *GraphUpdate) any { return &u.Value }, Model: &graphUpdateValueTable, Optional: true, Read: readGraphUpdateValue},
	},
}

// graphEntryTable is for entries with a list of changes, with messages, or with one change of their
// own, as apps with Instagram Login receive them.
var graphEntryTable = wire.Table[graphEntry]{
	Extra: func(g *graphEntry) *wire.Extra { return &g.Extra },
	Rows: []wire.Row[graphEntry]{
		{Name: "id", Field: func(g *graphEntry) any { return &g.AccountID }},
		{Name: "time", Field: func(g *graphEntry) any { return &g.Time },
			Read: func(d *wire.Decoder, g *graphEntry) bool { g.Time = d.TimeOrMillis(); return true }},
		{Name: "field", Field: func(g *graphEntry) any { return (*string)(&g.Field) }},
		{Name: "value", Field: func(g *graphEntry) any { return &g.Value }, Model: &graphUpdateValueTable,
			Read: func(d *wire.Decoder, g *graphEntry) bool { return readGraphUpdateValue(d, &g.GraphUpdate) }},
		{Name: "changes", Field: func(g *graphEntry) any { return &g.changes }, Model: &graphUpdateTable},
		{Name: "messaging", Field: func(g *graphEntry) any { return &g.messaging }, Model: &graphUpdateValueTable},
	},
}

// graphUpdateValueTable has optional members alone: which ones there are is up to the field.
var graphUpdateValueTable = wire.Table[GraphUpdateValue]{
	Extra: func(v *GraphUpdateValue) *wire.Extra { return &v.Extra },
	Rows: []wire.Row[GraphUpdateValue]{
		{Name: "id", Field: func(v *GraphUpdateValue) any { return &v.ID }, Optional: true},
		{Name: "parent_id", Field: func(v *GraphUpdateValue) any { return &v.ParentID }, Optional: true},
		{Name: "text", Field: func(v *GraphUpdateValue) any { return &v.Text }, Optional: true},
		{Name: "from", Field: func(v *GraphUpdateValue) any { return &v.From }, Model: &graphUpdateUserTable, Optional: true},
		{Name: "media", Field: func(v *GraphUpdateValue) any { return &v.Media }, Model: &graphUpdateMediaTable, Optional: true},
		{Name: "media_id", Field: func(v *GraphUpdateValue) any { return &v.MediaID }, Optional: true},
		{Name: "comment_id", Field: func(v *GraphUpdateValue) any { return &v.CommentID }, Optional: true},
		{Name: "impressions", Field: func(v *GraphUpdateValue) any { return &v.Impressions }, Optional: true},
		{Name: "reach", Field: func(v *GraphUpdateValue) any { return &v.Reach }, Optional: true},
		{Name: "taps_forward", Field: func(v *GraphUpdateValue) any { return &v.TapsForward }, Optional: true},
		{Name: "taps_back", Field: func(v *GraphUpdateValue) any { return &v.TapsBack }, Optional: true},
		{Name: "exits", Field: func(v *GraphUpdateValue) any { return &v.Exits }, Optional: true},
		{Name: "replies", Field: func(v *GraphUpdateValue) any { return &v.Replies }, Optional: true},
	},
}

var graphUpdateUserTable = wire.Table[GraphUpdateUser]{
	Extra: func(u *GraphUpdateUser) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[GraphUpdateUser]{
		{Name: "id", Field: func(u *GraphUpdateUser) any { return &u.ID }},
		{Name: "username", Field: func(u *GraphUpdateUser) any { return &u.Username }},
	},
}

var graphUpdateMediaTable = wire.Table[GraphUpdateMedia]{
	Extra: func(m *GraphUpdateMedia) *wire.Extra { return &m.Extra },
	Rows: []wire.Row[GraphUpdateMedia]{
		{Name: "id", Field: func(m *GraphUpdateMedia) any { return &m.ID }},
		{Name: "media_product_type", Field: func(m *GraphUpdateMedia) any { return &m.ProductType }, Optional: true},
		{Name: "ad_id", Field: func(m *GraphUpdateMedia) any { return &m.AdID }, Optional: true},
		{Name: "ad_title", Field: func(m *GraphUpdateMedia) any { return &m.AdTitle }, Optional: true},
		{Name: "original_media_id", Field: func(m *GraphUpdateMedia) any { return &m.OriginalMediaID }, Optional: true},
	},
}

// UnmarshalJSON reads ids and the time as strings or as numbers.
func (u *Update) UnmarshalJSON(data []byte) error { return unmarshal(&updateTable, data, u) }

// MarshalJSON writes ids as strings and the time as a number.
func (u Update) MarshalJSON() ([]byte, error) { return marshal(&updateTable, &u) }

// UnmarshalJSON reads ids as strings or as numbers.
func (u *UpdateData) UnmarshalJSON(data []byte) error { return unmarshal(&updateDataTable, data, u) }

// MarshalJSON writes ids as strings.
func (u UpdateData) MarshalJSON() ([]byte, error) { return marshal(&updateDataTable, &u) }

// UnmarshalJSON reads ids and the time as strings or as numbers.
func (u *GraphUpdate) UnmarshalJSON(data []byte) error { return unmarshal(&graphUpdateTable, data, u) }

// MarshalJSON writes ids as strings and the time as a number.
func (u GraphUpdate) MarshalJSON() ([]byte, error) { return marshal(&graphUpdateTable, &u) }

// UnmarshalJSON reads ids as strings or as numbers.
func (v *GraphUpdateValue) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphUpdateValueTable, data, v)
}

// MarshalJSON writes ids as strings.
func (v GraphUpdateValue) MarshalJSON() ([]byte, error) { return marshal(&graphUpdateValueTable, &v) }

// UnmarshalJSON reads ids as strings or as numbers.
func (u *GraphUpdateUser) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphUpdateUserTable, data, u)
}

// MarshalJSON writes ids as strings.
func (u GraphUpdateUser) MarshalJSON() ([]byte, error) { return marshal(&graphUpdateUserTable, &u) }

// UnmarshalJSON reads ids as strings or as numbers.
func (m *GraphUpdateMedia) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphUpdateMediaTable, data, m)
}

// MarshalJSON writes ids as strings.
func (m GraphUpdateMedia) MarshalJSON() ([]byte, error) { return marshal(&graphUpdateMediaTable, &m) }

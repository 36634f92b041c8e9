package instagram

import "github.com/igv1/instagram/internal/wire"

// The tables of updates, as a [Webhook] receives them.

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
		{Name: "time", Field: func(u *GraphUpdate) any { return &u.Time }, Read: readGraphTime,
			Write: func(e *wire.Encoder, u *GraphUpdate) { e.UnixTime("time", u.Time) }},
		{Name: "field", Field: func(u *GraphUpdate) any { return (*string)(&u.Field) }},
		{Name: "value", Field: func(u *GraphUpdate) any { return &u.Value }, Model: &graphUpdateValueTable, Optional: true, Read: readGraphValue},
	},
}

// graphEntryTable is for entries with a list of changes, with messages, or with one change of their
// own, as apps with Instagram Login receive them.
var graphEntryTable = wire.Table[graphEntry]{
	Extra: func(g *graphEntry) *wire.Extra { return &g.Extra },
	Rows: []wire.Row[graphEntry]{
		{Name: "id", Field: func(g *graphEntry) any { return &g.AccountID }},
		{Name: "time", Field: func(g *graphEntry) any { return &g.Time },
			Read: func(d *wire.Decoder, g *graphEntry) bool { return readGraphTime(d, &g.GraphUpdate) }},
		{Name: "field", Field: func(g *graphEntry) any { return (*string)(&g.Field) }},
		{Name: "value", Field: func(g *graphEntry) any { return &g.Value }, Model: &graphUpdateValueTable,
			Read: func(d *wire.Decoder, g *graphEntry) bool { return readGraphValue(d, &g.GraphUpdate) }},
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

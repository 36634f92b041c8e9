package instagram

import "github.com/igv1/instagram/internal/wire"

var userTable = wire.Table[UserInfo]{
	Extra: func(u *UserInfo) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[UserInfo]{
		{Name: "id", Field: func(u *UserInfo) any { return &u.ID }},
		{Name: "username", Own: true, Field: func(u *UserInfo) any { return &u.Username }},
		{Name: "full_name", Own: true, Field: func(u *UserInfo) any { return &u.FullName }},
		{Name: "profile_picture", Own: true, Field: func(u *UserInfo) any { return &u.ProfilePicture }},
		{Name: "bio", Own: true, Field: func(u *UserInfo) any { return &u.Bio }},
		{Name: "website", Own: true, Field: func(u *UserInfo) any { return &u.Website }},
		{Name: "counts", Own: true, Field: func(u *UserInfo) any { return &u.Counts }, Model: &userCountsTable},
		{Name: "first_name", Own: true, Field: func(u *UserInfo) any { return &u.FirstName }, Optional: true},
		{Name: "last_name", Own: true, Field: func(u *UserInfo) any { return &u.LastName }, Optional: true},
		{Name: "type", Field: func(u *UserInfo) any { return &u.Type }, Optional: true},
		{Name: "is_business", Own: true, Field: func(u *UserInfo) any { return &u.IsBusiness }, Optional: true},
	},
}

var userCountsTable = wire.Table[UserCounts]{
	Extra: func(c *UserCounts) *wire.Extra { return &c.Extra },
	Rows: []wire.Row[UserCounts]{
		{Name: "media", Field: func(c *UserCounts) any { return &c.Media }},
		{Name: "follows", Field: func(c *UserCounts) any { return &c.Follows }},
		{Name: "followed_by", Field: func(c *UserCounts) any { return &c.FollowedBy }},
	},
}

var userShortTable = wire.Table[UserShortInfo]{
	Extra: func(u *UserShortInfo) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[UserShortInfo]{
		{Name: "id", Field: func(u *UserShortInfo) any { return &u.ID }},
		{Name: "username", Own: true, Field: func(u *UserShortInfo) any { return &u.Username }},
		{Name: "full_name", Own: true, Field: func(u *UserShortInfo) any { return &u.FullName }},
		{Name: "profile_picture", Own: true, Field: func(u *UserShortInfo) any { return &u.ProfilePicture }},
		{Name: "first_name", Own: true, Field: func(u *UserShortInfo) any { return &u.FirstName }, Optional: true},
		{Name: "last_name", Own: true, Field: func(u *UserShortInfo) any { return &u.LastName }, Optional: true},
		{Name: "type", Field: func(u *UserShortInfo) any { return &u.Type }, Optional: true},
		{Name: "bio", Own: true, Field: func(u *UserShortInfo) any { return &u.Bio }, Optional: true},
		{Name: "website", Own: true, Field: func(u *UserShortInfo) any { return &u.Website }, Optional: true},
		{Name: "is_business", Own: true, Field: func(u *UserShortInfo) any { return &u.IsBusiness }, Optional: true},
	},
}

var tagTable = wire.Table[TagInfo]{
	Extra: func(t *TagInfo) *wire.Extra { return &t.Extra },
	Rows: []wire.Row[TagInfo]{
		{Name: "name", Field: func(t *TagInfo) any { return &t.Name }},
		{Name: "media_count", Own: true, Field: func(t *TagInfo) any { return &t.MediaCount }},
		{Name: "description", Own: true, Field: func(t *TagInfo) any { return &t.Description }, Optional: true},
		{Name: "external_url", Own: true, Field: func(t *TagInfo) any { return &t.ExternalURL }, Optional: true},
	},
}

var relationshipTable = wire.Table[RelationshipInfo]{
	Extra: func(r *RelationshipInfo) *wire.Extra { return &r.Extra },
	Rows: []wire.Row[RelationshipInfo]{
		{Name: "outgoing_status", Own: true, Field: func(r *RelationshipInfo) any { return (*string)(&r.OutgoingStatus) }},
		{Name: "incoming_status", Own: true, Field: func(r *RelationshipInfo) any { return (*string)(&r.IncomingStatus) }},
		{Name: "target_user_is_private", Own: true, Field: func(r *RelationshipInfo) any { return &r.TargetUserIsPrivate }},
	},
}

var relationshipStatusTable = wire.Table[RelationshipStatus]{
	Extra: func(r *RelationshipStatus) *wire.Extra { return &r.Extra },
	Rows: []wire.Row[RelationshipStatus]{
		{Name: "outgoing_status", Own: true, Field: func(r *RelationshipStatus) any { return (*string)(&r.OutgoingStatus) }},
		{Name: "incoming_status", Own: true, Field: func(r *RelationshipStatus) any { return (*string)(&r.IncomingStatus) }, Optional: true},
		{Name: "target_user_is_private", Own: true, Field: func(r *RelationshipStatus) any { return &r.TargetUserIsPrivate }, Optional: true},
	},
}

var metaTable = wire.Table[MetaData]{
	Extra: func(m *MetaData) *wire.Extra { return &m.Extra },
	Rows: []wire.Row[MetaData]{
		{Name: "code", Field: func(m *MetaData) any { return &m.Code }},
		{Name: "error_type", Field: func(m *MetaData) any { return (*string)(&m.ErrorType) }, Optional: true},
		{Name: "error_message", Field: func(m *MetaData) any { return &m.ErrorMessage }, Optional: true},
	},
}

// paginationTable has next, which was next_url in the earliest answers and is so with the Graph.
var paginationTable = wire.Table[Pagination]{
	Extra: func(p *Pagination) *wire.Extra { return &p.Extra },
	Rows: []wire.Row[Pagination]{
		{Name: "next_url", Older: "next", Field: func(p *Pagination) any { return &p.NextURL }, Optional: true},
		{Name: "next_max_id", Field: func(p *Pagination) any { return &p.NextMaxID }, Optional: true},
		{Name: "next_max_like_id", Field: func(p *Pagination) any { return &p.NextMaxLikeID }, Optional: true},
		{Name: "next_cursor", Field: func(p *Pagination) any { return &p.NextCursor }, Optional: true},
		{Name: "next_max_tag_id", Field: func(p *Pagination) any { return &p.NextMaxTagID }, Optional: true},
		{Name: "min_tag_id", Field: func(p *Pagination) any { return &p.MinTagID }, Optional: true},
		{Name: "min_id", Field: func(p *Pagination) any { return &p.MinID }, Optional: true},
		{Name: "next_min_id", Field: func(p *Pagination) any { return &p.NextMinID }, Optional: true},
		{Name: "deprecation_warning", Field: func(p *Pagination) any { return &p.DeprecationWarning }, Optional: true},
		{Name: "previous", Field: func(p *Pagination) any { return &p.PreviousURL }, Optional: true},
		{Name: "cursors", Field: func(p *Pagination) any { return &p.Cursors }, Model: &graphCursorsTable, Optional: true},
	},
	// PHP writes an object without members as an array.
	Bare: func(d *wire.Decoder, _ *Pagination) bool { return d.EmptyArray() },
}

var subscriptionTable = wire.Table[Subscription]{
	Extra: func(s *Subscription) *wire.Extra { return &s.Extra },
	Rows: []wire.Row[Subscription]{
		{Name: "id", Field: func(s *Subscription) any { return &s.ID }},
		{Name: "type", Field: func(s *Subscription) any { return &s.Type }},
		{Name: "object", Own: true, Field: func(s *Subscription) any { return (*string)(&s.Object) }},
		{Name: "object_id", Own: true, Field: func(s *Subscription) any { return &s.ObjectID }, Optional: true},
		{Name: "aspect", Own: true, Field: func(s *Subscription) any { return &s.Aspect }},
		{Name: "callback_url", Own: true, Field: func(s *Subscription) any { return &s.CallbackURL }},
	},
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
		{Name: "time", Field: func(u *GraphUpdate) any { return &u.Time }, Read: readGraphTime,
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
			Read: func(d *wire.Decoder, g *graphEntry) bool { return readGraphTime(d, &g.GraphUpdate) }},
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

var embedTable = wire.Table[Embed]{
	Extra: func(e *Embed) *wire.Extra { return &e.Extra },
	Rows: []wire.Row[Embed]{
		{Name: "version", Field: func(e *Embed) any { return &e.Version }},
		{Name: "type", Field: func(e *Embed) any { return &e.Type }},
		{Name: "title", Field: func(e *Embed) any { return &e.Title }, Optional: true},
		{Name: "html", Field: func(e *Embed) any { return &e.HTML }, Optional: true},
		{Name: "url", Field: func(e *Embed) any { return &e.URL }, Optional: true},
		{Name: "author_name", Field: func(e *Embed) any { return &e.AuthorName }},
		{Name: "author_url", Field: func(e *Embed) any { return &e.AuthorURL }},
		{Name: "author_id", Field: func(e *Embed) any { return &e.AuthorID }},
		{Name: "media_id", Field: func(e *Embed) any { return &e.MediaID }},
		{Name: "provider_name", Field: func(e *Embed) any { return &e.ProviderName }},
		{Name: "provider_url", Field: func(e *Embed) any { return &e.ProviderURL }},
		{Name: "width", Field: func(e *Embed) any { return &e.Width }},
		{Name: "height", Field: func(e *Embed) any { return &e.Height }},
		{Name: "thumbnail_url", Field: func(e *Embed) any { return &e.ThumbnailURL }, Optional: true},
		{Name: "thumbnail_width", Field: func(e *Embed) any { return &e.ThumbnailWidth }, Optional: true},
		{Name: "thumbnail_height", Field: func(e *Embed) any { return &e.ThumbnailHeight }, Optional: true},
	},
}

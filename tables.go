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

// The models of the Graph have optional members alone: which ones, is up to who asked for them.

var graphCursorsTable = wire.Table[GraphCursors]{
	Extra: func(c *GraphCursors) *wire.Extra { return &c.Extra },
	Rows: []wire.Row[GraphCursors]{
		{Name: "before", Field: func(c *GraphCursors) any { return &c.Before }, Optional: true},
		{Name: "after", Field: func(c *GraphCursors) any { return &c.After }, Optional: true},
	},
}

var graphMediaTable = wire.Table[GraphMedia]{
	Extra: graphPartTable.Extra,
	Rows: append(graphPartTable.Rows[:len(graphPartTable.Rows):len(graphPartTable.Rows)], wire.Row[GraphMedia]{
		Name: "children", Own: true, Field: func(m *GraphMedia) any { return &m.Children }, Model: &graphChildrenTable, Optional: true,
	}),
}

var graphChildrenTable = wire.Table[GraphChildren]{
	Extra: func(c *GraphChildren) *wire.Extra { return &c.Extra },
	Rows: []wire.Row[GraphChildren]{
		{Name: "data", Field: func(c *GraphChildren) any { return &c.Data }, Model: &graphPartTable, Optional: true},
	},
}

// graphPartTable is for the parts of an album, which have no parts of their own: what one says of
// children is in its Extra.
var graphPartTable = wire.Table[GraphMedia]{
	Extra: func(m *GraphMedia) *wire.Extra { return &m.Extra },
	Rows: []wire.Row[GraphMedia]{
		{Name: "id", Field: func(m *GraphMedia) any { return &m.ID }, Optional: true},
		{Name: "caption", Field: func(m *GraphMedia) any { return &m.Caption }, Optional: true},
		{Name: "media_type", Own: true, Field: func(m *GraphMedia) any { return (*string)(&m.MediaType) }, Optional: true},
		{Name: "media_url", Own: true, Field: func(m *GraphMedia) any { return &m.MediaURL }, Optional: true},
		{Name: "permalink", Own: true, Field: func(m *GraphMedia) any { return &m.Permalink }, Optional: true},
		{Name: "thumbnail_url", Own: true, Field: func(m *GraphMedia) any { return &m.ThumbnailURL }, Optional: true},
		{Name: "timestamp", Own: true, Field: func(m *GraphMedia) any { return &m.Timestamp }, Optional: true,
			Write: func(e *wire.Encoder, m *GraphMedia) { e.ISOTime("timestamp", m.Timestamp, graphTime) }},
		{Name: "username", Field: func(m *GraphMedia) any { return &m.Username }, Optional: true},
		{Name: "is_shared_to_feed", Own: true, Field: func(m *GraphMedia) any { return &m.IsSharedToFeed }, Optional: true},
		{Name: "media_product_type", Own: true, Field: func(m *GraphMedia) any { return (*string)(&m.MediaProductType) }, Optional: true},
		{Name: "shortcode", Field: func(m *GraphMedia) any { return &m.Shortcode }, Optional: true},
		{Name: "owner", Field: func(m *GraphMedia) any { return &m.Owner }, Model: &graphUserTable, Optional: true},
		{Name: "like_count", Field: func(m *GraphMedia) any { return &m.LikeCount }, Optional: true},
		{Name: "comments_count", Own: true, Field: func(m *GraphMedia) any { return &m.CommentsCount }, Optional: true},
		{Name: "is_comment_enabled", Own: true, Field: func(m *GraphMedia) any { return &m.IsCommentEnabled }, Optional: true},
	},
}

var graphUserTable = wire.Table[GraphUser]{
	Extra: func(u *GraphUser) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[GraphUser]{
		{Name: "id", Field: func(u *GraphUser) any { return &u.ID }, Optional: true},
		{Name: "user_id", Field: func(u *GraphUser) any { return &u.UserID }, Optional: true},
		{Name: "username", Field: func(u *GraphUser) any { return &u.Username }, Optional: true},
		{Name: "name", Field: func(u *GraphUser) any { return &u.Name }, Optional: true},
		{Name: "account_type", Own: true, Field: func(u *GraphUser) any { return &u.AccountType }, Optional: true},
		{Name: "biography", Own: true, Field: func(u *GraphUser) any { return &u.Biography }, Optional: true},
		{Name: "website", Field: func(u *GraphUser) any { return &u.Website }, Optional: true},
		{Name: "profile_picture_url", Own: true, Field: func(u *GraphUser) any { return &u.ProfilePictureURL }, Optional: true},
		{Name: "followers_count", Own: true, Field: func(u *GraphUser) any { return &u.FollowersCount }, Optional: true},
		{Name: "follows_count", Own: true, Field: func(u *GraphUser) any { return &u.FollowsCount }, Optional: true},
		{Name: "media_count", Field: func(u *GraphUser) any { return &u.MediaCount }, Optional: true},
	},
}

var graphCommentTable = wire.Table[GraphComment]{
	Extra: graphReplyTable.Extra,
	Rows: append(graphReplyTable.Rows[:len(graphReplyTable.Rows):len(graphReplyTable.Rows)], wire.Row[GraphComment]{
		Name: "replies", Own: true, Field: func(c *GraphComment) any { return &c.Replies }, Model: &graphRepliesTable, Optional: true,
	}),
}

var graphRepliesTable = wire.Table[GraphReplies]{
	Extra: func(r *GraphReplies) *wire.Extra { return &r.Extra },
	Rows: []wire.Row[GraphReplies]{
		{Name: "data", Field: func(r *GraphReplies) any { return &r.Data }, Model: &graphReplyTable, Optional: true},
	},
}

// graphReplyTable is for replies, which have no replies of their own: what one says of them is in
// its Extra.
var graphReplyTable = wire.Table[GraphComment]{
	Extra: func(c *GraphComment) *wire.Extra { return &c.Extra },
	Rows: []wire.Row[GraphComment]{
		{Name: "id", Field: func(c *GraphComment) any { return &c.ID }, Optional: true},
		{Name: "text", Field: func(c *GraphComment) any { return &c.Text }, Optional: true},
		{Name: "timestamp", Field: func(c *GraphComment) any { return &c.Timestamp }, Optional: true,
			Write: func(e *wire.Encoder, c *GraphComment) { e.ISOTime("timestamp", c.Timestamp, graphTime) }},
		{Name: "username", Field: func(c *GraphComment) any { return &c.Username }, Optional: true},
		{Name: "from", Field: func(c *GraphComment) any { return &c.From }, Model: &graphUserTable, Optional: true},
		{Name: "hidden", Own: true, Field: func(c *GraphComment) any { return &c.Hidden }, Optional: true},
		{Name: "like_count", Field: func(c *GraphComment) any { return &c.LikeCount }, Optional: true},
		{Name: "parent_id", Own: true, Field: func(c *GraphComment) any { return &c.ParentID }, Optional: true},
		{Name: "media", Field: func(c *GraphComment) any { return &c.Media }, Model: &graphPartTable, Optional: true},
	},
}

var graphInsightTable = wire.Table[GraphInsight]{
	Extra: func(i *GraphInsight) *wire.Extra { return &i.Extra },
	Rows: []wire.Row[GraphInsight]{
		{Name: "name", Field: func(i *GraphInsight) any { return (*string)(&i.Name) }, Optional: true},
		{Name: "period", Own: true, Field: func(i *GraphInsight) any { return (*string)(&i.Period) }, Optional: true},
		{Name: "values", Own: true, Field: func(i *GraphInsight) any { return &i.Values }, Model: &graphValueTable, Optional: true},
		{Name: "total_value", Own: true, Field: func(i *GraphInsight) any { return &i.TotalValue }, Model: &graphTotalTable, Optional: true},
		{Name: "title", Field: func(i *GraphInsight) any { return &i.Title }, Optional: true},
		{Name: "description", Field: func(i *GraphInsight) any { return &i.Description }, Optional: true},
		{Name: "id", Field: func(i *GraphInsight) any { return &i.ID }, Optional: true},
	},
}

var graphValueTable = wire.Table[GraphValue]{
	Extra: func(v *GraphValue) *wire.Extra { return &v.Extra },
	Rows: []wire.Row[GraphValue]{
		{Name: "value", Field: func(v *GraphValue) any { return &v.Value }, Optional: true, Read: readGraphValue},
		{Name: "end_time", Field: func(v *GraphValue) any { return &v.EndTime }, Optional: true,
			Write: func(e *wire.Encoder, v *GraphValue) { e.ISOTime("end_time", v.EndTime, graphTime) }},
	},
}

// readGraphValue leaves what is no single figure to Extra.
func readGraphValue(d *wire.Decoder, v *GraphValue) bool {
	if c := d.Peek(); c == '{' || c == '[' {
		d.Skip()
		return false
	}
	v.Value = d.Float()
	return true
}

var graphTotalTable = wire.Table[GraphTotal]{
	Extra: func(t *GraphTotal) *wire.Extra { return &t.Extra },
	Rows: []wire.Row[GraphTotal]{
		{Name: "value", Field: func(t *GraphTotal) any { return &t.Value }, Optional: true},
		{Name: "breakdowns", Field: func(t *GraphTotal) any { return &t.Breakdowns }, Model: &graphBreakdownTable, Optional: true},
	},
}

var graphBreakdownTable = wire.Table[GraphBreakdown]{
	Extra: func(b *GraphBreakdown) *wire.Extra { return &b.Extra },
	Rows: []wire.Row[GraphBreakdown]{
		{Name: "dimension_keys", Field: func(b *GraphBreakdown) any { return &b.DimensionKeys }, Optional: true},
		{Name: "results", Field: func(b *GraphBreakdown) any { return &b.Results }, Model: &graphResultTable, Optional: true},
	},
}

var graphResultTable = wire.Table[GraphBreakdownResult]{
	Extra: func(r *GraphBreakdownResult) *wire.Extra { return &r.Extra },
	Rows: []wire.Row[GraphBreakdownResult]{
		{Name: "dimension_values", Field: func(r *GraphBreakdownResult) any { return &r.DimensionValues }, Optional: true},
		{Name: "value", Field: func(r *GraphBreakdownResult) any { return &r.Value }, Optional: true},
		{Name: "end_time", Field: func(r *GraphBreakdownResult) any { return &r.EndTime }, Optional: true,
			Write: func(e *wire.Encoder, r *GraphBreakdownResult) { e.ISOTime("end_time", r.EndTime, graphTime) }},
	},
}

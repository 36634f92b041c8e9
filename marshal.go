package instagram

// encoding/json, and all that works like it, comes to the same codec by these two methods of each
// model.

// UnmarshalJSON reads every generation of the wire.
func (m *MediaEntry) UnmarshalJSON(data []byte) error { return unmarshal(&mediaTable, data, m) }

// MarshalJSON writes the canonical generation.
func (m MediaEntry) MarshalJSON() ([]byte, error) { return marshal(&mediaTable, &m) }

// UnmarshalJSON reads every generation of the wire.
func (m *CarouselMedia) UnmarshalJSON(data []byte) error { return unmarshal(&carouselTable, data, m) }

// MarshalJSON writes the canonical generation.
func (m CarouselMedia) MarshalJSON() ([]byte, error) { return marshal(&carouselTable, &m) }

// UnmarshalJSON reads every generation of the wire.
func (a *Attribution) UnmarshalJSON(data []byte) error { return unmarshal(&attributionTable, data, a) }

// MarshalJSON writes the canonical generation.
func (a Attribution) MarshalJSON() ([]byte, error) { return marshal(&attributionTable, &a) }

// UnmarshalJSON reads every generation of the wire.
func (c *CaptionData) UnmarshalJSON(data []byte) error {
	return unmarshal(&commentTable, data, (*CommentEntry)(c))
}

// MarshalJSON writes the canonical generation.
func (c CaptionData) MarshalJSON() ([]byte, error) {
	return marshal(&commentTable, (*CommentEntry)(&c))
}

// UnmarshalJSON reads every generation of the wire.
func (c *CommentEntry) UnmarshalJSON(data []byte) error { return unmarshal(&commentTable, data, c) }

// MarshalJSON writes the canonical generation.
func (c CommentEntry) MarshalJSON() ([]byte, error) { return marshal(&commentTable, &c) }

// UnmarshalJSON reads every generation of the wire.
func (c *CommentsCollection) UnmarshalJSON(data []byte) error {
	return unmarshal(&commentsTable, data, c)
}

// MarshalJSON writes the canonical generation.
func (c CommentsCollection) MarshalJSON() ([]byte, error) { return marshal(&commentsTable, &c) }

// UnmarshalJSON reads every generation of the wire.
func (l *LikesCollection) UnmarshalJSON(data []byte) error { return unmarshal(&likesTable, data, l) }

// MarshalJSON writes the canonical generation.
func (l LikesCollection) MarshalJSON() ([]byte, error) { return marshal(&likesTable, &l) }

// UnmarshalJSON reads every generation of the wire.
func (i *ImagesData) UnmarshalJSON(data []byte) error { return unmarshal(&imagesTable, data, i) }

// MarshalJSON writes the canonical generation.
func (i ImagesData) MarshalJSON() ([]byte, error) { return marshal(&imagesTable, &i) }

// UnmarshalJSON reads every generation of the wire.
func (v *VideosData) UnmarshalJSON(data []byte) error { return unmarshal(&videosTable, data, v) }

// MarshalJSON writes the canonical generation.
func (v VideosData) MarshalJSON() ([]byte, error) { return marshal(&videosTable, &v) }

// UnmarshalJSON reads every generation of the wire.
func (i *ImageInfo) UnmarshalJSON(data []byte) error { return unmarshal(&imageTable, data, i) }

// MarshalJSON writes the canonical generation.
func (i ImageInfo) MarshalJSON() ([]byte, error) { return marshal(&imageTable, &i) }

// UnmarshalJSON reads every generation of the wire.
func (l *LocationInfo) UnmarshalJSON(data []byte) error { return unmarshal(&locationTable, data, l) }

// MarshalJSON writes the canonical generation.
func (l LocationInfo) MarshalJSON() ([]byte, error) { return marshal(&locationTable, &l) }

// UnmarshalJSON reads every generation of the wire.
func (u *UserInPhoto) UnmarshalJSON(data []byte) error { return unmarshal(&userInPhotoTable, data, u) }

// MarshalJSON writes the canonical generation.
func (u UserInPhoto) MarshalJSON() ([]byte, error) { return marshal(&userInPhotoTable, &u) }

// UnmarshalJSON reads every generation of the wire.
func (p *Position) UnmarshalJSON(data []byte) error { return unmarshal(&positionTable, data, p) }

// MarshalJSON writes the canonical generation.
func (p Position) MarshalJSON() ([]byte, error) { return marshal(&positionTable, &p) }

// UnmarshalJSON reads every generation of the wire.
func (u *UserInfo) UnmarshalJSON(data []byte) error { return unmarshal(&userTable, data, u) }

// MarshalJSON writes the canonical generation.
func (u UserInfo) MarshalJSON() ([]byte, error) { return marshal(&userTable, &u) }

// UnmarshalJSON reads every generation of the wire.
func (c *UserCounts) UnmarshalJSON(data []byte) error { return unmarshal(&userCountsTable, data, c) }

// MarshalJSON writes the canonical generation.
func (c UserCounts) MarshalJSON() ([]byte, error) { return marshal(&userCountsTable, &c) }

// UnmarshalJSON reads every generation of the wire.
func (u *UserShortInfo) UnmarshalJSON(data []byte) error { return unmarshal(&userShortTable, data, u) }

// MarshalJSON writes the canonical generation.
func (u UserShortInfo) MarshalJSON() ([]byte, error) { return marshal(&userShortTable, &u) }

// UnmarshalJSON reads every generation of the wire.
func (t *TagInfo) UnmarshalJSON(data []byte) error { return unmarshal(&tagTable, data, t) }

// MarshalJSON writes the canonical generation.
func (t TagInfo) MarshalJSON() ([]byte, error) { return marshal(&tagTable, &t) }

// UnmarshalJSON reads every generation of the wire.
func (r *RelationshipInfo) UnmarshalJSON(data []byte) error {
	return unmarshal(&relationshipTable, data, r)
}

// MarshalJSON writes the canonical generation.
func (r RelationshipInfo) MarshalJSON() ([]byte, error) { return marshal(&relationshipTable, &r) }

// UnmarshalJSON reads every generation of the wire.
func (r *RelationshipStatus) UnmarshalJSON(data []byte) error {
	return unmarshal(&relationshipStatusTable, data, r)
}

// MarshalJSON writes the canonical generation.
func (r RelationshipStatus) MarshalJSON() ([]byte, error) {
	return marshal(&relationshipStatusTable, &r)
}

// UnmarshalJSON reads every generation of the wire.
func (m *MetaData) UnmarshalJSON(data []byte) error { return unmarshal(&metaTable, data, m) }

// MarshalJSON writes the canonical generation.
func (m MetaData) MarshalJSON() ([]byte, error) { return marshal(&metaTable, &m) }

// UnmarshalJSON reads every generation of the wire.
func (p *Pagination) UnmarshalJSON(data []byte) error { return unmarshal(&paginationTable, data, p) }

// MarshalJSON writes the canonical generation.
func (p Pagination) MarshalJSON() ([]byte, error) { return marshal(&paginationTable, &p) }

// UnmarshalJSON reads a media as the Graph writes it.
func (m *GraphMedia) UnmarshalJSON(data []byte) error { return unmarshal(&graphMediaTable, data, m) }

// MarshalJSON writes a media as the Graph does.
func (m GraphMedia) MarshalJSON() ([]byte, error) { return marshal(&graphMediaTable, &m) }

// UnmarshalJSON reads children as the Graph writes them.
func (c *GraphChildren) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphChildrenTable, data, c)
}

// MarshalJSON writes children as the Graph does.
func (c GraphChildren) MarshalJSON() ([]byte, error) { return marshal(&graphChildrenTable, &c) }

// UnmarshalJSON reads cursors as the Graph writes them.
func (c *GraphCursors) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphCursorsTable, data, c)
}

// MarshalJSON writes cursors as the Graph does.
func (c GraphCursors) MarshalJSON() ([]byte, error) { return marshal(&graphCursorsTable, &c) }

// UnmarshalJSON reads what the Graph writes.
func (u *GraphUser) UnmarshalJSON(data []byte) error { return unmarshal(&graphUserTable, data, u) }

// MarshalJSON writes it as the Graph does.
func (u GraphUser) MarshalJSON() ([]byte, error) { return marshal(&graphUserTable, &u) }

// UnmarshalJSON reads what the Graph writes.
func (c *GraphComment) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphCommentTable, data, c)
}

// MarshalJSON writes it as the Graph does.
func (c GraphComment) MarshalJSON() ([]byte, error) { return marshal(&graphCommentTable, &c) }

// UnmarshalJSON reads what the Graph writes.
func (r *GraphReplies) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphRepliesTable, data, r)
}

// MarshalJSON writes it as the Graph does.
func (r GraphReplies) MarshalJSON() ([]byte, error) { return marshal(&graphRepliesTable, &r) }

// UnmarshalJSON reads what the Graph writes.
func (i *GraphInsight) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphInsightTable, data, i)
}

// MarshalJSON writes it as the Graph does.
func (i GraphInsight) MarshalJSON() ([]byte, error) { return marshal(&graphInsightTable, &i) }

// UnmarshalJSON reads what the Graph writes.
func (v *GraphValue) UnmarshalJSON(data []byte) error { return unmarshal(&graphValueTable, data, v) }

// MarshalJSON writes it as the Graph does.
func (v GraphValue) MarshalJSON() ([]byte, error) { return marshal(&graphValueTable, &v) }

// UnmarshalJSON reads what the Graph writes.
func (t *GraphTotal) UnmarshalJSON(data []byte) error { return unmarshal(&graphTotalTable, data, t) }

// MarshalJSON writes it as the Graph does.
func (t GraphTotal) MarshalJSON() ([]byte, error) { return marshal(&graphTotalTable, &t) }

// UnmarshalJSON reads what the Graph writes.
func (b *GraphBreakdown) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphBreakdownTable, data, b)
}

// MarshalJSON writes it as the Graph does.
func (b GraphBreakdown) MarshalJSON() ([]byte, error) { return marshal(&graphBreakdownTable, &b) }

// UnmarshalJSON reads what the Graph writes.
func (r *GraphBreakdownResult) UnmarshalJSON(data []byte) error {
	return unmarshal(&graphResultTable, data, r)
}

// MarshalJSON writes it as the Graph does.
func (r GraphBreakdownResult) MarshalJSON() ([]byte, error) { return marshal(&graphResultTable, &r) }

// UnmarshalJSON reads ids as strings or as numbers.
func (s *Subscription) UnmarshalJSON(data []byte) error {
	return unmarshal(&subscriptionTable, data, s)
}

// MarshalJSON writes ids as strings.
func (s Subscription) MarshalJSON() ([]byte, error) { return marshal(&subscriptionTable, &s) }

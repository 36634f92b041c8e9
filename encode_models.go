package instagram

import "slices"

func (m *MediaEntry) encode(e *encoder) {
	members := e.open()
	e.string("id", m.ID)
	e.string("type", string(m.Type))
	e.model("user", &m.User)
	if m.Caption == nil {
		e.null("caption")
	} else {
		e.model("caption", m.Caption)
	}
	e.model("comments", &m.Comments)
	e.model("likes", &m.Likes)
	e.model("images", &m.Images)
	if m.Videos != nil {
		e.model("videos", m.Videos)
	}
	if m.Location == nil {
		e.null("location")
	} else {
		e.model("location", m.Location)
	}
	e.string("link", m.Link)
	e.string("filter", m.Filter)
	e.tags(m.Tags)
	e.time("created_time", m.CreatedTime)
	encodeSlice(e, "users_in_photo", m.UsersInPhoto)
	e.bool("user_has_liked", m.UserHasLiked)
	if m.Attribution == nil {
		e.null("attribution")
	} else {
		e.model("attribution", m.Attribution)
	}
	if m.Distance != 0 {
		e.float("distance", m.Distance)
	}
	if m.CarouselMedia != nil {
		encodeSlice(e, "carousel_media", m.CarouselMedia)
	}
	e.close(members, m.Extra)
}

func (e *encoder) tags(tags []string) {
	if tags == nil {
		e.null("tags")
		return
	}
	e.name("tags")
	e.data = append(e.data, '[')
	for _, tag := range tags {
		e.separate('[')
		e.quote(tag)
	}
	e.data = append(e.data, ']')
}

// encode leaves out the images that a video in a carousel does not have.
func (m *CarouselMedia) encode(e *encoder) {
	members := e.open()
	e.string("type", string(m.Type))
	if !m.Images.isZero() {
		e.model("images", &m.Images)
	}
	if m.Videos != nil {
		e.model("videos", m.Videos)
	}
	encodeSlice(e, "users_in_photo", m.UsersInPhoto)
	e.close(members, m.Extra)
}

func (a *Attribution) encode(e *encoder) {
	members := e.open()
	e.string("name", a.Name)
	e.string("website", a.Website)
	e.string("itunes_url", a.ITunesURL)
	e.close(members, a.Extra)
}

func (c *CaptionData) encode(e *encoder) { (*CommentEntry)(c).encode(e) }

func (c *CommentEntry) encode(e *encoder) {
	members := e.open()
	e.string("id", c.ID)
	e.time("created_time", c.CreatedTime)
	e.string("text", c.Text)
	e.model("from", &c.From)
	e.close(members, c.Extra)
}

func (c *CommentsCollection) encode(e *encoder) {
	members := e.open()
	e.int("count", c.Count)
	if c.Data != nil {
		encodeSlice(e, "data", c.Data)
	}
	e.close(members, c.Extra)
}

func (l *LikesCollection) encode(e *encoder) {
	members := e.open()
	e.int("count", l.Count)
	if l.Data != nil {
		encodeSlice(e, "data", l.Data)
	}
	e.close(members, l.Extra)
}

func (i *ImagesData) encode(e *encoder) {
	members := e.open()
	e.model("thumbnail", &i.Thumbnail)
	e.model("low_resolution", &i.LowResolution)
	e.model("standard_resolution", &i.StandardResolution)
	if !i.HighResolution.isZero() {
		e.model("high_resolution", &i.HighResolution)
	}
	e.sizes(members, i.Sizes)
	e.close(members, i.Extra)
}

func (v *VideosData) encode(e *encoder) {
	members := e.open()
	e.model("low_resolution", &v.LowResolution)
	e.model("standard_resolution", &v.StandardResolution)
	if !v.LowBandwidth.isZero() {
		e.model("low_bandwidth", &v.LowBandwidth)
	}
	e.sizes(members, v.Sizes)
	e.close(members, v.Extra)
}

// sizes writes the further sizes; a field goes before one of the same name.
func (e *encoder) sizes(members int, sizes map[string]ImageInfo) {
	for _, name := range sortedNames(sizes) {
		if !slices.Contains(e.names[members:], name) {
			size := sizes[name]
			e.model(name, &size)
		}
	}
}

func (i *ImageInfo) encode(e *encoder) {
	members := e.open()
	e.string("url", i.URL)
	e.int("width", i.Width)
	e.int("height", i.Height)
	e.close(members, i.Extra)
}

// encode leaves out the coordinates of a place that has none.
func (l *LocationInfo) encode(e *encoder) {
	members := e.open()
	e.string("id", l.ID)
	e.string("name", l.Name)
	if l.Latitude != 0 || l.Longitude != 0 {
		e.float("latitude", l.Latitude)
		e.float("longitude", l.Longitude)
	}
	e.optionalString("street_address", l.StreetAddress)
	e.close(members, l.Extra)
}

func (u *UserInPhoto) encode(e *encoder) {
	members := e.open()
	e.model("user", &u.User)
	e.model("position", &u.Position)
	e.close(members, u.Extra)
}

func (p *Position) encode(e *encoder) {
	members := e.open()
	e.float("x", p.X)
	e.float("y", p.Y)
	e.close(members, p.Extra)
}

func (u *UserInfo) encode(e *encoder) {
	members := e.open()
	e.string("id", u.ID)
	e.string("username", u.Username)
	e.string("full_name", u.FullName)
	e.string("profile_picture", u.ProfilePicture)
	e.string("bio", u.Bio)
	e.string("website", u.Website)
	e.model("counts", &u.Counts)
	e.optionalString("first_name", u.FirstName)
	e.optionalString("last_name", u.LastName)
	e.optionalString("type", u.Type)
	e.optionalBool("is_business", u.IsBusiness)
	e.close(members, u.Extra)
}

func (c *UserCounts) encode(e *encoder) {
	members := e.open()
	e.int("media", c.Media)
	e.int("follows", c.Follows)
	e.int("followed_by", c.FollowedBy)
	e.close(members, c.Extra)
}

func (u *UserShortInfo) encode(e *encoder) {
	members := e.open()
	e.string("id", u.ID)
	e.string("username", u.Username)
	e.string("full_name", u.FullName)
	e.string("profile_picture", u.ProfilePicture)
	e.optionalString("first_name", u.FirstName)
	e.optionalString("last_name", u.LastName)
	e.optionalString("type", u.Type)
	e.optionalString("bio", u.Bio)
	e.optionalString("website", u.Website)
	e.optionalBool("is_business", u.IsBusiness)
	e.close(members, u.Extra)
}

func (t *TagInfo) encode(e *encoder) {
	members := e.open()
	e.string("name", t.Name)
	e.int("media_count", t.MediaCount)
	e.optionalString("description", t.Description)
	e.optionalString("external_url", t.ExternalURL)
	e.close(members, t.Extra)
}

func (r *RelationshipInfo) encode(e *encoder) {
	members := e.open()
	e.string("outgoing_status", string(r.OutgoingStatus))
	e.string("incoming_status", string(r.IncomingStatus))
	e.bool("target_user_is_private", r.TargetUserIsPrivate)
	e.close(members, r.Extra)
}

func (r *RelationshipStatus) encode(e *encoder) {
	members := e.open()
	e.string("outgoing_status", string(r.OutgoingStatus))
	e.optionalString("incoming_status", string(r.IncomingStatus))
	e.optionalBool("target_user_is_private", r.TargetUserIsPrivate)
	e.close(members, r.Extra)
}

func (m *MetaData) encode(e *encoder) {
	members := e.open()
	e.int("code", m.Code)
	e.optionalString("error_type", string(m.ErrorType))
	e.optionalString("error_message", m.ErrorMessage)
	e.close(members, m.Extra)
}

func (p *Pagination) encode(e *encoder) {
	members := e.open()
	e.optionalString("next_url", p.NextURL)
	e.optionalString("next_max_id", p.NextMaxID)
	e.optionalString("next_max_like_id", p.NextMaxLikeID)
	e.optionalString("next_cursor", p.NextCursor)
	e.optionalString("next_max_tag_id", p.NextMaxTagID)
	e.optionalString("min_tag_id", p.MinTagID)
	e.optionalString("min_id", p.MinID)
	e.optionalString("next_min_id", p.NextMinID)
	e.optionalString("deprecation_warning", p.DeprecationWarning)
	e.optionalString("previous", p.PreviousURL)
	if p.Cursors.Before != "" || p.Cursors.After != "" || len(p.Cursors.Extra) > 0 {
		e.model("cursors", &p.Cursors)
	}
	e.close(members, p.Extra)
}

package instagramtest

import "strconv"

// recordedWire writes a world that was recorded: like the generation that it stands on, with what was recorded in place
// of what a server would make up.
type recordedWire struct {
	encoder
	wire Wire
}

func (e recordedWire) userInfo(b []byte, u *user) []byte {
	b = e.encoder.userInfo(b, u)
	return append(append(b[:len(b)-1], u.more...), '}')
}

func (e recordedWire) tag(b []byte, t *tag) []byte {
	b = append(b, `{"media_count":`...)
	b = appendInt(b, len(t.media)+t.unseen)
	b = append(b, `,"name":`...)
	b = quote(b, t.name)
	return append(b, '}')
}

func (e recordedWire) mediaID(m *media) string {
	if m.recorded != nil && e.wire != Wire2011 {
		return m.recorded.id
	}
	return e.encoder.mediaID(m)
}

func (e recordedWire) media(b []byte, m *media, v view) []byte {
	r := m.recorded
	if r == nil {
		return e.encoder.media(b, m, v)
	}
	b = append(b, `{"id":`...)
	switch {
	case e.wire == Wire2011:
		b = appendUint(b, m.number)
	default:
		b = quote(b, r.id)
	}
	b = append(b, `,"type":`...)
	switch {
	case e.wire == Wire2011 && m.kind == kindVideo:
		b = append(b, '2')
	case e.wire == Wire2011:
		b = append(b, '1')
	case e.wire == Wire2013 && m.kind == kindCarousel:
		b = append(b, `"image"`...)
	default:
		b = quote(b, m.kind.String())
	}
	b = append(b, `,"user":`...)
	b = e.user(b, m.owner)
	b = append(b, `,"created_time":`...)
	if e.wire == Wire2011 {
		b = quotedDate(b, m.created)
	} else {
		b = quotedTime(b, m.created)
	}
	if m.caption != nil {
		b = append(b, `,"caption":`...)
		b = e.comment(b, m.caption)
	} else if e.wire != Wire2011 {
		b = append(b, `,"caption":null`...)
	}
	b = e.reactions(b, m)
	if len(m.tagged) > 0 {
		b = append(b, ',')
		b = appendTagged(b, m.tagged, e.user)
	}
	if v.viewer != nil {
		b = append(b, `,"user_has_liked":`...)
		b = strconv.AppendBool(b, v.viewer.likes[m.number] != 0)
	}
	b = append(b, r.members...)
	b = appendDistance(b, v)
	return append(b, '}')
}

// reactions writes the comments and likes, counting those that were not recorded.
func (e recordedWire) reactions(b []byte, m *media) []byte {
	comments, likes := len(m.comments)+m.recorded.unseenComments, len(m.likes)+m.recorded.unseenLikes
	data := func(b []byte, name string, n int, write func(b []byte) []byte) []byte {
		b = appendMember(b, name, strconv.AppendInt([]byte(`{"count":`), int64(n), 10))
		if e.wire == Wire2013 {
			b = write(append(b, `,"data":`...))
		}
		return append(b, '}')
	}
	someComments := func(b []byte) []byte { return list(b, latest(m.comments, commentsShown), e.comment) }
	if e.wire == Wire2011 {
		b = appendMember(b, "comments", someComments(nil))
		return appendMember(b, "like_count", strconv.AppendInt(nil, int64(likes), 10))
	}
	b = data(b, "comments", comments, someComments)
	return data(b, "likes", likes, func(b []byte) []byte {
		return list(b, latest(m.likes, likesShown), func(b []byte, l link[*user]) []byte { return e.user(b, l.to) })
	})
}

package instagramtest

import "strconv"

// wire2017 is the API of 2016 to 2020.
type wire2017 struct{ origin string }

func (e wire2017) mediaID(m *media) string { return string(appendMediaID(nil, m)) }

func (e wire2017) user(b []byte, u *user) []byte {
	before, _ := u.encoded.get(func() ([]byte, []byte) {
		b := append([]byte(nil), `{"id":`...)
		b = quotedUint(b, u.id)
		b = append(b, `,"full_name":`...)
		b = quote(b, u.fullName)
		b = append(b, `,"profile_picture":`...)
		b = quote(b, profileURL(e.origin, u))
		b = append(b, `,"username":`...)
		b = quote(b, u.username)
		return append(b, '}'), nil
	})
	return append(b, before...)
}

func (e wire2017) foundUser(b []byte, u *user) []byte { return e.user(b, u) }

func (e wire2017) userInfo(b []byte, u *user) []byte {
	b = append(b, `{"id":`...)
	b = quotedUint(b, u.id)
	b = append(b, `,"username":`...)
	b = quote(b, u.username)
	b = append(b, `,"profile_picture":`...)
	b = quote(b, profileURL(e.origin, u))
	b = append(b, `,"full_name":`...)
	b = quote(b, u.fullName)
	b = append(b, `,"bio":`...)
	b = quote(b, u.bio)
	b = append(b, `,"website":`...)
	b = quote(b, u.website)
	b = append(b, `,"is_business":`...)
	b = strconv.AppendBool(b, u.business)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

func (e wire2017) media(b []byte, m *media, v view) []byte {
	before, after := m.encoded.get(func() ([]byte, []byte) { return e.before(m), e.after(m) })
	b = append(b, before...)
	b = appendLiked(b, m, v)
	b = append(b, `"likes":{"count":`...)
	b = appendInt(b, len(m.likes))
	b = append(b, `},"comments":{"count":`...)
	b = appendInt(b, len(m.comments))
	b = append(b, after...)
	b = appendDistance(b, v)
	return append(b, '}')
}

func (e wire2017) before(m *media) []byte {
	b := append([]byte(nil), `{"id":"`...)
	b = appendMediaID(b, m)
	b = append(b, `","user":`...)
	b = e.user(b, m.owner)
	b = append(b, ',')
	b = e.images(b, m, 0)
	b = append(b, `,"created_time":`...)
	b = quotedTime(b, m.created)
	b = append(b, `,"caption":`...)
	switch {
	case m.caption == nil:
		b = append(b, "null"...)
	case m.kind == kindCarousel:
		// The newest kind of media is where times came as numbers now and then.
		b = e.text(b, m.caption, strconv.AppendInt(nil, m.caption.created, 10))
	default:
		b = e.comment(b, m.caption)
	}
	return append(b, ',')
}

func (e wire2017) after(m *media) []byte {
	b := append([]byte(nil), `},"tags":`...)
	b = list(b, m.tags, quote)
	b = append(b, `,"filter":`...)
	b = quote(b, m.filter)
	b = append(b, `,"type":"`...)
	b = append(b, m.kind.String()...)
	b = append(b, `",`...)
	b = appendLink(b, e.origin, m)
	b = append(b, `,"location":`...)
	b = appendLocation(b, m, e)
	b = append(b, `,"attribution":null,`...)
	b = appendTagged(b, m.tagged, e.user)
	if m.kind == kindVideo {
		b = append(b, ',')
		b = e.videos(b, m, 0)
	}
	if m.kind == kindCarousel {
		b = append(b, `,"carousel_media":[`...)
		for i, p := range m.parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '{')
			b = e.images(b, m, i+1)
			if p.kind == kindVideo {
				b = append(b, ',')
				b = e.videos(b, m, i+1)
			}
			b = append(b, ',')
			b = appendTagged(b, p.tagged, e.user)
			b = append(b, `,"type":"`...)
			b = append(b, p.kind.String()...)
			b = append(b, `"}`...)
		}
		b = append(b, ']')
	}
	return b
}

func (e wire2017) images(b []byte, m *media, part int) []byte {
	return appendRenditions(b, "images", e.origin, m, part,
		[]rendition{{"thumbnail", square150}, {"low_resolution", wide320}, {"standard_resolution", wide640}, {"high_resolution", wide1080}})
}

func (e wire2017) videos(b []byte, m *media, part int) []byte {
	return appendRenditions(b, "videos", e.origin, m, part,
		[]rendition{{"standard_resolution", wide640}, {"low_bandwidth", wide480}, {"low_resolution", wide480}})
}

func (e wire2017) comment(b []byte, c *comment) []byte {
	return e.text(b, c, quotedTime(nil, c.created))
}

func (e wire2017) text(b []byte, c *comment, created []byte) []byte {
	b = append(b, `{"id":`...)
	b = quotedUint(b, c.id)
	b = append(b, `,"text":`...)
	b = quote(b, c.text)
	b = append(b, `,"created_time":`...)
	b = append(b, created...)
	b = append(b, `,"from":`...)
	b = e.user(b, c.from)
	return append(b, '}')
}

func (e wire2017) posted(b []byte, c *comment) []byte { return e.comment(b, c) }

func (e wire2017) tag(b []byte, t *tag) []byte {
	b = append(b, `{"name":`...)
	b = quote(b, t.name)
	b = append(b, `,"media_count":`...)
	b = appendInt(b, len(t.media))
	return append(b, '}')
}

func (e wire2017) place(b []byte, p *place) []byte {
	b = append(b, `{"id":`...)
	b = appendUint(b, p.id)
	b = append(b, ',')
	b = appendPoint(b, p.point)
	b = append(b, `,"name":`...)
	b = quote(b, p.name)
	return append(b, '}')
}

func (e wire2017) pagination(b []byte, p page) []byte { return appendPagination(b, p) }

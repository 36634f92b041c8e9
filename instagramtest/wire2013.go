package instagramtest

// wire2013 is the API of 2011 to 2015.
type wire2013 struct{ origin string }

// How many of its comments and likes came with a media.
const (
	commentsShown = 8
	likesShown    = 10
)

func (e wire2013) mediaID(m *media) string { return string(appendMediaID(nil, m)) }

func (e wire2013) user(b []byte, u *user) []byte {
	before, _ := u.encoded.get(func() ([]byte, []byte) {
		b := append([]byte(nil), `{"username":`...)
		b = quoteASCII(b, u.username)
		b = append(b, `,"profile_picture":`...)
		b = quoteASCII(b, profileURL(e.origin, u))
		b = append(b, `,"id":`...)
		b = quotedUint(b, u.id)
		b = append(b, `,"full_name":`...)
		b = quoteASCII(b, u.fullName)
		return append(b, '}'), nil
	})
	return append(b, before...)
}

func (e wire2013) foundUser(b []byte, u *user) []byte { return append(e.profile(b, u), '}') }

func (e wire2013) userInfo(b []byte, u *user) []byte {
	b = e.profile(b, u)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

// profile writes a user with bio and website, and leaves the object open.
func (e wire2013) profile(b []byte, u *user) []byte {
	b = append(b, `{"username":`...)
	b = quoteASCII(b, u.username)
	b = append(b, `,"bio":`...)
	b = quoteASCII(b, u.bio)
	b = append(b, `,"website":`...)
	b = quoteASCII(b, u.website)
	b = append(b, `,"profile_picture":`...)
	b = quoteASCII(b, profileURL(e.origin, u))
	b = append(b, `,"full_name":`...)
	b = quoteASCII(b, u.fullName)
	b = append(b, `,"id":`...)
	return quotedUint(b, u.id)
}

func (e wire2013) media(b []byte, m *media, v view) []byte {
	before, after := m.encoded.get(func() ([]byte, []byte) { return e.before(m), e.after(m) })
	b = append(b, before...)
	b = append(b, `"comments":{"count":`...)
	b = appendInt(b, len(m.comments))
	b = append(b, `,"data":`...)
	b = list(b, latest(m.comments, commentsShown), e.comment)
	b = append(b, `},"likes":{"count":`...)
	b = appendInt(b, len(m.likes))
	b = append(b, `,"data":`...)
	b = list(b, latest(m.likes, likesShown), func(b []byte, l link[*user]) []byte { return e.user(b, l.to) })
	b = append(b, `},`...)
	b = appendLiked(b, m, v)
	b = append(b, after...)
	b = appendDistance(b, v)
	return append(b, '}')
}

func latest[S ~[]T, T any](s S, n int) S { return s[max(0, len(s)-n):] }

func (e wire2013) before(m *media) []byte {
	b := append([]byte(nil), `{"attribution":`...)
	if m.app == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, `{"website":`...)
		b = quoteASCII(b, m.app.website)
		b = append(b, `,"itunes_url":`...)
		b = quoteASCII(b, m.app.itunesURL)
		b = append(b, `,"name":`...)
		b = quoteASCII(b, m.app.name)
		b = append(b, '}')
	}
	b = append(b, `,"tags":`...)
	b = list(b, m.tags, quoteASCII)
	b = append(b, `,"type":"`...)
	if m.kind == kindVideo {
		b = append(b, "video"...)
	} else {
		b = append(b, "image"...) // a carousel shows its first picture
	}
	b = append(b, `","location":`...)
	b = appendLocation(b, m, e)
	b = append(b, `,"filter":`...)
	b = quoteASCII(b, m.filter)
	b = append(b, `,"created_time":`...)
	b = quotedTime(b, m.created)
	b = append(b, ',')
	b = appendLink(b, e.origin, m)
	b = append(b, ',')
	return b
}

func (e wire2013) after(m *media) []byte {
	b := appendRenditions(nil, "images", e.origin, m, 0,
		[]rendition{{"low_resolution", square306}, {"thumbnail", square150}, {"standard_resolution", square612}})
	b = append(b, ',')
	if m.kind == kindVideo {
		b = appendRenditions(b, "videos", e.origin, m, 0,
			[]rendition{{"low_bandwidth", square480}, {"low_resolution", square480}, {"standard_resolution", square640}})
		b = append(b, ',')
	}
	b = appendTagged(b, m.tagged, e.user)
	b = append(b, `,"caption":`...)
	if m.caption == nil {
		b = append(b, "null"...)
	} else {
		b = e.comment(b, m.caption)
	}
	b = append(b, `,"id":"`...)
	b = appendMediaID(b, m)
	b = append(b, `","user":`...)
	b = e.profile(b, m.owner)
	return append(b, '}')
}

func (e wire2013) comment(b []byte, c *comment) []byte {
	b = append(b, `{"created_time":`...)
	b = quotedTime(b, c.created)
	b = append(b, `,"text":`...)
	b = quoteASCII(b, c.text)
	b = append(b, `,"from":`...)
	b = e.user(b, c.from)
	b = append(b, `,"id":`...)
	b = quotedUint(b, c.id)
	return append(b, '}')
}

func (e wire2013) posted(b []byte, c *comment) []byte { return e.comment(b, c) }

func (e wire2013) tag(b []byte, t *tag) []byte {
	b = append(b, `{"media_count":`...)
	b = appendInt(b, len(t.media))
	b = append(b, `,"name":`...)
	b = quoteASCII(b, t.name)
	return append(b, '}')
}

// place writes the id of every other place as a number; the service never made up its mind.
func (e wire2013) place(b []byte, p *place) []byte {
	b = append(b, '{')
	b = appendPoint(b, p.point)
	b = append(b, `,"id":`...)
	if p.id%2 == 0 {
		b = appendUint(b, p.id)
	} else {
		b = quotedUint(b, p.id)
	}
	if p.address != "" {
		b = append(b, `,"street_address":`...)
		b = quoteASCII(b, p.address)
	}
	b = append(b, `,"name":`...)
	b = quoteASCII(b, p.name)
	return append(b, '}')
}

func (e wire2013) pagination(b []byte, p page) []byte { return appendPagination(b, p) }

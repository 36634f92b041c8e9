package instagramtest

import (
	"strconv"
	"strings"
)

// wire2011 is the API of 2010 and early 2011. What is not there is left out rather than null.
type wire2011 struct{ origin string }

func (e wire2011) mediaID(m *media) string { return strconv.FormatUint(m.number, 10) }

func (e wire2011) user(b []byte, u *user) []byte {
	before, _ := u.encoded.get(func() ([]byte, []byte) { return append(e.profile(nil, u), '}'), nil })
	return append(b, before...)
}

// profile leaves the object open.
func (e wire2011) profile(b []byte, u *user) []byte {
	b = append(b, `{"username":`...)
	b = quoteASCII(b, u.username)
	b = append(b, `,"full_name":`...)
	b = quoteASCII(b, u.fullName)
	b = append(b, `,"profile_picture":`...)
	b = quoteASCII(b, profileURL(e.origin, u))
	b = append(b, `,"type":"user","id":`...)
	return appendUint(b, u.id)
}

// foundUser has the name in two halves as well.
func (e wire2011) foundUser(b []byte, u *user) []byte {
	first, last, _ := strings.Cut(u.fullName, " ")
	b = e.profile(b, u)
	b = append(b, `,"first_name":`...)
	b = quoteASCII(b, first)
	b = append(b, `,"last_name":`...)
	b = quoteASCII(b, last)
	return append(b, '}')
}

func (e wire2011) userInfo(b []byte, u *user) []byte {
	b = e.profile(b, u)
	b = append(b, `,"bio":`...)
	b = quoteASCII(b, u.bio)
	b = append(b, `,"website":`...)
	b = quoteASCII(b, u.website)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

func (e wire2011) media(b []byte, m *media, v view) []byte {
	before, after := m.encoded.get(func() ([]byte, []byte) { return e.before(m), e.after(m) })
	b = append(b, before...)
	b = append(b, `"like_count":`...)
	b = appendInt(b, len(m.likes))
	b = append(b, `,"comments":`...)
	b = list(b, latest(m.comments, commentsShown), e.comment)
	b = append(b, ',')
	b = appendLiked(b, m, v)
	b = append(b, after...)
	b = appendDistance(b, v)
	return append(b, '}')
}

func (e wire2011) before(m *media) []byte {
	b := append([]byte(nil), `{"type":`...)
	if m.kind == kindVideo {
		b = append(b, '2')
	} else {
		b = append(b, '1')
	}
	b = append(b, `,"created_time":`...)
	b = quotedDate(b, m.created)
	b = append(b, ',')
	if m.filter != "Normal" {
		b = append(b, `"filter":`...)
		b = quoteASCII(b, m.filter)
		b = append(b, ',')
	}
	b = append(b, `"tags":`...)
	b = list(b, m.tags, quoteASCII)
	b = append(b, ',')
	switch where := m.where(); {
	case where != nil: // a place was not named here
		b = append(b, `"location":{`...)
		b = appendPoint(b, *where)
		b = append(b, `},`...)
	case m.number%2 == 0:
		b = append(b, `"location":{"latitude":null,"longitude":null},`...)
	}
	b = appendLink(b, e.origin, m)
	return append(b, ',')
}

func (e wire2011) after(m *media) []byte {
	b := appendRenditions(nil, "images", e.origin, m, 0,
		[]rendition{{"low_resolution", square306}, {"thumbnail", square150}, {"high_resolution", square612}})
	if m.kind == kindVideo {
		b = append(b, ',')
		b = appendRenditions(b, "videos", e.origin, m, 0,
			[]rendition{{"low_resolution", square480}, {"standard_resolution", square640}})
	}
	if m.caption != nil {
		b = append(b, `,"caption":`...)
		b = e.comment(b, m.caption)
	}
	if m.tagged != nil {
		b = append(b, ',')
		b = appendTagged(b, m.tagged, e.user)
	}
	b = append(b, `,"id":`...)
	b = appendUint(b, m.number)
	b = append(b, `,"user":`...)
	return e.user(b, m.owner)
}

func (e wire2011) comment(b []byte, c *comment) []byte {
	b = append(b, `{"created_time":`...)
	b = quotedDate(b, c.created)
	b = append(b, `,"message":`...)
	b = quoteASCII(b, c.text)
	b = append(b, `,"from":`...)
	b = e.user(b, c.from)
	b = append(b, `,"id":`...)
	b = appendUint(b, c.id)
	return append(b, '}')
}

func (e wire2011) posted(b []byte, _ *comment) []byte { return append(b, "null"...) }

func (e wire2011) tag(b []byte, t *tag) []byte {
	b = append(b, `{"media_count":`...)
	b = appendInt(b, len(t.media))
	b = append(b, `,"name":`...)
	b = quoteASCII(b, t.name)
	return append(b, '}')
}

func (e wire2011) place(b []byte, p *place) []byte {
	b = append(b, `{"id":`...)
	b = appendUint(b, p.id)
	b = append(b, `,"name":`...)
	b = quoteASCII(b, p.name)
	b = append(b, ',')
	b = appendPoint(b, p.point)
	return append(b, '}')
}

// pagination had another name, and so had the URL in it; the cursors are numbers like all ids.
func (e wire2011) pagination(b []byte, p page) []byte {
	b = append(b, `,"paging":{`...)
	if p.next != "" {
		b = append(b, `"next":`...)
		b = quoteASCII(b, p.url)
		b = append(b, `,"next_`...)
		b = append(b, p.param...)
		b = append(b, `":`...)
		b = append(b, p.next...)
	}
	return append(b, '}')
}

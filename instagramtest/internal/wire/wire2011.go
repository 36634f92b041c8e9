package wire

import (
	"strconv"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// wire2011 is the API of 2010 and early 2011. What is not there is left out rather than null.
type wire2011 struct {
	origin string
	cache  *cache
}

func (e wire2011) At(origin string) Encoder { return wire2011{origin, e.cache} }

func (e wire2011) MediaID(m *world.Media) string { return strconv.FormatUint(m.Number, 10) }

func (e wire2011) User(b []byte, u *world.User) []byte {
	before, _ := e.cache.users.get(u.Serial, u, 0, e.origin, func(b []byte) ([]byte, int) {
		b = append(e.profile(b, u), '}')
		return b, len(b)
	})
	return append(b, before...)
}

// profile leaves the object open.
func (e wire2011) profile(b []byte, u *world.User) []byte {
	b = append(b, `{"username":`...)
	b = encode.ASCII(b, u.Username)
	b = append(b, `,"full_name":`...)
	b = encode.ASCII(b, u.FullName)
	b = append(b, `,"profile_picture":`...)
	b = encode.ASCII(b, pictures.ProfileURL(e.origin, u))
	b = append(b, `,"type":"user","id":`...)
	return encode.Uint(b, u.ID)
}

// FoundUser has the name in two halves as well.
func (e wire2011) FoundUser(b []byte, u *world.User) []byte {
	first, last, _ := strings.Cut(u.FullName, " ")
	b = e.profile(b, u)
	b = append(b, `,"first_name":`...)
	b = encode.ASCII(b, first)
	b = append(b, `,"last_name":`...)
	b = encode.ASCII(b, last)
	return append(b, '}')
}

func (e wire2011) UserInfo(b []byte, u *world.User) []byte {
	b = e.profile(b, u)
	b = append(b, `,"bio":`...)
	b = encode.ASCII(b, u.Bio)
	b = append(b, `,"website":`...)
	b = encode.ASCII(b, u.Website)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

func (e wire2011) Media(b []byte, m *world.Media, v View) []byte {
	return appendMedia(b, e, e.cache, e.origin, m, v)
}

func (e wire2011) before(b []byte, m *world.Media) []byte {
	b = append(b, `{"type":`...)
	if m.Kind == world.KindVideo {
		b = append(b, '2')
	} else {
		b = append(b, '1')
	}
	b = append(b, `,"created_time":`...)
	b = encode.TextDate(b, m.Created)
	b = append(b, ',')
	if m.Filter != "Normal" {
		b = append(b, `"filter":`...)
		b = encode.ASCII(b, m.Filter)
		b = append(b, ',')
	}
	b = append(b, `"tags":`...)
	b = encode.List(b, m.Tags, encode.ASCII)
	b = append(b, ',')
	switch {
	case m.Where() != nil:
		b = append(b, `"location":`...)
		b = append(appendLocation(b, m, e.Place), ',')
	case m.Number%2 == 0: // both forms of no location were sent
		b = append(b, `"location":{"latitude":null,"longitude":null},`...)
	}
	b = appendLink(b, e, e.origin, m)
	b = append(b, ',')
	b = append(b, `"like_count":`...)
	b = encode.Int(b, m.LikeCount())
	b = append(b, `,"comments":`...)
	b = encode.List(b, world.Latest(m.Comments, commentsShown), e.Comment)
	return append(b, ',')
}

func (e wire2011) after(b []byte, m *world.Media) []byte {
	b = appendRenditions(b, e, "images", e.origin, m, 0,
		[]rendition{{"low_resolution", pictures.Square306}, {"thumbnail", pictures.Square150}, {"high_resolution", pictures.Square612}})
	if m.Kind == world.KindVideo {
		b = append(b, ',')
		b = appendRenditions(b, e, "videos", e.origin, m, 0,
			[]rendition{{"low_resolution", pictures.Square480}, {"standard_resolution", pictures.Square640}})
	}
	b = append(b, `,"caption":`...)
	b = appendCaption(b, m, e)
	b = append(b, `,"id":`...)
	b = encode.Uint(b, m.Number)
	b = append(b, `,"user":`...)
	return e.User(b, m.Owner)
}

func (e wire2011) Comment(b []byte, c *world.Comment) []byte {
	b = append(b, `{"created_time":`...)
	b = encode.TextDate(b, c.Created)
	b = append(b, `,"message":`...)
	b = encode.ASCII(b, c.Text)
	b = append(b, `,"from":`...)
	b = e.User(b, c.From)
	b = append(b, `,"id":`...)
	b = encode.Uint(b, c.ID)
	return append(b, '}')
}

func (e wire2011) Tag(b []byte, t *world.Tag) []byte {
	b = appendTag(b, t, e)
	return append(b[:len(b)-1], `,"description":null,"external_url":null}`...)
}

func (e wire2011) Place(b []byte, p *world.Place) []byte {
	b = append(b, `{"id":`...)
	b = encode.Uint(b, p.ID)
	b = append(b, `,"name":`...)
	b = encode.ASCII(b, p.Name)
	if p.Address != "" {
		b = append(b, `,"street_address":`...)
		b = encode.ASCII(b, p.Address)
	}
	b = append(b, ',')
	b = appendPoint(b, p.Point)
	return append(b, '}')
}

func (e wire2011) Text(b []byte, s string) []byte { return encode.ASCII(b, s) }

func (e wire2011) TagCursor(number uint64) string { return strconv.FormatUint(number, 10) }

// Pagination has the URL under another name than later on. In lists of users, the object itself has
// another name, too. The cursors are numbers like all ids.
func (e wire2011) Pagination(b []byte, p Page) []byte {
	if p.Param == "cursor" {
		b = append(b, `,"paging":{`...)
	} else {
		b = append(b, `,"pagination":{`...)
	}
	if p.Next != "" {
		b = append(b, `"next":`...)
		b = encode.ASCII(b, p.URL)
		b = append(b, `,"next_`...)
		b = append(b, p.Param...)
		b = append(b, `":`...)
		b = append(b, p.Next...)
	}
	return append(b, '}')
}

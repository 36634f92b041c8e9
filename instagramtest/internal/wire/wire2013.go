package wire

import (
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// wire2013 is the API of 2011 to 2015.
type wire2013 struct {
	origin string
	cache  *cache
}

// How many of its comments and likes came with a media.
const (
	commentsShown = 8
	likesShown    = 10
)

func (e wire2013) At(origin string) Encoder { return wire2013{origin, e.cache} }

func (e wire2013) MediaID(m *world.Media) string { return string(AppendMediaID(nil, m)) }

func (e wire2013) User(b []byte, u *world.User) []byte {
	before, _ := e.cache.users.get(u.Serial, u, 0, e.origin, func(b []byte) ([]byte, int) {
		b = append(b, `{"username":`...)
		b = encode.Slashed(b, u.Username)
		b = append(b, `,"profile_picture":`...)
		b = encode.Slashed(b, pictures.ProfileURL(e.origin, u))
		b = append(b, `,"id":`...)
		b = encode.TextUint(b, u.ID)
		b = append(b, `,"full_name":`...)
		b = encode.Slashed(b, u.FullName)
		b = append(b, '}')
		return b, len(b)
	})
	return append(b, before...)
}

func (e wire2013) FoundUser(b []byte, u *world.User) []byte { return append(e.profile(b, u), '}') }

func (e wire2013) UserInfo(b []byte, u *world.User) []byte {
	b = e.profile(b, u)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

// profile writes a user with bio and website, and leaves the object open.
func (e wire2013) profile(b []byte, u *world.User) []byte {
	b = append(b, `{"username":`...)
	b = encode.Slashed(b, u.Username)
	b = append(b, `,"bio":`...)
	b = encode.Slashed(b, u.Bio)
	b = append(b, `,"website":`...)
	b = encode.Slashed(b, u.Website)
	b = append(b, `,"profile_picture":`...)
	b = encode.Slashed(b, pictures.ProfileURL(e.origin, u))
	b = append(b, `,"full_name":`...)
	b = encode.Slashed(b, u.FullName)
	b = append(b, `,"id":`...)
	return encode.TextUint(b, u.ID)
}

func (e wire2013) Media(b []byte, m *world.Media, v View) []byte {
	return appendMedia(b, e, e.cache, e.origin, m, v)
}

func (e wire2013) before(b []byte, m *world.Media) []byte {
	b = append(b, `{"attribution":`...)
	if m.App == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, `{"website":`...)
		b = encode.Slashed(b, m.App.Website)
		b = append(b, `,"itunes_url":`...)
		b = encode.Slashed(b, m.App.ITunesURL)
		b = append(b, `,"name":`...)
		b = encode.Slashed(b, m.App.Name)
		b = append(b, '}')
	}
	b = append(b, `,"tags":`...)
	b = encode.List(b, m.Tags, encode.Slashed)
	b = append(b, `,"type":"`...)
	if m.Kind == world.KindVideo {
		b = append(b, "video"...)
	} else {
		b = append(b, "image"...) // a carousel shows its first picture
	}
	b = append(b, `","location":`...)
	b = appendLocation(b, m, e.location)
	b = append(b, `,"filter":`...)
	b = encode.Slashed(b, m.Filter)
	b = append(b, `,"created_time":`...)
	b = encode.TextTime(b, m.Created)
	b = append(b, ',')
	b = appendLink(b, e, e.origin, m)
	b = append(b, ',')
	b = append(b, `"comments":{"count":`...)
	b = encode.Int(b, m.CommentCount())
	b = append(b, `,"data":`...)
	b = encode.List(b, world.Latest(m.Comments, commentsShown), e.Comment)
	b = append(b, `},"likes":{"count":`...)
	b = encode.Int(b, m.LikeCount())
	b = append(b, `,"data":`...)
	b = encode.List(b, world.Latest(m.Likes, likesShown), func(b []byte, l world.Link[*world.User]) []byte { return e.User(b, l.To) })
	return append(b, `},`...)
}

func (e wire2013) after(b []byte, m *world.Media) []byte {
	b = appendRenditions(b, e, "images", e.origin, m, 0,
		[]rendition{{"low_resolution", pictures.Square306}, {"thumbnail", pictures.Square150}, {"standard_resolution", pictures.Square612}})
	b = append(b, ',')
	if m.Kind == world.KindVideo {
		b = appendRenditions(b, e, "videos", e.origin, m, 0,
			[]rendition{{"low_bandwidth", pictures.Square480}, {"low_resolution", pictures.Square480}, {"standard_resolution", pictures.Square640}})
		b = append(b, ',')
	}
	b = appendTagged(b, m.Tagged, e.User)
	b = append(b, `,"caption":`...)
	b = appendCaption(b, m, e)
	b = append(b, `,"id":"`...)
	b = AppendMediaID(b, m)
	b = append(b, `","user":`...)
	b = e.profile(b, m.Owner)
	return append(b, '}')
}

func (e wire2013) Comment(b []byte, c *world.Comment) []byte {
	b = append(b, `{"created_time":`...)
	b = encode.TextTime(b, c.Created)
	b = append(b, `,"text":`...)
	b = encode.Slashed(b, c.Text)
	b = append(b, `,"from":`...)
	b = e.User(b, c.From)
	b = append(b, `,"id":`...)
	b = encode.TextUint(b, c.ID)
	return append(b, '}')
}

func (e wire2013) Text(b []byte, s string) []byte { return encode.Slashed(b, s) }

func (e wire2013) TagCursor(number uint64) string { return strconv.FormatUint(number, 10) }

func (e wire2013) Tag(b []byte, t *world.Tag) []byte {
	return appendTag(b, t, e)
}

func (e wire2013) Place(b []byte, p *world.Place) []byte { return e.place(b, p, encode.TextUint) }

// location is a place in a media, where its id is a number.
func (e wire2013) location(b []byte, p *world.Place) []byte { return e.place(b, p, encode.Uint) }

func (e wire2013) place(b []byte, p *world.Place, id func([]byte, uint64) []byte) []byte {
	b = append(b, '{')
	b = appendPoint(b, p.Point)
	b = append(b, `,"id":`...)
	b = id(b, p.ID)
	if p.Address != "" {
		b = append(b, `,"street_address":`...)
		b = encode.Slashed(b, p.Address)
	}
	b = append(b, `,"name":`...)
	b = encode.Slashed(b, p.Name)
	return append(b, '}')
}

func (e wire2013) Pagination(b []byte, p Page) []byte { return appendPagination(b, p, e) }

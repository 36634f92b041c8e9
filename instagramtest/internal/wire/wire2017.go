package wire

import (
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// wire2017 is the API of 2016 to 2020.
type wire2017 struct {
	origin string
	cache  *cache
}

func (e wire2017) At(origin string) Encoder { return wire2017{origin, e.cache} }

func (e wire2017) MediaID(m *world.Media) string { return string(AppendMediaID(nil, m)) }

func (e wire2017) User(b []byte, u *world.User) []byte {
	before, _ := e.cache.users.get(u.Serial, u, 0, e.origin, func(b []byte) ([]byte, int) {
		b = append(b, `{"id":`...)
		b = encode.TextUint(b, u.ID)
		b = append(b, `,"full_name":`...)
		b = encode.ASCII(b, u.FullName)
		b = append(b, `,"profile_picture":`...)
		b = encode.ASCII(b, pictures.ProfileURL(e.origin, u))
		b = append(b, `,"username":`...)
		b = encode.ASCII(b, u.Username)
		b = append(b, '}')
		return b, len(b)
	})
	return append(b, before...)
}

func (e wire2017) FoundUser(b []byte, u *world.User) []byte { return e.User(b, u) }

func (e wire2017) UserInfo(b []byte, u *world.User) []byte {
	b = append(b, `{"id":`...)
	b = encode.TextUint(b, u.ID)
	b = append(b, `,"username":`...)
	b = encode.ASCII(b, u.Username)
	b = append(b, `,"profile_picture":`...)
	b = encode.ASCII(b, pictures.ProfileURL(e.origin, u))
	b = append(b, `,"full_name":`...)
	b = encode.ASCII(b, u.FullName)
	b = append(b, `,"bio":`...)
	b = encode.ASCII(b, u.Bio)
	b = append(b, `,"website":`...)
	b = encode.ASCII(b, u.Website)
	b = append(b, `,"is_business":`...)
	b = strconv.AppendBool(b, u.Business)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

func (e wire2017) Media(b []byte, m *world.Media, v View) []byte {
	return appendMedia(b, e, e.cache, e.origin, m, v)
}

func (e wire2017) before(b []byte, m *world.Media) []byte {
	b = append(b, `{"id":"`...)
	b = AppendMediaID(b, m)
	b = append(b, `","user":`...)
	b = e.User(b, m.Owner)
	b = append(b, ',')
	b = e.images(b, m, 0)
	b = append(b, `,"created_time":`...)
	b = encode.TextTime(b, m.Created)
	b = append(b, `,"caption":`...)
	b = appendCaption(b, m, e)
	return append(b, ',')
}

func (e wire2017) after(b []byte, m *world.Media) []byte {
	b = append(b, `"likes":{"count":`...)
	b = encode.Int(b, m.LikeCount())
	b = append(b, `},"comments":{"count":`...)
	b = encode.Int(b, m.CommentCount())
	b = append(b, `},"tags":`...)
	b = encode.List(b, m.Tags, encode.ASCII)
	b = append(b, `,"filter":`...)
	b = encode.ASCII(b, m.Filter)
	b = append(b, `,"type":"`...)
	b = append(b, m.Kind.String()...)
	b = append(b, `",`...)
	b = appendLink(b, e, e.origin, m)
	b = append(b, `,"location":`...)
	b = appendLocation(b, m, e.location)
	b = append(b, `,"attribution":null,`...)
	b = appendTagged(b, m.Tagged, e.username)
	if m.Kind == world.KindVideo {
		b = append(b, ',')
		b = e.videos(b, m, 0)
	}
	if m.Kind == world.KindCarousel {
		if len(m.Parts) > 0 && m.Parts[0].Kind == world.KindVideo {
			b = append(b, ',')
			b = e.videos(b, m, 1)
		}
		b = append(b, `,"carousel_media":[`...)
		for i, p := range m.Parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '{')
			if p.Kind == world.KindVideo {
				b = e.videos(b, m, i+1)
			} else {
				b = e.images(b, m, i+1)
			}
			b = append(b, ',')
			b = appendTagged(b, p.Tagged, e.username)
			b = append(b, `,"type":"`...)
			b = append(b, p.Kind.String()...)
			b = append(b, `"}`...)
		}
		b = append(b, ']')
	}
	return b
}

func (e wire2017) images(b []byte, m *world.Media, part int) []byte {
	return appendRenditions(b, e, "images", e.origin, m, part,
		[]rendition{{"thumbnail", pictures.Square150}, {"low_resolution", pictures.Wide320}, {"standard_resolution", pictures.Wide640}})
}

func (e wire2017) videos(b []byte, m *world.Media, part int) []byte {
	return appendRenditions(b, e, "videos", e.origin, m, part,
		[]rendition{{"standard_resolution", pictures.Wide640}, {"low_bandwidth", pictures.Wide480}, {"low_resolution", pictures.Wide480}})
}

func (e wire2017) Comment(b []byte, c *world.Comment) []byte {
	b = append(b, `{"id":`...)
	b = encode.TextUint(b, c.ID)
	b = append(b, `,"text":`...)
	b = encode.ASCII(b, c.Text)
	b = append(b, `,"created_time":`...)
	b = encode.TextTime(b, c.Created)
	b = append(b, `,"from":`...)
	b = e.User(b, c.From)
	return append(b, '}')
}

func (e wire2017) Text(b []byte, s string) []byte { return encode.ASCII(b, s) }

func (e wire2017) Tag(b []byte, t *world.Tag) []byte {
	return appendTag(b, t, e)
}

func (e wire2017) Place(b []byte, p *world.Place) []byte { return e.place(b, p, encode.TextUint) }

// location is a place in a media, where its id is a number.
func (e wire2017) location(b []byte, p *world.Place) []byte { return e.place(b, p, encode.Uint) }

func (e wire2017) place(b []byte, p *world.Place, id func([]byte, uint64) []byte) []byte {
	b = append(b, `{"id":`...)
	b = id(b, p.ID)
	b = append(b, ',')
	b = appendPoint(b, p.Point)
	b = append(b, `,"name":`...)
	b = encode.ASCII(b, p.Name)
	return append(b, '}')
}

// username is all that is told of a user in a photo.
func (e wire2017) username(b []byte, u *world.User) []byte {
	b = append(b, `{"username":`...)
	b = encode.ASCII(b, u.Username)
	return append(b, '}')
}

func (e wire2017) Pagination(b []byte, p Page) []byte { return appendPagination(b, p, e) }

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

func (e wire2017) MediaID(m *world.Media) string { return string(AppendMediaID(nil, m)) }

func (e wire2017) User(b []byte, u *world.User) []byte {
	before, _ := e.cache.users.get(u.Serial, u, e.origin, func() ([]byte, []byte) {
		b := append([]byte(nil), `{"id":`...)
		b = encode.TextUint(b, u.ID)
		b = append(b, `,"full_name":`...)
		b = encode.Text(b, u.FullName)
		b = append(b, `,"profile_picture":`...)
		b = encode.Text(b, pictures.ProfileURL(e.origin, u))
		b = append(b, `,"username":`...)
		b = encode.Text(b, u.Username)
		return append(b, '}'), nil
	})
	return append(b, before...)
}

func (e wire2017) FoundUser(b []byte, u *world.User) []byte { return e.User(b, u) }

func (e wire2017) UserInfo(b []byte, u *world.User) []byte {
	b = append(b, `{"id":`...)
	b = encode.TextUint(b, u.ID)
	b = append(b, `,"username":`...)
	b = encode.Text(b, u.Username)
	b = append(b, `,"profile_picture":`...)
	b = encode.Text(b, pictures.ProfileURL(e.origin, u))
	b = append(b, `,"full_name":`...)
	b = encode.Text(b, u.FullName)
	b = append(b, `,"bio":`...)
	b = encode.Text(b, u.Bio)
	b = append(b, `,"website":`...)
	b = encode.Text(b, u.Website)
	b = append(b, `,"is_business":`...)
	b = strconv.AppendBool(b, u.Business)
	b = append(b, ',')
	b = appendCounts(b, u)
	return append(b, '}')
}

func (e wire2017) Media(b []byte, m *world.Media, v View) []byte {
	before, after := e.cache.Media.get(m.Serial, m, e.origin, func() ([]byte, []byte) { return e.before(m), e.after(m) })
	b = append(b, before...)
	b = appendLiked(b, m, v)
	b = append(b, `"likes":{"count":`...)
	b = encode.Int(b, len(m.Likes))
	b = append(b, `},"comments":{"count":`...)
	b = encode.Int(b, len(m.Comments))
	b = append(b, after...)
	b = appendDistance(b, v)
	return append(b, '}')
}

func (e wire2017) before(m *world.Media) []byte {
	b := append([]byte(nil), `{"id":"`...)
	b = AppendMediaID(b, m)
	b = append(b, `","user":`...)
	b = e.User(b, m.Owner)
	b = append(b, ',')
	b = e.images(b, m, 0)
	b = append(b, `,"created_time":`...)
	b = encode.TextTime(b, m.Created)
	b = append(b, `,"caption":`...)
	switch {
	case m.Caption == nil:
		b = append(b, "null"...)
	case m.Kind == world.KindCarousel:
		// The newest kind of media is where times came as numbers now and then.
		b = e.text(b, m.Caption, strconv.AppendInt(nil, m.Caption.Created, 10))
	default:
		b = e.Comment(b, m.Caption)
	}
	return append(b, ',')
}

func (e wire2017) after(m *world.Media) []byte {
	b := append([]byte(nil), `},"tags":`...)
	b = encode.List(b, m.Tags, encode.Text)
	b = append(b, `,"filter":`...)
	b = encode.Text(b, m.Filter)
	b = append(b, `,"type":"`...)
	b = append(b, m.Kind.String()...)
	b = append(b, `",`...)
	b = appendLink(b, e.origin, m)
	b = append(b, `,"location":`...)
	b = appendLocation(b, m, e)
	b = append(b, `,"attribution":null,`...)
	b = appendTagged(b, m.Tagged, e.User)
	if m.Kind == world.KindVideo {
		b = append(b, ',')
		b = e.videos(b, m, 0)
	}
	if m.Kind == world.KindCarousel {
		b = append(b, `,"carousel_media":[`...)
		for i, p := range m.Parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '{')
			b = e.images(b, m, i+1)
			if p.Kind == world.KindVideo {
				b = append(b, ',')
				b = e.videos(b, m, i+1)
			}
			b = append(b, ',')
			b = appendTagged(b, p.Tagged, e.User)
			b = append(b, `,"type":"`...)
			b = append(b, p.Kind.String()...)
			b = append(b, `"}`...)
		}
		b = append(b, ']')
	}
	return b
}

func (e wire2017) images(b []byte, m *world.Media, part int) []byte {
	return appendRenditions(b, "images", e.origin, m, part,
		[]rendition{{"thumbnail", pictures.Square150}, {"low_resolution", pictures.Wide320}, {"standard_resolution", pictures.Wide640}, {"high_resolution", pictures.Wide1080}})
}

func (e wire2017) videos(b []byte, m *world.Media, part int) []byte {
	return appendRenditions(b, "videos", e.origin, m, part,
		[]rendition{{"standard_resolution", pictures.Wide640}, {"low_bandwidth", pictures.Wide480}, {"low_resolution", pictures.Wide480}})
}

func (e wire2017) Comment(b []byte, c *world.Comment) []byte {
	return e.text(b, c, encode.TextTime(nil, c.Created))
}

func (e wire2017) text(b []byte, c *world.Comment, created []byte) []byte {
	b = append(b, `{"id":`...)
	b = encode.TextUint(b, c.ID)
	b = append(b, `,"text":`...)
	b = encode.Text(b, c.Text)
	b = append(b, `,"created_time":`...)
	b = append(b, created...)
	b = append(b, `,"from":`...)
	b = e.User(b, c.From)
	return append(b, '}')
}

func (e wire2017) Posted(b []byte, c *world.Comment) []byte { return e.Comment(b, c) }

func (e wire2017) Tag(b []byte, t *world.Tag) []byte {
	b = append(b, `{"name":`...)
	b = encode.Text(b, t.Name)
	b = append(b, `,"media_count":`...)
	b = encode.Int(b, len(t.Media))
	return append(b, '}')
}

func (e wire2017) Place(b []byte, p *world.Place) []byte {
	b = append(b, `{"id":`...)
	b = encode.Uint(b, p.ID)
	b = append(b, ',')
	b = appendPoint(b, p.Point)
	b = append(b, `,"name":`...)
	b = encode.Text(b, p.Name)
	return append(b, '}')
}

func (e wire2017) Pagination(b []byte, p Page) []byte { return appendPagination(b, p) }

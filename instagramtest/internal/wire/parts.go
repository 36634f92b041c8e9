package wire

import (
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// rendition is a format under the name it has in an answer.
type rendition struct {
	name   string
	format pictures.Format
}

// appendRenditions writes the images or videos of a media, or of one part of a carousel if part is
// not 0.
func appendRenditions(b []byte, e Encoder, kind, origin string, m *world.Media, part int, renditions []rendition) []byte {
	b = append(b, '"')
	b = append(b, kind...)
	b = append(b, `":{`...)
	var room [256]byte
	folder := e.Text(room[:0], pictures.Folder(origin, kind, m, part))
	folder = folder[:len(folder)-1] // its closing quote
	for i, r := range renditions {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), r.name...), `":{"url":`...)
		if url := m.Recorded.URL(kind, part, r.format.Width); url != "" {
			b = e.Text(b, world.AtOrigin(url, origin))
		} else {
			b = append(append(append(append(b, folder...), r.format.Name...), pictures.Suffix(kind)...), '"')
		}
		b = append(b, `,"width":`...)
		b = encode.Int(b, r.format.Width)
		b = append(b, `,"height":`...)
		if kind == "videos" {
			b = encode.Int(b, r.format.VideoHeight(m.Shape))
		} else {
			b = encode.Int(b, r.format.Height(m.Shape))
		}
		b = append(b, '}')
	}
	return append(b, '}')
}

// AppendMediaID writes the id of a media: {number}_{user}.
func AppendMediaID(b []byte, m *world.Media) []byte {
	b = encode.Uint(b, m.Number)
	b = append(b, '_')
	return encode.Uint(b, m.Owner.ID)
}

func appendLink(b []byte, e Encoder, origin string, m *world.Media) []byte {
	b = append(b, `"link":`...)
	return e.Text(b, origin+"/p/"+world.Shortcode(m.Number)+"/")
}

func appendCaption(b []byte, m *world.Media, e Encoder) []byte {
	if m.Caption == nil {
		return append(b, "null"...)
	}
	return e.Comment(b, m.Caption)
}

func appendTag(b []byte, t *world.Tag, e Encoder) []byte {
	b = append(b, `{"name":`...)
	b = e.Text(b, t.Name)
	b = append(b, `,"media_count":`...)
	b = encode.Int(b, t.MediaCount())
	return append(b, '}')
}

func appendLiked(b []byte, m *world.Media, v View) []byte {
	if v.Viewer == nil {
		return b
	}
	b = append(b, `"user_has_liked":`...)
	b = strconv.AppendBool(b, v.Viewer.LikeOf(m) != 0)
	return append(b, ',')
}

func appendDistance(b []byte, v View) []byte {
	if v.Distance < 0 {
		return b
	}
	b = append(b, `,"distance":`...)
	return encode.Float(b, v.Distance)
}

func appendCounts(b []byte, u *world.User) []byte {
	b = append(b, `"counts":{"media":`...)
	b = encode.Int(b, max(0, len(u.Media)+u.Unseen.Media))
	b = append(b, `,"follows":`...)
	b = encode.Int(b, max(0, len(u.Follows)+u.Unseen.Follows))
	b = append(b, `,"followed_by":`...)
	b = encode.Int(b, max(0, len(u.FollowedBy)+u.Unseen.FollowedBy))
	return append(b, '}')
}

func appendTagged(b []byte, tagged []world.TaggedUser, user func([]byte, *world.User) []byte) []byte {
	b = append(b, `"users_in_photo":`...)
	return encode.List(b, tagged, func(b []byte, t world.TaggedUser) []byte {
		b = append(b, `{"user":`...)
		b = user(b, t.User)
		b = append(b, `,"position":{"x":`...)
		b = encode.Float(b, t.X)
		b = append(b, `,"y":`...)
		b = encode.Float(b, t.Y)
		return append(b, `}}`...)
	})
}

// appendLocation writes a place, coordinates alone, or null.
func appendLocation(b []byte, m *world.Media, place func([]byte, *world.Place) []byte) []byte {
	switch {
	case m.Place != nil:
		return place(b, m.Place)
	case m.Point != nil:
		return append(appendPoint(append(b, '{'), *m.Point), '}')
	default:
		return append(b, "null"...)
	}
}

func appendPoint(b []byte, p world.Point) []byte {
	b = append(b, `"latitude":`...)
	b = encode.Float(b, p.Lat)
	b = append(b, `,"longitude":`...)
	return encode.Float(b, p.Lng)
}

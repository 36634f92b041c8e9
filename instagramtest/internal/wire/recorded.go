package wire

import (
	"bytes"
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// recordedWire writes a world that was recorded: like the generation that it stands on, with what
// was recorded in place of what a server would make up.
type recordedWire struct {
	Encoder
	wire   Year
	origin string
}

func (e recordedWire) UserInfo(b []byte, u *world.User) []byte {
	b = e.Encoder.UserInfo(b, u)
	return append(e.appendMembers(b[:len(b)-1], u.More), '}')
}

func (e recordedWire) At(origin string) Encoder {
	return recordedWire{e.Encoder.At(origin), e.wire, origin}
}

func (e recordedWire) MediaID(m *world.Media) string {
	if m.Recorded != nil && e.wire != Y2011 {
		return m.Recorded.ID
	}
	return e.Encoder.MediaID(m)
}

func (e recordedWire) Media(b []byte, m *world.Media, v View) []byte {
	r := m.Recorded
	if r == nil {
		return e.Encoder.Media(b, m, v)
	}
	b = append(b, `{"id":`...)
	switch {
	case e.wire == Y2011:
		b = encode.Uint(b, m.Number)
	default:
		b = encode.ASCII(b, r.ID)
	}
	b = append(b, `,"type":`...)
	switch {
	case e.wire == Y2011 && m.Kind == world.KindVideo:
		b = append(b, '2')
	case e.wire == Y2011:
		b = append(b, '1')
	case e.wire == Y2013 && m.Kind == world.KindCarousel:
		b = append(b, `"image"`...)
	default:
		b = encode.ASCII(b, m.Kind.String())
	}
	b = append(b, `,"user":`...)
	b = e.User(b, m.Owner)
	b = append(b, `,"created_time":`...)
	if e.wire == Y2011 {
		b = encode.TextDate(b, m.Created)
	} else {
		b = encode.TextTime(b, m.Created)
	}
	b = append(b, `,"caption":`...)
	b = appendCaption(b, m, e)
	b = e.reactions(b, m)
	if len(m.Tagged) > 0 {
		b = append(b, ',')
		b = appendTagged(b, m.Tagged, e.User)
	}
	if v.Viewer != nil {
		b = append(b, `,"user_has_liked":`...)
		b = strconv.AppendBool(b, v.Viewer.LikeOf(m) != 0)
	}
	b = e.appendMembers(b, r.Members)
	b = appendDistance(b, v)
	return append(b, '}')
}

// appendMembers writes members as they were recorded, with the origin where it is left open.
func (e recordedWire) appendMembers(b, members []byte) []byte {
	for {
		before, after, open := bytes.Cut(members, []byte{world.Origin})
		b = append(b, before...)
		if !open {
			return b
		}
		origin := e.Text(nil, e.origin)
		b = append(b, origin[1:len(origin)-1]...)
		members = after
	}
}

// reactions writes the comments and likes, counting those that were not recorded.
func (e recordedWire) reactions(b []byte, m *world.Media) []byte {
	comments, likes := m.CommentCount(), m.LikeCount()
	data := func(b []byte, name string, n int, write func(b []byte) []byte) []byte {
		b = encode.Member(b, name, strconv.AppendInt([]byte(`{"count":`), int64(n), 10))
		if e.wire == Y2013 {
			b = write(append(b, `,"data":`...))
		}
		return append(b, '}')
	}
	someComments := func(b []byte) []byte { return encode.List(b, world.Latest(m.Comments, commentsShown), e.Comment) }
	if e.wire == Y2011 {
		b = encode.Member(b, "comments", someComments(nil))
		return encode.Member(b, "like_count", strconv.AppendInt(nil, int64(likes), 10))
	}
	b = data(b, "comments", comments, someComments)
	return data(b, "likes", likes, func(b []byte) []byte {
		return encode.List(b, world.Latest(m.Likes, likesShown), func(b []byte, l world.Link[*world.User]) []byte { return e.User(b, l.To) })
	})
}

package instagramtest

import (
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// encoder writes the answers of one generation of the wire. The methods append to b and return it.
type encoder interface {
	user(b []byte, u *user) []byte // as part of another object, and in most lists
	userInfo(b []byte, u *user) []byte
	foundUser(b []byte, u *user) []byte // in the results of a search
	media(b []byte, m *media, v view) []byte
	comment(b []byte, c *comment) []byte
	tag(b []byte, t *tag) []byte
	place(b []byte, p *place) []byte
	// posted is the data of the answer to a new comment.
	posted(b []byte, c *comment) []byte
	// pagination is the member that says where the next page is, its name and the comma before it included.
	pagination(b []byte, p page) []byte
	// mediaID is the id of a media as it is given in a cursor.
	mediaID(m *media) string
}

// view is what depends on who asks for a media, and how.
type view struct {
	viewer   *user   // nil if nobody is authenticated
	distance float64 // metres from where the search was, negative if it was no search
}

// newEncoder is for a world that was recorded or for one that was not.
func newEncoder(w Wire, origin string, recorded bool) encoder {
	if recorded {
		return recordedWire{newEncoder(w, origin, false), w}
	}
	switch w {
	case Wire2011:
		return wire2011{origin}
	case Wire2013:
		return wire2013{origin}
	default:
		return wire2017{origin}
	}
}

// fragment keeps the part of an encoded object that never changes: what comes before and what comes after the rest.
type fragment struct{ p atomic.Pointer[[2][]byte] }

// get builds the fragment when it is first asked for. Two that build it at once build the same.
func (f *fragment) get(build func() (before, after []byte)) (before, after []byte) {
	if p := f.p.Load(); p != nil {
		return p[0], p[1]
	}
	before, after = build()
	f.p.Store(&[2][]byte{before, after})
	return before, after
}

// list writes a JSON array.
func list[T any](b []byte, items []T, write func(b []byte, item T) []byte) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = write(b, item)
	}
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

// quote writes a string, with what is not ASCII as it is.
func quote(b []byte, s string) []byte { return appendQuoted(b, s, false) }

// quoteASCII writes a string as the service did until 2015, with escapes for everything that is not ASCII.
func quoteASCII(b []byte, s string) []byte { return appendQuoted(b, s, true) }

func appendQuoted(b []byte, s string, ascii bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		// The two separators end a line in JavaScript, where JSONP answers are read.
		if !ascii && n > 1 && r != '\u2028' && r != '\u2029' {
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', c)
		case r == '\n':
			b = append(b, '\\', 'n')
		case r > 0xffff:
			b = appendEscape(b, 0xd800+(r-0x10000)>>10)
			b = appendEscape(b, 0xdc00+(r-0x10000)&0x3ff)
		default:
			b = appendEscape(b, r)
		}
		i += n
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

func appendUint(b []byte, n uint64) []byte { return strconv.AppendUint(b, n, 10) }
func appendInt(b []byte, n int) []byte     { return strconv.AppendInt(b, int64(n), 10) }
func appendFloat(b []byte, f float64) []byte {
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// quotedUint writes a number as a string, as ids came for most of the API's life.
func quotedUint(b []byte, n uint64) []byte {
	b = append(b, '"')
	b = appendUint(b, n)
	return append(b, '"')
}

// quotedTime writes UNIX seconds as a string.
func quotedTime(b []byte, seconds int64) []byte {
	b = append(b, '"')
	b = strconv.AppendInt(b, seconds, 10)
	return append(b, '"')
}

// quotedDate writes the form that times had at first.
func quotedDate(b []byte, seconds int64) []byte {
	return time.Unix(seconds, 0).UTC().AppendFormat(b, `"2006-01-02T15:04:05+0000"`)
}

// mediaID is {number}_{user}.
func appendMediaID(b []byte, m *media) []byte {
	b = appendUint(b, m.number)
	b = append(b, '_')
	return appendUint(b, m.owner.id)
}

func appendLink(b []byte, origin string, m *media) []byte {
	b = append(b, `"link":"`...)
	b = append(b, origin...)
	b = append(b, "/p/"...)
	b = append(b, shortcode(m.number)...)
	return append(b, `/"`...)
}

func appendLiked(b []byte, m *media, v view) []byte {
	if v.viewer == nil {
		return b
	}
	b = append(b, `"user_has_liked":`...)
	b = strconv.AppendBool(b, v.viewer.likes[m.number] != 0)
	return append(b, ',')
}

func appendDistance(b []byte, v view) []byte {
	if v.distance < 0 {
		return b
	}
	b = append(b, `,"distance":`...)
	return appendFloat(b, v.distance)
}

func appendCounts(b []byte, u *user) []byte {
	b = append(b, `"counts":{"media":`...)
	b = appendInt(b, len(u.media)+u.unseen.media)
	b = append(b, `,"follows":`...)
	b = appendInt(b, len(u.follows)+u.unseen.follows)
	b = append(b, `,"followed_by":`...)
	b = appendInt(b, len(u.followedBy)+u.unseen.followedBy)
	return append(b, '}')
}

func appendTagged(b []byte, tagged []taggedUser, user func([]byte, *user) []byte) []byte {
	b = append(b, `"users_in_photo":`...)
	return list(b, tagged, func(b []byte, t taggedUser) []byte {
		b = append(b, `{"user":`...)
		b = user(b, t.user)
		b = append(b, `,"position":{"x":`...)
		b = appendFloat(b, t.x)
		b = append(b, `,"y":`...)
		b = appendFloat(b, t.y)
		return append(b, `}}`...)
	})
}

// appendLocation writes a place, coordinates alone, or null.
func appendLocation(b []byte, m *media, e encoder) []byte {
	switch {
	case m.place != nil:
		return e.place(b, m.place)
	case m.point != nil:
		return append(appendPoint(append(b, '{'), *m.point), '}')
	default:
		return append(b, "null"...)
	}
}

func appendPoint(b []byte, p point) []byte {
	b = append(b, `"latitude":`...)
	b = appendFloat(b, p.lat)
	b = append(b, `,"longitude":`...)
	return appendFloat(b, p.lng)
}

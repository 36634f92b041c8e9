package wire

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// cache keeps the parts of encoded users and media that are the same for everybody. It has a fixed
// number of places, so a large world takes no more of it than a small one. The place of an object
// is its serial number.
type cache struct {
	users table[world.User]
	media table[world.Media]
}

// cached is how many users, and how many media, a cache holds at most.
const cached = 1 << 14

func newCache() *cache {
	return &cache{make(table[world.User], cached), make(table[world.Media], cached)}
}

type table[T any] []atomic.Pointer[fragment[T]]

// fragment is what comes before and what comes after the part of an object that depends on who
// looks, for the URLs of one origin.
type fragment[T any] struct {
	of            *T
	version       uint32 // of the object
	origin        string
	before, after []byte
}

// get builds a fragment if another object, version or origin has its place. Two that build it at
// once build the same. What is built is appended to b; split is where it comes apart.
func (t table[T]) get(serial int, of *T, version uint32, origin string, build func(b []byte) (text []byte, split int)) (before, after []byte) {
	place := &t[serial%len(t)]
	if f := place.Load(); f != nil && f.of == of && f.version == version && f.origin == origin {
		return f.before, f.after
	}
	room := rooms.Get().(*[]byte)
	text, split := build((*room)[:0])
	kept := slices.Clone(text)
	*room = text
	rooms.Put(room)
	before, after = kept[:split:split], kept[split:]
	place.Store(&fragment[T]{of, version, origin, before, after})
	return before, after
}

// rooms are where fragments are written before it is known how long they are.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// halves writes what comes before and what comes after the part of a media that depends on who
// looks.
type halves interface {
	before(b []byte, m *world.Media) []byte
	after(b []byte, m *world.Media) []byte
}

// appendMedia writes a media by the halves that a generation writes, or those that the cache has.
func appendMedia[E halves](b []byte, e E, c *cache, origin string, m *world.Media, v View) []byte {
	before, after := c.media.get(m.Serial, m, m.Version, origin, func(b []byte) ([]byte, int) {
		b = e.before(b, m)
		return e.after(b, m), len(b)
	})
	b = append(b, before...)
	b = appendLiked(b, m, v)
	b = append(b, after...)
	b = appendDistance(b, v)
	return append(b, '}')
}

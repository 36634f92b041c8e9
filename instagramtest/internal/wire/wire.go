// Package wire writes the answers of the API in the form of each of its three generations.
package wire

import "github.com/igv1/instagram/instagramtest/internal/world"

// Encoder writes the answers of one generation of the wire. The methods append to b and return it.
type Encoder interface {
	// At is the same encoder for URLs that start with another origin, a scheme and a host.
	At(origin string) Encoder
	// Text is a string as the generation writes it.
	Text(b []byte, s string) []byte
	User(b []byte, u *world.User) []byte // as part of another object, and in most lists
	UserInfo(b []byte, u *world.User) []byte
	FoundUser(b []byte, u *world.User) []byte // in the results of a search
	Media(b []byte, m *world.Media, v View) []byte
	Comment(b []byte, c *world.Comment) []byte
	Tag(b []byte, t *world.Tag) []byte
	Place(b []byte, p *world.Place) []byte
	// Pagination is the member that says where the next page is, its name and the comma before it
	// included.
	Pagination(b []byte, p Page) []byte
	// MediaID is the id of a media as it is given in a cursor.
	MediaID(m *world.Media) string
	// TagCursor is a place in the list of a tag's media. [ParseTagCursor] reads it.
	TagCursor(number uint64) string
}

// View is what depends on who asks for a media, and how.
type View struct {
	Viewer   *world.User // nil if nobody is authenticated
	Distance float64     // metres from where the search was, negative if it was no search
}

// Year is a generation of the wire, named after a year in which it was spoken.
type Year int

// The generations.
const (
	Y2011 Year = 2011
	Y2013 Year = 2013
	Y2017 Year = 2017
)

// New makes the encoder of a generation, for a world that was recorded or for one that was not.
// [Encoder.At] says what the URLs in its answers start with.
func New(w Year, recorded bool) Encoder {
	if recorded {
		return recordedWire{Encoder: New(w, false), wire: w}
	}
	switch w {
	case Y2011:
		return wire2011{cache: newCache()}
	case Y2013:
		return wire2013{cache: newCache()}
	default:
		return wire2017{cache: newCache()}
	}
}

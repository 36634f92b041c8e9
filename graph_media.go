package instagram

import (
	"encoding/json"
	"time"
)

// GraphMediaType tells images, videos and albums apart.
type GraphMediaType string

// The media types of the Graph.
const (
	GraphImage         GraphMediaType = "IMAGE"
	GraphVideo         GraphMediaType = "VIDEO"
	GraphCarouselAlbum GraphMediaType = "CAROUSEL_ALBUM"
)

// graphTime is how the Graph writes times, always in UTC.
const graphTime = "2006-01-02T15:04:05.999999999-0700"

// GraphMedia is one post as the Graph tells of it. Its fields are named after
// the members; those that were not asked for are zero, and so are those that
// the Graph leaves out, such as the URL of a media that infringes copyright.
type GraphMedia struct {
	ID             string
	Caption        string
	MediaType      GraphMediaType
	MediaURL       string // of the picture or the video
	Permalink      string // the page of the post on the web
	ThumbnailURL   string // of a video's picture
	Timestamp      time.Time
	Username       string        // who posted it
	IsSharedToFeed bool          // of a reel, whether it is among the posts too
	Children       GraphChildren // the parts of an album

	Extra map[string]json.RawMessage
}

// GraphChildren are the parts of an album.
type GraphChildren struct {
	Data []GraphMedia // parts have no parts of their own

	Extra map[string]json.RawMessage
}

func (m *GraphMedia) decode(d *decoder) {
	for name := range d.members {
		if string(name) == "children" {
			m.Children.decode(d)
		} else {
			m.member(d, name)
		}
	}
}

// member reads one member of a media or of a part.
func (m *GraphMedia) member(d *decoder, name []byte) {
	switch string(name) {
	case "id":
		m.ID = optional(d, &m.Extra, "id", (*decoder).string)
	case "caption":
		m.Caption = optional(d, &m.Extra, "caption", (*decoder).string)
	case "media_type":
		m.MediaType = GraphMediaType(optional(d, &m.Extra, "media_type", (*decoder).string))
	case "media_url":
		m.MediaURL = optional(d, &m.Extra, "media_url", (*decoder).string)
	case "permalink":
		m.Permalink = optional(d, &m.Extra, "permalink", (*decoder).string)
	case "thumbnail_url":
		m.ThumbnailURL = optional(d, &m.Extra, "thumbnail_url", (*decoder).string)
	case "timestamp":
		m.Timestamp = optional(d, &m.Extra, "timestamp", (*decoder).time)
	case "username":
		m.Username = optional(d, &m.Extra, "username", (*decoder).string)
	case "is_shared_to_feed":
		m.IsSharedToFeed = optional(d, &m.Extra, "is_shared_to_feed", (*decoder).bool)
	default:
		d.unknown(&m.Extra, name)
	}
}

func (c *GraphChildren) decode(d *decoder) {
	for name := range d.members {
		if string(name) != "data" {
			d.unknown(&c.Extra, name)
			continue
		}
		if c.Data = nil; d.null() {
			continue
		}
		c.Data = []GraphMedia{}
		for range d.elements {
			// What a part says of children is unknown like the rest, so that
			// an answer cannot make this call itself.
			var part GraphMedia
			for name := range d.members {
				part.member(d, name)
			}
			c.Data = append(c.Data, part)
		}
	}
}

// encode writes the members that say something: which ones there are is up to
// who asked for them.
func (m *GraphMedia) encode(e *encoder) {
	members := e.open()
	e.optionalString("id", m.ID)
	e.optionalString("caption", m.Caption)
	e.optionalString("media_type", string(m.MediaType))
	e.optionalString("media_url", m.MediaURL)
	e.optionalString("permalink", m.Permalink)
	e.optionalString("thumbnail_url", m.ThumbnailURL)
	if !m.Timestamp.IsZero() {
		e.string("timestamp", m.Timestamp.UTC().Format(graphTime))
	}
	e.optionalString("username", m.Username)
	e.optionalBool("is_shared_to_feed", m.IsSharedToFeed)
	if m.Children.Data != nil || len(m.Children.Extra) > 0 {
		e.model("children", &m.Children)
	}
	e.close(members, m.Extra)
}

func (c *GraphChildren) encode(e *encoder) {
	members := e.open()
	if c.Data != nil {
		encodeSlice(e, "data", c.Data)
	}
	e.close(members, c.Extra)
}

// UnmarshalJSON reads a media as the Graph writes it.
func (m *GraphMedia) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// MarshalJSON writes a media as the Graph does.
func (m GraphMedia) MarshalJSON() ([]byte, error) { return marshal(&m) }

// UnmarshalJSON reads children as the Graph writes them.
func (c *GraphChildren) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// MarshalJSON writes children as the Graph does.
func (c GraphChildren) MarshalJSON() ([]byte, error) { return marshal(&c) }

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
const graphTime = "2006-01-02T15:04:05-0700"

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
	Data []GraphMedia

	Extra map[string]json.RawMessage
}

func (m *GraphMedia) decode(d *decoder) {
	*m = GraphMedia{}
	for name := range d.members {
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
		case "children":
			m.Children.decode(d)
		default:
			d.unknown(&m.Extra, name)
		}
	}
}

func (c *GraphChildren) decode(d *decoder) {
	*c = GraphChildren{}
	for name := range d.members {
		switch string(name) {
		case "data":
			c.Data = slice[GraphMedia](d)
		default:
			d.unknown(&c.Extra, name)
		}
	}
}

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

package instagram

import (
	"encoding/json"
	"time"
)

// GraphMediaType tells images, videos and albums apart.
type GraphMediaType string

// The media types of the Graph.
const (
	GraphMediaImage         GraphMediaType = "IMAGE"
	GraphMediaVideo         GraphMediaType = "VIDEO"
	GraphMediaCarouselAlbum GraphMediaType = "CAROUSEL_ALBUM"
)

// GraphProduct says where a media is shown.
type GraphProduct string

// The products that media are in.
const (
	GraphProductFeed  GraphProduct = "FEED"
	GraphProductReels GraphProduct = "REELS"
	GraphProductStory GraphProduct = "STORY"
	GraphProductAd    GraphProduct = "AD"
)

// graphTime is how the Graph writes times, always in UTC.
const graphTime = "2006-01-02T15:04:05.999999999-0700"

// GraphMedia is one post as the Graph tells of it. Its fields are named after the members; those
// that were not asked for are zero, and so are those that the Graph leaves out, such as the URL of
// a media that infringes copyright.
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

	MediaProductType GraphProduct
	Shortcode        string    // as in Permalink; [MediaNumber] makes the number of it that v1 has
	Owner            GraphUser // the id alone, and only to the owner
	LikeCount        int       // without those of ads; absent where the owner hides it
	CommentsCount    int       // with the replies
	IsCommentEnabled bool

	Extra map[string]json.RawMessage
}

// GraphChildren are the parts of an album.
type GraphChildren struct {
	Data []GraphMedia // parts have no parts of their own

	Extra map[string]json.RawMessage
}

// GraphUser is a professional account as the Graph tells of it: all that was asked for by
// [GraphService.User], and the id, with the name at most, elsewhere.
type GraphUser struct {
	ID                string // as the app knows the user
	UserID            string // as all apps do, and webhooks
	Username          string
	Name              string
	AccountType       string // BUSINESS or MEDIA_CREATOR
	Biography         string
	Website           string
	ProfilePictureURL string
	FollowersCount    int
	FollowsCount      int
	MediaCount        int

	Extra map[string]json.RawMessage
}

// GraphComment is a comment on a media, or a reply to one.
type GraphComment struct {
	ID        string
	Text      string
	Timestamp time.Time
	Username  string    // who wrote it
	From      GraphUser // the same, with the id that the app knows them by
	Hidden    bool
	LikeCount int
	ParentID  string     // of a reply, the comment that it replies to
	Media     GraphMedia // the id, and the product
	Replies   GraphReplies

	Extra map[string]json.RawMessage
}

// GraphReplies are the replies to a comment.
type GraphReplies struct {
	Data []GraphComment // replies have no replies of their own

	Extra map[string]json.RawMessage
}

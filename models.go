package instagram

import (
	"encoding/json"
	"time"
)

// The models are named after the Swagger description of the API, their fields after the members on
// the wire. Ids are strings whatever the wire held, times are in UTC, and a zero value stands for a
// member that was null or absent.
//
// Each model keeps the members it does not know in Extra and writes them back.

// MediaType tells images, videos and carousels apart.
type MediaType string

// The media types. The earliest answers hold 1 and 2 for image and video; carousels were added in
// April 2017.
const (
	MediaImage    MediaType = "image"
	MediaVideo    MediaType = "video"
	MediaCarousel MediaType = "carousel"
)

// MediaEntry is one post: an image, a video or a carousel of both.
type MediaEntry struct {
	ID   string        // "{media}_{user}"; a plain number before 2011
	Type MediaType     // image, video or carousel
	User UserShortInfo // who posted it

	Caption  *CaptionData // nil without a caption
	Comments CommentsCollection
	Likes    LikesCollection

	Images   ImagesData
	Videos   *VideosData   // nil unless Type is video
	Location *LocationInfo // nil without a place

	Link        string // the page of the post on the web
	Filter      string
	Tags        []string  // without the leading #
	CreatedTime time.Time // to the second, UTC

	UsersInPhoto []UserInPhoto
	UserHasLiked bool         // false as well where the answer did not say
	Attribution  *Attribution // the app it was posted with, or nil

	Distance      float64         // metres from the searched point; media search only
	CarouselMedia []CarouselMedia // the parts of a carousel

	Extra map[string]json.RawMessage
}

// CarouselMedia is one part of a carousel.
type CarouselMedia struct {
	Type         MediaType // image or video
	Images       ImagesData
	Videos       *VideosData // nil unless Type is video
	UsersInPhoto []UserInPhoto

	Extra map[string]json.RawMessage
}

// Attribution names the app that a media was posted with.
type Attribution struct {
	Name      string
	Website   string
	ITunesURL string

	Extra map[string]json.RawMessage
}

// CaptionData is the caption of a media.
type CaptionData struct {
	ID          string
	CreatedTime time.Time // to the second, UTC
	Text        string
	From        UserShortInfo

	Extra map[string]json.RawMessage
}

// CommentEntry is one comment on a media.
type CommentEntry struct {
	ID          string
	CreatedTime time.Time // to the second, UTC
	Text        string
	From        UserShortInfo

	Extra map[string]json.RawMessage
}

// CommentsCollection counts the comments on a media and holds some of them.
type CommentsCollection struct {
	Count int            // all there are
	Data  []CommentEntry // the latest few; nil in answers to newer apps

	Extra map[string]json.RawMessage
}

// LikesCollection counts the likes of a media and holds some of those who liked it.
type LikesCollection struct {
	Count int             // all there are
	Data  []UserShortInfo // a few; nil in answers to newer apps

	Extra map[string]json.RawMessage
}

// ImagesData holds the sizes that an image comes in.
type ImagesData struct {
	Thumbnail          ImageInfo // 150 px
	LowResolution      ImageInfo // 306 or 320 px
	StandardResolution ImageInfo // 612 or 640 px

	// HighResolution is the standard one in the earliest answers; given alone, it is in both fields.
	HighResolution ImageInfo

	// Sizes holds the further sizes that answers carry from 2014 on, by the name of their member.
	Sizes map[string]ImageInfo

	Extra map[string]json.RawMessage
}

// VideosData holds the sizes that a video comes in.
type VideosData struct {
	LowResolution      ImageInfo
	StandardResolution ImageInfo
	LowBandwidth       ImageInfo

	// Sizes holds any further sizes, by the name of their member.
	Sizes map[string]ImageInfo

	Extra map[string]json.RawMessage
}

// ImageInfo is one image or video file.
type ImageInfo struct {
	URL    string
	Width  int // pixels
	Height int // pixels

	Extra map[string]json.RawMessage
}

// LocationInfo is a place.
type LocationInfo struct {
	ID            string  // empty in the earliest answers
	Name          string  // empty for a bare point
	Latitude      float64 // degrees north
	Longitude     float64 // degrees east
	StreetAddress string

	Extra map[string]json.RawMessage
}

// UserInPhoto is a user who was tagged in a picture.
type UserInPhoto struct {
	User     UserShortInfo
	Position Position

	Extra map[string]json.RawMessage
}

// Position is a point in a picture, from the top left corner.
type Position struct {
	X float64 // 0 to 1, of the width
	Y float64 // 0 to 1, of the height

	Extra map[string]json.RawMessage
}

// UserInfo is the profile of a user.
type UserInfo struct {
	ID             string
	Username       string
	FullName       string
	ProfilePicture string // URL
	Bio            string
	Website        string
	Counts         UserCounts

	FirstName  string // 2010 and 2011 only
	LastName   string // 2010 and 2011 only
	Type       string // "user", where given
	IsBusiness bool

	Extra map[string]json.RawMessage
}

// UserCounts are the totals of a profile.
type UserCounts struct {
	Media      int
	Follows    int
	FollowedBy int

	Extra map[string]json.RawMessage
}

// UserShortInfo is a user as lists, comments, likes and media show one.
type UserShortInfo struct {
	ID             string
	Username       string
	FullName       string
	ProfilePicture string // URL

	FirstName  string // 2010 and 2011 only
	LastName   string // 2010 and 2011 only
	Type       string // "user", where given
	Bio        string
	Website    string
	IsBusiness bool

	Extra map[string]json.RawMessage
}

// TagInfo is a hashtag.
type TagInfo struct {
	Name        string // without the leading #
	MediaCount  int
	Description string
	ExternalURL string

	Extra map[string]json.RawMessage
}

// OutgoingStatus is what the signed-in user is to another one.
type OutgoingStatus string

// The outgoing statuses.
const (
	OutgoingNone      OutgoingStatus = "none"
	OutgoingFollows   OutgoingStatus = "follows"
	OutgoingRequested OutgoingStatus = "requested" // asked to follow a private user
)

// IncomingStatus is what another user is to the signed-in one.
type IncomingStatus string

// The incoming statuses.
const (
	IncomingNone         IncomingStatus = "none"
	IncomingFollowedBy   IncomingStatus = "followed_by"
	IncomingRequestedBy  IncomingStatus = "requested_by"
	IncomingBlockedByYou IncomingStatus = "blocked_by_you"
)

// RelationshipInfo is how the signed-in user and another one stand.
type RelationshipInfo struct {
	OutgoingStatus      OutgoingStatus
	IncomingStatus      IncomingStatus
	TargetUserIsPrivate bool

	Extra map[string]json.RawMessage
}

// RelationshipStatus is the answer to a change of a relationship. Servers that answer with more
// than the outgoing status have it in the other fields.
type RelationshipStatus struct {
	OutgoingStatus OutgoingStatus

	IncomingStatus      IncomingStatus
	TargetUserIsPrivate bool

	Extra map[string]json.RawMessage
}

// MetaData is the first part of every answer: how the call went.
type MetaData struct {
	Code         int // as an HTTP status; 200 when all is well
	ErrorType    ErrorType
	ErrorMessage string

	Extra map[string]json.RawMessage
}

// Pagination is what a list says of its next page. A [Pager] follows it; it is here to be looked
// at.
type Pagination struct {
	NextURL       string // empty on the last page
	NextMaxID     string
	NextMaxLikeID string
	NextCursor    string
	NextMaxTagID  string

	// MinTagID and MinID are for polling: what is newer than this page.
	MinTagID string
	MinID    string

	NextMinID          string // deprecated by the API in favour of MinTagID
	DeprecationWarning string

	// PreviousURL and Cursors come with the lists of the Graph alone.
	PreviousURL string // empty on the first page
	Cursors     GraphCursors

	Extra map[string]json.RawMessage
}

// SubscriptionObject is the kind of thing that a subscription watches.
type SubscriptionObject string

// The kinds of things to subscribe to.
const (
	ObjectUser      SubscriptionObject = "user" // everyone who signed in to the app
	ObjectTag       SubscriptionObject = "tag"
	ObjectLocation  SubscriptionObject = "location"
	ObjectGeography SubscriptionObject = "geography" // a circle on the map

	// ObjectAll is for [SubscriptionsService.Delete] alone.
	ObjectAll SubscriptionObject = "all"
)

// Subscription is one that the server keeps.
type Subscription struct {
	ID          string
	Type        string // "subscription"
	Object      SubscriptionObject
	ObjectID    string // the tag's name, the location's id, the geo-id for Geographies; empty for users
	Aspect      string // "media"
	CallbackURL string

	Extra map[string]json.RawMessage
}

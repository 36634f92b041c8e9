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

// GraphCursors are the ends of a page of the Graph. A [Pager] follows them; they are here to be
// looked at, and are there even where no page lies behind them.
type GraphCursors struct {
	Before string
	After  string

	Extra map[string]json.RawMessage
}

// A GraphMetric is something that the Graph counts. Those that are not named here can be asked for
// too, by the Graph's name.
type GraphMetric string

// The metrics, as of v26.0 in July 2026. Which of them a media has is up to its product; the Graph
// refuses a call that asks for another one.
const (
	GraphMetricViews                       GraphMetric = "views"
	GraphMetricReach                       GraphMetric = "reach" // accounts that saw it
	GraphMetricLikes                       GraphMetric = "likes"
	GraphMetricComments                    GraphMetric = "comments"
	GraphMetricSaved                       GraphMetric = "saved" // of a media
	GraphMetricSaves                       GraphMetric = "saves" // of an account
	GraphMetricShares                      GraphMetric = "shares"
	GraphMetricReplies                     GraphMetric = "replies" // to stories
	GraphMetricTotalInteractions           GraphMetric = "total_interactions"
	GraphMetricReposts                     GraphMetric = "reposts"
	GraphMetricFollows                     GraphMetric = "follows"
	GraphMetricProfileVisits               GraphMetric = "profile_visits"
	GraphMetricProfileActivity             GraphMetric = "profile_activity"
	GraphMetricNavigation                  GraphMetric = "navigation"                     // within stories
	GraphMetricReelsAverageWatchTime       GraphMetric = "ig_reels_avg_watch_time"        // milliseconds
	GraphMetricReelsTotalWatchTime         GraphMetric = "ig_reels_video_view_total_time" // milliseconds
	GraphMetricReelsSkipRate               GraphMetric = "reels_skip_rate"                // percent
	GraphMetricCrosspostedViews            GraphMetric = "crossposted_views"              // on Facebook too
	GraphMetricFacebookViews               GraphMetric = "facebook_views"                 // on Facebook alone
	GraphMetricAccountsEngaged             GraphMetric = "accounts_engaged"               // of an account, as those below
	GraphMetricFollowerCount               GraphMetric = "follower_count"                 // new ones, day by day
	GraphMetricFollowsAndUnfollows         GraphMetric = "follows_and_unfollows"
	GraphMetricProfileLinksTaps            GraphMetric = "profile_links_taps"
	GraphMetricOnlineFollowers             GraphMetric = "online_followers"              // by hour: see [GraphValue.ByKey]
	GraphMetricFollowerDemographics        GraphMetric = "follower_demographics"         // broken down
	GraphMetricEngagedAudienceDemographics GraphMetric = "engaged_audience_demographics" // broken down
	GraphMetricReachedAudienceDemographics GraphMetric = "reached_audience_demographics" // broken down
	GraphMetricTotalThreadsTaps            GraphMetric = "total_threads_taps"
)

// A GraphPeriod is how long the time is that a figure is for.
type GraphPeriod string

// The periods of insights.
const (
	GraphPeriodDay      GraphPeriod = "day"
	GraphPeriodWeek     GraphPeriod = "week"
	GraphPeriodDays28   GraphPeriod = "days_28"
	GraphPeriodLifetime GraphPeriod = "lifetime" // all of it; the only one of media
)

// GraphInsight is one metric of a media or an account. It has Values, or a TotalValue.
type GraphInsight struct {
	Name        GraphMetric
	Period      GraphPeriod
	Title       string // in the language of the user
	Description string // in the language of the user
	ID          string
	Values      []GraphValue
	TotalValue  *GraphTotal

	Extra map[string]json.RawMessage
}

// GraphValue is a figure, of the time that ends with EndTime or of all time.
type GraphValue struct {
	Value   float64
	EndTime time.Time

	Extra map[string]json.RawMessage
}

// ByKey returns the figures of a metric that has several at a time, such as
// [GraphMetricOnlineFollowers] by the hour of the day. It is nil for one that has a single figure.
func (v GraphValue) ByKey() map[string]float64 {
	var figures map[string]float64
	if json.Unmarshal(v.Extra["value"], &figures) != nil {
		return nil
	}
	return figures
}

// GraphTotal is one figure of a whole time, and what it is made of.
type GraphTotal struct {
	Value      float64
	Breakdowns []GraphBreakdown

	Extra map[string]json.RawMessage
}

// GraphBreakdown is a figure broken down by one thing, or by several at once.
type GraphBreakdown struct {
	DimensionKeys []string // by what
	Results       []GraphBreakdownResult

	Extra map[string]json.RawMessage
}

// GraphBreakdownResult is a part of a figure.
type GraphBreakdownResult struct {
	DimensionValues []string // one for each of the keys
	Value           float64
	EndTime         time.Time

	Extra map[string]json.RawMessage
}

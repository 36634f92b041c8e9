package instagram

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// GraphService reads what graph.instagram.com serves today: the Instagram API with Instagram Login,
// for professional accounts. The comments here describe it as of v26.0 and November 2026. It is no
// part of v1: it asks for neither the app's id nor a signature, and its tokens are its own, see
// [WithGraphToken] and [Client.GraphSignIn]. All of its methods read; none writes.
//
// [Self] stands for the user of the token, whose things are the only ones that a token opens.
type GraphService service

// RateLimit returns what the latest answer of the Graph said of the budget of this client's token,
// as [Client.RateLimit] does for v1.
func (s *GraphService) RateLimit() RateLimit { return value(s).core.rateLimit() }

// A GraphField is a member to ask for. Those that are not named here can be asked for too, by the
// Graph's name, and are found in Extra.
type GraphField string

// The fields of media, users and comments, and sets of them.
const (
	GraphFieldID               GraphField = "id"
	GraphFieldCaption          GraphField = "caption"
	GraphFieldMediaType        GraphField = "media_type"
	GraphFieldMediaProductType GraphField = "media_product_type"
	GraphFieldMediaURL         GraphField = "media_url"
	GraphFieldPermalink        GraphField = "permalink"
	GraphFieldShortcode        GraphField = "shortcode"
	GraphFieldThumbnailURL     GraphField = "thumbnail_url"
	GraphFieldTimestamp        GraphField = "timestamp"
	GraphFieldUsername         GraphField = "username"
	GraphFieldOwner            GraphField = "owner"
	GraphFieldLikeCount        GraphField = "like_count"
	GraphFieldCommentsCount    GraphField = "comments_count"
	GraphFieldIsCommentEnabled GraphField = "is_comment_enabled"
	GraphFieldIsSharedToFeed   GraphField = "is_shared_to_feed"

	// GraphFieldChildren is the parts of an album with all that the Graph tells of parts;
	// GraphFieldChildrenIDs is their ids alone.
	GraphFieldChildren    GraphField = "children{" + GraphChildFields + "}"
	GraphFieldChildrenIDs GraphField = "children"

	// GraphMediaFields is all of these, with the children whole; GraphChildFields those of a child.
	GraphMediaFields GraphField = "id,caption,media_type,media_product_type,media_url,permalink,shortcode,thumbnail_url,timestamp," +
		"username,owner,like_count,comments_count,is_comment_enabled,is_shared_to_feed," + GraphFieldChildren
	GraphChildFields GraphField = "id,media_type,media_url,permalink,thumbnail_url,timestamp,username"

	// GraphUserFields is all fields of a user that have a member in [GraphUser].
	GraphUserFields GraphField = "id,user_id,username,name,account_type,biography,website,profile_picture_url,followers_count,follows_count,media_count"

	// GraphCommentFields is all fields of a comment that have a member in [GraphComment], with the
	// replies whole; GraphReplyFields is those of a reply.
	GraphCommentFields            = GraphReplyFields + ",replies{" + GraphReplyFields + "}"
	GraphReplyFields   GraphField = "id,text,timestamp,username,from,hidden,like_count,parent_id,media"
)

// GraphMediaOptions narrow [GraphService.UserMedia] and [GraphService.Entries].
type GraphMediaOptions struct {
	Fields []GraphField // what to tell of each media; default: GraphMediaFields
	Limit  int          // media a page; the default of 0 leaves it to the server

	Since GraphTime // only media from this second on
	Until GraphTime // only media up to this second

	// V1UserID is the user's id in v1, if it is known: [GraphService.Entries] then has v1's ids.
	V1UserID string
}

// UserMedia lists what a user posted, latest first and at most the latest 10,000, without stories.
// It needs [GraphScopeBusinessBasic]. The list can be walked backward too: see [Page.Reverse].
//
// Graph API: GET /{user-id}/media
func (s *GraphService) UserMedia(userID string, opts *GraphMediaOptions) *Pager[GraphMedia] {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/{user-id}/media", graphID(userID)).
		fields(o.Fields, GraphMediaFields).number("limit", o.Limit, math.MaxInt32).
		span(o.Since, o.Until)
	return walk[GraphMedia](call, graphPaging)
}

// Entries is UserMedia with each media as [GraphMedia.MediaEntry] shows it, for programs that were
// written for [UsersService.RecentMedia]. With V1UserID in the options the ids are those of v1 too.
func (s *GraphService) Entries(userID string, opts *GraphMediaOptions) *Pager[MediaEntry] {
	user := value(opts).V1UserID
	return convert(s.UserMedia(userID, opts), func(m *GraphMedia) *MediaEntry {
		entry := m.MediaEntry()
		if id, err := m.V1ID(user); err == nil {
			entry.ID, entry.User.ID = id, user
		}
		if entry.Caption != nil {
			entry.Caption.From = entry.User
		}
		return entry
	})
}

// Stories lists the stories of a user of the last 24 hours, latest first. It needs what UserMedia
// needs.
//
// Graph API: GET /{user-id}/stories
func (s *GraphService) Stories(userID string, opts *GraphListOptions) *Pager[GraphMedia] {
	return walk[GraphMedia](s.list("/{user-id}/stories", graphID(userID), opts, GraphMediaFields), graphPaging)
}

// User returns the profile of the user of the token, with the fields that are named, or with all.
// It needs [GraphScopeBusinessBasic].
//
// Graph API: GET /{user-id}
func (s *GraphService) User(ctx context.Context, userID string, fields ...GraphField) (*GraphUser, error) {
	call := newCall(s, http.MethodGet, "/{user-id}", graphID(userID)).fields(fields, GraphUserFields)
	return getNode[GraphUser](ctx, call)
}

// Media returns one media, a story or a part of an album too, with the fields that are named, or
// with all. It needs what UserMedia needs. The id is the Graph's own.
//
// Graph API: GET /{media-id}
func (s *GraphService) Media(ctx context.Context, mediaID string, fields ...GraphField) (*GraphMedia, error) {
	return getNode[GraphMedia](ctx, newCall(s, http.MethodGet, "/{media-id}", mediaID).fields(fields, GraphMediaFields))
}

// Children returns the parts of an album, with the fields that are named, or with all that the
// Graph tells of parts. Of other media there are none.
//
// Graph API: GET /{media-id}/children
func (s *GraphService) Children(ctx context.Context, mediaID string, fields ...GraphField) ([]*GraphMedia, error) {
	call := newCall(s, http.MethodGet, "/{media-id}/children", mediaID).fields(fields, GraphChildFields)
	return getList[GraphMedia](ctx, call)
}

// GraphListOptions narrow lists of the Graph.
type GraphListOptions struct {
	Fields []GraphField // what to tell of each entry; default: all
	Limit  int          // entries a page; the default of 0 leaves it to the server
}

// Comments lists the comments on a media, latest first, each with its replies. It needs
// [GraphScopeBusinessComments].
//
// Graph API: GET /{media-id}/comments
func (s *GraphService) Comments(mediaID string, opts *GraphListOptions) *Pager[GraphComment] {
	return walk[GraphComment](s.list("/{media-id}/comments", mediaID, opts, GraphCommentFields), graphPaging)
}

// Replies lists the replies to a comment. It needs what Comments needs.
//
// Graph API: GET /{comment-id}/replies
func (s *GraphService) Replies(commentID string, opts *GraphListOptions) *Pager[GraphComment] {
	return walk[GraphComment](s.list("/{comment-id}/replies", commentID, opts, GraphReplyFields), graphPaging)
}

// Comment returns one comment, with the fields that are named, or with all. It needs what Comments
// needs.
//
// Graph API: GET /{comment-id}
func (s *GraphService) Comment(ctx context.Context, commentID string, fields ...GraphField) (*GraphComment, error) {
	call := newCall(s, http.MethodGet, "/{comment-id}", commentID).fields(fields, GraphCommentFields)
	return getNode[GraphComment](ctx, call)
}

// list describes a call for a list without a time span.
func (s *GraphService) list(endpoint, id string, opts *GraphListOptions, all GraphField) *call {
	o := value(opts)
	return newCall(s, http.MethodGet, endpoint, id).fields(o.Fields, all).number("limit", o.Limit, math.MaxInt32)
}

// fields adds what to tell of each entry: the Graph tells ids only unless asked.
func (c *call) fields(fields []GraphField, all GraphField) *call {
	if len(fields) == 0 {
		fields = []GraphField{all}
	}
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = string(field)
		if field == "" || strings.ContainsFunc(names[i], func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			c.refuse("fields", "%q is no field", field)
		}
	}
	return c.set("fields", strings.Join(names, ","))
}

// A GraphTime is an end of a time span, to the second: a time, which [GraphTimeOf] writes, or text in
// the form of PHP's strtotime, such as "yesterday" or "2026-05-30 12:00". An empty one is left out.
type GraphTime string

// GraphTimeOf returns a time as the Graph takes it, and nothing for the zero time.
func GraphTimeOf(t time.Time) GraphTime {
	if t.IsZero() {
		return ""
	}
	return GraphTime(strconv.FormatInt(t.Unix(), 10))
}

// span adds a time span whose ends may each be left out.
func (c *call) span(since, until GraphTime) *call {
	from, err := strconv.ParseInt(string(since), 10, 64)
	to, err2 := strconv.ParseInt(string(until), 10, 64)
	if err == nil && err2 == nil && from > to {
		c.refuse("since", "it is after until")
	}
	return c.set("since", string(since)).set("until", string(until))
}

// GraphInsightOptions say what [GraphService.Insights] shall tell.
type GraphInsightOptions struct {
	Metrics []GraphMetric // at least one

	Period     GraphPeriod // of an account, which must have one
	TotalValue bool        // one figure for the whole time, which most metrics of an account must be asked for
	Breakdowns []string    // what to break a total down by, such as media_product_type, follow_type, country
	Timeframe  string      // of demographics, such as this_month

	// The time of an account's figures: at most 30 days; by default the last one or two.
	Since, Until GraphTime
}

// Insights returns the insights of a media, or of an account where the id is that of a user or
// [Self]. It needs [GraphScopeBusinessInsights]. Figures may be two days late. A metric without
// figures is missing, or has no values. Stories have insights for 24 hours, and none with fewer than
// five viewers: that error has the code 10 of a missing permission.
//
// Graph API: GET /{media-id}/insights and GET /{user-id}/insights
func (s *GraphService) Insights(ctx context.Context, id string, opts *GraphInsightOptions) ([]*GraphInsight, error) {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/{id}/insights", graphID(id)).
		set("period", string(o.Period)).set("timeframe", o.Timeframe).set("breakdown", strings.Join(o.Breakdowns, ","))
	if o.TotalValue {
		call.set("metric_type", "total_value")
	}
	names := make([]string, len(o.Metrics))
	for i, metric := range o.Metrics {
		names[i] = string(metric)
		if metric == "" || strings.ContainsAny(names[i], ", \t\r\n") {
			call.refuse("metric", "%q is no metric", metric)
		}
	}
	call.require("metric", strings.Join(names, ","))
	call.span(o.Since, o.Until)
	return getList[GraphInsight](ctx, call)
}

// graphID is how the Graph names a user or what is theirs.
func graphID(id string) string {
	if id == Self {
		return "me"
	}
	return id
}

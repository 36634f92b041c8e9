package instagram

import (
	"context"
	"math"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// GraphService reads what graph.instagram.com serves today: the Instagram API with Instagram Login,
// for professional accounts. The comments here describe it as of v26.0 and November 2026. It is no
// part of v1: it asks for neither the app's id nor a signature, and its tokens are its own, see
// [WithGraphToken] and [Client.GraphSignIn]. Nothing here writes.
//
// [Self] stands for the user of the token, whose things are the only ones that a token opens.
type GraphService service

// newGraphAPI describes the Graph at a base URL, in a version or in none.
func newGraphAPI(base, version string, limiter Limiter) *api {
	if version != "" {
		base += "/" + version
	}
	return &api{base: base, authorize: authorizeGraph, readError: readGraphError, limiter: limiter}
}

// authorizeGraph adds the token, without which the Graph answers nothing.
func authorizeGraph(ctx context.Context, c *core, call *call) (credentials, error) {
	creds := newCredentials(call)
	if !c.tokens.set() {
		return creds, &ParameterError{"access_token", "the Graph needs a token of its own; set it with WithGraphToken"}
	}
	return creds, creds.addToken(ctx, c.tokens)
}

// RateLimit returns what the latest answer of the Graph said of the budget of this client's token,
// as [Client.RateLimit] does for v1.
func (s *GraphService) RateLimit() RateLimit { return s.core.rateLimit() }

// A GraphField is a member to ask for. Those that are not named here can be asked for too, by the
// Graph's name, and are found in Extra.
type GraphField string

// The fields of a media.
const (
	FieldID               GraphField = "id"
	FieldCaption          GraphField = "caption"
	FieldMediaType        GraphField = "media_type"
	FieldMediaProductType GraphField = "media_product_type"
	FieldMediaURL         GraphField = "media_url"
	FieldPermalink        GraphField = "permalink"
	FieldShortcode        GraphField = "shortcode"
	FieldThumbnailURL     GraphField = "thumbnail_url"
	FieldTimestamp        GraphField = "timestamp"
	FieldUsername         GraphField = "username"
	FieldOwner            GraphField = "owner"
	FieldLikeCount        GraphField = "like_count"
	FieldCommentsCount    GraphField = "comments_count"
	FieldIsCommentEnabled GraphField = "is_comment_enabled"
	FieldIsSharedToFeed   GraphField = "is_shared_to_feed"

	// FieldChildren is the parts of an album with all that the Graph tells of parts;
	// FieldChildrenIDs is their ids alone.
	FieldChildren    GraphField = "children{" + AllChildFields + "}"
	FieldChildrenIDs GraphField = "children"

	// AllFields is all of the fields above, with the children whole, and AllChildFields what there
	// is of a child.
	AllFields = FieldID + "," + FieldCaption + "," + FieldMediaType + "," + FieldMediaProductType + "," + FieldMediaURL + "," +
		FieldPermalink + "," + FieldShortcode + "," + FieldThumbnailURL + "," + FieldTimestamp + "," + FieldUsername + "," + FieldOwner + "," +
		FieldLikeCount + "," + FieldCommentsCount + "," + FieldIsCommentEnabled + "," + FieldIsSharedToFeed + "," + FieldChildren
	AllChildFields = FieldID + "," + FieldMediaType + "," + FieldMediaURL + "," + FieldPermalink + "," + FieldThumbnailURL + "," +
		FieldTimestamp + "," + FieldUsername

	// AllUserFields is all fields of a user that have a member in [GraphUser].
	AllUserFields GraphField = "id,user_id,username,name,account_type,biography,website,profile_picture_url,followers_count,follows_count,media_count"

	// AllCommentFields is all fields of a comment that have a member in [GraphComment], with the
	// replies whole; AllReplyFields is those of a reply.
	AllCommentFields            = AllReplyFields + ",replies{" + AllReplyFields + "}"
	AllReplyFields   GraphField = "id,text,timestamp,username,from,hidden,like_count,parent_id,media"
)

// GraphMediaOptions narrow [GraphService.UserMedia] and [GraphService.Entries].
type GraphMediaOptions struct {
	Fields []GraphField // what to tell of each media; default: AllFields
	Limit  int          // media a page; the default of 0 leaves it to the server

	// The ends of a time span, each as a time, to the second, or as text in the form of PHP's
	// strtotime ("yesterday"), or left out.
	Since     time.Time
	Until     time.Time
	SinceText string
	UntilText string

	// V1UserID is the id that the user had in v1, if it is known. [GraphService.Entries] then has
	// the ids of v1.
	V1UserID string
}

// UserMedia lists what a user posted, latest first and at most the latest 10,000, without stories.
// It needs [ScopeBusinessBasic]. The list can be walked backward too: see [Page.Reverse].
//
// Graph API: GET /{user-id}/media
func (s *GraphService) UserMedia(userID string, opts *GraphMediaOptions) *Pager[GraphMedia] {
	o := value(opts)
	call := s.api.call(http.MethodGet, "/{user-id}/media", graphID(userID)).
		fields(o.Fields, AllFields).number("limit", o.Limit, math.MaxInt32).
		moment("since", o.Since, o.SinceText).moment("until", o.Until, o.UntilText)
	if !o.Since.IsZero() && !o.Until.IsZero() && o.Since.After(o.Until) {
		call.refuse("since", "it is after until")
	}
	return walk[GraphMedia](s.core, call, graphPaging)
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
	return walk[GraphMedia](s.core, s.list("/{user-id}/stories", graphID(userID), opts, AllFields), graphPaging)
}

// User returns the profile of the user of the token, with the fields that are named, or with all.
// It needs [ScopeBusinessBasic].
//
// Graph API: GET /{user-id}
func (s *GraphService) User(ctx context.Context, userID string, fields ...GraphField) (*GraphUser, error) {
	call := s.api.call(http.MethodGet, "/{user-id}", graphID(userID)).fields(fields, AllUserFields)
	return getNode[GraphUser](ctx, s.core, call)
}

// Media returns one media, a story or a part of an album too, with the fields that are named, or
// with all. It needs what UserMedia needs. The id is the Graph's own.
//
// Graph API: GET /{media-id}
func (s *GraphService) Media(ctx context.Context, mediaID string, fields ...GraphField) (*GraphMedia, error) {
	return getNode[GraphMedia](ctx, s.core, s.api.call(http.MethodGet, "/{media-id}", mediaID).fields(fields, AllFields))
}

// Children returns the parts of an album, with the fields that are named, or with all that the
// Graph tells of parts. Of other media there are none.
//
// Graph API: GET /{media-id}/children
func (s *GraphService) Children(ctx context.Context, mediaID string, fields ...GraphField) ([]*GraphMedia, error) {
	call := s.api.call(http.MethodGet, "/{media-id}/children", mediaID).fields(fields, AllChildFields)
	return getList[GraphMedia](ctx, s.core, call)
}

// GraphListOptions narrow lists of the Graph.
type GraphListOptions struct {
	Fields []GraphField // what to tell of each entry; default: all
	Limit  int          // entries a page; the default of 0 leaves it to the server
}

// Comments lists the comments on a media, latest first, each with its replies. It needs
// [ScopeBusinessComments].
//
// Graph API: GET /{media-id}/comments
func (s *GraphService) Comments(mediaID string, opts *GraphListOptions) *Pager[GraphComment] {
	return walk[GraphComment](s.core, s.list("/{media-id}/comments", mediaID, opts, AllCommentFields), graphPaging)
}

// Replies lists the replies to a comment. It needs what Comments needs.
//
// Graph API: GET /{comment-id}/replies
func (s *GraphService) Replies(commentID string, opts *GraphListOptions) *Pager[GraphComment] {
	return walk[GraphComment](s.core, s.list("/{comment-id}/replies", commentID, opts, AllReplyFields), graphPaging)
}

// Comment returns one comment, with the fields that are named, or with all. It needs what Comments
// needs.
//
// Graph API: GET /{comment-id}
func (s *GraphService) Comment(ctx context.Context, commentID string, fields ...GraphField) (*GraphComment, error) {
	call := s.api.call(http.MethodGet, "/{comment-id}", commentID).fields(fields, AllCommentFields)
	return getNode[GraphComment](ctx, s.core, call)
}

// list describes a call for a list without a time span.
func (s *GraphService) list(endpoint, id string, opts *GraphListOptions, all GraphField) *call {
	o := value(opts)
	return s.api.call(http.MethodGet, endpoint, id).fields(o.Fields, all).number("limit", o.Limit, math.MaxInt32)
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

// moment adds an end of a time span that is given as a time or as text.
func (c *call) moment(name string, t time.Time, text string) *call {
	if !t.IsZero() && text != "" {
		c.refuse(name, "it is given both as a time and as text")
	}
	c.timestamp(name, t)
	return c.set(name, text)
}

// checkGraphVersion wants the form of v26.0.
func checkGraphVersion(version string) error {
	major, minor, dotted := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if !strings.HasPrefix(version, "v") || !isDigits(major) || dotted && !isDigits(minor) {
		return &ParameterError{"Graph version", "it is not of the form v26.0"}
	}
	return nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

package instagram

import (
	"context"
	"math"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// GraphService reads what graph.instagram.com serves today: the Instagram API with
// Instagram Login, for professional accounts. The comments here describe it as of
// v26.0 and November 2026. It is no part of v1: it asks for neither the app's id nor
// a signature, and its tokens are its own, see [WithGraphToken] and
// [Client.GraphSignIn]. Nothing here writes.
//
// [Self] stands for the user of the token, whose things are the only ones that a
// token opens.
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

// RateLimit returns what the latest answer of the Graph said of the budget of this
// client's token, as [Client.RateLimit] does for v1.
func (s *GraphService) RateLimit() RateLimit { return s.core.rateLimit() }

// A GraphField is a member of [GraphMedia] to ask for. Those that are not named
// here can be asked for too, by the Graph's name, and are found in Extra.
type GraphField string

// The fields of a media.
const (
	FieldID             GraphField = "id"
	FieldCaption        GraphField = "caption"
	FieldMediaType      GraphField = "media_type"
	FieldMediaURL       GraphField = "media_url"
	FieldPermalink      GraphField = "permalink"
	FieldThumbnailURL   GraphField = "thumbnail_url"
	FieldTimestamp      GraphField = "timestamp"
	FieldUsername       GraphField = "username"
	FieldIsSharedToFeed GraphField = "is_shared_to_feed"

	// FieldChildren is the parts of an album with all that the Graph tells of
	// parts; FieldChildrenIDs is their ids alone.
	FieldChildren    GraphField = "children{id,media_type,media_url,permalink,thumbnail_url,timestamp,username}"
	FieldChildrenIDs GraphField = "children"

	// AllFields is all of the fields above, with the children whole.
	AllFields = FieldID + "," + FieldCaption + "," + FieldMediaType + "," + FieldMediaURL + "," + FieldPermalink + "," +
		FieldThumbnailURL + "," + FieldTimestamp + "," + FieldUsername + "," + FieldIsSharedToFeed + "," + FieldChildren
)

// GraphMediaOptions narrow [GraphService.UserMedia] and [GraphService.Entries].
type GraphMediaOptions struct {
	Fields []GraphField // what to tell of each media; default: AllFields
	Limit  int          // media a page; the default of 0 leaves it to the server

	// The ends of a time span, each as a time, to the second, or as text in the
	// form of PHP's strtotime ("yesterday"), or left out.
	Since     time.Time
	Until     time.Time
	SinceText string
	UntilText string
}

// UserMedia lists what a user posted, latest first and at most the latest
// 10,000, without stories. [Self] stands for the user of the token, whose media
// are the only ones that most tokens open. It needs the permissions
// instagram_graph_user_media and instagram_graph_user_profile. The list can be
// walked backward too: see [Page.Reverse].
//
// Graph API: GET /{user-id}/media
func (s *GraphService) UserMedia(userID string, opts *GraphMediaOptions) *Pager[GraphMedia] {
	if userID == Self {
		userID = "me"
	}
	o := value(opts)
	call := s.api.call(http.MethodGet, "/{user-id}/media", userID).
		fields(o.Fields).number("limit", o.Limit, math.MaxInt32).
		moment("since", o.Since, o.SinceText).moment("until", o.Until, o.UntilText)
	if !o.Since.IsZero() && !o.Until.IsZero() && o.Since.After(o.Until) {
		call.refuse("since", "it is after until")
	}
	return walk[GraphMedia](s.core, call, graphPaging)
}

// Entries is UserMedia with each media as [GraphMedia.MediaEntry] shows it, for
// programs that were written for [UsersService.RecentMedia].
func (s *GraphService) Entries(userID string, opts *GraphMediaOptions) *Pager[MediaEntry] {
	return convert(s.UserMedia(userID, opts), (*GraphMedia).MediaEntry)
}

// fields adds what to tell of each media: the Graph tells ids only unless asked.
func (c *call) fields(fields []GraphField) *call {
	if len(fields) == 0 {
		fields = []GraphField{AllFields}
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

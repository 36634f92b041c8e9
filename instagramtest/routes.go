package instagramtest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/limits"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
)

// endpoint is a method on a path and everything that has to be so before its handler runs.
type endpoint struct {
	method  string
	path    string // {name} stands for any one segment
	access  access
	scope   string       // that the token needs
	others  string       // that it needs as well to see what belongs to others
	counts  limits.Write // the limit of writes that it falls under
	handle  func(*call) *apierror.Error
	pattern []string
}

// access is what a call must bring to be let in.
type access uint8

const (
	anyCredentials access = iota // an access token or a client id
	userToken                    // an access token
	appSecret                    // a client id and its secret
)

// changes says whether the endpoint may change the world.
func (e *endpoint) changes() bool { return e.method != http.MethodGet }

// endpoints is the API, table by table as it was documented.
var endpoints = compile([]endpoint{
	{method: "GET", path: "users/search", scope: oauth.ScopeBasic, handle: searchUsers},
	{method: "GET", path: "users/self/feed", access: userToken, scope: oauth.ScopeBasic, handle: getFeed},
	{method: "GET", path: "users/self/media/liked", access: userToken, scope: oauth.ScopeBasic, handle: getLikedMedia},
	{method: "GET", path: "users/self/requested-by", access: userToken, scope: oauth.ScopeFollowerList, handle: getRequestedBy},
	{method: "GET", path: "users/{user-id}", scope: oauth.ScopeBasic, others: oauth.ScopePublicContent, handle: getUser},
	{method: "GET", path: "users/{user-id}/media/recent", scope: oauth.ScopeBasic, others: oauth.ScopePublicContent, handle: getUserMedia},
	{method: "GET", path: "users/{user-id}/follows", scope: oauth.ScopeFollowerList, handle: getFollows},
	{method: "GET", path: "users/{user-id}/followed-by", scope: oauth.ScopeFollowerList, handle: getFollowedBy},
	{method: "GET", path: "users/{user-id}/relationship", access: userToken, scope: oauth.ScopeFollowerList, handle: getRelationship},
	{method: "POST", path: "users/{user-id}/relationship", access: userToken, scope: oauth.ScopeRelationships, counts: limits.RelationshipWrite, handle: changeRelationship},

	{method: "GET", path: "media/search", scope: oauth.ScopePublicContent, handle: searchMedia},
	{method: "GET", path: "media/popular", scope: oauth.ScopeBasic, handle: getPopularMedia},
	{method: "GET", path: "media/shortcode/{shortcode}", scope: oauth.ScopeBasic, others: oauth.ScopePublicContent, handle: getMediaByShortcode},
	{method: "GET", path: "media/{media-id}", scope: oauth.ScopeBasic, others: oauth.ScopePublicContent, handle: getMedia},

	{method: "GET", path: "media/{media-id}/comments", scope: oauth.ScopeBasic, others: oauth.ScopePublicContent, handle: getComments},
	{method: "POST", path: "media/{media-id}/comments", access: userToken, scope: oauth.ScopeComments, counts: limits.CommentWrite, handle: postComment},
	{method: "DELETE", path: "media/{media-id}/comments/{comment-id}", access: userToken, scope: oauth.ScopeComments, counts: limits.CommentWrite, handle: deleteComment},

	{method: "GET", path: "media/{media-id}/likes", scope: oauth.ScopeBasic, others: oauth.ScopePublicContent, handle: getLikes},
	{method: "POST", path: "media/{media-id}/likes", access: userToken, scope: oauth.ScopeLikes, counts: limits.LikeWrite, handle: postLike},
	{method: "DELETE", path: "media/{media-id}/likes", access: userToken, scope: oauth.ScopeLikes, counts: limits.LikeWrite, handle: deleteLike},

	{method: "GET", path: "tags/search", scope: oauth.ScopePublicContent, handle: searchTags},
	{method: "GET", path: "tags/{tag-name}", scope: oauth.ScopePublicContent, handle: getTag},
	{method: "GET", path: "tags/{tag-name}/media/recent", scope: oauth.ScopePublicContent, handle: getTagMedia},

	{method: "GET", path: "locations/search", scope: oauth.ScopePublicContent, handle: searchPlaces},
	{method: "GET", path: "locations/{location-id}", scope: oauth.ScopePublicContent, handle: getPlace},
	{method: "GET", path: "locations/{location-id}/media/recent", scope: oauth.ScopePublicContent, handle: getPlaceMedia},

	{method: "GET", path: "subscriptions", access: appSecret, handle: listSubscriptions},
	{method: "POST", path: "subscriptions", access: appSecret, handle: createSubscription},
	{method: "DELETE", path: "subscriptions", access: appSecret, handle: deleteSubscriptions},

	{method: "GET", path: "geographies/{geo-id}/media/recent", scope: oauth.ScopeBasic, handle: getGeographyMedia},
})

func compile(table []endpoint) []*endpoint {
	compiled := make([]*endpoint, len(table))
	for i, e := range table {
		e.pattern = strings.Split(e.path, "/")
		compiled[i] = &e
	}
	return compiled
}

// match finds the endpoint for a path, and the values of its variables. If it is the method alone
// that does not fit, allowed names those that do. Earlier rows of the table win, so what is spelled
// out comes before variables.
func match(method string, segments []string) (found *endpoint, vars, allowed []string) {
	for _, e := range endpoints {
		values, ok := e.match(segments)
		switch {
		case !ok:
		case e.method == method:
			return e, values, nil
		case slices.Contains(allowed, e.method):
		case e.method == http.MethodGet:
			allowed = append(allowed, http.MethodGet, http.MethodHead)
		default:
			allowed = append(allowed, e.method)
		}
	}
	return nil, nil, allowed
}

func (e *endpoint) match(segments []string) (vars []string, ok bool) {
	if len(segments) != len(e.pattern) {
		return nil, false
	}
	for i, p := range e.pattern {
		if p[0] == '{' {
			vars = append(vars, segments[i])
		} else if p != segments[i] {
			return nil, false
		}
	}
	return vars, true
}

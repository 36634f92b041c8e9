package instagramtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// endpoint is a method on a path and everything that has to be so before its handler runs.
type endpoint struct {
	method  string
	path    string // {name} stands for any one segment
	access  access
	scope   string // that the token needs
	others  string // that it needs as well to see what belongs to others
	counts  write  // the limit of writes that it falls under
	handle  func(*call) *apiError
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
	{method: "GET", path: "users/search", scope: scopeBasic, handle: searchUsers},
	{method: "GET", path: "users/self/feed", access: userToken, scope: scopeBasic, handle: getFeed},
	{method: "GET", path: "users/self/media/liked", access: userToken, scope: scopeBasic, handle: getLikedMedia},
	{method: "GET", path: "users/self/requested-by", access: userToken, scope: scopeFollowerList, handle: getRequestedBy},
	{method: "GET", path: "users/{user}", scope: scopeBasic, others: scopePublicContent, handle: getUser},
	{method: "GET", path: "users/{user}/media/recent", scope: scopeBasic, others: scopePublicContent, handle: getUserMedia},
	{method: "GET", path: "users/{user}/follows", scope: scopeFollowerList, handle: getFollows},
	{method: "GET", path: "users/{user}/followed-by", scope: scopeFollowerList, handle: getFollowedBy},
	{method: "GET", path: "users/{user}/relationship", access: userToken, scope: scopeFollowerList, handle: getRelationship},
	{method: "POST", path: "users/{user}/relationship", access: userToken, scope: scopeRelationships, counts: relationshipWrite, handle: changeRelationship},

	{method: "GET", path: "media/search", scope: scopePublicContent, handle: searchMedia},
	{method: "GET", path: "media/popular", scope: scopeBasic, handle: getPopularMedia},
	{method: "GET", path: "media/shortcode/{code}", scope: scopeBasic, others: scopePublicContent, handle: getMediaByShortcode},
	{method: "GET", path: "media/{media}", scope: scopeBasic, others: scopePublicContent, handle: getMedia},

	{method: "GET", path: "media/{media}/comments", scope: scopeBasic, others: scopePublicContent, handle: getComments},
	{method: "POST", path: "media/{media}/comments", access: userToken, scope: scopeComments, counts: commentWrite, handle: postComment},
	{method: "DELETE", path: "media/{media}/comments/{comment}", access: userToken, scope: scopeComments, counts: commentWrite, handle: deleteComment},

	{method: "GET", path: "media/{media}/likes", scope: scopeBasic, others: scopePublicContent, handle: getLikes},
	{method: "POST", path: "media/{media}/likes", access: userToken, scope: scopeLikes, counts: likeWrite, handle: postLike},
	{method: "DELETE", path: "media/{media}/likes", access: userToken, scope: scopeLikes, counts: likeWrite, handle: deleteLike},

	{method: "GET", path: "tags/search", scope: scopePublicContent, handle: searchTags},
	{method: "GET", path: "tags/{tag}", scope: scopePublicContent, handle: getTag},
	{method: "GET", path: "tags/{tag}/media/recent", scope: scopePublicContent, handle: getTagMedia},

	{method: "GET", path: "locations/search", scope: scopePublicContent, handle: searchPlaces},
	{method: "GET", path: "locations/{location}", scope: scopePublicContent, handle: getPlace},
	{method: "GET", path: "locations/{location}/media/recent", scope: scopePublicContent, handle: getPlaceMedia},

	{method: "GET", path: "subscriptions", access: appSecret, handle: listSubscriptions},
	{method: "POST", path: "subscriptions", access: appSecret, handle: createSubscription},
	{method: "DELETE", path: "subscriptions", access: appSecret, handle: deleteSubscriptions},

	{method: "GET", path: "geographies/{geography}/media/recent", scope: scopeBasic, handle: getGeographyMedia},
})

func compile(table []endpoint) []*endpoint {
	compiled := make([]*endpoint, len(table))
	for i, e := range table {
		e.pattern = strings.Split(e.path, "/")
		compiled[i] = &e
	}
	return compiled
}

// match finds the endpoint for a path, and the values of its variables. If it is the method alone that does not fit,
// allowed names those that do. Earlier rows of the table win, so what is spelled out comes before variables.
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

// trimPath takes off what an endpoint's path may end in.
func trimPath(path string) string {
	return strings.TrimSuffix(strings.TrimRight(path, "/"), ".json")
}

// withoutVersion takes the version off the front of a path, however often a client has put it there.
func withoutVersion(path string) string {
	path = strings.TrimLeft(path, "/")
	for path == "v1" || strings.HasPrefix(path, "v1/") {
		path = strings.TrimLeft(path[len("v1"):], "/")
	}
	return "/" + path
}

// split cuts a path into its unescaped segments. Escaped slashes stay within theirs.
func split(escaped string) []string {
	var segments []string
	for s := range strings.SplitSeq(escaped, "/") {
		if s == "" {
			continue
		}
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		segments = append(segments, s)
	}
	return segments
}

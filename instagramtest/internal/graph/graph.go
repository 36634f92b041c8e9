// Package graph answers the requests of the Graph API: what a user can read of their own, and the
// trade of tokens.
package graph

import (
	"crypto/rand"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/limits"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/paths"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

var versionName = regexp.MustCompile(`^v\d+(\.\d+)?$`)

// Serves says whether a path whose first segment is this belongs to the Graph API: its version, a
// the id of a node, me, or an endpoint for tokens.
func Serves(segment string) bool {
	_, isID := world.ParseID(segment)
	return isID || segment == "me" || tokenEndpoints[segment] != nil || strings.HasPrefix(segment, "v") && versionName.MatchString(segment)
}

// apiError is an error in the form of the Graph API.
type apiError struct {
	status        int
	kind          string
	code, subcode int
	message       string
}

func badParameter(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, "IGApiException", 100, 0, fmt.Sprintf(format, args...)}
}

func unsupported(method, object string) *apiError {
	return &apiError{http.StatusBadRequest, "IGApiException", 100, 33, fmt.Sprintf("Unsupported %s request. Object with ID '%s' does not exist, "+
		"cannot be loaded due to missing permissions, or does not support this operation", strings.ToLower(method), object)}
}

var (
	errNoToken    = &apiError{http.StatusBadRequest, "OAuthException", 190, 0, "An access token is required to request this resource"}
	errBadToken   = &apiError{http.StatusBadRequest, "OAuthException", 190, 0, "Invalid OAuth access token - Cannot parse access token"}
	errPermission = &apiError{http.StatusForbidden, "OAuthException", 10, 0, "Application does not have permission for this action"}
	errRateLimit  = &apiError{http.StatusForbidden, "OAuthException", 4, 0, "Application request limit reached"}
)

func (e *apiError) append(b []byte) []byte {
	b = append(b, `{"error":{"message":`...)
	b = encode.ASCII(b, e.message)
	b = append(b, `,"type":`...)
	b = encode.ASCII(b, e.kind)
	b = append(b, `,"code":`...)
	b = encode.Int(b, e.code)
	if e.subcode != 0 {
		b = append(b, `,"error_subcode":`...)
		b = encode.Int(b, e.subcode)
	}
	b = append(b, `,"fbtrace_id":`...)
	b = encode.ASCII(b, rand.Text()[:23])
	return append(b, `}}`...)
}

// API answers from a world. Its fields are set once, before it is used.
type API struct {
	World  func() *world.World
	Tokens *oauth.Tokens
	Limits *limits.Limiter
	Now    func() time.Time
	Secret string // of the app
}

// call is one request to the Graph API, on its way to an answer.
type call struct {
	*API
	origin string // of the URLs in the answer
	w      *world.World
	params params.Params
	prefix string   // the version as it was sent, with a slash before it, or ""
	path   []string // behind the version, at least one segment
	grant  *oauth.Grant
	viewer *world.User
	b      []byte
}

// Answer is the status and the JSON with which a request is answered, and the parameters that it
// has. The URLs in the answer start with the origin.
func (a *API) Answer(header http.Header, r *http.Request, origin string) (status int, body []byte, p params.Params) {
	g := &call{API: a, origin: origin, w: a.World()}
	if failed := g.run(header, r); failed != nil {
		return failed.status, failed.append(nil), g.params
	}
	return http.StatusOK, g.b, g.params
}

func (g *call) run(header http.Header, r *http.Request) *apiError {
	var failed *apierror.Error
	if g.params, failed = params.Read(r); failed != nil {
		return badParameter("%s", failed.Message)
	}
	path := paths.Split(paths.WithoutVersion(r.URL.EscapedPath()))
	if len(path) > 0 && versionName.MatchString(path[0]) {
		g.prefix, path = "/"+path[0], path[1:]
	}
	if g.path = path; len(path) < 1 || len(path) > 2 || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return unsupported(r.Method, strings.Join(path, "/"))
	}
	if failed := g.identify(); failed != nil {
		return failed
	}
	g.w.Mu.RLock()
	defer g.w.Mu.RUnlock()
	if g.viewer = g.w.Users[g.grant.UserID]; g.viewer == nil {
		return errBadToken
	}
	if trade := tokenEndpoints[path[0]]; trade != nil && len(path) == 1 {
		header.Set("Cache-Control", "no-store")
		return trade(g, g.grant)
	}
	if failed := g.authorize(header); failed != nil {
		return failed
	}
	return g.node()
}

// node answers the node that the path names, or an edge of it.
func (g *call) node() *apiError {
	edge := ""
	if len(g.path) == 2 {
		edge = g.path[1]
	}
	id, _ := world.ParseID(g.path[0])
	if g.path[0] == "me" || id == g.viewer.ID {
		return g.userNode(edge)
	}
	if n, ok := g.find(id); ok {
		return g.mediaNode(n, edge)
	}
	if c, ok := g.findComment(id); ok {
		return g.commentNode(c, edge)
	}
	return g.noSuch()
}

// noSuch is the answer for a node that is not there, or not the viewer's, and for edges that nodes
// of its kind do not have.
func (g *call) noSuch() *apiError {
	if len(g.path) == 2 && !slices.Contains(edges, g.path[1]) {
		return unsupported(http.MethodGet, strings.Join(g.path, "/"))
	}
	return unsupported(http.MethodGet, g.path[0])
}

var edges = []string{"media", "stories", "insights", "children", "comments", "replies"}

// identify finds out whose token it is.
func (g *call) identify() *apiError {
	token := g.params.Get("access_token")
	if token == "" {
		return errNoToken
	}
	g.grant = g.Tokens.Lookup(token)
	switch {
	case g.grant == nil:
		return errBadToken
	case g.grant.Expired(g.Now()):
		return errExpired
	}
	return nil
}

// authorize says how much of the hour's limit is used up, and counts the call. The limit is that of
// the token, and both headers say the same of it.
func (g *call) authorize(header http.Header) *apiError {
	if !g.grant.Has(oauth.ScopeBusinessBasic) && !(g.grant.Has(oauth.ScopeGraphMedia) && g.grant.Has(oauth.ScopeGraphProfile)) {
		return errPermission
	}
	// The calls to this API count on their own, apart from those to v1.
	caller, now := "graph "+g.params.Get("access_token"), g.Now()
	remaining, verdict := g.Limits.Take(caller, now, limits.NoWrite)
	used, regain := 100, 0
	if calls := g.Limits.Calls; calls > 0 {
		used = 100 * (calls - remaining) / calls
	}
	if verdict != limits.OK {
		regain = int(math.Ceil(g.Limits.Regain(caller, now).Minutes()))
	}
	// The work of a call is too little to show among the percentages.
	header.Set("X-App-Usage", fmt.Sprintf(`{"call_count":%d,"total_time":0,"total_cputime":0}`, used))
	header.Set("X-Business-Use-Case-Usage", fmt.Sprintf(`{"%d":[{"type":"instagram","call_count":%d,"total_cputime":0,"total_time":0,`+
		`"estimated_time_to_regain_access":%d}]}`, g.viewer.ID, used, regain))
	if verdict != limits.OK {
		return errRateLimit
	}
	return nil
}

package instagramtest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// The permissions that reading a user's media through the Graph API takes. Nobody is asked for them on the authorize
// page, which is that of v1; [Server.AccessToken] gives them.
const (
	scopeGraphMedia   = "instagram_graph_user_media"
	scopeGraphProfile = "instagram_graph_user_profile"
)

var graphScopes = []string{scopeGraphMedia, scopeGraphProfile}

var graphVersion = regexp.MustCompile(`^v\d+(\.\d+)?$`)

// isGraph says whether a path whose first segment is this belongs to the Graph API: its version, a user's id or me.
func isGraph(segment string) bool {
	_, isID := parseID(segment)
	return isID || segment == "me" || strings.HasPrefix(segment, "v") && graphVersion.MatchString(segment)
}

// graphError is an error in the form of the Graph API.
type graphError struct {
	status        int
	kind          string
	code, subcode int
	message       string
}

func graphParameter(format string, args ...any) *graphError {
	return &graphError{http.StatusBadRequest, "IGApiException", 100, 0, fmt.Sprintf(format, args...)}
}

func graphUnsupported(method, object string) *graphError {
	return &graphError{http.StatusBadRequest, "IGApiException", 100, 33, fmt.Sprintf("Unsupported %s request. Object with ID '%s' does not exist, "+
		"cannot be loaded due to missing permissions, or does not support this operation", strings.ToLower(method), object)}
}

var (
	errGraphNoToken    = &graphError{http.StatusBadRequest, "OAuthException", 190, 0, "An access token is required to request this resource"}
	errGraphBadToken   = &graphError{http.StatusBadRequest, "OAuthException", 190, 0, "Invalid OAuth access token - Cannot parse access token"}
	errGraphPermission = &graphError{http.StatusForbidden, "OAuthException", 10, 0, "Application does not have permission for this action"}
	errGraphRateLimit  = &graphError{http.StatusForbidden, "OAuthException", 4, 0, "Application request limit reached"}
)

func (e *graphError) append(b []byte) []byte {
	b = append(b, `{"error":{"message":`...)
	b = quote(b, e.message)
	b = append(b, `,"type":`...)
	b = quote(b, e.kind)
	b = append(b, `,"code":`...)
	b = appendInt(b, e.code)
	if e.subcode != 0 {
		b = append(b, `,"error_subcode":`...)
		b = appendInt(b, e.subcode)
	}
	b = append(b, `,"fbtrace_id":`...)
	b = quote(b, rand.Text()[:23])
	return append(b, `}}`...)
}

// graphCall is one request to the Graph API, on its way to an answer.
type graphCall struct {
	s      *Server
	w      *world
	params params
	prefix string // the version as it was sent, with a slash before it, or ""
	viewer *user
	b      []byte
}

// serveGraph answers a request to the Graph API.
func (s *Server) serveGraph(w *recorder, r *http.Request) {
	g := &graphCall{s: s, w: s.world.Load()}
	status := http.StatusOK
	failed := g.run(w.Header(), r)
	w.Params = g.params.Values
	if failed != nil {
		status = failed.status
		g.b = failed.append(nil)
	}
	sendJSON(w, r, g.params, status, g.b)
}

func (g *graphCall) run(header http.Header, r *http.Request) *graphError {
	var failed *apiError
	if g.params, failed = readParams(r); failed != nil {
		return graphParameter("%s", failed.message)
	}
	path := split(withoutVersion(r.URL.EscapedPath()))
	if graphVersion.MatchString(path[0]) {
		g.prefix, path = "/"+path[0], path[1:]
	}
	if len(path) != 2 || path[1] != "media" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return graphUnsupported(r.Method, strings.Join(path, "/"))
	}
	if failed := g.authorize(header); failed != nil {
		return failed
	}
	if id, _ := parseID(path[0]); path[0] != "me" && id != g.viewer.id {
		return graphUnsupported(r.Method, path[0])
	}
	g.w.mu.RLock()
	defer g.w.mu.RUnlock()
	return g.userMedia()
}

// authorize finds out who calls, counts the call and says how much of the hour's limit is used up.
func (g *graphCall) authorize(header http.Header) *graphError {
	token := g.params.Get("access_token")
	if token == "" {
		return errGraphNoToken
	}
	grant := g.s.tokens.lookup(token)
	if grant == nil {
		return errGraphBadToken
	}
	g.w.mu.RLock()
	g.viewer = g.w.users[grant.userID]
	g.w.mu.RUnlock()
	switch {
	case g.viewer == nil:
		return errGraphBadToken
	case !grant.has(scopeGraphMedia) || !grant.has(scopeGraphProfile):
		return errGraphPermission
	}
	// The calls to this API count on their own, apart from those to v1.
	caller, now := "graph "+token, g.s.Now()
	remaining, ok := g.s.limits.take(caller, now, noWrite)
	used := 100
	if calls := g.s.limits.calls; calls > 0 {
		used = 100 * (calls - remaining) / calls
	}
	// The work of a call is too little to show among the percentages.
	header.Set("X-App-Usage", fmt.Sprintf(`{"call_count":%d,"total_time":0,"total_cputime":0}`, used))
	if !ok {
		return errGraphRateLimit
	}
	return nil
}

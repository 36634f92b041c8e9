package instagramtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/oauth"
)

// allowOrigin lets a page of another origin read the answer, and says whether that was all that was
// asked: a browser asks before it sends anything but a simple request (a preflight).
func (s *Server) allowOrigin(w http.ResponseWriter, r *http.Request) (answered bool) {
	origin := r.Header.Get("Origin")
	if origin == "" || !s.mayCall(origin) {
		return false
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Expose-Headers", "X-Ratelimit-Limit, X-Ratelimit-Remaining, Retry-After")
	header.Set("Vary", "Origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	header.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		header.Set("Access-Control-Allow-Headers", asked)
	}
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		header.Set("Access-Control-Allow-Private-Network", "true")
	}
	header.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// mayCall says whether pages of an origin may call the server.
func (s *Server) mayCall(origin string) bool {
	if slices.Contains(s.cors, "*") || slices.ContainsFunc(s.cors, func(known string) bool { return strings.EqualFold(known, origin) }) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && oauth.IsLoopback(u.Hostname())
}

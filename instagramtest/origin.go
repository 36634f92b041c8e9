package instagramtest

import (
	"net/http"
	"regexp"
	"sync/atomic"
)

// hostPattern is a host, perhaps with a port, that can stand in a URL. Anything else in a Host
// header is not repeated.
var hostPattern = regexp.MustCompile(`^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$`)

// lastHost is the last host that was found to be one: most requests name the same.
var lastHost atomic.Pointer[string]

func plainHost(host string) bool {
	if last := lastHost.Load(); last != nil && *last == host {
		return true
	}
	if len(host) > 255 || !hostPattern.MatchString(host) {
		return false
	}
	lastHost.Store(&host)
	return true
}

// origin is the scheme and the host that the URLs in the answer to a request start with: those that
// the request came by. Clients compare them with the base URL that they have built in.
func (s *Server) origin(r *http.Request) string {
	switch {
	case s.publicURL != "":
		return s.publicURL
	case !plainHost(r.Host):
		return s.URL
	case r.TLS != nil:
		return "https://" + r.Host
	default:
		return "http://" + r.Host
	}
}

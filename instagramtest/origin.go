package instagramtest

import (
	"net/http"
	"regexp"
)

// plainHost is a host, perhaps with a port, that can stand in a URL. Anything else in a Host header
// is not repeated.
var plainHost = regexp.MustCompile(`^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$`)

// origin is the scheme and the host that the URLs in the answer to a request start with: those that
// the request came by. Clients compare them with the base URL that they have built in.
func (s *Server) origin(r *http.Request) string {
	switch {
	case s.publicURL != "":
		return s.publicURL
	case len(r.Host) > 255 || !plainHost.MatchString(r.Host):
		return s.URL
	case r.TLS != nil:
		return "https://" + r.Host
	default:
		return "http://" + r.Host
	}
}

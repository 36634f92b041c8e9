package oauth

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// RedirectURIs are those that the app has registered. If there are none, every loopback address
// will do.
type RedirectURIs []*url.URL

// ParseRedirectURIs refuses what is not an absolute URL without a fragment.
func ParseRedirectURIs(uris []string) (RedirectURIs, error) {
	var parsed RedirectURIs
	for _, uri := range uris {
		u, err := url.Parse(uri)
		if err != nil || u.Scheme == "" || u.Fragment != "" || u.User != nil {
			return nil, fmt.Errorf("redirect URI %q is not an absolute URL without a fragment", uri)
		}
		parsed = append(parsed, u)
	}
	return parsed, nil
}

// Find is a redirect URI if it is registered, or else nil.
func (registered RedirectURIs) Find(uri string) *url.URL {
	u, err := url.Parse(uri)
	if err != nil || u.User != nil || strings.Contains(uri, "#") {
		return nil
	}
	if len(registered) == 0 && (u.Scheme == "http" || u.Scheme == "https") && IsLoopback(u.Hostname()) {
		return u
	}
	if slices.ContainsFunc(registered, func(r *url.URL) bool { return sameRedirect(r, u) }) {
		return u
	}
	return nil
}

// sameRedirect compares scheme, host and path, whatever slash the path ends in. A registered query
// must be at the start of the one that is sent.
func sameRedirect(registered, sent *url.URL) bool {
	query := registered.RawQuery
	return registered.Scheme == sent.Scheme && registered.Opaque == sent.Opaque && strings.EqualFold(registered.Host, sent.Host) &&
		strings.TrimRight(registered.EscapedPath(), "/") == strings.TrimRight(sent.EscapedPath(), "/") &&
		(query == "" || query == sent.RawQuery || strings.HasPrefix(sent.RawQuery, query+"&"))
}

// IsLoopback says whether a host, without its port, is this machine by its name alone: nothing is
// looked up.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Package paths takes the path of a request apart.
package paths

import (
	"net/url"
	"strings"
)

// TrimPath takes off what an endpoint's path may end in.
func TrimPath(path string) string {
	return strings.TrimSuffix(strings.TrimRight(path, "/"), ".json")
}

// WithoutVersion takes the version off the front of a path, however often a client has put it
// there.
func WithoutVersion(path string) string {
	path = strings.TrimLeft(path, "/")
	for path == "v1" || strings.HasPrefix(path, "v1/") {
		path = strings.TrimLeft(path[len("v1"):], "/")
	}
	return "/" + path
}

// Split cuts a path into its unescaped segments. Escaped slashes stay within theirs.
func Split(escaped string) []string {
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

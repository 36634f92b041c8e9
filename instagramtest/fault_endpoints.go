package instagramtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/graph"
	"github.com/igv1/instagram/instagramtest/internal/paths"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// besideTheAPI are the paths that are answered beside /v1, with the methods that they take.
var besideTheAPI = compile([]endpoint{
	{method: "GET", path: "oauth/authorize"},
	{method: "POST", path: "oauth/authorize"},
	{method: "POST", path: "oauth/access_token"},
	{method: "GET", path: "oembed"},
	{method: "GET", path: "embeds.js"},
	{method: "GET", path: "p/{shortcode}"},
	{method: "GET", path: "p/{shortcode}/media"},
	{method: "GET", path: "images/{shortcode}/{file}"},
	{method: "GET", path: "images/{shortcode}/{part}/{file}"},
	{method: "GET", path: "videos/{shortcode}/{file}"},
	{method: "GET", path: "videos/{shortcode}/{part}/{file}"},
	{method: "GET", path: "profiles/{file}"},
	{method: "GET", path: "files/{file}"},
})

// target is the calls that a fault is for.
type target struct {
	method  string   // "" for any
	pattern []string // unescaped segments, {…} for any one
	below   bool     // the path may go on
}

// readTarget reads a method and a path, and refuses those that no call can have: a fault that
// never happens would make a test pass that tests nothing.
func readTarget(text string) (t target, err error) {
	path := text
	if method, rest, ok := strings.Cut(text, " "); ok {
		t.method, path = method, strings.TrimSpace(rest)
	}
	if path != "" && path[0] != '/' {
		return t, fmt.Errorf("%q is not a method and a path, as in GET /users/self", text)
	}
	if methods := []string{"", "GET", "POST", "DELETE"}; !slices.Contains(methods, t.method) {
		return t, fmt.Errorf("there is no method %q: use GET, POST or DELETE, or none for all of them", t.method)
	}
	t.below = path == "" || strings.HasSuffix(path, "/")
	t.pattern = paths.Split(paths.WithoutVersion(path))
	if !t.exists() {
		return t, fmt.Errorf("there is no endpoint %q: the nearest is %s", text, nearest(t.method, t.pattern))
	}
	return t, nil
}

// exists says whether any endpoint fits.
func (t target) exists() bool {
	fits := func(e *endpoint) bool { return (t.method == "" || t.method == e.method) && t.fits(e.pattern) }
	if slices.ContainsFunc(endpoints, fits) || slices.ContainsFunc(besideTheAPI, fits) {
		return true
	}
	if len(t.pattern) < 2 {
		return false
	}
	first := t.pattern[0]
	return graph.Serves(first) || isVariable(first)
}

// fits says whether a call of an endpoint can be one of the target.
func (t target) fits(pattern []string) bool {
	if len(pattern) < len(t.pattern) || len(pattern) > len(t.pattern) && !t.below {
		return false
	}
	for i, segment := range t.pattern {
		if !fitsSegment(segment, pattern[i]) {
			return false
		}
	}
	return true
}

func isVariable(segment string) bool { return strings.HasPrefix(segment, "{") }

// fitsSegment says whether a segment of a target can stand for one of an endpoint.
func fitsSegment(segment, of string) bool {
	_, _, isID := world.ParseMediaID(segment)
	switch {
	case isVariable(segment):
		return isVariable(of)
	case segment == of:
		return true
	case of == "{user-id}":
		return isID || segment == "self"
	case strings.HasSuffix(of, "-id}"):
		return isID
	default:
		return isVariable(of)
	}
}

// matches says whether a call is one of the target.
func (t target) matches(method string, segments []string) bool {
	if t.method != "" && t.method != method || len(segments) < len(t.pattern) || len(segments) > len(t.pattern) && !t.below {
		return false
	}
	for i, p := range t.pattern {
		if !isVariable(p) && p != segments[i] {
			return false
		}
	}
	return true
}

package instagramtest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// explain adds to an error what its reader most likely did wrong. The service did not; a test
// server is asked mostly by people who write their first call.
func (c *call) explain(r *http.Request, failed *apierror.Error) *apierror.Error {
	hint := ""
	switch failed {
	case apierror.NoSuchPath:
		hint = c.pathHint(r)
	case apierror.NoSuchUser:
		hint = c.usernameHint()
	}
	if hint == "" {
		return failed
	}
	explained := *failed
	explained.Message += ": " + hint
	return &explained
}

// pathHint names the endpoint that is nearest to the path, and where the endpoints are.
func (c *call) pathHint(r *http.Request) string {
	hint := "the nearest is " + nearest(r.Method, segments(c.path)).String()
	if path := strings.TrimLeft(r.URL.Path, "/"); path != "v1" && !strings.HasPrefix(path, "v1/") {
		hint += "; the endpoints are under /v1, as in " + c.origin + "/v1/users/self"
	}
	return hint
}

// usernameHint tells the id of a user whose username stands where the id should.
func (c *call) usernameHint() string {
	c.w.Mu.RLock()
	defer c.w.Mu.RUnlock()
	if len(c.vars) > 0 {
		if u := c.w.Usernames[c.vars[0]]; u != nil {
			return fmt.Sprintf("ids are numbers; %s is %d", u.Username, u.ID)
		}
	}
	return ""
}

// nearest is the endpoint whose path takes the fewest changes to get to. Of several it is the one
// with the method that was asked for, or else the first in the table.
func nearest(method string, segments []string) *endpoint {
	var best *endpoint
	least := 0
	for _, e := range endpoints {
		cost := 2 * pathDistance(e.pattern, segments)
		if e.method != method {
			cost++
		}
		if best == nil || cost < least {
			best, least = e, cost
		}
	}
	return best
}

// pathDistance is how many letters of a path have to change to fit a pattern. A variable takes any
// segment, at the price of one letter, or two for a word where there are numbers only.
func pathDistance(pattern, segments []string) int {
	// row[j] is the distance of the pattern so far from the first j segments.
	row := make([]int, len(segments)+1)
	for j, s := range segments {
		row[j+1] = row[j] + len(s)
	}
	for _, p := range pattern {
		diagonal := row[0]
		row[0] += len(p)
		for j, s := range segments {
			next := min(row[j+1]+len(p), row[j]+len(s), diagonal+segmentDistance(p, s))
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(segments)]
}

func segmentDistance(pattern, segment string) int {
	if pattern[0] != '{' {
		return letterDistance(pattern, segment)
	}
	if _, _, isID := world.ParseMediaID(segment); isID || segment == "self" {
		return 1
	}
	return 2
}

// letterDistance is the number of letters to insert, delete or replace. Long texts are cut.
func letterDistance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, changed)
		}
	}
	return row[len(b)]
}

// String is the endpoint as the documentation writes it.
func (e *endpoint) String() string { return e.method + " /" + e.path }

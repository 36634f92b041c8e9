package instagramtest

import (
	"cmp"
	"slices"
	"strings"
)

// userVar is the user that the path names; self is the viewer.
func (c *call) userVar() (*user, *apiError) {
	if c.vars[0] == "self" {
		if c.viewer == nil {
			return nil, errNoUser
		}
		return c.viewer, nil
	}
	id, _ := parseID(c.vars[0])
	if u := c.w.users[id]; u != nil {
		return u, nil
	}
	return nil, errNoSuchUser
}

// mayView says whether the viewer may see what belongs to a user.
func (c *call) mayView(owner *user) *apiError {
	switch {
	case owner != c.viewer && !c.may(c.endpoint.others):
		return missingScope(c.endpoint.others)
	case !c.w.canView(c.viewer, owner):
		return errNotAllowed
	default:
		return nil
	}
}

// visibleUser is the user that the path names, if the viewer may see what they have posted.
func (c *call) visibleUser() (*user, *apiError) {
	u, failed := c.userVar()
	if failed == nil {
		failed = c.mayView(u)
	}
	return u, failed
}

func getUser(c *call) *apiError {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	c.b = c.wire.userInfo(c.b, u)
	return nil
}

func getUserMedia(c *call) *apiError {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	q, failed := c.mediaQuery("min_id", "max_id")
	if failed != nil {
		return failed
	}
	c.mediaPage(u.media, q)
	return nil
}

// getFeed is what the viewer and those they follow have posted.
func getFeed(c *call) *apiError {
	q, failed := c.mediaQuery("min_id", "max_id")
	if failed != nil {
		return failed
	}
	q.show = func(m *media) bool { return m.owner == c.viewer || c.viewer.following[m.owner.id] != 0 }
	c.mediaPage(c.w.timeline, q)
	return nil
}

// getLikedMedia is in the order of the likes. What the viewer may no longer see is left out.
func getLikedMedia(c *call) *apiError {
	count, failed := c.params.count(defaultMediaCount, maxMediaCount)
	if failed != nil {
		return failed
	}
	selected, next, failed := linkPage(c, c.viewer.liked, "max_like_id", count)
	if failed != nil {
		return failed
	}
	c.turn("max_like_id", next)
	c.mediaList(slices.DeleteFunc(selected, func(m *media) bool { return !c.w.canView(c.viewer, m.owner) }))
	return nil
}

// searchUsers finds users by a part of either name: first who is called just so, then whose name starts so.
func searchUsers(c *call) *apiError {
	q := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(c.params.Get("q"), "@")))
	if q == "" {
		return invalidParameter("q is required")
	}
	count, failed := c.params.count(defaultUserCount, maxUserCount)
	if failed != nil {
		return failed
	}
	type hit struct {
		*user
		rank int
	}
	var hits []hit
	for _, u := range c.w.everyone {
		if r := min(rank(u.username, q), rank(strings.ToLower(u.fullName), q)); r < noMatch {
			hits = append(hits, hit{u, r})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	c.b = list(c.b, hits[:min(count, len(hits))], func(b []byte, h hit) []byte { return c.wire.foundUser(b, h.user) })
	return nil
}

const noMatch = 3

// rank says how well a name fits a query, both in lower case: 0 is best.
func rank(name, q string) int {
	switch {
	case name == q:
		return 0
	case strings.HasPrefix(name, q):
		return 1
	case strings.Contains(name, q):
		return 2
	default:
		return noMatch
	}
}

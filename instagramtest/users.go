package instagramtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// userVar is the user that the path names; self is the viewer.
func (c *call) userVar() (*world.User, *apierror.Error) {
	if c.vars[0] == "self" {
		if c.viewer == nil {
			return nil, apierror.NoUser
		}
		return c.viewer, nil
	}
	id, _ := world.ParseID(c.vars[0])
	if u := c.w.Users[id]; u != nil {
		return u, nil
	}
	return nil, apierror.NoSuchUser
}

// mayView says whether the viewer may see what belongs to a user.
func (c *call) mayView(owner *world.User) *apierror.Error {
	switch {
	case owner != c.viewer && !c.may(c.endpoint.others):
		return apierror.MissingScope(c.endpoint.others)
	case !c.w.CanView(c.viewer, owner):
		return apierror.NotAllowed
	default:
		return nil
	}
}

// visibleUser is the user that the path names, if the viewer may see what they have posted.
func (c *call) visibleUser() (*world.User, *apierror.Error) {
	u, failed := c.userVar()
	if failed == nil {
		failed = c.mayView(u)
	}
	return u, failed
}

func getUser(c *call) *apierror.Error {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	c.b = c.wire.UserInfo(c.b, u)
	return nil
}

func getUserMedia(c *call) *apierror.Error {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	q, failed := c.mediaQuery("min_id", "max_id", params.Params.MediaID)
	if failed != nil {
		return failed
	}
	c.mediaPage(u.Media, q)
	return nil
}

// getFeed is what the viewer and those they follow have posted.
func getFeed(c *call) *apierror.Error {
	q, failed := c.mediaQuery("min_id", "max_id", params.Params.MediaID)
	if failed != nil {
		return failed
	}
	q.show = func(m *world.Media) bool { return m.Owner == c.viewer || c.viewer.Following[m.Owner.ID] != 0 }
	c.mediaPage(c.w.Timeline, q)
	return nil
}

// getLikedMedia is in the order of the likes. What the viewer may no longer see is left out.
func getLikedMedia(c *call) *apierror.Error {
	count, failed := c.params.Count(defaultMediaCount, maxMediaCount)
	if failed != nil {
		return failed
	}
	selected, next, failed := linkPage(c, c.viewer.Liked, "max_like_id", count)
	if failed != nil {
		return failed
	}
	c.turn("max_like_id", next)
	c.mediaList(slices.DeleteFunc(selected, func(m *world.Media) bool { return !c.w.CanView(c.viewer, m.Owner) }))
	return nil
}

// searchUsers finds users by a part of either name: first who is called just so, then whose name
// starts so.
func searchUsers(c *call) *apierror.Error {
	q := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(c.params.Get("q"), "@")))
	if q == "" {
		return apierror.InvalidParameter("q is required")
	}
	count, failed := c.params.Count(defaultUserCount, maxUserCount)
	if failed != nil {
		return failed
	}
	type hit struct {
		*world.User
		rank int
	}
	var hits []hit
	for _, u := range c.w.Everyone {
		if r := min(rank(u.Username, q), rank(strings.ToLower(u.FullName), q)); r < noMatch {
			hits = append(hits, hit{u, r})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	c.b = encode.List(c.b, hits[:min(count, len(hits))], func(b []byte, h hit) []byte { return c.wire.FoundUser(b, h.User) })
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

package instagramtest

import (
	"iter"
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
	c.mediaPage(q.of(u.Media), q)
	return nil
}

// getFeed is what the viewer and those they follow have posted.
func getFeed(c *call) *apierror.Error {
	q, failed := c.mediaQuery("min_id", "max_id", params.Params.MediaID)
	if failed != nil {
		return failed
	}
	c.mediaPage(c.feed(q.below()), q)
	return nil
}

// manyFollows is from how many follows on the media of all are looked through for those of the few.
const manyFollows = 64

// feed is what the viewer and those they follow have posted, the newest first.
func (c *call) feed(below uint64) iter.Seq[*world.Media] {
	if len(c.viewer.Follows) < manyFollows {
		lists := [][]*world.Media{c.viewer.Media}
		for _, l := range c.viewer.Follows {
			lists = append(lists, l.To.Media)
		}
		return world.Newest(lists, below)
	}
	return func(yield func(*world.Media) bool) {
		for m := range world.Newest([][]*world.Media{c.w.Timeline}, below) {
			if (m.Owner == c.viewer || c.viewer.Following[m.Owner.ID] != 0) && !yield(m) {
				return
			}
		}
	}
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
	c.setNext("max_like_id", next)
	c.mediaList(slices.DeleteFunc(selected, func(m *world.Media) bool { return !c.w.CanView(c.viewer, m.Owner) }))
	return nil
}

// searchUsers finds users by a part of either name.
func searchUsers(c *call) *apierror.Error {
	q := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(c.params.Get("q"), "@")))
	if q == "" {
		return apierror.InvalidParameter("q is required")
	}
	count, failed := c.params.Count(defaultUserCount, maxUserCount)
	if failed != nil {
		return failed
	}
	c.b = encode.List(c.b, c.w.SearchUsers(q, count), c.wire.FoundUser)
	return nil
}

package instagramtest

import (
	"slices"
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

func getFollows(c *call) *apierror.Error {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	return c.userPage(u.Follows)
}

func getFollowedBy(c *call) *apierror.Error {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	return c.userPage(u.FollowedBy)
}

func getRequestedBy(c *call) *apierror.Error {
	var from []*world.User
	for _, l := range slices.Backward(c.viewer.RequestedBy) {
		from = append(from, l.To)
	}
	c.users(from)
	return nil
}

// otherUser is the user that the path names, who has to be somebody else than the viewer.
func (c *call) otherUser() (*world.User, *apierror.Error) {
	u, failed := c.userVar()
	if failed == nil && u == c.viewer {
		return nil, apierror.InvalidParameter("you cannot have a relationship with yourself")
	}
	return u, failed
}

func getRelationship(c *call) *apierror.Error {
	u, failed := c.otherUser()
	if failed != nil {
		return failed
	}
	incoming := "none"
	switch {
	case c.viewer.Blocked[u.ID]:
		incoming = "blocked_by_you"
	case u.Following[c.viewer.ID] != 0:
		incoming = "followed_by"
	case u.Requesting[c.viewer.ID] != 0:
		incoming = "requested_by"
	}
	c.b = append(c.b, `{"outgoing_status":"`...)
	c.b = append(c.b, outgoing(c.viewer, u)...)
	c.b = append(c.b, `","incoming_status":"`...)
	c.b = append(c.b, incoming...)
	c.b = append(c.b, `","target_user_is_private":`...)
	c.b = strconv.AppendBool(c.b, u.Private)
	c.b = append(c.b, '}')
	return nil
}

func outgoing(u, target *world.User) string {
	switch {
	case u.Following[target.ID] != 0:
		return "follows"
	case u.Requesting[target.ID] != 0:
		return "requested"
	default:
		return "none"
	}
}

func changeRelationship(c *call) *apierror.Error {
	u, failed := c.otherUser()
	if failed != nil {
		return failed
	}
	action := c.params.Get("action")
	switch action {
	case "follow":
		if u.Blocked[c.viewer.ID] || c.viewer.Blocked[u.ID] {
			return apierror.BadRequest("APINotAllowedError", "you cannot follow this user")
		}
		c.w.Follow(c.viewer, u)
	case "unfollow":
		c.w.Unfollow(c.viewer, u)
	case "block":
		c.w.Block(c.viewer, u)
	case "unblock":
		delete(c.viewer.Blocked, u.ID)
	case "approve":
		if !c.w.Approve(c.viewer, u) {
			return apierror.InvalidParameter("this user has not asked to follow you")
		}
	case "ignore", "deny":
		if !c.w.Ignore(c.viewer, u) {
			return apierror.InvalidParameter("this user has not asked to follow you")
		}
	default:
		return apierror.InvalidParameter("action must be one of follow, unfollow, block, unblock, approve, ignore")
	}
	c.save(world.Change{Do: action, Target: u.ID})
	c.b = append(c.b, `{"outgoing_status":"`...)
	c.b = append(c.b, outgoing(c.viewer, u)...)
	c.b = append(c.b, `"}`...)
	return nil
}

package instagramtest

import (
	"slices"
	"strconv"
)

func getFollows(c *call) *apiError {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	return c.userPage(u.follows)
}

func getFollowedBy(c *call) *apiError {
	u, failed := c.visibleUser()
	if failed != nil {
		return failed
	}
	return c.userPage(u.followedBy)
}

func getRequestedBy(c *call) *apiError {
	var from []*user
	for _, l := range slices.Backward(c.viewer.requestedBy) {
		from = append(from, l.to)
	}
	c.users(from)
	return nil
}

// otherUser is the user that the path names, who has to be somebody else than the viewer.
func (c *call) otherUser() (*user, *apiError) {
	u, failed := c.userVar()
	if failed == nil && u == c.viewer {
		return nil, invalidParameter("you cannot have a relationship with yourself")
	}
	return u, failed
}

func getRelationship(c *call) *apiError {
	u, failed := c.otherUser()
	if failed != nil {
		return failed
	}
	incoming := "none"
	switch {
	case c.viewer.blocked[u.id]:
		incoming = "blocked_by_you"
	case u.following[c.viewer.id] != 0:
		incoming = "followed_by"
	case u.requesting[c.viewer.id] != 0:
		incoming = "requested_by"
	}
	c.b = append(c.b, `{"outgoing_status":"`...)
	c.b = append(c.b, outgoing(c.viewer, u)...)
	c.b = append(c.b, `","incoming_status":"`...)
	c.b = append(c.b, incoming...)
	c.b = append(c.b, `","target_user_is_private":`...)
	c.b = strconv.AppendBool(c.b, u.private)
	c.b = append(c.b, '}')
	return nil
}

func outgoing(u, target *user) string {
	switch {
	case u.following[target.id] != 0:
		return "follows"
	case u.requesting[target.id] != 0:
		return "requested"
	default:
		return "none"
	}
}

func changeRelationship(c *call) *apiError {
	u, failed := c.otherUser()
	if failed != nil {
		return failed
	}
	action := c.params.Get("action")
	switch action {
	case "follow":
		if u.blocked[c.viewer.id] || c.viewer.blocked[u.id] {
			return badRequest("APINotAllowedError", "you cannot follow this user")
		}
		c.w.follow(c.viewer, u)
	case "unfollow":
		c.w.unfollow(c.viewer, u)
	case "block":
		c.w.block(c.viewer, u)
	case "unblock":
		delete(c.viewer.blocked, u.id)
	case "approve":
		if !c.w.approve(c.viewer, u) {
			return invalidParameter("this user has not asked to follow you")
		}
	case "ignore", "deny":
		if !c.w.ignore(c.viewer, u) {
			return invalidParameter("this user has not asked to follow you")
		}
	default:
		return invalidParameter("action must be one of follow, unfollow, block, unblock, approve, ignore")
	}
	c.save(change{Do: action, Target: u.id})
	c.b = append(c.b, `{"outgoing_status":"`...)
	c.b = append(c.b, outgoing(c.viewer, u)...)
	c.b = append(c.b, `"}`...)
	return nil
}

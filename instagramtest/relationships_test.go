package instagramtest_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// strangers are a public and a private user without any relationship to the main user.
func strangers(a api) (public, private instagramtest.User) {
	a.Helper()
	for _, u := range a.srv.Users()[1:] {
		r := a.one("/users/" + u.ID + "/relationship")
		if r["outgoing_status"] != "none" || r["incoming_status"] != "none" {
			continue
		}
		if u.Private {
			private = u
		} else {
			public = u
		}
	}
	require.NotEmpty(a, public.ID)
	require.NotEmpty(a, private.ID)
	return public, private
}

func relationship(outgoing, incoming string, private bool) object {
	return object{"outgoing_status": outgoing, "incoming_status": incoming, "target_user_is_private": private}
}

func (a api) counts(user string) object {
	return a.as(user).one("/users/self")["counts"].(object)
}

func (a api) act(user, action string) any {
	a.Helper()
	return a.post("/users/"+user+"/relationship", "action", action)
}

func TestFollowPublicUser(t *testing.T) {
	a := start(t)
	u, _ := strangers(a)
	me := a.srv.Users()[0]
	before, theirs := a.counts(me.ID), a.counts(u.ID)

	assert.Equal(t, object{"outgoing_status": "follows"}, a.act(u.ID, "follow"))
	assert.Equal(t, object{"outgoing_status": "follows"}, a.act(u.ID, "follow"), "again")
	assert.Equal(t, relationship("follows", "none", false), a.one("/users/"+u.ID+"/relationship"))
	assert.Equal(t, relationship("none", "followed_by", false), a.as(u.ID).one("/users/"+me.ID+"/relationship"))
	assert.Equal(t, u.ID, ids(a.list("/users/self/follows"))[0], "the latest comes first")
	assert.Equal(t, me.ID, ids(a.list("/users/" + u.ID + "/followed-by"))[0])
	assert.Equal(t, before["follows"].(float64)+1, a.counts(me.ID)["follows"])
	assert.Equal(t, theirs["followed_by"].(float64)+1, a.counts(u.ID)["followed_by"])

	assert.Equal(t, object{"outgoing_status": "none"}, a.act(u.ID, "unfollow"))
	assert.Equal(t, relationship("none", "none", false), a.one("/users/"+u.ID+"/relationship"))
	assert.Equal(t, before, a.counts(me.ID))
	assert.Equal(t, theirs, a.counts(u.ID))
}

func TestFollowPrivateUser(t *testing.T) {
	a := start(t)
	_, u := strangers(a)
	me := a.srv.Users()[0]
	them := a.as(u.ID)
	ask := func() {
		t.Helper()
		assert.Equal(t, object{"outgoing_status": "requested"}, a.act(u.ID, "follow"))
		assert.Equal(t, relationship("requested", "none", true), a.one("/users/"+u.ID+"/relationship"))
		assert.Equal(t, relationship("none", "requested_by", false), them.one("/users/"+me.ID+"/relationship"))
		assert.Equal(t, me.ID, ids(them.list("/users/self/requested-by"))[0])
		a.fails(a.get("/users/"+u.ID+"/media/recent"), 400, "APINotAllowedError", "")
	}
	for _, action := range []string{"ignore", "deny"} {
		ask()
		them.act(me.ID, action)
		assert.NotContains(t, ids(them.list("/users/self/requested-by")), me.ID)
		assert.Equal(t, relationship("none", "none", true), a.one("/users/"+u.ID+"/relationship"))
		a.fails(them.do("POST", "/users/"+me.ID+"/relationship", form("action", action)), 400, "APIInvalidParametersError", "")
	}
	ask()
	a.act(u.ID, "unfollow")
	assert.NotContains(t, ids(them.list("/users/self/requested-by")), me.ID, "a request can be taken back")
	ask()
	them.act(me.ID, "approve")
	assert.Equal(t, relationship("follows", "none", true), a.one("/users/"+u.ID+"/relationship"))
	assert.NotContains(t, ids(them.list("/users/self/requested-by")), me.ID)
	assert.NotEmpty(t, a.list("/users/"+u.ID+"/media/recent"))
	a.fails(them.do("POST", "/users/"+me.ID+"/relationship", form("action", "approve")), 400, "APIInvalidParametersError", "")
}

func TestBlock(t *testing.T) {
	a := start(t)
	u, _ := strangers(a)
	me := a.srv.Users()[0]
	them := a.as(u.ID)
	a.act(u.ID, "follow")
	them.act(me.ID, "follow")
	assert.Equal(t, relationship("follows", "followed_by", false), a.one("/users/"+u.ID+"/relationship"))

	assert.Equal(t, object{"outgoing_status": "none"}, a.act(u.ID, "block"))
	assert.Equal(t, relationship("none", "blocked_by_you", false), a.one("/users/"+u.ID+"/relationship"))
	assert.Equal(t, relationship("none", "none", false), them.one("/users/"+me.ID+"/relationship"))
	assert.NotContains(t, ids(flat(a.pages("/users/self/follows"))), u.ID)
	assert.NotContains(t, ids(flat(a.pages("/users/self/followed-by"))), u.ID)
	them.fails(them.get("/users/"+me.ID+"/media/recent"), 400, "APINotAllowedError", "")
	them.fails(them.do("POST", "/users/"+me.ID+"/relationship", form("action", "follow")), 400, "APINotAllowedError", "")

	a.act(u.ID, "unblock")
	assert.Equal(t, relationship("none", "none", false), a.one("/users/"+u.ID+"/relationship"))
	assert.Equal(t, object{"outgoing_status": "follows"}, them.act(me.ID, "follow"))
}

func TestRelationshipParameters(t *testing.T) {
	a := start(t)
	u := a.srv.Users()[1]
	path := "/users/" + u.ID + "/relationship"
	for _, action := range []string{"", "FOLLOW", "befriend"} {
		a.fails(a.do("POST", path, form("action", action)), 400, "APIInvalidParametersError", "action")
	}
	a.fails(a.do("POST", path, nil), 400, "APIInvalidParametersError", "action")
	assert.NotNil(t, a.object(a.do("POST", path+"?action=unfollow", nil))["data"], "the query will do")
	a.fails(a.do("POST", "/users/self/relationship", form("action", "follow")), 400, "APIInvalidParametersError", "yourself")
	a.fails(a.get("/users/self/relationship"), 400, "APIInvalidParametersError", "yourself")
	a.fails(a.get("/users/1/relationship"), 400, "APINotFoundError", "")
}

func TestUserListsPageByCursor(t *testing.T) {
	a := start(t)
	for _, path := range []string{"/users/self/follows", "/users/self/followed-by"} {
		all := ids(flat(a.pages(path + "?count=100")))
		require.Greater(t, len(all), 50)
		assert.Len(t, a.list(path), 50, "by default")
		assert.Equal(t, all, ids(flat(a.pages(path+"?count=7"))))
		assert.Equal(t, len(all), len(slices.Compact(slices.Sorted(slices.Values(all)))), "nobody twice")

		o := a.object(a.get(path + "?count=5"))
		next := o["pagination"].(object)["next_cursor"].(string)
		assert.Equal(t, all[5:10], ids(a.list(path+"?count=5&cursor="+next)))
		a.fails(a.get(path+"?cursor=x"), 400, "APIInvalidParametersError", "cursor")
	}
	assert.NotEmpty(t, a.list("/users/self/requested-by"))
}

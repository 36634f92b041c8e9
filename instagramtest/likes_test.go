package instagramtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestLikes(t *testing.T) {
	a := start(t)
	users := a.srv.Users()
	m := a.srv.PostMedia(users[1].ID, instagramtest.Media{}).ID
	assert.Equal(t, false, a.one("/media/" + m)["user_has_liked"])
	other := a.as(users[2].ID)
	assert.Nil(t, a.post("/media/"+m+"/likes"))
	assert.Nil(t, a.post("/media/"+m+"/likes"), "again")
	other.post("/media/" + m + "/likes")
	assert.Equal(t, []string{users[2].ID, users[0].ID}, ids(a.list("/media/"+m+"/likes")), "the latest first")
	assert.EqualValues(t, 2, likes(a.one("/media/"+m)))
	assert.Equal(t, true, a.one("/media/" + m)["user_has_liked"])
	assert.Equal(t, m, ids(a.list("/users/self/media/liked"))[0])

	assert.Nil(t, a.remove("/media/"+m+"/likes"))
	assert.Nil(t, a.remove("/media/"+m+"/likes"), "again")
	assert.Equal(t, []string{users[2].ID}, ids(a.list("/media/"+m+"/likes")))
	assert.Equal(t, false, a.one("/media/" + m)["user_has_liked"])
	assert.Equal(t, true, other.one("/media/" + m)["user_has_liked"])
	assert.NotContains(t, ids(a.list("/users/self/media/liked?count=33")), m)
	a.fails(a.do("POST", "/media/1/likes", nil), 400, "APINotFoundError", "")
}

func TestLikesShowTheLatest120(t *testing.T) {
	a := start(t)
	users := a.srv.Users()
	m := a.srv.PostMedia(users[0].ID, instagramtest.Media{}).ID
	for _, u := range users[1:131] {
		if got := a.as(u.ID).do("POST", "/media/"+m+"/likes", nil); got.status != 200 {
			require.Contains(t, string(got.body), "APINotAllowedError") // who is blocked
		}
	}
	got := ids(a.list("/media/" + m + "/likes"))
	require.Len(t, got, 120)
	assert.Equal(t, users[130].ID, got[0])
	assert.EqualValues(t, 130, likes(a.one("/media/"+m)))
}

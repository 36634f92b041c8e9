package instagramtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestGetUser(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	self := a.one("/users/self")
	assert.Equal(t, me.ID, self["id"])
	assert.Equal(t, me.Username, self["username"])
	assert.EqualValues(t, 240, self["counts"].(object)["media"])
	assert.Equal(t, self, a.one("/users/"+me.ID))

	for name, id := range map[string]string{"unknown": "1", "no number": "mira.solane", "leading zero": "0" + me.ID, "dots": "..%2fself"} {
		t.Run(name, func(t *testing.T) {
			a.fails(a.get("/users/"+id), 404, "APINotFoundError", "this user does not exist")
		})
	}
}

func TestUserMediaPages(t *testing.T) {
	a := start(t)
	pages := a.pages("/users/self/media/recent?count=33")
	assert.Len(t, pages, 8)
	all := ids(flat(pages))
	assert.Len(t, all, 240)
	unique := map[string]bool{}
	last := float64(0)
	for i, e := range flat(pages) {
		unique[all[i]] = true
		var created float64
		_, err := fmt.Sscan(e.(object)["created_time"].(string), &created)
		require.NoError(t, err)
		if i > 0 {
			assert.LessOrEqual(t, created, last, "newest first")
		}
		last = created
	}
	assert.Len(t, unique, 240, "no media twice")
}

func TestPagesStayWhileMediaArrive(t *testing.T) {
	a := start(t)
	before := ids(flat(a.pages("/users/self/media/recent")))
	o := a.object(a.get("/users/self/media/recent?count=10"))
	var seen []string
	for {
		seen = append(seen, ids(o["data"].([]any))...)
		a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{Caption: "new"})
		next, ok := o["pagination"].(object)["next_max_id"].(string)
		if !ok {
			break
		}
		o = a.object(a.get("/users/self/media/recent?count=10&max_id=" + next))
	}
	assert.Equal(t, before, seen)
	assert.Len(t, a.list("/users/self/media/recent?count=33&min_id="+before[0]), 24, "what came meanwhile")
}

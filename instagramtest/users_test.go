package instagramtest_test

import (
	"fmt"
	"net/url"
	"strings"
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
			a.fails(a.get("/users/"+id), 400, "APINotFoundError", "this user does not exist")
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

func TestUserMediaBounds(t *testing.T) {
	a := start(t)
	all := flat(a.pages("/users/self/media/recent?count=33"))
	id := func(i int) string { return all[i].(object)["id"].(string) }
	created := func(i int) string { return all[i].(object)["created_time"].(string) }
	number, _, _ := strings.Cut(id(10), "_")

	tests := map[string]struct {
		query string
		want  []any
	}{
		"default count":         {"", all[:20]},
		"count 0 is none given": {"count=0", all[:20]},
		"empty is none given":   {"count=&max_id=&min_timestamp=", all[:20]},
		"count":                 {"count=3", all[:3]},
		"count over the limit":  {"count=1000", all[:33]},
		"a huge count":          {"count=99999999999999999999", all[:33]},
		"max_id":                {"count=5&max_id=" + id(10), all[11:16]},
		"max_id, plain number":  {"count=5&max_id=" + number, all[11:16]},
		"min_id":                {"min_id=" + id(10), all[:10]},
		"both ids":              {"min_id=" + id(10) + "&max_id=" + id(2), all[3:10]},
		"max_timestamp":         {"count=5&max_timestamp=" + created(10), all[11:16]},
		"min_timestamp":         {"min_timestamp=" + created(10), all[:10]},
		"both timestamps":       {"min_timestamp=" + created(10) + "&max_timestamp=" + created(2), all[3:10]},
		"nothing between":       {"min_id=" + id(3) + "&max_id=" + id(2), []any{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, a.list("/users/self/media/recent?"+tt.query))
		})
	}
	for _, query := range []string{"count=abc", "count=-1", "max_id=x", "min_id=1_", "max_timestamp=soon", "min_timestamp=-5"} {
		t.Run(query, func(t *testing.T) {
			param, _, _ := strings.Cut(query, "=")
			a.fails(a.get("/users/self/media/recent?"+query), 400, "APIInvalidParametersError", param)
		})
	}
}

func TestNextURLRepeatsTheParameters(t *testing.T) {
	a := start(t)
	o := a.object(a.get("/users/self/media/recent/?count=7&min_timestamp=1300000000&callback="))
	next, err := url.Parse(o["pagination"].(object)["next_url"].(string))
	require.NoError(t, err)
	assert.Equal(t, "/v1/users/self/media/recent", next.Path)
	assert.Equal(t, "7", next.Query().Get("count"))
	assert.Equal(t, "1300000000", next.Query().Get("min_timestamp"))
	assert.Equal(t, a.token, next.Query().Get("access_token"))
	assert.Equal(t, o["pagination"].(object)["next_max_id"], next.Query().Get("max_id"))
}

func TestFeed(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0].ID
	mine := map[string]bool{me: true}
	for _, u := range flat(a.pages("/users/self/follows")) {
		mine[u.(object)["id"].(string)] = true
	}
	want := 0
	for id := range mine {
		want += int(a.as(id).one("/users/self")["counts"].(object)["media"].(float64))
	}
	feed := flat(a.pages("/users/self/feed?count=33"))
	assert.Len(t, feed, want)
	owners := map[string]bool{}
	for _, m := range feed {
		owner := m.(object)["user"].(object)["id"].(string)
		assert.True(t, mine[owner], "the feed has media of %s, who is not followed", owner)
		owners[owner] = true
	}
	assert.True(t, owners[me], "the feed has the user's own media")

	stranger := ""
	for _, u := range a.srv.Users() {
		if !mine[u.ID] {
			stranger = u.ID
		}
	}
	before := a.list("/users/self/feed?count=1")
	a.srv.PostMedia(stranger, instagramtest.Media{})
	assert.Equal(t, before, a.list("/users/self/feed?count=1"))
	posted := a.srv.PostMedia(me, instagramtest.Media{})
	assert.Equal(t, []string{posted.ID}, ids(a.list("/users/self/feed?count=1")))
}

func TestLikedMedia(t *testing.T) {
	a := start(t)
	before := ids(flat(a.pages("/users/self/media/liked?count=7")))
	require.Greater(t, len(before), 20)
	var old []string
	for _, m := range a.list("/users/self/media/recent?count=33&max_timestamp=1500000000") {
		if len(old) < 2 && m.(object)["user_has_liked"] == false {
			old = append(old, m.(object)["id"].(string))
		}
	}
	for _, id := range old {
		a.post("/media/" + id + "/likes")
	}
	after := ids(flat(a.pages("/users/self/media/liked?count=33")))
	require.NotSubset(t, before, old)
	assert.Equal(t, append([]string{old[1], old[0]}, before...), after, "the latest like comes first")

	o := a.object(a.get("/users/self/media/liked?count=1"))
	next := o["pagination"].(object)["next_max_like_id"].(string)
	assert.Equal(t, old[:1], ids(a.list("/users/self/media/liked?count=1&max_like_id="+next)))
	a.fails(a.get("/users/self/media/liked?max_like_id=x"), 400, "APIInvalidParametersError", "max_like_id")
}

func TestSearchUsers(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	found := a.list("/users/search?q=" + me.Username)
	assert.Equal(t, []string{me.ID}, ids(found))
	assert.Equal(t, me.FullName, found[0].(object)["full_name"])
	assert.Equal(t, me.ID, ids(a.list("/users/search?q=MIRA"))[0], "whose name starts so comes first")
	assert.Contains(t, ids(a.list("/users/search?q=solane")), me.ID, "a part of the name is enough")
	assert.Len(t, a.list("/users/search?q=a"), 50)
	assert.Len(t, a.list("/users/search?q=a&count=3"), 3)
	assert.Empty(t, a.list("/users/search?q=nobody+at+all"))
	assert.NotEmpty(t, a.list("/users/search?q="+url.QueryEscape("мира")))
	a.fails(a.get("/users/search"), 400, "APIInvalidParametersError", "q is required")
	a.fails(a.get("/users/search?q=+"), 400, "APIInvalidParametersError", "q is required")
	a.fails(a.get("/users/search?q=a&count=x"), 400, "APIInvalidParametersError", "count")
}

func TestPrivateUsers(t *testing.T) {
	a := start(t)
	follows := map[string]bool{}
	for _, u := range flat(a.pages("/users/self/follows")) {
		follows[u.(object)["id"].(string)] = true
	}
	seen := map[bool]int{}
	for _, u := range a.srv.Users() {
		if !u.Private {
			continue
		}
		seen[follows[u.ID]]++
		mine := a.as(u.ID).list("/users/self/media/recent?count=1")
		paths := []string{"/users/" + u.ID, "/users/" + u.ID + "/media/recent", "/users/" + u.ID + "/follows", "/users/" + u.ID + "/followed-by"}
		if len(mine) > 0 {
			m := mine[0].(object)
			paths = append(paths, "/media/"+m["id"].(string), "/media/"+m["id"].(string)+"/comments",
				"/media/"+m["id"].(string)+"/likes", "/media/shortcode/"+code(m))
		}
		for _, path := range paths {
			if follows[u.ID] {
				assert.NotNil(t, a.data(path), path)
			} else {
				a.fails(a.get(path), 400, "APINotAllowedError", "you cannot view this resource")
			}
		}
	}
	assert.Positive(t, seen[true])
	assert.Positive(t, seen[false])
}

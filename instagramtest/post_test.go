package instagramtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram/instagramtest"
)

func TestDeleteMedia(t *testing.T) {
	a := start(t, instagramtest.WithTime(time.Date(2016, 3, 1, 12, 0, 0, 0, time.UTC)))
	me := a.srv.Users()[0]
	placeID := a.list("/locations/search?" + eiffel)[0].(object)["id"].(string)
	lists := []string{
		"/users/self/media/recent", "/users/self/feed", "/users/self/media/liked", "/tags/gone/media/recent", "/locations/" + placeID + "/media/recent",
	}
	before := a.one("/users/self")["counts"]
	m := a.srv.PostMedia(me.ID, instagramtest.Media{Caption: "soon #gone", LocationID: placeID})
	a.post("/media/"+m.ID+"/likes", "", "")
	for _, path := range lists {
		assert.Contains(t, ids(a.list(path)), m.ID, path)
	}

	a.srv.DeleteMedia(m.ID)
	for _, path := range lists {
		assert.NotContains(t, ids(a.list(path)), m.ID, path)
	}
	a.fails(a.get("/media/"+m.ID), 400, "APINotFoundError", "invalid media id")
	assert.Equal(t, before, a.one("/users/self")["counts"])

	again := a.srv.PostMedia(me.ID, instagramtest.Media{Caption: "soon #gone"})
	assert.NotEqual(t, m.ID, again.ID, "ids are not used twice")
	assert.PanicsWithValue(t, `instagramtest: there is no media "`+m.ID+`"`, func() { a.srv.DeleteMedia(m.ID) })
	a.srv.DeleteMedia(strings.Split(again.ID, "_")[0])
	assert.Panics(t, func() { a.srv.DeleteMedia(strings.Split(m.ID, "_")[0] + "_1") })
}

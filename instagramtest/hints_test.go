package instagramtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHints(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	for path, message := range map[string]string{
		"/v1/usres/self":                "no such endpoint: the nearest is GET /users/{user-id}",
		"/v1/users/self/media/recnt":    "the nearest is GET /users/{user-id}/media/recent",
		"/v1/media/17_4/comment":        "the nearest is GET /media/{media-id}/comments",
		"/v1/tags/sea/media/rcent":      "the nearest is GET /tags/{tag-name}/media/recent",
		"/v1/location/search":           "the nearest is GET /locations/search",
		"/v1":                           "the nearest is ",
		"/user/self":                    "the endpoints are under /v1, as in " + a.srv.URL + "/v1/users/self",
		"/v1/users/mira.solane":         "this user does not exist: ids are numbers; mira.solane is " + me.ID,
		"/v1/users/mira.solane/follows": "ids are numbers",
	} {
		got := a.fetch("GET", a.srv.URL+path+"?access_token="+a.token)
		assert.Contains(t, string(got.body), message, path)
	}
	assert.NotContains(t, string(a.get("/nothing").body), "under /v1")
	assert.Contains(t, string(a.get("/users/1").body), `"this user does not exist"`)
}

package instagramtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

const rateLimited = `{"code":429,"error_type":"OAuthRateLimitException","error_message":"The maximum number of requests per hour has been exceeded."}`

// TestAnAppHasAnHourOfItsOwn is for calls with a client id alone, which the service took until
// 2016.
func TestAnAppHasAnHourOfItsOwn(t *testing.T) {
	a := start(t, instagramtest.WithWire(instagramtest.Wire2013), instagramtest.WithLimits(2, 2))
	a.get("/users/self")
	a.get("/users/self")
	assert.Equal(t, 429, a.get("/users/self").status)
	assert.NotNil(t, a.anonymous().one("/tags/nofilter?client_id="+a.srv.ClientID))
}

func TestCallsAnHour(t *testing.T) {
	for mode, limit := range map[instagramtest.Mode]string{instagramtest.Live: "5000", instagramtest.Sandbox: "500"} {
		a := start(t, instagramtest.WithMode(mode))
		assert.Equal(t, limit, a.get("/users/self").header.Get("X-Ratelimit-Limit"))
	}
	a := start(t, instagramtest.WithTime(time.Unix(1500000000, 0)), instagramtest.WithMode(instagramtest.Sandbox))
	for i := range 500 {
		if i == 250 {
			a.srv.Advance(30 * time.Minute)
		}
		got := a.get("/users/self")
		require.Equal(t, 200, got.status)
		require.Equal(t, itoa(499-i), got.header.Get("X-Ratelimit-Remaining"))
	}
	for range 3 {
		got := a.get("/users/self")
		assert.Equal(t, 429, got.status)
		assert.Equal(t, rateLimited, string(got.body), "without the meta object")
		assert.Equal(t, "500", got.header.Get("X-Ratelimit-Limit"))
		assert.Equal(t, "0", got.header.Get("X-Ratelimit-Remaining"))
	}
	assert.NotNil(t, a.as(a.srv.Users()[1].ID).one("/users/self"), "another token has an hour of its own")

	a.srv.Advance(30*time.Minute - time.Nanosecond)
	assert.Equal(t, 429, a.get("/users/self").status)
	a.srv.Advance(time.Nanosecond)
	assert.Equal(t, "249", a.get("/users/self").header.Get("X-Ratelimit-Remaining"), "the first half has left the hour")
	a.srv.Reset()
	assert.Equal(t, "499", a.get("/users/self").header.Get("X-Ratelimit-Remaining"))
}

// TestLimitsAreToldEverywhere is for clients that read the headers of every answer, and wait when
// nothing is left: to them, no header is 0.
func TestLimitsAreToldEverywhere(t *testing.T) {
	a := start(t)
	link := a.srv.URL + "/p/" + a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{}).Shortcode
	for path, status := range map[string]int{
		"/v1/users/self":           400,
		"/v1/nothing":              404,
		"/v1/subscriptions":        400,
		"/oauth/authorize":         400,
		"/oauth/access_token":      405,
		"/oauth/nothing":           404,
		"/oembed":                  400,
		"/oembed?url=" + link:      200,
		"/p/nothing":               404,
		link[len(a.srv.URL):]:      200,
		"/v1/users/self?q=%":       400,
		"/v1/users/self?callback=": 400,
	} {
		got := a.web("GET", path)
		assert.Equal(t, status, got.status, path)
		assert.Equal(t, "5000", got.header.Get("X-Ratelimit-Limit"), path)
		assert.Equal(t, "5000", got.header.Get("X-Ratelimit-Remaining"), path)
	}
}

func TestWhatDoesNotCount(t *testing.T) {
	a := start(t)
	a.get("/nothing")
	a.do("PUT", "/users/self", nil)
	a.as(a.srv.Users()[0].ID, "basic").get("/tags/nofilter")
	assert.Equal(t, "4999", a.get("/users/self").header.Get("X-Ratelimit-Remaining"))
	a.get("/users/1")
	assert.Equal(t, "4997", a.get("/users/self").header.Get("X-Ratelimit-Remaining"), "an endpoint's own errors do count")
}

func TestWritesAnHour(t *testing.T) {
	for mode, limit := range map[instagramtest.Mode]int{instagramtest.Live: 60, instagramtest.Sandbox: 30} {
		a := start(t, instagramtest.WithMode(mode))
		u := a.srv.Users()[2].ID
		m := a.srv.PostMedia(u, instagramtest.Media{}).ID
		writes := map[string]func(i int) answer{
			"likes": func(i int) answer {
				return a.do([]string{"POST", "DELETE"}[i%2], "/media/"+m+"/likes", nil)
			},
			"comments": func(i int) answer {
				return a.do("POST", "/media/"+m+"/comments", form("text", "hello"))
			},
			"relationships": func(i int) answer {
				return a.do("POST", "/users/"+u+"/relationship", form("action", []string{"follow", "unfollow"}[i%2]))
			},
		}
		for name, write := range writes {
			for i := range limit {
				require.Equal(t, 200, write(i).status, "%s %d", name, i)
			}
			got := write(0)
			assert.Equal(t, 429, got.status, name)
			assert.Equal(t, `{"meta":`+rateLimited+`}`, string(got.body), "with the meta object")
			assert.NotEqual(t, "0", got.header.Get("X-Ratelimit-Remaining"), "reads go on")
		}
		assert.Len(t, a.list("/media/"+m+"/comments"), limit, "what is refused is not done")
		a.srv.Advance(time.Hour)
		for name, write := range writes {
			assert.Equal(t, 200, write(0).status, name)
		}
	}
}

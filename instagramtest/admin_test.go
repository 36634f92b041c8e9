package instagramtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// admin makes a call under /admin; what is not a string is its body as JSON.
func (a api) admin(method, path string, body any) answer {
	a.Helper()
	var b io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		b = strings.NewReader(body)
	default:
		text, err := json.Marshal(body)
		require.NoError(a, err)
		b = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(a.Context(), method, a.srv.URL+"/admin/"+path, b)
	require.NoError(a, err)
	req.Header.Set("Authorization", "Bearer "+a.srv.AdminToken)
	return a.send(req)
}

func (a api) administer(method, path string, body any) object {
	a.Helper()
	return a.object(a.admin(method, path, body))
}

func TestAdminTokenIsNeeded(t *testing.T) {
	a := start(t)
	for name, header := range map[string]string{
		"none": "", "another": "Bearer x", "no bearer": "Basic " + a.srv.AdminToken, "a user's": "Bearer " + a.token, "empty": "Bearer ",
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), "POST", a.srv.URL+"/admin/reset?access_token="+a.srv.AdminToken, nil)
			require.NoError(t, err)
			req.Header.Set("Authorization", header)
			got := a.send(req)
			assert.Equal(t, 401, got.status)
			assert.Equal(t, "Bearer", got.header.Get("WWW-Authenticate"))
			assert.NotContains(t, string(got.body), a.srv.AdminToken)
		})
	}
	assert.NotEqual(t, a.srv.ClientSecret, a.srv.AdminToken)
}

func TestAdminPostsAndDeletesMedia(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	posted := a.administer("POST", "media", object{"user": me.Username, "caption": "Low tide #dawn", "type": "video", "created_time": "2020-06-01T08:00:00Z"})
	assert.Equal(t, []any{"dawn"}, posted["tags"])
	assert.Equal(t, "2020-06-01T08:00:00Z", posted["created_time"])
	id := posted["id"].(string)
	got := a.one("/media/" + id)
	assert.Equal(t, "video", got["type"])
	assert.Equal(t, "Low tide #dawn", got["caption"].(object)["text"])
	assert.Equal(t, got["id"], a.one("/media/shortcode/" + posted["shortcode"].(string))["id"])

	assert.Empty(t, a.administer("DELETE", "media/"+id, nil))
	a.fails(a.get("/media/"+id), 400, "APINotFoundError", "")
}

func TestAdminFaults(t *testing.T) {
	a := start(t)
	statuses := func(n int) (got []int) {
		for range n {
			got = append(got, a.get("/users/self").status)
		}
		return got
	}
	a.administer("POST", "faults", object{"endpoint": "GET /users/self", "status": 503})
	assert.Equal(t, []int{503, 200}, statuses(2))
	a.administer("POST", "faults", object{"endpoint": "/users/self", "calls": 2, "status": 429, "form": "bare", "header": object{"Retry-After": "1"}})
	assert.Equal(t, []int{429, 429, 200}, statuses(3))

	a.administer("POST", "faults", object{"endpoint": "/users/self", "calls": -1, "status": 502})
	assert.Equal(t, []int{502, 502, 502}, statuses(3))
	var list []object
	require.NoError(t, json.Unmarshal(a.admin("GET", "faults", nil).body, &list))
	assert.Equal(t, []object{{"endpoint": "/users/self", "calls": -1.0, "share": 1.0, "status": 502.0}}, list)
	a.administer("DELETE", "faults", nil)
	assert.Equal(t, []int{200}, statuses(1))
	assert.JSONEq(t, "[]", string(a.admin("GET", "faults", nil).body))

	a.administer("POST", "faults", object{"endpoint": "/users/self", "share": 0.5, "status": 500})
	failed := 0
	for _, status := range statuses(100) {
		if status == 500 {
			failed++
		}
	}
	assert.InDelta(t, 50, failed, 25)
	a.administer("DELETE", "faults", nil)

	a.administer("POST", "faults", object{"endpoint": "/users/self", "delay": "50ms"})
	list = nil
	require.NoError(t, json.Unmarshal(a.admin("GET", "faults", nil).body, &list))
	assert.Equal(t, []object{{"endpoint": "/users/self", "calls": 1.0, "share": 1.0, "delay": "50ms"}}, list, "it is told as it can be sent")
	began := time.Now()
	assert.Equal(t, []int{200}, statuses(1))
	assert.GreaterOrEqual(t, time.Since(began), 50*time.Millisecond)

	a.administer("POST", "faults", object{"endpoint": "/", "calls": -1, "cut": "drop"})
	a.administer("GET", "clock", nil) // faults leave the admin alone
}

func TestAdminClock(t *testing.T) {
	at := time.Date(2016, 5, 4, 3, 2, 1, 0, time.UTC)
	a := start(t, instagramtest.WithTime(at))
	assert.Equal(t, "2016-05-04T03:02:01Z", a.administer("GET", "clock", nil)["now"])
	assert.Equal(t, "2016-05-04T04:32:01Z", a.administer("POST", "clock", object{"advance": "1h30m"})["now"])
	assert.Equal(t, at.Add(90*time.Minute), a.srv.Now())
}

func TestAdminTokens(t *testing.T) {
	a := start(t)
	user := a.srv.Users()[1]
	token := a.administer("POST", "tokens", object{"user": user.Username, "scopes": []string{"likes"}})["access_token"].(string)
	assert.Equal(t, a.srv.AccessToken(user.ID, "likes"), token)
	a.token = token
	assert.Equal(t, user.ID, a.one("/users/self")["id"])
	a.fails(a.get("/users/self/follows"), 400, "OAuthPermissionsException", "follower_list")
	assert.Equal(t, a.srv.AccessToken(user.ID), a.administer("POST", "tokens", object{"user": user.ID})["access_token"])

	a.administer("POST", "revoke", object{"access_token": token})
	a.fails(a.get("/users/self"), 400, "OAuthAccessTokenException", "")
}

func TestAdminRequestsAndReset(t *testing.T) {
	a := start(t)
	a.get("/users/search?q=mira")
	var list []instagramtest.Request
	require.NoError(t, json.Unmarshal(a.admin("GET", "requests", nil).body, &list))
	assert.Equal(t, a.srv.Requests(), list)
	require.Len(t, list, 1, "the admin is not in the log")
	assert.Equal(t, "mira", list[0].Params.Get("q"))
	assert.NotContains(t, string(a.admin("GET", "requests", nil).body), a.token)

	id := a.list("/users/self/media/recent?count=1")[0].(object)["id"].(string)
	a.admin("DELETE", "media/"+id, nil)
	a.srv.Fail("/", instagramtest.Fault{Status: 500}, -1)
	a.administer("POST", "reset", nil)
	assert.Empty(t, a.srv.Requests())
	a.one("/media/" + id)

	var users []instagramtest.User
	require.NoError(t, json.Unmarshal(a.admin("GET", "users", nil).body, &users))
	assert.Equal(t, a.srv.Users(), users)
}

func TestAdminMistakes(t *testing.T) {
	a := start(t)
	for name, test := range map[string]struct {
		method, path string
		body         any
		status       int
		message      string
	}{
		"no such call":       {"GET", "nothing", nil, 404, "there is no GET /admin/nothing"},
		"another method":     {"DELETE", "clock", nil, 404, "there is no DELETE /admin/clock"},
		"no JSON":            {"POST", "media", "user=mira", 400, "the body cannot be read"},
		"unknown member":     {"POST", "media", object{"user": "x", "captoin": "y"}, 400, "captoin"},
		"no such user":       {"POST", "media", object{"user": "nobody"}, 400, `there is no user "nobody"`},
		"no such tag":        {"POST", "media", object{"user": "mira.solane", "tags": []string{"two words"}}, 400, `"two words" is not a tag`},
		"no such media":      {"DELETE", "media/1_1", nil, 400, `there is no media "1_1"`},
		"no such type":       {"POST", "media", object{"user": a.srv.Users()[0].ID, "type": "reel"}, 400, "reel"},
		"no user's token":    {"POST", "tokens", object{"user": "nobody"}, 400, `there is no user "nobody"`},
		"no such token":      {"POST", "revoke", object{"access_token": "x"}, 400, "there is no such access token"},
		"no duration":        {"POST", "clock", object{"advance": "soon"}, 400, "soon"},
		"no delay":           {"POST", "faults", object{"endpoint": "/", "delay": "some"}, 400, "some"},
		"fault of no sense":  {"POST", "faults", object{"endpoint": "/", "status": 7}, 400, "status 7"},
		"fault of no call":   {"POST", "faults", object{"endpoint": "users"}, 400, `"users" is not a method and a path`},
		"share out of range": {"POST", "faults", object{"endpoint": "/", "share": 2}, 400, "share"},
		"too large":          {"POST", "media", `{"caption":"` + strings.Repeat("x", 2<<20) + `"}`, 400, "the body cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.admin(test.method, test.path, test.body)
			assert.Equal(t, test.status, got.status)
			assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
			var e struct{ Error string }
			require.NoError(t, json.Unmarshal(got.body, &e), "%s", got.body)
			assert.Contains(t, e.Error, test.message)
		})
	}
}

package instagramtest_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// anonymous is the server for a caller without a token.
func (a api) anonymous() api {
	a.token = ""
	return a
}

func TestCredentials(t *testing.T) {
	a := start(t)
	a.fails(a.anonymous().get("/users/self"), 400, "OAuthParameterException", "Missing client_id or access_token")
	a.fails(a.anonymous().get("/users/self?access_token="), 400, "OAuthParameterException", "Missing")
	a.fails(a.anonymous().get("/users/self?access_token=1.2.3"), 400, "OAuthAccessTokenException", "access_token provided is invalid")
	a.fails(a.anonymous().get("/media/popular?client_id=x"), 400, "OAuthClientException", "client_id provided is invalid")

	a.srv.Revoke(a.token)
	a.fails(a.get("/users/self"), 400, "OAuthAccessTokenException", "")
	assert.Equal(t, a.token, a.srv.AccessToken(a.srv.Users()[0].ID), "asked for again, it is the same and valid")
	assert.NotNil(t, a.one("/users/self"))
	assert.Panics(t, func() { a.srv.AccessToken("nobody") })
}

func TestTokensBelongToTheirUser(t *testing.T) {
	a := start(t)
	seen := map[string]bool{}
	for _, u := range a.srv.Users()[:10] {
		assert.Equal(t, u.ID, a.as(u.Username).one("/users/self")["id"])
		seen[a.srv.AccessToken(u.ID)] = true
		seen[a.srv.AccessToken(u.ID, "likes")] = true
	}
	assert.Len(t, seen, 20)
}

func TestClientIDAlone(t *testing.T) {
	a := start(t, instagramtest.WithWire(instagramtest.Wire2013))
	users := a.srv.Users()
	m := ids(a.list("/users/self/media/recent?count=1"))[0]
	client := "client_id=" + a.srv.ClientID
	anon := a.anonymous()
	for _, path := range []string{
		"/users/" + users[0].ID, "/users/" + users[0].ID + "/media/recent", "/users/" + users[0].ID + "/follows",
		"/users/search?q=a", "/media/" + m, "/media/" + m + "/comments", "/media/" + m + "/likes", "/media/popular",
		"/media/search?" + eiffel, "/tags/nofilter", "/tags/nofilter/media/recent", "/tags/search?q=s", "/locations/833",
		"/locations/833/media/recent", "/locations/search?" + eiffel,
	} {
		sep := "?"
		if slices.Contains([]byte(path), '?') {
			sep = "&"
		}
		assert.NotNil(t, anon.data(path+sep+client), path)
	}
	assert.NotContains(t, anon.one("/media/"+m+"?"+client), "user_has_liked")
	assert.Contains(t, a.one("/media/"+m), "user_has_liked")

	for _, path := range []string{"/users/self", "/users/self/media/recent", "/users/self/follows"} {
		a.fails(anon.get(path+"?"+client), 400, "OAuthException", "no authenticated user")
	}
	for _, path := range []string{"/users/self/feed", "/users/self/media/liked", "/users/self/requested-by", "/users/" + users[1].ID + "/relationship"} {
		a.fails(anon.get(path+"?"+client), 400, "OAuthParameterException", `"access_token" URL parameter missing`)
	}
	a.fails(anon.do("POST", "/media/"+m+"/likes?"+client, nil), 400, "OAuthParameterException", "")
	i := slices.IndexFunc(users, func(u instagramtest.User) bool { return u.Private })
	a.fails(anon.get("/users/"+users[i].ID+"?"+client), 400, "APINotAllowedError", "")

	pages := anon.pages("/users/" + users[0].ID + "/media/recent?count=33&" + client)
	assert.Len(t, pages, 8, "the next_url repeats the client id")
}

// TestScopes holds every endpoint to the scopes that the API's documentation gives it.
func TestScopes(t *testing.T) {
	a := start(t)
	me, u := a.srv.Users()[0], a.srv.Users()[1]
	mine := ids(a.list("/users/self/media/recent?count=1"))[0]
	theirs := a.srv.PostMedia(u.ID, instagramtest.Media{})
	tests := []struct {
		method, path string
		scopes       string // that are asked for, by the order in which they are missed
	}{
		{"GET", "/users/self", ""},
		{"GET", "/users/" + me.ID, ""},
		{"GET", "/users/" + u.ID, "public_content"},
		{"GET", "/users/self/feed", ""},
		{"GET", "/users/self/media/recent", ""},
		{"GET", "/users/" + u.ID + "/media/recent", "public_content"},
		{"GET", "/users/self/media/liked", ""},
		{"GET", "/users/search?q=a", ""},
		{"GET", "/users/self/follows", "follower_list"},
		{"GET", "/users/" + u.ID + "/follows", "follower_list"},
		{"GET", "/users/self/followed-by", "follower_list"},
		{"GET", "/users/" + u.ID + "/followed-by", "follower_list"},
		{"GET", "/users/self/requested-by", "follower_list"},
		{"GET", "/users/" + u.ID + "/relationship", "follower_list"},
		{"POST", "/users/" + u.ID + "/relationship?action=follow", "relationships"},
		{"GET", "/media/" + mine, ""},
		{"GET", "/media/" + theirs.ID, "public_content"},
		{"GET", "/media/shortcode/" + theirs.Shortcode, "public_content"},
		{"GET", "/media/search?" + eiffel, "public_content"},
		{"GET", "/media/popular", ""},
		{"GET", "/media/" + mine + "/comments", ""},
		{"GET", "/media/" + theirs.ID + "/comments", "public_content"},
		{"POST", "/media/" + theirs.ID + "/comments?text=hello", "comments"},
		{"DELETE", "/media/" + mine + "/comments/1", "comments"},
		{"GET", "/media/" + mine + "/likes", ""},
		{"GET", "/media/" + theirs.ID + "/likes", "public_content"},
		{"POST", "/media/" + theirs.ID + "/likes", "likes"},
		{"DELETE", "/media/" + theirs.ID + "/likes", "likes"},
		{"GET", "/tags/nofilter", "public_content"},
		{"GET", "/tags/nofilter/media/recent", "public_content"},
		{"GET", "/tags/search?q=a", "public_content"},
		{"GET", "/locations/833", "public_content"},
		{"GET", "/locations/833/media/recent", "public_content"},
		{"GET", "/locations/search?" + eiffel, "public_content"},
		{"GET", "/geographies/1/media/recent", ""},
	}
	others := []string{"public_content", "follower_list", "comments", "relationships", "likes"}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			if tt.scopes == "" {
				got := a.as(me.ID, "basic").do(tt.method, tt.path, nil)
				assert.NotContains(t, string(got.body), "OAuthPermissionsException")
				return
			}
			without := slices.DeleteFunc(slices.Clone(others), func(s string) bool { return s == tt.scopes })
			a.fails(a.as(me.ID, without...).do(tt.method, tt.path, nil), 400, "OAuthPermissionsException", "scope="+tt.scopes)
			got := a.as(me.ID, tt.scopes).do(tt.method, tt.path, nil)
			assert.NotContains(t, string(got.body), "OAuthPermissionsException")
		})
	}
	require.Len(t, tests, 27+8, "27 endpoints, eight of them for others as well")
}

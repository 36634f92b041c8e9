package instagramtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// today is the API with a token of the Graph's own, for the first user.
func today(t *testing.T, opts ...instagramtest.Option) api {
	t.Helper()
	a := start(t, append([]instagramtest.Option{instagramtest.WithTime(noon), instagramtest.WithMedia(0, 0)}, opts...)...)
	a.token = a.srv.GraphToken(a.srv.Users()[0].ID)
	return a
}

func numberOf(id string) string {
	number, _, _ := strings.Cut(id, "_")
	return number
}

func TestGraphNodes(t *testing.T) {
	a := today(t)
	me, other := a.srv.Users()[0], a.srv.Users()[1]
	album := a.srv.PostMedia(me.ID, instagramtest.Media{Type: "carousel", Caption: "two"})
	id := numberOf(album.ID)
	assert.Equal(t, object{"id": me.ID, "username": me.Username}, a.object(a.graph("GET", "/v26.0/me?fields=id,username")))
	assert.Equal(t, object{"id": me.ID}, a.object(a.graph("GET", "/"+me.ID)))
	user := a.object(a.graph("GET", "/me?fields=user_id,name,account_type,media_count,followers_count,follows_count,biography,website,profile_picture_url"))
	assert.EqualValues(t, 1, user["media_count"])
	assert.Contains(t, []any{"BUSINESS", "MEDIA_CREATOR"}, user["account_type"])

	assert.Equal(t, object{"id": id, "shortcode": album.Shortcode, "like_count": 0.0, "comments_count": 0.0, "is_comment_enabled": true,
		"media_product_type": "FEED", "owner": object{"id": me.ID}},
		a.object(a.graph("GET", "/"+id+"?fields=shortcode,like_count,comments_count,is_comment_enabled,media_product_type,owner")))
	children := a.object(a.graph("GET", "/"+id+"/children?fields=media_type"))["data"].([]any)
	require.Len(t, children, 2)
	child := children[1].(object)["id"].(string)
	assert.Equal(t, object{"id": child, "media_type": "VIDEO"}, a.object(a.graph("GET", "/"+child+"?fields=media_type")))

	for path, at := range map[string]string{
		"/" + other.ID: other.ID, "/" + other.ID + "/media": other.ID, "/me/comments": "me", "/" + id + "/stories": id, "/" + id + "/media": id, "/1": "1",
		"/" + id + "/friends": id + "/friends", "/" + child + "9": child + "9",
	} {
		a.failsGraph(a.graph("GET", path), 400, 100, 33, "IGApiException", "Object with ID '"+at+"'")
	}
	a.failsGraph(a.graph("GET", "/me?fields=likes"), 400, 100, 0, "IGApiException", "nonexisting field (likes)")
	a.failsGraph(a.graph("GET", "/"+id+"/comments?fields=replies{replies{id}}"), 400, 100, 0, "IGApiException", "Syntax error")
}

func TestGraphComments(t *testing.T) {
	a := today(t)
	me, other := a.srv.Users()[0], a.srv.Users()[1]
	posted := a.srv.PostMedia(me.ID, instagramtest.Media{})
	id := numberOf(posted.ID)
	theirs := a.as(other.ID)
	for _, text := range []string{"one", "two", "three"} {
		require.Equal(t, 200, theirs.do("POST", "/media/"+posted.ID+"/comments", url.Values{"text": {text}}).status)
	}
	page := a.object(a.graph("GET", "/"+id+"/comments?limit=2"))
	list := page["data"].([]any)
	require.Len(t, list, 2)
	assert.Equal(t, "three", list[0].(object)["text"])
	assert.Len(t, list[0], 3, "id, text and timestamp by default")
	next := a.object(a.url("GET", page["paging"].(object)["next"].(string)))
	assert.Equal(t, "one", next["data"].([]any)[0].(object)["text"])
	assert.Equal(t, ids(list), ids(a.object(a.url("GET", next["paging"].(object)["previous"].(string)))["data"].([]any)))

	first := list[0].(object)["id"].(string)
	reply := a.srv.PostReply(me.Username, first, "four")
	got := a.object(a.graph("GET", "/"+first+"?fields=from,username,parent_id,media,hidden,like_count,replies{text,parent_id}"))
	assert.Equal(t, object{
		"id": first, "from": object{"id": other.ID, "username": other.Username}, "username": other.Username, "media": object{"id": id}, "hidden": false, "like_count": 0.0,
		"replies": object{"data": []any{object{"id": reply, "text": "four", "parent_id": first}}},
	}, got)
	assert.Equal(t, []string{reply}, ids(a.object(a.graph("GET", "/"+first+"/replies"))["data"].([]any)))
	a.failsGraph(a.graph("GET", "/"+reply+"/replies"), 400, 100, 33, "IGApiException", reply)
	assert.Panics(t, func() { a.srv.PostReply(me.ID, "1", "nothing to reply to") })
	assert.Panics(t, func() { a.srv.PostReply("nobody", first, "nobody") })

	a.token = a.srv.GraphToken(me.ID, "instagram_business_basic")
	for _, path := range []string{"/" + id + "/comments", "/" + first, "/" + first + "/replies"} {
		a.failsGraph(a.graph("GET", path), 403, 10, 0, "OAuthException", "does not have permission")
	}
	a.failsGraph(a.graph("GET", "/me/insights?metric=reach&period=day"), 403, 10, 0, "OAuthException", "does not have permission")
}

func TestGraphStoriesEnd(t *testing.T) {
	a := today(t)
	me := a.srv.Users()[0]
	old := a.srv.PostStory(me.ID, instagramtest.Media{CreatedTime: noon.Add(-23 * time.Hour)})
	young := a.srv.PostStory(me.ID, instagramtest.Media{Type: "video"})
	stories := func() []string { return ids(a.object(a.graph("GET", "/me/stories"))["data"].([]any)) }
	assert.Equal(t, []string{numberOf(young.ID), numberOf(old.ID)}, stories())
	a.srv.Advance(time.Hour)
	assert.Equal(t, []string{numberOf(young.ID)}, stories())
	assert.Equal(t, "STORY", a.object(a.graph("GET", "/"+numberOf(young.ID)+"?fields=media_product_type"))["media_product_type"])
	assert.Empty(t, graphIDs(a.graphPage("")), "they are no posts")
	assert.Panics(t, func() { a.srv.PostStory("nobody", instagramtest.Media{}) })
}

func TestGraphInsightsRefuse(t *testing.T) {
	a := today(t)
	posted := numberOf(a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{}).ID)
	for path, message := range map[string]string{
		"/me/insights?period=day":                                    "metric is required",
		"/me/insights?metric=reach":                                  "period must be one of",
		"/me/insights?metric=reach&period=hour":                      "period must be one of",
		"/me/insights?metric=reach,applause&period=day":              "metric[1] must be one of",
		"/me/insights?metric=views&period=day":                       "metric_type=total_value",
		"/me/insights?metric=reach&period=day&since=2018-01-01":      "30 days",
		"/me/insights?metric=reach&period=day&since=soon":            "since is not a UNIX time",
		"/" + posted + "/insights?metric=navigation":                 "metric[0] must be one of",
		"/" + posted + "/insights":                                   "metric is required",
		"/me/insights?metric=reach&period=day&since=now&until=today": "30 days",
	} {
		a.failsGraph(a.graph("GET", path), 400, 100, 0, "IGApiException", message)
	}
}

func TestGraphUsageHeaders(t *testing.T) {
	a := today(t, instagramtest.WithLimits(2, 2))
	me := a.srv.Users()[0].ID
	usage := func(used, minutes string) string {
		return `{"` + me + `":[{"type":"instagram","call_count":` + used + `,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":` + minutes + `}]}`
	}
	for _, want := range []string{usage("50", "0"), usage("100", "0"), usage("100", "60")} {
		assert.Equal(t, want, a.graph("GET", "/me").header.Get("X-Business-Use-Case-Usage"))
	}
	a.srv.Advance(45 * time.Minute)
	got := a.graph("GET", "/me")
	a.failsGraph(got, 403, 4, 0, "OAuthException", "Application request limit reached")
	assert.Equal(t, usage("100", "15"), got.header.Get("X-Business-Use-Case-Usage"))
}

// trade asks for another token in the place of one.
func (a api) trade(path, token string, more ...string) answer {
	a.Helper()
	query := url.Values{"access_token": {token}}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return a.url("GET", a.srv.URL+path+"?"+query.Encode())
}

func TestGraphTokens(t *testing.T) {
	a := start(t, instagramtest.WithTime(noon))
	me := a.srv.Users()[0]
	redirect := "http://127.0.0.1/callback"
	code := a.srv.AuthorizationCode(me.Username, redirect, "instagram_business_basic", "instagram_business_manage_insights")
	form := url.Values{"client_id": {a.srv.ClientID}, "client_secret": {a.srv.ClientSecret}, "grant_type": {"authorization_code"}, "redirect_uri": {redirect}, "code": {code}}
	short := a.object(a.oauth("POST", "access_token", form))
	assert.EqualValues(t, []any{"instagram_business_basic", "instagram_business_manage_insights"}, short["permissions"])
	assert.NotContains(t, short, "user")
	assert.IsType(t, 0.0, short["user_id"], "a number")
	token := short["access_token"].(string)

	exchange := []string{"grant_type", "ig_exchange_token", "client_secret", a.srv.ClientSecret}
	refresh := []string{"grant_type", "ig_refresh_token"}
	a.failsGraph(a.trade("/refresh_access_token", token, refresh...), 400, 452, 0, "IGApiException", "Session key invalid")
	a.failsGraph(a.trade("/access_token", token, "grant_type", "ig_exchange_token", "client_secret", "wrong"), 400, 101, 0, "OAuthException", "Invalid application secret")
	a.failsGraph(a.trade("/access_token", token, "grant_type", "authorization_code"), 400, 100, 0, "IGApiException", "grant_type")
	a.failsGraph(a.trade("/access_token", "unknown", exchange...), 400, 190, 0, "OAuthException", "Invalid OAuth access token")
	long := a.object(a.trade("/v26.0/access_token", token, exchange...))
	assert.EqualValues(t, 60*24*3600, long["expires_in"])
	assert.Equal(t, "bearer", long["token_type"])
	next := long["access_token"].(string)
	a.failsGraph(a.trade("/access_token", next, exchange...), 400, 452, 0, "IGApiException", "Session key invalid")

	works := func(token string) int { return a.trade("/me", token).status }
	assert.Equal(t, []int{200, 200}, []int{works(token), works(next)})
	a.srv.Advance(time.Hour)
	a.failsGraph(a.trade("/me", token), 400, 190, 463, "OAuthException", "Session has expired")
	a.failsGraph(a.trade("/access_token", token, exchange...), 400, 190, 463, "OAuthException", "Session has expired")
	a.failsGraph(a.trade("/refresh_access_token", next, refresh...), 400, 100, 0, "IGApiException", "24 hours old")
	a.srv.Advance(23 * time.Hour)
	third := a.object(a.trade("/refresh_access_token", next, refresh...))["access_token"].(string)
	a.srv.Advance(59 * 24 * time.Hour)
	a.failsGraph(a.trade("/refresh_access_token", next, refresh...), 400, 190, 463, "OAuthException", "Session has expired")
	assert.Equal(t, 200, works(third))
	a.srv.Revoke(third)
	a.failsGraph(a.trade("/me", third), 400, 190, 0, "OAuthException", "Invalid OAuth access token")
	a.failsGraph(a.trade("/refresh_access_token", a.srv.AccessToken(me.ID), refresh...), 400, 452, 0, "IGApiException", "Session key invalid")
	assert.Panics(t, func() { a.srv.GraphToken("nobody") })
}

func TestGraphAuthorizePage(t *testing.T) {
	a := start(t)
	page := func(query url.Values) answer {
		query.Set("client_id", a.srv.ClientID)
		query.Set("redirect_uri", "http://127.0.0.1/callback")
		return a.url(http.MethodGet, a.srv.URL+"/oauth/authorize?"+query.Encode())
	}
	got := page(url.Values{"response_type": {"code"}, "scope": {"instagram_business_basic,instagram_business_manage_comments"}})
	require.Equal(t, 200, got.status)
	assert.Contains(t, string(got.body), "professional profile")
	assert.Contains(t, string(got.body), "comments on what you have posted")
	assert.NotContains(t, string(got.body), "see your profile and what you have posted", "that is v1's")
	assert.Equal(t, 200, page(url.Values{"response_type": {"code"}, "scope": {"instagram_business_basic instagram_business_manage_insights"}}).status)
	for _, query := range []url.Values{
		{"response_type": {"token"}, "scope": {"instagram_business_basic"}},
		{"response_type": {"code"}, "scope": {"instagram_business_manage_comments"}},
		{"response_type": {"code"}, "scope": {"instagram_business_basic likes"}},
		{"response_type": {"code"}, "scope": {"basic,likes"}},
	} {
		assert.Equal(t, 400, page(query).status, query)
	}
}

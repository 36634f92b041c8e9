package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

const allGraphFields = "id,caption,media_type,media_url,permalink,thumbnail_url,timestamp,username,is_shared_to_feed," +
	"children{id,media_type,media_url,permalink,thumbnail_url,timestamp,username}"

// noon is when the clock of these tests stands.
var noon = time.Date(2018, 6, 15, 12, 0, 0, 0, time.UTC)

// graph calls the Graph API as the user; path may have a query.
func (a api) graph(method, path string) answer {
	a.Helper()
	target := a.srv.URL + path
	if a.token != "" {
		target += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "access_token=" + a.token
	}
	return a.url(method, target)
}

// url sends a request without a body to a URL.
func (a api) url(method, target string) answer {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), method, target, nil)
	require.NoError(a, err)
	return a.send(req)
}

// graphPage is a page of the user's media.
func (a api) graphPage(query string) object {
	a.Helper()
	return a.object(a.graph("GET", "/me/media?"+query))
}

func graphIDs(page object) []string { return ids(page["data"].([]any)) }

func cursor(page object, name string) string {
	return page["paging"].(object)["cursors"].(object)[name].(string)
}

// failsGraph wants an error in the form of the Graph API.
func (a api) failsGraph(got answer, status, code, subcode int, kind, message string) {
	a.Helper()
	var e struct {
		Error struct {
			Message, Type string
			Code          int
			Subcode       int    `json:"error_subcode"`
			Trace         string `json:"fbtrace_id"`
		}
	}
	require.NoError(a, json.Unmarshal(got.body, &e), "%s", got.body)
	assert.Equal(a, status, got.status)
	assert.Equal(a, kind, e.Error.Type)
	assert.Equal(a, code, e.Error.Code)
	assert.Equal(a, subcode, e.Error.Subcode)
	assert.Contains(a, e.Error.Message, message)
	assert.Len(a, e.Error.Trace, 23)
}

func TestGraphIDsAlone(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	want := a.graphPage("")
	assert.Len(t, want["data"], 25)
	for _, m := range want["data"].([]any) {
		assert.Len(t, m, 1)
	}
	v1 := ids(a.list("/users/self/media/recent?count=25"))
	for i, id := range graphIDs(want) {
		assert.Equal(t, v1[i], id+"_"+me.ID, "the number of the media, newest first")
	}
	for _, path := range []string{"/" + me.ID + "/media", "/v26.0/me/media", "/v26.0/" + me.ID + "/media/", "/v1.0/me/media"} {
		assert.Equal(t, graphIDs(want), graphIDs(a.object(a.graph("GET", path))), path)
	}
	assert.Empty(t, a.graph("HEAD", "/me/media").body)
}

func TestGraphFields(t *testing.T) {
	a := start(t, instagramtest.WithTime(noon), instagramtest.WithMedia(0, 0))
	me := a.srv.Users()[0]
	at := time.Date(2017, 8, 31, 18, 10, 0, 0, time.UTC)
	plain := a.srv.PostMedia(me.ID, instagramtest.Media{CreatedTime: at})
	video := a.srv.PostMedia(me.ID, instagramtest.Media{CreatedTime: at.Add(1), Type: "video", Caption: "A \"film\" <b> ☀"})
	album := a.srv.PostMedia(me.ID, instagramtest.Media{CreatedTime: at.Add(2), Type: "carousel", Caption: "two"})
	node := func(m instagramtest.Media, kind string, more object) object {
		id, _, _ := strings.Cut(m.ID, "_")
		o := object{
			"id": id, "media_type": kind, "permalink": a.srv.URL + "/p/" + m.Shortcode + "/", "timestamp": "2017-08-31T18:10:00+0000",
			"username": me.Username, "media_url": a.srv.URL + "/images/" + m.Shortcode + "/1080.jpg",
		}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	film := object{"media_url": a.srv.URL + "/videos/" + video.Shortcode + "/640.mp4", "thumbnail_url": a.srv.URL + "/images/" + video.Shortcode + "/1080.jpg",
		"caption": "A \"film\" <b> ☀", "is_shared_to_feed": true}
	page := a.graphPage("fields=" + allGraphFields)["data"].([]any)
	require.Len(t, page, 3)
	albumID := page[0].(object)["id"].(string)
	children := page[0].(object)["children"].(object)["data"].([]any)
	require.Len(t, children, 2)
	first, second := children[0].(object)["id"], children[1].(object)["id"]
	assert.NotEqual(t, albumID, first)
	assert.NotEqual(t, first, second)
	part := a.srv.URL + "/images/" + album.Shortcode + "/1/1080.jpg"
	assert.Equal(t, node(album, "CAROUSEL_ALBUM", object{"caption": "two", "children": object{"data": []any{
		node(album, "IMAGE", object{"id": first, "media_url": part}),
		node(album, "VIDEO", object{"id": second, "media_url": a.srv.URL + "/videos/" + album.Shortcode + "/2/640.mp4",
			"thumbnail_url": a.srv.URL + "/images/" + album.Shortcode + "/2/1080.jpg"}),
	}}}), page[0])
	assert.Equal(t, node(video, "VIDEO", film), page[1])
	assert.Equal(t, node(plain, "IMAGE", nil), page[2])
	for _, m := range append(children, page...) {
		assert.Equal(t, 200, a.url("GET", m.(object)["media_url"].(string)).status)
	}

	for fields, want := range map[string]string{
		"id": `{"id":"ID"}`, "media_type": `{"media_type":"CAROUSEL_ALBUM","id":"ID"}`,
		" caption , id , caption ":      `{"caption":"two","id":"ID"}`,
		"children":                      `{"children":{"data":[{"id":"C1"},{"id":"C2"}]},"id":"ID"}`,
		"children{media_type},caption,": `{"children":{"data":[{"media_type":"IMAGE","id":"C1"},{"media_type":"VIDEO","id":"C2"}]},"caption":"two","id":"ID"}`,
		"children{}":                    `{"children":{"data":[{"id":"C1"},{"id":"C2"}]},"id":"ID"}`,
	} {
		t.Run(fields, func(t *testing.T) {
			got := a.graph("GET", "/me/media?limit=1&fields="+url.QueryEscape(fields))
			want := strings.NewReplacer(`"ID"`, `"`+albumID+`"`, "C1", first.(string), "C2", second.(string)).Replace(want)
			assert.True(t, strings.HasPrefix(string(got.body), `{"data":[`+want+`],"paging":`), "%s", got.body)
		})
	}
}

func TestGraphPaging(t *testing.T) {
	a := start(t, instagramtest.WithMedia(60, 0))
	all := graphIDs(a.graphPage("limit=100"))
	require.Len(t, all, 60)
	me := a.srv.Users()[0].ID

	// Forward by the whole URLs, in the version that was asked.
	var seen []string
	var last object
	for next := a.srv.URL + "/v26.0/me/media?limit=25&fields=caption&access_token=" + a.token; next != ""; {
		last = a.object(a.url("GET", next))
		seen = append(seen, graphIDs(last)...)
		next, _ = last["paging"].(object)["next"].(string)
		assert.True(t, next == "" || strings.HasPrefix(next, a.srv.URL+"/v26.0/"+me+"/media?access_token="+a.token+"&after="), next)
	}
	assert.Equal(t, all, seen)
	assert.Equal(t, all[50:], graphIDs(last))
	assert.NotEmpty(t, cursor(last, "after"), "there are cursors on the last page")

	// And back.
	for i, want := range [][]string{all[25:50], all[:25]} {
		last = a.object(a.url("GET", last["paging"].(object)["previous"].(string)))
		assert.Equal(t, want, graphIDs(last), i)
	}
	assert.NotContains(t, last["paging"], "previous")
	last = a.object(a.url("GET", last["paging"].(object)["next"].(string)))
	assert.Equal(t, all[25:50], graphIDs(last), "and forward again")

	first := a.graphPage("limit=10")
	assert.Equal(t, all[10:15], graphIDs(a.graphPage("limit=5&after="+cursor(first, "after"))))
	assert.Equal(t, all[10:15], graphIDs(a.graphPage("limit=5&after="+cursor(first, "after")+"==")), "padded")
	second := a.graphPage("limit=10&after=" + cursor(first, "after"))
	assert.Equal(t, all[5:10], graphIDs(a.graphPage("limit=5&before="+cursor(second, "before"))))
	assert.Equal(t, all[1:5], graphIDs(a.graphPage("limit=4&before="+cursor(second, "before")+"&after="+cursor(a.graphPage("limit=1"), "after"))))
	empty := a.graph("GET", "/me/media?before="+cursor(first, "before"))
	assert.JSONEq(t, `{"data":[]}`, string(empty.body))
}

func TestGraphCursorsStay(t *testing.T) {
	a := start(t, instagramtest.WithMedia(30, 0))
	me := a.srv.Users()[0].ID
	all := graphIDs(a.graphPage("limit=100"))
	first := a.graphPage("limit=10")
	a.srv.DeleteMedia(all[9])
	a.srv.DeleteMedia(all[0])
	posted := a.srv.PostMedia(me, instagramtest.Media{})
	number, _, _ := strings.Cut(posted.ID, "_")
	assert.Equal(t, all[10:20], graphIDs(a.graphPage("limit=10&after="+cursor(first, "after"))))
	assert.Equal(t, []string{number}, graphIDs(a.graphPage("before="+cursor(first, "before"))))
	assert.Equal(t, slices.Concat([]string{number}, all[1:9], all[10:]), graphIDs(a.graphPage("limit=100")))
}

func TestGraphEndsAfterTenThousand(t *testing.T) {
	a := start(t, instagramtest.WithMedia(10_030, 0))
	seen := map[string]bool{}
	for next := "/me/media?limit=100&access_token=" + a.token; next != ""; {
		page := a.object(a.url("GET", a.srv.URL+next))
		for _, id := range graphIDs(page) {
			seen[id] = true
		}
		next, _ = page["paging"].(object)["next"].(string)
		next = strings.TrimPrefix(next, a.srv.URL)
	}
	assert.Len(t, seen, 10_000)
}

func TestGraphTimes(t *testing.T) {
	a := start(t, instagramtest.WithTime(noon), instagramtest.WithMedia(0, 0))
	posted := map[string]string{}
	for _, at := range []string{
		"2017-08-31T18:09:59Z", "2017-08-31T18:10:00Z", "2017-08-31T18:10:01Z", "2018-06-13T11:59:59Z", "2018-06-13T12:00:00Z",
		"2018-06-13T23:59:59Z", "2018-06-14T00:00:00Z", "2018-06-14T23:59:59Z", "2018-06-15T00:00:00Z", "2018-06-15T12:00:00Z",
	} {
		created, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		id, _, _ := strings.Cut(a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{CreatedTime: created}).ID, "_")
		posted[id] = at[2:19]
	}
	for _, test := range []struct{ since, until, newest, oldest string }{
		{"1504203000", "", "18-06-15T12:00:00", "17-08-31T18:10:00"}, // 2017-08-31T18:10:00
		{"", "1504203000", "17-08-31T18:10:00", "17-08-31T18:09:59"},
		{"1504203000", "1504203000", "17-08-31T18:10:00", "17-08-31T18:10:00"},
		{"@1504203001", "2017-12-31", "17-08-31T18:10:01", "17-08-31T18:10:01"},
		{"2017-08-31T18:10:01+0000", "2018-06-14", "18-06-14T00:00:00", "17-08-31T18:10:01"},
		{"2017-08-31T20:10:01+02:00", "2018-06-14", "18-06-14T00:00:00", "17-08-31T18:10:01"},
		{"2017-08-31 18:10:01", "14 June 2018", "18-06-14T00:00:00", "17-08-31T18:10:01"},
		{"yesterday", "now", "18-06-15T12:00:00", "18-06-14T00:00:00"},
		{"-2 days", "Today", "18-06-15T00:00:00", "18-06-13T12:00:00"},
		{"2 days ago", "-12 hours", "18-06-15T00:00:00", "18-06-13T12:00:00"},
		{"-1 month", "-1 week", "", ""},
		{"-1 year", "tomorrow", "18-06-15T12:00:00", "17-08-31T18:09:59"},
		{"-5 minutes", "+ 3 seconds", "18-06-15T12:00:00", "18-06-15T12:00:00"},
	} {
		t.Run(test.since+" to "+test.until, func(t *testing.T) {
			got := graphIDs(a.graphPage(url.Values{"since": {test.since}, "until": {test.until}}.Encode()))
			if test.newest == "" {
				assert.Empty(t, got)
				return
			}
			require.NotEmpty(t, got)
			assert.Equal(t, test.newest, posted[got[0]])
			assert.Equal(t, test.oldest, posted[got[len(got)-1]])
		})
	}
	page := a.graphPage("since=2018-06-13&limit=3")
	page = a.object(a.url("GET", page["paging"].(object)["next"].(string)))
	page = a.object(a.url("GET", page["paging"].(object)["next"].(string)))
	assert.Len(t, page["data"], 1, "the span holds on the next page")
	assert.NotContains(t, page["paging"], "next")
}

func TestGraphErrors(t *testing.T) {
	a := start(t)
	me, other := a.srv.Users()[0].ID, a.srv.Users()[1].ID
	for query, message := range map[string]string{
		"fields=id,likes":                    "Tried accessing nonexisting field (likes)",
		"fields=,":                           "Tried accessing nonexisting field ()",
		"fields=children{caption}":           "Tried accessing nonexisting field (caption) of a child",
		"fields=children{children}":          "Tried accessing nonexisting field (children)",
		"fields=children{id":                 "Syntax error",
		"fields=children{id}caption":         "Syntax error",
		"fields=caption{id}":                 "Syntax error",
		"fields=children{children{id}}":      "Syntax error",
		"limit=0":                            "limit must be a positive integer",
		"limit=-1":                           "limit must be a positive integer",
		"limit=ten":                          "limit must be a positive integer",
		"limit=99999999999":                  "limit must be a positive integer",
		"since=last%20summer":                "since is not a UNIX time",
		"until=2017-13-01":                   "until is not a UNIX time",
		"since=99999999999999999999":         "since is not a UNIX time",
		"after=!":                            "Invalid cursor in param after",
		"before=bm8":                         "Invalid cursor in param before",
		"before=MTg0NDY3NDQwNzM3MDk1NTE2MTU": "Invalid cursor in param before", // the greatest number there is
		"q=%zz":                              "the query cannot be read",
	} {
		t.Run(query, func(t *testing.T) {
			a.failsGraph(a.graph("GET", "/me/media?"+query), 400, 100, 0, "IGApiException", message)
		})
	}
	assert.Len(t, a.graphPage("limit=1000")["data"], 100)

	for path, object := range map[string]string{
		"/" + other + "/media": other, "/1/media": "1", "/v26.0/me/friends": "me/friends", "/v26.0/": "", "/v26.0/me/media/1": "me/media/1",
	} {
		a.failsGraph(a.graph("GET", path), 400, 100, 33, "IGApiException", "Unsupported get request. Object with ID '"+object+"'")
	}
	for _, method := range []string{"POST", "DELETE"} {
		a.failsGraph(a.graph(method, "/me/media"), 400, 100, 33, "IGApiException", "Unsupported "+strings.ToLower(method)+" request")
	}

	a.failsGraph(a.as(me, "basic").graph("GET", "/me/media"), 403, 10, 0, "OAuthException", "does not have permission")
	a.failsGraph(a.as(me, "instagram_graph_user_media").graph("GET", "/me/media"), 403, 10, 0, "OAuthException", "does not have permission")
	a.object(a.as(me, "instagram_graph_user_media", "instagram_graph_user_profile").graph("GET", "/me/media"))

	a.srv.Revoke(a.token)
	a.failsGraph(a.graph("GET", "/me/media"), 400, 190, 0, "OAuthException", "Invalid OAuth access token")
	a.token = ""
	a.failsGraph(a.graph("GET", "/me/media"), 400, 190, 0, "OAuthException", "An access token is required")
}

func TestGraphRateLimit(t *testing.T) {
	a := start(t, instagramtest.WithLimits(8, 8), instagramtest.WithTime(noon))
	for i := range 8 {
		got := a.graph("GET", "/me/media")
		require.Equal(t, 200, got.status)
		assert.Equal(t, fmt.Sprintf(`{"call_count":%d,"total_time":0,"total_cputime":0}`, 100*(i+1)/8), got.header.Get("X-App-Usage"))
	}
	got := a.graph("GET", "/me/media")
	a.failsGraph(got, 403, 4, 0, "OAuthException", "Application request limit reached")
	assert.Equal(t, `{"call_count":100,"total_time":0,"total_cputime":0}`, got.header.Get("X-App-Usage"))
	a.one("/users/self") // v1 has a limit of its own
	a.srv.Advance(time.Hour)
	assert.Equal(t, 200, a.graph("GET", "/me/media").status)
}

func TestGraphIsPrivate(t *testing.T) {
	a := start(t)
	for _, u := range a.srv.Users() {
		if u.Private {
			assert.NotEmpty(t, graphIDs(a.as(u.ID).graphPage("")), "the user's own")
			return
		}
	}
	t.Fatal("nobody is private")
}

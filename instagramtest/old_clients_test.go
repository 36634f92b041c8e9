package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

const production = "https://api.instagram.com"

// builtIn is a server in place of the service, for a program with ids and a token of its own.
func builtIn(t *testing.T, wire instagramtest.Wire) api {
	t.Helper()
	a := start(t, instagramtest.WithWire(wire), instagramtest.WithTLS(), instagramtest.WithHosts("api.instagram.com"),
		instagramtest.WithClientCredentials("369c6cd0f2254df6", "0e199dc46b9248b2"), instagramtest.WithToken("mira.solane", "1574083.my.token"))
	a.token = "1574083.my.token"
	return a
}

// oldCall is a request as an old client sends it. In the path and the form, {media}, {user} and
// {hook} stand for what the server has, and AUTH for the access token.
type oldCall struct {
	client, method, path, form string
	header                     string // one more, with its value
	want                       map[string]any
}

const digits = wantPrefix("1")

// oldCalls are requests in the ways of clients of all languages: a path that ends in .json or in a
// slash, credentials in the query or in the form, a form beside a query, parameters without a value.
var oldCalls = []oldCall{
	{"python-instagram", "GET", "/v1/users/self.json?access_token=AUTH", "", "User-Agent: Instagram Python Client",
		map[string]any{"data.id": text, "data.counts.media": number, "data.bio": text, "data.website": text}},
	{"python-instagram", "GET", "/v1/users/self/feed.json?access_token=AUTH&count=20", "", "",
		map[string]any{
			"data.0.images.low_resolution.url": wantPrefix(production + "/"), "data.0.created_time": digits, "data.0.likes.count": number,
			"data.0.comments.count": number, "data.0.filter": text, "data.0.link": wantPrefix(production + "/p/"),
			"pagination.next_url": wantPrefix(production + "/v1/users/self/feed?"),
		}},
	{"python-instagram", "POST", "/v1/media/{media}/comments.json", "access_token=AUTH&text=So+good", "",
		map[string]any{"data.id": text, "data.text": "So good", "data.from.username": "mira.solane", "data.created_time": digits}},
	{"python-instagram", "POST", "/v1/users/{user}/relationship.json", "access_token=AUTH&action=follow", "", map[string]any{"data.outgoing_status": text}},
	{"python-instagram", "GET", "/v1/subscriptions.json?client_id=ID&client_secret=SECRET", "", "", map[string]any{"meta.code": 200.0}},

	{"instagram (Ruby)", "GET", "/v1/users/search.json?access_token=AUTH&q=tilo", "", "Accept: application/json; charset=utf-8",
		map[string]any{"data.0.id": text, "data.0.username": "tilo.brandvik", "data.0.profile_picture": wantPrefix(production)}},
	{"instagram (Ruby)", "POST", "/v1/media/{media}/likes.json", "access_token=AUTH", "", map[string]any{"data": null}},
	{"instagram (Ruby)", "DELETE", "/v1/media/{media}/likes.json?access_token=AUTH", "", "", map[string]any{"data": null}},
	{"instagram (Ruby)", "POST", "/v1/subscriptions.json", "client_id=ID&client_secret=SECRET&object=tag&object_id=sea&aspect=media&callback_url={hook}", "",
		map[string]any{"data.object": "tag", "data.object_id": "sea", "data.id": text}},

	{"Instagram-PHP-API", "GET", "/v1/users/self/media/liked?access_token=AUTH&count=0", "", "Accept: application/json", map[string]any{"data.0.id": text, "pagination": wantKeys("next_max_like_id next_url")}},
	{"Instagram-PHP-API", "GET", "/v1/tags/search?access_token=AUTH&q=sun", "", "", map[string]any{"data.0.name": text, "data.0.media_count": number}},
	{"Instagram-PHP-API", "POST", "/v1/users/{user}/relationship?access_token=AUTH", "action=unfollow", "", map[string]any{"data.outgoing_status": "none"}},
	{"Instagram-PHP-API", "POST", "/v1/media/{media}/likes?access_token=AUTH", "", "", map[string]any{"meta.code": 200.0}},

	{"jInstagram", "GET", "/v1/users/{user}?access_token=AUTH", "", "", map[string]any{"data.counts.followed_by": number, "data.counts.follows": number}},
	{"jInstagram", "GET", "/v1/locations/search?access_token=AUTH&foursquare_id=42000", "", "", map[string]any{"data.0.id": text, "data.0.name": "Tour Eiffel"}},
	{"jInstagram", "GET", "/v1/subscriptions/?client_secret=SECRET&client_id=ID", "", "", map[string]any{"meta.code": 200.0}},
	{"jInstagram", "DELETE", "/v1/subscriptions/?client_secret=SECRET&client_id=ID&object=all", "", "", map[string]any{"data": null}},

	{"InstaSharp", "GET", "/v1/users/self/?access_token=AUTH", "", "", map[string]any{"data.full_name": text}},
	{"InstaSharp", "GET", "/v1/media/{media}/?access_token=AUTH", "", "", map[string]any{"data.user.id": text, "data.tags": func(v any) bool { _, ok := v.([]any); return ok }}},
	{"InstaSharp", "GET", "/v1/media/search/?lat=48.858&lng=2.294&max_timestamp=&min_timestamp=&distance=&access_token=AUTH", "", "", map[string]any{"data.0.location.id": number}},
}

func TestOldClientsCalls(t *testing.T) {
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Query().Get("hub.challenge")) }))
	defer hook.Close()
	for _, wire := range []instagramtest.Wire{w2013, w2017} {
		a := builtIn(t, wire)
		users := a.srv.Users()
		media := a.srv.PostMedia(users[1].ID, instagramtest.Media{Caption: "#sea"})
		fill := strings.NewReplacer("{media}", media.ID, "{user}", users[1].ID, "{hook}", url.QueryEscape(hook.URL), "AUTH", a.token,
			"ID", a.srv.ClientID, "SECRET", a.srv.ClientSecret)
		for _, call := range oldCalls {
			t.Run(fmt.Sprint(call.client, " ", call.method, " ", call.path, " ", wire), func(t *testing.T) {
				req, err := http.NewRequestWithContext(t.Context(), call.method, production+fill.Replace(call.path), strings.NewReader(fill.Replace(call.form)))
				require.NoError(t, err)
				if call.method == http.MethodPost {
					req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				if name, value, ok := strings.Cut(call.header, ": "); ok {
					req.Header.Set(name, value)
				}
				got := a.send(req)
				require.Equal(t, 200, got.status, "%s", got.body)
				assert.Contains(t, got.header, "X-Ratelimit-Remaining", "spelled so: there are clients that look for it in the text")
				o := parse(t, string(got.body))
				for at, want := range call.want {
					checkValue(t, want, member(o, at))
				}
			})
		}
	}
}

// TestOldClientsPages goes to the end of a list in the two ways that clients have which do not
// follow next_url: by cutting their own base URL off it, and by max_id alone.
func TestOldClientsPages(t *testing.T) {
	for _, wire := range []instagramtest.Wire{w2013, w2017} {
		a := builtIn(t, wire)
		for _, path := range []string{"/users/self/media/recent", "/tags/nofilter/media/recent"} {
			want := 0
			for _, page := range a.pages(path) {
				want += len(page)
			}
			require.Greater(t, want, 100)
			cut, byID := 0, 0
			for target := path + "?access_token=" + a.token; target != ""; {
				o := a.object(a.url("GET", production+"/v1"+target))
				cut += len(o["data"].([]any))
				next, _ := o["pagination"].(object)["next_url"].(string)
				require.True(t, next == "" || strings.HasPrefix(next, production+"/v1/"), next)
				target = strings.TrimPrefix(next, production+"/v1")
			}
			for target := path + "?access_token=" + a.token; target != ""; {
				o := a.object(a.url("GET", production+"/v1"+target))
				byID += len(o["data"].([]any))
				target = ""
				if next, _ := o["pagination"].(object)["next_max_id"].(string); next != "" {
					target = path + "?access_token=" + a.token + "&max_id=" + url.QueryEscape(next) + "&count=0"
				}
			}
			assert.Equal(t, want, cut, "%d %s", wire, path)
			assert.Equal(t, want, byID, "%d %s", wire, path)
		}
	}
}

// TestOldClientsTypes decodes as strictly as clients in typed languages do: ids of locations are
// numbers in media and strings elsewhere, times are digits in strings.
func TestOldClientsTypes(t *testing.T) {
	type user struct {
		ID             string `json:"id"`
		Username       string `json:"username"`
		FullName       string `json:"full_name"`
		ProfilePicture string `json:"profile_picture"`
	}
	type said struct {
		CreatedTime int64  `json:"created_time,string"`
		Text        string `json:"text"`
		From        user   `json:"from"`
		ID          string `json:"id"`
	}
	type image struct {
		URL           string
		Width, Height int64
	}
	type media struct {
		ID           string                                      `json:"id"`
		Type         string                                      `json:"type"`
		CreatedTime  int64                                       `json:"created_time,string"`
		Caption      *said                                       `json:"caption"`
		Comments     struct{ Count int64 }                       `json:"comments"`
		Likes        struct{ Count int64 }                       `json:"likes"`
		Images       map[string]image                            `json:"images"`
		Location     *struct{ ID int64 }                         `json:"location"`
		UserHasLiked bool                                        `json:"user_has_liked"`
		UsersInPhoto []struct{ Position struct{ X, Y float64 } } `json:"users_in_photo"`
		Tags         []string                                    `json:"tags"`
		User         user                                        `json:"user"`
	}
	for _, wire := range []instagramtest.Wire{w2013, w2017} {
		a := builtIn(t, wire)
		located := 0
		for target := "/v1/users/self/media/recent?count=33&access_token=" + a.token; target != ""; {
			var page struct {
				Data       []media
				Pagination struct {
					NextURL string `json:"next_url"`
				}
			}
			require.NoError(t, json.Unmarshal(a.url("GET", production+target).body, &page))
			for _, m := range page.Data {
				assert.NotZero(t, m.CreatedTime)
				assert.Equal(t, "mira.solane", m.User.Username)
				assert.Len(t, m.Images, 3)
				if m.Location != nil && m.Location.ID != 0 {
					located++
				}
			}
			target = strings.TrimPrefix(page.Pagination.NextURL, production)
		}
		assert.Greater(t, located, 50)
		var place struct{ Data struct{ ID string } }
		require.NoError(t, json.Unmarshal(a.url("GET", production+"/v1/locations/833?access_token="+a.token).body, &place))
		assert.Equal(t, "833", place.Data.ID)
	}
}

// TestOldClientsSignIn signs in as clients do: paths that end in a slash, parameters that nobody
// needs, a form in parts.
func TestOldClientsSignIn(t *testing.T) {
	a := builtIn(t, w2017)
	page := a.url("GET", production+"/oauth/authorize/?client_id="+a.srv.ClientID+"&redirect_uri=http%3A%2F%2Flocalhost%3A8515%2Foauth_callback&response_type=code&display=touch")
	require.Equal(t, 200, page.status)
	for _, path := range []string{"/oauth/access_token", "/oauth/access_token/"} {
		for _, parts := range []bool{false, true} {
			code := a.srv.AuthorizationCode("mira.solane", "http://localhost:8515/oauth_callback")
			form := url.Values{"client_id": {a.srv.ClientID}, "client_secret": {a.srv.ClientSecret}, "grant_type": {"authorization_code"},
				"redirect_uri": {"http://localhost:8515/oauth_callback"}, "code": {code}}
			body, kind := form.Encode(), "application/x-www-form-urlencoded"
			if parts { // as curl -F sends it
				var b strings.Builder
				for name, values := range form {
					fmt.Fprintf(&b, "--x\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, values[0])
				}
				body, kind = b.String()+"--x--\r\n", "multipart/form-data; boundary=x"
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, production+path, strings.NewReader(body))
			require.NoError(t, err)
			req.Header.Set("Content-Type", kind)
			o := a.object(a.send(req))
			assert.ElementsMatch(t, []string{"access_token", "user"}, keys(o))
			assert.ElementsMatch(t, strings.Fields("id username full_name profile_picture bio website"), keys(o["user"].(object)))
		}
	}
}

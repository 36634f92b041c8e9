package instagramtest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// TestOptionsThatMakeNoSense are refused at once, with what there is instead.
func TestOptionsThatMakeNoSense(t *testing.T) {
	for message, opt := range map[string]instagramtest.Option{
		"WithWire(2012): the generations are Wire2011, Wire2013 and Wire2017": instagramtest.WithWire(2012),
		"WithUsers(0): a world has at least 2 users":                          instagramtest.WithUsers(0),
		"WithMedia(-1, 5)":                           instagramtest.WithMedia(-1, 5),
		"WithLimits(5, -1)":                          instagramtest.WithLimits(5, -1),
		`WithPublicURL("here")`:                      instagramtest.WithPublicURL("here"),
		`WithPublicURL("https://h/v1")`:              instagramtest.WithPublicURL("https://h/v1"),
		`WithHosts("https://h")`:                     instagramtest.WithHosts("https://h"),
		`WithHosts("")`:                              instagramtest.WithHosts(""),
		`WithCORS("app.example")`:                    instagramtest.WithCORS("app.example"),
		`there is no user "nobody", but mira.solane`: instagramtest.WithToken("nobody", "t"),
		"a token is printable ASCII":                 instagramtest.WithToken("mira.solane", "a b"),
	} {
		_, err := instagramtest.Start(opt)
		assert.ErrorContains(t, err, message)
		assert.Panics(t, func() { instagramtest.NewServer(opt) })
	}
	a := start(t)
	assert.PanicsWithValue(t, `instagramtest: there is no scope "like"; the scopes are basic, public_content, follower_list, comments, relationships, `+
		`likes, instagram_graph_user_media, instagram_graph_user_profile`, func() { a.srv.AccessToken(a.srv.Users()[0].ID, "like") })
}

// TestAppOfOnesOwn runs a program that has its ids and a token built in.
func TestAppOfOnesOwn(t *testing.T) {
	a := start(t, instagramtest.WithClientCredentials("my-app", "hush"), instagramtest.WithToken("tilo.brandvik", "1.built.in"),
		instagramtest.WithToken("mira.solane", "another"), instagramtest.WithWire(instagramtest.Wire2013))
	assert.Equal(t, "my-app", a.srv.ClientID)
	assert.Equal(t, "hush", a.srv.ClientSecret)
	assert.Equal(t, 200, a.anonymous().get("/tags/sea?client_id=my-app").status)
	assert.Equal(t, 200, a.anonymous().get("/subscriptions?client_id=my-app&client_secret=hush").status)
	a.token = "1.built.in"
	for range 2 {
		assert.Equal(t, "tilo.brandvik", a.one("/users/self")["username"])
		a.srv.Revoke(a.token)
		assert.Equal(t, 400, a.get("/users/self").status)
		a.srv.Reset()
	}
	plain := start(t)
	assert.Equal(t, plain.token, start(t, instagramtest.WithClientCredentials("x", "y")).token, "tokens are those of the seed")
}

// at asks for a URL that names the server by any of its names.
func (a api) at(target string) answer {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), "GET", target, nil)
	require.NoError(a, err)
	return a.send(req)
}

// TestURLsNameTheHostThatWasAsked looks at every kind of URL in an answer.
func TestURLsNameTheHostThatWasAsked(t *testing.T) {
	const host = "api.instagram.com"
	for _, tt := range []struct {
		name   string
		opts   []instagramtest.Option
		target func(a api) string
		origin string
	}{
		{"plain", nil, func(a api) string { return a.srv.URL }, ""},
		{"host", []instagramtest.Option{instagramtest.WithHosts(host)}, func(api) string { return "http://" + host }, "http://" + host},
		{"TLS", []instagramtest.Option{instagramtest.WithTLS(), instagramtest.WithHosts(host)}, func(api) string { return "https://" + host }, "https://" + host},
		{"public", []instagramtest.Option{instagramtest.WithPublicURL("https://" + host)}, func(a api) string { return a.srv.URL }, "https://" + host},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := start(t, tt.opts...)
			target, origin := tt.target(a), tt.origin
			if origin == "" {
				origin = a.srv.URL
			}
			m := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{Type: "video", Caption: "#new"})
			get := func(path string) string {
				got := a.at(target + path)
				require.Equal(t, 200, got.status, "%s: %s", path, got.body)
				return string(got.body)
			}
			auth := "access_token=" + a.token
			body := get("/v1/users/self/media/recent?count=2&"+auth) + get("/v1/users/self/followed-by?count=2&"+auth) +
				get("/v1/users/self?"+auth) + get("/me/media?limit=1&fields=id,media_url,permalink&"+auth) +
				get("/oembed?url=http://instagr.am/p/"+m.Shortcode+"/") + get("/p/"+m.Shortcode+"/")
			found := regexp.MustCompile(`https?://[^/"\\ ;&]+`).FindAllString(body, -1)
			assert.Greater(t, len(found), 30)
			for _, u := range found {
				if u != origin && !strings.HasSuffix(u, ".example") && u != "http://instagr.am" {
					assert.Equal(t, origin, u)
				}
			}
			assert.Contains(t, body, `"next_url":"`+origin+`/v1/users/self/media/recent?`)
		})
	}
}

// TestTwoNamesAtOnce asks for the same media under two names, by turns and at the same time.
func TestTwoNamesAtOnce(t *testing.T) {
	a := start(t, instagramtest.WithHosts("one.example", "two.example"))
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			origin := []string{"http://one.example", "http://two.example"}[i%2]
			for range 20 {
				body := string(a.at(origin + "/v1/users/self/media/recent?access_token=" + a.token).body)
				assert.NotContains(t, strings.ReplaceAll(body, origin, ""), "http://t")
				assert.NotContains(t, strings.ReplaceAll(body, origin, ""), "http://o")
			}
		})
	}
	work.Wait()
}

// TestHostileHost keeps what is no host out of the answers.
func TestHostileHost(t *testing.T) {
	a := start(t)
	for _, host := range []string{"a b", "h/evil", "x\"y", "h;script-src *", "h:999999", strings.Repeat("h", 300)} {
		req, err := http.NewRequest("GET", a.srv.BaseURL()+"/users/self/media/recent?count=1&access_token="+a.token, nil)
		require.NoError(t, err)
		req.Host = host
		resp, err := a.srv.Client().Do(req)
		if err != nil {
			continue // the client does not even send it
		}
		got := read(t, resp)
		if got.status == 200 {
			assert.Contains(t, string(got.body), `"next_url":"`+a.srv.URL, host)
		}
	}
}

func TestCertificateForHosts(t *testing.T) {
	a := start(t, instagramtest.WithTLS(), instagramtest.WithHosts("API.instagram.com"), instagramtest.WithAddr("127.0.0.9:0"))
	for _, target := range []string{"https://api.instagram.com", a.srv.URL} {
		assert.Equal(t, 200, a.at(target+"/v1/users/self?access_token="+a.token).status, target)
	}
	assert.True(t, strings.HasPrefix(a.srv.URL, "https://127.0.0.9:"))
	_, err := a.srv.Client().Get("https://other.example/")
	assert.Error(t, err)
}

func TestLog(t *testing.T) {
	var out locked
	a := start(t, instagramtest.WithLog(&out))
	a.get("/users/self?count=1")
	a.anonymous().get("/users/" + a.token)
	a.fetch("GET", a.srv.URL+"/v1/a%0Ab?client_secret=hush")
	a.srv.Fail("/users/self", instagramtest.Fault{Cut: instagramtest.Drop}, 1)
	a.try("POST", "/users/self/relationship", nil) //nolint:errcheck // only its line counts
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 4)
	const date = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ `
	assert.Regexp(t, date+`GET /v1/users/self 200 mira\.solane \d+(\.\d+)?(µs|ms)$`, lines[0])
	assert.Regexp(t, date+`GET /v1/users/\*\*\* 400 - `, lines[1])
	assert.Regexp(t, date+`GET /v1/a%0Ab 404 - `, lines[2])
	for _, secret := range []string{a.token, "hush", "count"} {
		assert.NotContains(t, out.String(), secret)
	}
}

// locked is a buffer for several goroutines.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestNewClient(t *testing.T) {
	var closed string
	t.Run("in a test", func(t *testing.T) {
		srv, client := instagramtest.NewClient(t, instagramtest.WithUsers(5))
		closed = srv.URL
		resp, err := client.Get("https://api.instagram.com/v1/users/self/media/recent?count=1&access_token=" + srv.AccessToken(srv.Users()[0].ID))
		require.NoError(t, err)
		got := read(t, resp)
		assert.Equal(t, 200, got.status)
		assert.Contains(t, string(got.body), `"next_url":"http://api.instagram.com/v1/`)
	})
	_, err := http.Get(closed)
	assert.Error(t, err, "the server ends with the test")
	failed := &failing{TB: t}
	assert.Panics(t, func() { instagramtest.NewClient(failed, instagramtest.WithUsers(1)) })
	assert.Contains(t, failed.message, "WithUsers(1)")
}

// failing is a test that takes note of why it fails.
type failing struct {
	instagramtest.TB
	message string
}

func (f *failing) Fatal(args ...any) {
	f.message = fmt.Sprint(args...)
	panic(f.message)
}

func TestPrivateUser(t *testing.T) {
	a := start(t)
	u := a.srv.PrivateUser()
	assert.True(t, u.Private)
	a.fails(a.get("/users/"+u.ID+"/media/recent"), 400, "APINotAllowedError", "you cannot view this resource")
	small := start(t, instagramtest.WithUsers(2))
	assert.Panics(t, func() { small.srv.PrivateUser() })
}

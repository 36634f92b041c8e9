package instagramtest_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// try sends a request on a connection of its own, follows no redirect and unpacks nothing, and says
// what came back and how it ended.
func (a api) try(method, path string, form url.Values) (answer, error) {
	a.Helper()
	transport := a.srv.Client().Transport.(*http.Transport).Clone()
	transport.DisableKeepAlives, transport.DisableCompression = true, true
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	target := a.srv.BaseURL() + path
	if !strings.Contains(path, "?") {
		target += "?access_token=" + a.token
	}
	req, err := http.NewRequestWithContext(a.Context(), method, target, strings.NewReader(form.Encode()))
	require.NoError(a, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, b}, err
}

func (a api) last() instagramtest.Request {
	a.Helper()
	requests := a.srv.Requests()
	require.NotEmpty(a, requests)
	return requests[len(requests)-1]
}

func TestFaultAnswers(t *testing.T) {
	const bare429 = `{"code":429,"error_type":"OAuthRateLimitException","error_message":"The maximum number of requests per hour has been exceeded."}`
	a := start(t)
	for name, test := range map[string]struct {
		fault  instagramtest.Fault
		status int
		header map[string]string
		body   string
	}{
		"html":        {instagramtest.Fault{Status: 503}, 503, map[string]string{"Content-Type": "text/html"}, "<h1>503 Service Unavailable</h1>"},
		"given":       {instagramtest.Fault{Status: 502, Body: "<p>no</p>"}, 502, map[string]string{"Content-Type": "text/html; charset=utf-8"}, "<p>no</p>"},
		"given json":  {instagramtest.Fault{Status: 200, Body: `{"meta":{"code":400}}`}, 200, map[string]string{"Content-Type": "application/json; charset=utf-8"}, `{"meta":{"code":400}}`},
		"empty":       {instagramtest.Fault{Status: 504, Form: instagramtest.Empty}, 504, map[string]string{"Content-Type": "", "Content-Length": "0"}, ""},
		"empty 200":   {instagramtest.Fault{Status: 200, Form: instagramtest.Empty}, 200, nil, ""},
		"429 bare":    {instagramtest.Fault{Status: 429, Form: instagramtest.Bare}, 429, map[string]string{"X-Ratelimit-Remaining": "0", "Retry-After": ""}, bare429},
		"420 bare":    {instagramtest.Fault{Status: 420, Form: instagramtest.Bare}, 420, nil, strings.Replace(bare429, "429", "420", 1)},
		"429 meta":    {instagramtest.Fault{Status: 429, Form: instagramtest.Meta}, 429, map[string]string{"X-Ratelimit-Limit": "5000"}, `{"meta":` + bare429 + `}`},
		"429 html":    {instagramtest.Fault{Status: 429, Form: instagramtest.HTML}, 429, nil, "<h1>429 Too Many Requests</h1>"},
		"429 empty":   {instagramtest.Fault{Status: 429, Form: instagramtest.Empty}, 429, nil, ""},
		"420 html":    {instagramtest.Fault{Status: 420}, 420, nil, "<h1>420</h1>"},
		"retry-after": {instagramtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "30"}}, 429, map[string]string{"Retry-After": "30"}, "429"},
		"retry at": {instagramtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "Sun, 28 Jun 2020 10:00:00 GMT"}}, 429,
			map[string]string{"Retry-After": "Sun, 28 Jun 2020 10:00:00 GMT"}, "429"},
		"wrong type":    {instagramtest.Fault{Header: map[string]string{"Content-Type": "image/png"}}, 200, map[string]string{"Content-Type": "image/png"}, `"username":`},
		"lying charset": {instagramtest.Fault{Header: map[string]string{"Content-Type": "application/json; charset=utf-16"}}, 200, map[string]string{"Content-Type": "application/json; charset=utf-16"}, `"username":`},
		"no type":       {instagramtest.Fault{Header: map[string]string{"X-Ratelimit-Limit": ""}}, 200, map[string]string{"X-Ratelimit-Limit": ""}, `"username":`},
		"own error":     {instagramtest.Fault{Status: 500, Form: instagramtest.Meta}, 500, nil, `{"meta":{"code":500,"error_type":"APIError","error_message":"Internal Server Error"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			a.srv.Fail("GET /users/self", test.fault, 1)
			got, err := a.try("GET", "/users/self", nil)
			require.NoError(t, err)
			assert.Equal(t, test.status, got.status)
			for k, v := range test.header {
				assert.Equal(t, v, got.header.Get(k), k)
			}
			if strings.HasPrefix(test.body, "{") || test.body == "" {
				assert.Equal(t, test.body, string(got.body))
			} else {
				assert.Contains(t, string(got.body), test.body)
			}
			last := a.last()
			assert.True(t, last.Failed)
			assert.Equal(t, test.status, last.Status)
			assert.Equal(t, "/v1/users/self", last.Path)
			assert.Equal(t, instagramtest.Masked, last.Params.Get("access_token"))
			assert.Equal(t, a.srv.Users()[0].ID, a.one("/users/self")["id"], "the next call works")
			assert.False(t, a.last().Failed)
		})
	}
}

func TestFaultKeepsTheConnection(t *testing.T) {
	a := start(t)
	a.one("/users/self")
	a.srv.Fail("/users/self", instagramtest.Fault{Status: 503, Form: instagramtest.Meta}, 1)
	a.fails(a.get("/users/self"), 503, "APIError", "Service Unavailable")

	a.srv.Fail("/", instagramtest.Fault{Status: 503}, 1)
	req, err := http.NewRequestWithContext(t.Context(), "GET", a.srv.BaseURL()+"/users/self", nil)
	require.NoError(t, err)
	got := a.send(req)
	assert.Equal(t, 503, got.status)
	assert.Empty(t, got.header.Get("Connection"))
}

func TestFaultEndpoints(t *testing.T) {
	a := start(t)
	id := a.list("/users/self/media/recent?count=1")[0].(object)["id"].(string)
	for _, test := range []struct {
		endpoint, method, path string
		strikes                bool
	}{
		{"GET /users/self", "GET", "/users/self", true},
		{"GET /v1/users/self", "GET", "/users/self/", true},
		{"GET /users/{user-id}", "GET", "/users/self.json", true},
		{"/users/self", "HEAD", "/users/self", true},
		{"GET /users/self", "HEAD", "/users/self", true},
		{"/users/", "GET", "/users/self/media/recent", true},
		{"", "GET", "/users/self", true},
		{"GET /", "GET", "/users/self", true},
		{"POST /", "GET", "/users/self", false},
		{"GET /users/{user-id}", "GET", "/users/self/media/recent", false},
		{"GET /users/{user-id}/media/recent", "GET", "/users/self", false},
		{"/media/", "GET", "/users/self", false},
		{"POST /media/{media-id}/likes", "POST", "/media/" + id + "/likes", true},
		{"DELETE /media/{media-id}/likes", "POST", "/media/" + id + "/likes", false},
	} {
		t.Run(test.endpoint+" and "+test.method+" "+test.path, func(t *testing.T) {
			a.srv.ClearFaults()
			a.srv.Fail(test.endpoint, instagramtest.Fault{Status: 503}, -1)
			got, err := a.try(test.method, test.path, nil)
			require.NoError(t, err)
			assert.Equal(t, test.strikes, got.status == 503)
		})
	}
	t.Run("method in the form", func(t *testing.T) {
		a.srv.ClearFaults()
		a.srv.Fail("DELETE /media/{media-id}/likes", instagramtest.Fault{Status: 503}, -1)
		got, err := a.try("POST", "/media/"+id+"/likes", form("_method", "DELETE"))
		require.NoError(t, err)
		assert.Equal(t, 503, got.status)
		assert.Equal(t, "DELETE", a.last().Params.Get("_method"))
	})
	t.Run("what does not fit passes with its form", func(t *testing.T) {
		a.post("/media/"+id+"/comments", "text", "so calm")
		assert.False(t, a.last().Failed)
	})
}

func TestFaultsInTurn(t *testing.T) {
	a := start(t)
	a.srv.Fail("/users/self", instagramtest.Fault{Status: 502}, 2)
	a.srv.Fail("/users/self", instagramtest.Fault{Status: 504}, 1)
	a.srv.Fail("/users/self", instagramtest.Fault{Status: 500}, 0)
	var got []int
	for range 4 {
		got = append(got, a.get("/users/self").status)
	}
	assert.Equal(t, []int{502, 502, 504, 200}, got)

	a.srv.Fail("/users/self", instagramtest.Fault{Status: 502}, -1)
	assert.Equal(t, 502, a.get("/users/self").status)
	a.srv.ClearFaults()
	assert.Equal(t, 200, a.get("/users/self").status)
	a.srv.Fail("/users/self", instagramtest.Fault{Status: 502}, -1)
	a.srv.Reset()
	assert.Equal(t, 200, a.get("/users/self").status)
}

func TestFaultShare(t *testing.T) {
	run := func(seed int64) (failed []bool) {
		a := start(t, instagramtest.WithSeed(seed), instagramtest.WithUsers(2), instagramtest.WithMedia(1, 1))
		a.srv.FailShare("/users/self", instagramtest.Fault{Status: 503}, 0.1)
		for range 1000 {
			failed = append(failed, a.get("/users/self").status == 503)
		}
		return failed
	}
	first := run(7)
	n := 0
	for _, f := range first {
		if f {
			n++
		}
	}
	assert.InDelta(t, 100, n, 40)
	assert.Equal(t, first, run(7))
	assert.NotEqual(t, first, run(8))
}

func TestFaultBeforeAndAfter(t *testing.T) {
	for name, test := range map[string]struct {
		fault  instagramtest.Fault
		posted bool
		breaks bool
	}{
		"status":            {instagramtest.Fault{Status: 503}, false, false},
		"status after":      {instagramtest.Fault{Status: 503, Effect: instagramtest.After}, true, false},
		"drop":              {instagramtest.Fault{Cut: instagramtest.Drop}, false, true},
		"drop after":        {instagramtest.Fault{Cut: instagramtest.Drop, Effect: instagramtest.After}, true, true},
		"abort":             {instagramtest.Fault{Cut: instagramtest.Abort}, true, true},
		"abort before":      {instagramtest.Fault{Cut: instagramtest.Abort, Effect: instagramtest.Before}, false, true},
		"truncate":          {instagramtest.Fault{Cut: instagramtest.Truncate}, true, true},
		"truncate before":   {instagramtest.Fault{Cut: instagramtest.Truncate, Effect: instagramtest.Before}, false, true},
		"delay":             {instagramtest.Fault{Delay: time.Millisecond}, true, false},
		"delay before":      {instagramtest.Fault{Delay: time.Millisecond, Effect: instagramtest.Before}, false, false},
		"redirect":          {instagramtest.Fault{RedirectOrigin: "http://other.example"}, false, false},
		"malformed":         {instagramtest.Fault{Malformed: true}, true, false},
		"truncate a status": {instagramtest.Fault{Status: 500, Cut: instagramtest.Truncate}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, instagramtest.WithUsers(2), instagramtest.WithMedia(1, 1))
			id := a.list("/users/self/media/recent")[0].(object)["id"].(string)
			before := len(a.list("/media/" + id + "/comments"))
			a.srv.Fail("POST /media/{media-id}/comments", test.fault, 1)
			_, err := a.try("POST", "/media/"+id+"/comments", form("text", "so calm"))
			assert.Equal(t, test.breaks, err != nil, "%v", err)
			last := a.last()
			assert.True(t, last.Failed)
			assert.Equal(t, "POST", last.Method)
			assert.Equal(t, "so calm", last.Params.Get("text"))
			want := before
			if test.posted {
				want++
			}
			assert.Len(t, a.list("/media/"+id+"/comments"), want)
		})
	}
}

func TestFaultConnections(t *testing.T) {
	for _, opts := range [][]instagramtest.Option{nil, {instagramtest.WithTLS()}} {
		a := start(t, opts...)
		whole := len(a.get("/users/self").body)
		fails := func(f instagramtest.Fault) (answer, error) {
			a.srv.Fail("/users/self", f, 1)
			got, err := a.try("GET", "/users/self", nil)
			require.Error(t, err)
			return got, err
		}

		got, err := fails(instagramtest.Fault{Cut: instagramtest.Truncate})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, 200, got.status)
		assert.Len(t, got.body, whole/2)
		assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))

		got, err = fails(instagramtest.Fault{Cut: instagramtest.Abort, CutAt: 10})
		assert.ErrorIs(t, err, syscall.ECONNRESET)
		assert.LessOrEqual(t, len(got.body), 10)

		got, err = fails(instagramtest.Fault{Cut: instagramtest.Truncate, CutAt: -1})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Empty(t, got.body)

		_, err = fails(instagramtest.Fault{Cut: instagramtest.Drop})
		assert.ErrorIs(t, err, io.EOF)
		assert.Zero(t, a.last().Status)

		_, err = fails(instagramtest.Fault{Header: map[string]string{"Content-Length": "100000"}})
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)

		_, err = fails(instagramtest.Fault{Endless: instagramtest.EndlessHeader})
		assert.ErrorContains(t, err, "server response headers exceeded")

		a.srv.Fail("/users/self", instagramtest.Fault{Header: map[string]string{"Content-Length": "20"}}, 1)
		got, err = a.try("GET", "/users/self", nil)
		require.NoError(t, err)
		assert.Len(t, got.body, 20, "less than there is")

		a.srv.Fail("/users/self", instagramtest.Fault{Malformed: true}, 1)
		got, err = a.try("GET", "/users/self", nil)
		require.NoError(t, err)
		assert.Len(t, got.body, whole/2)
		assert.False(t, json.Valid(got.body))
	}
}

func TestFaultEndlessBody(t *testing.T) {
	a := start(t)
	a.srv.Fail("/users/self", instagramtest.Fault{Endless: instagramtest.EndlessBody}, 1)
	resp, err := a.srv.Client().Get(a.srv.BaseURL() + "/users/self")
	require.NoError(t, err)
	defer resp.Body.Close()
	n, err := io.CopyN(io.Discard, resp.Body, 32<<20)
	assert.NoError(t, err)
	assert.EqualValues(t, 32<<20, n)
}

func TestFaultBomb(t *testing.T) {
	a := start(t)
	const size = 50_000_000
	a.srv.Fail("/users/self", instagramtest.Fault{Bomb: size}, 1)
	got, err := a.try("GET", "/users/self", nil)
	require.NoError(t, err)
	assert.Equal(t, "gzip", got.header.Get("Content-Encoding"))
	assert.Less(t, len(got.body), size/100)
	unpacked, err := gzip.NewReader(strings.NewReader(string(got.body)))
	require.NoError(t, err)
	b, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	assert.Len(t, b, size)
	assert.True(t, json.Valid(b))
}

func TestFaultDelayAndDrip(t *testing.T) {
	a := start(t)
	a.srv.Fail("/users/self", instagramtest.Fault{Delay: 100 * time.Millisecond}, 1)
	began := time.Now()
	a.one("/users/self")
	assert.GreaterOrEqual(t, time.Since(began), 100*time.Millisecond)

	a.srv.Fail("/users/self", instagramtest.Fault{BytesPerSecond: 2000}, 1)
	began = time.Now()
	a.one("/users/self")
	assert.GreaterOrEqual(t, time.Since(began), 100*time.Millisecond)
}

// TestFaultIsLoggedAtOnce is for clients that give up: their tests look at the log when they have.
func TestFaultIsLoggedAtOnce(t *testing.T) {
	a := start(t)
	a.srv.Fail("/users/self", instagramtest.Fault{Delay: time.Minute}, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", a.srv.BaseURL()+"/users/self", nil)
	require.NoError(t, err)
	_, err = a.srv.Client().Do(req)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, "/v1/users/self", a.last().Path)
}

// TestFaultsEndWithTheServer leaves it to goleak to see what is left.
func TestFaultsEndWithTheServer(t *testing.T) {
	for name, fault := range map[string]instagramtest.Fault{
		"delay":          {Delay: time.Hour},
		"drip":           {BytesPerSecond: 1},
		"raw drip":       {BytesPerSecond: 1, Cut: instagramtest.Abort},
		"endless body":   {Endless: instagramtest.EndlessBody},
		"endless header": {Endless: instagramtest.EndlessHeader},
		"bomb":           {Bomb: 1 << 50},
	} {
		t.Run(name, func(t *testing.T) {
			srv := instagramtest.NewServer()
			defer srv.Close()
			srv.Fail("/users/self", fault, -1)
			for range 4 {
				conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
				require.NoError(t, err)
				defer conn.Close()
				_, err = io.WriteString(conn, "GET /v1/users/self HTTP/1.1\r\nHost: x\r\n\r\n")
				require.NoError(t, err)
				// It reads nothing, so that the server has to wait with what it writes.
			}
			require.Eventually(t, func() bool { return len(srv.Requests()) == 4 }, 5*time.Second, time.Millisecond)
			time.Sleep(20 * time.Millisecond)
			began := time.Now()
			srv.Close()
			assert.Less(t, time.Since(began), time.Second)
		})
	}
}

func TestFaultPages(t *testing.T) {
	for _, test := range []struct {
		wire         instagramtest.Wire
		object, link string
	}{{instagramtest.Wire2011, "pagination", "next"}, {instagramtest.Wire2017, "pagination", "next_url"}} {
		a := start(t, instagramtest.WithWire(test.wire))
		page := func(path string) object {
			o := a.object(a.get(path))
			require.Len(t, o["data"], 5)
			return o[test.object].(object)
		}
		const path = "/users/self/media/recent?count=5"
		honest := page(path)

		a.srv.Fail("/users/self/media/recent", instagramtest.Fault{NextOrigin: "http://api.instagram.example"}, 1)
		got := page(path)
		assert.Equal(t, strings.Replace(honest[test.link].(string), a.srv.URL, "http://api.instagram.example", 1), got[test.link])
		assert.Equal(t, honest["next_max_id"], got["next_max_id"])

		a.srv.Fail("/users/self/media/recent", instagramtest.Fault{NextLoops: true}, -1)
		first := page(path)
		assert.Equal(t, honest[test.link], first[test.link])
		next, err := url.Parse(first[test.link].(string))
		require.NoError(t, err)
		second := path + "&max_id=" + next.Query().Get("max_id")
		got = page(second)
		assert.Equal(t, a.srv.BaseURL()+second+"&access_token="+a.token, got[test.link])
		assert.Equal(t, next.Query().Get("max_id"), got["next_max_id"])
	}
}

func TestFaultRedirect(t *testing.T) {
	var asked []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.URL.RequestURI()) }))
	defer other.Close()
	a := start(t)
	a.srv.Fail("/users/self", instagramtest.Fault{RedirectOrigin: other.URL}, 1)
	assert.Equal(t, 200, a.get("/users/self").status)
	assert.Equal(t, []string{"/v1/users/self?access_token=" + a.token}, asked)

	a.srv.Fail("/users/self", instagramtest.Fault{RedirectOrigin: a.srv.URL, Status: 307}, 1)
	assert.Equal(t, a.srv.Users()[0].ID, a.one("/users/self")["id"], "back to the same server")
	assert.Equal(t, 307, a.srv.Requests()[len(a.srv.Requests())-2].Status)
}

func TestFaultsBesideTheAPI(t *testing.T) {
	a := start(t)
	image := a.list("/users/self/media/recent?count=1")[0].(object)["images"].(object)["thumbnail"].(object)["url"].(string)
	a.srv.Fail("GET /images/", instagramtest.Fault{Status: 504}, 1)
	for _, status := range []int{504, 200} {
		resp, err := a.srv.Client().Get(image)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, status, resp.StatusCode)
	}
}

func TestFaultsThatMakeNoSense(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	for name, f := range map[string]func(){
		"endpoint": func() { srv.Fail("users/self", instagramtest.Fault{Status: 500}, 1) },
		"empty":    func() { srv.Fail("/users/self", instagramtest.Fault{}, 1) },
		"after":    func() { srv.Fail("/users/self", instagramtest.Fault{Effect: instagramtest.After}, 1) },
		"status":   func() { srv.Fail("/", instagramtest.Fault{Status: 1}, 1) },
		"body":     func() { srv.Fail("/", instagramtest.Fault{Body: "x"}, 1) },
		"delay":    func() { srv.Fail("/", instagramtest.Fault{Delay: -1}, 1) },
		"cut":      func() { srv.Fail("/", instagramtest.Fault{Cut: "off"}, 1) },
		"effect":   func() { srv.Fail("/", instagramtest.Fault{Effect: "never"}, 1) },
		"form":     func() { srv.Fail("/", instagramtest.Fault{Form: "xml"}, 1) },
		"endless":  func() { srv.Fail("/", instagramtest.Fault{Endless: "love"}, 1) },
		"origin":   func() { srv.Fail("/", instagramtest.Fault{NextOrigin: "http://other.example/v1"}, 1) },
		"header":   func() { srv.Fail("/", instagramtest.Fault{Header: map[string]string{"A": "b\r\nC: d"}}, 1) },
		"share":    func() { srv.FailShare("/", instagramtest.Fault{Status: 500}, 1.5) },
	} {
		t.Run(name, func(t *testing.T) { assert.Panics(t, f) })
	}
}

// TestFaultsOfNoEndpoint refuses what no call can ever be.
func TestFaultsOfNoEndpoint(t *testing.T) {
	a := start(t)
	for endpoint, message := range map[string]string{
		"get /users/self":                     `no method "get": use GET, POST or DELETE`,
		"PUT /users/self":                     `no method "PUT"`,
		"GET /usres/self":                     `no endpoint "GET /usres/self": the nearest is GET /users/{user-id}`,
		"POST /users/self/media/recent":       "the nearest is GET /users/{user-id}/media/recent",
		"GET /media/{media-id}/commets":       "the nearest is GET /media/{media-id}/comments",
		"GET /users/mira.solane/media/recent": "no endpoint",
		"GET /users/serach":                   "the nearest is GET /users/search",
		"/tag/":                               "no endpoint",
		"GET /v1/users/self/feed/more":        "the nearest is GET /users/self/feed",
	} {
		func() {
			defer func() { assert.Contains(t, fmt.Sprint(recover()), message, endpoint) }()
			a.srv.Fail(endpoint, instagramtest.Fault{Status: 500}, 1)
		}()
		got := a.admin("POST", "faults", object{"endpoint": endpoint, "status": 500})
		assert.Equal(t, 400, got.status, endpoint)
		assert.Contains(t, a.object(answer{200, got.header, got.body})["error"], message)
	}
	for _, endpoint := range []string{
		"", "/", "GET /", "POST /media/", "GET /users/1574083/follows", "/media/17_4/likes", "GET /tags/sea/media/recent", "/v1/media/popular",
		"POST /oauth/access_token", "GET /oembed", "GET /p/{shortcode}/media", "/images/", "GET /me/media", "/v26.0/{user-id}/media", "/{user-id}/media",
		"DELETE /media/{media-id}/comments/{comment-id}", "GET /media/{}", "POST /subscriptions",
	} {
		assert.NotPanics(t, func() { a.srv.Fail(endpoint, instagramtest.Fault{Status: 500}, 1) }, endpoint)
	}
}

func TestPendingFaults(t *testing.T) {
	a := start(t)
	assert.Empty(t, a.srv.PendingFaults())
	a.srv.Fail("GET /users/self", instagramtest.Fault{Status: 503}, 2)
	a.srv.FailShare("/media/", instagramtest.Fault{Cut: instagramtest.Drop}, 0.5)
	a.get("/users/self")
	assert.Equal(t, []instagramtest.PendingFault{
		{Endpoint: "GET /users/self", Calls: 1, Share: 1, Fault: instagramtest.Fault{Status: 503}},
		{Endpoint: "/media/", Calls: -1, Share: 0.5, Fault: instagramtest.Fault{Cut: instagramtest.Drop}},
	}, a.srv.PendingFaults())
	a.get("/users/self")
	assert.Len(t, a.srv.PendingFaults(), 1)
}

// TestFaultsBehindAHandler are for a server that is mounted in another one, where there may be no
// connection to cut.
func TestFaultsBehindAHandler(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	srv.Fail("/users/self", instagramtest.Fault{Status: 503}, 1)
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest("GET", "/v1/users/self", nil))
	assert.Equal(t, 503, w.Code)

	srv.Fail("/users/self", instagramtest.Fault{Cut: instagramtest.Drop}, 1)
	defer func() {
		err, _ := recover().(error)
		assert.True(t, errors.Is(err, http.ErrAbortHandler))
	}()
	srv.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/users/self", nil))
}

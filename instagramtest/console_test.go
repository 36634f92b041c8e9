package instagramtest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// adminAs makes a call under /admin with a token, and with what browsers add.
func (a api) adminAs(method, path, token, body string, header ...string) answer {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), method, a.srv.URL+"/admin"+path, strings.NewReader(body))
	require.NoError(a, err)
	req.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return a.send(req)
}

func (a api) page(path string) answer {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), http.MethodGet, a.srv.URL+path, nil)
	require.NoError(a, err)
	return a.send(req)
}

var sessionOf = regexp.MustCompile(`name="session" content="([^"]+)"`)

// session is the token that a page has.
func (a api) session() string {
	a.Helper()
	m := sessionOf.FindSubmatch(a.page("/").body)
	require.NotNil(a, m)
	return string(m[1])
}

func TestPagesAreThere(t *testing.T) {
	a := start(t)
	assert.Equal(t, a.srv.URL+"/", a.srv.Console())
	for _, path := range []string{"/", "/console", "/console/home.js", "/console/style.css", "/console/icon.svg"} {
		assert.Equal(t, http.StatusOK, a.page(path).status, path)
	}
	assert.Equal(t, http.StatusNotFound, a.page("/console/nothing").status)
	assert.Equal(t, http.StatusNotFound, a.page("/v1/").status, "the API has no page")
	assert.Len(t, a.srv.Requests(), 1, "pages are not in the log")

	a.srv.Fail("", instagramtest.Fault{Status: 503}, -1)
	assert.Equal(t, http.StatusOK, a.page("/").status, "no fault keeps people from seeing what goes on")
}

func TestDescription(t *testing.T) {
	a := start(t)
	got := a.page("/openapi.json")
	require.Equal(t, http.StatusOK, got.status)
	var doc struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]struct{ Servers []struct{ URL string } }
	}
	require.NoError(t, json.Unmarshal(got.body, &doc))
	assert.Equal(t, "3.1.0", doc.OpenAPI)
	assert.Equal(t, a.srv.BaseURL(), doc.Servers[0].URL)
	assert.Equal(t, a.srv.URL, doc.Paths["/oembed"].Servers[0].URL)

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.srv.URL+"/openapi.json", nil)
	require.NoError(t, err)
	req.Host = `api.example:8443`
	assert.Contains(t, string(a.send(req).body), `"url":"http://api.example:8443/v1"`, "by the name that it was asked by")
}

func TestSessionIsNotTheAdminToken(t *testing.T) {
	a := start(t)
	session := a.session()
	assert.NotEqual(t, a.srv.AdminToken, session)
	assert.NotEqual(t, start(t).session(), session, "every server has its own, whatever its seed")
	assert.Equal(t, http.StatusOK, a.adminAs("GET", "/server", session, "").status)
	assert.Equal(t, http.StatusOK, a.adminAs("GET", "/server", a.srv.AdminToken, "").status)
	for _, wrong := range []string{"", "x", session[1:], session + "x"} {
		assert.Equal(t, http.StatusUnauthorized, a.adminAs("GET", "/server", wrong, "").status, wrong)
	}
}

// TestOtherOrigins keeps pages of other origins from reading and from changing anything, even if
// they know a token.
func TestOtherOrigins(t *testing.T) {
	a := start(t)
	before := a.srv.Now()
	for _, header := range [][]string{
		{"Origin", "http://evil.example"},
		{"Origin", "null"},
		{"Origin", "http://127.0.0.1:1"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
	} {
		for _, token := range []string{a.srv.AdminToken, a.session()} {
			for _, call := range [][2]string{{"POST", "/reset"}, {"POST", "/clock"}, {"GET", "/requests"}, {"GET", "/requests/events"}, {"GET", "/server"}} {
				got := a.adminAs(call[0], call[1], token, `{"advance":"1h"}`, header...)
				assert.Equal(t, http.StatusForbidden, got.status, "%v %v", call, header)
				assert.Empty(t, got.header.Get("Access-Control-Allow-Origin"))
			}
		}
	}
	assert.Less(t, a.srv.Now().Sub(before), time.Minute)
	preflight := a.adminAs("OPTIONS", "/reset", "", "", "Origin", "http://evil.example", "Access-Control-Request-Headers", "authorization")
	assert.Empty(t, preflight.header.Get("Access-Control-Allow-Origin"), "browsers are not told to go on")

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.srv.URL+"/", nil)
	require.NoError(t, err)
	req.Host = "evil.example" // which leads here, by its owner's will
	assert.Equal(t, http.StatusMisdirectedRequest, a.send(req).status)
}

func TestWhatPagesAskFor(t *testing.T) {
	a := start(t, instagramtest.WithMode(instagramtest.Sandbox))
	posted := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{Caption: "the very latest #новое"})
	a.post("/media/" + posted.ID + "/likes")
	session := a.session()

	server := a.object(a.adminAs("GET", "/server", session, ""))
	assert.Equal(t, "sandbox: 500 calls an hour, 30 writes of a kind", server["mode"])
	assert.EqualValues(t, 2017, server["wire"])
	assert.Equal(t, a.srv.ClientSecret, server["client_secret"])

	world := a.object(a.adminAs("GET", "/world", session, ""))
	assert.Equal(t, a.srv.Users()[0].Username, world["users"].([]any)[0].(object)["username"])
	latest := world["media"].([]any)[0].(object)
	assert.Equal(t, posted.ID, latest["id"])
	assert.Equal(t, posted.Caption, latest["caption"])
	for _, kind := range []string{"users", "media", "comments", "tags", "locations"} {
		assert.NotEmpty(t, world[kind], kind)
	}

	limits := a.object(a.adminAs("POST", "/limits", session, `{"access_token":"`+a.token+`"}`))
	assert.Equal(t, object{"limit": 500.0, "remaining": 499.0}, limits["calls"])
	assert.Equal(t, object{"limit": 30.0, "remaining": 29.0}, limits["likes"])
	assert.Equal(t, object{"limit": 30.0, "remaining": 30.0}, limits["comments"])
	assert.Equal(t, http.StatusBadRequest, a.adminAs("POST", "/limits", session, `{"access_token":"x"}`).status)
}

func TestRequestsCanBeOpened(t *testing.T) {
	a := start(t)
	a.get("/users/self/media/recent?count=2")
	session := a.session()
	opened := a.adminAs("GET", "/requests/1", session, "")
	r := a.object(opened)
	assert.Equal(t, "/v1/users/self/media/recent", r["path"])
	assert.EqualValues(t, 200, r["status"])
	assert.Equal(t, []any{"2"}, r["params"].(object)["count"])
	assert.Equal(t, []any{"4999"}, r["header"].(object)["X-Ratelimit-Remaining"])
	assert.Contains(t, r["body"], `"pagination"`)
	assert.NotContains(t, string(opened.body), a.token, "secrets are masked, in the body as well")

	whole := a.object(a.adminAs("GET", "/requests/1?secrets=true", session, ""))
	assert.Equal(t, []any{a.token}, whole["params"].(object)["access_token"])
	assert.Equal(t, http.StatusBadRequest, a.adminAs("GET", "/requests/2", session, "").status)

	a.srv.Fail("GET /users/{user-id}", instagramtest.Fault{Status: 503}, 1)
	a.get("/users/self")
	failed := a.object(a.adminAs("GET", "/requests/2", session, ""))
	assert.Equal(t, true, failed["failed"])
	assert.EqualValues(t, 503, failed["status"])
	assert.NotEmpty(t, failed["body"])
}

// TestEvents tells several who listen of every request, as it is answered, and ends with the
// server.
func TestEvents(t *testing.T) {
	a := start(t)
	a.get("/users/self")
	const listeners = 4
	var listening sync.WaitGroup
	heard := make(chan string, 100)
	for range listeners {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.srv.URL+"/admin/requests/events", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+a.srv.AdminToken)
		resp, err := a.srv.Client().Do(req)
		require.NoError(t, err)
		require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
		listening.Go(func() {
			defer resp.Body.Close()
			for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
				if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
					heard <- data
				}
			}
		})
	}
	next := func() string {
		for range listeners - 1 {
			<-heard
		}
		return <-heard
	}
	assert.Contains(t, next(), `"path":"/v1/users/self"`, "what was there before")
	a.post("/media/" + a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{}).ID + "/likes")
	event := next()
	assert.Contains(t, event, `"method":"POST"`)
	assert.NotContains(t, event, a.token)
	started := time.Now()
	a.srv.Close()
	listening.Wait()
	assert.Less(t, time.Since(started), 2*time.Second, "nobody who listens holds up the end")
}

func TestWaitForInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot interrupt itself on Windows; run this test on Linux or macOS")
	}
	a := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, a.srv.WaitForInterrupt(ctx), context.Canceled)

	// Caught here as well, since until somebody waits for it an interrupt would end the tests.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, os.Interrupt)
	defer signal.Stop(caught)
	done := make(chan error)
	go func() { done <- a.srv.WaitForInterrupt(t.Context()) }()
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	for {
		require.NoError(t, self.Signal(os.Interrupt))
		select {
		case err := <-done:
			require.NoError(t, err)
			return
		case <-time.After(20 * time.Millisecond): // it did not listen yet
		}
	}
}

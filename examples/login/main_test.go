package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

// start runs the program on a server, and returns it with what it logs.
func start(t *testing.T, server *instagramtest.Server, secret string) (*app, *bytes.Buffer) {
	t.Helper()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithClientCredentials(server.ClientID, secret),
	)
	require.NoError(t, err)
	web := httptest.NewUnstartedServer(nil)
	var logged bytes.Buffer
	app, err := newApp(client, "http://"+web.Listener.Addr().String(), log.New(&logged, "", 0))
	require.NoError(t, err)
	web.Config.Handler = app
	web.Start()
	t.Cleanup(web.Close)
	return app, &logged
}

func startServer(t *testing.T) *instagramtest.Server {
	t.Helper()
	server := instagramtest.NewServer()
	t.Cleanup(server.Close)
	return server
}

// browser follows links and presses buttons, and keeps cookies.
type browser struct {
	*http.Client
	t   *testing.T
	url *url.URL // where it is
}

func newBrowser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{Client: &http.Client{Jar: jar}, t: t}
}

func (b *browser) open(to string) string {
	b.t.Helper()
	answer, err := b.Get(to)
	require.NoError(b.t, err)
	return b.read(answer)
}

func (b *browser) read(answer *http.Response) string {
	b.t.Helper()
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	require.NoError(b.t, err)
	b.url = answer.Request.URL
	return string(page)
}

var (
	hidden  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	picture = regexp.MustCompile(`<img src="([^"]+)"`)
)

// press sends the form of a page as it is, but for what is named.
func (b *browser) press(page string, values ...string) string {
	b.t.Helper()
	form := url.Values{}
	for _, input := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	action := regexp.MustCompile(`<form[^>]* action="([^"]+)"`).FindStringSubmatch(page)
	require.NotNil(b.t, action, page)
	to, err := b.url.Parse(action[1])
	require.NoError(b.t, err)
	answer, err := b.PostForm(to.String(), form)
	require.NoError(b.t, err)
	return b.read(answer)
}

func TestSignInShowsPictures(t *testing.T) {
	server := startServer(t)
	app, logged := start(t, server, server.ClientSecret)
	me := server.Users()[0]
	b := newBrowser(t)

	assert.Contains(t, b.open(app.url), `href="/login"`)
	asked := b.open(app.url + "/login")
	assert.Contains(t, asked, strings.TrimPrefix(app.url, "http://"), "the server names who asks")
	page := b.press(asked, "user", me.ID, "decision", "allow")
	assert.Equal(t, app.url+"/", b.url.String(), "the code is not left in the address")
	assert.Contains(t, page, me.FullName)
	assert.Contains(t, page, "@"+me.Username)
	assert.Equal(t, 12, strings.Count(page, "<figure>"))
	for _, image := range picture.FindAllStringSubmatch(page, -1) {
		answer, err := http.Get(html.UnescapeString(image[1]))
		require.NoError(t, err)
		answer.Body.Close()
		assert.Equal(t, http.StatusOK, answer.StatusCode, image[1])
	}

	token := server.AccessToken(me.ID, "basic")
	assert.NotContains(t, page, token)
	for _, cookie := range b.Jar.Cookies(b.url) {
		assert.NotContains(t, cookie.Value, token, "the token stays on this side")
	}
	assert.NotContains(t, newBrowser(t).open(app.url), me.Username, "another browser is another user")

	assert.Contains(t, b.press(page), `href="/login"`, "signed out")
	assert.Empty(t, logged.String())
}

func TestSignInDenied(t *testing.T) {
	server := startServer(t)
	app, logged := start(t, server, server.ClientSecret)
	b := newBrowser(t)
	page := b.press(b.open(app.url+"/login"), "user", server.Users()[0].ID, "decision", "deny")
	assert.Contains(t, page, "You said no")
	assert.Contains(t, page, `href="/login"`)
	assert.Contains(t, b.open(app.url), "Your latest pictures", "nobody is signed in")
	assert.Empty(t, logged.String())
}

// A permission that ends signs the user out, in words.
func TestSignInRevoked(t *testing.T) {
	server := startServer(t)
	app, _ := start(t, server, server.ClientSecret)
	me := server.Users()[0]
	b := newBrowser(t)
	b.press(b.open(app.url+"/login"), "user", me.ID, "decision", "allow")
	server.Revoke(server.AccessToken(me.ID, "basic"))
	assert.Contains(t, b.open(app.url), "You are signed out")
	assert.Contains(t, b.open(app.url), "Your latest pictures")
}

func TestSignInGoesWrong(t *testing.T) {
	server := startServer(t)
	app, logged := start(t, server, server.ClientSecret)
	redirect := app.url + callbackPath

	// A callback that somebody else started, as a link in a mail would be.
	b := newBrowser(t)
	code := server.AuthorizationCode(server.Users()[0].ID, redirect)
	assert.Contains(t, b.open(redirect+"?code="+code+"&state=forged"), "Please start again")
	assert.Contains(t, b.open(app.url), "Your latest pictures")

	// The same code again.
	b.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if r.URL.Path == callbackPath {
			first := newBrowser(t)
			first.Jar.SetCookies(r.URL, b.Jar.Cookies(r.URL))
			assert.Contains(t, first.open(r.URL.String()), "<figure>")
		}
		return nil
	}
	page := b.press(b.open(app.url+"/login"), "user", server.Users()[0].ID, "decision", "allow")
	assert.Contains(t, page, "used already")
	assert.Empty(t, logged.String())

	// What users can do nothing about is logged, without secrets.
	broken, logged := start(t, server, "not-the-secret-at-all")
	b = newBrowser(t)
	page = b.press(b.open(broken.url+"/login"), "user", server.Users()[0].ID, "decision", "allow")
	assert.Contains(t, page, "That did not work")
	assert.Contains(t, logged.String(), "Invalid Client Secret")
	assert.NotContains(t, logged.String(), "not-the-secret-at-all")
}

// All names of this machine lead to one, for cookies belong to a name.
func TestOtherNames(t *testing.T) {
	server := startServer(t)
	app, _ := start(t, server, server.ClientSecret)
	b := newBrowser(t)
	page := b.open(strings.Replace(app.url, "127.0.0.1", "localhost", 1) + "/login")
	assert.Contains(t, page, "Your latest pictures")
	assert.Equal(t, app.url, "http://"+b.url.Host)
}

// Other sites cannot sign anybody out.
func TestLogoutFromElsewhere(t *testing.T) {
	server := startServer(t)
	app, _ := start(t, server, server.ClientSecret)
	r, err := http.NewRequest(http.MethodPost, app.url+"/logout", nil)
	require.NoError(t, err)
	r.Header.Set("Origin", "https://elsewhere.example")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	answer.Body.Close()
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
}

func TestTokensAreBounded(t *testing.T) {
	var held tokens
	for range 3 * maxTokens {
		held.keep("token")
	}
	assert.LessOrEqual(t, len(held.byKey), maxTokens)
}

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "login")
	programtest.Refuses(t, "login", "extra")
	programtest.Refuses(t, "login", "-base-url", "http://localhost/v1") // without -client-id
	programtest.Stops(t, "login", 1, "-addr", "127.0.0.1:0")

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	code, _, status := programtest.Output(t, "-addr", taken.Addr().String())
	assert.Equal(t, 1, code)
	assert.Contains(t, status, "in use: give another address with -addr\n")
}

func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"-addr", "127.0.0.1:0"}, write, io.Discard) }()
	line := make([]byte, 200)
	n, err := read.Read(line)
	require.NoError(t, err)
	page := newBrowser(t).open(strings.Fields(string(line[:n]))[1])
	assert.Contains(t, page, "Your latest pictures")
	cancel()
	select {
	case err := <-done:
		assert.NoError(t, err)
	case <-time.After(5 * time.Second):
		assert.Fail(t, "it did not stop")
	}
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{{"-addr", "nowhere"}, {"-base-url", "/v1"}, {"-base-url", "http://localhost/v1"}, {"-unknown"}} {
		assert.Error(t, run(t.Context(), args, io.Discard, io.Discard), args)
	}
}

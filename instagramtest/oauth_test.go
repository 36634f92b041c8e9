package instagramtest_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

const callback = "http://localhost:7777/signed-in"

// oauth sends a form to an endpoint under /oauth and follows no redirect.
func (a api) oauth(method, path string, form url.Values, header ...string) answer {
	a.Helper()
	target, body := a.srv.URL+"/oauth/"+path, io.Reader(nil)
	if method == "POST" {
		body = strings.NewReader(form.Encode())
	} else if len(form) > 0 {
		target += "?" + form.Encode()
	}
	req, err := http.NewRequestWithContext(a.Context(), method, target, body)
	require.NoError(a, err)
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := a.srv.Client().Transport.RoundTrip(req)
	require.NoError(a, err)
	return read(a, resp)
}

// request is what an app sends to the authorize page, with some parameters changed; "-" takes one
// away.
func (a api) request(pairs ...string) url.Values {
	f := form("client_id", a.srv.ClientID, "redirect_uri", callback, "response_type", "code")
	change(f, pairs)
	return f
}

// exchangeOf is the form that exchanges a code, with some parameters changed.
func (a api) exchangeOf(code string, pairs ...string) url.Values {
	f := form("client_id", a.srv.ClientID, "client_secret", a.srv.ClientSecret, "grant_type", "authorization_code",
		"redirect_uri", callback, "code", code)
	change(f, pairs)
	return f
}

func change(f url.Values, pairs []string) {
	for i := 0; i < len(pairs); i += 2 {
		if f.Set(pairs[i], pairs[i+1]); pairs[i+1] == "-" {
			f.Del(pairs[i])
		}
	}
}

// decide sends the form of the authorize page and returns where it redirects.
func (a api) decide(pairs ...string) *url.URL {
	a.Helper()
	got := a.oauth("POST", "authorize", a.request(pairs...))
	require.Equal(a, http.StatusFound, got.status, "%s", got.body)
	u, err := url.Parse(got.header.Get("Location"))
	require.NoError(a, err)
	return u
}

// failsBare wants an error without the meta object.
func (a api) failsBare(got answer, status int, kind, message string) {
	a.Helper()
	var e map[string]any
	require.NoError(a, json.Unmarshal(got.body, &e), "%s", got.body)
	assert.Equal(a, status, got.status)
	assert.Equal(a, map[string]any{"code": float64(status), "error_type": kind, "error_message": message}, e)
	assert.Empty(a, got.header.Get("Location"))
}

func TestExplicitFlow(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[3]
	back := a.decide("scope", "likes comments", "state", "a&b c", "user", me.Username, "decision", "allow")
	code := back.Query().Get("code")
	assert.NotEmpty(t, code)
	assert.Equal(t, callback+"?code="+code+"&state=a%26b+c", back.String())

	got := a.oauth("POST", "access_token", a.exchangeOf(code))
	o := a.object(got)
	token := o["access_token"].(string)
	assert.Equal(t, object{"access_token": token, "user": object{
		"id": me.ID, "username": me.Username, "full_name": me.FullName, "bio": me.Bio, "website": me.Website,
		"profile_picture": a.srv.URL + "/profiles/" + me.ID + ".jpg",
	}}, o)
	assert.Equal(t, "private, no-cache, no-store, must-revalidate", got.header.Get("Cache-Control"))
	assert.Contains(t, got.header.Get("Content-Type"), "application/json")

	a.token = token
	assert.Equal(t, me.ID, a.one("/users/self")["id"])
	a.fails(a.get("/users/self/follows"), 400, "OAuthPermissionsException", "scope=follower_list")
	a.post("/media/"+ids(a.list("/users/self/media/recent"))[0]+"/likes", "", "")

	a.srv.Revoke(token)
	a.fails(a.get("/users/self"), 400, "OAuthAccessTokenException", "invalid")
}

func TestImplicitFlow(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	back := a.decide("response_type", "token", "user", me.ID, "decision", "allow", "state", "s")
	token := a.srv.AccessToken(me.ID, "basic")
	assert.Equal(t, callback+"#access_token="+token+"&state=s", back.String())
	a.token = token
	assert.Equal(t, me.ID, a.one("/users/self")["id"])
}

func TestDenied(t *testing.T) {
	a := start(t)
	assert.Equal(t, callback+"?error=access_denied&error_description=The+user+denied+your+request&error_reason=user_denied&state=s",
		a.decide("decision", "deny", "state", "s").String())
	assert.Equal(t, "error=access_denied&error_description=The+user+denied+your+request&error_reason=user_denied",
		a.decide("decision", "deny", "response_type", "token").EscapedFragment())
}

func TestScopesOfTokens(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0]
	for sent, want := range map[string][]string{
		"-":                             {"basic"},
		"basic":                         {"basic"},
		"likes":                         {"likes"},
		"likes+comments":                {"likes", "comments"}, // escaped twice, as some clients do
		" follower_list  relationships": {"relationships", "follower_list"},
		"public_content public_content": {"public_content"},
	} {
		t.Run(sent, func(t *testing.T) {
			back := a.decide("response_type", "token", "user", me.ID, "decision", "allow", "scope", sent)
			assert.Equal(t, "access_token="+a.srv.AccessToken(me.ID, want...), back.EscapedFragment())
		})
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	a := start(t, instagramtest.WithRedirectURI("https://app.example/signed-in?a=1", "app:/done"))
	const incomplete = "You must include a valid client_id, response_type, and redirect_uri parameters"
	const unregistered = "Redirect URI does not match registered redirect URI"
	for name, test := range map[string]struct{ key, value, message string }{
		"no client":             {"client_id", "-", incomplete},
		"another client":        {"client_id", "1", "Invalid Client ID"},
		"no redirect URI":       {"redirect_uri", "-", incomplete},
		"loopback":              {"redirect_uri", callback, unregistered},
		"another scheme":        {"redirect_uri", "http://app.example/signed-in?a=1", unregistered},
		"another host":          {"redirect_uri", "https://www.app.example/signed-in?a=1", unregistered},
		"another port":          {"redirect_uri", "https://app.example:8443/signed-in?a=1", unregistered},
		"another path":          {"redirect_uri", "https://app.example/signed-in/x?a=1", unregistered},
		"host as user":          {"redirect_uri", "https://app.example@other.example/signed-in?a=1", unregistered},
		"no query":              {"redirect_uri", "https://app.example/signed-in", unregistered},
		"query goes on":         {"redirect_uri", "https://app.example/signed-in?a=12", unregistered},
		"fragment":              {"redirect_uri", "https://app.example/signed-in?a=1#x", unregistered},
		"relative":              {"redirect_uri", "/signed-in?a=1", unregistered},
		"no URL":                {"redirect_uri", "https://app.example:x/%zz", unregistered},
		"line break":            {"redirect_uri", "https://app.example/signed-in?a=1&b=\r\nX: y", unregistered},
		"no response type":      {"response_type", "-", incomplete},
		"another response type": {"response_type", "id_token", "response_type must be code or token"},
		"empty scope":           {"scope", "", "Invalid scope field(s): "},
		"blank scope":           {"scope", " ", "Invalid scope field(s): "},
		"unknown scope":         {"scope", "likes email", "Invalid scope field(s): email"},
		"commas":                {"scope", "likes,comments", "Invalid scope field(s): likes,comments"},
	} {
		t.Run(name, func(t *testing.T) {
			f := a.request("redirect_uri", "https://app.example/signed-in?a=1", test.key, test.value)
			for _, method := range []string{"GET", "POST"} {
				a.failsBare(a.oauth(method, "authorize", f), 400, "OAuthException", test.message)
			}
		})
	}
	for _, uri := range []string{
		"https://app.example/signed-in?a=1", "https://APP.example/signed-in/?a=1", "https://app.example/signed-in?a=1&b=2", "app:/done",
	} {
		t.Run(uri, func(t *testing.T) {
			back := a.decide("redirect_uri", uri, "user", a.srv.Users()[0].ID, "decision", "allow").String()
			assert.Regexp(t, "^"+regexp.QuoteMeta(uri)+`[?&]code=\w+$`, back)
		})
	}
}

func TestRedirectURIsByDefault(t *testing.T) {
	a := start(t)
	for uri, ok := range map[string]bool{
		"http://localhost/": true, "https://localhost:1/x": true, "http://127.0.0.1:8080/cb?a=b": true, "http://[::1]:8080/": true,
		"http://localhost.example/": false, "http://app.example@localhost/": false, "http://app.example/": false, "http://0x7f.1/": false, "localhost": false,
		"javascript://localhost/%0aalert(1)": false,
	} {
		assert.Equal(t, ok, a.oauth("GET", "authorize", a.request("redirect_uri", uri)).status == 200, uri)
	}
}

func TestBadRedirectURIOption(t *testing.T) {
	for _, uri := range []string{"", "/path", "://", "http://app.example/#x"} {
		_, err := instagramtest.Start(instagramtest.WithRedirectURI(uri))
		assert.ErrorContains(t, err, "redirect URI", uri)
	}
}

func TestAuthorizePage(t *testing.T) {
	a := start(t)
	hostile := `"><script>alert(1)</script>`
	for _, path := range []string{"authorize", "authorize/"} {
		got := a.oauth("GET", path, a.request("scope", "likes", "state", hostile))
		require.Equal(t, 200, got.status)
		page := string(got.body)
		assert.Equal(t, "text/html; charset=utf-8", got.header.Get("Content-Type"))
		assert.Equal(t, "DENY", got.header.Get("X-Frame-Options"))
		assert.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'")
		assert.Contains(t, page, "localhost:7777")
		assert.Contains(t, page, "see your profile")
		assert.Contains(t, page, "like and unlike")
		assert.NotContains(t, page, "comments as you", "not asked for")
		assert.NotContains(t, page, "<script")
		assert.NotContains(t, page, "://localhost/", "nothing from elsewhere")

		// Send the page's own form, as a browser does.
		f := url.Values{}
		for _, m := range regexp.MustCompile(`<input type="hidden" name="(.*?)" value="(.*?)">`).FindAllStringSubmatch(page, -1) {
			f.Set(m[1], html.UnescapeString(m[2]))
		}
		f.Set("user", regexp.MustCompile(`name="user" value="(\d+)" checked`).FindStringSubmatch(page)[1])
		f.Set("decision", "allow")
		back := a.oauth("POST", "authorize", f, "Origin", a.srv.URL, "Sec-Fetch-Site", "same-origin")
		require.Equal(t, 302, back.status, "%s", back.body)
		u, err := url.Parse(back.header.Get("Location"))
		require.NoError(t, err)
		assert.Equal(t, hostile, u.Query().Get("state"))
		o := a.object(a.oauth("POST", "access_token", a.exchangeOf(u.Query().Get("code"))))
		assert.Equal(t, a.srv.Users()[0].ID, o["user"].(object)["id"])
	}
}

func TestAuthorizeRefusesForeignForms(t *testing.T) {
	a := start(t)
	f := a.request("user", a.srv.Users()[0].ID, "decision", "allow")
	const message = "the form must be sent from the authorize page"
	a.failsBare(a.oauth("POST", "authorize", f, "Sec-Fetch-Site", "cross-site"), 403, "OAuthForbiddenException", message)
	a.failsBare(a.oauth("POST", "authorize", f, "Origin", "http://other.example"), 403, "OAuthForbiddenException", message)
}

func TestDecisionRefused(t *testing.T) {
	a := start(t)
	me := a.srv.Users()[0].ID
	a.failsBare(a.oauth("POST", "authorize", a.request("user", me)), 400, "OAuthException", "decision must be allow or deny")
	a.failsBare(a.oauth("POST", "authorize", a.request("user", "nobody.at.all", "decision", "allow")), 400, "OAuthException",
		"user must be a username or an id")
	got := a.oauth("PUT", "authorize", a.request())
	a.failsBare(got, 405, "APIError", "method PUT is not allowed here")
	assert.Equal(t, "GET, HEAD, POST", got.header.Get("Allow"))
	a.failsBare(a.oauth("GET", "nothing", nil), 404, "APINotFoundError", "no such endpoint")
}

func TestExchangeRefuses(t *testing.T) {
	a := start(t)
	code := a.srv.AuthorizationCode(a.srv.Users()[0].ID, callback)
	for name, test := range map[string]struct{ key, value, message string }{
		"no client":            {"client_id", "-", "You must provide a client_id"},
		"another client":       {"client_id", "1", "Invalid Client ID"},
		"no secret":            {"client_secret", "-", "You must provide a client_secret"},
		"another secret":       {"client_secret", "1", "Invalid Client Secret"},
		"no grant type":        {"grant_type", "", "You must provide a grant_type"},
		"another grant type":   {"grant_type", "password", "Invalid grant_type: it must be authorization_code"},
		"no redirect URI":      {"redirect_uri", "-", "You must provide a redirect_uri"},
		"another redirect URI": {"redirect_uri", callback + "/", "Redirect URI doesn't match original redirect URI"},
		"no code":              {"code", "-", "You must provide a code"},
		"another code":         {"code", "1", "Matching code was not found or was already used."},
	} {
		t.Run(name, func(t *testing.T) {
			a.failsBare(a.oauth("POST", "access_token", a.exchangeOf(code, test.key, test.value)), 400, "OAuthException", test.message)
		})
	}
	t.Run("credentials in the header", func(t *testing.T) {
		f := a.exchangeOf(code, "client_id", "-", "client_secret", "-")
		got := a.oauth("POST", "access_token", f, "Authorization", "Basic aWQ6c2VjcmV0")
		a.failsBare(got, 400, "OAuthException", "You must provide a client_id")
	})
	t.Run("GET", func(t *testing.T) {
		got := a.oauth("GET", "access_token", a.exchangeOf(code))
		a.failsBare(got, 405, "APIError", "method GET is not allowed here")
		assert.Equal(t, "POST", got.header.Get("Allow"))
	})
	// None of these has used the code up.
	a.object(a.oauth("POST", "access_token", a.exchangeOf(code)))
	a.failsBare(a.oauth("POST", "access_token/", a.exchangeOf(code)), 400, "OAuthException",
		"Matching code was not found or was already used.")
}

func TestCodeExpires(t *testing.T) {
	a := start(t, instagramtest.WithTime(time.Date(2016, 3, 1, 12, 0, 0, 0, time.UTC)))
	me := a.srv.Users()[0].ID
	first := a.srv.AuthorizationCode(me, callback)
	second := a.srv.AuthorizationCode(me, callback)
	a.srv.Advance(10*time.Minute - time.Second)
	a.object(a.oauth("POST", "access_token", a.exchangeOf(first)))
	a.srv.Advance(time.Second)
	const used = "Matching code was not found or was already used."
	a.failsBare(a.oauth("POST", "access_token", a.exchangeOf(second)), 400, "OAuthException", used)
	third := a.srv.AuthorizationCode(me, callback)
	a.srv.Reset()
	a.failsBare(a.oauth("POST", "access_token", a.exchangeOf(third)), 400, "OAuthException", used)
}

func TestCodeIsUsedOnce(t *testing.T) {
	a := start(t)
	f := a.exchangeOf(a.srv.AuthorizationCode(a.srv.Users()[0].ID, callback))
	var wg sync.WaitGroup
	var exchanged atomic.Int64
	for range 16 {
		wg.Go(func() {
			resp, err := a.srv.Client().PostForm(a.srv.URL+"/oauth/access_token", f)
			if assert.NoError(t, err) {
				resp.Body.Close()
				if resp.StatusCode == 200 {
					exchanged.Add(1)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, exchanged.Load())
}

func TestAuthorizationCodePanics(t *testing.T) {
	a := start(t)
	assert.PanicsWithValue(t, `instagramtest: there is no user "nobody"`, func() { a.srv.AuthorizationCode("nobody", callback) })
	assert.PanicsWithValue(t, `instagramtest: the redirect URI "http://app.example/" is not registered`,
		func() { a.srv.AuthorizationCode(a.srv.Users()[0].ID, "http://app.example/") })
}

func TestOAuthSecretsAreMasked(t *testing.T) {
	a := start(t)
	a.object(a.oauth("POST", "access_token", a.exchangeOf(a.srv.AuthorizationCode(a.srv.Users()[0].ID, callback))))
	log := a.srv.Requests()
	last := log[len(log)-1]
	assert.Equal(t, "/oauth/access_token", last.Path)
	assert.Equal(t, 200, last.Status)
	assert.Equal(t, instagramtest.Masked, last.Params.Get("code"))
	assert.Equal(t, instagramtest.Masked, last.Params.Get("client_secret"))
	assert.Equal(t, a.srv.ClientID, last.Params.Get("client_id"))
}

package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// started runs Start and returns the cookie and the state that it has sent.
func started(t *testing.T, signIn *instagram.SignIn) (*http.Cookie, string) {
	t.Helper()
	w := httptest.NewRecorder()
	signIn.Start(w, httptest.NewRequest(http.MethodGet, "/login", nil))
	require.Equal(t, http.StatusFound, w.Code)
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	to, err := url.Parse(w.Header().Get("Location"))
	require.NoError(t, err)
	assert.Equal(t, "/oauth/authorize", to.Path)
	cookies := w.Result().Cookies()
	require.Len(t, cookies, 1)
	return cookies[0], to.Query().Get("state")
}

// finished runs Finish on what a browser with these cookies comes back with.
func finished(t *testing.T, signIn *instagram.SignIn, back url.Values, cookies ...*http.Cookie) (*instagram.Grant, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, backTo(back), nil)
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	grant, err := signIn.Finish(w, r)
	if gone := w.Result().Cookies(); errors.Is(err, instagram.ErrState) {
		assert.Empty(t, gone, "what is forged ends no sign-in")
	} else if assert.Len(t, gone, 1) {
		assert.Regexp(t, "^__Host-instagram_used_", gone[0].Name, "the state is for one use")
	}
	return grant, err
}

func TestStartAndFinish(t *testing.T) {
	signIn, transport := mockSignIn(t)
	transport.RegisterNoResponder(answer(200, `{"access_token":"7.abc","user":{"id":"7","username":"ada"}}`))
	cookie, state := started(t, signIn)
	grant, err := finished(t, signIn, url.Values{"code": {"c0de1"}, "state": {state}}, cookie)
	require.NoError(t, err)
	assert.Equal(t, "7.abc", grant.Token().AccessToken)
	assert.Equal(t, "ada", grant.User.Username)
}

// The state is bound to the browser that was sent out.
func TestFinishRefuses(t *testing.T) {
	signIn, transport := mockSignIn(t)
	cookie, state := started(t, signIn)
	other, otherState := started(t, signIn)
	good := url.Values{"code": {"c0de1"}, "state": {state}}
	for name, cookies := range map[string][]*http.Cookie{
		"no cookie":          nil,
		"another's cookie":   {other},
		"an empty cookie":    {{Name: cookie.Name}},
		"another name":       {{Name: "state", Value: cookie.Value}},
		"its state":          {{Name: cookie.Name, Value: state}},
		"without the prefix": {{Name: "instagram_state", Value: state}},
	} {
		_, err := finished(t, signIn, good, cookies...)
		assert.ErrorIs(t, err, instagram.ErrState, name)
	}
	_, err := finished(t, signIn, url.Values{"code": {"c0de1"}, "state": {otherState}}, cookie)
	assert.ErrorIs(t, err, instagram.ErrState)
	_, err = finished(t, signIn, url.Values{"error": {"access_denied"}, "error_reason": {"user_denied"}, "state": {state}}, cookie)
	assert.ErrorIs(t, err, instagram.ErrDenied)
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
}

// The cookie is as tight as the address allows.
func TestStateCookie(t *testing.T) {
	signIn, _ := mockSignIn(t)
	cookie, state := started(t, signIn)
	assert.Regexp(t, "^__Host-instagram_state_[A-Z2-7]{8}$", cookie.Name)
	assert.Len(t, cookie.Value, 26, "at least 128 random bits")
	assert.NotContains(t, state, cookie.Value, "the server must not learn the key")
	assert.True(t, cookie.Secure)
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	assert.Equal(t, "/", cookie.Path)
	assert.Empty(t, cookie.Domain)
	assert.Equal(t, 900, cookie.MaxAge)

	client, _ := mockClient(t, instagram.WithClientCredentials("app", testSecret))
	local, err := client.SignIn("http://localhost:8080/callback")
	require.NoError(t, err)
	cookie, _ = started(t, local)
	assert.Regexp(t, "^instagram_state_[A-Z2-7]{8}$", cookie.Name)
	assert.False(t, cookie.Secure)

	shouting, err := client.SignIn("HTTPS://app.example/callback")
	require.NoError(t, err)
	cookie, _ = started(t, shouting)
	assert.Regexp(t, "^__Host-", cookie.Name)
	assert.True(t, cookie.Secure)
}

// A site may sign in with two servers. The state of one is none for the other, so that a server
// cannot have its own code, or its own state, taken for those of the other.
func TestStateIsBoundToItsSignIn(t *testing.T) {
	mine, transport := mockSignIn(t)
	client, _ := mockClient(t, instagram.WithBaseURL("https://evil.example/v1"), instagram.WithClientCredentials("app", testSecret))
	evil, err := client.SignIn(testRedirect)
	require.NoError(t, err)

	_, state := evil.AuthURL()
	_, err = mine.Exchange(t.Context(), backTo(url.Values{"code": {"c0de1"}, "state": {state}}), state)
	require.ErrorIs(t, err, instagram.ErrState)
	_, err = mine.ParseImplicit(testRedirect+"#access_token=eve&state="+state, state)
	require.ErrorIs(t, err, instagram.ErrState)
	cookie, state := started(t, evil)
	_, err = finished(t, mine, url.Values{"code": {"c0de1"}, "state": {state}}, cookie)
	require.ErrorIs(t, err, instagram.ErrState)
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
}

// Several tabs of a browser sign in at once. In whatever order they finish, each does; what is
// forged in between ends none of them.
func TestTabsDoNotBreakOneAnother(t *testing.T) {
	signIn, transport := mockSignIn(t)
	transport.RegisterNoResponder(answer(200, `{"access_token":"7.abc","user":{"id":"7","username":"ada"}}`))
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		browser := map[string]*http.Cookie{}
		keep := func(w *httptest.ResponseRecorder) {
			for _, cookie := range w.Result().Cookies() {
				if browser[cookie.Name] = cookie; cookie.MaxAge < 0 {
					delete(browser, cookie.Name)
				}
			}
		}
		visit := func(handler http.HandlerFunc, url string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, url, nil)
			for _, cookie := range browser {
				r.AddCookie(cookie)
			}
			w := httptest.NewRecorder()
			handler(w, r)
			keep(w)
			return w
		}
		var states []string
		for range order {
			to, err := url.Parse(visit(signIn.Start, "/login").Header().Get("Location"))
			require.NoError(t, err)
			states = append(states, to.Query().Get("state"))
		}
		for range 100 { // of another site, which sends the browser there
			visit(signIn.Start, "/login")
		}
		assert.Len(t, browser, 1, "what is never finished does not pile up")
		finish := func(state string) (err error) {
			visit(func(w http.ResponseWriter, r *http.Request) { _, err = signIn.Finish(w, r) },
				backTo(url.Values{"code": {"c0de1"}, "state": {state}}))
			return err
		}
		for _, tab := range order {
			require.ErrorIs(t, finish("forged"), instagram.ErrState)
			require.NoError(t, finish(states[tab]))
			require.ErrorIs(t, finish(states[tab]), instagram.ErrState, "a state is for one use")
		}
		assert.LessOrEqual(t, len(browser), 4, "what is finished does not pile up")
	}
}

// decide opens the page that authURL leads to, presses a button of it as a user, and returns where
// the server sends the browser then.
func decide(t *testing.T, server *instagramtest.Server, authURL, user, decision string) string {
	t.Helper()
	page, err := server.Client().Get(authURL)
	require.NoError(t, err)
	page.Body.Close()
	require.Equal(t, http.StatusOK, page.StatusCode)
	u, err := url.Parse(authURL)
	require.NoError(t, err)
	form := u.Query()
	form.Set("user", user)
	form.Set("decision", decision)
	browser := *server.Client()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := browser.PostForm(server.URL+u.Path, form)
	require.NoError(t, err)
	answer.Body.Close()
	require.Equal(t, http.StatusFound, answer.StatusCode)
	return answer.Header.Get("Location")
}

func signInOn(t *testing.T, server *instagramtest.Server, redirect string, scopes ...instagram.Scope) (*instagram.Client, *instagram.SignIn) {
	t.Helper()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithHTTPClient(server.Client()),
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	require.NoError(t, err)
	signIn, err := client.SignIn(redirect, scopes...)
	require.NoError(t, err)
	return client, signIn
}

func TestExplicitFlowOnServer(t *testing.T) {
	server := startServer(t, instagramtest.WithTLS(), instagramtest.WithRedirectURI("https://app.example/callback"))
	me := server.Users()[1]
	client, signIn := signInOn(t, server, "https://app.example/callback?next=%2Fphotos", instagram.ScopeLikes)
	authURL, state := signIn.AuthURL()
	back := decide(t, server, authURL, me.Username, "allow")
	assert.Contains(t, back, "next=%2Fphotos")
	grant, err := signIn.Exchange(t.Context(), back, state)
	require.NoError(t, err)
	assert.Equal(t, me.ID, grant.User.ID)
	assert.Equal(t, me.FullName, grant.User.FullName)

	mine := client.WithToken(grant.Token().AccessToken)
	self, err := mine.Users.Get(t.Context(), instagram.Self)
	require.NoError(t, err)
	assert.Equal(t, me.Username, self.Username)
	_, err = mine.Comments.Create(t.Context(), "1_1", "Lovely")
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, instagram.ScopeComments, failure.MissingScope(), "was not asked for")

	// The code has been used up.
	_, err = signIn.Exchange(t.Context(), back, state)
	require.ErrorIs(t, err, instagram.ErrInvalidCode)

	// The user takes the permission back.
	server.Revoke(grant.Token().AccessToken)
	_, err = mine.Users.Get(t.Context(), instagram.Self)
	assert.ErrorIs(t, err, instagram.ErrUnauthorized)
}

// A gateway has the API and the sign-in wherever it likes.
func TestExplicitFlowBehindGateway(t *testing.T) {
	server := startServer(t)
	for _, base := range []string{"/ig/v1", "/ig"} {
		gateway := httptest.NewServer(http.StripPrefix("/ig", server))
		defer gateway.Close()
		client, err := instagram.NewClient(
			instagram.WithBaseURL(gateway.URL+base),
			instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
		)
		require.NoError(t, err)
		signIn, err := client.SignIn("http://localhost:9/app")
		require.NoError(t, err)
		authURL, state := signIn.AuthURL()
		assert.Contains(t, authURL, gateway.URL+"/ig/oauth/authorize?")
		code := server.AuthorizationCode(server.Users()[0].ID, "http://localhost:9/app")
		grant, err := signIn.Exchange(t.Context(), "http://localhost:9/app?code="+code+"&state="+state, state)
		require.NoError(t, err)
		self, err := client.WithToken(grant.Token().AccessToken).Users.Get(t.Context(), instagram.Self)
		require.NoError(t, err)
		assert.Equal(t, grant.User.ID, self.ID)
	}
}

func TestImplicitFlowOnServer(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	client, signIn := signInOn(t, server, "http://localhost:9/app")
	authURL, state := signIn.ImplicitURL()
	grant, err := signIn.ParseImplicit(decide(t, server, authURL, me.ID, "allow"), state)
	require.NoError(t, err)
	self, err := client.WithToken(grant.Token().AccessToken).Users.Get(t.Context(), instagram.Self)
	require.NoError(t, err)
	assert.Equal(t, me.ID, self.ID)
}

func TestDeniedOnServer(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	_, signIn := signInOn(t, server, "http://localhost:9/app")
	want := &instagram.DeniedError{Code: "access_denied", Reason: "user_denied", Description: "The user denied your request"}

	authURL, state := signIn.AuthURL()
	_, err := signIn.Exchange(t.Context(), decide(t, server, authURL, me.ID, "deny"), state)
	var denied *instagram.DeniedError
	require.ErrorAs(t, err, &denied)
	assert.Equal(t, want, denied)

	authURL, state = signIn.ImplicitURL()
	_, err = signIn.ParseImplicit(decide(t, server, authURL, me.ID, "deny"), state)
	require.ErrorAs(t, err, &denied)
	assert.Equal(t, want, denied)
}

// What can go wrong at the exchange can be told apart, whatever this machine's clock says.
func TestExchangeErrorsOnServer(t *testing.T) {
	server := startServer(t, instagramtest.WithRedirectURI("http://localhost:9/app", "http://localhost:9/other"))
	_, signIn := signInOn(t, server, "http://localhost:9/app")
	exchange := func(code string) error {
		_, state := signIn.AuthURL()
		back := url.Values{"code": {code}, "state": {state}}
		_, err := signIn.Exchange(t.Context(), "http://localhost:9/app?"+back.Encode(), state)
		return err
	}
	me := server.Users()[0].ID
	assert.ErrorIs(t, exchange("unknown"), instagram.ErrInvalidCode)
	assert.ErrorIs(t, exchange(server.AuthorizationCode(me, "http://localhost:9/other")), instagram.ErrRedirectURI)

	late := server.AuthorizationCode(me, "http://localhost:9/app")
	server.Advance(time.Hour)
	assert.ErrorIs(t, exchange(late), instagram.ErrInvalidCode)
	assert.NoError(t, exchange(server.AuthorizationCode(me, "http://localhost:9/app")))

	forged, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithClientCredentials(server.ClientID, "wrong"),
	)
	require.NoError(t, err)
	signIn, err = forged.SignIn("http://localhost:9/app")
	require.NoError(t, err)
	assert.ErrorIs(t, exchange(server.AuthorizationCode(me, "http://localhost:9/app")), instagram.ErrUnauthorized)
}

// The oauth2 package gets by with what Config says.
func TestConfigOnServer(t *testing.T) {
	server := startServer(t)
	_, signIn := signInOn(t, server, "http://localhost:9/app", instagram.ScopeLikes)
	config := signIn.Config()
	back, err := url.Parse(decide(t, server, config.AuthCodeURL("state"), server.Users()[0].ID, "allow"))
	require.NoError(t, err)
	token, err := config.Exchange(t.Context(), back.Query().Get("code"))
	require.NoError(t, err)
	assert.Equal(t, server.AccessToken(server.Users()[0].ID, "likes"), token.AccessToken)
}

// Whatever a browser comes back with, nobody is signed in without the state.
func FuzzCallback(f *testing.F) {
	for _, seed := range []string{
		testRedirect + "&code=c0de1&state=x", testRedirect + "#access_token=7.ab&state=x", "%zz", "#", "?error=access_denied",
		"https://app.example/?state=&access_token=7#state=", testRedirect + "&state[]=x#state;access_token=7",
	} {
		f.Add(seed)
	}
	client, err := instagram.NewClient(instagram.WithClientCredentials("app", testSecret))
	require.NoError(f, err)
	signIn, err := client.SignIn(testRedirect)
	require.NoError(f, err)
	gone, cancel := context.WithCancel(f.Context())
	cancel() // nothing is sent
	f.Fuzz(func(t *testing.T, back string) {
		_, state := signIn.AuthURL()
		for _, held := range []string{state, ""} {
			grant, err := signIn.ParseImplicit(back, held)
			assert.Nil(t, grant)
			assert.Error(t, err)
			_, err = signIn.Exchange(gone, back, held)
			assert.NotErrorIs(t, err, context.Canceled, "it got as far as the exchange")
		}
	})
}

const (
	testSecret   = "6dc1787668c64c939929c17683d7cb74"
	testRedirect = "https://app.example/callback?from=instagram"
)

func mockSignIn(t *testing.T, scopes ...instagram.Scope) (*instagram.SignIn, *httpmock.MockTransport) {
	t.Helper()
	client, transport := mockClient(t, instagram.WithClientCredentials("app", testSecret))
	signIn, err := client.SignIn(testRedirect, scopes...)
	require.NoError(t, err)
	return signIn, transport
}

// The OAuth endpoints are beside /v1, wherever that is.
func TestEndpoint(t *testing.T) {
	for base, want := range map[string]string{
		instagram.DefaultBaseURL:         "https://api.instagram.com",
		"http://127.0.0.1:8080/v1/":      "http://127.0.0.1:8080",
		"https://gateway.example/ig/v1":  "https://gateway.example/ig",
		"https://gateway.example/ig":     "https://gateway.example/ig",
		"https://gateway.example":        "https://gateway.example",
		"https://gateway.example/ig-v1":  "https://gateway.example/ig-v1",
		"https://v1":                     "https://v1",
		"https://gateway.example/v1/api": "https://gateway.example/v1/api",
	} {
		assert.Equal(t, oauth2.Endpoint{
			AuthURL: want + "/oauth/authorize", TokenURL: want + "/oauth/access_token", AuthStyle: oauth2.AuthStyleInParams,
		}, instagram.OAuthEndpoint(base), base)
	}
}

func TestAuthURL(t *testing.T) {
	signIn, _ := mockSignIn(t, instagram.ScopeLikes, instagram.ScopeComments)
	authURL, state := signIn.AuthURL()
	_, again := signIn.AuthURL()
	assert.NotEqual(t, state, again)
	assert.GreaterOrEqual(t, len(state), 26)
	assert.Equal(t, "https://api.instagram.com/oauth/authorize?client_id=app"+
		"&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback%3Ffrom%3Dinstagram"+
		"&response_type=code&scope=likes+comments&state="+state, authURL)

	authURL, state = signIn.ImplicitURL()
	assert.Contains(t, authURL, "response_type=token&")
	assert.Contains(t, authURL, "state="+state)

	plain, _ := mockSignIn(t)
	authURL, _ = plain.AuthURL()
	assert.NotContains(t, authURL, "scope", "servers refuse an empty scope")
}

func TestConfig(t *testing.T) {
	signIn, _ := mockSignIn(t, instagram.ScopeBasic, instagram.ScopeLikes)
	assert.Equal(t, &oauth2.Config{
		ClientID: "app", ClientSecret: testSecret, RedirectURL: testRedirect,
		Endpoint: instagram.OAuthEndpoint(instagram.DefaultBaseURL), Scopes: []string{"basic", "likes"},
	}, signIn.Config())
}

func TestSignInRefuses(t *testing.T) {
	tests := map[string]struct {
		clientID, redirect string
		scopes             []instagram.Scope
		parameter          string
	}{
		"no client id":      {"", testRedirect, nil, "client_id"},
		"no redirect":       {"app", "", nil, "redirect_uri"},
		"relative redirect": {"app", "/callback", nil, "redirect_uri"},
		"fragment":          {"app", testRedirect + "#", nil, "redirect_uri"},
		"not a URL":         {"app", "https://app example/", nil, "redirect_uri"},
		"empty scope":       {"app", testRedirect, []instagram.Scope{instagram.ScopeLikes, ""}, "scope"},
		"two in one":        {"app", testRedirect, []instagram.Scope{"likes comments"}, "scope"},
		"two with a plus":   {"app", testRedirect, []instagram.Scope{"likes+comments"}, "scope"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var opts []instagram.Option
			if tt.clientID != "" {
				opts = append(opts, instagram.WithClientCredentials(tt.clientID, testSecret))
			}
			client, err := instagram.NewClient(opts...)
			require.NoError(t, err)
			signIn, err := client.SignIn(tt.redirect, tt.scopes...)
			assert.Nil(t, signIn)
			var refused *instagram.ParameterError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, tt.parameter, refused.Parameter)
		})
	}
}

// backTo is what the server sends the user back with.
func backTo(params url.Values) string { return testRedirect + "&" + params.Encode() }

func TestExchange(t *testing.T) {
	signIn, transport := mockSignIn(t)
	transport.RegisterResponder("POST", "https://api.instagram.com/oauth/access_token", func(r *http.Request) (*http.Response, error) {
		assert.NoError(t, r.ParseForm())
		assert.Empty(t, r.URL.RawQuery, "a secret is not for a URL")
		assert.Equal(t, url.Values{
			"client_id": {"app"}, "client_secret": {testSecret}, "grant_type": {"authorization_code"},
			"redirect_uri": {testRedirect}, "code": {"c0de&1"},
		}, r.PostForm)
		return answer(200, `{"access_token":"7.abc","user":{"id":17841405793187218,"username":"ada","full_name":"Ada",
			"profile_picture":"https://pictures.example/7.jpg","bio":"Hills","website":"https://ada.example"}}`)(r)
	})
	_, state := signIn.AuthURL()
	grant, err := signIn.Exchange(t.Context(), backTo(url.Values{"code": {"c0de&1"}, "state": {state}}), state)
	require.NoError(t, err)
	assert.Equal(t, &oauth2.Token{AccessToken: "7.abc"}, grant.Token())
	assert.Equal(t, instagram.UserInfo{
		ID: "17841405793187218", Username: "ada", FullName: "Ada",
		ProfilePicture: "https://pictures.example/7.jpg", Bio: "Hills", Website: "https://ada.example",
	}, grant.User, "every digit of the id is kept")
	assert.True(t, grant.Token().Valid())
}

// What does not belong to this sign-in goes no further.
func TestExchangeRefuses(t *testing.T) {
	tests := map[string]struct {
		callback func(state string) url.Values
		state    string // instead of the one that was made
		want     error
	}{
		"another state": {func(string) url.Values { return url.Values{"code": {"c"}, "state": {"x"}} }, "", instagram.ErrState},
		"longer state":  {func(s string) url.Values { return url.Values{"code": {"c"}, "state": {s + "x"}} }, "", instagram.ErrState},
		"no state":      {func(string) url.Values { return url.Values{"code": {"c"}} }, "", instagram.ErrState},
		"none kept":     {func(string) url.Values { return url.Values{"code": {"c"}, "state": {""}} }, "none", instagram.ErrState},
		"no code":       {func(s string) url.Values { return url.Values{"state": {s}} }, "", instagram.ErrInvalidParameters},
		"forged denial": {func(string) url.Values { return url.Values{"error": {"access_denied"}, "state": {"x"}} }, "", instagram.ErrState},
		"denial":        {func(s string) url.Values { return url.Values{"error": {"access_denied"}, "state": {s}} }, "", instagram.ErrDenied},
		"plain denial":  {func(string) url.Values { return url.Values{"error": {"access_denied"}} }, "", instagram.ErrDenied},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			signIn, transport := mockSignIn(t)
			_, state := signIn.AuthURL()
			back := backTo(tt.callback(state))
			if tt.state == "none" {
				state = ""
			}
			grant, err := signIn.Exchange(t.Context(), back, state)
			assert.Nil(t, grant)
			assert.ErrorIs(t, err, tt.want)
			assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
		})
	}
}

func TestDeniedError(t *testing.T) {
	signIn, _ := mockSignIn(t)
	_, state := signIn.AuthURL()
	_, err := signIn.Exchange(t.Context(), backTo(url.Values{
		"error": {"access_denied"}, "error_reason": {"user_denied"},
		"error_description": {"The user denied your request."}, "state": {state},
	}), state)
	var denied *instagram.DeniedError
	require.ErrorAs(t, err, &denied)
	assert.Equal(t, &instagram.DeniedError{
		Code: "access_denied", Reason: "user_denied", Description: "The user denied your request.",
	}, denied)
	assert.ErrorIs(t, err, instagram.ErrDenied)

	_, err = signIn.Exchange(t.Context(), backTo(url.Values{
		"error": {strings.Repeat("x", 1<<20)}, "error_reason": {strings.Repeat("x", 1<<20)}, "error_description": {strings.Repeat("x", 1<<20)},
	}), state)
	assert.Less(t, len(err.Error()), 4000)
}

// Errors of the token endpoint have no meta, and nothing to be told by but their words.
func TestExchangeErrors(t *testing.T) {
	bare := func(errorType, message string) string {
		return `{"code":400,"error_type":"` + errorType + `","error_message":"` + message + `"}`
	}
	tests := map[string]struct {
		status int
		body   string
		want   error
	}{
		"code used":           {400, bare("OAuthException", "Matching code was not found or was already used."), instagram.ErrInvalidCode},
		"code expired":        {400, bare("OAuthException", "This authorization code has expired"), instagram.ErrInvalidCode},
		"redirect unknown":    {400, bare("OAuthException", "Redirect URI does not match registered redirect URI"), instagram.ErrRedirectURI},
		"redirect changed":    {400, bare("OAuthException", "Redirect URI doesn't match original redirect URI"), instagram.ErrRedirectURI},
		"redirect, with 200":  {200, bare("OAuthException", "Invalid redirect_uri"), instagram.ErrRedirectURI},
		"client id":           {400, bare("OAuthException", "Invalid Client ID"), instagram.ErrUnauthorized},
		"client secret":       {400, bare("OAuthClientException", "Invalid Client Secret"), instagram.ErrUnauthorized},
		"grant type":          {400, bare("OAuthException", "grant_type must be authorization_code"), instagram.ErrUnauthorized},
		"with meta":           {400, `{"meta":` + bare("OAuthException", "Matching code was not found") + `}`, instagram.ErrInvalidCode},
		"rate limit":          {429, bare("OAuthRateLimitException", "Slow down, code 7"), instagram.ErrRateLimited},
		"overload":            {503, "<html>", instagram.ErrUnavailable},
		"no JSON":             {200, "access_token=7.abc", instagram.ErrInvalidResponse},
		"more than one value": {200, `{"access_token":"7.abc"} 7`, instagram.ErrInvalidResponse},
		"a list":              {200, "[]", instagram.ErrInvalidResponse},
		"no token":            {200, `{"user":{"id":"7"}}`, instagram.ErrInvalidResponse},
		"null token":          {200, `{"access_token":null,"user":{"id":"7"}}`, instagram.ErrInvalidResponse},
		"token with newlines": {200, `{"access_token":"7\n8","user":{"id":"7"}}`, instagram.ErrInvalidResponse},
		"broken user":         {200, `{"access_token":"7.abc","user":7}`, instagram.ErrInvalidResponse},
		"too large":           {200, `{"access_token":"` + strings.Repeat("7", 17<<20) + `"}`, instagram.ErrBodyTooLarge},
	}
	all := []error{
		instagram.ErrRateLimited, instagram.ErrUnauthorized, instagram.ErrInvalidParameters, instagram.ErrUnavailable,
		instagram.ErrInvalidResponse, instagram.ErrInvalidCode, instagram.ErrRedirectURI, instagram.ErrBodyTooLarge,
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			signIn, transport := mockSignIn(t)
			transport.RegisterNoResponder(answer(tt.status, tt.body))
			_, state := signIn.AuthURL()
			grant, err := signIn.Exchange(t.Context(), backTo(url.Values{"code": {"c0de1"}, "state": {state}}), state)
			assert.Nil(t, grant)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "POST /oauth/access_token", failure.Method+" "+failure.Endpoint)
			for _, sentinel := range all {
				assert.Equal(t, errors.Is(tt.want, sentinel), errors.Is(err, sentinel), "%v: %v", sentinel, err)
			}
			assert.Equal(t, 1, transport.GetTotalCallCount(), "a code is not sent twice")
		})
	}

	// Elsewhere such words mean nothing of the kind.
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(400, bare("APIInvalidParametersError", "invalid code")))
	_, err := client.Media.GetByShortcode(t.Context(), "B-x")
	assert.NotErrorIs(t, err, instagram.ErrInvalidCode)
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

func TestExchangeNeedsTheSecret(t *testing.T) {
	client, transport := mockClient(t, instagram.WithClientCredentials("app", ""))
	signIn, err := client.SignIn(testRedirect)
	require.NoError(t, err)
	_, state := signIn.AuthURL()
	_, err = signIn.Exchange(t.Context(), backTo(url.Values{"code": {"c"}, "state": {state}}), state)
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.ErrorContains(t, err, "client_secret")
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
}

func TestParseImplicit(t *testing.T) {
	signIn, transport := mockSignIn(t)
	_, state := signIn.ImplicitURL()
	tests := map[string]struct {
		callback string
		token    string
		want     error
	}{
		"state in the fragment": {testRedirect + "#access_token=7.a%2Fb&state=" + state, "7.a/b", nil},
		"state in the query":    {testRedirect + "&state=" + state + "#access_token=7.ab", "7.ab", nil},
		"forged state":          {testRedirect + "#access_token=7.ab&state=x", "", instagram.ErrState},
		"no state":              {testRedirect + "#access_token=7.ab", "", instagram.ErrState},
		"two states":            {testRedirect + "&state=" + state + "#access_token=7.ab&state=x", "", instagram.ErrState},
		"no token":              {testRedirect + "#state=" + state, "", instagram.ErrInvalidParameters},
		"token in the query":    {testRedirect + "&access_token=7.ab#state=" + state, "", instagram.ErrInvalidParameters},
		"broken token":          {testRedirect + "#access_token=7%0Aab&state=" + state, "", instagram.ErrInvalidParameters},
		"broken fragment":       {testRedirect + "#access_token=7.ab;state=" + state, "", instagram.ErrInvalidParameters},
		"broken URL":            {"https://app.example/%zz#access_token=7.ab&state=" + state, "", instagram.ErrInvalidParameters},
		"denied in the query":   {testRedirect + "&error=access_denied&state=" + state, "", instagram.ErrDenied},
		"denied in the fragment": {
			testRedirect + "#error=access_denied&error_reason=user_denied&state=" + state, "", instagram.ErrDenied,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			grant, err := signIn.ParseImplicit(tt.callback, state)
			if tt.want != nil {
				assert.Nil(t, grant)
				require.ErrorIs(t, err, tt.want)
				assert.NotContains(t, err.Error(), "ab")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.token, grant.Token().AccessToken)
			assert.Empty(t, grant.User)
		})
	}
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
}

// Whoever lacks a scope is told which one, and whoever has it gets in.
func TestMissingScopeOnServer(t *testing.T) {
	server := startServer(t)
	me, other := server.Users()[0], public(server.Users())[1]
	media := collect(t, signedIn(t, server, other).Users.RecentMedia(instagram.Self, nil))[0]
	type call = func(context.Context, *instagram.Client) error
	tests := map[instagram.Scope]call{
		instagram.ScopePublicContent: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Tags.Get(ctx, "snow")
			return err
		},
		instagram.ScopeFollowerList: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Follows(instagram.Self, nil).Next(ctx)
			return err
		},
		instagram.ScopeComments: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Comments.Create(ctx, media.ID, "Lovely")
			return err
		},
		instagram.ScopeRelationships: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Modify(ctx, other.ID, instagram.ActionFollow)
			return err
		},
		instagram.ScopeLikes: func(ctx context.Context, c *instagram.Client) error { return c.Likes.Like(ctx, media.ID) },
	}
	var scopes []string
	for scope := range tests {
		scopes = append(scopes, string(scope))
	}
	for scope, call := range tests {
		t.Run(string(scope), func(t *testing.T) {
			client := signedIn(t, server, me)
			others := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == string(scope) })
			err := call(t.Context(), client.WithToken(server.AccessToken(me.ID, others...)))
			require.ErrorIs(t, err, instagram.ErrMissingScope)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, scope, failure.MissingScope())
			assert.ErrorContains(t, err, string(scope))

			// Media of others are public content, on top.
			granted := server.AccessToken(me.ID, string(scope), "public_content")
			err = call(t.Context(), client.WithToken(granted))
			assert.NotErrorIs(t, err, instagram.ErrMissingScope)
		})
	}
}

// Every token of the server has the scope basic, so its absence is told here.
func TestMissingScope(t *testing.T) {
	tests := map[string]struct {
		body string
		want instagram.Scope
	}{
		"basic": {
			`{"meta":{"code":400,"error_type":"OAuthPermissionsException","error_message":"This request requires scope=basic, but this access token is not authorized with this scope. The user must re-authorize your application with scope=basic to be granted this permission."}}`,
			instagram.ScopeBasic,
		},
		"a scope unknown to us": {
			`{"meta":{"code":400,"error_type":"OAuthPermissionsException","error_message":"This request requires scope=stories, sorry"}}`, "stories",
		},
		"in other words": {
			`{"meta":{"code":403,"error_type":"OAuthPermissionsException","error_message":"this token was not granted follower_list"}}`,
			instagram.ScopeFollowerList,
		},
		"not said":      {`{"meta":{"code":403,"error_type":"OAuthPermissionsException","error_message":"not with this scope. Sorry"}}`, ""},
		"another error": {`{"meta":{"code":400,"error_type":"APIError","error_message":"scope=likes"}}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(400, tt.body))
			_, err := client.Users.Get(t.Context(), instagram.Self)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, tt.want, failure.MissingScope())
		})
	}
}

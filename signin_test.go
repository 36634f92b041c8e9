package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
		assert.Negative(t, gone[0].MaxAge, "the state is for one use")
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
		"another name":       {{Name: "state", Value: state}},
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
	assert.Equal(t, state, cookie.Value)
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
		assert.Empty(t, browser)

		for range 30 {
			visit(signIn.Start, "/login")
		}
		assert.LessOrEqual(t, len(browser), 8, "what is never finished does not pile up")
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

package instagram_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// started runs Start and returns the cookie and the state that it has sent.
func started(t *testing.T, signIn *instagram.SignIn) (*http.Cookie, string) {
	t.Helper()
	w := httptest.NewRecorder()
	signIn.Start(w, httptest.NewRequest("GET", "/login", nil))
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
	r := httptest.NewRequest("GET", callback(back), nil)
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	grant, err := signIn.Finish(w, r)
	gone := w.Result().Cookies()
	require.Len(t, gone, 1)
	assert.Negative(t, gone[0].MaxAge, "the state is for one use")
	return grant, err
}

func TestStartAndFinish(t *testing.T) {
	signIn, transport := mockSignIn(t)
	transport.RegisterNoResponder(answer(200, `{"access_token":"7.abc","user":{"id":"7","username":"ada"}}`))
	cookie, state := started(t, signIn)
	grant, err := finished(t, signIn, url.Values{"code": {"c0de1"}, "state": {state}}, cookie)
	require.NoError(t, err)
	assert.Equal(t, "7.abc", grant.Token.AccessToken)
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
	assert.Equal(t, "__Host-instagram_state", cookie.Name)
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
	assert.Equal(t, "instagram_state", cookie.Name)
	assert.False(t, cookie.Secure)
}

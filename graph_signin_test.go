package instagram_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

const (
	shortToken = "IGAAshort-token-0123456789"
	longToken  = "IGAAlong-token-0123456789"
)

// mockGraphSignIn returns a sign-in on the hosts of today, whose answers are the test's.
func mockGraphSignIn(t *testing.T, code, long string, opts ...instagram.Option) (*instagram.GraphSignIn, *httpmock.MockTransport) {
	t.Helper()
	client, transport := mockClient(t, append([]instagram.Option{instagram.WithClientCredentials("990602627938098", testSecret)}, opts...)...)
	transport.RegisterResponder("POST", "https://api.instagram.com/oauth/access_token", func(r *http.Request) (*http.Response, error) {
		require.NoError(t, r.ParseForm())
		assert.Equal(t, url.Values{
			"client_id": {"990602627938098"}, "client_secret": {testSecret}, "grant_type": {"authorization_code"},
			"redirect_uri": {"https://app.example/callback"}, "code": {"c0de1"},
		}, r.PostForm)
		status := 200
		if strings.Contains(code, "error_type") {
			status = 400
		}
		return answer(status, code)(r)
	})
	transport.RegisterResponder("GET", "https://graph.instagram.com/access_token", func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, url.Values{
			"grant_type": {"ig_exchange_token"}, "client_secret": {testSecret}, "access_token": {shortToken},
		}, r.URL.Query())
		status := 200
		if strings.Contains(long, `"error"`) {
			status = 400
		}
		return answer(status, long)(r)
	})
	signIn, err := client.GraphSignIn("https://app.example/callback", instagram.GraphScopeBusinessBasic, instagram.GraphScopeBusinessInsights)
	require.NoError(t, err)
	return signIn, transport
}

const (
	flatCode = `{"access_token":"` + shortToken + `","user_id":17841400000000007,"permissions":["instagram_business_basic","instagram_business_manage_insights"]}`
	longLife = `{"access_token":"` + longToken + `","token_type":"bearer","expires_in":5183944}`
)

func TestGraphSignInExchange(t *testing.T) {
	both := []instagram.GraphScope{instagram.GraphScopeBusinessBasic, instagram.GraphScopeBusinessInsights}
	for name, tt := range map[string]struct {
		code string
		want []instagram.GraphScope
	}{
		"flat": {flatCode, both},
		"as the documentation has it": {`{"data":[{"access_token":"` + shortToken + `","user_id":"17841400000000007",
			"permissions":"instagram_business_basic,instagram_business_manage_insights"}]}`, both},
		"fewer than asked for": {`{"access_token":"` + shortToken + `","user_id":17841400000000007,"permissions":"instagram_business_basic"}`, both[:1]},
		"permissions not said": {`{"access_token":"` + shortToken + `","user_id":17841400000000007,"more":[{"access_token":"x"}]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			signIn, transport := mockGraphSignIn(t, tt.code, longLife)
			authURL, state := signIn.AuthURL()
			to, err := url.Parse(authURL)
			require.NoError(t, err)
			assert.Equal(t, "https://www.instagram.com/oauth/authorize", to.Scheme+"://"+to.Host+to.Path)
			assert.Equal(t, url.Values{
				"client_id": {"990602627938098"}, "redirect_uri": {"https://app.example/callback"}, "response_type": {"code"},
				"scope": {"instagram_business_basic instagram_business_manage_insights"}, "state": {state},
			}, to.Query())

			// Instagram puts #_ behind the address.
			grant, err := signIn.Exchange(t.Context(), "https://app.example/callback?code=c0de1&state="+state+"#_", state)
			require.NoError(t, err)
			assert.Equal(t, "17841400000000007", grant.UserID)
			assert.Equal(t, tt.want, grant.Permissions)
			assert.Equal(t, len(tt.want) == 2, grant.Granted(instagram.GraphScopeBusinessInsights))
			assert.Equal(t, longToken, grant.Token().AccessToken)
			assert.WithinDuration(t, time.Now().Add(5183944*time.Second), grant.Token().Expiry, time.Minute)
			assert.Equal(t, 2, transport.GetTotalCallCount())
		})
	}
}

func TestGraphSignInStartAndFinish(t *testing.T) {
	signIn, _ := mockGraphSignIn(t, flatCode, longLife)
	w := httptest.NewRecorder()
	signIn.Start(w, httptest.NewRequest(http.MethodGet, "/login", nil))
	require.Equal(t, http.StatusFound, w.Code)
	cookies := w.Result().Cookies()
	require.Len(t, cookies, 1)
	assert.Regexp(t, "^__Host-instagram_state_", cookies[0].Name)
	to, err := url.Parse(w.Header().Get("Location"))
	require.NoError(t, err)
	state := to.Query().Get("state")
	back := func(query url.Values, cookies ...*http.Cookie) (*instagram.GraphGrant, error) {
		r := httptest.NewRequest(http.MethodGet, "/callback?"+query.Encode(), nil)
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
	_, err = back(url.Values{"code": {"c0de1"}, "state": {state}})
	require.ErrorIs(t, err, instagram.ErrState)
	_, err = back(url.Values{"code": {"c0de1"}, "state": {"other"}}, cookies...)
	require.ErrorIs(t, err, instagram.ErrState)
	_, err = back(url.Values{"error": {"access_denied"}, "error_reason": {"user_denied"}, "state": {state}}, cookies...)
	require.ErrorIs(t, err, instagram.ErrDenied)
	grant, err := back(url.Values{"code": {"c0de1"}, "state": {state}}, cookies...)
	require.NoError(t, err)
	assert.Equal(t, longToken, grant.Token().AccessToken)
}

func TestGraphSignInRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		code, long string
		want       error
		half       bool // whether the short-lived token is left
	}{
		"replayed code": {`{"error_type":"OAuthException","code":400,"error_message":"Matching code was not found or was already used"}`, "", instagram.ErrInvalidCode, false},
		"redirect":      {`{"error_type":"OAuthException","code":400,"error_message":"Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"}`, "", instagram.ErrRedirectURI, false},
		"no token":      {`{"user_id":7}`, "", instagram.ErrInvalidResponse, false},
		"nonsense":      {`<html>`, "", instagram.ErrInvalidResponse, false},
		"a list":        {`{"data":5}`, "", instagram.ErrInvalidResponse, false},
		"long refused":  {flatCode, `{"error":{"message":"Session of ` + shortToken + ` has expired","type":"OAuthException","code":190}}`, instagram.ErrUnauthorized, true},
		"long nonsense": {flatCode, `{"expires_in":5}`, instagram.ErrInvalidResponse, true},
	} {
		t.Run(name, func(t *testing.T) {
			signIn, _ := mockGraphSignIn(t, tt.code, tt.long)
			_, state := signIn.AuthURL()
			grant, err := signIn.Exchange(t.Context(), "https://app.example/callback?code=c0de1&state="+state, state)
			require.ErrorIs(t, err, tt.want)
			for _, secret := range []string{shortToken, testSecret, "c0de1"} {
				assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), secret)
			}
			if !tt.half {
				assert.Nil(t, grant)
				return
			}
			require.NotNil(t, grant, "a code works once: what it gave must not be lost")
			assert.Equal(t, shortToken, grant.Token().AccessToken)
			assert.WithinDuration(t, time.Now().Add(time.Hour), grant.Token().Expiry, time.Minute)
		})
	}
}

func TestGraphSignInRefusesToBegin(t *testing.T) {
	client, _ := mockClient(t)
	_, err := client.GraphSignIn("https://app.example/callback")
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	client, transport := mockClient(t, instagram.WithClientCredentials("app", ""))
	for _, redirect := range []string{"", "/callback", "https://app.example/callback#x"} {
		_, err = client.GraphSignIn(redirect)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, redirect)
	}
	_, err = client.GraphSignIn("https://app.example/callback", "instagram_business_basic,more")
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	signIn, err := client.GraphSignIn("https://app.example/callback")
	require.NoError(t, err)
	_, err = signIn.LongLived(t.Context(), &oauth2.Token{AccessToken: shortToken})
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.ErrorContains(t, err, "client_secret")
	_, err = signIn.LongLived(t.Context(), nil)
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
	for _, endpoint := range []oauth2.Endpoint{
		{}, {AuthURL: "https://a.example/oauth/authorize"}, {AuthURL: "a.example", TokenURL: "https://b.example/oauth/access_token"},
		{AuthURL: "https://a.example/oauth/authorize", TokenURL: "https://b.example/token"},
	} {
		_, err = instagram.NewClient(instagram.WithGraphOAuthEndpoint(endpoint))
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	}
}

func TestGraphGrantIsNotPrinted(t *testing.T) {
	signIn, _ := mockGraphSignIn(t, flatCode, longLife)
	_, state := signIn.AuthURL()
	grant, err := signIn.Exchange(t.Context(), "https://app.example/callback?code=c0de1&state="+state, state)
	require.NoError(t, err)
	for _, value := range []any{grant, *grant, []instagram.GraphGrant{*grant}, struct{ g *instagram.GraphGrant }{grant}, struct{ G instagram.GraphGrant }{*grant}, signIn, *signIn} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			assert.NotContains(t, fmt.Sprintf(verb, value), longToken)
			assert.NotContains(t, fmt.Sprintf(verb, value), testSecret)
		}
		text, err := json.Marshal(value)
		var unsupported *json.UnsupportedTypeError
		if !errors.As(err, &unsupported) {
			require.NoError(t, err)
		}
		assert.NotContains(t, string(text), longToken)
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "value", value)
		assert.NotContains(t, log.String(), longToken)
	}
}

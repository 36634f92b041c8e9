package instagram_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

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

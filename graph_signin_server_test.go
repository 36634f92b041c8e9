package instagram_test

// These tests sign in to the Graph on a server, and keep what comes of it alive by the server's
// clock.

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

const graphRedirect = "https://app.example/callback"

// graphSignInOn returns an app's client without a token, and its sign-in.
func graphSignInOn(t *testing.T, server *instagramtest.Server, scopes ...instagram.GraphScope) (*instagram.Client, *instagram.GraphSignIn) {
	t.Helper()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), instagram.WithGraphURL(server.URL), instagram.WithGraphVersion("v26.0"),
		instagram.WithGraphOAuthEndpoint(instagram.OAuthEndpoint(server.BaseURL())),
		instagram.WithHTTPClient(server.Client()), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	require.NoError(t, err)
	signIn, err := client.GraphSignIn(graphRedirect, scopes...)
	require.NoError(t, err)
	return client, signIn
}

func TestGraphSignInOnServer(t *testing.T) {
	server := startServer(t, instagramtest.WithTLS(), instagramtest.WithRedirectURI(graphRedirect))
	me, ctx := server.Users()[1], t.Context()
	client, signIn := graphSignInOn(t, server, instagram.GraphScopeBusinessBasic, instagram.GraphScopeBusinessComments)

	authURL, state := signIn.AuthURL()
	back := decide(t, server, authURL, me.Username, "deny")
	_, err := signIn.Exchange(ctx, back, state)
	require.ErrorIs(t, err, instagram.ErrDenied)

	authURL, state = signIn.AuthURL()
	back = decide(t, server, authURL, me.Username, "allow")
	assert.Contains(t, back, "#_", "as the service does")
	_, err = signIn.Exchange(ctx, back, "another state")
	require.ErrorIs(t, err, instagram.ErrState)
	grant, err := signIn.Exchange(ctx, back, state)
	require.NoError(t, err)
	assert.Equal(t, me.ID, grant.UserID)
	assert.True(t, grant.Granted(instagram.GraphScopeBusinessComments))
	assert.False(t, grant.Granted(instagram.GraphScopeBusinessInsights))
	assert.WithinDuration(t, time.Now().Add(60*24*time.Hour), grant.Token().Expiry, time.Minute)
	_, err = signIn.Exchange(ctx, back, state)
	require.ErrorIs(t, err, instagram.ErrInvalidCode, "a code works once")

	user, err := client.WithGraphToken(grant.Token().AccessToken).Graph.User(ctx, instagram.Self)
	require.NoError(t, err)
	assert.Equal(t, me.Username, user.Username)
	_, err = client.WithToken(grant.Token().AccessToken).Users.Get(ctx, instagram.Self)
	require.ErrorIs(t, err, instagram.ErrMissingScope, "it opens nothing of v1")

	// v1's own sign-in goes on beside it, on the same pages.
	v1, err := client.SignIn(graphRedirect, instagram.ScopeLikes)
	require.NoError(t, err)
	authURL, state = v1.AuthURL()
	old, err := v1.Exchange(ctx, decide(t, server, authURL, me.Username, "allow"), state)
	require.NoError(t, err)
	assert.Equal(t, me.ID, old.User.ID)

	// Scopes of both at once are refused by the server, in words.
	u, err := url.Parse(authURL)
	require.NoError(t, err)
	query := u.Query()
	query.Set("scope", "instagram_business_basic likes")
	u.RawQuery = query.Encode()
	res, err := server.Client().Get(u.String())
	require.NoError(t, err)
	res.Body.Close()
	assert.Equal(t, 400, res.StatusCode)
}

// The server renews by its rules: not before 24 hours, not after 60 days, and no token of an hour.
func TestGraphTokenOnServer(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	client, _ := graphSignInOn(t, server)
	issued := server.GraphToken(me.ID)
	// aged is the token as a program has it when so much time has passed on both clocks.
	aged := func(token string, age time.Duration) *oauth2.Token {
		return &oauth2.Token{AccessToken: token, Expiry: time.Now().Add(60*day - age)}
	}
	var failures []error
	renewedFrom := func(token *oauth2.Token) string {
		source, err := instagram.GraphTokenSource(token, &instagram.GraphTokenOptions{
			Client: client, Age: day, Failed: func(_ context.Context, err error) { failures = append(failures, err) },
		})
		require.NoError(t, err)
		held, err := source.Token()
		require.NoError(t, err)
		return held.AccessToken
	}
	server.Advance(day - time.Hour)
	assert.Equal(t, issued, renewedFrom(aged(issued, day)), "by the server's clock it is too young")
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], instagram.ErrInvalidParameters)
	server.Advance(time.Hour)
	second := renewedFrom(aged(issued, day))
	assert.NotEqual(t, issued, second)
	require.Len(t, failures, 1)

	works := func(token string) error {
		_, err := client.WithGraphToken(token).Graph.User(t.Context(), instagram.Self)
		return err
	}
	require.NoError(t, works(issued), "the old one lasts until its end")
	server.Advance(59 * day)
	require.ErrorIs(t, works(issued), instagram.ErrUnauthorized)
	require.NoError(t, works(second))
	assert.Equal(t, issued, renewedFrom(aged(issued, 59*day)), "an expired one is not renewed")
	require.Len(t, failures, 2)
	require.ErrorIs(t, failures[1], instagram.ErrUnauthorized)
	server.Advance(day)
	require.ErrorIs(t, works(second), instagram.ErrUnauthorized)
}

// A hundred goroutines with a token that is due make one request for the next one, over HTTP, and
// none of their calls fails.
func TestGraphTokenOnServerOnce(t *testing.T) {
	server := startServer(t)
	client, _ := graphSignInOn(t, server)
	token := server.GraphToken(server.Users()[0].ID)
	server.Advance(40 * day)
	saved := make(chan string, 100)
	source, err := instagram.GraphTokenSource(&oauth2.Token{AccessToken: token, Expiry: time.Now().Add(20 * day)}, &instagram.GraphTokenOptions{
		Client: client,
		Save: func(_ context.Context, token *oauth2.Token) error {
			saved <- token.AccessToken
			return nil
		},
	})
	require.NoError(t, err)
	client = client.WithGraphTokenSource(source)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, err := client.Graph.User(t.Context(), instagram.Self, instagram.GraphFieldUsername)
			assert.NoError(t, err)
		})
	}
	all.Wait()
	close(saved)
	refreshes := 0
	for _, request := range server.Requests() {
		if request.Path == "/refresh_access_token" {
			refreshes++
		}
	}
	assert.Equal(t, 1, refreshes)
	held, err := source.Token()
	require.NoError(t, err)
	assert.Equal(t, held.AccessToken, <-saved)
	assert.Empty(t, saved)
}

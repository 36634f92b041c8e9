package instagram_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// An error behind which is a mistake that many make says what to do.
func TestErrorsHelp(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	token := server.AccessToken(me.ID)
	const graphToken = "IGQWRPdGVzdC10b2tlbi1vZi10aGUtZ3JhcGg"
	self := func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Users.Get(ctx, instagram.Self)
		return err
	}
	unreachable := instagram.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.instagram.com", IsNotFound: true}}
	})})
	noSuchPage := instagram.WithHTTPClient(&http.Client{Transport: roundTripper(answer(404, "404 page not found"))})
	onServer := instagram.WithBaseURL(server.BaseURL())
	once := instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1})
	for name, tt := range map[string]struct {
		opts []instagram.Option
		call func(context.Context, *instagram.Client) error
		want string
	}{
		"production": {[]instagram.Option{unreachable, once, instagram.WithAccessToken(token)}, self,
			"instagram: GET /users/{user-id}: dial: lookup api.instagram.com: no such host; " +
				"Instagram switched this server off in 2020; name one that answers with WithBaseURL"},
		"no /v1": {[]instagram.Option{instagram.WithBaseURL("https://gateway.example"), noSuchPage, instagram.WithAccessToken(token)}, self,
			"; the base URL does not end in /v1, as that of a v1 server does; see WithBaseURL"},
		"the path of the Graph": {[]instagram.Option{instagram.WithBaseURL(server.URL + "/v26.0"), instagram.WithAccessToken(token)}, self,
			"; the base URL does not end in /v1, as that of a v1 server does; see WithBaseURL"},
		"a username": {[]instagram.Option{onServer, instagram.WithAccessToken(token)}, func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.RecentMedia(me.Username, nil).Next(ctx)
			return err
		}, "; user ids are numbers; Users.Search finds that of a username"},
		"a shortcode": {[]instagram.Option{onServer, instagram.WithAccessToken(token)}, func(ctx context.Context, c *instagram.Client) error {
			return c.Likes.Like(ctx, "Bdq3xPdAAKy")
		}, "; media ids are numbers; Media.GetByShortcode takes the code in a link"},
		"a token of the Graph": {[]instagram.Option{onServer, instagram.WithAccessToken(graphToken)}, self,
			"; the token looks like one of the Graph, which WithGraphToken takes"},
		"a token of v1": {[]instagram.Option{instagram.WithGraphURL(server.URL), instagram.WithGraphToken("7.fb2e77d.47a0479900504cb3ab4a1f626d174d2d")},
			func(ctx context.Context, c *instagram.Client) error {
				_, err := c.Graph.User(ctx, instagram.Self)
				return err
			}, "; the token looks like one of v1, and the Graph has its own; see WithGraphToken"},
		"a username at the Graph": {[]instagram.Option{instagram.WithGraphURL(server.URL), instagram.WithGraphToken(token)},
			func(ctx context.Context, c *instagram.Client) error {
				_, err := c.Graph.User(ctx, me.Username)
				return err
			}, "; ids of the Graph are numbers; Self stands for the user of the token"},
		"no token for the Graph": {[]instagram.Option{instagram.WithGraphURL(server.URL), instagram.WithAccessToken("7")},
			func(ctx context.Context, c *instagram.Client) error {
				_, err := c.Graph.User(ctx, instagram.Self)
				return err
			}, "the Graph needs a token of its own; set it with WithGraphToken"},
		"v1 twice": {[]instagram.Option{onServer, instagram.WithAccessToken(token)}, func(ctx context.Context, c *instagram.Client) error {
			return c.Do(ctx, http.MethodGet, "/v1/users/self", url.Values{}, nil)
		}, "leave out /v1, which the base URL ends in"},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := instagram.NewClient(tt.opts...)
			require.NoError(t, err)
			defer client.Close()
			err = tt.call(t.Context(), client)
			require.Error(t, err)
			assert.True(t, strings.HasSuffix(err.Error(), tt.want), err.Error())
		})
	}
}

// A hint is for a mistake: what fails for another reason has none.
func TestErrorsDoNotGuess(t *testing.T) {
	server := startServer(t)
	client := signedIn(t, server, server.Users()[0])
	_, err := client.Users.Get(t.Context(), "1")
	require.EqualError(t, err, "instagram: GET /users/{user-id}: 400 APINotFoundError: this user does not exist")
	_, err = client.WithToken("7.fb2e77d.47a0479900504cb3ab4a1f626d174d2d").Users.Get(t.Context(), instagram.Self)
	require.ErrorIs(t, err, instagram.ErrUnauthorized)
	assert.NotContains(t, err.Error(), "; ")
	ended, cancel := context.WithCancel(t.Context())
	production, err := instagram.NewClient(instagram.WithAccessToken("7"), instagram.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			cancel()
			return nil, r.Context().Err()
		}),
	}))
	require.NoError(t, err)
	_, err = production.Users.Get(ended, instagram.Self)
	require.EqualError(t, err, "instagram: GET /users/{user-id}: context canceled")
}

// The error of a loop is an *Error whoever ends it.
func TestLoopsEndWithAnError(t *testing.T) {
	server := startServer(t)
	pager := signedIn(t, server, server.Users()[0]).Users.RecentMedia(instagram.Self, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for _, err := range pager.All(ctx) {
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "/users/{user-id}/media/recent", failure.Endpoint)
			break
		}
		if seen++; seen == 5 {
			cancel()
		}
	}
	assert.Equal(t, 5, seen)
	for name, end := range map[string]func() error{
		"Next":    func() error { _, err := pager.Next(ctx); return err },
		"Collect": func() error { _, err := pager.Collect(ctx, 0); return err },
		"Pages": func() (err error) {
			for _, err = range pager.Pages(ctx) {
			}
			return err
		},
	} {
		var failure *instagram.Error
		require.ErrorAs(t, end(), &failure, name)
		assert.ErrorIs(t, failure, context.Canceled, name)
	}
}

package instagram_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

// tokenCounter is a host that notes each token it is sent, wherever in the request that is.
type tokenCounter struct {
	*httptest.Server
	mu     sync.Mutex
	tokens map[string]int
	calls  int
}

var everyToken = []string{"v1-token-1", "v1-token-2", "graph-token-1", "graph-token-2", "graph-token-3"}

func countTokens(t *testing.T, body string) *tokenCounter {
	t.Helper()
	host := &tokenCounter{tokens: map[string]int{}}
	host.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		text := r.RequestURI + " " + string(sent)
		for name, values := range r.Header {
			text += " " + name + strings.Join(values, " ")
		}
		host.mu.Lock()
		defer host.mu.Unlock()
		host.calls++
		for _, token := range everyToken {
			host.tokens[token] += strings.Count(text, token)
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(host.Close)
	return host
}

// Over all calls of both APIs, from clients derived in every way, no token of v1 reaches the
// Graph's host, and none of the Graph's the host of v1.
func TestTokensStayWithTheirHosts(t *testing.T) {
	v1 := countTokens(t, `{"meta":{"code":200},"data":[],"pagination":{}}`)
	graph := countTokens(t, `{"data":[],"paging":{}}`)
	options := func(more ...instagram.Option) []instagram.Option {
		return append([]instagram.Option{
			instagram.WithBaseURL(v1.URL + "/v1"), instagram.WithGraphURL(graph.URL), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
			instagram.WithClientCredentials("app", "secret"),
		}, more...)
	}
	newClient := func(more ...instagram.Option) *instagram.Client {
		client, err := instagram.NewClient(options(more...)...)
		require.NoError(t, err)
		return client
	}
	source := func(token string) oauth2.TokenSource {
		return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	}
	both := newClient(instagram.WithAccessToken("v1-token-1"), instagram.WithGraphToken("graph-token-1"))
	renewed, err := instagram.GraphTokenSource(&oauth2.Token{AccessToken: "graph-token-3"}, &instagram.GraphTokenOptions{
		Client: both, Failed: func(context.Context, error) {},
	})
	require.NoError(t, err)
	clients := []*instagram.Client{
		both,
		newClient(instagram.WithTokenSource(source("v1-token-1")), instagram.WithGraphTokenSource(source("graph-token-1"))),
		newClient(instagram.WithAccessToken("v1-token-1")),
		newClient(instagram.WithGraphToken("graph-token-1")),
		both.WithToken("v1-token-2"),
		both.WithGraphToken("graph-token-2"),
		both.WithGraphToken("graph-token-2").WithToken("v1-token-2"),
		both.WithToken("v1-token-2").WithGraphTokenSource(source("graph-token-2")),
		both.WithTokenSource(source("v1-token-2")).WithForwardedFor(),
		both.WithTokenSource(nil),
		both.WithGraphTokenSource(nil),
		both.WithGraphTokenSource(renewed),
	}
	ctx := t.Context()
	for _, client := range clients {
		for _, call := range endpointCalls {
			_, _ = call.call(ctx, client)
		}
		for _, call := range graphCalls {
			_ = call(ctx, client)
		}
	}
	assert.Greater(t, v1.calls, len(clients)*20)
	assert.Greater(t, graph.calls, len(clients)*len(graphCalls)/2)
	for _, token := range everyToken {
		stray := graph.tokens[token]
		home := v1.tokens[token]
		if strings.HasPrefix(token, "graph") {
			stray, home = home, stray
		}
		assert.Zero(t, stray, "%s on the other host", token)
		assert.NotZero(t, home, "%s on its own", token)
	}
}

// graphCalls are all calls of the Graph.
var graphCalls = map[string]func(context.Context, *instagram.Client) error{
	"UserMedia": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.UserMedia(instagram.Self, nil).Next(ctx)
		return err
	},
	"User": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.User(ctx, instagram.Self)
		return err
	},
	"Media": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Media(ctx, "7")
		return err
	},
	"Children": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Children(ctx, "7")
		return err
	},
	"Stories": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Stories(instagram.Self, nil).Next(ctx)
		return err
	},
	"Comments": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Comments("7", nil).Next(ctx)
		return err
	},
	"Replies": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Replies("7", nil).Next(ctx)
		return err
	},
	"Comment": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Comment(ctx, "7")
		return err
	},
	"Insights": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Insights(ctx, "7", &instagram.GraphInsightOptions{Metrics: []instagram.GraphMetric{"views"}})
		return err
	},
	"Entries": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.Entries(instagram.Self, nil).Next(ctx)
		return err
	},
}

// Without a token of its own the Graph's calls are refused, except on the server of the base URL,
// where they carry the one that goes there anyway.
func TestGraphWithoutATokenOfItsOwn(t *testing.T) {
	host := countTokens(t, `{"data":[]}`)
	tests := map[string]struct {
		opts []instagram.Option
		want string
	}{
		"another host":   {[]instagram.Option{instagram.WithBaseURL("http://v1.example/v1"), instagram.WithGraphURL(host.URL)}, ""},
		"another scheme": {[]instagram.Option{instagram.WithBaseURL(strings.Replace(host.URL, "http:", "https:", 1) + "/v1"), instagram.WithGraphURL(host.URL)}, ""},
		"the default":    {[]instagram.Option{instagram.WithGraphURL(host.URL)}, ""},
		"the same host":  {[]instagram.Option{instagram.WithBaseURL(host.URL + "/v1"), instagram.WithGraphURL(host.URL)}, "v1-token-1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			clear(host.tokens)
			client, err := instagram.NewClient(append(tt.opts, instagram.WithAccessToken("v1-token-1"))...)
			require.NoError(t, err)
			_, err = client.Graph.UserMedia("me", nil).Next(t.Context())
			if tt.want == "" {
				require.ErrorIs(t, err, instagram.ErrInvalidParameters)
				assert.ErrorContains(t, err, "WithGraphToken")
				assert.Zero(t, host.tokens["v1-token-1"])
				return
			}
			require.NoError(t, err)
			assert.Equal(t, 1, host.tokens[tt.want])
			_, err = client.WithToken("v1-token-2").Graph.UserMedia("me", nil).Next(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, host.tokens["v1-token-2"])
			_, err = client.WithGraphToken("graph-token-1").WithToken("v1-token-2").Graph.UserMedia("me", nil).Next(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, host.tokens["graph-token-1"])
			assert.Equal(t, 1, host.tokens["v1-token-2"])
		})
	}
}

package instagram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

const day = 24 * time.Hour

// renewals is a Graph that renews tokens: each gets the next number.
type renewals struct {
	mu     sync.Mutex
	count  int
	asked  []string
	refuse error         // of the transport
	answer string        // in place of a token
	slow   time.Duration // until it answers
}

func (g *renewals) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/me/media") {
		return answer(200, `{"data":[{"id":"`+r.URL.Query().Get("access_token")+`"}]}`)(r)
	}
	if g.slow > 0 {
		select {
		case <-time.After(g.slow):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
	g.asked = append(g.asked, r.URL.Host+r.URL.Path+"?"+r.URL.RawQuery)
	if g.refuse != nil {
		return nil, g.refuse
	}
	if g.answer != "" {
		return answer(400, g.answer)(r)
	}
	return answer(200, fmt.Sprintf(`{"access_token":"long-%d","token_type":"bearer","expires_in":%d,"permissions":"instagram_business_basic"}`,
		g.count, int(60*day/time.Second)))(r)
}

// aged returns a token of an age, with sixty days to live altogether.
func aged(age time.Duration) *oauth2.Token {
	return &oauth2.Token{AccessToken: "long-0", Expiry: time.Now().Add(60*day - age)}
}

func (g *renewals) client(t *testing.T, opts ...instagram.Option) *instagram.Client {
	t.Helper()
	client, err := instagram.NewClient(append([]instagram.Option{
		instagram.WithHTTPClient(&http.Client{Transport: g}), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
		instagram.WithAccessToken("never-sent"), instagram.WithClientCredentials("app", "hush"),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

func (g *renewals) source(t *testing.T, token *oauth2.Token, opts instagram.GraphTokenOptions) oauth2.TokenSource {
	t.Helper()
	if opts.Client == nil {
		opts.Client = g.client(t)
	}
	source, err := instagram.GraphTokenSource(token, &opts)
	require.NoError(t, err)
	return source
}

func TestGraphTokenIsRenewedInTime(t *testing.T) {
	tests := map[string]struct {
		token func() *oauth2.Token
		age   time.Duration
		count int
	}{
		"young":                   {func() *oauth2.Token { return aged(time.Hour) }, 0, 0},
		"just before half":        {func() *oauth2.Token { return aged(30*day - time.Second) }, 0, 0},
		"half its life":           {func() *oauth2.Token { return aged(30 * day) }, 0, 1},
		"nearly at its end":       {func() *oauth2.Token { return aged(60*day - time.Second) }, 0, 1},
		"the age that was wanted": {func() *oauth2.Token { return aged(2 * day) }, 2 * day, 1},
		"before that":             {func() *oauth2.Token { return aged(2*day - 1) }, 2 * day, 0},
		"too young to be renewed": {func() *oauth2.Token { return aged(day - time.Second) }, time.Minute, 0},
		"old enough for it":       {func() *oauth2.Token { return aged(day) }, time.Minute, 1},
		"without an end":          {func() *oauth2.Token { return &oauth2.Token{AccessToken: "long-0"} }, 0, 1},
		"a life of its own": {func() *oauth2.Token {
			return &oauth2.Token{AccessToken: "long-0", Expiry: time.Now().Add(5 * day), ExpiresIn: int64(10 * day / time.Second)}
		}, 0, 1},
		"short-lived": {func() *oauth2.Token {
			return &oauth2.Token{AccessToken: "long-0", Expiry: time.Now().Add(time.Minute), ExpiresIn: 3600}
		}, 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var graph renewals
				var saved []oauth2.Token
				source := graph.source(t, tt.token(), instagram.GraphTokenOptions{Age: tt.age, Save: func(_ context.Context, token *oauth2.Token) error {
					saved = append(saved, *token)
					return nil
				}})
				client := graph.client(t, instagram.WithGraphTokenSource(source))
				for range 3 {
					page, err := client.Graph.UserMedia("me", nil).Next(t.Context())
					require.NoError(t, err)
					assert.Equal(t, fmt.Sprint("long-", tt.count), page.Items[0].ID, "the call goes with the new token at once")
				}
				assert.Equal(t, tt.count, graph.count)
				require.Len(t, saved, tt.count)
				if tt.count > 0 {
					assert.Equal(t, []string{"graph.instagram.com/refresh_access_token?access_token=long-0&grant_type=ig_refresh_token"}, graph.asked)
					assert.Equal(t, "long-1", saved[0].AccessToken)
					assert.Equal(t, time.Now().Add(60*day), saved[0].Expiry)
				}
			})
		})
	}
}

// A token lives for as long as it is used, and over restarts of the program with what was saved.
func TestGraphTokenLivesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var graph renewals
		stored, err := json.Marshal(aged(0))
		require.NoError(t, err)
		for range 12 {
			var token oauth2.Token
			require.NoError(t, json.Unmarshal(stored, &token))
			source := graph.source(t, &token, instagram.GraphTokenOptions{Save: func(_ context.Context, token *oauth2.Token) (err error) {
				stored, err = json.Marshal(token)
				return err
			}})
			for range 31 {
				_, err := source.Token()
				require.NoError(t, err)
				time.Sleep(day)
			}
		}
		assert.InDelta(t, 12, graph.count, 1)
	})
}

// A hundred goroutines over a token that is due make one renewal, and none waits for it.
func TestGraphTokenIsRenewedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := renewals{slow: 5 * time.Second}
		var saves atomic.Int32
		source := graph.source(t, aged(40*day), instagram.GraphTokenOptions{Save: func(context.Context, *oauth2.Token) error {
			saves.Add(1)
			return nil
		}})
		client := graph.client(t, instagram.WithGraphTokenSource(source))
		var all sync.WaitGroup
		var old, renewed atomic.Int32
		start := time.Now()
		for range 100 {
			all.Go(func() {
				page, err := client.Graph.UserMedia("me", nil).Next(t.Context())
				if !assert.NoError(t, err) {
					return
				}
				if page.Items[0].ID == "long-1" {
					renewed.Add(1)
				} else if old.Add(1); time.Since(start) > 0 {
					t.Error("a call waited for the renewal of another one")
				}
			})
		}
		all.Wait()
		assert.Equal(t, 1, graph.count)
		assert.EqualValues(t, 1, saves.Load())
		assert.EqualValues(t, 1, renewed.Load())
		assert.EqualValues(t, 99, old.Load())
	})
}

// Renewing fails ten times, in every way, and no call is lost while the token still works.
func TestGraphTokenThatCannotBeRenewed(t *testing.T) {
	for name, graph := range map[string]*renewals{
		"refused":     {answer: `{"error":{"message":"long-0 is too young","type":"OAuthException","code":10}}`},
		"unreachable": {refuse: errors.New("no route for long-0")},
		"nonsense":    {answer: `{`},
		"hanging":     {slow: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var failures []error
				source := graph.source(t, aged(40*day), instagram.GraphTokenOptions{Failed: func(_ context.Context, err error) {
					failures = append(failures, err)
				}})
				client := graph.client(t, instagram.WithGraphTokenSource(source))
				calls := 0
				for len(failures) < 10 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					page, err := client.Graph.UserMedia("me", nil).Next(ctx)
					cancel()
					require.NoError(t, err)
					require.Equal(t, "long-0", page.Items[0].ID)
					calls++
					time.Sleep(10 * time.Second)
				}
				assert.Greater(t, calls, 1000, "not every call asks")
				for _, err := range failures {
					assert.ErrorContains(t, err, "not renewed")
					assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "long-0")
				}
				graph.mu.Lock()
				graph.refuse, graph.answer, graph.slow = nil, "", 0
				graph.mu.Unlock()
				time.Sleep(time.Hour)
				token, err := source.Token()
				require.NoError(t, err)
				assert.True(t, strings.HasPrefix(token.AccessToken, "long-") && token.AccessToken != "long-0", "and then it goes on")
			})
		})
	}
}

func TestGraphTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var graph renewals
		source := graph.source(t, aged(60*day), instagram.GraphTokenOptions{})
		client := graph.client(t, instagram.WithGraphTokenSource(source))
		_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
		require.ErrorIs(t, err, instagram.ErrUnauthorized)
		assert.ErrorContains(t, err, "sign in again")
		assert.NotContains(t, err.Error(), "long-0")
		assert.Zero(t, graph.count, "the Graph renews no expired token")
	})
}

// A token that cannot be stored is used, reported, and offered again until it is stored.
func TestGraphTokenThatIsNotSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var graph renewals
		full := errors.New("disk full")
		var offered []string
		var failures []error
		source := graph.source(t, aged(40*day), instagram.GraphTokenOptions{
			Save: func(_ context.Context, token *oauth2.Token) error {
				offered = append(offered, token.AccessToken)
				token.AccessToken = "changed by its owner"
				if len(offered) < 4 {
					return fmt.Errorf("writing long-1: %w", full)
				}
				return nil
			},
			Failed: func(_ context.Context, err error) { failures = append(failures, err) },
		})
		for range 100 {
			token, err := source.Token()
			require.NoError(t, err)
			assert.Equal(t, "long-1", token.AccessToken)
			token.AccessToken = "changed by its user"
			time.Sleep(time.Minute)
		}
		assert.Equal(t, 1, graph.count)
		assert.Equal(t, []string{"long-1", "long-1", "long-1", "long-1"}, offered)
		require.Len(t, failures, 3)
		for _, err := range failures {
			assert.ErrorIs(t, err, full)
			assert.NotContains(t, err.Error(), "long-1")
		}
	})
}

// What nobody takes is logged.
func TestGraphTokenFailuresAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := renewals{answer: `{"error":{"message":"no","code":10}}`}
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, nil))
		source := graph.source(t, aged(40*day), instagram.GraphTokenOptions{Client: graph.client(t, instagram.WithLogger(logger))})
		_, err := source.Token()
		require.NoError(t, err)
		assert.Contains(t, log.String(), "not renewed")
		assert.NotContains(t, log.String(), "long-0")
	})
}

// A call that is given up takes its renewal along, and the next one makes it.
func TestGraphTokenRenewalEndsWithItsCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := renewals{slow: time.Second}
		source := graph.source(t, aged(40*day), instagram.GraphTokenOptions{Failed: func(context.Context, error) {}})
		client := graph.client(t, instagram.WithGraphTokenSource(source))
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(time.Millisecond)
			cancel()
		}()
		start := time.Now()
		_, err := client.Graph.UserMedia("me", nil).Next(ctx)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Millisecond, time.Since(start))
		token, err := source.Token()
		require.NoError(t, err)
		assert.Equal(t, "long-1", token.AccessToken)
	})
}

func TestGraphTokenSourceRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		token *oauth2.Token
		opts  *instagram.GraphTokenOptions
	}{
		"no token":     {nil, nil},
		"empty token":  {&oauth2.Token{}, nil},
		"broken token": {&oauth2.Token{AccessToken: "a\nb"}, nil},
		"negative age": {&oauth2.Token{AccessToken: "a"}, &instagram.GraphTokenOptions{Age: -1}},
		"no such age":  {&oauth2.Token{AccessToken: "a"}, &instagram.GraphTokenOptions{Age: 60 * day}},
	} {
		_, err := instagram.GraphTokenSource(tt.token, tt.opts)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, name)
	}
}

// No verb shows a token that is held.
func TestGraphTokensAreNotPrinted(t *testing.T) {
	const held = "IGAAhold-me-tight-0123456789"
	source, err := instagram.GraphTokenSource(&oauth2.Token{AccessToken: held}, nil)
	require.NoError(t, err)
	client, err := instagram.NewClient(instagram.WithGraphToken(held))
	require.NoError(t, err)
	second, err := instagram.NewClient(instagram.WithGraphTokenSource(source))
	require.NoError(t, err)
	for _, value := range []any{source, client, *client, client.WithGraphToken(held), client.Graph, *client.Graph, second, struct{ S oauth2.TokenSource }{source}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
			text := fmt.Sprintf(verb, value)
			assert.NotContains(t, text, held)
			assert.NotContains(t, strings.ToLower(text), fmt.Sprintf("%x", held))
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "value", value)
		assert.NotContains(t, log.String(), held)
	}
}

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
	// What stands around a call sees no token, and changes nothing of where each goes.
	dir, calls := t.TempDir(), 0
	var seen bytes.Buffer // no call is made at the same time as another one
	watched := []instagram.Option{
		instagram.WithRecorder(instagram.RecordTo(dir)), instagram.WithDebug(&seen), instagram.WithLogger(slog.New(slog.NewTextHandler(&seen, nil))),
		instagram.WithMiddleware(func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, call *instagram.Call) error {
				calls++
				err := next(ctx, call)
				fmt.Fprintf(&seen, "%+v %v\n", call, err)
				return err
			}
		}),
	}
	clients = append(clients, both.With(watched...), both.With(watched...).WithToken("v1-token-2").WithGraphToken("graph-token-2"),
		newClient(append(watched, instagram.WithTokenSource(source("v1-token-1")), instagram.WithGraphTokenSource(renewed))...))
	ctx := t.Context()
	for _, client := range clients {
		for _, call := range endpointCalls {
			_, _ = call.call(ctx, client)
		}
		for _, call := range graphCalls {
			_ = call(ctx, client)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			_ = client.Do(ctx, method, "/me/media", url.Values{"fields": {"id"}}, nil) // a path that both have
		}
	}
	recorded, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Len(t, recorded, calls)
	assert.Greater(t, calls, 3*(len(endpointCalls)+len(graphCalls))/2)
	for _, name := range recorded {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		seen.Write(text)
	}
	assert.Contains(t, seen.String(), "/media/popular")
	assert.Contains(t, seen.String(), "/me/stories")
	assert.Contains(t, seen.String(), "access_token=[redacted]")
	for _, token := range everyToken {
		assert.NotContains(t, seen.String(), token)
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

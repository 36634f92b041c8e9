package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

func TestBusinessUsage(t *testing.T) {
	for header, want := range map[string]instagram.BusinessUsage{
		// The example of the documentation.
		`{"66782684":[{"type":"ads_management","call_count":95,"total_cputime":20,"total_time":20,"estimated_time_to_regain_access":0,"ads_api_access_tier":"development_access"}],` +
			`"10153848260347724":[{"type":"instagram","call_count":97,"total_cputime":23,"total_time":23,"estimated_time_to_regain_access":19}]}`: {CallCount: 97, TotalTime: 23, TotalCPUTime: 23, RegainAccess: 19 * time.Minute},
		`{"17841400000000007":[{"type":"instagram","call_count":28,"total_cputime":25,"total_time":99}]}`: {CallCount: 28, TotalTime: 99, TotalCPUTime: 25},
		`{"7":[]}`: {},
		`{"7":[{"call_count":5,"estimated_time_to_regain_access":1e300}]}`: {CallCount: 5, RegainAccess: 24 * time.Hour},
		`{"7":[{"call_count":5,"estimated_time_to_regain_access":-5}]}`:    {CallCount: 5},
		`{"7":{"call_count":5}}`: {},
		`{"7":[5]}`:              {},
		`[]`:                     {},
		`{`:                      {},
		``:                       {},
	} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(httpmock.NewStringResponder(200, `{"data":[]}`).HeaderSet(http.Header{"X-Business-Use-Case-Usage": {header}}))
		page, err := client.Graph.UserMedia("me", nil).Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, page.RateLimit.BusinessUsage, header)
		assert.Equal(t, want, client.Graph.RateLimit().BusinessUsage, header)
		assert.Zero(t, client.WithToken("other").RateLimit())
	}
}

// The codes of the limits of business use cases, and how long they last.
func TestGraphRefusalSaysForHowLong(t *testing.T) {
	for _, code := range []int{4, 17, 32, 613, 80000, 80002, 80014} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(httpmock.NewStringResponder(400, fmt.Sprintf(`{"error":{"message":"There have been too many calls","type":"OAuthException","code":%d}}`, code)).
			HeaderSet(http.Header{"X-Business-Use-Case-Usage": {`{"7":[{"call_count":100,"estimated_time_to_regain_access":3}]}`}}))
		_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
		require.ErrorIs(t, err, instagram.ErrRateLimited)
		var failure *instagram.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, 3*time.Minute, failure.RetryAfter)
	}
}

// budget is a Graph with a budget of calls within any hour, as the documentation has it.
type graphBudget struct {
	mu      sync.Mutex
	calls   int // an hour
	times   []time.Time
	refused int
	most    int
	blocked time.Time
	regain  time.Duration // for how long it refuses all once the budget is used up
	header  string
}

func (g *graphBudget) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for len(g.times) > 0 && now.Sub(g.times[0]) >= time.Hour {
		g.times = g.times[1:]
	}
	used, regain := 100*len(g.times)/g.calls, 0
	if len(g.times) >= g.calls && now.After(g.blocked) {
		g.blocked = now.Add(g.regain)
	}
	if now.Before(g.blocked) || used >= 100 {
		g.refused++
		regain = int(g.blocked.Sub(now).Minutes())
	} else {
		g.times = append(g.times, now)
		used = 100 * len(g.times) / g.calls
	}
	g.most = max(g.most, used)
	res := httpmock.NewStringResponse(200, `{"data":[]}`)
	if regain > 0 {
		res = httpmock.NewStringResponse(400, `{"error":{"code":80002}}`)
	}
	if g.header == "X-App-Usage" {
		res.Header.Set(g.header, fmt.Sprintf(`{"call_count":%d,"total_time":1}`, used))
	} else {
		res.Header.Set(g.header, fmt.Sprintf(`{"7":[{"call_count":%d,"estimated_time_to_regain_access":%d}]}`, used, regain))
	}
	return res, nil
}

func (g *graphBudget) client(t *testing.T, limits instagram.UsageLimits) *instagram.Client {
	t.Helper()
	limiter, err := instagram.NewUsageLimiter(limits)
	require.NoError(t, err)
	client, err := instagram.NewClient(instagram.WithHTTPClient(&http.Client{Transport: g}), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
		instagram.WithGraphToken("token"), instagram.WithGraphLimiter(limiter))
	require.NoError(t, err)
	return client
}

// A program that asks without a break is slowed down before the server refuses, and uses most of
// what it may.
func TestUsageLimiterSlowsDownInTime(t *testing.T) {
	for _, header := range []string{"X-App-Usage", "X-Business-Use-Case-Usage"} {
		for _, calls := range []int{20, 200, 2000} {
			t.Run(fmt.Sprint(header, calls), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					graph := &graphBudget{calls: calls, header: header, regain: 10 * time.Minute}
					client := graph.client(t, instagram.UsageLimits{})
					start, made := time.Now(), 0
					for time.Since(start) < 6*time.Hour {
						_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
						require.NoError(t, err)
						made++
						time.Sleep(time.Millisecond)
					}
					assert.Zero(t, graph.refused)
					assert.Less(t, graph.most, 100)
					assert.Greater(t, made, 6*calls/2, "of %d", 6*calls)
				})
			})
		}
	}
}

// So are many goroutines, of which those on their way when the threshold is passed get through.
func TestUsageLimiterSlowsDownMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := &graphBudget{calls: 400, header: "X-App-Usage", regain: 10 * time.Minute}
		client := graph.client(t, instagram.UsageLimits{})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		for i := range 20 {
			mine := client.WithGraphToken(fmt.Sprint("token", i)) // the budget of the app is that of all
			all.Go(func() {
				for ctx.Err() == nil {
					_, err := mine.Graph.UserMedia("me", nil).Next(ctx)
					if err != nil && ctx.Err() == nil && !errors.Is(err, instagram.ErrRateLimited) {
						t.Error(err)
					}
					time.Sleep(time.Millisecond)
				}
			})
		}
		all.Wait()
		assert.Zero(t, graph.refused)
	})
}

// A refusal is believed for as long as it says, and not asked into.
func TestUsageLimiterWaitsToRegainAccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := &graphBudget{calls: 100, header: "X-Business-Use-Case-Usage", regain: 19 * time.Minute}
		for range 100 { // somebody else was here
			graph.times = append(graph.times, time.Now().Add(-50*time.Minute))
		}
		client := graph.client(t, instagram.UsageLimits{})
		_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
		require.ErrorIs(t, err, instagram.ErrRateLimited)
		start := time.Now()

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		_, err = client.Graph.UserMedia("me", nil).Next(ctx)
		cancel()
		var limit *instagram.LimitError
		require.ErrorAs(t, err, &limit)
		assert.Equal(t, 19*time.Minute, limit.RetryAfter)
		assert.Zero(t, time.Since(start), "a call that cannot wait ends at once")

		_, err = client.WithGraphToken("another").Graph.UserMedia("me", nil).Next(t.Context())
		require.ErrorIs(t, err, instagram.ErrRateLimited, "each account has its own")
		assert.Equal(t, 2, graph.refused)

		_, err = client.Graph.UserMedia("me", nil).Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 19*time.Minute, time.Since(start))
		assert.Equal(t, 2, graph.refused)
	})
}

func TestUsageLimiterFailsFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := &graphBudget{calls: 10, header: "X-App-Usage"}
		client := graph.client(t, instagram.UsageLimits{FailFast: true, Threshold: 50})
		made := 0
		for range 100 {
			_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
			if err == nil {
				made++
				continue
			}
			var limit *instagram.LimitError
			require.ErrorAs(t, err, &limit)
			require.ErrorIs(t, err, instagram.ErrRateLimited)
			assert.Positive(t, limit.RetryAfter)
		}
		assert.InDelta(t, 5, made, 2)
		assert.Zero(t, graph.refused)
		assert.Len(t, graph.times, made)
	})
}

// A call that waits goes when its context ends, and v1 waits for none of this.
func TestUsageLimiterLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := &graphBudget{calls: 4, header: "X-App-Usage"}
		client := graph.client(t, instagram.UsageLimits{})
		for range 3 {
			_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
			require.NoError(t, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(time.Second)
			cancel()
		}()
		start := time.Now()
		_, err := client.Graph.UserMedia("me", nil).Next(ctx)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Second, time.Since(start))
		assert.Len(t, graph.times, 3)
		for range 3 {
			_, _ = client.WithToken("v1").Users.Get(t.Context(), "7")
		}
		assert.Equal(t, time.Second, time.Since(start))
	})
}

func TestUsageLimiterRefuses(t *testing.T) {
	for _, threshold := range []int{-1, 101} {
		_, err := instagram.NewUsageLimiter(instagram.UsageLimits{Threshold: threshold})
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	}
}

package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
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

// limitedServer counts requests over a sliding hour, as the real one did, and keeps when each came.
type limitedServer struct {
	limit int         // as the headers say; 0 says nothing
	at    []time.Time // of all requests
	old   int         // how many of them are over an hour old
	most  int         // that were in any one hour
}

// count counts a request, and returns how many the last hour had.
func (s *limitedServer) count(now time.Time) int {
	s.at = append(s.at, now)
	for now.Sub(s.at[s.old]) >= time.Hour {
		s.old++
	}
	n := len(s.at) - s.old
	s.most = max(s.most, n)
	return n
}

func (s *limitedServer) RoundTrip(r *http.Request) (*http.Response, error) {
	n := s.count(time.Now())
	if s.limit == 0 {
		return remaining("", "")(r)
	}
	return remaining(fmt.Sprint(s.limit), fmt.Sprint(max(0, s.limit-n)))(r)
}

func hourly(t *testing.T, limits instagram.HourlyLimits) instagram.Limiter {
	t.Helper()
	limiter, err := instagram.NewHourlyLimiter(limits)
	require.NoError(t, err)
	return limiter
}

// However many calls are wanted, no hour has more than the limit, and nearly as many as it.
func TestHourlyLimiterNeverOverruns(t *testing.T) {
	get := func(ctx context.Context, c *instagram.Client) error { _, err := c.Users.Get(ctx, "7"); return err }
	like := func(ctx context.Context, c *instagram.Client) error { return c.Likes.Like(ctx, "1") }
	unlike := func(ctx context.Context, c *instagram.Client) error { return c.Likes.Unlike(ctx, "1") }
	tests := map[string]struct {
		limits instagram.HourlyLimits
		server int
		call   func(context.Context, *instagram.Client) error
		want   int
	}{
		"live":                 {instagram.HourlyLimits{}, 0, get, 5000},
		"live, told so":        {instagram.HourlyLimits{}, 5000, get, 5000},
		"sandbox, told so":     {instagram.HourlyLimits{}, 500, get, 500},
		"less, told so":        {instagram.HourlyLimits{Calls: 400}, 300, get, 300},
		"less, wanted so":      {instagram.HourlyLimits{Calls: 300}, 5000, get, 300},
		"one an hour":          {instagram.HourlyLimits{Calls: 1}, 0, get, 1},
		"likes":                {instagram.HourlyLimits{}, 5000, like, 60},
		"unlikes":              {instagram.HourlyLimits{}, 0, unlike, 60},
		"likes in the sandbox": {instagram.HourlyLimits{}, 500, like, 30},
		"likes, wanted so":     {instagram.HourlyLimits{Likes: 100}, 500, like, 100},
		"likes over calls":     {instagram.HourlyLimits{Calls: 20, Likes: 100}, 0, like, 20},
		"deleted comments": {instagram.HourlyLimits{}, 0, func(ctx context.Context, c *instagram.Client) error {
			return c.Comments.Delete(ctx, "1", "2")
		}, 60},
		"follows": {instagram.HourlyLimits{}, 0, func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Modify(ctx, "7", instagram.ActionFollow)
			return err
		}, 60},
		"follows in the sandbox": {instagram.HourlyLimits{}, 500, func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Modify(ctx, "7", instagram.ActionFollow)
			return err
		}, 30},
		"comments in the sandbox": {instagram.HourlyLimits{}, 500, func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Comments.Create(ctx, "7", "hi")
			return err
		}, 30},
		"comments": {instagram.HourlyLimits{Comments: 10}, 0, func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Comments.Create(ctx, "7", "hi")
			return err
		}, 10},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &limitedServer{limit: tt.server}
				client, _ := mockClient(t, instagram.WithLimiter(hourly(t, tt.limits)),
					instagram.WithHTTPClient(&http.Client{Transport: server}))
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour+time.Second)
				defer cancel()
				var err error
				for err == nil {
					err = tt.call(ctx, client)
				}
				require.True(t, errors.Is(err, instagram.ErrRateLimited) || errors.Is(err, context.DeadlineExceeded), err)
				assert.LessOrEqual(t, server.most, tt.want)
				assert.GreaterOrEqual(t, float64(len(server.at)), 1.75*float64(tt.want), "in two hours")
			})
		})
	}
}

// The likes wait, and everything else goes on.
func TestHourlyLimiterOfWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithLimiter(hourly(t, instagram.HourlyLimits{FailFast: true})))
		transport.RegisterNoResponder(good)
		var err error
		for range 7 {
			err = client.Likes.Like(t.Context(), "1")
		}
		require.ErrorIs(t, err, instagram.ErrRateLimited)
		assert.NoError(t, client.Comments.Delete(t.Context(), "1", "2"))
		_, err = client.Users.Get(t.Context(), "7")
		assert.NoError(t, err)
		assert.NoError(t, client.WithToken("another").Likes.Like(t.Context(), "1"), "each token has its own")
		assert.ErrorIs(t, client.WithToken(testToken).Likes.Like(t.Context(), "1"), instagram.ErrRateLimited, "and only one")
	})
}

func TestHourlyLimiterFailFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithLimiter(hourly(t, instagram.HourlyLimits{Calls: 60, FailFast: true})))
		transport.RegisterNoResponder(good)
		for range 6 {
			_, err := client.Users.Get(t.Context(), "7")
			require.NoError(t, err)
		}
		start := time.Now()
		for range 3 { // a failure takes no turn
			_, err := client.Users.Get(t.Context(), "7")
			require.ErrorIs(t, err, instagram.ErrRateLimited)
			assert.EqualError(t, err, "instagram: GET /users/{user-id}: the limiter has no call left; the next one in 1m6.667s")
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.InDelta(t, 66.67, failure.RetryAfter.Seconds(), 0.01)
			assert.Zero(t, failure.Attempts)
		}
		assert.Zero(t, time.Since(start))
		assert.Equal(t, 6, transport.GetTotalCallCount())
		time.Sleep(67 * time.Second)
		_, err := client.Users.Get(t.Context(), "7")
		assert.NoError(t, err)
	})
}

// A context that ends while a call waits ends the call, and leaves its turn to others.
func TestHourlyLimiterCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithLimiter(hourly(t, instagram.HourlyLimits{Calls: 1})), instagram.WithTimeout(time.Minute))
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			return good(r)
		})
		_, err := client.Users.Get(t.Context(), "7")
		require.NoError(t, err)

		start := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err = client.Users.Get(ctx, "7")
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Second, time.Since(start))

		_, err = client.Users.Get(t.Context(), "7")
		require.NoError(t, err, "the timeout of a minute is for the call alone")
		assert.InDelta(t, 3600, time.Since(start).Seconds(), 0.01, "and not the turn after that")
	})
}

// Others use the same token: the limiter keeps to what remains, and pauses where nothing does.
func TestHourlyLimiterHeedsAnswers(t *testing.T) {
	refusal := answer(429, `{"code":429}`)
	tests := map[string]struct {
		answer httpmock.Responder
		write  bool
		wait   time.Duration // until the next read may go
	}{
		"plenty":                      {remaining("5000", "3000"), false, 0},
		"one left":                    {remaining("5000", "1"), false, 0},
		"nothing left":                {remaining("5000", "0"), false, time.Minute},
		"refused, without a word":     {httpmock.NewStringResponder(429, ``), false, time.Minute},
		"refused, with Retry-After":   {httpmock.NewStringResponder(429, ``).HeaderSet(http.Header{"Retry-After": {"600"}}), false, 10 * time.Minute},
		"refused, absurd Retry-After": {httpmock.NewStringResponder(429, ``).HeaderSet(http.Header{"Retry-After": {"99999999"}}), false, time.Hour},
		"refused a like, nothing left": {answer(429, ``).HeaderSet(http.Header{
			"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"0"}}), true, time.Minute},
		"refused a like alone": {refusal, true, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, transport := mockClient(t, instagram.WithLimiter(hourly(t, instagram.HourlyLimits{})))
				transport.RegisterNoResponder(tt.answer)
				if tt.write {
					assert.Error(t, client.Likes.Like(t.Context(), "1"))
				} else {
					_, _ = client.Users.Get(t.Context(), "7")
				}
				transport.RegisterNoResponder(httpmock.NewStringResponder(200, `{"meta":{"code":200},"data":{"id":"7"}}`))
				start := time.Now()
				_, err := client.Users.Get(t.Context(), "7")
				require.NoError(t, err)
				assert.GreaterOrEqual(t, time.Since(start), tt.wait)
				assert.Less(t, time.Since(start), tt.wait+2*time.Second)
				if tt.write {
					require.NoError(t, client.Likes.Like(t.Context(), "1"))
					assert.GreaterOrEqual(t, time.Since(start), time.Minute)
				}
			})
		})
	}
}

// What remains is not overrun by many calls at once.
func TestHourlyLimiterKeepsToRemaining(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithLimiter(hourly(t, instagram.HourlyLimits{FailFast: true})))
		transport.RegisterNoResponder(remaining("5000", "10"))
		_, err := client.Users.Get(t.Context(), "7")
		require.NoError(t, err)
		transport.RegisterNoResponder(httpmock.NewStringResponder(200, `{"meta":{"code":200},"data":{"id":"7"}}`))
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { _, _ = client.Users.Get(t.Context(), "7") })
		}
		wg.Wait()
		assert.Equal(t, 1+10, transport.GetTotalCallCount())
	})
}

// A call that gives up, or fails fast, leaves the next turn where it was.
func TestHourlyLimiterGivingUpIsFree(t *testing.T) {
	read := instagram.LimiterRequest{Holder: "h", Method: "GET"}
	tests := map[string]struct {
		limits    instagram.HourlyLimits
		used      int // until the next one would have to wait
		abandoned int
		want      time.Duration // until the next turn
	}{
		"20 of 60":             {instagram.HourlyLimits{Calls: 60}, 6, 20, time.Hour / 54},
		"300 of the default":   {instagram.HourlyLimits{}, 500, 300, 800 * time.Millisecond},
		"32,000 that failfast": {instagram.HourlyLimits{Calls: 60, FailFast: true}, 6, 32_000, time.Hour / 54},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limiter := hourly(t, tt.limits)
				for range tt.used {
					require.NoError(t, limiter.Wait(t.Context(), read))
				}
				ctx, cancel := context.WithCancel(t.Context())
				var wg sync.WaitGroup
				for range tt.abandoned {
					wg.Go(func() { assert.Error(t, limiter.Wait(ctx, read)) })
				}
				synctest.Wait()
				cancel()
				wg.Wait()
				ctx, cancel = context.WithTimeout(t.Context(), time.Nanosecond)
				defer cancel()
				var limit *instagram.LimitError
				require.ErrorAs(t, limiter.Wait(ctx, read), &limit)
				assert.InDelta(t, tt.want.Seconds(), limit.RetryAfter.Seconds(), 0.001)
			})
		})
	}
}

// A write that its own limit refuses takes nothing of the limit of all calls, nor the other way
// round.
func TestHourlyLimiterRefusedWriteIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := hourly(t, instagram.HourlyLimits{Calls: 100, Likes: 20, FailFast: true})
		read := instagram.LimiterRequest{Holder: "h", Method: "GET"}
		like := instagram.LimiterRequest{Holder: "h", Method: "POST", Write: instagram.LikeWrites}
		for range 2 {
			require.NoError(t, limiter.Wait(t.Context(), like))
		}
		for range 1000 {
			require.ErrorIs(t, limiter.Wait(t.Context(), like), instagram.ErrRateLimited)
		}
		for i := range 8 {
			require.NoError(t, limiter.Wait(t.Context(), read), i)
		}
		time.Sleep(30 * time.Second)
		for range 1000 { // the likes refuse it, and a moment later the calls do
			require.ErrorIs(t, limiter.Wait(t.Context(), like), instagram.ErrRateLimited)
		}
		time.Sleep(370 * time.Second)
		for range 10 { // those of 400 s
			require.NoError(t, limiter.Wait(t.Context(), read))
		}
		for range 1000 {
			require.ErrorIs(t, limiter.Wait(t.Context(), like), instagram.ErrRateLimited)
		}
		time.Sleep(40 * time.Second)
		require.NoError(t, limiter.Wait(t.Context(), like), "what the calls refused is no like")
	})
}

// Many answers at once pause no longer than the longest of them asks.
func TestHourlyLimiterObservesManyAtOnce(t *testing.T) {
	read := instagram.LimiterRequest{Holder: "h", Method: "GET"}
	said := instagram.RateLimit{Limit: 5000, Remaining: 100}
	tests := map[string]struct {
		answer instagram.LimiterAnswer
		want   time.Duration
	}{
		"100 remain":    {instagram.LimiterAnswer{RateLimit: said}, 0},
		"Retry-After":   {instagram.LimiterAnswer{Refused: true, RetryAfter: time.Second}, time.Second},
		"both":          {instagram.LimiterAnswer{RateLimit: said, Refused: true, RetryAfter: time.Second}, time.Second},
		"none remains":  {instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 5000}}, time.Minute},
		"said nothing":  {instagram.LimiterAnswer{}, 0},
		"asked nothing": {instagram.LimiterAnswer{Refused: true}, time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limiter := hourly(t, instagram.HourlyLimits{})
				start := time.Now()
				var wg sync.WaitGroup
				for range 300 {
					wg.Go(func() {
						require.NoError(t, limiter.Wait(t.Context(), read))
						time.Sleep(time.Millisecond)
						limiter.Observe(read, tt.answer)
					})
				}
				wg.Wait()
				require.NoError(t, limiter.Wait(t.Context(), read))
				assert.InDelta(t, tt.want.Seconds(), time.Since(start).Seconds(), 0.01)
			})
		})
	}
}

// No loop depends on what a server says, and no wait is longer for it than an hour.
func TestHourlyLimiterOfAbsurdAnswers(t *testing.T) {
	read := instagram.LimiterRequest{Holder: "h", Method: "GET"}
	const huge = math.MaxInt/1_000_000_000 + 1000 // 1e10, where an int has 64 bits
	for name, limits := range map[string][]int{
		"1e10, then 20":      {huge, 20},
		"the highest, 1":     {math.MaxInt, 1},
		"up and down":        {20, math.MaxInt, 1, huge, 5000},
		"the highest, twice": {math.MaxInt, math.MaxInt},
	} {
		for _, remaining := range []int{0, 1, math.MaxInt} {
			t.Run(fmt.Sprintf("%s, %d remaining", name, remaining), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					limiter := hourly(t, instagram.HourlyLimits{})
					for range 100 {
						for _, limit := range limits {
							limiter.Observe(read, instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: limit, Remaining: remaining}})
						}
					}
					start := time.Now()
					require.NoError(t, limiter.Wait(t.Context(), read))
					assert.Less(t, time.Since(start), time.Hour+time.Second)
				})
			})
		}
	}
}

// What has no limit does not wait for one, whatever the server tells, but for a pause.
func TestHourlyLimiterNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := hourly(t, instagram.HourlyLimits{Calls: instagram.NoLimit, Likes: instagram.NoLimit})
		read := instagram.LimiterRequest{Holder: "h", Method: "GET"}
		like := instagram.LimiterRequest{Holder: "h", Method: "POST", Write: instagram.LikeWrites}
		follow := instagram.LimiterRequest{Holder: "h", Method: "POST", Write: instagram.RelationshipWrites}
		start := time.Now()
		for range 10_000 {
			require.NoError(t, limiter.Wait(t.Context(), read))
			require.NoError(t, limiter.Wait(t.Context(), like))
			limiter.Observe(like, instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 500, Remaining: 1}})
		}
		assert.Zero(t, time.Since(start))
		for range 3 {
			require.NoError(t, limiter.Wait(t.Context(), follow))
		}
		assert.Zero(t, time.Since(start))
		require.NoError(t, limiter.Wait(t.Context(), follow))
		assert.Positive(t, time.Since(start), "this one has its limit, in the sandbox")

		start = time.Now()
		limiter.Observe(read, instagram.LimiterAnswer{Refused: true, RetryAfter: time.Minute})
		for range 1000 {
			require.NoError(t, limiter.Wait(t.Context(), read))
		}
		assert.InDelta(t, 60, time.Since(start).Seconds(), 0.01)
	})
}

// Whatever waits, gives up, fails fast or observes, in any order and number: no hour has more than
// the limit, and no one waits for what others did not use.
func TestHourlyLimiterAnything(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) { anyCalls(t, rand.New(rand.NewPCG(seed, 13))) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func anyCalls(t *testing.T, random *rand.Rand) {
	limit := 10 + random.IntN(300)
	limiter := hourly(t, instagram.HourlyLimits{Calls: limit, Likes: 1 + random.IntN(60), FailFast: random.IntN(3) == 0})
	requests := []instagram.LimiterRequest{
		{Holder: "h", Method: "GET"}, {Holder: "h", Method: "POST", Write: instagram.LikeWrites}, {Holder: "h", Method: "POST", Write: "another"},
	}
	var mu sync.Mutex
	server := &limitedServer{}
	sent := func() (remaining int) {
		mu.Lock()
		defer mu.Unlock()
		return limit - server.count(time.Now())
	}
	var wg sync.WaitGroup
	for range 2000 {
		request := requests[random.IntN(len(requests))]
		ctx, cancel := context.WithCancel(t.Context())
		if random.IntN(2) == 0 {
			ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(600_000))*time.Millisecond)
		}
		if random.IntN(2) == 0 {
			time.AfterFunc(time.Duration(random.IntN(600_000))*time.Millisecond, cancel)
		}
		answers := random.IntN(2) == 0
		wg.Go(func() {
			defer cancel()
			if limiter.Wait(ctx, request) != nil {
				return
			}
			remaining, answer := sent(), instagram.LimiterAnswer{}
			time.Sleep(time.Second)
			if answers {
				answer.RateLimit = instagram.RateLimit{Limit: limit, Remaining: max(remaining, 1)}
			}
			limiter.Observe(request, answer)
		})
		if random.IntN(4) == 0 {
			time.Sleep(time.Duration(random.IntN(60_000)) * time.Millisecond)
		}
	}
	wg.Wait()
	assert.LessOrEqual(t, server.most, limit)

	time.Sleep(time.Hour)
	for range limit / 10 {
		start := time.Now()
		require.NoError(t, limiter.Wait(t.Context(), requests[0]))
		assert.Zero(t, time.Since(start), "an hour later, all is as at the start")
	}
}

// Of many tokens, those used last keep what they have used, and the others are forgotten.
func TestHourlyLimiterForgetsHolders(t *testing.T) {
	limiter := hourly(t, instagram.HourlyLimits{Calls: 1, FailFast: true})
	wait := func(i int) error {
		return limiter.Wait(t.Context(), instagram.LimiterRequest{Holder: fmt.Sprint(i)})
	}
	for i := range 30_000 {
		require.NoError(t, wait(i))
	}
	for i := 29_999; i >= 20_000; i-- {
		require.ErrorIs(t, wait(i), instagram.ErrRateLimited, "%d", i)
	}
	require.NoError(t, wait(0), "the memory is bounded")
}

func TestHourlyLimiterRefused(t *testing.T) {
	for _, limits := range []instagram.HourlyLimits{{Calls: -1}, {Likes: -1}, {Comments: -1}, {Relationships: -1}} {
		_, err := instagram.NewHourlyLimiter(limits)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	}
	_, err := instagram.NewClient(instagram.WithLimiter(nil))
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

// recorder is a limiter of one's own.
type recorder struct {
	requests []instagram.LimiterRequest
	answers  []instagram.LimiterAnswer
	err      error
}

func (r *recorder) Wait(_ context.Context, request instagram.LimiterRequest) error {
	if r.err == nil {
		r.requests = append(r.requests, request)
	}
	return r.err
}

func (r *recorder) Observe(request instagram.LimiterRequest, answer instagram.LimiterAnswer) {
	r.answers = append(r.answers, answer)
}

func TestLimiterOfOnesOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := &recorder{}
		client, transport := retryingClient(t, instagram.WithLimiter(limiter))
		script{fails(reset), answer(429, "").HeaderSet(http.Header{"Retry-After": {"2"}}), good}.play(transport)
		require.NoError(t, client.Likes.Like(t.Context(), "1"))
		_, err := client.WithToken("another").Users.Get(t.Context(), "7")
		require.NoError(t, err)

		require.Len(t, limiter.requests, 4, "each attempt has to wait")
		holder := limiter.requests[0].Holder
		assert.NotEmpty(t, holder)
		assert.NotContains(t, holder, testToken)
		like := instagram.LimiterRequest{Holder: holder, Method: "POST", Endpoint: "/media/{media-id}/likes", Write: instagram.LikeWrites}
		assert.Equal(t, []instagram.LimiterRequest{like, like, like}, limiter.requests[:3])
		assert.NotEqual(t, holder, limiter.requests[3].Holder)
		assert.Empty(t, limiter.requests[3].Write)
		said := instagram.RateLimit{Limit: 5000, Remaining: 4999}
		assert.Equal(t, []instagram.LimiterAnswer{
			{}, {RateLimit: said, Refused: true, RetryAfter: 2 * time.Second}, {RateLimit: said}, {RateLimit: said},
		}, limiter.answers)
	})
}

// Programs on several machines can share a budget, because the holder of a token has the same name
// in each of them. No one can tell the token from it.
func TestLimiterHolder(t *testing.T) {
	limiter := &recorder{}
	client, transport := mockClient(t, instagram.WithLimiter(limiter), instagram.WithClientCredentials("app", ""))
	transport.RegisterNoResponder(good)
	for _, c := range []*instagram.Client{client.WithToken("ada"), client.WithToken("bob"), client.WithToken("ada"), client.WithTokenSource(nil)} {
		_, err := c.Users.Get(t.Context(), "7")
		require.NoError(t, err)
	}
	var holders []string
	for _, request := range limiter.requests {
		holders = append(holders, request.Holder)
	}
	assert.Equal(t, []string{
		"a8267887ff76da964f38fa0ae8a96477", "895fdc1e773c4cb551f51a0856b54a46", "a8267887ff76da964f38fa0ae8a96477", "bb9161804ba296213b2a13b7403a602d",
	}, holders)
}

// The limits are those of v1: what goes to other servers does not wait.
func TestLimiterIsForV1(t *testing.T) {
	limiter := &recorder{}
	client, transport := mockClient(t, instagram.WithLimiter(limiter))
	transport.RegisterNoResponder(httpmock.NewStringResponder(200, `{"data":[]}`))
	_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
	require.NoError(t, err)
	assert.Empty(t, limiter.requests)
	assert.Empty(t, limiter.answers)
}

// The error of a limiter ends the call, in the middle of it too.
func TestLimiterError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := &recorder{}
		client, transport := retryingClient(t, instagram.WithLimiter(limiter))
		closed := errors.New("shop is closed")
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			limiter.err = closed
			return answer(503, "")(r)
		})
		_, err := client.Users.Get(t.Context(), "7")
		require.ErrorIs(t, err, closed)
		assert.ErrorIs(t, err, instagram.ErrUnavailable, "and says what came before")
		assert.Equal(t, 1, attempts(t, err))
		assert.Len(t, limiter.answers, 1)
	})
}

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

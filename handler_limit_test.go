package instagram_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// limiterLog is a Limiter that keeps what it is asked.
type limiterLog struct {
	noLimiter
	mu       sync.Mutex
	requests []instagram.LimiterRequest
	answers  []instagram.LimiterAnswer
}

func (l *limiterLog) Wait(_ context.Context, request instagram.LimiterRequest) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, request)
	return nil
}

func (l *limiterLog) Observe(_ instagram.LimiterRequest, answer instagram.LimiterAnswer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers = append(l.answers, answer)
}

// A limiter of several processes knows a token by what they all call it, and that is not the token.
func TestHolderIsTheSameInEveryProcess(t *testing.T) {
	limiter := &limiterLog{}
	client, transport := mockClient(t, instagram.WithLimiter(limiter), instagram.WithClientCredentials("app", ""))
	transport.RegisterNoResponder(answer(200, goodAnswer))
	for _, c := range []*instagram.Client{client, client.WithToken("7.abc"), client.WithTokenSource(nil), client.WithToken("7.abc")} {
		_, err := c.Users.Get(t.Context(), "7")
		require.NoError(t, err)
	}
	var holders []string
	for _, request := range limiter.requests {
		holders = append(holders, request.Holder)
	}
	assert.Equal(t, []string{
		"b29b27887e6e15f056ef91b718949c06", // testToken
		"6c0db64af19e1009913b0680706acb2f", // 7.abc
		"bb9161804ba296213b2a13b7403a602d", // app
		"6c0db64af19e1009913b0680706acb2f",
	}, holders)
}

// A limiter learns of each request what it is, and what came of it.
func TestLimiterIsToldOfEveryRequest(t *testing.T) {
	limiter := &limiterLog{}
	client, transport := mockClient(t, instagram.WithLimiter(limiter))
	transport.RegisterNoResponder(answer(429, "").HeaderSet(http.Header{
		"X-Ratelimit-Limit": {"500"}, "X-Ratelimit-Remaining": {"0"}, "Retry-After": {"7"},
	}))
	require.ErrorIs(t, client.Likes.Like(t.Context(), "1"), instagram.ErrRateLimited)
	require.Len(t, limiter.requests, 1)
	assert.Equal(t, "POST", limiter.requests[0].Method)
	assert.Equal(t, "/media/{media-id}/likes", limiter.requests[0].Endpoint)
	assert.Equal(t, instagram.LikeWrites, limiter.requests[0].Write)
	require.Len(t, limiter.answers, 1)
	assert.True(t, limiter.answers[0].Refused)
	assert.Equal(t, 500, limiter.answers[0].RateLimit.Limit)
	assert.Equal(t, 7.0, limiter.answers[0].RetryAfter.Seconds())
}

package harvest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
)

// newTokens makes a pool of tokens with a limiter on NATS, each with so many calls made.
func newTokens(t *testing.T, made ...int) *Pool {
	t.Helper()
	js, err := jetstream.New(newStore(t).nc)
	require.NoError(t, err)
	limiter, err := fleet.NewLimiter(js, fleet.Limits{FailFast: true, Calls: 200})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, limiter.Close(context.Background())) })
	var tokens []*Token
	for i, n := range made {
		token, err := NewToken(fmt.Sprint(i+1), fmt.Sprintf("157408%d.1fb234f.0123456789abcdef0123456789abcdef", i))
		require.NoError(t, err)
		request := instagram.LimiterRequest{Holder: token.Holder}
		for range n {
			require.NoError(t, limiter.Wait(t.Context(), request))
		}
		for left := n - 1; left >= 0; left-- {
			limiter.Observe(request, instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 200, Remaining: 200 - n + left}})
		}
		tokens = append(tokens, token)
	}
	p := newPool(tokens, limiter, time.Hour, slog.New(slog.DiscardHandler), func(*Token, error) {})
	t.Cleanup(p.close)
	return p
}

func TestThePoolTakesTheTokenWithTheMostLeft(t *testing.T) {
	p := newTokens(t, 150, 10, 90, 200)
	require.Eventually(t, func() bool { // what was answered is on record
		b, err := p.limiter.Budget(t.Context(), p.tokens[1].Holder)
		return err == nil && b.Known
	}, 10*time.Second, 10*time.Millisecond)
	for range stay {
		token, err := p.pick(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "2", token.Name)
	}
	p.setAside(p.tokens[1], instagram.ErrUnauthorized)
	token, err := p.pick(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "3", token.Name)
}

func TestAPoolWithNothingLeftAsksLessAndLess(t *testing.T) {
	p := newTokens(t, 200)
	waits := []time.Duration{}
	for range 12 {
		p.tokens[0].until = time.Time{} // as another one of many
		wait, err := p.choose(t.Context())
		require.NoError(t, err)
		waits = append(waits, wait)
	}
	assert.Less(t, waits[0], time.Second/4)
	for _, wait := range waits[8:] {
		assert.GreaterOrEqual(t, wait, 7*time.Second)
		assert.LessOrEqual(t, wait, 15*time.Second)
	}

	for _, token := range p.tokens {
		p.setAside(token, instagram.ErrUnauthorized)
	}
	_, err := p.pick(t.Context())
	assert.ErrorIs(t, err, ErrNoToken)
}

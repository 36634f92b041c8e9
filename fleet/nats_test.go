package fleet

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet/internal/embedded"
	"github.com/igv1/instagram/instagramtest"
)

// The real path: clients, their limiters, NATS, and the server that counts.
func TestClientsShareABudgetOverNATS(t *testing.T) {
	defer goleak.VerifyNone(t)
	api := instagramtest.NewServer(instagramtest.WithMode(instagramtest.Sandbox))
	defer api.Close()
	s, err := embedded.Start(embedded.Options{Dir: t.TempDir()})
	require.NoError(t, err)
	defer s.Close()
	token := api.AccessToken(api.Users()[0].ID)

	var all sync.WaitGroup
	var limiters []*Limiter
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for range 6 {
		nc, err := nats.Connect(s.URL(), nats.Token(s.Token))
		require.NoError(t, err)
		defer nc.Close()
		js, err := jetstream.New(nc)
		require.NoError(t, err)
		limiter, err := NewLimiter(js, Limits{FailFast: true})
		require.NoError(t, err)
		limiters = append(limiters, limiter)
		client, err := instagram.NewClient(instagram.WithBaseURL(api.BaseURL()), instagram.WithAccessToken(token),
			instagram.WithLimiter(limiter), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}))
		require.NoError(t, err)
		defer client.Close()
		for range 3 {
			all.Go(func() {
				for {
					if _, err := client.Users.Get(ctx, instagram.Self); err != nil {
						assert.ErrorIs(t, err, instagram.ErrRateLimited)
						return
					}
				}
			})
		}
	}
	all.Wait()
	made := 0
	for _, r := range api.Requests() {
		assert.Equal(t, 200, r.Status)
		made++
	}
	assert.Equal(t, 500, made, "all of it, and no more")
	for _, l := range limiters {
		assert.NoError(t, l.Close(ctx))
	}
}

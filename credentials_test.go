package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

// A slow source holds no call past its context, nor past the time for a call. The token that it
// comes with later is what the next call is sent with.
func TestSlowTokenSource(t *testing.T) {
	for name, tt := range map[string]struct {
		opts    []instagram.Option
		timeout time.Duration
	}{
		"context": {nil, 100 * time.Millisecond},
		"call":    {[]instagram.Option{instagram.WithTimeout(100 * time.Millisecond)}, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				source := tokenFunc(func() (*oauth2.Token, error) {
					n := asked.Add(1)
					time.Sleep(3 * time.Second)
					return &oauth2.Token{AccessToken: []string{"", "late", "later"}[n]}, nil
				})
				var sent []string
				client, err := instagram.NewClient(append(tt.opts, instagram.WithTokenSource(source), instagram.WithHTTPClient(&http.Client{
					Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
						sent = append(sent, r.URL.Query().Get("access_token"))
						return answer(200, goodAnswer)(r)
					}),
				}))...)
				require.NoError(t, err)
				ctx, cancel := context.WithTimeout(t.Context(), tt.timeout)
				defer cancel()
				start := time.Now()
				for range 3 { // each takes over the question of the one before
					_, err = client.Users.Get(ctx, "7")
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
				assert.LessOrEqual(t, time.Since(start), 300*time.Millisecond)
				time.Sleep(5 * time.Second)
				for range 2 {
					_, err = client.WithForwardedFor().Users.Get(t.Context(), "7")
					if tt.timeout != time.Hour {
						require.NoError(t, err)
					}
				}
				time.Sleep(5 * time.Second)
				assert.Equal(t, int32(2), asked.Load())
				assert.Equal(t, "late", sent[0])
			})
		})
	}
}

// An expired late token is not used, and a late error is not told to another call.
func TestLateTokenOfNoUse(t *testing.T) {
	for name, late := range map[string]func() (*oauth2.Token, error){
		"expired": func() (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "old", Expiry: time.Now().Add(-time.Hour)}, nil
		},
		"error": func() (*oauth2.Token, error) { return nil, errors.New("no") },
		"panic": func() (*oauth2.Token, error) { panic("no") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				source := tokenFunc(func() (*oauth2.Token, error) {
					if asked++; asked == 1 {
						time.Sleep(time.Second)
						return late()
					}
					return &oauth2.Token{AccessToken: testToken}, nil
				})
				client, transport := mockClient(t, instagram.WithTokenSource(source))
				transport.RegisterNoResponder(answer(200, goodAnswer))
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				_, err := client.Users.Get(ctx, "7")
				require.ErrorIs(t, err, context.DeadlineExceeded)
				time.Sleep(2 * time.Second)
				_, err = client.Users.Get(t.Context(), "7")
				require.NoError(t, err)
				assert.Equal(t, 2, asked)
			})
		})
	}
}

func TestPanickingTokenSource(t *testing.T) {
	client, _ := mockClient(t, instagram.WithTokenSource(tokenFunc(func() (*oauth2.Token, error) { panic("out of tokens") })))
	_, err := client.Users.Get(t.Context(), "7")
	assert.EqualError(t, err, "instagram: GET /users/{user-id}: token source: it panicked: out of tokens")
}

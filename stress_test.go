package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// TestStress has 128 users share one client and one server, where many calls fail, for a second or
// for as long as STRESS says:
//
//	STRESS=5m go test -race -run TestStress -timeout 10m -v .
//
// Whatever fails, an answer is the answer to the call that was made, with the token that it was
// made with, and a comment is made once at most.
func TestStress(t *testing.T) {
	const users = 128
	duration := time.Second
	if d, err := time.ParseDuration(os.Getenv("STRESS")); err == nil {
		duration = d
	}
	server := instagramtest.NewServer(instagramtest.WithLimits(1<<30, 1<<30), instagramtest.WithUsers(users), instagramtest.WithMedia(60, 300))
	defer server.Close()
	server.FailShare("/", instagramtest.Fault{Status: 503}, 0.05)
	server.FailShare("/", instagramtest.Fault{Cut: instagramtest.Drop, Effect: instagramtest.After}, 0.03)
	server.FailShare("/", instagramtest.Fault{Status: 429, Form: instagramtest.Bare}, 0.02)
	client := dialing(t, server.BaseURL(), instagram.WithRetry(instagram.RetryPolicy{BaseDelay: time.Millisecond, MaxAttempts: 8}))
	ctx, cancel := context.WithTimeout(t.Context(), duration)
	defer cancel()

	var s stress
	var wg sync.WaitGroup
	for _, user := range server.Users()[:users] {
		wg.Go(func() {
			mine := client.WithToken(server.AccessToken(user.ID))
			for ctx.Err() == nil {
				media := server.PostMedia(user.Username, instagramtest.Media{Caption: "stress"})
				for i := 0; i < 20 && ctx.Err() == nil; i++ {
					s.step(ctx, t, mine, user, media.ID)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d calls, of which %d failed; %d comments, of which %d were made without an answer", s.calls.Load(), s.failed.Load(), s.comments.Load(), s.unanswered.Load())
	assert.Positive(t, s.comments.Load())
	assert.Less(t, s.failed.Load(), s.calls.Load()/4)
}

// stress counts what became of calls.
type stress struct{ calls, failed, comments, unanswered atomic.Int64 }

// step makes a few calls as a user, who is the only one to comment on a media.
func (s *stress) step(ctx context.Context, t *testing.T, client *instagram.Client, user instagramtest.User, mediaID string) {
	text := fmt.Sprint("walk ", rand.Uint64())
	calls := []func(context.Context) error{
		func(ctx context.Context) error {
			me, err := client.Users.Get(ctx, instagram.Self)
			if err == nil {
				assert.Equal(t, user.Username, me.Username)
			}
			return err
		},
		func(ctx context.Context) error {
			seen := map[string]bool{}
			for media, err := range client.Users.RecentMedia(instagram.Self, nil).Prefetch(rand.IntN(3)).All(ctx) {
				if err != nil {
					return err
				}
				assert.Equal(t, user.Username, media.User.Username)
				assert.False(t, seen[media.ID], "an entry comes once")
				seen[media.ID] = true
			}
			return nil
		},
		func(ctx context.Context) error { return client.Likes.Like(ctx, mediaID) },
		func(ctx context.Context) error { return client.Likes.Unlike(ctx, mediaID) },
		func(ctx context.Context) error { return s.comment(ctx, t, client, mediaID, text) },
	}
	call := calls[rand.IntN(len(calls))]
	if rand.IntN(10) == 0 { // somebody who does not wait
		hurry, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(int(5*time.Millisecond))))
		defer cancel()
		ctx = hurry
	}
	s.calls.Add(1)
	if err := call(ctx); err != nil && ctx.Err() == nil {
		s.failed.Add(1)
		var e *instagram.Error
		assert.ErrorAs(t, err, &e)
	}
}

// comment makes a comment, and looks whether it is there as often as it should.
func (s *stress) comment(ctx context.Context, t *testing.T, client *instagram.Client, mediaID, text string) error {
	_, made := client.Comments.Create(ctx, mediaID, text)
	comments, err := client.Comments.List(ctx, mediaID)
	if err != nil {
		return errors.Join(made, err)
	}
	n := 0
	for _, comment := range comments {
		if comment.Text == text {
			n++
		}
	}
	s.comments.Add(1)
	switch {
	case made == nil:
		assert.Equal(t, 1, n, "an acknowledged comment is there once")
	case n == 1:
		s.unanswered.Add(1)
	default:
		assert.Zero(t, n, "a comment is made once at most")
	}
	return made
}

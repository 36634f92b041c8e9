package tokens

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

type sourceFunc func() (*oauth2.Token, error)

func (f sourceFunc) Token() (*oauth2.Token, error) { return f() }

func TestStatic(t *testing.T) {
	assert.False(t, Source{}.Set())
	assert.False(t, Ask(nil).Set())
	token, err := Source{}.Get(t.Context())
	assert.Nil(t, token)
	assert.NoError(t, err)
	assert.Equal(t, []string{"", ""}, known(Source{}))

	text := "secret"
	s := Static(&text)
	assert.True(t, s.Set())
	token, err = s.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "secret", token.AccessToken)
	assert.Equal(t, []string{"secret", ""}, known(s))
	assert.NotContains(t, fmt.Sprintf("%v %+v", s, s), "secret")
}

// A source that is slow or panics holds nobody up. The token that comes too late is for the next
// one who asks, unless it has expired by then.
func TestAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		s := Ask(sourceFunc(func() (*oauth2.Token, error) {
			asked++
			n := asked
			time.Sleep(time.Minute)
			if n == 3 {
				panic("no more")
			}
			return &oauth2.Token{AccessToken: fmt.Sprint(n), RefreshToken: "r", Expiry: time.Now().Add(time.Hour)}, nil
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Get(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		token, err := s.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "1", token.AccessToken)
		assert.Equal(t, []string{"1", "r"}, known(s))

		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = s.Get(ctx)
		require.Error(t, err)
		time.Sleep(2 * time.Hour) // the second token has come, and expired
		_, err = s.Get(t.Context())
		assert.ErrorContains(t, err, "it panicked: no more")
		assert.Equal(t, 3, asked)
	})
}

// contextFunc is a source that is told of the context.
type contextFunc func(context.Context) (*oauth2.Token, error)

func (f contextFunc) Token() (*oauth2.Token, error) { panic("it has another method") }

func (f contextFunc) TokenContext(ctx context.Context) (*oauth2.Token, error) { return f(ctx) }

// A source that is told of the context, and does not heed it, holds nobody up either.
func TestASourceThatDoesNotHeedItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		s := Ask(contextFunc(func(context.Context) (*oauth2.Token, error) {
			asked++
			time.Sleep(time.Minute)
			return &oauth2.Token{AccessToken: fmt.Sprint(asked)}, nil
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := s.Get(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(start))
		token, err := s.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "1", token.AccessToken, "the late one")
	})
}

// Where the call that asked ends, and the source with it, the others who wait ask for themselves.
func TestASourceThatHeedsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		var mu sync.Mutex
		asked := map[any]int{}
		s := Ask(contextFunc(func(ctx context.Context) (*oauth2.Token, error) {
			mu.Lock()
			asked[ctx.Value(key{})]++
			mu.Unlock()
			select {
			case <-ctx.Done():
				time.Sleep(time.Second) // to clean up
				return nil, ctx.Err()
			case <-time.After(time.Minute):
				return &oauth2.Token{AccessToken: fmt.Sprint(ctx.Value(key{}))}, nil
			}
		}))
		impatient, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "impatient"), time.Second)
		defer cancel()
		_, err := s.Get(impatient)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				token, err := s.Get(context.WithValue(t.Context(), key{}, i))
				if assert.NoError(t, err) {
					assert.Equal(t, fmt.Sprint(i), token.AccessToken)
				}
			})
		}
		wg.Wait()
		assert.Len(t, asked, 11)
	})
}

// A source that does not answer is asked by as many calls as there were before the first gave up,
// and by no more after that. No token that it gives late is lost.
func TestManyAskASourceThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers = 10
		var asked atomic.Int64
		answer := make(chan struct{})
		s := Ask(sourceFunc(func() (*oauth2.Token, error) {
			n := asked.Add(1)
			<-answer
			return &oauth2.Token{AccessToken: fmt.Sprint(n)}, nil
		}))
		for range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					_, err := s.Get(ctx)
					assert.ErrorIs(t, err, context.DeadlineExceeded)
				})
			}
			wg.Wait()
			cancel()
		}
		assert.LessOrEqual(t, asked.Load(), int64(callers))
		close(answer)
		synctest.Wait()
		late := map[string]bool{}
		for range callers {
			token, err := s.Get(t.Context())
			require.NoError(t, err)
			late[token.AccessToken] = true
		}
		assert.Len(t, late, callers, "each late token is used")
		assert.EqualValues(t, callers, asked.Load())
	})
}

var errExpired = errors.New("sign in")

// renewing returns a source of a token that is good for a while, and counts the renewals.
func renewing(good time.Duration, renewed *atomic.Int32, fail func() error, opts RenewOptions) *Renewed {
	opts.Expired = errExpired
	opts.Renew = func(ctx context.Context, old *oauth2.Token) (*oauth2.Token, error) {
		time.Sleep(time.Second)
		if err := errors.Join(fail(), ctx.Err()); err != nil {
			return nil, err
		}
		return &oauth2.Token{AccessToken: fmt.Sprint("new", renewed.Add(1)), Expiry: time.Now().Add(LongLife)}, nil
	}
	return Renew(oauth2.Token{AccessToken: "old", Expiry: time.Now().Add(good)}, opts)
}

// However many ask at a time, one of them renews, and the others go on with the old token.
func TestRenewedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var renewed atomic.Int32
		s := renewing(LongLife/2+time.Minute, &renewed, func() error { return nil }, RenewOptions{
			Failed: func(_ context.Context, err error) { assert.NoError(t, err) },
		})
		ask := func() (old int) {
			var all sync.WaitGroup
			var mu sync.Mutex
			for range 100 {
				all.Go(func() {
					token, err := s.Token()
					assert.NoError(t, err)
					mu.Lock()
					defer mu.Unlock()
					if token.AccessToken == "old" {
						old++
					}
				})
			}
			all.Wait()
			return old
		}
		assert.Equal(t, 100, ask())
		assert.Zero(t, renewed.Load(), "it is young")
		time.Sleep(time.Minute)
		assert.Equal(t, 99, ask())
		assert.Equal(t, int32(1), renewed.Load())
		assert.Equal(t, 0, ask())
		assert.Equal(t, int32(1), renewed.Load())
	})
}

// Neither a renewal nor a Save that fails is an error before the token expires. Each is tried again
// after a pause that doubles.
func TestRenewedFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var renewed atomic.Int32
		var failures, saved []string
		broken := errors.New("down, with old")
		s := renewing(3*time.Hour, &renewed, func() error { return broken }, RenewOptions{
			Save: func(_ context.Context, token *oauth2.Token) error {
				saved = append(saved, token.AccessToken)
				return broken
			},
			Failed: func(_ context.Context, err error) { failures = append(failures, err.Error()) },
		})
		start := time.Now()
		for time.Since(start) < 100*time.Minute {
			_, err := s.Token()
			require.NoError(t, err)
			time.Sleep(time.Second)
		}
		assert.Len(t, failures, 7, "after 0, 1, 3, 7, 15, 31 and 63 minutes")
		time.Sleep(2 * time.Hour)
		_, err := s.Token()
		require.ErrorIs(t, err, errExpired)

		broken = nil
		s = renewing(time.Minute, &renewed, func() error { return nil }, s.opts)
		broken = errors.New("the disk is full, said new1")
		failures = nil
		token, err := s.Token()
		require.NoError(t, err)
		assert.Equal(t, "new1", token.AccessToken)
		require.Len(t, failures, 1)
		assert.NotContains(t, failures[0], "new1")
		broken = nil
		time.Sleep(time.Minute)
		_, err = s.Token()
		require.NoError(t, err)
		_, err = s.Token()
		require.NoError(t, err)
		assert.Equal(t, []string{"new1", "new1"}, saved)
	})
}

// One that is cut short by its caller says nothing of the next renewal.
func TestRenewedEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var renewed atomic.Int32
		s := renewing(time.Hour, &renewed, func() error { return nil }, RenewOptions{Failed: func(context.Context, error) {}})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := s.TokenContext(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		token, err := s.TokenContext(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "new1", token.AccessToken)
	})
}

func TestReadAnswer(t *testing.T) {
	for body, want := range map[string]Answer{
		`{"access_token":"t","token_type":"bearer","expires_in":5183944}`:                       {AccessToken: "t", TokenType: "bearer", ExpiresIn: 5183944},
		`{"access_token":"t","user_id":17841400000000007,"permissions":"a, b,"}`:                {AccessToken: "t", UserID: "17841400000000007", Permissions: []string{"a", "b"}},
		`{"data":[{"access_token":"t","user_id":"7","permissions":["a","b"],"x":{}}],"x":null}`: {AccessToken: "t", UserID: "7", Permissions: []string{"a", "b"}},
		`{"expires_in":-5}`:    {},
		`{"expires_in":"1e9"}`: {ExpiresIn: maxLife},
	} {
		answer, err := ReadAnswer([]byte(body))
		require.Nil(t, err, body)
		assert.Equal(t, want, *answer, body)
	}
	for _, body := range []string{"", "[]", "{", `{"access_token":[]}`, `{"expires_in":"soon"}`, `{}x`} {
		_, err := ReadAnswer([]byte(body))
		assert.NotNil(t, err, body)
	}
}

func known(s Source) []string {
	token, renewal := s.Known()
	return []string{token, renewal}
}

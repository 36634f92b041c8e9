package usage

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/bucket"
	"github.com/igv1/instagram/internal/wait"
)

func TestOf(t *testing.T) {
	h := http.Header{}
	h.Set("X-App-Usage", `{"call_count":28.2,"total_time":-1,"total_cputime":1e300,"x":[]}`)
	h.Set("X-Business-Use-Case-Usage", `{"1":[{"call_count":5,"total_time":7},{"call_count":9,"total_cputime":2}],"2":[{"estimated_time_to_regain_access":19}]}`)
	app, business := Of(h)
	assert.Equal(t, Usage{CallCount: 29, TotalCPUTime: 1<<31 - 1}, app)
	assert.Equal(t, Usage{CallCount: 9, TotalTime: 7, TotalCPUTime: 2, RegainAccess: 19 * time.Minute}, business)
	assert.Equal(t, 9, business.Most())

	for _, value := range []string{"", "{", "[]", `{"call_count":"x"}`, `{"call_count":5}x`} {
		h.Set("X-App-Usage", value)
		h.Set("X-Business-Use-Case-Usage", `{"7":`+value+`}`)
		app, business = Of(h)
		assert.Zero(t, app, value)
		assert.Zero(t, business, value)
	}
}

// passes counts the requests that go at once.
func passes(t *testing.T, l *Limiter, account string, of int) (n int) {
	t.Helper()
	for range of {
		if l.Wait(t.Context(), account, 0) == nil {
			n++
		}
	}
	return n
}

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(75, 10)
		assert.Equal(t, 100, passes(t, l, "a", 100), "nothing is known")
		l.Observe("a", Usage{}, Usage{CallCount: 50}, false, 0)
		assert.Equal(t, 20, passes(t, l, "a", 20), "it is below the threshold")
		l.Observe("a", Usage{}, Usage{TotalTime: 90}, false, 0)
		assert.Equal(t, 0, passes(t, l, "a", 100), "the latest went just now")
		assert.Equal(t, 100, passes(t, l, "b", 100), "another account")

		// 20 requests took 40, so what is left is enough for 5.
		start := time.Now()
		for range 5 {
			require.NoError(t, l.Wait(t.Context(), "a", bucket.Forever))
		}
		assert.Equal(t, time.Hour, time.Since(start))
		time.Sleep(time.Hour)
		assert.Equal(t, 100, passes(t, l, "a", 100), "an hour later all has come back")
	})
}

// Whatever waits goes on as soon as an answer says that there is room, and gives up with its
// context.
func TestLimiterPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(75, 10)
		l.Observe("a", Usage{CallCount: 100}, Usage{}, true, 0)
		late := new(bucket.LateError)
		require.ErrorAs(t, l.Wait(t.Context(), "b", 59*time.Second), &late, "the app is shared")
		assert.Equal(t, time.Minute, late.Wait)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, l.Wait(ctx, "b", bucket.Forever), context.DeadlineExceeded)

		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { assert.NoError(t, l.Wait(t.Context(), "b", bucket.Forever)) })
		}
		synctest.Wait()
		start := time.Now()
		time.Sleep(2 * time.Minute)
		l.Observe("a", Usage{CallCount: 1}, Usage{}, false, 0)
		all.Wait()
		assert.Equal(t, 2*time.Minute, time.Since(start))

		l.Observe("a", Usage{}, Usage{}, true, time.Hour)
		assert.Equal(t, 0, passes(t, l, "a", 1), "refused for its own budget")
		assert.Equal(t, 1, passes(t, l, "b", 1))
		time.Sleep(time.Hour)
		assert.Equal(t, 1, passes(t, l, "a", 1))
	})
}

// Many calls for many accounts at the same time, each of whose answers says something else. Run it
// with -race.
func TestLimiterOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(75, 3) // fewer than there are
		var all sync.WaitGroup
		start, passed := time.Now(), 0
		var mu sync.Mutex
		for worker := range 100 {
			all.Go(func() {
				account := fmt.Sprint(worker % 7)
				for call := range 20 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					if l.Wait(ctx, account, bucket.Forever) == nil {
						mu.Lock()
						passed++
						mu.Unlock()
					}
					cancel()
					time.Sleep(time.Duration(worker) * time.Millisecond)
					l.Observe(account, Usage{CallCount: (worker + call) % 99}, Usage{CallCount: worker + call}, worker%10 == 9, time.Duration(call)*time.Second)
				}
			})
		}
		all.Wait()
		assert.Positive(t, passed)
		assert.Less(t, time.Since(start), time.Hour, "who waits gives up with the context")
	})
}

// FuzzOf: headers are what a server sends.
func FuzzOf(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `{"call_count":28,"total_time":25,"total_cputime":25}`, `{"call_count":1e400,"total_time":"x"}`, `{"call_count":{}}`,
		`{"17841400000000007":[{"type":"instagram","call_count":100,"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":19}]}`,
		`{"1":[{"estimated_time_to_regain_access":99999999999999999999}],"2":[{}],"3":null}`, `{"1":[[[[`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		h := http.Header{"X-App-Usage": {value}, "X-Business-Use-Case-Usage": {value}}
		app, business := Of(h)
		for _, said := range []Usage{app, business} {
			for _, percent := range []int{said.CallCount, said.TotalTime, said.TotalCPUTime} {
				assert.True(t, 0 <= percent && percent <= math.MaxInt32)
			}
			assert.True(t, 0 <= said.RegainAccess && said.RegainAccess <= wait.Longest)
		}
	})
}

// FuzzLimiter: whatever the answers say, nothing goes before the server lets it, and whoever waits
// long enough goes.
func FuzzLimiter(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0})
	f.Add([]byte{1, 90, 0, 0, 0, 5, 1, 95, 0, 0, 0, 6, 2, 0, 100, 0, 9, 1})
	f.Add([]byte{3, 255, 255, 1, 255, 255, 0, 74, 75, 0, 0, 0, 3, 76, 99, 1, 10, 2})
	f.Add([]byte{0, 0, 99, 0, 60, 1, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1, 0, 80, 99, 1, 0, 9, 0, 85, 0, 0, 0, 200})
	f.Fuzz(func(t *testing.T, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			l := NewLimiter(75, 4) // as many as there are
			var until [4]time.Time // no turns before
			for ; len(script) >= 6; script = script[6:] {
				account, app, business, refused := script[0]%4, int(script[1]), int(script[2]), script[3]%2 == 1
				asked := time.Duration(script[4]) * time.Minute
				name := fmt.Sprint(account)
				if l.Wait(t.Context(), name, 0) == nil {
					assert.False(t, time.Now().Before(until[account]), "it went too early")
				}
				l.Observe(name, Usage{CallCount: app}, Usage{CallCount: business, RegainAccess: asked}, refused, 0)
				if paused := time.Now().Add(asked); asked > 0 && paused.After(until[account]) {
					until[account] = paused
				}
				time.Sleep(time.Duration(script[5]) * 10 * time.Second)
			}
			for account := range until {
				require.NoError(t, l.Wait(t.Context(), fmt.Sprint(account), 255*time.Minute+time.Hour))
				assert.False(t, time.Now().Before(until[account]), "it went too early")
			}
		})
	})
}

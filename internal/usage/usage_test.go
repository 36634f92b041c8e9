package usage

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/bucket"
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

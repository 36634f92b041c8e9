package instagram_test

import (
	"context"
	"io"
	"math"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// TestSoak makes many calls to a server that fails one in ten of them, and looks at what stays
// behind. It makes 2000, or as many as SOAK_CALLS says:
//
//	SOAK_CALLS=100000 go test -run TestSoak -v .
func TestSoak(t *testing.T) {
	const rounds, goroutines = 4, 16
	calls := 2000
	if n, err := strconv.Atoi(os.Getenv("SOAK_CALLS")); err == nil {
		calls = n
	}
	faults := []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"meta":{"code":500}}`) },
		func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, goodAnswer[:20]) },
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, goodAnswer[:20])
		},
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	var n atomic.Int64
	server, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Ratelimit-Limit", "5000")
		w.Header().Set("X-Ratelimit-Remaining", "4999")
		switch i := n.Add(1); {
		case i%10 == 3:
			faults[i/10%int64(len(faults))](w, r)
		case r.URL.Path == "/users/self/feed":
			_, _ = io.WriteString(w, `{"meta":{"code":200},"data":[{"id":"1"},{"id":"2"}]}`)
		default:
			_, _ = io.WriteString(w, goodAnswer)
		}
	})
	client := dialing(t, server.URL, instagram.WithRetry(instagram.RetryPolicy{BaseDelay: time.Millisecond, MaxAttempts: 10}))
	kinds := []func(context.Context, *instagram.Client) error{
		retryCalls["GET"], retryCalls["like"], retryCalls["uncomment"], retryCalls["comment"],
		func(ctx context.Context, c *instagram.Client) error {
			_, err := walk(ctx, c.Users.Feed(nil).Prefetch(1), mediaID)
			return err
		},
	}
	var failed, comments atomic.Int64
	round := func(first int) {
		var wg sync.WaitGroup
		for g := range goroutines {
			wg.Go(func() {
				for i := first + g; i < first+calls/rounds; i += goroutines {
					mine := client.WithToken("token" + strconv.Itoa(i))
					kind := i % len(kinds)
					if err := kinds[kind](t.Context(), mine); err != nil && kind != 3 {
						failed.Add(1)
						t.Log(err)
					} else if err != nil {
						comments.Add(1)
					}
				}
			})
		}
		wg.Wait()
	}

	var inUse [rounds]uint64
	var running [rounds]int
	for i := range rounds {
		round(i * calls / rounds)
		client.Close()
		require.Eventually(t, func() bool { return runtime.NumGoroutine() < 16 }, 5*time.Second, 10*time.Millisecond)
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		inUse[i], running[i] = m.HeapAlloc, runtime.NumGoroutine()
	}
	t.Logf("%d calls, %d requests; in use after each quarter: %d KiB, %d goroutines", calls, requests.Load(),
		[]uint64{inUse[0] >> 10, inUse[1] >> 10, inUse[2] >> 10, inUse[3] >> 10}, running)
	assert.Zero(t, failed.Load(), "of what may be repeated, nothing fails at one fault in ten")
	// One comment in ten meets a fault, give or take what chance does to so many.
	faulted := float64(calls) / float64(len(kinds)) / 10
	assert.Less(t, float64(comments.Load()), faulted+4*math.Sqrt(faulted), "a fault costs no more than the comment that met it")
	assert.Less(t, inUse[rounds-1], inUse[0]+2<<20)
	assert.LessOrEqual(t, running[rounds-1], running[0]+2)
}

package instagram_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram"
)

// ledger counts how often each update reached the program.
type ledger struct {
	mu    sync.Mutex
	times map[int64]int
}

func (l *ledger) enter(u *instagram.Update) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times[u.Time.Unix()]++
}

func (l *ledger) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.times)
}

// 10,000 updates come over 50 connections, with repeats and forgeries among them, and in the middle
// the program is stopped and another one takes over. Each update reaches one of the programs once,
// or is told by Shutdown.
func TestWebhookUnderLoad(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	const updates, connections = 10_000, 50
	delivered := ledger{times: make(map[int64]int)}
	program := func(delay time.Duration) *instagram.Webhook {
		return newWebhook(t, instagram.WebhookOptions{Workers: 4, QueueSize: 64, Handle: func(_ context.Context, u *instagram.Update) {
			time.Sleep(delay)
			delivered.enter(u)
		}})
	}
	// The first one is slow, so that its queue fills and it leaves some behind.
	first, second := program(500*time.Microsecond), program(0)
	mux := http.NewServeMux()
	mux.Handle("/first", first)
	mux.Handle("/second", second)
	server := httptest.NewServer(mux)
	defer server.Close()

	var running atomic.Pointer[string]
	path := "/first"
	running.Store(&path)
	stopped := make(chan error)
	go func() {
		for delivered.len() < updates/4 {
			time.Sleep(time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		err := first.Shutdown(ctx)
		path := "/second"
		running.Store(&path)
		stopped <- err
	}()

	var wg sync.WaitGroup
	var repeats, forgeries, refusals atomic.Int64
	for connection := range connections {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(connection)))
			transport := &http.Transport{MaxConnsPerHost: 1}
			defer transport.CloseIdleConnections()
			post := func(path, body, signature string) int {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, strings.NewReader(body))
				if !assert.NoError(t, err) {
					return 0
				}
				r.Header.Set("X-Hub-Signature", signature)
				res, err := transport.RoundTrip(r)
				if !assert.NoError(t, err) {
					return 0
				}
				res.Body.Close()
				return res.StatusCode
			}
			for i := connection; i < updates; i += connections {
				body := updateOf("snow", i+1)
				if random.IntN(100) == 0 {
					forgeries.Add(1)
					forged := updateOf("snow", updates+i)
					assert.Equal(t, 403, post(*running.Load(), forged, signed(body)))
				}
				for {
					path := *running.Load()
					status := post(path, body, signed(body))
					if status == 200 {
						if random.IntN(100) == 0 {
							repeats.Add(1)
							assert.Contains(t, []int{200, 503}, post(path, body, signed(body)))
						}
						break
					}
					if !assert.Equal(t, 503, status) {
						return
					}
					refusals.Add(1)
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	wg.Wait()
	var told *instagram.UndeliveredError
	require.ErrorAs(t, <-stopped, &told)
	require.NotEmpty(t, told.Updates, "it was stopped in the middle")
	require.NoError(t, first.Shutdown(t.Context()))
	require.NoError(t, second.Shutdown(t.Context()))
	for _, u := range told.Updates {
		delivered.enter(u)
	}

	assert.NotZero(t, repeats.Load())
	assert.NotZero(t, forgeries.Load())
	assert.NotZero(t, refusals.Load())
	require.Len(t, delivered.times, updates)
	for at, n := range delivered.times {
		require.Equal(t, 1, n, "update %d", at)
	}
	t.Logf("%d repeats, %d forgeries, %d refusals, %d told at shutdown", repeats.Load(), forgeries.Load(), refusals.Load(), len(told.Updates))
}

// discard is a ResponseWriter that costs nothing.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// SetReadDeadline does nothing; what net/http has here costs a microsecond.
func (d *discard) SetReadDeadline(time.Time) error { return nil }

// BenchmarkWebhook posts a body of ten updates at a time, as a busy subscription sends them. It
// says what an update costs, and a body that is refused for its signature.
func BenchmarkWebhook(b *testing.B) {
	const perBody = 10
	bodies := make([]string, 1<<14)
	signatures := make([]string, len(bodies))
	for i := range bodies {
		var body strings.Builder
		for j := range perBody {
			body.WriteString(fmt.Sprintf(`,{"changed_aspect":"media","object":"user","object_id":"%d","time":%d,"subscription_id":%d,"data":{"media_id":"%d_%d"}}`,
				i, 1_400_000_000+j, 7, i, j))
		}
		bodies[i] = "[" + body.String()[1:] + "]"
		signatures[i] = signed(bodies[i])
	}
	run := func(b *testing.B, signature func(int) string, status int) {
		hook := newWebhook(b, instagram.WebhookOptions{QueueSize: 1 << 30})
		var next atomic.Int64
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			w := &discard{header: http.Header{}}
			for pb.Next() {
				i := int(next.Add(1)) % len(bodies)
				r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(bodies[i]))
				r.Header["X-Hub-Signature"] = []string{signature(i)}
				clear(w.header)
				w.status = 0
				hook.ServeHTTP(w, r)
				if w.status != status {
					b.Fatalf("status %d", w.status)
				}
			}
		})
		if status == 200 {
			b.ReportMetric(float64(b.N)*perBody/b.Elapsed().Seconds(), "updates/s")
		}
		if err := hook.Shutdown(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("real", func(b *testing.B) { run(b, func(i int) string { return signatures[i] }, 200) })
	b.Run("forged", func(b *testing.B) { run(b, func(i int) string { return signatures[(i+1)%len(signatures)] }, 403) })
	b.Run("unsigned", func(b *testing.B) { run(b, func(int) string { return "" }, 403) })
}

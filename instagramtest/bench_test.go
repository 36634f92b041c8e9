package instagramtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// BenchmarkServer compares the server with a handler that does nothing but write the same bytes. It
// calls the two in turn and takes the median of each, so that whatever else the machine does slows
// both; %-of-bare is how many requests a second the server answers for every hundred of the bare
// handler.
func BenchmarkServer(b *testing.B) {
	for _, page := range []struct{ name, path string }{
		{"self", "/users/self?"},
		{"page of 20", "/users/self/media/recent?count=20&"},
	} {
		for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
			b.Run(page.name+"/"+strconv.Itoa(int(wire)), func(b *testing.B) {
				// An hour's calls would not last.
				srv := instagramtest.NewServer(instagramtest.WithWire(wire), instagramtest.WithLimits(1e9, 1e9))
				defer srv.Close()
				target := srv.BaseURL() + page.path + "access_token=" + srv.AccessToken(srv.Users()[0].ID)
				_, body := timed(b, srv.Client(), target)
				bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json; charset=utf-8")
					w.Header().Set("Content-Length", strconv.Itoa(len(body)))
					w.Write(body) //nolint:errcheck
				}))
				defer bare.Close()

				var bareTimes, serverTimes []time.Duration
				for b.Loop() {
					d, got := timed(b, srv.Client(), bare.URL)
					bareTimes = append(bareTimes, d)
					require.Len(b, got, len(body))
					d, got = timed(b, srv.Client(), target)
					serverTimes = append(serverTimes, d)
					require.Len(b, got, len(body))
				}
				bareRate, serverRate := rate(bareTimes), rate(serverTimes)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(bareRate, "bare-req/s")
				b.ReportMetric(serverRate, "req/s")
				b.ReportMetric(100*serverRate/bareRate, "%-of-bare")
			})
		}
	}
}

// rate is how many requests a second there are if each takes the median of the times.
func rate(times []time.Duration) float64 {
	slices.Sort(times)
	return 1 / times[len(times)/2].Seconds()
}

// timed gets a URL and says how long that took.
func timed(b *testing.B, client *http.Client, target string) (time.Duration, []byte) {
	start := time.Now()
	resp, err := client.Get(target)
	require.NoError(b, err)
	body, err := io.ReadAll(resp.Body)
	took := time.Since(start)
	resp.Body.Close()
	require.NoError(b, err)
	require.Equal(b, http.StatusOK, resp.StatusCode)
	return took, body
}

// BenchmarkStart says how long a server takes to start, and how much memory the default world needs
// once every media of it has been asked for.
func BenchmarkStart(b *testing.B) {
	var before, after runtime.MemStats
	held := 0.0 // at most: the server before may not be gone yet
	for b.Loop() {
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		srv := instagramtest.NewServer()
		b.StopTimer()
		for _, u := range srv.Users() {
			target := srv.BaseURL() + "/users/self/media/recent?count=33&access_token=" + srv.AccessToken(u.ID)
			for target != "" {
				_, body := timed(b, srv.Client(), target)
				target = nextURL(b, body)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		held = max(held, (float64(after.HeapAlloc)-float64(before.HeapAlloc))/(1<<20))
		srv.Close()
		b.StartTimer()
	}
	b.ReportMetric(held, "MB-held")
}

func nextURL(b *testing.B, body []byte) string {
	var page struct {
		Pagination struct {
			Next string `json:"next_url"`
		}
	}
	require.NoError(b, json.Unmarshal(body, &page))
	return page.Pagination.Next
}

package instagramtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// BenchmarkServer compares the server with a handler that does nothing but write the same bytes. A run has a caller of
// its own each time, as an hour's budget would not last.
func BenchmarkServer(b *testing.B) {
	for _, page := range []struct{ name, path string }{
		{"self", "/users/self"},
		{"page of 20", "/users/self/media/recent?count=20"},
	} {
		for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
			srv := instagramtest.NewServer(instagramtest.WithWire(wire))
			name := page.name + "/" + strconv.Itoa(int(wire))
			sep := "?"
			if len(page.path) > 20 {
				sep = "&"
			}
			target := srv.BaseURL() + page.path + sep + "access_token=" + srv.AccessToken(srv.Users()[0].ID)
			resp, err := srv.Client().Get(target)
			require.NoError(b, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(b, err)
			resp.Body.Close()

			bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
				w.Write(body)
			}))
			b.Run(name+"/bare", func(b *testing.B) { load(b, srv.Client(), bare.URL, nil) })
			b.Run(name+"/server", func(b *testing.B) { load(b, srv.Client(), target, srv) })
			bare.Close()
			srv.Close()
		}
	}
}

// load asks for the same thing over and over; every few thousand times it gives the server a new hour.
func load(b *testing.B, client *http.Client, target string, srv *instagramtest.Server) {
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if n++; srv != nil && n%4000 == 0 {
			srv.Advance(3600e9)
		}
		resp, err := client.Get(target)
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

// BenchmarkStart says how long a server takes to start, and how much memory the default world needs.
func BenchmarkStart(b *testing.B) {
	var before, after runtime.MemStats
	var held float64
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		srv := instagramtest.NewServer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		held = float64(after.HeapAlloc-before.HeapAlloc) / (1 << 20)
		srv.Close()
	}
	b.ReportMetric(held, "MB-held")
}

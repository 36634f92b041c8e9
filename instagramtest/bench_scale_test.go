package instagramtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/igv1/instagram/instagramtest"
)

// BenchmarkScale compares the lists of a world of a million media with those of the default world.
// It asks for a page of the one and of the other in turn, and goes on to the next page where there
// is one, so that few pages have been asked for before.
func BenchmarkScale(b *testing.B) {
	usual := newWalk(b)
	large := newWalk(b, instagramtest.WithUsers(10_000), instagramtest.WithMedia(240, 999_760))
	for _, path := range []string{
		"/users/self/media/recent?", "/users/{user}/media/recent?", "/users/self/feed?", "/users/self/media/liked?",
		"/users/self/follows?", "/users/self/followed-by?", "/users/search?q=mira&", "/users/search?q=nobody&",
		"/tags/nofilter/media/recent?", "/tags/search?q=sun&", "/locations/833/media/recent?",
		"/media/search?lat=48.858&lng=2.294&", "/locations/search?lat=48.858&lng=2.294&",
	} {
		b.Run(strings.Trim(path, "/?&"), func(b *testing.B) {
			var ofUsual, ofLarge []time.Duration
			for b.Loop() {
				ofUsual = append(ofUsual, usual.next(b, path))
				ofLarge = append(ofLarge, large.next(b, path))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(rate(ofUsual), "default-req/s")
			b.ReportMetric(rate(ofLarge), "million-req/s")
			b.ReportMetric(rate(ofUsual)/rate(ofLarge), "times-default")
		})
	}
}

// walk goes through the lists of a server, page by page, and begins again after the last.
type walk struct {
	srv   *instagramtest.Server
	token string
	user  string // somebody else
	at    map[string]string
}

func newWalk(b *testing.B, opts ...instagramtest.Option) *walk {
	srv := instagramtest.NewServer(append(opts, instagramtest.WithLimits(1e9, 1e9))...)
	b.Cleanup(srv.Close)
	users := srv.Users()
	return &walk{srv, srv.AccessToken(users[0].ID), users[1].ID, map[string]string{}}
}

func (w *walk) next(b *testing.B, path string) time.Duration {
	target := w.at[path]
	if target == "" {
		target = w.srv.BaseURL() + strings.ReplaceAll(path, "{user}", w.user) + "access_token=" + w.token
	}
	took, body := timed(b, w.srv.Client(), target)
	w.at[path] = nextURL(b, body)
	return took
}

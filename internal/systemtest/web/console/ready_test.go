package console_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/igv1/instagram/instagramtest"
)

// BenchmarkReady says after how many milliseconds a page can be used, from the start of the
// navigation, with nothing in the cache of the browser: the median of all loads, and the fastest,
// which says what is left if nothing else runs.
func BenchmarkReady(b *testing.B) {
	for name, path := range map[string]string{"home": "/", "console": "/console", "console with an answer": "/console?call=getUserMedia&user-id=self"} {
		b.Run(name, func(b *testing.B) {
			srv := instagramtest.NewServer()
			defer srv.Close()
			w := open(b, desktop)
			w.withoutCache()
			var times []float64
			for b.Loop() {
				w.do(chromedp.Navigate("about:blank"))
				w.visit(srv.URL + path)
				times = append(times, eval[float64](w, `Number(document.documentElement.dataset.ready)`))
			}
			slices.Sort(times)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(times[len(times)/2], "ms-to-ready")
			b.ReportMetric(times[0], "ms-fastest")
		})
	}
}

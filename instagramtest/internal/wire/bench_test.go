package wire

import (
	"strconv"
	"testing"
)

// BenchmarkMedia writes media that were written before, and media that were not.
func BenchmarkMedia(b *testing.B) {
	for _, year := range years {
		for _, name := range []string{"known", "new"} {
			b.Run(strconv.Itoa(int(year))+"/"+name, func(b *testing.B) {
				w, e := small(), New(year, false)
				var text []byte
				for i := 0; b.Loop(); i++ {
					m := w.Timeline[i%len(w.Timeline)]
					if name == "new" {
						m.Serial = (i & 1) << 13 // what was kept there is of another media
					}
					text = e.At("http://127.0.0.1:8080").Media(text[:0], m, View{Viewer: w.Main, Distance: -1})
				}
				b.ReportAllocs()
			})
		}
	}
}

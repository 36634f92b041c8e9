package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkWrite makes tables of 300,000 media, from reading to the file on the disk, once with the
// look for duplicates and once without.
func BenchmarkWrite(b *testing.B) {
	const n = 300_000
	ballast = make([]byte, 128<<20) // as in main
	input := recordings(b, n)
	for _, command := range []string{"parquet", "csv", "jsonl", "sqlite"} {
		for name, flags := range map[string][]string{"less duplicates": nil, "with duplicates": {"-duplicates"}} {
			b.Run(command+", "+name, func(b *testing.B) {
				for b.Loop() {
					args := append([]string{command, "-o", filepath.Join(b.TempDir(), "x"), input}, flags...)
					var out, errs discard
					require.Equal(b, done, run(b.Context(), args, &out, &errs))
				}
				b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "media/s")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

type discard struct{}

func (*discard) Write(p []byte) (int, error) { return len(p), nil }

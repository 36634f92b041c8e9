package main

import (
	"path"
	"slices"

	"github.com/igv1/instagram/archive"
	"github.com/igv1/instagram/instagramtest"
)

// readData is the option for recorded data. The server reads plain answers of v1 by itself, which
// keeps more of them than any model has; whatever else there is, package archive reads for it. What
// done closes is in use as long as the server is.
func readData(name string, strict bool) (option instagramtest.Option, done func()) {
	a, err := archive.Open(name)
	if err != nil { // the server says what is wrong with it
		return instagramtest.WithDataFile(name), func() {}
	}
	if isPlain(a.Report()) {
		a.Close()
		return instagramtest.WithDataFile(name), func() {}
	}
	if strict {
		a = a.With(archive.Strict())
	}
	return instagramtest.WithData(a.FS()), func() { a.Close() }
}

// isPlain says whether all that was read is answers of v1 in files that the server reads.
func isPlain(report *archive.Report) bool {
	for _, f := range report.Files {
		if len(f.Read) == 0 {
			continue
		}
		if f.Format != archive.FormatV1 || !slices.Contains([]string{".json", ".jsonl", ".ndjson"}, path.Ext(f.File)) || f.Packed {
			return false
		}
	}
	return true
}

package xz

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/archive"
)

func TestInstaloader(t *testing.T) {
	text, err := os.ReadFile("testdata/2019-02-12_19-33-20_UTC.json.xz")
	require.NoError(t, err)
	a, err := archive.OpenFS(fstest.MapFS{
		"2019-02-12_19-33-20_UTC.json.xz": {Data: text}, "2019-02-12_19-33-20_UTC_1.jpg": {}, "cut.json.xz": {Data: text[:200]},
	})
	require.NoError(t, err)
	defer a.Close()
	media, broken := 0, 0
	for item, err := range a.Media(t.Context()) {
		if err != nil {
			broken++
			continue
		}
		media++
		assert.Equal(t, "2000000000000000001_1574083", item.Value.ID)
		assert.Equal(t, archive.FormatInstaloader, item.Source.Format)
		assert.Len(t, item.Files, 1)
	}
	assert.Equal(t, 1, media)
	assert.Equal(t, 1, broken)
}

func FuzzXZ(f *testing.F) {
	text, err := os.ReadFile("testdata/2019-02-12_19-33-20_UTC.json.xz")
	require.NoError(f, err)
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := archive.OpenFS(fstest.MapFS{"x": {Data: text}})
		require.NoError(t, err)
		defer a.Close()
		a.Report()
	})
}

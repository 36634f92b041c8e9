package record_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/record"
)

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "a", "b")
		d := record.New(dir)
		require.NoError(t, d.Write("GET", "/users/self", []byte(`{"data":{}}`)))
		require.NoError(t, d.Write("POST", "/media/1_2/likes", []byte(`{}`)))
		require.NoError(t, d.Write("GET", "/tags/%C3%BCber:x", []byte(`<html>`)))
		require.NoError(t, d.Write("GET", "/../../etc/passwd\x00", []byte(`{}`)))
		require.NoError(t, d.Write("GET", "/"+strings.Repeat("x", 1000), []byte(`{}`)))
		assert.Equal(t, []string{
			"20000101T000000Z-000001-users-self.json",
			"20000101T000000Z-000002-post-media-1_2-likes.json",
			"20000101T000000Z-000003-tags-_C3_BCber_x.txt",
			"20000101T000000Z-000004-..-..-etc-passwd_.json",
			"20000101T000000Z-000005-" + strings.Repeat("x", 150) + ".json",
		}, names(t, dir))
		text, err := os.ReadFile(filepath.Join(dir, names(t, dir)[0]))
		require.NoError(t, err)
		assert.Equal(t, `{"data":{}}`, string(text))
		if runtime.GOOS != "windows" {
			info, err := os.Stat(filepath.Join(dir, names(t, dir)[0]))
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o600), info.Mode())
		}

		// A later run, and one of the same second, add to it.
		require.NoError(t, record.New(dir).Write("GET", "/users/self", []byte(`{}`)))
		time.Sleep(time.Hour)
		require.NoError(t, record.New(dir).Write("GET", "/users/self", []byte(`{}`)))
		all := names(t, dir)
		assert.Len(t, all, 7)
		assert.Equal(t, "20000101T010000Z-000001-users-self.json", all[6])
	})
}

func TestWriteByMany(t *testing.T) {
	dir := t.TempDir()
	one, other := record.New(dir), record.New(dir)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() { assert.NoError(t, one.Write("GET", "/x", []byte(strconv.Itoa(i)))) })
		wg.Go(func() { assert.NoError(t, other.Write("GET", "/x", []byte(strconv.Itoa(i)))) })
	}
	wg.Wait()
	assert.Len(t, names(t, dir), 200)
}

func TestWriteFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.Error(t, record.New(file).Write("GET", "/x", nil))
	require.Error(t, record.New(filepath.Join(file, "dir")).Write("GET", "/x", nil))
}

package archive

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"encoding/json"
	"net/http"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// What FS has is a file system, and reading it as an archive yields the same again.
func TestFS(t *testing.T) {
	a, err := Open(exports[3].zips(t, t.TempDir())...)
	require.NoError(t, err)
	defer a.Close()
	fsys := a.FS()
	require.NoError(t, fstest.TestFS(fsys, "users/self.json", "media/page-00001.json", "users/self/follows.json", "users/self/followed-by.json"))
	again, err := OpenFS(fsys)
	require.NoError(t, err)
	defer again.Close()
	want, _ := mediaIDs(t, a)
	got, errs := mediaIDs(t, again)
	assert.Empty(t, errs)
	assert.Equal(t, want, got)
	for item, err := range again.Media(t.Context()) {
		require.NoError(t, err)
		link := item.Value.Images.StandardResolution.URL
		if item.Value.Videos != nil {
			link = item.Value.Videos.StandardResolution.URL
		}
		if strings.Contains(link, "lost") {
			continue // the archive does not hold it
		}
		text, err := fs.ReadFile(fsys, link)
		require.NoError(t, err, item.Value.ID)
		assert.Contains(t, []string{photo, video}, string(text))
	}
}

// The server runs on an export.
func TestServerOverFS(t *testing.T) {
	for _, e := range exports {
		t.Run(e.name, func(t *testing.T) {
			a, err := Open(e.zips(t, t.TempDir())...)
			require.NoError(t, err)
			defer a.Close()
			server := instagramtest.NewServer(instagramtest.WithData(a.FS()))
			defer server.Close()
			var answer struct {
				Data []struct {
					ID      string
					Caption struct{ Text string }
				}
			}
			get := func(path string) {
				t.Helper()
				res, err := http.Get(server.BaseURL() + path + "?access_token=" + server.AccessToken("mira.solane"))
				require.NoError(t, err)
				defer res.Body.Close()
				require.Equal(t, http.StatusOK, res.StatusCode, path)
				require.NoError(t, json.NewDecoder(res.Body).Decode(&answer))
			}
			want, _ := mediaIDs(t, a)
			get("/users/self/media/recent")
			assert.Len(t, answer.Data, len(want))
			get("/users/self/follows")
			assert.Len(t, answer.Data, 1)
		})
	}
}

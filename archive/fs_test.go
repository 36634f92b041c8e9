package archive

import (
	"io"
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

// What has no name or no id is served too, and counts stay as they were recorded.
func TestServerOverHalfAnArchive(t *testing.T) {
	recorded := strings.Replace(post(3, "", 0), `"comments":{"count":0`, `"comments":{"count":1`, 1)
	for name, test := range map[string]struct {
		files map[string]string
		path  string
		want  string
	}{
		"an export without a profile":      {map[string]string{"content/posts_1.json": posts2021}, "/users/self/media/recent", `"username":"unknown"`},
		"a follower with a name alone":     {map[string]string{"users/7/followed-by.json": `{"data":[{"username":"tilo.quillan"}]}`, "a.json": post(1, "", 0)}, "/users/7/followed-by", `"username":"tilo.quillan"`},
		"a picture that is not there":      {map[string]string{"personal_information.json": profile2021, "content/posts_1.json": posts2021}, "/users/self", `"profile_picture":"http`},
		"more comments than were recorded": {map[string]string{"a.json": recorded, "media/3_7/comments.json": `{"data":[{"id":"1","text":"x","created_time":"1","from":{"id":"8","username":"tilo"}},{"id":"2","text":"y","created_time":"2","from":{"username":"nandi"}}]}`}, "/media/3_7", `"comments":{"count":1}`},
		"and all of them are listed":       {map[string]string{"a.json": recorded, "media/3_7/comments.json": `{"data":[{"id":"1","text":"x","created_time":"1","from":{"id":"8","username":"tilo"}},{"id":"2","text":"y","created_time":"2","from":{"username":"nandi"}}]}`}, "/media/3_7/comments", `"username":"nandi"`},
	} {
		t.Run(name, func(t *testing.T) {
			server := instagramtest.NewServer(instagramtest.WithData(openFiles(t, test.files).FS()))
			defer server.Close()
			require.Empty(t, server.Skipped())
			res, err := http.Get(server.BaseURL() + test.path + "?access_token=" + server.AccessToken(server.Users()[0].ID))
			require.NoError(t, err)
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			assert.Contains(t, string(text), test.want)
		})
	}
}

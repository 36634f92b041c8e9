package main

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// The test binary is the program as well, so that a test can kill it.
func TestMain(m *testing.M) {
	if os.Getenv("BACKUP_TEST_RUNS_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "BACKUP_TEST_RUNS_MAIN=1")
	cmd.Stderr = os.Stderr
	return cmd
}

func smallServer(t *testing.T) (server *instagramtest.Server, args []string) {
	t.Helper()
	server = instagramtest.NewServer(instagramtest.WithUsers(12), instagramtest.WithMedia(24, 40))
	t.Cleanup(server.Close)
	return server, []string{"-base-url", server.BaseURL(), "-token", server.AccessToken(server.Users()[0].ID)}
}

// contents are the files of a directory that are not unfinished.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && entry.Name() == unfinished {
				return fs.SkipDir
			}
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, name)
		files[filepath.ToSlash(relative)] = string(text)
		return err
	}))
	return files
}

// assertWhole checks that no file is half-written.
func assertWhole(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		switch path.Ext(name) {
		case ".json", ".jsonl":
			for line := range strings.Lines(text) {
				assert.True(t, json.Valid([]byte(line)) && strings.HasSuffix(line, "\n"), "%s: %q", name, line)
			}
		case ".jpg":
			_, _, err := image.Decode(strings.NewReader(text))
			assert.NoError(t, err, name)
		case ".html":
			assert.True(t, strings.HasSuffix(text, "</html>\n"), name)
		}
	}
}

// The README shows what the program prints.
func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-out", t.TempDir()}, &out))
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	assert.Contains(t, strings.ReplaceAll(string(readme), "\r\n", "\n"), "\n"+out.String())
}

func TestBackup(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), append(args, "-out", dir), &out))
	assert.Contains(t, out.String(), "media: 24 of 24")

	files := contents(t, dir)
	assertWhole(t, files)
	assert.Equal(t, 24, strings.Count(files[mediaFile], "\n"))
	store, err := openStore(dir)
	require.NoError(t, err)
	defer store.Close()
	media, err := readLines[instagram.MediaEntry](store, mediaFile)
	require.NoError(t, err)
	var comments int
	for _, m := range media {
		for _, p := range partsOf(m) {
			if p.Picture != "" { // a video in a carousel has none
				assert.Contains(t, files, p.Picture)
			}
			if p.Video != "" {
				assert.Contains(t, files, p.Video)
			}
		}
		assert.Equal(t, m.Comments.Count, strings.Count(files[commentsFile(m)], "\n"))
		assert.Equal(t, m.Likes.Count, strings.Count(files[likesFile(m)], "\n"))
		comments += m.Comments.Count
	}
	assert.Positive(t, comments)
	page := files[pageFile]
	assert.Equal(t, 24, strings.Count(page, "<article>"))
	assert.Contains(t, page, "<svg")
	assert.NotContains(t, page, "<script")
	assert.NotContains(t, page, server.URL, "the page works without the server")

	// A second run asks for what is new, and only for that.
	posted := server.PostMedia(server.Users()[0].ID, instagramtest.Media{Caption: "One <b>more</b>"})
	before := len(server.Requests())
	require.NoError(t, run(t.Context(), append(args, "-out", dir), &out))
	files = contents(t, dir)
	assert.Equal(t, 25, strings.Count(files[mediaFile], "\n"))
	assert.Contains(t, files, "files/"+posted.ID+".jpg")
	assert.Contains(t, files[pageFile], "One &lt;b&gt;more&lt;/b&gt;")
	assert.Less(t, len(server.Requests())-before, 6)
}

// The page can be made again from what is saved, without the server.
func TestFrom(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), append(args, "-out", dir), &out))
	server.Close()
	page := filepath.Join(dir, pageFile)
	want, err := os.ReadFile(page)
	require.NoError(t, err)
	require.NoError(t, os.Remove(page))
	require.NoError(t, run(t.Context(), []string{"-from", dir}, &out))
	got, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{{}, {"-out", t.TempDir(), "-parallel", "0"}, {"-from", filepath.Join(t.TempDir(), "nothing")}, {"-from", t.TempDir()}} {
		var out bytes.Buffer
		assert.Error(t, run(t.Context(), args, &out), args)
	}
}

// Killed 30 times at any moment, the backup ends as if it had never been, and
// what was saved once is not fetched again.
func TestKillAndRestart(t *testing.T) {
	server, args := smallServer(t)
	var mu sync.Mutex
	asked := map[string]bool{} // the paths of the current run
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path] = true
		mu.Unlock()
		server.ServeHTTP(w, r)
	}))
	defer front.Close()
	args[1] = front.URL + "/v1"
	undisturbed := t.TempDir()
	started := time.Now()
	require.NoError(t, command(t, append(args, "-out", undisturbed)...).Run())
	whole := time.Since(started)
	want := contents(t, undisturbed)
	store, err := openStore(undisturbed)
	require.NoError(t, err)
	defer store.Close()
	links := linksOf(t, store)
	require.NotEmpty(t, links)

	dir := t.TempDir()
	for range 30 {
		saved := contents(t, dir)
		server.Advance(time.Hour) // for the budget of the server
		mu.Lock()
		clear(asked)
		mu.Unlock()
		cmd := command(t, append(args, "-out", dir)...)
		require.NoError(t, cmd.Start())
		time.Sleep(time.Duration(rand.Int64N(int64(min(whole/8, 250*time.Millisecond)))))
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		assertWhole(t, contents(t, dir))
		mu.Lock()
		for path := range asked {
			if name, ok := links[path]; ok {
				assert.NotContains(t, saved, name, "it was saved before")
			}
		}
		mu.Unlock()
	}
	server.Advance(time.Hour)
	require.NoError(t, command(t, append(args, "-out", dir)...).Run())
	assert.Equal(t, want, contents(t, dir))
}

// linksOf maps the paths of pictures and videos to the files they are saved in.
func linksOf(t *testing.T, s *store) map[string]string {
	t.Helper()
	media, err := readLines[instagram.MediaEntry](s, mediaFile)
	require.NoError(t, err)
	links := map[string]string{}
	for _, m := range media {
		for _, p := range partsOf(m) {
			for name, link := range map[string]string{p.Picture: p.pictureURL, p.Video: p.videoURL} {
				if u, err := url.Parse(link); assert.NoError(t, err) && name != "" {
					links[u.Path] = name
				}
			}
		}
	}
	return links
}

// A server cannot choose where a file goes.
func TestFileNames(t *testing.T) {
	assert.Equal(t, "12_7", fileName("12_7"))
	for _, id := range []string{"../../etc/passwd", "a/b", "", ".", "con:", strings.Repeat("9", 300), "ä"} {
		assert.Regexp(t, `^x[0-9a-f]{64}$`, fileName(id))
	}
	assert.NotEqual(t, fileName("a/b"), fileName("a/c"))
	assert.Equal(t, ".jpg", extension("http://h/a.jpg/../../b.sh?x=.png", ".jpg"))
	assert.Equal(t, ".png", extension("http://h/a.png?size=2", ".jpg"))
}

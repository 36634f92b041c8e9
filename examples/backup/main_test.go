package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive/page"
	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	dir := t.TempDir()
	programtest.Behaves(t, "backup")
	programtest.Refuses(t, "backup")
	programtest.Refuses(t, "backup", "-out", dir, "extra")
	programtest.Refuses(t, "backup", "-out", dir, "-parallel", "0")
	programtest.Refuses(t, "backup", "-out", dir, "-parallel", "-1")
	programtest.Refuses(t, "backup", "-out", dir, "-base-url", "http://localhost/v1") // without -token
	programtest.StopsWaiting(t, "backup", "-out", dir)
}

// save runs the program in this process, and returns what it prints.
func save(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	var text bytes.Buffer
	err = run(t.Context(), args, &text, io.Discard)
	return text.String(), err
}

func smallServer(t *testing.T) (server *instagramtest.Server, args []string) {
	t.Helper()
	server = instagramtest.NewServer(instagramtest.WithUsers(12), instagramtest.WithMedia(24, 40))
	t.Cleanup(server.Close)
	return server, []string{"-base-url", server.BaseURL(), "-token", server.AccessToken(server.Users()[0].ID)}
}

// front puts a handler before a server, and points the program's arguments and the links in answers
// to it.
func front(t *testing.T, server *instagramtest.Server, args []string, handler http.HandlerFunc) {
	t.Helper()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/v1/") {
			handler(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		handler(recorded, r)
		maps.Copy(w.Header(), recorded.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(recorded.Code)
		_, _ = io.WriteString(w, strings.ReplaceAll(recorded.Body.String(), server.URL, "http://"+r.Host))
	}))
	t.Cleanup(front.Close)
	args[1] = front.URL + "/v1"
}

// savedMedia are those of the list in a directory.
func savedMedia(t *testing.T, dir string) []*instagram.MediaEntry {
	t.Helper()
	store, err := openStore(dir)
	require.NoError(t, err)
	defer store.Close()
	media, err := readLines[instagram.MediaEntry](store, mediaFile)
	require.NoError(t, err)
	return media
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

// textOf is the text of the page in a directory.
func textOf(files map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name == page.Name || strings.HasPrefix(name, page.Folder+"/") {
			text.WriteString(files[name])
		}
	}
	return text.String()
}

// postsOf counts the posts of the page in a directory.
func postsOf(t *testing.T, files map[string]string) int {
	t.Helper()
	n := 0
	for name, text := range files {
		if strings.HasPrefix(name, page.Folder+"/posts-") {
			n += strings.Count(text, `{"i":`)
		}
	}
	assert.Contains(t, files[page.Name], fmt.Sprint(n))
	return n
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

// docs/programs.md shows what the program prints.
func TestRunPrintsWhatIsShown(t *testing.T) {
	dir := t.TempDir()
	out, err := save(t, "-out", dir)
	require.NoError(t, err)
	page, err := os.ReadFile("../../docs/programs.md")
	require.NoError(t, err)
	out = strings.ReplaceAll(out, dir+string(filepath.Separator), "...") // the page shows no place
	assert.Contains(t, strings.ReplaceAll(string(page), "\r\n", "\n"), "\n"+out)
}

func TestBackup(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	out, err := save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	assert.Contains(t, out, "media: 24 of 24")
	assert.Contains(t, out, "open "+filepath.Join(dir, page.Name)+"\n")

	files := contents(t, dir)
	assertWhole(t, files)
	assert.Equal(t, 24, strings.Count(files[mediaFile], "\n"))
	media := savedMedia(t, dir)
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
	assert.Equal(t, 24, postsOf(t, files))
	text := strings.ReplaceAll(textOf(files), `"u":"`+server.URL, "") // the links to the posts
	assert.False(t, strings.Contains(text, server.URL), "the page needs the server")

	// A second run asks for what is new, and only for that.
	posted := server.PostMedia(server.Users()[0].ID, instagramtest.Media{Caption: "One <b>more</b>"})
	before := len(server.Requests())
	_, err = save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	files = contents(t, dir)
	assert.Equal(t, 25, strings.Count(files[mediaFile], "\n"))
	assert.Contains(t, files, "files/"+posted.ID+".jpg")
	assert.True(t, strings.Contains(textOf(files), "One \\u003cb\\u003emore\\u003c/b\\u003e"))
	assert.Less(t, len(server.Requests())-before, 6)
}

// The page can be made again from what is saved, without the server.
func TestFrom(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	_, err := save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	server.Close()
	want := contents(t, dir)
	for name := range want {
		if name == page.Name || strings.HasPrefix(name, page.Folder+"/") {
			require.NoError(t, os.Remove(filepath.Join(dir, name)))
		}
	}
	_, err = save(t, "-from", dir)
	require.NoError(t, err)
	assert.Equal(t, want, contents(t, dir))
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{{}, {"-out", t.TempDir(), "-parallel", "0"}, {"-from", filepath.Join(t.TempDir(), "nothing")}, {"-from", t.TempDir()}} {
		_, err := save(t, args...)
		assert.Error(t, err, args)
	}
}

// Killed 30 times at any moment, the backup ends as if it had never been, and what was saved once
// is not fetched again.
func TestKillAndRestart(t *testing.T) {
	server, args := smallServer(t)
	var mu sync.Mutex
	asked := map[string]bool{} // the paths of the current run
	front(t, server, args, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path] = true
		mu.Unlock()
		server.ServeHTTP(w, r)
	})
	undisturbed := t.TempDir()
	started := time.Now()
	require.NoError(t, programtest.Command(t, append(args, "-out", undisturbed)...).Run())
	whole := time.Since(started)
	want := contents(t, undisturbed)
	links := linksOf(t, savedMedia(t, undisturbed))
	require.NotEmpty(t, links)

	dir, fetched := t.TempDir(), 0
	for range 30 {
		saved := contents(t, dir)
		server.Advance(time.Hour) // for the budget of the server
		mu.Lock()
		clear(asked)
		mu.Unlock()
		cmd := programtest.Command(t, append(args, "-out", dir)...)
		require.NoError(t, cmd.Start())
		time.Sleep(time.Duration(rand.Int64N(int64(min(whole/8, 250*time.Millisecond)))))
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		assertWhole(t, contents(t, dir))
		mu.Lock()
		for path := range asked {
			if name, ok := links[path]; ok {
				fetched++
				assert.NotContains(t, saved, name, "it was saved before")
			}
		}
		mu.Unlock()
	}
	server.Advance(time.Hour)
	require.NoError(t, programtest.Command(t, append(args, "-out", dir)...).Run())
	assert.Equal(t, want, contents(t, dir))
	assert.Positive(t, fetched)
}

// linksOf maps the paths of pictures and videos to the files they are saved in.
func linksOf(t *testing.T, media []*instagram.MediaEntry) map[string]string {
	t.Helper()
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

package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

// rewriting answers as the server does, but for what edit does to the text.
func rewriting(server *instagramtest.Server, edit func(path, answer string) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		server.ServeHTTP(recorded, r)
		maps.Copy(w.Header(), recorded.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(recorded.Code)
		_, _ = io.WriteString(w, edit(r.URL.Path, recorded.Body.String()))
	}
}

// Pictures that cannot be had stop nothing. The next run asks for them again.
func TestDeadPictures(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	var dead atomic.Int32 // how many pictures are answered before the others die
	dead.Store(5)
	front(t, server, args, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/v1/") || dead.Add(-1) >= 0:
			server.ServeHTTP(w, r)
		case dead.Load()%3 == 0:
			http.NotFound(w, r)
		case dead.Load()%3 == -1:
			panic(http.ErrAbortHandler)
		default:
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "half")
		}
	})
	out, err := save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	files := contents(t, dir)
	assertWhole(t, files)
	gone := strings.Count(files[missingFile], "\n")
	assert.Greater(t, gone, 10)
	assert.Contains(t, out, "missing: files/")
	assert.Contains(t, out, fmt.Sprintf("%d missing, see missing.jsonl; the next run asks again\n", gone))
	assert.Equal(t, 24, postsOf(t, files), "there is a page all the same")
	assert.Equal(t, 24, strings.Count(files[mediaFile], "\n"))

	dead.Store(1 << 20) // they are back
	out, err = save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	assert.NotContains(t, out, "missing")
	files = contents(t, dir)
	assert.NotContains(t, files, missingFile)
	for _, m := range savedMedia(t, dir) {
		for _, file := range filesOf(m) {
			assert.Contains(t, files, file.name)
		}
	}
}

// A list that is refused stops nothing either.
func TestRefusedLists(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	server.Fail("GET /media/{media-id}/likes", instagramtest.Fault{Status: 400, Form: instagramtest.Meta}, 1)
	args[3] = server.AccessToken(server.Users()[0].ID, "public_content") // not follower_list
	out, err := save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	assert.Contains(t, out, "missing: followers.jsonl: ")
	assert.Contains(t, out, "missing: follows.jsonl: ")
	assert.Contains(t, out, "missing: likes/")

	args[3] = server.AccessToken(server.Users()[0].ID)
	out, err = save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	assert.NotContains(t, out, "missing")
	assert.Contains(t, contents(t, dir), followersFile)
}

// A token that has ended is the end of the run.
func TestRevokedToken(t *testing.T) {
	server, args := smallServer(t)
	front(t, server, args, rewriting(server, func(path, answer string) string {
		if strings.HasSuffix(path, "/likes") {
			server.Revoke(args[3])
		}
		return answer
	}))
	_, err := save(t, append(args, "-out", t.TempDir())...)
	assert.ErrorContains(t, err, "OAuthAccessTokenException")
}

// Servers list a media twice when something is posted between two pages.
func TestMediaListedTwice(t *testing.T) {
	server := instagramtest.NewServer(instagramtest.WithUsers(4), instagramtest.WithMedia(8, 4))
	defer server.Close()
	args := []string{"-base-url", "", "-token", server.AccessToken(server.Users()[0].ID)}
	front(t, server, args, rewriting(server, func(path, answer string) string {
		if !strings.HasSuffix(path, "/media/recent") {
			return answer
		}
		start := strings.Index(answer, `"data":[`) + len(`"data":[`)
		end := strings.LastIndex(answer, `]`)
		if start >= end {
			return answer
		}
		return answer[:end] + "," + answer[start:end] + answer[end:]
	}))
	for range 3 {
		dir := t.TempDir()
		out, err := save(t, append(args, "-out", dir, "-parallel", "8")...)
		require.NoError(t, err)
		assert.NotContains(t, out, "missing")
		files := contents(t, dir)
		assertWhole(t, files)
		assert.Equal(t, 8, strings.Count(files[mediaFile], "\n"))
		assert.Equal(t, 8, postsOf(t, files))
	}
}

// One process at a time writes to a directory, and a killed one leaves it free.
func TestTwoAtOnce(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	asked := make(chan bool, 100)
	release := make(chan bool)
	front(t, server, args, func(w http.ResponseWriter, r *http.Request) {
		asked <- true
		<-release
		server.ServeHTTP(w, r)
	})
	args = append(args, "-out", dir)
	first := programtest.Command(t, args...)
	require.NoError(t, first.Start())
	<-asked
	for _, second := range [][]string{args, {"-from", dir}} {
		_, err := save(t, second...)
		if assert.Error(t, err) && second[0] != "-from" {
			assert.ErrorContains(t, err, fmt.Sprintf("another backup to %s is running, as process %d", dir, first.Process.Pid))
		}
	}
	require.NoError(t, first.Process.Kill())
	_ = first.Wait() // it was killed
	close(release)
	_, err := save(t, args...)
	require.NoError(t, err)
	assertWhole(t, contents(t, dir))
}

// What killed processes have left is swept away.
func TestLeftovers(t *testing.T) {
	_, args := smallServer(t)
	dir := t.TempDir()
	left := filepath.Join(dir, unfinished, "7"+tempSuffix)
	require.NoError(t, os.MkdirAll(filepath.Dir(left), 0o755))
	require.NoError(t, os.WriteFile(left, []byte("half"), 0o600))
	_, err := save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	assert.NoFileExists(t, left)
}

func TestAnotherUser(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	_, err := save(t, append(args, "-out", dir)...)
	require.NoError(t, err)
	before := contents(t, dir)
	args[3] = server.AccessToken(server.Users()[1].ID)
	_, err = save(t, append(args, "-out", dir)...)
	assert.EqualError(t, err, fmt.Sprintf("%s holds @%s: give another DIR", dir, server.Users()[0].Username))
	assert.Equal(t, before, contents(t, dir))

	other := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(other, profileFile), []byte("<?xml?>"), 0o600))
	_, err = save(t, append(args, "-out", other)...)
	assert.ErrorContains(t, err, "give another DIR")
}

// Whatever a server sends, a terminal gets neither a control character nor the token.
func TestOutputIsClean(t *testing.T) {
	const token = "1574083secretsecretsecret"
	server, args := smallServer(t)
	args[3] = token
	var lists atomic.Int32
	mine := server.AccessToken(server.Users()[0].ID)
	hostile := rewriting(server, func(path, answer string) string {
		answer = strings.ReplaceAll(answer, `"username":"`+server.Users()[0].Username, `"username":"\u001b[2J\u009b2J\u202e`+token)
		if strings.HasSuffix(path, "/media/recent") {
			lists.Add(1)
			answer = strings.ReplaceAll(answer, `"id":"`, `"id":"`+token)
			answer = strings.ReplaceAll(answer, server.URL, "http://"+token+".invalid")
		}
		return answer
	})
	front(t, server, args, func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Set("access_token", mine)
		r.URL.RawQuery = query.Encode()
		hostile(w, r)
	})
	dir := t.TempDir()
	code, out, status := programtest.Output(t, append(args, "-out", dir)...)
	assert.Zero(t, code, status)
	assert.Contains(t, out, "missing")
	assertClean(t, out+status, token)
	assert.Positive(t, lists.Load())

	// The name of the user that the directory holds is the server's as well.
	profile := contents(t, dir)[profileFile]
	profile = strings.Replace(profile, `"id":"`, `"id":"other`, 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, profileFile), []byte(profile), 0o600))
	code, out, status = programtest.Output(t, append(args, "-out", dir)...)
	assert.Equal(t, 1, code)
	assert.Contains(t, status, "holds @")
	assert.Equal(t, 1, strings.Count(status, "\n"))
	assertClean(t, out+status, token)
}

func assertClean(t *testing.T, text, token string) {
	t.Helper()
	assert.NotContains(t, text, token)
	assert.False(t, bytes.ContainsAny([]byte(text), "\x1b\u009b\u202e\r"), "%q", text)
}

// A file whose writing fails, as on a full disk, does not get its name.
func TestFailedWrite(t *testing.T) {
	dir := t.TempDir()
	store, err := openStore(dir)
	require.NoError(t, err)
	defer store.Close()
	file, err := store.create("page/part.js")
	require.NoError(t, err)
	_, err = io.WriteString(file, "half")
	require.NoError(t, err)
	require.NoError(t, file.(*pending).file.Close()) // from here on writing fails
	_, err = io.WriteString(file, "the rest")
	require.Error(t, err)
	require.Error(t, file.Close())
	assert.False(t, store.has("page/part.js"))
	left, err := filepath.Glob(filepath.Join(dir, unfinished, "*"+tempSuffix))
	require.NoError(t, err)
	assert.Empty(t, left)
}

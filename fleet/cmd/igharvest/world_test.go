//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/instagramtest"
)

// A world is a server whose clock may run fast, and which keeps who asked for what and when by that
// clock.
type world struct {
	*instagramtest.Server
	url    string
	tokens []string
	users  []instagramtest.User // the public ones that have media, some of them none
	media  map[string][]string  // of each user, the newest first

	speed float64
	start time.Time
	delay time.Duration // of each answer, in real time

	mu      sync.Mutex
	now     time.Duration // since the start, by the server's clock
	calls   []call
	refused int
}

type call struct {
	token, path, query string
	at                 time.Duration // by the server's clock
	real               time.Time
	status             int
}

// newWorld makes a server with users who have between least and most media each.
func newWorld(t *testing.T, users, least, most, tokens int, speed float64, options ...instagramtest.Option) *world {
	t.Helper()
	w := &world{speed: speed, media: map[string][]string{}, start: time.Now()}
	clock := time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)
	options = append([]instagramtest.Option{instagramtest.WithTime(clock), instagramtest.WithUsers(users*8/7 + 10), instagramtest.WithMedia(1, 0)}, options...)
	w.Server = instagramtest.NewServer(options...)
	t.Cleanup(w.Server.Close)
	random := rand.New(rand.NewPCG(1, 2))
	for _, u := range w.Users()[1:] {
		if u.Private || len(w.users) == users {
			continue
		}
		w.users = append(w.users, u)
		for range least + random.IntN(most-least+1) {
			w.post(u)
		}
	}
	require.Len(t, w.users, users)
	for _, u := range w.Users()[:tokens] {
		w.tokens = append(w.tokens, w.AccessToken(u.ID))
	}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.url = server.URL + "/v1"
	w.start = time.Now()
	return w
}

func (w *world) post(u instagramtest.User) {
	m := w.PostMedia(u.ID, instagramtest.Media{Caption: "a walk"})
	w.media[u.ID] = slices.Insert(w.media[u.ID], 0, m.ID)
}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	now := time.Duration(float64(time.Since(w.start)) * w.speed)
	w.Advance(now - w.now)
	w.now = now
	w.mu.Unlock()
	if w.delay > 0 {
		time.Sleep(w.delay)
	}
	record := &statusRecorder{ResponseWriter: out, status: http.StatusOK}
	w.Server.ServeHTTP(record, r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if record.status == http.StatusTooManyRequests {
		w.refused++
	}
	w.calls = append(w.calls, call{r.URL.Query().Get("access_token"), r.URL.Path, r.URL.RawQuery, now, time.Now(), record.status})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap has faults reach the connection.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (w *world) made() []call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// assertBudget checks that no token had more calls than the limit in any hour, wherever it starts,
// and that the server refused none.
func (w *world) assertBudget(t *testing.T, limit int) {
	t.Helper()
	assert.Zero(t, w.refused, "calls refused")
	of := map[string][]time.Duration{}
	for _, c := range w.made() {
		of[c.token] = append(of[c.token], c.at)
	}
	for token, at := range of {
		slices.Sort(at)
		for i := limit; i < len(at); i++ {
			if at[i]-at[i-limit] < time.Hour {
				t.Errorf("token %s: over %d calls in the hour from %v", token[:4], limit, at[i-limit])
				break
			}
		}
	}
}

// assertArchive checks that every media of every user is in the archive once, the newest first.
func (w *world) assertArchive(t *testing.T, dir string) {
	t.Helper()
	a, err := archive.Open(dir)
	require.NoError(t, err)
	media, wrong := 0, 0
	for _, u := range w.users {
		found := archived(t, a, u.ID)
		media += len(found)
		if !slices.Equal(w.media[u.ID], found) {
			if wrong++; wrong < 5 {
				assert.Equal(t, w.media[u.ID], found, u.ID)
			}
		}
	}
	assert.Zero(t, wrong, "users whose media are not there, each once")
	files := 0
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, "users"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files++
		}
		return err
	}))
	assert.Equal(t, len(w.users), files)
	t.Logf("%d users, %d media, each once", len(w.users), media)
}

func archived(t *testing.T, a *archive.Archive, user string) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(a.File(archive.List{Kind: archive.Users, Name: user}))
	if !assert.NoError(t, err) {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		var m struct{ ID string }
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		ids = append(ids, m.ID)
	}
	return ids
}

// files writes the files of tokens and users, and returns the flags for them.
func (w *world) files(t *testing.T) (flags []string) {
	t.Helper()
	dir := t.TempDir()
	var tokens, users strings.Builder
	users.WriteString("\ufeff# from an editor on Windows\r\n")
	for i, token := range w.tokens {
		fmt.Fprintf(&tokens, "token-%d %s\n", i+1, token)
	}
	for _, u := range w.users {
		fmt.Fprint(&users, u.ID, "\r\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tokens"), []byte(tokens.String()), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "users"), []byte(users.String()), 0o600))
	return []string{"-tokens", filepath.Join(dir, "tokens"), "-base-url", w.url, "-users", filepath.Join(dir, "users")}
}

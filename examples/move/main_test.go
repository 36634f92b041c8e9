package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "move")
	programtest.Refuses(t, "move", "-unknown")
	programtest.Refuses(t, "move", "archive.json")
	programtest.Refuses(t, "move", "-base-url", "http://127.0.0.1:1/v1")
}

const result = `^On both sides: 28

In v1 only: 2
  201\d-\d\d-\d\d http://\S+/p/\S+/
  201\d-\d\d-\d\d http://\S+/p/\S+/

On the Graph only: 1
  2017-07-01 http://\S+/p/\S+/
$`

func TestOwnServer(t *testing.T) {
	var out, status bytes.Buffer
	require.NoError(t, run(t.Context(), nil, &out, &status))
	assert.Regexp(t, result, out.String())
}

// statusWriter hands over the address of the sign-in.
type statusWriter struct{ home chan string }

func (w statusWriter) Write(text []byte) (int, error) {
	if found := regexp.MustCompile(`Open (http://\S+)/ in a browser`).FindSubmatch(text); found != nil {
		w.home <- string(found[1])
	}
	return len(text), nil
}

// The whole sign-in, with a browser that presses the button.
func TestLogin(t *testing.T) {
	for decision, want := range map[string]string{"allow": "Signed in", "deny": "Not signed in"} {
		t.Run(decision, func(t *testing.T) {
			home := make(chan string, 1)
			var out bytes.Buffer
			ended := make(chan error, 1)
			go func() { ended <- run(t.Context(), []string{"-login", "127.0.0.1:0"}, &out, statusWriter{home}) }()
			jar, err := cookiejar.New(nil)
			require.NoError(t, err)
			browser := &http.Client{Jar: jar}
			at := <-home
			res, err := browser.Get(at + "/callback?code=forged&state=forged")
			require.NoError(t, err)
			res.Body.Close()
			assert.Equal(t, http.StatusBadRequest, res.StatusCode, "and the program goes on waiting")
			res, err = browser.Get(at + "/")
			require.NoError(t, err)
			res.Body.Close()
			form := res.Request.URL.Query()
			form.Set("user", "mira.solane")
			form.Set("decision", decision)
			res, err = browser.PostForm(res.Request.URL.Scheme+"://"+res.Request.URL.Host+res.Request.URL.Path, form)
			require.NoError(t, err)
			page, err := io.ReadAll(res.Body)
			res.Body.Close()
			require.NoError(t, err)
			assert.Contains(t, string(page), want+"</h1>")
			err = <-ended
			if decision == "deny" {
				assert.ErrorIs(t, err, instagram.ErrDenied)
				return
			}
			require.NoError(t, err)
			assert.Regexp(t, result, out.String())
		})
	}
}

// An archive is read from files, the Graph from a server, and the token is renewed and kept.
func TestArchive(t *testing.T) {
	server := instagramtest.NewServer(instagramtest.WithMedia(12, 0))
	defer server.Close()
	me := server.Users()[0]
	client, err := instagram.NewClient(instagram.WithBaseURL(server.BaseURL()), instagram.WithAccessToken(server.AccessToken(me.ID)))
	require.NoError(t, err)
	recorded, err := client.Users.RecentMedia(instagram.Self, nil).Collect(t.Context(), 100)
	require.NoError(t, err)
	dir := t.TempDir()
	page, err := json.Marshal(map[string]any{"meta": map[string]int{"code": 200}, "data": recorded})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "recent.json"), page, 0o600))
	server.DeleteMedia(recorded[5].ID)
	posted := server.PostMedia(me.ID, instagramtest.Media{})

	file := filepath.Join(dir, "token")
	args := []string{"-graph-url", server.URL, "-graph-token", file, filepath.Join(dir, "recent.json")}
	var out, status bytes.Buffer
	require.ErrorIs(t, run(t.Context(), args, &out, &status), os.ErrNotExist)
	first := server.GraphToken(me.ID)
	require.NoError(t, tokenFile(file).save(t.Context(), &oauth2.Token{AccessToken: first, Expiry: time.Now().Add(20 * 24 * time.Hour)}))
	server.Advance(40 * 24 * time.Hour)
	require.NoError(t, run(t.Context(), args, &out, &status))
	assert.Contains(t, out.String(), "On both sides: 11\n\nIn v1 only: 1\n")
	assert.Contains(t, out.String(), recorded[5].Link)
	assert.Contains(t, out.String(), "/p/"+posted.Shortcode+"/")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.NotContains(t, string(kept), first, "it was renewed")
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())

	for _, text := range []string{"not JSON", "{}", "null", `{"access_token":""}`} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		assert.ErrorContains(t, run(t.Context(), args, &out, &status), "holds no token", text)
	}
}

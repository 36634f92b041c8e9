package oldclients

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// browse opens a page of the testdata in Chromium, where api.instagram.com is the server, and gives
// what the page reports.
func browse(t *testing.T, srv *instagramtest.Server, page, files string, query url.Values, report any) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is missing: apt-get install --no-install-recommends chromium, and run this test again")
	}
	reports := make(chan []byte, 1)
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("testdata")))
	mux.Handle("/instafeed.min.js", http.FileServer(http.Dir(files)))
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		var raw json.RawMessage
		if json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20)).Decode(&raw) == nil {
			reports <- raw
		}
	})
	site := httptest.NewServer(mux)
	defer site.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	profile, err := os.MkdirTemp("", "oldclients-chromium")
	require.NoError(t, err)
	defer os.RemoveAll(profile)
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--no-first-run",
		"--autoplay-policy=no-user-gesture-required", "--user-data-dir=" + profile, "--remote-debugging-port=0",
	}
	if cert := srv.Certificate(); cert != nil {
		here, err := url.Parse(srv.URL)
		require.NoError(t, err)
		args = append(args, "--host-resolver-rules=MAP "+host+":443 127.0.0.1:"+here.Port(), "--ignore-certificate-errors-spki-list="+keyHash(t, cert))
	}
	browser := exec.CommandContext(ctx, chromium, append(args, site.URL+"/"+page+"?"+query.Encode())...)
	log, err := os.Create(filepath.Join(t.TempDir(), "chromium.log"))
	require.NoError(t, err)
	defer log.Close()
	browser.Stdout, browser.Stderr = log, log
	browser.Cancel = func() error { return browser.Process.Kill() }
	browser.WaitDelay = 5 * time.Second
	require.NoError(t, browser.Start())
	defer browser.Wait() //nolint:errcheck // it is killed
	defer cancel()
	select {
	case raw := <-reports:
		require.NoError(t, json.Unmarshal(raw, report), "%s", raw)
	case <-ctx.Done():
		said, _ := os.ReadFile(log.Name())
		require.Fail(t, "the page does not report", "%s", said)
	}
}

// keyHash is what Chromium knows a certificate's key by.
func keyHash(t *testing.T, cert []byte) string {
	t.Helper()
	block, _ := pem.Decode(cert)
	parsed, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	sum := sha256.Sum256(parsed.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// TestInstafeed shows every kind of feed of instafeed.js on a page, to its end, by JSONP.
func TestInstafeed(t *testing.T) {
	files := filepath.Join(clients(t), "node_modules", "instafeed.js")
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2013, instagramtest.Wire2017} {
		srv, g := start(t, wire)
		app := map[string]any{"clientId": g.ClientID}
		if wire == instagramtest.Wire2017 { // an app's id alone opens nothing any more
			app = map[string]any{"accessToken": g.Token}
		}
		feed := func(pairs ...any) map[string]any {
			options := map[string]any{}
			for name, value := range app {
				options[name] = value
			}
			for i := 0; i < len(pairs); i += 2 {
				options[pairs[i].(string)] = pairs[i+1]
			}
			return options
		}
		feeds := map[string]any{
			"user":     feed("get", "user", "userId", 1574083, "accessToken", g.Token),
			"tagged":   feed("get", "tagged", "tagName", g.Tag, "sortBy", "most-recent"),
			"location": feed("get", "location", "locationId", 833, "resolution", "low_resolution"),
		}
		if wire == instagramtest.Wire2013 {
			feeds["popular"] = feed("get", "popular", "resolution", "standard_resolution")
		}
		told, err := json.Marshal(feeds)
		require.NoError(t, err)
		var report struct {
			Feeds    map[string]struct{ Media, Distinct int }
			Pictures int
			Errors   []string
		}
		browse(t, srv, "instafeed.html", files, url.Values{"feeds": {string(told)}}, &report)
		assert.Empty(t, report.Errors)
		assert.Len(t, report.Feeds, len(feeds))
		assert.Equal(t, g.MediaCount, report.Feeds["user"].Media)
		assert.Equal(t, 5, report.Feeds["tagged"].Media)
		for name, got := range report.Feeds {
			assert.Positive(t, got.Media, name)
			assert.Equal(t, got.Media, got.Distinct, name)
		}
		assert.Equal(t, 20, report.Pictures)
	}
}

// TestVideosPlay plays a video in both of its sizes in a page of another origin, which reads,
// writes and deletes as well.
func TestVideosPlay(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2013, instagramtest.Wire2017} {
		srv := instagramtest.NewServer(instagramtest.WithWire(wire))
		defer srv.Close()
		me := srv.Users()[0].ID
		video := srv.PostMedia(me, instagramtest.Media{Type: "video"})
		var report struct {
			Videos []struct {
				Told   []int
				Played struct{ Time, Duration, Width, Height float64 }
			}
			Read    []any
			Error   []any
			Deleted int
			Posted  int
			Errors  []string
		}
		browse(t, srv, "video.html", "testdata", url.Values{
			"api": {srv.BaseURL()}, "token": {srv.AccessToken(me)}, "media": {video.ID},
		}, &report)
		require.Empty(t, report.Errors)
		require.Len(t, report.Videos, 2)
		for _, v := range report.Videos {
			assert.Greater(t, v.Played.Time, 0.5)
			assert.InDelta(t, 3, v.Played.Duration, 0.2)
			assert.EqualValues(t, v.Told[0], v.Played.Width)
			assert.EqualValues(t, v.Told[1], v.Played.Height)
		}
		assert.Equal(t, []any{200.0, true}, report.Read, "the page sees the limit")
		assert.Equal(t, []any{400.0, "invalid media id"}, report.Error)
		assert.Equal(t, 200, report.Deleted)
		assert.Equal(t, 200, report.Posted)
	}
}

// Package oldclients runs clients of the v1 API as their authors left them, over TLS and under the
// service's own name, against the server. Their code comes from the npm registry and is not kept.
package oldclients

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

const (
	host     = "api.instagram.com"
	redirect = "https://app.example/back"
)

// installed is the folder with the clients. It is filled once.
var installed = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "oldclients")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
		return dir, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("npm install: %w: %s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := installed(); err == nil || dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// clients is the folder with the clients. A test that needs it is skipped without Node, and fails
// if the registry cannot be reached.
func clients(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is missing: install Node.js 20 or later, and run this test again", program)
		}
	}
	dir, err := installed()
	require.NoError(t, err)
	return dir
}

// given is what a script is told of the server.
type given struct {
	Wire         instagramtest.Wire `json:"wire"`
	Signed       bool               `json:"signed"`
	ClientID     string             `json:"clientID"`
	ClientSecret string             `json:"clientSecret"`
	Token        string             `json:"token"`
	Me           string             `json:"me"`
	Username     string             `json:"username"`
	Other        string             `json:"other"`
	Asking       []string           `json:"asking"` // who wait to follow
	MediaCount   int                `json:"mediaCount"`
	Media        string             `json:"media"`
	Shortcode    string             `json:"shortcode"`
	Tag          string             `json:"tag"`
	Place        string             `json:"place"`
	Lat          float64            `json:"lat"`
	Lng          float64            `json:"lng"`
	Callback     string             `json:"callback"`
	RedirectURI  string             `json:"redirectURI"`
	Code         string             `json:"code"`
}

// start runs a server that stands in for the service, and says what a script needs to know of it.
func start(t *testing.T, wire instagramtest.Wire, opts ...instagramtest.Option) (*instagramtest.Server, given) {
	t.Helper()
	srv, err := instagramtest.Start(append(opts, instagramtest.WithTLS(), instagramtest.WithHosts(host), instagramtest.WithWire(wire),
		instagramtest.WithClientCredentials("built-in-id", "built-in-secret"), instagramtest.WithToken("mira.solane", "1574083.built.in"),
		instagramtest.WithRedirectURI(redirect))...)
	require.NoError(t, err)
	t.Cleanup(srv.Close)
	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.FormValue("hub.challenge")) //nolint:errcheck // the subscription tells
	}))
	t.Cleanup(callback.Close)

	users := srv.Users()
	g := given{
		Wire: wire, ClientID: srv.ClientID, ClientSecret: srv.ClientSecret, Token: "1574083.built.in", Me: users[0].ID, Username: users[0].Username,
		Tag: "oldclients", Place: "833", Lat: 48.85837, Lng: 2.294481, Callback: callback.URL, RedirectURI: redirect,
		Code: srv.AuthorizationCode(users[0].ID, redirect),
	}
	for _, u := range users[1:] {
		if !u.Private {
			g.Other = u.ID
			break
		}
	}
	for range 5 {
		posted := srv.PostMedia(g.Me, instagramtest.Media{Caption: "Sea #oldclients", LocationID: g.Place})
		g.Media, g.Shortcode = posted.ID, posted.Shortcode
	}
	if wire == instagramtest.Wire2011 {
		g.Media, _, _ = strings.Cut(g.Media, "_")
	}
	g.MediaCount = 245
	g.Asking = requests(t, srv, g.Token)
	return srv, g
}

// requests are the ids of those who wait to follow.
func requests(t *testing.T, srv *instagramtest.Server, token string) (waiting []string) {
	t.Helper()
	resp, err := srv.Client().Get(srv.BaseURL() + "/users/self/requested-by?access_token=" + token)
	require.NoError(t, err)
	defer resp.Body.Close()
	var answer struct {
		Data []struct{ ID json.RawMessage }
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	for _, u := range answer.Data {
		waiting = append(waiting, strings.Trim(string(u.ID), `"`))
	}
	return waiting
}

// run runs the script of a client.
func run(t *testing.T, client string, srv *instagramtest.Server, g given) {
	t.Helper()
	dir := clients(t)
	cert := filepath.Join(t.TempDir(), "cert.pem")
	require.NoError(t, os.WriteFile(cert, srv.Certificate(), 0o600))
	told, err := json.Marshal(g)
	require.NoError(t, err)
	here, err := url.Parse(srv.URL)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", "--no-deprecation", "--require", "./host.js", client+".js")
	node.Dir = dir
	node.Env = append(os.Environ(), "GIVEN="+string(told), "PORT="+here.Port(), "NODE_EXTRA_CA_CERTS="+cert)
	out, err := node.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), " methods\n")
	t.Logf("%s: %s", client, out)
	for _, r := range srv.Requests() {
		assert.Less(t, r.Status, 404, "%s %s", r.Method, r.Path)
	}
}

// TestOldClients runs every method of each client on the generations that it was written for, and
// every list to its end.
func TestOldClients(t *testing.T) {
	for _, tt := range []struct {
		client string
		wires  []instagramtest.Wire
	}{
		{"instagram-node-lib", []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013}},
		{"instagram-node", []instagramtest.Wire{instagramtest.Wire2013, instagramtest.Wire2017}},
		{"instagram-api", []instagramtest.Wire{instagramtest.Wire2013, instagramtest.Wire2017}},
		{"node-instagram", []instagramtest.Wire{instagramtest.Wire2017}},
		{"passport-instagram", []instagramtest.Wire{instagramtest.Wire2013, instagramtest.Wire2017}},
	} {
		for _, wire := range tt.wires {
			t.Run(fmt.Sprint(tt.client, " ", int(wire)), func(t *testing.T) {
				srv, g := start(t, wire)
				run(t, tt.client, srv, g)
			})
		}
	}
}

// TestOldClientThatSigns has the server refuse what is not signed as the client signs.
func TestOldClientThatSigns(t *testing.T) {
	srv, g := start(t, instagramtest.Wire2017, instagramtest.WithSignedRequests())
	g.Signed = true
	run(t, "instagram-node", srv, g)
}

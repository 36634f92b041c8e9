package instagramtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func (a api) from(origin, method, path string, header ...string) answer {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), method, a.srv.URL+path, nil)
	require.NoError(a, err)
	req.Header.Set("Origin", origin)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return a.send(req)
}

func TestCORS(t *testing.T) {
	a := start(t, instagramtest.WithCORS("https://app.example", "null"))
	auth := "access_token=" + a.token
	for origin, allowed := range map[string]bool{
		"http://localhost:3000": true, "https://127.0.0.1": true, "http://[::1]:8080": true, "https://app.example": true, "null": true,
		"http://app.example": false, "https://app.example.evil": false, "http://localhost.evil": false, "file://localhost": false,
	} {
		want := ""
		if allowed {
			want = origin
		}
		for _, path := range []string{"/v1/users/self?" + auth, "/v1/users/self", "/v1/nothing", "/oembed?url=x", "/me/media?" + auth} {
			got := a.from(origin, "GET", path)
			assert.Equal(t, want, got.header.Get("Access-Control-Allow-Origin"), "%s %s", origin, path)
			assert.Equal(t, allowed, strings.Contains(strings.Join(got.header.Values("Vary"), ","), "Origin"), path)
		}
		asked := a.from(origin, "OPTIONS", "/v1/media/17/likes", "Access-Control-Request-Method", "DELETE", "Access-Control-Request-Headers", "x-mine")
		assert.Equal(t, allowed, asked.status == http.StatusNoContent, origin)
		assert.Equal(t, want, asked.header.Get("Access-Control-Allow-Origin"))
		if allowed {
			assert.Contains(t, asked.header.Get("Access-Control-Allow-Methods"), "DELETE")
			assert.Equal(t, "x-mine", asked.header.Get("Access-Control-Allow-Headers"))
		}
	}
	a.srv.Fail("/users/self", instagramtest.Fault{Status: 503}, 1)
	got := a.from("http://localhost:3000", "GET", "/v1/users/self?"+auth)
	assert.Equal(t, 503, got.status)
	assert.Equal(t, "http://localhost:3000", got.header.Get("Access-Control-Allow-Origin"), "a page can read what went wrong, too")
	assert.Empty(t, a.from("http://localhost:3000", "GET", "/admin/users").header.Get("Access-Control-Allow-Origin"))

	all := start(t, instagramtest.WithCORS("*"))
	assert.Equal(t, "https://any.example", all.from("https://any.example", "GET", "/v1/users/self").header.Get("Access-Control-Allow-Origin"))
}

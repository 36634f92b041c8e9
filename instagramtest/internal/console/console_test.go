package console_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram/instagramtest/internal/console"
)

func get(t *testing.T, method, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler().ServeHTTP(w, r)
	return w
}

// handler has a world in which somebody has written what could end a script.
func handler() *console.Handler {
	return &console.Handler{Session: "session", Hosts: []string{"api.instagram.com"}, Known: func(page string) any {
		return map[string]string{"page": page, "caption": "</script><script>alert('{{.Session}}')</script>"}
	}}
}

var fileOf = regexp.MustCompile(`(?:href|src)="(/console/[^"]+)"|from "\./([^"]+)"`)

// TestFiles finds every file that a page or a script names.
func TestFiles(t *testing.T) {
	queue, seen := []string{"/", "/console"}, map[string]bool{}
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		if seen[target] {
			continue
		}
		seen[target] = true
		got := get(t, "GET", "http://127.0.0.1:8080"+target)
		assert.Equal(t, http.StatusOK, got.Code, target)
		assert.NotEmpty(t, got.Header().Get("Content-Type"), target)
		for _, m := range fileOf.FindAllStringSubmatch(got.Body.String(), -1) {
			if m[2] != "" {
				m[1] = "/console/" + m[2]
			}
			queue = append(queue, m[1])
		}
	}
	assert.Greater(t, len(seen), 8)
}

func TestPages(t *testing.T) {
	for _, target := range []string{"/", "/console"} {
		got := get(t, "GET", "http://127.0.0.1:8080"+target)
		assert.Contains(t, got.Body.String(), `content="session"`, target)
		assert.Contains(t, got.Body.String(), `<script type="application/json" id="known">{"caption":"\u003c/script\u003e\u003cscript\u003ealert('{{.Session}}')\u003c/script\u003e","page":"`+target+`"}</script>`)
		assert.Contains(t, got.Header().Get("Content-Security-Policy"), "default-src 'none'", target)
		assert.Equal(t, "no-store", got.Header().Get("Cache-Control"), target)
		for _, other := range []string{"http://", "https://", "//"} {
			assert.NotContains(t, strings.ReplaceAll(got.Body.String(), "http://www.w3.org", ""), `="`+other, target)
		}
	}
	script := get(t, "GET", "http://localhost/console/home.js")
	tag := script.Header().Get("ETag")
	assert.Equal(t, http.StatusNotModified, get(t, "GET", "http://localhost/console/home.js", "If-None-Match", tag).Code)
	assert.Equal(t, http.StatusNotFound, get(t, "GET", "http://localhost/console/home.html").Code, "it would lack its session")
	assert.Equal(t, http.StatusNotFound, get(t, "GET", "http://localhost/console/../console.go").Code)
	assert.Equal(t, http.StatusMethodNotAllowed, get(t, "POST", "http://localhost/").Code)
}

// TestHosts refuses names that a site could own and have lead here.
func TestHosts(t *testing.T) {
	for host, code := range map[string]int{
		"127.0.0.1:8080": 200, "[::1]:8080": 200, "[::1]": 200, "192.0.2.7:80": 200, "localhost": 200, "LOCALHOST:8080": 200, "a.localhost:1": 200,
		"api.instagram.com": 200, "api.instagram.com:8443": 200,
		"evil.example": 421, "evil.example:8080": 421, "127.0.0.1.evil.example": 421, "localhost.evil.example": 421, "": 421, "notlocalhost": 421,
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		handler().ServeHTTP(w, r)
		assert.Equal(t, code, w.Code, host)
		assert.Equal(t, code == 200, strings.Contains(w.Body.String(), `content="session"`), host)
	}
}

func TestSameOrigin(t *testing.T) {
	for name, test := range map[string]struct {
		header []string
		want   bool
	}{
		"a program":         {nil, true},
		"its own page":      {[]string{"Sec-Fetch-Site", "same-origin", "Origin", "http://127.0.0.1:8080"}, true},
		"the address bar":   {[]string{"Sec-Fetch-Site", "none"}, true},
		"another site":      {[]string{"Sec-Fetch-Site", "cross-site"}, false},
		"another port":      {[]string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:9090"}, false},
		"an older browser":  {[]string{"Origin", "http://evil.example"}, false},
		"a hidden origin":   {[]string{"Origin", "null"}, false},
		"a lie in one half": {[]string{"Sec-Fetch-Site", "same-origin", "Origin", "http://evil.example"}, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "http://127.0.0.1:8080/admin/reset", nil)
		for i := 0; i < len(test.header); i += 2 {
			r.Header.Set(test.header[i], test.header[i+1])
		}
		assert.Equal(t, test.want, console.SameOrigin(r), name)
	}
}

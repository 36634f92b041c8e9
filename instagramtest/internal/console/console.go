// Package console holds the pages on which people see what a server does, and call it by hand. They
// are plain files; what they show, they ask the server for by its calls under /admin.
package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"
)

//go:embed files
var files embed.FS

// kinds are the types of the files, which are not left to what the machine knows.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
}

// names are the files that are not below /console.
var names = map[string]string{"/": "home.html", "/console": "console.html", "/favicon.ico": "icon.svg"}

// policy lets a page load what this server has, and nothing else. No page of others may frame it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the pages, at / and /console, and their files below /console. The session is the
// token with which they make calls under /admin; whoever can read a page has it. Hosts are the
// names of the server beside those that nobody else can have. Known is what a page, by its path, is
// sent with, so that it need not ask for it before it can show anything.
type Handler struct {
	Session string
	Hosts   []string
	Known   func(page string) any
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if !h.Trusts(r.Host) {
		http.Error(w, "open this page by its IP address or as localhost: a name could be anybody's", http.StatusMisdirectedRequest)
		return
	}
	name, named := names[r.URL.Path]
	if !named {
		name = strings.TrimPrefix(r.URL.Path, "/console/")
	}
	content, err := files.ReadFile("files/" + name)
	kind := kinds[path.Ext(name)]
	page := kind == kinds[".html"]
	if err != nil || page && !named {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	if page {
		known, err := json.Marshal(h.Known(r.URL.Path)) // with no < in it, which could end the element that it is in
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		content = bytes.ReplaceAll(content, []byte("{{.Session}}"), []byte(h.Session))
		content = bytes.ReplaceAll(content, []byte("{{.Known}}"), known)
		header.Set("Content-Security-Policy", policy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cache-Control", "no-store") // the session is of one run of the server
	} else {
		sum := sha256.Sum256(content)
		header.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
		header.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// Trusts says whether the host that a browser names is this machine's: an IP address, localhost, or
// one of the hosts. Any other name could be made to lead here by a site that owns it, whose pages
// could then read these.
func (h *Handler) Trusts(host string) bool {
	name := host
	if n, _, err := net.SplitHostPort(host); err == nil {
		name = n
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	for _, own := range h.Hosts {
		if strings.EqualFold(own, host) || strings.EqualFold(own, name) {
			return true
		}
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// SameOrigin says whether a request was made by a page of this server or by no page at all, as
// browsers tell. Those that tell nothing of where a request is from tell the origin of every write.
func SameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	_, host, ok := strings.Cut(origin, "://")
	return ok && strings.EqualFold(host, r.Host)
}

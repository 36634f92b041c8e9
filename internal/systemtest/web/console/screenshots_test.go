package console_test

import (
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

var update = flag.Bool("update", false, "write the screenshots into docs")

// TestScreenshots takes the pictures of the documentation. "go test -run Screenshots -update" keeps
// them.
func TestScreenshots(t *testing.T) {
	dir := t.TempDir()
	if *update {
		dir = filepath.Join("..", "..", "..", "..", "docs")
	}
	srv := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 7, 14, 17, 40, 0, 0, time.UTC)), instagramtest.WithAddr("127.0.0.1:0"))
	defer srv.Close()
	use(t, srv)
	pages := map[string]string{
		"home":    "/",
		"console": "/console?call=getUserMedia&user-id=self&count=8",
	}
	for scheme, dark := range map[string]bool{"light": false, "dark": true} {
		for width, height := range map[int]int{1280: 1180, 390: 844} {
			b := open(t, window{width, height, dark})
			for page, path := range pages {
				b.visit(srv.URL + path)
				if page == "home" {
					b.until(`document.querySelectorAll("#log li").length >= 6`)
				} else {
					b.until(`document.querySelectorAll("#cards li").length == 8`)
					if width < 1000 {
						b.show(`#answer`)
					}
				}
				file := filepath.Join(dir, strings.Join([]string{page, map[int]string{1280: "desktop", 390: "phone"}[width], scheme}, "-")+".webp")
				b.keep(file)
				info, err := os.Stat(file)
				require.NoError(t, err)
				assert.Less(t, info.Size(), int64(150_000), "%s is small", file)
				assert.Greater(t, info.Size(), int64(5_000), "%s shows something", file)
			}
			b.isQuiet(host(srv))
		}
	}
}

// show scrolls to an element.
func (b *browser) show(selector string) {
	b.Helper()
	eval[any](b, `scrollTo(0, document.querySelector("`+selector+`").getBoundingClientRect().top + scrollY - 12); true`)
}

// use makes some calls, for the log.
func use(t *testing.T, srv *instagramtest.Server) {
	t.Helper()
	me := srv.Users()[0].ID
	token := srv.AccessToken(me)
	media := srv.PostMedia(me, instagramtest.Media{Caption: "Evening on the pier #sea #sunset"})
	call := func(method, path string, form url.Values) {
		query := "?access_token=" + token
		if strings.Contains(path, "?") {
			query = "&access_token=" + token
		}
		var body io.Reader
		if form != nil {
			body = strings.NewReader(form.Encode())
		}
		req, err := http.NewRequestWithContext(t.Context(), method, srv.BaseURL()+path+query, body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := srv.Client().Do(req)
		require.NoError(t, err)
		resp.Body.Close()
	}
	call("GET", "/users/self", nil)
	call("GET", "/users/self/media/recent?count=20", nil)
	call("POST", "/media/"+media.ID+"/likes", nil)
	call("POST", "/media/"+media.ID+"/comments", url.Values{"text": {"So good"}})
	call("GET", "/users/1/relationship", nil)
	srv.Fail("GET /tags/{tag-name}", instagramtest.Fault{Status: 503}, 2)
	call("GET", "/tags/sea", nil)
	call("GET", "/locations/search?lat=48.858&lng=2.294", nil)
}

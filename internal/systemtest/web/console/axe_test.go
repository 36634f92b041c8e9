package console_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
	"github.com/igv1/instagram/internal/systemtest/web/npm"
)

// violation is a rule that a page breaks.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// TestAccessibility finds nothing serious on any page, light and dark, on a desktop and on a phone.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join(npm.Install(t, "axe-core@4.14.1"), "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	srv := instagramtest.NewServer()
	defer srv.Close()
	public := srv.PostMedia(srv.Users()[0].ID, instagramtest.Media{Caption: "for all #to see"})
	film := srv.PostMedia(srv.Users()[0].ID, instagramtest.Media{Type: "video"})
	pages := map[string]string{
		"home":          "/",
		"console":       "/console",
		"media":         "/console?call=getUserMedia&user-id=self",
		"one media":     "/console?call=getMedia&media-id=" + film.ID,
		"users":         "/console?call=getFollows&user-id=self",
		"write":         "/console?call=createComment",
		"subscriptions": "/console?call=createSubscription",
		"authorize": "/oauth/authorize?client_id=" + srv.ClientID + "&response_type=code&scope=basic+likes&redirect_uri=" +
			url.QueryEscape("http://127.0.0.1/back"),
		"embed": "/p/" + public.Shortcode + "/",
		"film":  "/p/" + film.Shortcode + "/",
	}
	for name, w := range map[string]window{
		"desktop": desktop, "desktop, dark": {desktop.width, desktop.height, true}, "phone": phone, "phone, dark": {phone.width, phone.height, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, w)
			for page, path := range pages {
				b.visitOther(srv.URL + path)
				if path[1:] == "" || path[1] == 'c' {
					b.until(ready)
				}
				if page == "home" {
					b.do(click(`#log summary`))
					b.until(`!!document.querySelector("#log pre")`)
				}
				eval[any](b, string(axe)+";true")
				for _, v := range eval[[]violation](b, `axe.run({preload: false}).then(r => r.violations.filter(v => ["serious", "critical"].includes(v.impact)))`) {
					assert.Fail(t, v.Help, "%s on %s: %+v", v.ID, page, v.Nodes)
				}
			}
		})
	}
}

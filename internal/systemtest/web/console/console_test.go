package console_test

import (
	"encoding/json"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func host(srv *instagramtest.Server) string {
	u, err := url.Parse(srv.URL)
	if err != nil {
		panic(err)
	}
	return u.Host
}

// TestVisit goes through the pages as somebody does who has just started the server.
func TestVisit(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	another := srv.Users()[3].Username
	b := open(t, desktop)
	b.visit(srv.Console())

	// Act as another user.
	assert.Equal(t, srv.Users()[0].Username, eval[string](b, `document.querySelector("#me").textContent`))
	b.do(click(`#people li:nth-child(4) button`))
	b.until(`document.querySelector("#me").textContent == "` + another + `"`)
	b.do(click(`[aria-label="Show the access token"]`))
	assert.Equal(t, srv.AccessToken(another), eval[string](b, `document.querySelectorAll("#secrets code")[1].textContent`))
	assert.NotContains(t, eval[string](b, `document.querySelector("#curl").textContent`), srv.AccessToken(another), "it is masked")

	// Post a like in the console, and see it in the answer and in the log.
	b.do(click(`#open-console`))
	b.until(ready + ` && document.title.endsWith("Console")`)
	b.do(click(`[data-call=like]`))
	media := eval[string](b, `document.querySelector("#p-media-id").value`)
	assert.Equal(t, another, eval[string](b, `document.querySelector("#as").value`))
	b.do(click(`#send`))
	b.until(`document.querySelector("#outcome .status")?.textContent.startsWith("200")`)
	assert.JSONEq(t, `{"meta":{"code":200},"data":null}`, eval[string](b, `document.querySelector("#json").textContent`))
	b.do(click(`[data-call=getLikes]`), click(`#send`))
	b.until(`document.querySelector("#cards .who a")?.textContent == "@` + another + `"`)
	b.do(click(`header nav a[href="/"]`))
	b.until(ready + ` && document.querySelectorAll("#log .method.POST").length == 1`)
	assert.Equal(t, "/v1/media/"+media+"/likes", eval[string](b, `document.querySelector("#log li:has(.POST) .path").textContent`))
	b.do(click(`#log li:has(.POST) summary`))
	b.until(`document.querySelector("#log li:has(.POST) pre")?.textContent.includes('"data": null')`)
	opened := `document.querySelector("#log li:has(.POST) .inside").textContent`
	assert.NotContains(t, eval[string](b, opened), srv.AccessToken(another))
	b.do(click(`#log li:has(.POST) .inside button`))
	b.until(opened + `.includes("` + srv.AccessToken(another) + `")`)

	b.isQuiet(host(srv))
}

// TestHomeChangesTheServer sets the clock and faults, and shows what comes while it is looked at.
func TestHomeChangesTheServer(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	b := open(t, desktop)
	b.visit(srv.Console())
	before := srv.Now()
	b.do(click(`[data-by="24h"]`))
	b.until(`document.querySelector("#now").dateTime > "` + before.AddDate(0, 0, 1).Format("2006-01-02T15:04") + `"`)
	assert.Equal(t, 24, int(srv.Now().Sub(before).Hours()))

	b.do(chromedp.SetValue(chromedp.CSS(`#fault-endpoint`), "GET /users/{user-id}"), click(`#fault [type=submit]`))
	b.until(`document.querySelector("#pending li")?.textContent.includes("503")`)
	resp, err := srv.Client().Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(srv.Users()[0].ID))
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 503, resp.StatusCode)
	b.until(`document.querySelector("#log .status")?.textContent == "503" && document.querySelectorAll("#pending li").length == 0`)
	b.do(click(`#fault [type=submit]`))
	b.until(`document.querySelectorAll("#pending li").length == 1`)
	b.do(click(`#clear-faults`))
	b.until(`document.querySelectorAll("#pending li").length == 0`)
	b.isQuiet(host(srv))
}

// TestManyWindows shows the same log to several who look at once.
func TestManyWindows(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	windows := []*browser{open(t, desktop), open(t, phone), open(t, desktop)}
	for _, b := range windows {
		b.visit(srv.Console())
	}
	for range 5 {
		resp, err := srv.Client().Get(srv.BaseURL() + "/tags/sea?client_id=" + srv.ClientID)
		require.NoError(t, err)
		resp.Body.Close()
	}
	for _, b := range windows {
		b.until(`document.querySelectorAll("#log li").length == 5`)
	}
}

// TestWalk follows an answer: three pages of a tag, on to one of its media, and back.
func TestWalk(t *testing.T) {
	for name, wire := range map[string]instagramtest.Wire{"2011": instagramtest.Wire2011, "2013": instagramtest.Wire2013, "2017": instagramtest.Wire2017} {
		t.Run(name, func(t *testing.T) {
			srv := instagramtest.NewServer(instagramtest.WithWire(wire))
			defer srv.Close()
			for range 25 {
				srv.PostMedia(srv.Users()[0].ID, instagramtest.Media{Caption: "again #walked"})
			}
			b := open(t, desktop)
			b.visit(srv.URL + "/console?call=getTagMedia&tag-name=walked&count=10")
			seen := map[string]bool{}
			for number, want := range []int{10, 10, 5} {
				b.until(`document.querySelectorAll("#cards li").length == ` + jsonOf(want))
				for _, href := range eval[[]string](b, `[...document.querySelectorAll("#cards .picture a")].map(a => a.href)`) {
					seen[href] = true
				}
				if number < 2 {
					first := eval[string](b, `document.querySelector("#cards .picture a").href`)
					b.do(click(`#next a`))
					b.until(`document.querySelector("#cards .picture a")?.href != ` + jsonOf(first))
				}
			}
			assert.Len(t, seen, 25, "no media comes twice")
			assert.Empty(t, eval[[]string](b, `[...document.querySelectorAll("#next a")].map(a => a.href)`), "it is the last page")
			b.do(click(`#cards .picture a`))
			b.until(`document.querySelectorAll("#cards li.wide").length == 1`)
			b.do(chromedp.NavigateBack())
			b.until(`document.querySelectorAll("#cards li").length == 5`)
			b.isQuiet(host(srv))
		})
	}
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestCopiedCurlWorks copies the command of a write and of a read, and runs them in a shell.
func TestCopiedCurlWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl: apt-get install -y curl, and run this test again")
	}
	srv := instagramtest.NewServer(instagramtest.WithSignedRequests())
	defer srv.Close()
	media := srv.PostMedia(srv.Users()[0].ID, instagramtest.Media{})
	b := open(t, desktop)
	for _, call := range []string{
		"createComment&media-id=" + media.ID + "&text=" + url.QueryEscape(`it's "fine" & 100% `+"`ok` $HOME\\ ☕"),
		"getComments&media-id=" + media.ID,
	} {
		b.visit(srv.URL + "/console?call=" + call)
		eval[any](b, `navigator.clipboard.writeText = async (text) => { window.copied = text }; true`)
		b.do(click(`[data-copy=curl]`))
		b.until(`window.copied?.startsWith("curl ")`)
		out, err := exec.CommandContext(t.Context(), "sh", "-c", eval[string](b, `window.copied`)+" --silent").Output()
		require.NoError(t, err)
		assert.Contains(t, string(out), `"code":200`, "%s", out)
		var got struct{ Data any }
		require.NoError(t, json.Unmarshal(out, &got))
		assert.Contains(t, jsonOf(got.Data), `100% `)
		assert.Contains(t, string(out), "$HOME")
	}
	b.isQuiet(host(srv))
}

// TestKeyboard makes a call without a mouse: to the form, through its fields, and off with Enter.
func TestKeyboard(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	b := open(t, desktop)
	b.visit(srv.URL + "/console?call=searchUsers&q=")
	tab := func() string {
		b.do(chromedp.KeyEvent(kb.Tab))
		return eval[string](b, `document.activeElement.id || document.activeElement.textContent`)
	}
	require.Equal(t, "Skip to the form", tab())
	b.do(chromedp.KeyEvent(kb.Enter))
	require.Equal(t, "p-q", tab())
	assert.Equal(t, "q *", eval[string](b, `document.activeElement.labels[0].textContent`))
	assert.NotEqual(t, "none", eval[string](b, `getComputedStyle(document.activeElement).outlineStyle`), "it shows where one is")
	b.do(chromedp.KeyEvent(srv.Users()[1].Username))
	var way []string
	for at := ""; at != "send"; {
		at = tab()
		way = append(way, at)
		require.Less(t, len(way), 15, "%v", way)
	}
	assert.Contains(t, way, "p-count")
	assert.Contains(t, way, "as")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("#cards .who a")?.textContent == "@` + srv.Users()[1].Username + `"`)
	b.isQuiet(host(srv))
}

// TestPhone shows every page on 390 pixels without a need to scroll sideways.
func TestPhone(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	b := open(t, phone)
	for _, path := range []string{"/", "/console", "/console?call=getUserMedia&user-id=self", "/console?call=getUser&user-id=self"} {
		b.visit(srv.URL + path)
		assert.True(t, eval[bool](b, fits), path)
		if strings.Contains(path, "call=") {
			assert.True(t, eval[bool](b, `!!document.querySelector("#cards li")`), path)
		}
	}
	b.do(chromedp.SetValue(chromedp.CSS(`#chooser`), "getPopularMedia"))
	b.isQuiet(host(srv))
}

// TestForms has a working form for every call, with values of this world, and tells of what the
// server refuses.
func TestForms(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	b := open(t, desktop)
	b.visit(srv.URL + "/console")
	calls := eval[[]string](b, `[...document.querySelectorAll("[data-call]")].map(a => a.dataset.call)`)
	require.Len(t, calls, 27+3+1, "every endpoint, subscriptions and embedding")
	for _, call := range calls {
		b.visit(srv.URL + "/console?call=" + call)
		b.do(click(`#send`))
		b.until(`!document.querySelector("#answer").hidden && !document.querySelector("#send").disabled`)
		status := eval[string](b, `document.querySelector("#outcome .status").textContent`)
		switch call {
		case "createSubscription", "deleteSubscriptions", "getGeographyMedia":
			// There is nothing to offer: a callback, a choice of what to delete, an area.
		case "getPopularMedia":
			assert.True(t, strings.HasPrefix(status, "400"), "newer apps do not have it")
		default:
			assert.True(t, strings.HasPrefix(status, "200"), "%s: %s", call, status)
		}
	}
	b.visit(srv.URL + "/console?call=getUserMedia&user-id=self&count=x")
	b.until(`document.querySelector("#outcome .status")?.textContent.startsWith("400")`)
	b.visit(srv.URL + "/console?call=getTag&tag-name=sea&scopes=basic")
	b.until(`document.querySelector("#json").textContent.includes("OAuthPermissionsException")`)
}

// TestVideosPlay plays a video on the page of a media and in an answer of the console.
func TestVideosPlay(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	film := srv.PostMedia(srv.Users()[0].ID, instagramtest.Media{Type: "video"})
	b := open(t, desktop)
	for _, path := range []string{"/p/" + film.Shortcode + "/", "/console?call=getMedia&media-id=" + film.ID} {
		b.visitOther(srv.URL + path)
		b.until(`document.querySelector("video")`)
		eval[any](b, `(async () => { const v = document.querySelector("video"); v.muted = true; await v.play(); return true })()`)
		b.until(`document.querySelector("video").currentTime > 0.2`)
	}
	b.isQuiet(host(srv))
}

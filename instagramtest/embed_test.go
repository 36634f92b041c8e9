package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// posted is a server with one media to embed.
func posted(t *testing.T, opts ...instagramtest.Option) (api, instagramtest.Media) {
	a := start(t, append(opts, instagramtest.WithTime(noon))...)
	a.token = ""
	return a, a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{
		Type: "carousel", Caption: `<script>alert("x")</script> & #sun ☀`, CreatedTime: time.Date(2018, 6, 14, 9, 5, 0, 0, time.UTC),
	})
}

// web sends a request to a path beside /v1 and follows no redirect.
func (a api) web(method, path string) answer {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), method, a.srv.URL+path, nil)
	require.NoError(a, err)
	resp, err := a.srv.Client().Transport.RoundTrip(req)
	require.NoError(a, err)
	return read(a, resp)
}

func (a api) oembed(page string, pairs ...string) answer {
	a.Helper()
	f := form(pairs...)
	f.Set("url", page)
	return a.web("GET", "/oembed?"+f.Encode())
}

func TestOEmbed(t *testing.T) {
	a, m := posted(t)
	me := a.srv.Users()[0]
	link := a.srv.URL + "/p/" + m.Shortcode + "/"
	picture := a.srv.URL + "/images/" + m.Shortcode + "/s612.jpg"
	o := a.object(a.oembed(link))
	html := o["html"].(string)
	delete(o, "html")
	var authorID float64
	fmt.Sscan(me.ID, &authorID)
	assert.Equal(t, object{
		"version": "1.0", "type": "rich", "title": m.Caption, "url": picture,
		"author_name": me.Username, "author_url": a.srv.URL + "/" + me.Username, "author_id": authorID, "media_id": m.ID,
		"provider_name": "Instagram", "provider_url": a.srv.URL + "/", "width": 658.0, "height": nil,
		"thumbnail_url": picture, "thumbnail_width": 612.0, "thumbnail_height": 612.0,
	}, o)
	assert.Equal(t, `<blockquote class="instagram-media" data-instgrm-captioned data-instgrm-permalink="`+link+
		`" data-instgrm-version="7" style="max-width:658px;margin:1px;width:100%">
  <p><a href="`+link+`" target="_blank"><img src="`+picture+`" alt="&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; #sun ☀" style="width:100%"></a></p>
  <p><a href="`+link+`" target="_blank">&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; #sun ☀</a></p>
  <p>An album posted by `+me.FullName+` (@`+me.Username+`) on <time datetime="2018-06-14T09:05:00Z">Jun 14, 2018 at 9:05am UTC</time></p>
</blockquote>
<script async defer src="`+a.srv.URL+`/embeds.js"></script>`, html)
	for _, path := range []string{picture, a.srv.URL + "/embeds.js"} {
		assert.Equal(t, 200, a.url("GET", path).status)
	}
}

func TestOEmbedOptions(t *testing.T) {
	a, m := posted(t)
	page := "https://instagram.com/p/" + m.Shortcode
	html := func(pairs ...string) string { return a.object(a.oembed(page, pairs...))["html"].(string) }
	assert.NotContains(t, html("omitscript", "true"), "<script")
	assert.Contains(t, html("omitscript", "0"), "<script")
	hidden := html("hidecaption", "1")
	assert.NotContains(t, hidden, "alert")
	assert.NotContains(t, hidden, "captioned")
	for maxWidth, want := range map[string][2]float64{"100": {100, 150}, "306": {306, 306}, "640": {640, 612}, "5000": {658, 612}} {
		o := a.object(a.oembed(page, "maxwidth", maxWidth))
		assert.Equal(t, want, [2]float64{o["width"].(float64), o["thumbnail_width"].(float64)}, maxWidth)
		assert.Contains(t, o["html"], "max-width:"+fmt.Sprint(want[0])+"px")
	}

	got := a.oembed(page, "callback", "show")
	assert.Contains(t, got.header.Get("Content-Type"), "text/javascript")
	body, ok := strings.CutPrefix(string(got.body), "/**/ show(")
	assert.True(t, ok)
	assert.True(t, json.Valid([]byte(strings.TrimSuffix(body, ");"))))
	assert.Equal(t, 400, a.oembed(page, "callback", "alert(1)").status)
}

func TestOEmbedOfTheFirstGeneration(t *testing.T) {
	a, m := posted(t, instagramtest.WithWire(instagramtest.Wire2011))
	o := a.object(a.oembed("http://instagr.am/p/"+m.Shortcode+"/", "maxwidth", "400"))
	assert.Equal(t, []any{"photo", 306.0, 306.0, a.srv.URL + "/images/" + m.Shortcode + "/s306.jpg"}, []any{o["type"], o["width"], o["height"], o["url"]})
}

func TestOEmbedFinds(t *testing.T) {
	a, m := posted(t)
	private := a.srv.Users()[slices.IndexFunc(a.srv.Users(), func(u instagramtest.User) bool { return u.Private })]
	hidden := a.srv.PostMedia(private.ID, instagramtest.Media{})
	gone := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
	a.srv.DeleteMedia(gone.ID)
	own, err := url.Parse(a.srv.URL)
	require.NoError(t, err)
	for page, status := range map[string]int{
		"http://instagr.am/p/" + m.Shortcode + "/":                       200,
		"https://www.instagram.com/p/" + m.Shortcode + "/?taken-by=me#x": 200,
		"https://INSTAGRAM.com/p/" + m.Shortcode:                         200,
		"instagr.am/p/" + m.Shortcode:                                    200,
		"https://" + own.Host + "/p/" + m.Shortcode + "/":                200,
		"https://instagram.example/p/" + m.Shortcode:                     404,
		"https://instagram.com.example/p/" + m.Shortcode:                 404,
		"https://instagram.com/t/" + m.Shortcode:                         404,
		"https://instagram.com/p/" + m.Shortcode + "/media/":             404,
		"https://instagram.com/p/A" + m.Shortcode:                        404,
		"https://instagram.com/p/":                                       404,
		"https://instagram.com/p/" + hidden.Shortcode:                    404,
		"https://instagram.com/p/" + gone.Shortcode:                      404,
		"https://instagram.com/%zz":                                      404,
		"":                                                               400,
	} {
		assert.Equal(t, status, a.oembed(page).status, page)
	}
	page := "http://instagr.am/p/" + m.Shortcode
	for _, pair := range [][2]string{{"maxwidth", "x"}, {"maxwidth", "0"}, {"maxwidth", "-5"}, {"hidecaption", "perhaps"}, {"omitscript", "2"}} {
		got := a.oembed(page, pair[0], pair[1])
		assert.Equal(t, 400, got.status)
		assert.Contains(t, string(got.body), pair[0]+" must be")
	}
	assert.Equal(t, 404, a.web("GET", "/oembed/x?url="+page).status)
	assert.Equal(t, 400, a.web("GET", "/oembed?url=%zz").status)
	got := a.web("POST", "/oembed?url="+page)
	assert.Equal(t, 405, got.status)
	assert.Equal(t, "GET, HEAD", got.header.Get("Allow"))
	assert.Equal(t, 404, a.web("GET", "/p/"+hidden.Shortcode+"/").status)
	assert.Equal(t, 404, a.web("GET", "/p/"+hidden.Shortcode+"/media/").status)
}

func TestMediaPage(t *testing.T) {
	a, m := posted(t)
	for size, want := range map[string]string{"": "s306", "?size=": "s306", "?size=t": "s150", "?size=m": "s306", "?size=l": "s612"} {
		for _, path := range []string{"/media/", "/media"} {
			got := a.web("GET", "/p/"+m.Shortcode+path+size)
			require.Equal(t, 302, got.status)
			assert.Equal(t, a.srv.URL+"/images/"+m.Shortcode+"/"+want+".jpg", got.header.Get("Location"))
		}
	}
	assert.Equal(t, "image/jpeg", a.url("GET", a.srv.URL+"/p/"+m.Shortcode+"/media/?size=l").header.Get("Content-Type"))
	for path, status := range map[string]int{
		m.Shortcode: 200, m.Shortcode + "/": 200, m.Shortcode + "/embed/": 200, m.Shortcode + "/embed/captioned/": 200, m.Shortcode + "/embed/x": 404,
		m.Shortcode + "/media/?size=x": 400, m.Shortcode + "/likes": 404, m.Shortcode + "/media/x": 404,
		"": 404, "unknown": 404, "unknown/media/": 404, "unknown/media/?size=x": 404,
	} {
		assert.Equal(t, status, a.web("GET", "/p/"+path).status, path)
	}
	got := a.web("GET", "/p/"+m.Shortcode+"/")
	assert.Equal(t, "text/html; charset=utf-8", got.header.Get("Content-Type"))
	assert.Contains(t, string(got.body), `&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; #sun ☀`)
	assert.NotContains(t, string(got.body), "<script")
	assert.Empty(t, a.web("HEAD", "/p/"+m.Shortcode+"/").body)
	assert.Equal(t, 405, a.web("DELETE", "/p/"+m.Shortcode+"/").status)
}

// TestMediaPageShowsEverything shows people what there is: a video that plays, all parts of an
// album, who likes it and what is said.
func TestMediaPageShowsEverything(t *testing.T) {
	a, m := posted(t)
	page := func(m instagramtest.Media) string { return string(a.web("GET", "/p/"+m.Shortcode+"/").body) }
	album := page(m)
	assert.Contains(t, album, `alt="&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; #sun ☀"`)
	assert.NotContains(t, album, "<script")
	assert.Equal(t, 1, strings.Count(album, `aria-label="The parts of the album"`))
	assert.Greater(t, strings.Count(album, "/images/"+m.Shortcode+"/"), 1)

	film := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{Type: "video"})
	assert.Contains(t, page(film), "<video controls")
	assert.Contains(t, page(film), "<strong>0 likes</strong>")
	for i, u := range a.srv.Users()[2:4] {
		fan := a.as(u.ID)
		fan.post("/media/" + film.ID + "/likes")
		fan.post("/media/"+film.ID+"/comments", "text", fmt.Sprint("so <good> ", i))
	}
	assert.Contains(t, page(film), "<strong>2 likes</strong>")
	assert.Contains(t, page(film), "2 comments")
	assert.Contains(t, page(film), "so &lt;good&gt; 1")
	assert.Contains(t, page(film), `href="/console/style.css"`)
}

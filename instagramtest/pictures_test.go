package instagramtest_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// fetch gets a URL from an answer as it is.
func (a api) fetch(method, target string, header ...string) answer {
	a.Helper()
	require.True(a, strings.HasPrefix(target, a.srv.URL), target)
	req, err := http.NewRequestWithContext(a.Context(), method, target, nil)
	require.NoError(a, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return a.send(req)
}

func TestImages(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		a := start(t, instagramtest.WithWire(wire))
		for _, m := range a.list("/users/self/media/recent?count=1") {
			for name, v := range m.(object)["images"].(object) {
				checkImage(a, name, v.(object))
			}
			assert.Equal(t, 150.0, m.(object)["images"].(object)["thumbnail"].(object)["width"])
		}
		checkImage(a, "profile", object{"url": a.one("/users/self")["profile_picture"], "width": 150.0, "height": 150.0})
	}
}

func checkImage(a api, name string, v object) {
	a.Helper()
	got := a.fetch("GET", v["url"].(string))
	require.Equal(a, 200, got.status)
	assert.Equal(a, "image/jpeg", got.header.Get("Content-Type"))
	img, err := jpeg.DecodeConfig(bytes.NewReader(got.body))
	require.NoError(a, err)
	assert.EqualValues(a, v["width"], img.Width, name)
	assert.EqualValues(a, v["height"], img.Height, name)
	assert.Equal(a, got.body, a.fetch("GET", v["url"].(string)).body, "the same every time")
}

func TestCarouselsAndVideos(t *testing.T) {
	a := start(t)
	m := a.one("/media/" + a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{Type: "carousel"}).ID)
	parts := m["carousel_media"].([]any)
	require.Len(t, parts, 2)
	checkImage(a, "part", parts[0].(object)["images"].(object)["thumbnail"].(object))
	assert.NotContains(t, parts[1], "images")

	for name, v := range parts[1].(object)["videos"].(object) {
		target := v.(object)["url"].(string)
		got := a.fetch("GET", target)
		require.Equal(t, 200, got.status, name)
		assert.Equal(t, "video/mp4", got.header.Get("Content-Type"))

		head := a.fetch("HEAD", target)
		assert.Equal(t, 200, head.status)
		assert.Equal(t, itoa(len(got.body)), head.header.Get("Content-Length"))
		part := a.fetch("GET", target, "Range", "bytes=4-7")
		assert.Equal(t, http.StatusPartialContent, part.status)
		assert.Equal(t, "ftyp", string(part.body))
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	a := start(t)
	c := code(a.list("/users/self/media/recent?count=1")[0].(object))
	for _, path := range []string{
		"/images", "/images/", "/images/" + c, "/images/" + c + "/s151.jpg", "/images/" + c + "/s150.png", "/images/" + c + "/9/s150.jpg",
		"/images/" + c + "/0/s150.jpg", "/images/B/s150.jpg", "/videos/" + c + "/s150.jpg", "/profiles/1.jpg", "/profiles/x", "/images/..%2f/s150.jpg",
	} {
		assert.Equal(t, 404, a.fetch("GET", a.srv.URL+path).status, path)
	}
	got := a.fetch("POST", a.srv.URL+"/images/"+c+"/s150.jpg")
	assert.Equal(t, 405, got.status)
	assert.Equal(t, "GET, HEAD", got.header.Get("Allow"))
}

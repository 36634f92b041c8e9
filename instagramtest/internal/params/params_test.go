package params

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func post(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/?a=query&b=query", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestRead(t *testing.T) {
	const multipart = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nform\r\n--x--\r\n"
	for name, r := range map[string]*http.Request{
		"form":      post("application/x-www-form-urlencoded", "a=form"),
		"multipart": post("multipart/form-data; boundary=x", multipart),
	} {
		p, failed := Read(r)
		require.Nil(t, failed, name)
		assert.Equal(t, "form", p.Get("a"), "the body counts more than the query")
		assert.Equal(t, "query", p.Get("b"))
	}
	_, failed := Read(post("application/x-www-form-urlencoded", "a="+strings.Repeat("x", MaxBody)))
	require.NotNil(t, failed)
	assert.Equal(t, http.StatusRequestEntityTooLarge, failed.Status)
	p, failed := Read(post("text/plain", "a=form"))
	require.Nil(t, failed)
	assert.Equal(t, "query", p.Get("a"))
}

func TestPeekLeavesTheBody(t *testing.T) {
	r := post("application/x-www-form-urlencoded", "a=form&_method=delete")
	assert.Equal(t, "form", Peek(r).Get("a"))
	assert.Equal(t, http.MethodDelete, Method(r, Peek(r)))
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.Equal(t, "a=form&_method=delete", string(b))
	assert.Equal(t, http.MethodGet, Method(httptest.NewRequest(http.MethodHead, "/", nil), Params{}))
}

func values(pairs ...string) Params {
	p := Params{url.Values{}}
	for i := 0; i < len(pairs); i += 2 {
		p.Set(pairs[i], pairs[i+1])
	}
	return p
}

func TestCount(t *testing.T) {
	for in, want := range map[string]int{"": 20, "0": 20, "5": 5, "33": 33, "34": 33, "99999999999999999999": 33} {
		got, failed := values("count", in).Count(20, 33)
		assert.Nil(t, failed, in)
		assert.Equal(t, want, got, in)
	}
	for _, bad := range []string{"-1", "x", "1.5", "-99999999999999999999"} {
		_, failed := values("count", bad).Count(20, 33)
		assert.NotNil(t, failed, bad)
	}
}

func TestArea(t *testing.T) {
	center, radius, failed := values("lat", "48.5", "lng", "-2.25").Area("distance", 1000)
	require.Nil(t, failed)
	assert.Equal(t, 48.5, center.Lat)
	assert.Equal(t, -2.25, center.Lng)
	assert.Equal(t, 1000.0, radius)
	for _, bad := range []Params{
		values("lat", "48.5"), values("lat", "91", "lng", "0"), values("lat", "NaN", "lng", "0"), values("lat", "0", "lng", "-180.1"),
		values("lat", "0", "lng", "0", "distance", "5001"), values("lat", "0", "lng", "0", "distance", "0"),
	} {
		_, _, failed := bad.Area("distance", 1000)
		assert.NotNil(t, failed, bad)
	}
	_, _, failed = values("lat", "0", "lng", "0").Area("radius", 0)
	assert.NotNil(t, failed, "without a default the distance is required")
}

func TestSpan(t *testing.T) {
	now := time.Unix(1500000000, 0)
	after, before, failed := values().Span(now)
	require.Nil(t, failed)
	assert.Equal(t, int64(5*24*60*60), before-after)
	for _, bad := range []Params{
		values("min_timestamp", "1499000000"), values("min_timestamp", "5", "max_timestamp", "4"), values("max_timestamp", "x"), values("min_timestamp", "-1"),
	} {
		_, _, failed := bad.Span(now)
		assert.NotNil(t, failed, bad)
	}
}

func TestIDs(t *testing.T) {
	n, failed := values("max_id", "17_4").MediaID("max_id")
	assert.Nil(t, failed)
	assert.Equal(t, uint64(17), n)
	_, failed = values("max_id", "x").MediaID("max_id")
	assert.NotNil(t, failed)
	_, failed = values("cursor", "-1").Cursor("cursor")
	assert.NotNil(t, failed)
}

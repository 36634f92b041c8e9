package instagramtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/igv1/instagram/instagramtest"
)

// FuzzRequest sends whatever a client may send. The server answers with JSON, and says the same
// code twice.
func FuzzRequest(f *testing.F) {
	srv := instagramtest.NewServer(instagramtest.WithUsers(5), instagramtest.WithMedia(10, 10), instagramtest.WithLimits(1e9, 1e9))
	f.Cleanup(srv.Close)
	token := srv.AccessToken(srv.Users()[0].ID)
	m := srv.PostMedia(srv.Users()[1].ID, instagramtest.Media{}).ID
	for _, seed := range [][5]string{
		{"GET", "/v1/users/self", "", "", ""},
		{"GET", "/users/self/media/recent.json/", "count=3&max_id=" + m, "", ""},
		{"POST", "/v1/media/" + m + "/comments", "", "application/x-www-form-urlencoded", "text=hello%00%ff"},
		{"POST", "/v1/media/" + m + "/likes", "_method=DELETE", "", ""},
		{"POST", "/v1/users/1/relationship", "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nfollow\r\n--x--\r\n"},
		{"GET", "/v1/media/search", "lat=1e309&lng=-0&distance=0x1p-2&min_timestamp=9223372036854775807", "", ""},
		{"GET", "/v1/tags/%ff%fe/media/recent", "max_tag_id=18446744073709551615&min_tag_id=18446744073709551615", "", ""},
		{"GET", "/v1/users/search", "q=%ff%E2%80%A8\"\\", "", ""},
		{"BREW", "//v1/v1//", "&&;;==%", "a/b; c", "d"},
		{"GET", "/v1/locations/search", "foursquare_v2_id=", "", ""},
		{"GET", "/v26.0/me/media", "fields=id,children{id,&since=-1%20day&after=MTAx", "", ""},
		{"POST", "/oauth/authorize", "redirect_uri=http://[::1]/%2e&response_type=token&scope=%2b&client_id=" + srv.ClientID, "", "decision=allow"},
		{"GET", "/oembed", "url=instagr.am/p/A&maxwidth=1&callback=f", "", ""},
		{"DELETE", "/v1/subscriptions", "object=all&client_secret=" + srv.ClientSecret + "&client_id=" + srv.ClientID, "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4])
	}
	f.Fuzz(func(t *testing.T, method, path, query, contentType, body string) {
		r, err := http.NewRequest(method, "http://server/", strings.NewReader(body))
		if err != nil {
			return // not a method
		}
		r.URL.Path, err = url.PathUnescape(path)
		if err != nil {
			return // not a path
		}
		r.URL.RawPath, r.URL.RawQuery = path, query+"&access_token="+token
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		if w.Header().Get("Content-Type") != "application/json; charset=utf-8" || method == "HEAD" {
			return // a picture, JSONP, or nothing
		}
		var answer struct{ Meta *struct{ Code int } } // beside v1 there is none
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%v: %q", err, w.Body)
		}
		if answer.Meta != nil && answer.Meta.Code != w.Code || !utf8.Valid(w.Body.Bytes()) {
			t.Fatalf("status %d: %q", w.Code, w.Body)
		}
	})
}

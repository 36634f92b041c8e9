package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing/fstest"
	"time"

	"github.com/igv1/instagram/instagramtest"
)

// A test of code that calls the API starts a server, gives the code its address and a token, and
// looks at what it did.
func Example() {
	srv := instagramtest.NewServer()
	defer srv.Close()
	me := srv.Users()[0]

	resp, err := srv.Client().Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(me.ID))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct{ Username string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Data.Username == me.Username)
	for _, r := range srv.Requests() {
		fmt.Println(r.Method, r.Path, r.Params.Get("access_token"), r.Status)
	}
	// Output:
	// true
	// GET /v1/users/self *** 200
}

// Post a media to have something of which a test knows everything.
func ExampleServer_PostMedia() {
	srv := instagramtest.NewServer()
	defer srv.Close()
	me := srv.Users()[0]
	posted := srv.PostMedia(me.Username, instagramtest.Media{Type: "video", Caption: "Low tide #Harbour"})

	resp, err := srv.Client().Get(srv.BaseURL() + "/media/shortcode/" + posted.Shortcode + "?access_token=" + srv.AccessToken(me.ID))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status, posted.Tags)
	// Output: 200 OK [harbour]
}

// Use up an hour's calls, and let the hour go by.
func ExampleServer_Advance() {
	srv := instagramtest.NewServer(instagramtest.WithLimits(1, 1))
	defer srv.Close()
	call := func() {
		resp, err := srv.Client().Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(srv.Users()[0].ID))
		if err != nil {
			fmt.Println(err)
			return
		}
		resp.Body.Close()
		fmt.Println(resp.StatusCode == http.StatusTooManyRequests, resp.Header.Get("X-Ratelimit-Remaining"))
	}
	call()
	call()
	srv.Advance(time.Hour)
	call()
	// Output:
	// false 0
	// true 0
	// false 0
}

// The next call fails as if the server were overloaded, the one after it has its connection broken,
// and then all is well again.
func ExampleServer_Fail() {
	srv := instagramtest.NewServer()
	defer srv.Close()
	srv.Fail("GET /users/self", instagramtest.Fault{Status: http.StatusServiceUnavailable}, 1)
	srv.Fail("GET /users/self", instagramtest.Fault{Cut: instagramtest.Drop}, 1)

	client := srv.Client()
	client.Transport.(*http.Transport).DisableKeepAlives = true // or net/http asks again by itself
	for range 3 {
		resp, err := client.Get(srv.BaseURL() + "/users/self?access_token=" + srv.AccessToken(srv.Users()[0].ID))
		if err != nil {
			fmt.Println("no answer")
			continue
		}
		resp.Body.Close()
		fmt.Println(resp.StatusCode)
	}
	// Output:
	// 503
	// no answer
	// 200
}

// A world of your own: recorded answers, from a directory or, as here, from the test itself.
func ExampleWithData() {
	srv := instagramtest.NewServer(instagramtest.WithData(fstest.MapFS{
		"users/self.json": {Data: []byte(`{"meta":{"code":200},"data":{"id":"7","username":"ada.harbour","full_name":"Ada Harbour"}}`)},
		"users/self/media/recent.json": {Data: []byte(`{"meta":{"code":200},"data":[
			{"id":"11_7","type":"image","created_time":"1496275200","user":{"id":"7","username":"ada.harbour"},
			 "caption":{"id":"12","created_time":"1496275200","text":"Low tide","from":{"id":"7","username":"ada.harbour"}}}]}`)},
	}))
	defer srv.Close()

	resp, err := srv.Client().Get(srv.BaseURL() + "/media/11_7?access_token=" + srv.AccessToken("ada.harbour"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct{ Caption struct{ Text string } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Data.Caption.Text)
	// Output: Low tide
}

// A table test: one server for each case, which is made ready and then called by the code under
// test. Here that is a function which says how a user can be shown.
func ExampleNewServer_table() {
	show := func(baseURL, token, id string) string { // the code under test
		resp, err := http.Get(baseURL + "/users/" + id + "?access_token=" + token)
		if err != nil {
			return "try again"
		}
		defer resp.Body.Close()
		switch resp.StatusCode {
		case http.StatusOK:
			return "shown"
		case http.StatusTooManyRequests:
			return "wait"
		}
		return "hidden"
	}
	tests := []struct {
		name  string
		ready func(*instagramtest.Server)
		want  string
	}{
		{"all is well", func(*instagramtest.Server) {}, "shown"},
		{"over the limit", func(s *instagramtest.Server) {
			s.Fail("/users/{user-id}", instagramtest.Fault{Status: http.StatusTooManyRequests}, -1)
		}, "wait"},
		{"signed out", func(s *instagramtest.Server) { s.Revoke(s.AccessToken("mira.solane")) }, "hidden"},
	}
	for _, tt := range tests {
		srv := instagramtest.NewServer()
		token, id := srv.AccessToken("mira.solane"), srv.Users()[0].ID
		tt.ready(srv)
		got := show(srv.BaseURL(), token, id)
		fmt.Println(tt.name+":", got, got == tt.want) // in a test: t.Run, and an error if they differ
		srv.Close()
	}
	// Output:
	// all is well: shown true
	// over the limit: wait true
	// signed out: hidden true
}

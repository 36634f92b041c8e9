package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
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

package instagramtest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// TestManyClients lets 200 clients like, comment, follow and read at once, for one second or for as
// long as INSTAGRAMTEST_SOAK says (10s, say), and then counts: nothing may be lost.
func TestManyClients(t *testing.T) {
	const clients = 200
	last := time.Second
	if s := os.Getenv("INSTAGRAMTEST_SOAK"); s != "" {
		var err error
		last, err = time.ParseDuration(s)
		require.NoError(t, err)
	}
	a := start(t, instagramtest.WithUsers(clients+2), instagramtest.WithMedia(0, 0), instagramtest.WithLimits(1e9, 1e9))
	users := a.srv.Users()
	owner := users[0].ID
	shared := a.srv.PostMedia(owner, instagramtest.Media{}).ID
	followers := len(flat(a.pages("/users/self/followed-by")))

	var commented, failed atomic.Int64
	stop := time.Now().Add(last)
	var clientsDone sync.WaitGroup
	for i := range clients {
		u := users[i+1]
		token := a.srv.AccessToken(u.ID)
		clientsDone.Go(func() {
			send := func(method, path string, pairs ...string) {
				req, err := http.NewRequest(method, a.srv.BaseURL()+path+"?access_token="+token, strings.NewReader(form(pairs...).Encode()))
				if err != nil {
					failed.Add(1)
					return
				}
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				resp, err := a.srv.Client().Do(req)
				if err != nil {
					failed.Add(1)
					return
				}
				defer resp.Body.Close()
				io.Copy(io.Discard, resp.Body) //nolint:errcheck
				if resp.StatusCode != http.StatusOK {
					failed.Add(1)
				}
			}
			send("DELETE", "/media/"+shared+"/likes")
			send("POST", "/users/"+owner+"/relationship", "action", "unfollow")
			for n := 0; time.Now().Before(stop); n++ {
				send("POST", "/media/"+shared+"/likes")
				send("POST", "/media/"+shared+"/comments", "text", fmt.Sprint("no. ", n))
				commented.Add(1)
				send("POST", "/users/"+owner+"/relationship", "action", "follow")
				send("GET", "/users/self/media/recent")
				if n%3 == 0 {
					send("DELETE", "/media/"+shared+"/likes")
					send("POST", "/users/"+owner+"/relationship", "action", "unfollow")
				}
				if n%7 == 0 {
					a.srv.PostMedia(u.ID, instagramtest.Media{Caption: "#busy"})
				}
			}
			send("POST", "/media/"+shared+"/likes")
			send("POST", "/users/"+owner+"/relationship", "action", "follow")
		})
	}
	clientsDone.Wait()
	assert.Zero(t, failed.Load())
	m := a.one("/media/" + shared)
	assert.EqualValues(t, clients, likes(m))
	assert.EqualValues(t, commented.Load(), m["comments"].(object)["count"])
	assert.LessOrEqual(t, followers, clients+1)
	got := ids(flat(a.pages("/users/self/followed-by")))
	for _, u := range users[1 : clients+1] {
		assert.Contains(t, got, u.ID)
	}
	assert.EqualValues(t, len(got), a.counts(owner)["followed_by"])
	busy := a.one("/tags/busy")["media_count"].(float64)
	listed := 0
	for _, u := range users[1 : clients+1] {
		listed += len(flat(a.as(u.ID).pages("/users/self/media/recent?count=33")))
	}
	assert.EqualValues(t, busy, listed)
}

// TestOneTokenIsCountedExactly uses up an hour from many goroutines.
func TestOneTokenIsCountedExactly(t *testing.T) {
	a := start(t, instagramtest.WithMode(instagramtest.Sandbox))
	var ok, refused atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 30 {
				resp, err := a.srv.Client().Get(a.srv.BaseURL() + "/users/self?access_token=" + a.token)
				if err != nil {
					continue
				}
				resp.Body.Close()
				switch resp.StatusCode {
				case 200:
					ok.Add(1)
				case 429:
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 500, ok.Load())
	assert.EqualValues(t, 100, refused.Load())
}

// TestResetWhileServing is for the race detector.
func TestResetWhileServing(t *testing.T) {
	a := start(t, instagramtest.WithUsers(20), instagramtest.WithMedia(50, 50))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				resp, err := a.srv.Client().Get(a.srv.BaseURL() + "/users/self/feed?access_token=" + a.token)
				if err == nil {
					resp.Body.Close()
				}
			}
		})
	}
	for range 10 {
		a.srv.Reset()
		a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
		a.srv.Requests()
		a.srv.Advance(time.Second)
	}
	wg.Wait()
}

func TestCloseCutsWhatIsLeft(t *testing.T) {
	srv := instagramtest.NewServer(instagramtest.WithUsers(2), instagramtest.WithMedia(0, 0))
	resp, err := srv.Client().Get(srv.URL)
	require.NoError(t, err)
	io.Copy(io.Discard, resp.Body) //nolint:errcheck
	resp.Body.Close()
	srv.Close()
	srv.Close()
	_, err = srv.Client().Get(srv.URL)
	assert.Error(t, err)
}

func TestAddressInUse(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	addr := strings.TrimPrefix(srv.URL, "http://")
	_, err := instagramtest.Start(instagramtest.WithAddr(addr))
	assert.ErrorContains(t, err, "address already in use")
	assert.Panics(t, func() { instagramtest.NewServer(instagramtest.WithAddr(addr)) })
}

func TestTLS(t *testing.T) {
	a := start(t, instagramtest.WithTLS())
	assert.True(t, strings.HasPrefix(a.srv.URL, "https://"))
	assert.NotNil(t, a.one("/users/self"))
	assert.Contains(t, string(a.srv.Certificate()), "BEGIN CERTIFICATE")
	_, err := http.Get(a.srv.URL)
	assert.ErrorContains(t, err, "certificate")
}

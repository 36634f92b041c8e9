package instagramtest_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// receiver is an app's callback.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	verified []url.Values // the queries of the challenges
	posts    []post       // every request with updates, taken or not
	answer   func(n int) int
}

type post struct {
	signature, contentType string
	body                   []byte
	status                 int
}

// receive starts a callback. answer gives the status for the nth POST, from 0; without it, that is
// 200.
func receive(t *testing.T, answer func(n int) int) *receiver {
	rc := &receiver{answer: answer}
	rc.Server = httptest.NewServer(rc)
	t.Cleanup(rc.Close)
	return rc
}

func (rc *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	if r.Method == "GET" {
		rc.verified = append(rc.verified, r.URL.Query())
		fmt.Fprintln(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	body, _ := io.ReadAll(r.Body)
	status := 200
	if rc.answer != nil {
		status = rc.answer(len(rc.posts))
	}
	rc.posts = append(rc.posts, post{r.Header.Get("X-Hub-Signature"), r.Header.Get("Content-Type"), body, status})
	w.WriteHeader(status)
}

// updates are what has been taken so far, in order.
func (rc *receiver) updates() []object {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	var all []object
	for _, p := range rc.posts {
		var batch []object
		if p.status == 200 && json.Unmarshal(p.body, &batch) == nil {
			all = append(all, batch...)
		}
	}
	return all
}

// wait waits for n updates.
func (rc *receiver) wait(t *testing.T, n int) []object {
	t.Helper()
	require.Eventually(t, func() bool { return len(rc.updates()) >= n }, 10*time.Second, 5*time.Millisecond)
	return rc.updates()
}

// app calls /subscriptions with the app's credentials.
func (a api) app(method string, pairs ...string) answer {
	a.Helper()
	a.token = ""
	f := form("client_id", a.srv.ClientID, "client_secret", a.srv.ClientSecret)
	change(f, pairs)
	if method == "POST" {
		return a.do(method, "/subscriptions", f)
	}
	return a.do(method, "/subscriptions?"+f.Encode(), nil)
}

func (a api) subscribe(callback string, pairs ...string) object {
	a.Helper()
	pairs = append([]string{"aspect", "media", "verify_token", "mine", "callback_url", callback}, pairs...)
	return a.object(a.app("POST", pairs...))["data"].(object)
}

func (a api) subscriptions() []any { a.Helper(); return a.object(a.app("GET"))["data"].([]any) }

func TestSubscribe(t *testing.T) {
	a := start(t)
	rc := receive(t, nil)
	place := a.list("/locations/search?" + eiffel)[0].(object)["id"].(string)
	want := func(id, object string, objectID any) map[string]any {
		return map[string]any{"id": id, "type": "subscription", "object": object, "object_id": objectID, "aspect": "media", "callback_url": rc.URL + "/cb?a=b"}
	}
	callback := rc.URL + "/cb?a=b"
	assert.Equal(t, want("1", "user", nil), a.subscribe(callback, "object", "user"))
	assert.Equal(t, want("2", "tag", "üsküdar"), a.subscribe(callback, "object", "tag", "object_id", "#Üsküdar"))
	assert.Equal(t, want("3", "location", place), a.subscribe(callback, "object", "location", "object_id", place))
	geo := a.subscribe(callback, "object", "geography", "lat", "48.85", "lng", "2.29", "radius", "5000")
	assert.Equal(t, want("4", "geography", geo["object_id"]), geo)
	a.list("/geographies/" + geo["object_id"].(string) + "/media/recent")

	require.Len(t, rc.verified, 4)
	for _, q := range rc.verified {
		assert.NotEmpty(t, q.Get("hub.challenge"))
		q.Del("hub.challenge")
		assert.Equal(t, url.Values{"a": {"b"}, "hub.mode": {"subscribe"}, "hub.verify_token": {"mine"}}, q)
	}

	assert.Equal(t, want("1", "user", nil), a.subscribe(callback, "object", "user", "object_id", "7"), "it is there already")
	another := a.subscribe(callback, "object", "geography", "object_id", "1", "lat", "48.85", "lng", "2.29", "radius", "5000")
	assert.NotEqual(t, geo["object_id"], another["object_id"], "a geography is always new")
	assert.Equal(t, []string{"1", "2", "3", "4", "5"}, ids(a.subscriptions()))
}

func TestSubscribeRefuses(t *testing.T) {
	a := start(t)
	rc := receive(t, nil)
	answers := map[string]http.HandlerFunc{
		"wrong answer": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") },
		"long answer":  func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 1<<20)) },
		"wrong status": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(403)
			io.WriteString(w, r.FormValue("hub.challenge"))
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, rc.URL+"?"+r.URL.RawQuery, http.StatusFound)
		},
	}
	callbacks := map[string]string{}
	for name, f := range answers {
		srv := httptest.NewServer(f)
		defer srv.Close()
		callbacks[name] = srv.URL
	}
	for name, test := range map[string]struct {
		pairs   []string
		message string
	}{
		"no object":           {[]string{"object", "-"}, "object must be"},
		"another object":      {[]string{"object", "media"}, "object must be"},
		"no aspect":           {[]string{"aspect", "-"}, "aspect must be media"},
		"another aspect":      {[]string{"aspect", "likes"}, "aspect must be media"},
		"tag without a name":  {[]string{"object", "tag"}, "object_id must be a tag"},
		"no tag":              {[]string{"object", "tag", "object_id", "two words"}, "object_id must be a tag"},
		"no location":         {[]string{"object", "location"}, "object_id must be the id of a location"},
		"unknown location":    {[]string{"object", "location", "object_id", "1"}, "object_id must be the id of a location"},
		"no point":            {[]string{"object", "geography", "radius", "10"}, "lat must be"},
		"no radius":           {[]string{"object", "geography", "lat", "1", "lng", "1"}, "radius must be"},
		"radius of 0":         {[]string{"object", "geography", "lat", "1", "lng", "1", "radius", "0"}, "radius must be"},
		"great radius":        {[]string{"object", "geography", "lat", "1", "lng", "1", "radius", "5001"}, "radius must be a number of metres up to 5000"},
		"no callback":         {[]string{"callback_url", "-"}, "callback_url must be"},
		"relative callback":   {[]string{"callback_url", "/cb"}, "callback_url must be"},
		"callback by another": {[]string{"callback_url", "ftp://localhost/cb"}, "callback_url must be"},
		"remote callback":     {[]string{"callback_url", "http://app.example/cb"}, "WithRemoteCallbacks"},
		"nobody there":        {[]string{"callback_url", "http://127.0.0.1:1/cb"}, `Unable to reach callback URL "http://127.0.0.1:1/cb".`},
		"wrong answer":        {[]string{"callback_url", callbacks["wrong answer"]}, `received "hello"`},
		"long answer":         {[]string{"callback_url", callbacks["long answer"]}, `received "` + strings.Repeat("x", 128) + `"`},
		"wrong status":        {[]string{"callback_url", callbacks["wrong status"]}, "answered with status 403"},
		"redirect":            {[]string{"callback_url", callbacks["redirect"]}, "answered with status 302"},
	} {
		t.Run(name, func(t *testing.T) {
			pairs := append([]string{"aspect", "media", "object", "user", "callback_url", rc.URL}, test.pairs...)
			a.fails(a.app("POST", pairs...), 400, "APISubscriptionError", test.message)
		})
	}
	assert.Empty(t, a.subscriptions())
	assert.Empty(t, rc.verified)
}

func TestRemoteCallbacks(t *testing.T) {
	rc := receive(t, nil)
	// 0.0.0.0 is this machine as well, but not the loopback interface.
	elsewhere := strings.Replace(rc.URL, "127.0.0.1", "0.0.0.0", 1)
	a := start(t)
	a.fails(a.app("POST", "object", "user", "aspect", "media", "callback_url", elsewhere), 400, "APISubscriptionError", "WithRemoteCallbacks")
	a = start(t, instagramtest.WithRemoteCallbacks())
	a.subscribe(elsewhere, "object", "user")
	a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
	rc.wait(t, 1)
}

func TestVerificationTakesTwoSeconds(t *testing.T) {
	t.Parallel()
	a := start(t)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(5 * time.Second):
		case <-r.Context().Done():
		}
	}))
	defer slow.Close()
	began := time.Now()
	a.fails(a.app("POST", "object", "user", "aspect", "media", "callback_url", slow.URL), 400, "APISubscriptionError", "Unable to reach")
	assert.InDelta(t, 2, time.Since(began).Seconds(), 1)
}

func TestSubscriptionsNeedTheSecret(t *testing.T) {
	a := start(t, instagramtest.WithSignedRequests(), instagramtest.WithSignedForwardedFor())
	for _, method := range []string{"GET", "POST", "DELETE"} {
		a.fails(a.app(method, "client_secret", "-"), 400, "OAuthParameterException", "client_secret")
		a.fails(a.app(method, "client_id", "-"), 400, "OAuthParameterException", "client_id")
		a.fails(a.app(method, "client_secret", "x"), 400, "OAuthClientException", "client_secret")
		a.fails(a.app(method, "client_id", "x"), 400, "OAuthClientException", "client_id")
		a.fails(a.do(method, "/subscriptions", nil), 400, "OAuthParameterException", "client_secret")
	}
	a.subscribe(receive(t, nil).URL, "object", "user") // neither signature is asked for beside the secret
}

func TestUnsubscribe(t *testing.T) {
	for name, test := range map[string]struct {
		pairs []string
		left  []string
	}{
		"by id":           {[]string{"id", "2"}, []string{"1", "3", "4", "5"}},
		"by unknown id":   {[]string{"id", "9"}, []string{"1", "2", "3", "4", "5"}},
		"all":             {[]string{"object", "all"}, nil},
		"by kind":         {[]string{"object", "tag"}, []string{"1", "4", "5"}},
		"by object":       {[]string{"object", "tag", "object_id", "Two"}, []string{"1", "2", "4", "5"}},
		"by geography":    {[]string{"object", "geography", "object_id", "1"}, []string{"1", "2", "3", "5"}},
		"by id and kind":  {[]string{"id", "1", "object", "tag"}, []string{"1", "2", "3", "4", "5"}},
		"by another's id": {[]string{"object", "user", "object_id", "two"}, []string{"1", "2", "3", "4", "5"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t)
			cb := receive(t, nil).URL
			a.subscribe(cb, "object", "user")
			a.subscribe(cb, "object", "tag", "object_id", "one")
			a.subscribe(cb, "object", "tag", "object_id", "two")
			a.subscribe(cb, "object", "geography", "lat", "1", "lng", "1", "radius", "1")
			a.subscribe(cb, "object", "geography", "lat", "1", "lng", "1", "radius", "1")
			assert.Nil(t, a.object(a.app("DELETE", test.pairs...))["data"])
			assert.Equal(t, test.left, ids(a.subscriptions()))
			if !slices.Contains(test.left, "4") {
				a.fails(a.get("/geographies/1/media/recent"), 400, "APINotFoundError", "invalid geography id")
			}
		})
	}
	a := start(t)
	a.fails(a.app("DELETE"), 400, "APISubscriptionError", "id or object is required")
	a.fails(a.app("DELETE", "object", "everything"), 400, "APISubscriptionError", "object must be")
	assert.Nil(t, a.object(a.app("POST", "_method", "DELETE", "object", "all"))["data"])
}

func TestUpdates(t *testing.T) {
	a := start(t, instagramtest.WithTime(noon))
	me, stranger := a.srv.Users()[0], a.srv.Users()[1]
	rc := receive(t, nil)
	p := a.list("/locations/search?" + eiffel)[0].(object)
	place := p["id"].(string)
	a.subscribe(rc.URL, "object", "user")
	a.subscribe(rc.URL, "object", "tag", "object_id", "sunset")
	a.subscribe(rc.URL, "object", "location", "object_id", place)
	geo := a.subscribe(rc.URL, "object", "geography", "lat", "10", "lng", "20", "radius", "1000")["object_id"].(string)

	update := func(id float64, object string, objectID string) map[string]any {
		return map[string]any{"subscription_id": id, "object": object, "object_id": objectID, "changed_aspect": "media", "time": float64(noon.Unix())}
	}
	mine := a.srv.PostMedia(me.ID, instagramtest.Media{Caption: "#Sunset", LocationID: place})
	userUpdate := update(1, "user", me.ID)
	userUpdate["data"] = object{"media_id": mine.ID}
	assert.Equal(t, []object{userUpdate, update(2, "tag", "sunset"), update(3, "location", place)}, rc.wait(t, 3))

	require.False(t, stranger.Private)
	a.srv.PostMedia(stranger.ID, instagramtest.Media{Latitude: 10.001, Longitude: 20.001})
	a.srv.PostMedia(stranger.ID, instagramtest.Media{Latitude: 10.1, Longitude: 20.1, Caption: "no subject"})
	a.srv.PostMedia(stranger.ID, instagramtest.Media{Tags: []string{"sunset"}})
	assert.Equal(t, []object{update(4, "geography", geo), update(2, "tag", "sunset")}, rc.wait(t, 5)[3:])

	// Who has authorized the app is told of, private or not, until they take it back.
	i := slices.IndexFunc(a.srv.Users(), func(u instagramtest.User) bool { return u.Private })
	private := a.srv.Users()[i]
	a.srv.PostMedia(private.ID, instagramtest.Media{Caption: "#sunset"})
	token := a.srv.AccessToken(private.ID)
	a.srv.PostMedia(private.ID, instagramtest.Media{Caption: "#sunset"})
	a.srv.Revoke(token)
	a.srv.PostMedia(private.ID, instagramtest.Media{Caption: "#sunset"})
	a.srv.PostMedia(me.ID, instagramtest.Media{})
	got := rc.wait(t, 7)[5:]
	require.Len(t, got, 2)
	assert.Equal(t, private.ID, got[0]["object_id"])
	assert.Equal(t, me.ID, got[1]["object_id"])

	for _, p := range rc.posts {
		mac := hmac.New(sha1.New, []byte(a.srv.ClientSecret))
		mac.Write(p.body)
		assert.Equal(t, hex.EncodeToString(mac.Sum(nil)), p.signature)
		assert.Equal(t, "application/json", p.contentType)
	}
}

func TestUpdatesOfGenerations(t *testing.T) {
	for wire, want := range map[instagramtest.Wire]string{
		instagramtest.Wire2011: `[{"subscription_id":1,"object":"user","object_id":USER,"changed_aspect":"media","time":1529064000,"data":{"media_id":MEDIA}}]`,
		instagramtest.Wire2013: `[{"subscription_id":"1","object":"user","object_id":"USER","changed_aspect":"media","time":1529064000,"data":{"media_id":"MEDIA"}}]`,
		instagramtest.Wire2017: `[{"subscription_id":1,"object":"user","object_id":"USER","changed_aspect":"media","time":1529064000,"data":{"media_id":"MEDIA"}}]`,
	} {
		t.Run(fmt.Sprint(wire), func(t *testing.T) {
			a := start(t, instagramtest.WithTime(noon), instagramtest.WithWire(wire))
			rc := receive(t, nil)
			id := a.subscribe(rc.URL, "object", "user")["id"]
			assert.Equal(t, wire == instagramtest.Wire2011, id == 1.0)
			me := a.srv.Users()[0].ID
			posted := a.srv.PostMedia(me, instagramtest.Media{}).ID
			if wire == instagramtest.Wire2011 {
				posted, _, _ = strings.Cut(posted, "_")
			}
			rc.wait(t, 1)
			assert.Equal(t, strings.NewReplacer("USER", me, "MEDIA", posted).Replace(want), string(rc.posts[0].body))
		})
	}
}

func TestUpdatesAreSentAgainInOrder(t *testing.T) {
	a := start(t)
	rc := receive(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n%3 != 2] })
	other := receive(t, nil)
	a.subscribe(rc.URL, "object", "tag", "object_id", "all")
	a.subscribe(other.URL, "object", "tag", "object_id", "all")
	a.subscribe(rc.URL, "object", "user")
	var want []any
	for range 250 {
		want = append(want, a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{Caption: "#all"}).ID)
	}
	var got []any
	for i, u := range rc.wait(t, 500) {
		assert.Equal(t, []string{"tag", "user"}[i%2], u["object"])
		if u["object"] == "user" {
			got = append(got, u["data"].(object)["media_id"])
		}
	}
	assert.Equal(t, want, got)
	other.wait(t, 250)
	assert.Less(t, len(rc.posts), 100, "many in one")
	for _, p := range rc.posts {
		var batch []any
		require.NoError(t, json.Unmarshal(p.body, &batch))
		assert.LessOrEqual(t, len(batch), 100)
	}
}

func TestUpdatesAreGivenUp(t *testing.T) {
	t.Parallel() // it waits for all attempts
	a := start(t)
	rc := receive(t, func(n int) int { return map[bool]int{true: 500, false: 200}[n < 8] })
	a.subscribe(rc.URL, "object", "user")
	a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
	require.Eventually(t, func() bool { rc.mu.Lock(); defer rc.mu.Unlock(); return len(rc.posts) > 0 }, time.Second, time.Millisecond)
	last := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{}).ID
	got := rc.wait(t, 1)
	assert.Len(t, got, 1)
	assert.Equal(t, last, got[0]["data"].(object)["media_id"])
	assert.Len(t, rc.posts, 9)
}

func TestResetEndsSubscriptions(t *testing.T) {
	a := start(t)
	rc := receive(t, func(int) int { return 503 })
	a.subscribe(rc.URL, "object", "user")
	me := a.srv.Users()[0].ID
	a.srv.PostMedia(me, instagramtest.Media{})
	a.srv.Reset()
	assert.Empty(t, a.subscriptions())
	a.srv.PostMedia(me, instagramtest.Media{})
	rc.mu.Lock()
	rc.answer = nil
	rc.mu.Unlock()
	assert.Equal(t, "1", a.subscribe(rc.URL, "object", "user")["id"])
	posted := a.srv.PostMedia(me, instagramtest.Media{}).ID
	got := rc.wait(t, 1)
	assert.Equal(t, posted, got[0]["data"].(object)["media_id"])
	assert.Never(t, func() bool { return len(rc.updates()) > 1 }, 500*time.Millisecond, 50*time.Millisecond)
}

func TestCloseWhileUpdatesAreSent(t *testing.T) {
	a := start(t)
	arrived := make(chan struct{}, 1)
	release := make(chan struct{})
	cb := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			io.WriteString(w, r.FormValue("hub.challenge"))
			return
		}
		io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-release
	}))
	defer cb.Close()
	defer close(release)
	a.subscribe(cb.URL, "object", "user")
	for range 10 {
		a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
	}
	<-arrived
	began := time.Now()
	a.srv.Close()
	assert.Less(t, time.Since(began), time.Second)
	a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{}) // goes nowhere, and does no harm
}

// A callback may call the server back, as apps do that fetch what has changed.
func TestCallbackCallsBack(t *testing.T) {
	a := start(t)
	found := make(chan int, 1)
	cb := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := a.as(a.srv.Users()[0].ID).get("/users/self/media/recent?count=1")
		if r.Method == "GET" {
			io.WriteString(w, r.FormValue("hub.challenge"))
		} else {
			found <- got.status
		}
	}))
	defer cb.Close()
	a.subscribe(cb.URL, "object", "user")
	a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
	assert.Equal(t, 200, <-found)
}

// TestGeographiesContainMedia posts inside and outside of an area, at a place and at a point: the
// list and the updates agree.
func TestGeographiesContainMedia(t *testing.T) {
	a := start(t, instagramtest.WithMedia(0, 0))
	rc := receive(t, func(int) int { return 200 })
	area := a.subscribe(rc.URL, "object", "geography", "lat", "48.85837", "lng", "2.294481", "radius", "300")
	id := fmt.Sprint(area["object_id"])
	me := a.srv.Users()[0].ID
	inside := []string{
		a.srv.PostMedia(me, instagramtest.Media{LocationID: "833"}).ID,
		a.srv.PostMedia(me, instagramtest.Media{Latitude: 48.8600, Longitude: 2.2945}).ID,
	}
	a.srv.PostMedia(me, instagramtest.Media{Latitude: 48.8630, Longitude: 2.2945}) // 500 metres to the north
	a.srv.PostMedia(me, instagramtest.Media{Latitude: 48.8584, Longitude: 2.3000}) // 400 metres to the east
	a.srv.PostMedia(me, instagramtest.Media{})
	slices.Reverse(inside)
	assert.Equal(t, inside, ids(a.list("/geographies/"+id+"/media/recent")))
	assert.Equal(t, inside[1:], ids(a.list("/geographies/"+id+"/media/recent?max_id="+inside[0])))
	assert.Equal(t, inside[:1], ids(a.list("/geographies/"+id+"/media/recent?min_id="+inside[1])))
	assert.Len(t, rc.wait(t, 2), 2)
	a.subscribe(rc.URL, "object", "user")
	a.srv.PostMedia(me, instagramtest.Media{}) // what comes last shows that nothing else came before
	assert.Len(t, rc.wait(t, 3), 3)
}

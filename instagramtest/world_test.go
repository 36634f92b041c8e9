package instagramtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestDefaultWorld(t *testing.T) {
	a := start(t, instagramtest.WithLimits(100_000, 0))
	users := a.srv.Users()
	private, total := 0, 0
	kinds := map[string]int{}
	scripts := map[string]int{}
	tables := map[string]*unicode.RangeTable{
		"latin": unicode.Latin, "cyrillic": unicode.Cyrillic, "arabic": unicode.Arabic, "hiragana": unicode.Hiragana,
		"han": unicode.Han, "hangul": unicode.Hangul, "greek": unicode.Greek, "hebrew": unicode.Hebrew,
		"devanagari": unicode.Devanagari, "thai": unicode.Thai, "symbols": unicode.So,
	}
	first, last := a.srv.Now(), time.Time{}
	var places, tagged, comments, liked int
	for _, u := range users {
		if u.Private {
			private++
		}
		for _, e := range flat(a.as(u.ID).pages("/users/self/media/recent?count=33")) {
			m := e.(object)
			total++
			kinds[m["type"].(string)]++
			created := time.Unix(seconds(m), 0)
			if created.Before(first) {
				first = created
			}
			if created.After(last) {
				last = created
			}
			if c, ok := m["caption"].(object); ok {
				for name, table := range tables {
					if strings.ContainsFunc(c["text"].(string), func(r rune) bool { return unicode.Is(table, r) }) {
						scripts[name]++
					}
				}
			}
			if m["location"] != nil {
				places++
			}
			tagged += len(m["users_in_photo"].([]any))
			comments += int(m["comments"].(object)["count"].(float64))
			liked += int(likes(m))
		}
	}
	assert.GreaterOrEqual(t, len(users), 60)
	assert.Greater(t, private, 10)
	assert.GreaterOrEqual(t, total, 3000)
	assert.Len(t, scripts, len(tables), "captions in every script")
	for _, kind := range []string{"image", "video", "carousel"} {
		assert.Greater(t, kinds[kind], 300, kind)
	}
	assert.Equal(t, 2010, first.Year())
	assert.WithinDuration(t, a.srv.Now(), last, 48*time.Hour)
	assert.False(t, last.After(a.srv.Now()), "nothing is from the future")
	assert.Greater(t, places, 1000)
	assert.Greater(t, tagged, 300)
	assert.Greater(t, comments, 5000)
	assert.Greater(t, liked, 10_000)

	names := map[string]bool{}
	for _, u := range users {
		names[u.Username] = true
	}
	assert.Len(t, names, len(users))
}

func TestMainUserHasABitOfEverything(t *testing.T) {
	a := start(t)
	seen := map[string]int{}
	for _, u := range a.srv.Users()[1:] {
		r := a.one("/users/" + u.ID + "/relationship")
		key := r["outgoing_status"].(string)
		if u.Private {
			key = "private " + key
		}
		seen[key]++
		seen[r["incoming_status"].(string)]++
	}
	for _, key := range []string{"follows", "none", "private follows", "private requested", "private none", "followed_by", "requested_by", "blocked_by_you"} {
		assert.Positive(t, seen[key], key)
	}
}

// TestWorldIsTheSame compares servers that differ in when they start: ids and texts are the same.
func TestWorldIsTheSame(t *testing.T) {
	shape := func(opts ...instagramtest.Option) (list []any) {
		a := start(t, opts...)
		for _, m := range flat(a.pages("/users/self/media/recent?count=33")) {
			m := m.(object)
			text := ""
			if c, ok := m["caption"].(object); ok {
				text = c["text"].(string)
			}
			list = append(list, m["id"], text, m["likes"], m["comments"], m["filter"])
		}
		return append(list, a.token, a.srv.ClientID, a.srv.ClientSecret, ids(a.list("/users/self/follows")))
	}
	want := shape()
	assert.Equal(t, want, shape())
	assert.Equal(t, want, shape(instagramtest.WithTime(time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC))))
	assert.Equal(t, want, shape(instagramtest.WithSeed(1)))
	other := shape(instagramtest.WithSeed(2))
	assert.NotEqual(t, want[len(want)-4:], other[len(other)-4:], "another seed, other tokens")
	assert.NotEqual(t, want[:100], other[:100])
	for _, start := range []time.Time{time.Unix(0, 0), time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)} {
		assert.Len(t, shape(instagramtest.WithTime(start)), len(want), "a world of %d", start.Year())
	}
}

func TestReset(t *testing.T) {
	a := start(t)
	other := a.srv.AccessToken(a.srv.Users()[1].ID)
	before := a.get("/users/self/media/recent?count=33")
	a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
	a.srv.Advance(48 * time.Hour)
	a.srv.Revoke(other)
	require.NotEqual(t, string(before.body), string(a.get("/users/self/media/recent?count=33").body))

	a.srv.Reset()
	assert.WithinDuration(t, time.Now(), a.srv.Now(), time.Minute)
	assert.Empty(t, a.srv.Requests())
	got := a.get("/users/self/media/recent?count=33")
	assert.Equal(t, string(before.body), string(got.body))
	assert.Equal(t, "4999", got.header.Get("X-Ratelimit-Remaining"))
	a.token = other
	assert.NotNil(t, a.one("/users/self"), "tokens stay valid")
}

func TestSizes(t *testing.T) {
	a := start(t, instagramtest.WithUsers(800), instagramtest.WithMedia(10_000, 5))
	assert.Len(t, a.srv.Users(), 800)
	pages := a.pages("/users/self/media/recent?count=33")
	all := ids(flat(pages))
	assert.Len(t, all, 10_000)
	unique := map[string]bool{}
	for _, id := range all {
		unique[id] = true
	}
	assert.Len(t, unique, 10_000)

	a = start(t, instagramtest.WithUsers(2), instagramtest.WithMedia(0, 0), instagramtest.WithWire(instagramtest.Wire2013))
	assert.Len(t, a.srv.Users(), 2)
	assert.Empty(t, a.list("/users/self/media/recent"))
	assert.Empty(t, a.list("/media/popular"))
}

func TestRequests(t *testing.T) {
	a := start(t)
	a.get("/tags/caf%C3%A9?count=3&sig=abc")
	a.do("POST", "/media/1/comments", form("text", "hello", "client_secret", "s", "code", "c"))
	a.fetch("GET", a.srv.URL+"/nothing?x=1")
	log := a.srv.Requests()
	require.Len(t, log, 3)
	assert.Equal(t, instagramtest.Request{
		Method: "GET", Path: "/v1/tags/caf%C3%A9", Status: 200,
		Params: form("access_token", instagramtest.Masked, "count", "3", "sig", instagramtest.Masked),
	}, log[0])
	assert.Equal(t, instagramtest.Request{
		Method: "POST", Path: "/v1/media/1/comments", Status: 400,
		Params: form("access_token", instagramtest.Masked, "text", "hello", "client_secret", instagramtest.Masked, "code", instagramtest.Masked),
	}, log[1])
	assert.Equal(t, instagramtest.Request{Method: "GET", Path: "/nothing", Status: 404, Params: form("x", "1")}, log[2])
}

// TestSomethingIsNewEverywhere searches media round each place with nothing but its coordinates.
func TestSomethingIsNewEverywhere(t *testing.T) {
	a := start(t)
	seen := map[any]bool{}
	for _, u := range a.srv.Users()[:40] {
		if u.Private {
			continue
		}
		for _, m := range a.list("/users/" + u.ID + "/media/recent?count=33") {
			p, ok := m.(object)["location"].(object)
			if !ok || seen[p["id"]] {
				continue
			}
			seen[p["id"]] = true
			path := fmt.Sprintf("/media/search?lat=%v&lng=%v", p["latitude"], p["longitude"])
			assert.NotEmpty(t, a.list(path), p["name"])
		}
	}
	assert.Greater(t, len(seen), 40)
}

// TestLogOfLongRequests sends more than the log may hold, and looks at what is kept of it.
func TestLogOfLongRequests(t *testing.T) {
	a := start(t)
	long := strings.Repeat("x", 500_000)
	for i := range 60 {
		a.do("POST", "/users/self", form("n", itoa(i), "long", long))
	}
	log := a.srv.Requests()
	kept := 0
	for _, r := range log {
		kept += len(r.Params.Get("long"))
	}
	assert.LessOrEqual(t, kept, 16<<20)
	assert.Greater(t, len(log), 20)
	assert.Equal(t, "59", log[len(log)-1].Params.Get("n"), "the latest are kept")
	a.srv.Reset()
	assert.Empty(t, a.srv.Requests())
}

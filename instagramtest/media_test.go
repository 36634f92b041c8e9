package instagramtest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestGetMedia(t *testing.T) {
	a := start(t)
	for _, m := range a.list("/users/self/media/recent?count=5") {
		id := m.(object)["id"].(string)
		number, owner, ok := strings.Cut(id, "_")
		require.True(t, ok)
		assert.Equal(t, a.srv.Users()[0].ID, owner)
		assert.Equal(t, m, a.data("/media/"+id))
		assert.Equal(t, m, a.data("/media/"+number), "the plain number is an id too")
		assert.Equal(t, m, a.data("/media/shortcode/"+code(m.(object))))
		for _, owner := range []string{"_1", "_", "_x", "_1_2"} {
			a.fails(a.get("/media/"+number+owner), 400, "APINotFoundError", "invalid media id")
		}
		a.fails(a.get("/media/0"+number), 400, "APINotFoundError", "invalid media id")
		a.fails(a.get("/media/shortcode/A"+code(m.(object))), 400, "APINotFoundError", "invalid shortcode")
	}
	for _, id := range []string{"1", "1_2", "x", "0", "-5", "_", "99999999999999999999999", "..%2Fusers%2Fself"} {
		for _, path := range []string{"", "/comments", "/likes"} {
			a.fails(a.get("/media/"+id+path), 400, "APINotFoundError", "invalid media id")
		}
	}
	for _, code := range []string{"AAAA", "B", "zzzzzzzzzzz", "zzzzzzzzzzzz", "%21", "A"} {
		a.fails(a.get("/media/shortcode/"+code), 400, "APINotFoundError", "invalid shortcode")
	}
}

// TestShortcode holds the server to a number and its code as the service had them.
func TestShortcode(t *testing.T) {
	a := start(t)
	for _, m := range a.list("/users/self/media/recent?count=33") {
		number, _, _ := strings.Cut(m.(object)["id"].(string), "_")
		n, err := strconv.ParseUint(number, 10, 64)
		require.NoError(t, err)
		want := ""
		for ; n > 0; n /= 64 {
			want = string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[n%64]) + want
		}
		assert.Equal(t, want, code(m.(object)))
	}
}

const eiffel = "lat=48.858844&lng=2.294351"

func TestSearchMedia(t *testing.T) {
	a := start(t)
	now := a.srv.Now().Unix()
	found := a.list("/media/search?" + eiffel)
	require.Len(t, found, 20)
	last := now
	for _, m := range found {
		created := seconds(m)
		assert.Greater(t, created, now-5*24*3600)
		assert.LessOrEqual(t, created, last, "newest first")
		last = created
		assert.Less(t, m.(object)["distance"].(float64), 1000.0)
	}
	far := len(a.list("/media/search?count=100&distance=5000&" + eiffel))
	assert.GreaterOrEqual(t, far, len(a.list("/media/search?count=100&"+eiffel)))
	near := a.list("/media/search?count=100&distance=300&" + eiffel)
	assert.Less(t, len(near), far)
	for _, m := range near {
		assert.LessOrEqual(t, m.(object)["distance"].(float64), 300.0)
	}
	assert.Empty(t, a.list("/media/search?lat=0&lng=-140"))

	pair := func(min, max time.Duration) string {
		return fmt.Sprintf("&min_timestamp=%d&max_timestamp=%d", now+int64(min/time.Second), now+int64(max/time.Second))
	}
	const day = 24 * time.Hour
	for _, m := range a.list("/media/search?" + eiffel + pair(-3*day, -2*day)) {
		assert.Greater(t, seconds(m), now-3*24*3600)
		assert.Less(t, seconds(m), now-2*24*3600)
	}
	assert.NotNil(t, a.list("/media/search?"+eiffel+pair(-7*day, 0)))
	for name, query := range map[string]string{
		"lng":           "lat=1",
		"lat":           "lng=1",
		"lat ":          "",
		" lat":          "lat=90.1&lng=0",
		"lng ":          "lat=0&lng=-180.5",
		"lat  ":         "lat=NaN&lng=0",
		" lng":          "lat=0&lng=Inf",
		"distance":      eiffel + "&distance=5001",
		"distance ":     eiffel + "&distance=0",
		" distance":     eiffel + "&distance=near",
		"7 days":        eiffel + pair(-8*day, 0),
		"min_timestamp": eiffel + pair(0, -day),
		"max_timestamp": eiffel + "&max_timestamp=now",
	} {
		t.Run(query, func(t *testing.T) {
			a.fails(a.get("/media/search?"+query), 400, "APIInvalidParametersError", strings.TrimSpace(name))
		})
	}
}

func seconds(m any) int64 {
	n, _ := strconv.ParseInt(m.(object)["created_time"].(string), 10, 64)
	return n
}

func TestSearchMediaSeesWhatIsPosted(t *testing.T) {
	a := start(t)
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{Latitude: -10.5, Longitude: 100.25})
	found := a.list("/media/search?lat=-10.5&lng=100.25")
	assert.Equal(t, []string{m.ID}, ids(found))
	assert.Zero(t, found[0].(object)["distance"])
	a.srv.Advance(5*24*time.Hour + time.Minute)
	assert.Empty(t, a.list("/media/search?lat=-10.5&lng=100.25"), "the last five days have gone by")
}

func TestPopularMedia(t *testing.T) {
	a := start(t, instagramtest.WithWire(instagramtest.Wire2013))
	popular := a.list("/media/popular")
	require.Len(t, popular, 20)
	assert.True(t, slices.IsSortedFunc(popular, func(x, y any) int { return int(likes(y) - likes(x)) }))
}

func likes(m any) float64 { return m.(object)["likes"].(object)["count"].(float64) }

func TestPostMedia(t *testing.T) {
	a := start(t)
	u := a.srv.Users()[1]
	place := a.list("/locations/search?" + eiffel)[0].(object)
	m := a.srv.PostMedia(u.Username, instagramtest.Media{
		Type: "carousel", Caption: "So #Schön, #schön #über", Tags: []string{"Extra"}, Filter: "Hefe",
		LocationID: place["id"].(string), UsersInPhoto: []string{a.srv.Users()[0].Username},
	})
	got := a.one("/media/" + m.ID)
	assert.Equal(t, m.Shortcode, code(got))
	assert.Equal(t, "carousel", got["type"])
	assert.Len(t, got["carousel_media"], 2)
	assert.Equal(t, []any{"schön", "über", "extra"}, got["tags"])
	assert.Equal(t, "So #Schön, #schön #über", got["caption"].(object)["text"])
	assert.Equal(t, place["name"], got["location"].(object)["name"])
	assert.Len(t, got["users_in_photo"], 1)
	for _, path := range []string{
		"/users/" + u.ID + "/media/recent", "/tags/extra/media/recent", "/tags/" + url.PathEscape("über") + "/media/recent",
		"/locations/" + m.LocationID + "/media/recent", "/media/search?" + eiffel,
	} {
		assert.Equal(t, m.ID, ids(a.list(path))[0], path)
	}

	old := a.srv.PostMedia(u.ID, instagramtest.Media{CreatedTime: time.Date(2016, 3, 4, 5, 6, 7, 8, time.UTC)})
	all := flat(a.pages("/users/" + u.ID + "/media/recent?count=33"))
	i := slices.Index(ids(all), old.ID)
	require.Positive(t, i)
	assert.GreaterOrEqual(t, seconds(all[i-1]), seconds(all[i]), "filed by its time")
	assert.LessOrEqual(t, seconds(all[i+1]), seconds(all[i]))

	assert.Panics(t, func() { a.srv.PostMedia("nobody", instagramtest.Media{}) })
	assert.Panics(t, func() { a.srv.PostMedia(u.ID, instagramtest.Media{Type: "poem"}) })
	assert.Panics(t, func() { a.srv.PostMedia(u.ID, instagramtest.Media{LocationID: "1"}) })
	assert.Panics(t, func() { a.srv.PostMedia(u.ID, instagramtest.Media{UsersInPhoto: []string{"nobody"}}) })
}

// TestPrivateMediaAreNotFound looks for a private user's media wherever media of many users are
// listed. Their owner finds them, a follower does not, and who may no longer see them loses them
// from the list of likes.
func TestPrivateMediaAreNotFound(t *testing.T) {
	a := start(t)
	_, u := strangers(a)
	owner, me := a.as(u.ID), a.srv.Users()[0].ID
	a.act(u.ID, "follow")
	owner.act(me, "approve")
	m := a.srv.PostMedia(u.ID, instagramtest.Media{Caption: "#hidden", LocationID: "833"})
	a.post("/media/" + m.ID + "/likes")
	for _, path := range []string{"/tags/hidden/media/recent", "/locations/833/media/recent", "/media/search?" + eiffel} {
		assert.Contains(t, ids(owner.list(path)), m.ID, path)
		assert.NotContains(t, ids(a.list(path)), m.ID, path)
	}
	assert.Contains(t, ids(a.list("/users/self/feed")), m.ID)
	assert.Contains(t, ids(a.list("/users/self/media/liked")), m.ID)
	owner.act(me, "block")
	assert.NotContains(t, ids(a.list("/users/self/feed")), m.ID)
	assert.NotContains(t, ids(a.list("/users/self/media/liked")), m.ID)
}

// TestPostedInOneSecond posts as several users within a second: the order is that of posting,
// whoever posted.
func TestPostedInOneSecond(t *testing.T) {
	for name, at := range map[string]time.Time{"now": {}, "long ago": time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)} {
		t.Run(name, func(t *testing.T) {
			a := start(t, instagramtest.WithTime(time.Unix(1500000000, 0)))
			users := a.srv.Users()
			var posted []string
			for i := range 30 {
				m := a.srv.PostMedia(users[i%7].ID, instagramtest.Media{Caption: "#onesecond", CreatedTime: at})
				posted = append(posted, m.ID)
			}
			slices.Reverse(posted)
			var public []string
			for _, id := range posted {
				if !strings.HasSuffix(id, "_"+users[5].ID) {
					public = append(public, id)
				}
			}
			assert.True(t, users[5].Private)
			assert.Equal(t, public, ids(flat(a.pages("/tags/onesecond/media/recent?count=4"))))
		})
	}
}

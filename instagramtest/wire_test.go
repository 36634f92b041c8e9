package instagramtest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds every endpoint to its bytes in each generation of the wire. The files are
// testdata/wire/GENERATION, with the server's address replaced; go test -update writes them anew.
func TestGolden(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		t.Run(fmt.Sprint(wire), func(t *testing.T) {
			g := newGolden(t, wire)
			for name, path := range g.reads() {
				g.check(name, g.get(path))
			}
			g.check("media-client", g.anonymous().get("/media/"+g.posted[0].ID+"?client_id="+g.srv.ClientID))
			g.check("error-no-credentials", g.anonymous().get("/users/self"))
			g.writes()
		})
	}
}

type golden struct {
	api
	wire   instagramtest.Wire
	me     string
	posted []instagramtest.Media // an image, a video, a carousel and one with nothing to it, oldest first
}

// newGolden starts a small world that is the same to the second every time.
func newGolden(t *testing.T, wire instagramtest.Wire) *golden {
	start := start(t, instagramtest.WithWire(wire), instagramtest.WithTime(time.Unix(1500000000, 0)),
		instagramtest.WithUsers(4), instagramtest.WithMedia(0, 0))
	users := start.srv.Users()
	g := &golden{api: start, wire: wire, me: users[0].ID}
	for i, m := range []instagramtest.Media{
		{Caption: "Grüße 🌅 aus \"Paris\"\n<a & b>\u2028 #Über #夕焼け", Filter: "Earlybird", LocationID: "833", UsersInPhoto: []string{users[1].ID, users[2].ID}},
		{Type: "video", Latitude: 48.8584, Longitude: 2.2945},
		{Type: "carousel", Caption: "three in one #Über", LocationID: "52740"},
		{},
	} {
		m.CreatedTime = time.Unix(1499990000+int64(i)*60, 0)
		g.posted = append(g.posted, g.srv.PostMedia(g.me, m))
	}
	first := "/media/" + g.posted[0].ID
	for i, u := range users[1:3] {
		g.as(u.ID).post(first + "/likes")
		g.as(u.ID).post(first+"/comments", "text", []string{"So schön ☀️", "where?"}[i])
	}
	g.post(first + "/likes")
	g.post("/media/" + g.posted[1].ID + "/likes")
	return g
}

func (g *golden) reads() map[string]string {
	m := g.posted[0]
	other := g.srv.Users()[1].ID
	return map[string]string{
		"users":              "/users/self",
		"users-feed":         "/users/self/feed?count=1",
		"users-media-recent": "/users/self/media/recent",
		"users-media-page":   "/users/self/media/recent?count=1&max_id=" + g.posted[2].ID,
		"users-media-liked":  "/users/self/media/liked?count=1",
		"users-search":       "/users/search?q=mira",
		"follows":            "/users/self/follows",
		"followed-by":        "/users/self/followed-by?count=1",
		"requested-by":       "/users/self/requested-by",
		"relationship":       "/users/" + other + "/relationship",
		"media":              "/media/" + m.ID,
		"media-shortcode":    "/media/shortcode/" + m.Shortcode,
		"media-search":       "/media/search?" + eiffel,
		"media-popular":      "/media/popular?count=1",
		"comments":           "/media/" + m.ID + "/comments",
		"likes":              "/media/" + m.ID + "/likes",
		"tags":               "/tags/" + url.PathEscape("über"),
		"tags-media-recent":  "/tags/" + url.PathEscape("über") + "/media/recent?count=1",
		"tags-search":        "/tags/search?q=" + url.QueryEscape("ü"),
		"locations":          "/locations/833",
		"locations-even":     "/locations/52740",
		"locations-media":    "/locations/833/media/recent",
		"locations-search":   "/locations/search?" + eiffel,
		"geographies":        "/geographies/1/media/recent",
		"error-parameter":    "/users/" + other + "/media/recent?count=x",
		"jsonp":              "/tags/none?callback=f",
	}
}

// writes are checked in order, the state of one before the next.
func (g *golden) writes() {
	m := "/media/" + g.posted[3].ID
	other := g.srv.Users()[1].ID
	g.check("likes-post", g.do("POST", m+"/likes", nil))
	g.check("likes-delete", g.do("DELETE", m+"/likes", nil))
	g.check("comments-post", g.do("POST", m+"/comments", form("text", "Grüße ✨")))
	var list struct {
		Data []struct{ ID json.RawMessage }
	}
	require.NoError(g, json.Unmarshal(g.get(m+"/comments").body, &list))
	require.Len(g, list.Data, 1)
	g.check("comments-delete", g.do("DELETE", m+"/comments/"+strings.Trim(string(list.Data[0].ID), `"`), nil))
	g.check("relationship-post", g.do("POST", "/users/"+other+"/relationship", form("action", "unfollow")))
}

func (g *golden) check(name string, got answer) {
	g.Helper()
	require.Equal(g, "application/json; charset=utf-8", strings.Replace(got.header.Get("Content-Type"), "text/javascript", "application/json", 1))
	body := strings.ReplaceAll(string(got.body), g.srv.URL, "http://server")
	body = strings.ReplaceAll(body, strings.ReplaceAll(g.srv.URL, "/", `\/`), `http:\/\/server`)
	body = strings.ReplaceAll(body, url.QueryEscape(g.srv.URL), url.QueryEscape("http://server"))
	file := filepath.Join("testdata", "wire", fmt.Sprint(g.wire), name+".json")
	if *update {
		require.NoError(g, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(g, os.WriteFile(file, []byte(body+"\n"), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(g, err)
	assert.Equal(g, string(bytes.TrimSuffix(want, []byte("\n"))), body, name)
}

// TestEveryFormOfMediaID asks each generation for media by the ids of the others.
func TestEveryFormOfMediaID(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		g := newGolden(t, wire)
		id := g.posted[0].ID
		number, _, _ := strings.Cut(id, "_")
		assert.Equal(t, g.data("/media/"+id), g.data("/media/"+number))
		code := g.posted[0].Shortcode
		assert.Equal(t, g.data("/media/"+id), g.data("/media/shortcode/"+code))
		g.fails(g.get("/media/shortcode/A"+code), 400, "APINotFoundError", "invalid shortcode")
	}
}

// TestManyInOneSecondIn2011 posts more than the counting numbers of a second have room for.
func TestManyInOneSecondIn2011(t *testing.T) {
	a := start(t, instagramtest.WithWire(instagramtest.Wire2011), instagramtest.WithUsers(2), instagramtest.WithMedia(0, 0))
	at := time.Unix(1300000000, 0)
	me := a.srv.Users()[0].ID
	seen := map[string]bool{a.srv.PostMedia(me, instagramtest.Media{CreatedTime: at.Add(time.Second)}).ID: true}
	for range 30 {
		seen[a.srv.PostMedia(me, instagramtest.Media{CreatedTime: at}).ID] = true
	}
	assert.Len(t, seen, 31)
	assert.Len(t, a.list("/users/self/media/recent?count=33"), 31)
}

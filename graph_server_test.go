package instagram_test

// These tests run the Graph's pager against a real server over HTTP.

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// startGraph returns a server whose first user has as many media as said, and a maker of clients
// for that user.
func startGraph(t *testing.T, media int, opts ...instagramtest.Option) (*instagramtest.Server, func(...instagram.Option) *instagram.Client) {
	t.Helper()
	server := startServer(t, append([]instagramtest.Option{instagramtest.WithMedia(media, 0)}, opts...)...)
	return server, func(opts ...instagram.Option) *instagram.Client {
		opts = append([]instagram.Option{instagram.WithGraphURL(server.URL)}, opts...)
		return signedIn(t, server, server.Users()[0], opts...)
	}
}

// number is the id of the Graph for a media of v1.
func number(mediaID string) string {
	id, _, _ := strings.Cut(mediaID, "_")
	return id
}

func graphIDs(media []*instagram.GraphMedia) []string {
	ids := make([]string, len(media))
	for i, m := range media {
		ids[i] = m.ID
	}
	return ids
}

func TestGraphServerVersions(t *testing.T) {
	server, client := startGraph(t, 60)
	want := []string{}
	for _, media := range collect(t, client().Users.RecentMedia(instagram.Self, nil)) {
		want = append(want, number(media.ID))
	}
	require.Len(t, want, 60)
	for _, userID := range []string{instagram.Self, "me", server.Users()[0].ID} {
		assert.Equal(t, want, graphIDs(collect(t, client().Graph.UserMedia(userID, nil))), userID)
		versioned := client(instagram.WithGraphVersion("v26.0"))
		assert.Equal(t, want, graphIDs(collect(t, versioned.Graph.UserMedia(userID, nil))), userID)
	}
	for _, request := range server.Requests() {
		if strings.HasSuffix(request.Path, "/media") {
			assert.NotContains(t, request.Params, "sig")
			assert.NotContains(t, request.Params, "client_id")
		}
	}
}

// Each field comes when it is asked for, and with the id alone.
func TestGraphServerFields(t *testing.T) {
	server, client := startGraph(t, 0)
	me := server.Users()[0]
	server.PostMedia(me.ID, instagramtest.Media{Caption: "A walk", Type: "carousel"})
	server.PostMedia(me.ID, instagramtest.Media{Caption: "A film", Type: "video"})
	all := collect(t, client().Graph.UserMedia("me", nil))
	require.Len(t, all, 2)
	film, walk := all[0], all[1]
	require.Len(t, walk.Children.Data, 2)
	for _, m := range []*instagram.GraphMedia{film, &walk.Children.Data[1]} {
		assert.Equal(t, instagram.GraphMediaVideo, m.MediaType)
		assert.NotEmpty(t, m.ThumbnailURL)
		assert.Equal(t, noon, m.Timestamp)
		assert.Equal(t, me.Username, m.Username)
	}
	ids := instagram.GraphChildren{}
	for _, child := range walk.Children.Data {
		ids.Data = append(ids.Data, instagram.GraphMedia{ID: child.ID})
	}
	for field, want := range map[instagram.GraphField][2]instagram.GraphMedia{
		instagram.GraphFieldID:             {{}, {}},
		instagram.GraphFieldCaption:        {{Caption: "A film"}, {Caption: "A walk"}},
		instagram.GraphFieldMediaType:      {{MediaType: instagram.GraphMediaVideo}, {MediaType: instagram.GraphMediaCarouselAlbum}},
		instagram.GraphFieldMediaURL:       {{MediaURL: film.MediaURL}, {MediaURL: walk.MediaURL}},
		instagram.GraphFieldPermalink:      {{Permalink: film.Permalink}, {Permalink: walk.Permalink}},
		instagram.GraphFieldThumbnailURL:   {{ThumbnailURL: film.ThumbnailURL}, {}},
		instagram.GraphFieldTimestamp:      {{Timestamp: noon}, {Timestamp: noon}},
		instagram.GraphFieldUsername:       {{Username: me.Username}, {Username: me.Username}},
		instagram.GraphFieldIsSharedToFeed: {{IsSharedToFeed: true}, {}},
		instagram.GraphFieldChildren:       {{}, {Children: walk.Children}},
		instagram.GraphFieldChildrenIDs:    {{}, {Children: ids}},
	} {
		got := collect(t, client().Graph.UserMedia("me", &instagram.GraphMediaOptions{Fields: []instagram.GraphField{field}}))
		want[0].ID, want[1].ID = film.ID, walk.ID
		assert.Equal(t, []*instagram.GraphMedia{&want[0], &want[1]}, got, field)
	}
}

// Both ends of a time span are in it, to the second.
func TestGraphServerTimes(t *testing.T) {
	server, client := startGraph(t, 0)
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds)*time.Second - 48*time.Hour) }
	for s := range 5 {
		server.PostMedia(server.Users()[0].ID, instagramtest.Media{CreatedTime: at(s), Caption: fmt.Sprint(s)})
	}
	tests := map[string]struct {
		opts instagram.GraphMediaOptions
		want string
	}{
		"open":           {instagram.GraphMediaOptions{}, "43210"},
		"since":          {instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(at(3))}, "43"},
		"until":          {instagram.GraphMediaOptions{Until: instagram.GraphTimeOf(at(1))}, "10"},
		"both":           {instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(at(1)), Until: instagram.GraphTimeOf(at(3))}, "321"},
		"one second":     {instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(at(2)), Until: instagram.GraphTimeOf(at(2))}, "2"},
		"page by page":   {instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(at(1)), Until: instagram.GraphTimeOf(at(3)), Limit: 1}, "321"},
		"none":           {instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(at(5))}, ""},
		"a date":         {instagram.GraphMediaOptions{Since: "2017-05-30", Until: "2017-05-30 12:00:02"}, "210"},
		"in words":       {instagram.GraphMediaOptions{Since: "3 days ago", Until: "-2 days"}, "0"},
		"time and words": {instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(at(4)), Until: "yesterday"}, "4"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, m := range collect(t, client().Graph.UserMedia("me", &tt.opts)) {
				got += m.Caption
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// A walk to the end and back sees every media once each way, although each page is asked for by a
// client of its own.
func TestGraphServerBothWays(t *testing.T) {
	_, client := startGraph(t, 47)
	opts := &instagram.GraphMediaOptions{Limit: 10}
	step := func(at instagram.Cursor) *instagram.Page[instagram.GraphMedia] {
		page, err := client().Graph.UserMedia("me", opts).From(at).Next(t.Context())
		require.NoError(t, err)
		return page
	}
	pages := []*instagram.Page[instagram.GraphMedia]{step("")}
	for at := pages[0].Cursor(); at != instagram.CursorEnd; at = pages[len(pages)-1].Cursor() {
		pages = append(pages, step(at))
	}
	require.Len(t, pages, 5)
	var forward []string
	for _, page := range pages {
		forward = append(forward, graphIDs(page.Items)...)
	}
	assert.Len(t, forward, 47)
	assert.Equal(t, graphIDs(collect(t, client().Graph.UserMedia("me", nil))), forward)

	at, ok := pages[4].Reverse()
	require.True(t, ok)
	for i := 3; i >= 0; i-- {
		page := step(at)
		assert.Equal(t, graphIDs(pages[i].Items), graphIDs(page.Items))
		turn, ok := page.Reverse()
		require.True(t, ok)
		assert.Equal(t, graphIDs(pages[i+1].Items), graphIDs(step(turn).Items), "and forward again")
		at = page.Cursor()
	}
	assert.Equal(t, instagram.CursorEnd, at, "before the first page there is nothing")
	_, ok = pages[0].Reverse()
	assert.False(t, ok)
}

// The media at the end of a page may be gone when the walk goes on, either way.
func TestGraphServerDeleted(t *testing.T) {
	server, client := startGraph(t, 30)
	v1 := map[string]string{}
	for _, media := range collect(t, client().Users.RecentMedia(instagram.Self, nil)) {
		v1[number(media.ID)] = media.ID
	}
	all := graphIDs(collect(t, client().Graph.UserMedia("me", nil)))
	pager := client().Graph.UserMedia("me", &instagram.GraphMediaOptions{Limit: 10})
	for range 2 {
		_, err := pager.Next(t.Context())
		require.NoError(t, err)
	}
	server.DeleteMedia(v1[all[19]]) // the last of page two
	page, err := pager.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, all[20:], graphIDs(page.Items))

	back, ok := page.Reverse()
	require.True(t, ok)
	server.DeleteMedia(v1[all[20]]) // the first of page three
	page, err = pager.From(back).Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, all[9:19], graphIDs(page.Items))
}

// The list ends after 10,000 media, as if there were no more.
func TestGraphServerEnd(t *testing.T) {
	_, client := startGraph(t, 10_003)
	opts := &instagram.GraphMediaOptions{Limit: 100, Fields: []instagram.GraphField{instagram.GraphFieldTimestamp}}
	seen := map[string]bool{}
	last := noon
	for media, err := range client().Graph.UserMedia("me", opts).All(t.Context()) {
		require.NoError(t, err)
		assert.False(t, media.Timestamp.After(last))
		seen[media.ID], last = true, media.Timestamp
	}
	assert.Len(t, seen, 10_000)
}

func TestGraphServerErrors(t *testing.T) {
	server, client := startGraph(t, 3, instagramtest.WithLimits(4, 4))
	me := server.Users()[0]
	media := func(c *instagram.Client, userID string, fields ...instagram.GraphField) error {
		page, err := c.Graph.Entries(userID, &instagram.GraphMediaOptions{Fields: fields}).Next(t.Context())
		assert.True(t, page == nil || err == nil)
		return err
	}
	code := func(err error) [2]int {
		var failure *instagram.Error
		require.ErrorAs(t, err, &failure)
		assert.NotEmpty(t, failure.TraceID)
		assert.NotZero(t, failure.StatusCode)
		return [2]int{failure.Code, failure.Subcode}
	}

	err := media(client(instagram.WithAccessToken("nonsense")), "me")
	require.ErrorIs(t, err, instagram.ErrUnauthorized)
	assert.Equal(t, [2]int{190, 0}, code(err))

	revoked := server.AccessToken(me.ID, "instagram_graph_user_media", "instagram_graph_user_profile")
	require.NoError(t, media(client(instagram.WithAccessToken(revoked)), "me"))
	server.Revoke(revoked)
	require.ErrorIs(t, media(client(instagram.WithAccessToken(revoked)), "me"), instagram.ErrUnauthorized)

	for _, scope := range []string{"likes", "instagram_graph_user_media", "instagram_graph_user_profile"} {
		err = media(client(instagram.WithAccessToken(server.AccessToken(me.ID, scope))), "me")
		require.ErrorIs(t, err, instagram.ErrMissingScope)
		assert.Equal(t, [2]int{10, 0}, code(err))
	}

	err = media(client(), server.Users()[1].ID)
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.Equal(t, [2]int{100, 33}, code(err))
	err = media(client(), "me", "secrets")
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.ErrorContains(t, err, "secrets")
	assert.Equal(t, [2]int{100, 0}, code(err))

	page, err := client().Graph.UserMedia("me", nil).Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, instagram.AppUsage{CallCount: 75}, page.RateLimit.AppUsage)
	require.NoError(t, media(client(), "me"))
	err = media(client(), "me")
	require.ErrorIs(t, err, instagram.ErrRateLimited)
	assert.Equal(t, [2]int{4, 0}, code(err))
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, 100, failure.RateLimit.AppUsage.CallCount)
}

// elsewhere makes the answers of a server name another one.
type elsewhere struct {
	base     http.RoundTripper
	from, to string
}

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := e.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, []byte(e.from), []byte(e.to))))
	res.ContentLength = -1
	return res, err
}

// A next page on another host is asked for at the host that was named.
func TestGraphServerForeignNext(t *testing.T) {
	var strays atomic.Int32
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strays.Add(1) }))
	defer foreign.Close()
	server, client := startGraph(t, 60)
	hc := *server.Client()
	hc.Transport = elsewhere{hc.Transport, server.URL, foreign.URL}
	pager := client(instagram.WithHTTPClient(&hc)).Graph.UserMedia("me", nil)
	page, err := pager.Next(t.Context())
	require.NoError(t, err)
	assert.Contains(t, page.Pagination.NextURL, foreign.URL)
	assert.NotContains(t, page.Pagination.NextURL, "access_token")
	assert.Len(t, collect(t, pager), 35)
	assert.Zero(t, strays.Load())
}

// The bridge shows of each media what v1 shows of it.
func TestGraphServerEntries(t *testing.T) {
	_, client := startGraph(t, 60, instagramtest.WithWire(instagramtest.Wire2017))
	want := collect(t, client().Users.RecentMedia(instagram.Self, nil))
	got := collect(t, client().Graph.Entries(instagram.Self, nil))
	require.Len(t, got, len(want))
	types := map[instagram.MediaType]int{}
	for i, v1 := range want {
		entry := got[i]
		types[entry.Type]++
		assert.Equal(t, number(v1.ID), entry.ID)
		assert.Equal(t, v1.Type, entry.Type)
		assert.Equal(t, v1.Link, entry.Link)
		assert.Equal(t, v1.CreatedTime, entry.CreatedTime)
		assert.Equal(t, v1.User.Username, entry.User.Username)
		assert.Equal(t, v1.Caption == nil, entry.Caption == nil)
		if v1.Caption != nil {
			assert.Equal(t, v1.Caption.Text, entry.Caption.Text)
			assert.Equal(t, v1.User.Username, entry.Caption.From.Username)
		}
		assert.NotEmpty(t, entry.Images.StandardResolution.URL)
		if v1.Type != instagram.MediaCarousel { // in v1 a carousel that starts with a video has it at the top
			assert.Equal(t, v1.Videos == nil, entry.Videos == nil)
		}
		require.Len(t, entry.CarouselMedia, len(v1.CarouselMedia))
		for j, part := range v1.CarouselMedia {
			assert.Equal(t, part.Type, entry.CarouselMedia[j].Type)
			assert.Equal(t, part.Videos == nil, entry.CarouselMedia[j].Videos == nil)
			assert.NotEmpty(t, entry.CarouselMedia[j].Extra["id"])
		}
	}
	for _, kind := range []instagram.MediaType{instagram.MediaImage, instagram.MediaVideo, instagram.MediaCarousel} {
		assert.NotZero(t, types[kind], kind)
	}
}

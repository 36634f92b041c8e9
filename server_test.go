package instagram_test

// These tests run the client against a real server over HTTP.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

var noon = time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)

func startServer(t *testing.T, opts ...instagramtest.Option) *instagramtest.Server {
	t.Helper()
	server := instagramtest.NewServer(append([]instagramtest.Option{instagramtest.WithTime(noon)}, opts...)...)
	t.Cleanup(server.Close)
	return server
}

// signedIn returns a client for a user of the server.
func signedIn(t *testing.T, server *instagramtest.Server, user instagramtest.User, opts ...instagram.Option) *instagram.Client {
	t.Helper()
	client, err := instagram.NewClient(append([]instagram.Option{
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithHTTPClient(server.Client()),
		instagram.WithAccessToken(server.AccessToken(user.ID)),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

func public(users []instagramtest.User) []instagramtest.User {
	return slices.DeleteFunc(slices.Clone(users), func(u instagramtest.User) bool { return u.Private })
}

func private(users []instagramtest.User) []instagramtest.User {
	return slices.DeleteFunc(slices.Clone(users), func(u instagramtest.User) bool { return !u.Private })
}

func collect[T any](t *testing.T, pager *instagram.Pager[T]) []*T {
	t.Helper()
	var all []*T
	for item, err := range pager.All(t.Context()) {
		require.NoError(t, err)
		all = append(all, item)
	}
	return all
}

func eachWire(t *testing.T, test func(*testing.T, instagramtest.Option)) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		t.Run(fmt.Sprint(wire), func(t *testing.T) { test(t, instagramtest.WithWire(wire)) })
	}
}

func TestUsersOnServer(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		me := server.Users()[0]
		client := signedIn(t, server, me)

		self, err := client.Users.Get(t.Context(), instagram.Self)
		require.NoError(t, err)
		assert.Equal(t, me.ID, self.ID)
		assert.Equal(t, me.Username, self.Username)
		assert.Equal(t, me.FullName, self.FullName)

		mine := collect(t, client.Users.RecentMedia(instagram.Self, nil))
		assert.Len(t, mine, self.Counts.Media)
		for _, media := range mine {
			assert.Equal(t, me.ID, media.User.ID)
			assert.NotEmpty(t, media.Images.StandardResolution.URL)
		}

		feed, err := client.Users.Feed(&instagram.FeedOptions{Count: 10}).Next(t.Context())
		require.NoError(t, err)
		assert.Len(t, feed.Items, 10)

		found, err := client.Users.Search(t.Context(), me.Username, nil)
		require.NoError(t, err)
		assert.True(t, slices.ContainsFunc(found, func(u *instagram.UserShortInfo) bool { return u.ID == me.ID }))

		_, err = client.Users.Get(t.Context(), "999999999999")
		assert.ErrorIs(t, err, instagram.ErrNotFound)
	})
}

func TestLikesOnServer(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		me, other := server.Users()[0], public(server.Users())[1]
		posted := server.PostMedia(other.ID, instagramtest.Media{Caption: "Still warm"})
		client := signedIn(t, server, me)

		for range 2 { // a second like changes nothing
			require.NoError(t, client.Likes.Like(t.Context(), posted.ID))
		}
		likers, err := client.Likes.List(t.Context(), posted.ID)
		require.NoError(t, err)
		require.Len(t, likers, 1)
		assert.Equal(t, me.Username, likers[0].Username)

		media, err := client.Media.Get(t.Context(), posted.ID)
		require.NoError(t, err)
		assert.Equal(t, 1, media.Likes.Count)
		assert.True(t, media.UserHasLiked)

		liked, err := client.Users.LikedMedia(nil).Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, media.ID, liked.Items[0].ID, "latest like first")
		all := collect(t, client.Users.LikedMedia(&instagram.LikedMediaOptions{Count: 3}))
		assert.Greater(t, len(all), 3)
		assert.Len(t, distinct(all, mediaID), len(all))

		require.NoError(t, client.Likes.Unlike(t.Context(), posted.ID))
		likers, err = client.Likes.List(t.Context(), posted.ID)
		require.NoError(t, err)
		assert.Empty(t, likers)
	})
}

func TestCommentsOnServer(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		me, other, third := server.Users()[0], public(server.Users())[1], public(server.Users())[2]
		posted := server.PostMedia(other.ID, instagramtest.Media{})
		client := signedIn(t, server, me)

		const text = "Föhn & snow ❄️ #alps"
		created, err := client.Comments.Create(t.Context(), posted.ID, text)
		require.NoError(t, err)
		comments, err := client.Comments.List(t.Context(), posted.ID)
		require.NoError(t, err)
		require.Len(t, comments, 1)
		assert.Equal(t, text, comments[0].Text)
		assert.Equal(t, me.ID, comments[0].From.ID)
		assert.WithinDuration(t, noon, comments[0].CreatedTime, time.Minute)
		if created != nil {
			assert.Equal(t, comments[0].ID, created.ID)
		}

		err = signedIn(t, server, third).Comments.Delete(t.Context(), posted.ID, comments[0].ID)
		require.Error(t, err, "somebody else's comment on somebody else's media")
		require.NoError(t, client.Comments.Delete(t.Context(), posted.ID, comments[0].ID))
		comments, err = client.Comments.List(t.Context(), posted.ID)
		require.NoError(t, err)
		assert.Empty(t, comments)
	})
}

func TestRelationshipsOnServer(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	client := signedIn(t, server, me)

	followers := collect(t, client.Relationships.FollowedBy(instagram.Self, &instagram.RelationshipListOptions{Count: 7}))
	follows := collect(t, client.Relationships.Follows(instagram.Self, nil))
	self, err := client.Users.Get(t.Context(), instagram.Self)
	require.NoError(t, err)
	assert.Len(t, distinct(followers, userID), self.Counts.FollowedBy)
	assert.Len(t, distinct(follows, userID), self.Counts.Follows)

	followed := distinct(follows, userID)
	stranger := func(users []instagramtest.User) instagramtest.User {
		for _, u := range users {
			info, err := client.Relationships.Get(t.Context(), u.ID)
			if u.ID != me.ID && !followed[u.ID] && err == nil && info.OutgoingStatus == instagram.OutgoingNone {
				return u
			}
		}
		require.Fail(t, "no stranger left")
		return instagramtest.User{}
	}
	open, closed := stranger(public(server.Users())), stranger(private(server.Users()))

	status, err := client.Relationships.Modify(t.Context(), open.ID, instagram.ActionFollow)
	require.NoError(t, err)
	assert.Equal(t, instagram.OutgoingFollows, status.OutgoingStatus)

	_, err = client.Users.RecentMedia(closed.ID, nil).Next(t.Context())
	assert.ErrorIs(t, err, instagram.ErrNotAllowed)
	status, err = client.Relationships.Modify(t.Context(), closed.ID, instagram.ActionFollow)
	require.NoError(t, err)
	assert.Equal(t, instagram.OutgoingRequested, status.OutgoingStatus)

	theirs := signedIn(t, server, closed)
	requests, err := theirs.Relationships.RequestedBy(t.Context())
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(requests, func(u *instagram.UserShortInfo) bool { return u.ID == me.ID }))
	_, err = theirs.Relationships.Modify(t.Context(), me.ID, instagram.ActionApprove)
	require.NoError(t, err)
	info, err := client.Relationships.Get(t.Context(), closed.ID)
	require.NoError(t, err)
	assert.Equal(t, instagram.OutgoingFollows, info.OutgoingStatus)
	assert.True(t, info.TargetUserIsPrivate)
	_, err = client.Users.RecentMedia(closed.ID, nil).Next(t.Context())
	require.NoError(t, err)

	_, err = theirs.Relationships.Modify(t.Context(), me.ID, instagram.ActionBlock)
	require.NoError(t, err)
	info, err = client.Relationships.Get(t.Context(), closed.ID)
	require.NoError(t, err)
	assert.Equal(t, instagram.OutgoingNone, info.OutgoingStatus, "blocking takes the follow away")
	info, err = theirs.Relationships.Get(t.Context(), me.ID)
	require.NoError(t, err)
	assert.Equal(t, instagram.IncomingBlockedByYou, info.IncomingStatus)
}

func TestMediaOnServer(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		me := server.Users()[0]
		client := signedIn(t, server, me)
		places, err := client.Locations.Search(t.Context(), instagram.Near(48.858, 2.2945))
		require.NoError(t, err)
		require.NotEmpty(t, places)
		posted := server.PostMedia(me.ID, instagramtest.Media{
			Type: "video", Caption: "Reflections #été2017", LocationID: places[0].ID, UsersInPhoto: []string{server.Users()[1].ID},
		})

		media, err := client.Media.Get(t.Context(), posted.ID)
		require.NoError(t, err)
		assert.Equal(t, instagram.MediaVideo, media.Type)
		assert.Equal(t, "Reflections #été2017", media.Caption.Text)
		assert.Equal(t, []string{"été2017"}, media.Tags)
		assert.Equal(t, posted.CreatedTime, media.CreatedTime)
		assert.InDelta(t, places[0].Latitude, media.Location.Latitude, 1e-6)
		assert.NotEmpty(t, media.Videos.StandardResolution.URL)
		if !strings.HasSuffix(t.Name(), "2011") { // nobody could be tagged yet
			require.Len(t, media.UsersInPhoto, 1)
			assert.Equal(t, server.Users()[1].Username, media.UsersInPhoto[0].User.Username)
		}

		same, err := client.Media.GetByShortcode(t.Context(), posted.Shortcode)
		require.NoError(t, err)
		assert.Equal(t, media, same)

		found, err := client.Media.Search(t.Context(), places[0].Latitude, places[0].Longitude, &instagram.MediaSearchOptions{Distance: 100})
		require.NoError(t, err)
		i := slices.IndexFunc(found, func(m *instagram.MediaEntry) bool { return m.ID == media.ID })
		require.GreaterOrEqual(t, i, 0)
		assert.InDelta(t, 0, found[i].Distance, 1)

		popular, err := client.Media.Popular(t.Context())
		if strings.HasSuffix(t.Name(), "2017") { // newer apps cannot ask for it
			assert.ErrorContains(t, err, "invalid media id")
		} else {
			require.NoError(t, err)
			assert.NotEmpty(t, popular)
		}

		there := collect(t, client.Locations.RecentMedia(places[0].ID, nil))
		assert.Equal(t, media.ID, there[0].ID)
		place, err := client.Locations.Get(t.Context(), places[0].ID)
		require.NoError(t, err)
		assert.Equal(t, places[0], place)

		tag, err := client.Tags.Get(t.Context(), "été2017")
		require.NoError(t, err)
		assert.Equal(t, 1, tag.MediaCount)
		tags, err := client.Tags.Search(t.Context(), "été20")
		require.NoError(t, err)
		assert.Equal(t, "été2017", tags[0].Name)
		tagged := collect(t, client.Tags.RecentMedia("été2017", nil))
		assert.Equal(t, []string{media.ID}, ids(tagged))
		_, err = client.Tags.Get(t.Context(), "nobody/used?this..")
		assert.ErrorContains(t, err, `"nobody/used?this.."`, "a hard name arrives as itself")
		_, err = client.Locations.Get(t.Context(), "999999999999")
		assert.ErrorIs(t, err, instagram.ErrNotFound)
	})
}

// A walk is complete and in order, and media that arrive meanwhile do not move it.
func TestPagingThousandMedia(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire, instagramtest.WithMedia(1000, 10))
		me := server.Users()[0]
		client := signedIn(t, server, me)

		before := collect(t, client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 33}))
		require.Len(t, before, 1000)
		assert.Len(t, distinct(before, mediaID), 1000)
		assert.True(t, slices.IsSortedFunc(before, func(a, b *instagram.MediaEntry) int { return b.CreatedTime.Compare(a.CreatedTime) }))

		var during []*instagram.MediaEntry
		for media, err := range client.Users.RecentMedia(instagram.Self, nil).All(t.Context()) {
			require.NoError(t, err)
			if during = append(during, media); len(during)%7 == 0 {
				server.Advance(time.Second)
				server.PostMedia(me.ID, instagramtest.Media{})
			}
		}
		assert.Equal(t, ids(before), ids(during))
	})
}

// A walk that stops in one client goes on in another.
func TestPagingResumesElsewhere(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	all := ids(collect(t, signedIn(t, server, me).Users.RecentMedia(instagram.Self, nil)))

	var got []string
	var cursor instagram.Cursor
	for cursor != instagram.CursorEnd {
		pager := signedIn(t, server, me).Users.RecentMedia(instagram.Self, nil).From(cursor)
		for range 3 {
			page, err := pager.Next(t.Context())
			if err != nil {
				break
			}
			got, cursor = append(got, ids(page.Items)...), page.Cursor()
		}
	}
	assert.Equal(t, all, got)
}

func TestOneClientManyGoroutines(t *testing.T) {
	server := startServer(t)
	users := public(server.Users())
	client := signedIn(t, server, users[0])
	want := ids(collect(t, client.Users.RecentMedia(instagram.Self, nil)))

	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			user := users[i%len(users)]
			got, err := client.Users.Get(context.Background(), user.ID)
			if assert.NoError(t, err) {
				assert.Equal(t, user.Username, got.Username)
			}
			page, err := client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 33}).Next(context.Background())
			if assert.NoError(t, err) {
				assert.Equal(t, want[:33], ids(page.Items))
			}
		})
	}
	all.Wait()
}

func TestRevokedTokenOnServer(t *testing.T) {
	server := startServer(t)
	client := signedIn(t, server, server.Users()[0])
	pager := client.Users.RecentMedia(instagram.Self, nil)
	_, err := pager.Next(t.Context())
	require.NoError(t, err)
	server.Revoke(server.AccessToken(server.Users()[0].ID))
	_, err = pager.Next(t.Context())
	assert.ErrorIs(t, err, instagram.ErrUnauthorized)
}

func ids(media []*instagram.MediaEntry) []string {
	all := make([]string, len(media))
	for i, m := range media {
		all[i] = m.ID
	}
	return all
}

func distinct[T any](items []*T, id func(*T) string) map[string]bool {
	set := map[string]bool{}
	for _, item := range items {
		set[id(item)] = true
	}
	return set
}

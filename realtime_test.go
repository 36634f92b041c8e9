package instagram_test

// These tests take real-time updates from a real server over HTTP.

import (
	"context"
	"math/rand/v2"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// subscriber returns a client that is the server's app too.
func subscriber(t *testing.T, server *instagramtest.Server, user instagramtest.User) *instagram.Client {
	t.Helper()
	return signedIn(t, server, user, instagram.WithClientCredentials(server.ClientID, server.ClientSecret))
}

// callback serves a webhook of the server's app.
func callback(t *testing.T, server *instagramtest.Server, opts instagram.WebhookOptions) (hook *instagram.Webhook, url string) {
	t.Helper()
	opts.VerifyToken = "v"
	hook, err := instagram.NewWebhook(server.ClientSecret, opts)
	require.NoError(t, err)
	at := httptest.NewServer(hook)
	t.Cleanup(at.Close)
	return hook, at.URL + "/callback?app=1"
}

// next returns the next update, or nil if none comes.
func next(updates <-chan *instagram.Update, within time.Duration) *instagram.Update {
	select {
	case update := <-updates:
		return update
	case <-time.After(within):
		return nil
	}
}

const soon, awhile = 5 * time.Second, 100 * time.Millisecond

func TestSubscriptionsOnServer(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		me := public(server.Users())[0]
		client := subscriber(t, server, me)
		updates := make(chan *instagram.Update, 10)
		hook, url := callback(t, server, instagram.WebhookOptions{Updates: updates})

		quay, err := client.Locations.Search(t.Context(), instagram.Near(-22.951916, -43.210487))
		require.NoError(t, err)
		require.NotEmpty(t, quay)
		kinds := []struct {
			req   instagram.SubscriptionRequest
			media instagramtest.Media
		}{
			{instagram.SubscriptionRequest{Object: instagram.ObjectUser}, instagramtest.Media{}},
			{instagram.SubscriptionRequest{Object: instagram.ObjectTag, ObjectID: "firstsnow"}, instagramtest.Media{Caption: "At last #firstsnow"}},
			{instagram.SubscriptionRequest{Object: instagram.ObjectLocation, ObjectID: quay[0].ID}, instagramtest.Media{LocationID: quay[0].ID}},
			{
				instagram.SubscriptionRequest{Object: instagram.ObjectGeography, Latitude: 61.5, Longitude: 23.75, Radius: 1000},
				instagramtest.Media{Latitude: 61.501, Longitude: 23.751},
			},
		}
		var want []*instagram.Subscription
		for _, kind := range kinds {
			kind.req.CallbackURL, kind.req.VerifyToken = url, "v"
			sub, err := client.Subscriptions.Create(t.Context(), kind.req)
			require.NoError(t, err)
			assert.NotEmpty(t, sub.ID)
			assert.Equal(t, "subscription", sub.Type)
			assert.Equal(t, "media", sub.Aspect)
			assert.Equal(t, url, sub.CallbackURL)
			assert.Equal(t, kind.req.Object, sub.Object)
			if kind.req.ObjectID != "" {
				assert.Equal(t, kind.req.ObjectID, sub.ObjectID)
			}
			want = append(want, sub)
		}
		assert.NotEmpty(t, want[3].ObjectID, "a geography has an id of its own")
		got, err := client.Subscriptions.List(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, got)

		other := public(server.Users())[5].ID // who has not signed in
		for i, sub := range want[1:] {
			server.PostMedia(other, kinds[i+1].media)
			update := next(updates, soon)
			require.NotNil(t, update, "%s", sub.Object)
			assert.Equal(t, instagram.Update{
				SubscriptionID: sub.ID, Object: sub.Object, ObjectID: sub.ObjectID, ChangedAspect: "media", Time: server.Now().Truncate(time.Second),
			}, *update)
		}
		posted := server.PostMedia(me.ID, instagramtest.Media{})
		update := next(updates, soon)
		require.NotNil(t, update)
		assert.Equal(t, instagram.ObjectUser, update.Object)
		assert.Equal(t, me.ID, update.ObjectID)
		media, err := client.Media.Get(t.Context(), update.Data.MediaID)
		require.NoError(t, err)
		assert.Contains(t, posted.ID, media.ID)

		near, err := client.Geographies.RecentMedia(want[3].ObjectID, nil).Next(t.Context())
		require.NoError(t, err)
		assert.Len(t, near.Items, 1)

		left := func() int {
			subs, err := client.Subscriptions.List(t.Context())
			require.NoError(t, err)
			return len(subs)
		}
		require.NoError(t, client.Subscriptions.Delete(t.Context(), instagram.SubscriptionFilter{ID: want[0].ID}))
		assert.Equal(t, 3, left())
		require.NoError(t, client.Subscriptions.Delete(t.Context(), instagram.SubscriptionFilter{Object: instagram.ObjectTag, ObjectID: "firstsnow"}))
		assert.Equal(t, 2, left())
		require.NoError(t, client.Subscriptions.Delete(t.Context(), instagram.SubscriptionFilter{Object: instagram.ObjectGeography}))
		assert.Equal(t, 1, left())
		require.NoError(t, client.Subscriptions.Delete(t.Context(), instagram.SubscriptionFilter{Object: instagram.ObjectAll}))
		assert.Zero(t, left())
		server.Advance(time.Minute) // another time, so that nothing is a repeat
		for _, kind := range kinds {
			server.PostMedia(me.ID, kind.media)
		}
		assert.Nil(t, next(updates, awhile))
		require.NoError(t, hook.Shutdown(t.Context()))
	})
}

func TestSubscriptionRefusedByTheWebhook(t *testing.T) {
	server := startServer(t)
	client := subscriber(t, server, server.Users()[0])
	hook, url := callback(t, server, instagram.WebhookOptions{Updates: make(chan *instagram.Update)})
	create := func(token string) error {
		_, err := client.Subscriptions.Create(t.Context(), instagram.SubscriptionRequest{
			Object: instagram.ObjectUser, CallbackURL: url, VerifyToken: token,
		})
		return err
	}
	for _, token := range []string{"", "w"} {
		err := create(token)
		var failure *instagram.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, instagram.ErrorTypeAPISubscriptionError, failure.Type)
	}
	require.NoError(t, create("v"))
	require.NoError(t, hook.Shutdown(t.Context()))
	require.NoError(t, client.Subscriptions.Delete(t.Context(), instagram.SubscriptionFilter{Object: instagram.ObjectAll}))
	require.Error(t, create("v"), "it takes no more")
	subs, err := client.Subscriptions.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, subs)
}

func TestSubscriptionsWithAnotherSecret(t *testing.T) {
	server := startServer(t)
	client := signedIn(t, server, server.Users()[0], instagram.WithClientCredentials(server.ClientID, "another"))
	_, err := client.Subscriptions.List(t.Context())
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, instagram.ErrorTypeOAuthClientException, failure.Type)
	assert.NotContains(t, err.Error(), "another")
}

// A server that wants every request signed takes those of the app itself.
func TestSubscriptionsOnSigningServer(t *testing.T) {
	server := startServer(t, instagramtest.WithSignedRequests())
	client := signedIn(t, server, server.Users()[0],
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret), instagram.WithSignedRequests())
	_, err := client.Subscriptions.List(t.Context())
	require.NoError(t, err)
}

// An update wakes the watch: one loop serves both, and each media comes once, in order, however
// fast they are posted.
func TestWatchOnServer(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	const posts = 40
	type pager = *instagram.Pager[instagram.MediaEntry]
	lists := map[string]func(client *instagram.Client, since string) pager{
		"user": func(client *instagram.Client, since string) pager {
			return client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 5, MinID: since})
		},
		"feed": func(client *instagram.Client, since string) pager {
			return client.Users.Feed(&instagram.FeedOptions{Count: 5, MinID: since})
		},
		"tag": func(client *instagram.Client, since string) pager {
			return client.Tags.RecentMedia("firstsnow", &instagram.TagMediaOptions{Count: 5, MinTagID: since})
		},
	}
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		for name, list := range lists {
			t.Run(name, func(t *testing.T) {
				server := instagramtest.NewServer(wire, instagramtest.WithLimits(1_000_000, 1000))
				defer server.Close()
				me := server.Users()[0]
				client := subscriber(t, server, me)
				before := mediaNumber(server.PostMedia(me.ID, instagramtest.Media{Tags: []string{"firstsnow"}}).ID)

				watcher := instagram.Watch(list(client, before), &instagram.WatchOptions{Interval: time.Second})
				hook, url := callback(t, server, instagram.WebhookOptions{
					Handle: func(context.Context, *instagram.Update) { watcher.Wake() },
				})
				_, err := client.Subscriptions.Create(t.Context(), instagram.SubscriptionRequest{
					Object: instagram.ObjectUser, CallbackURL: url, VerifyToken: "v",
				})
				require.NoError(t, err)

				var want, got []string
				var posting sync.WaitGroup
				posting.Go(func() {
					for range posts {
						want = append(want, mediaNumber(server.PostMedia(me.ID, instagramtest.Media{Tags: []string{"firstsnow"}}).ID))
						time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				for media, err := range watcher.All(ctx) {
					require.NoError(t, err)
					if got = append(got, mediaNumber(media.ID)); len(got) == posts {
						break
					}
				}
				posting.Wait()
				assert.Equal(t, want, got)

				ctx, cancel = context.WithTimeout(t.Context(), awhile)
				defer cancel()
				watcher.Wake()
				for media := range watcher.All(ctx) {
					require.Nil(t, media, "nothing comes twice")
				}
				require.NoError(t, hook.Shutdown(t.Context()))
			})
		}
	})
}

// The Graph cannot be asked for what is newer than an id, and is watched all the same.
func TestWatchGraphOnServer(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	client := signedIn(t, server, me, instagram.WithGraphURL(server.URL))
	list := client.Graph.Entries(instagram.Self, &instagram.GraphMediaOptions{Limit: 5})
	watcher := instagram.Watch(list, &instagram.WatchOptions{Interval: 10 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var posting sync.WaitGroup
	posting.Go(func() {
		time.Sleep(2 * awhile) // the first poll has seen what was there
		for i := range 12 {
			server.PostMedia(me.ID, instagramtest.Media{Caption: strconv.Itoa(i)})
		}
	})
	var captions []string
	for media, err := range watcher.All(ctx) {
		if err == nil {
			captions = append(captions, media.Caption.Text)
		}
	}
	posting.Wait()
	assert.Equal(t, strings.Fields("0 1 2 3 4 5 6 7 8 9 10 11"), captions)
	assert.Empty(t, watcher.MinID())
}

// mediaNumber returns the media's part of an id, which is all of it before 2011.
func mediaNumber(id string) string {
	number, _, _ := strings.Cut(id, "_")
	return number
}

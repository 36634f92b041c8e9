package instagram_test

import (
	"bytes"
	"context"
	"errors"
	"expvar"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// One call with less patience than the others.
func ExampleClient_With() {
	server := instagramtest.NewServer()
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}
	server.Fail("/users/self", instagramtest.Fault{Status: http.StatusServiceUnavailable}, 1)

	once := client.With(
		instagram.WithTimeout(2*time.Second),
		instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
	)
	_, err = once.Users.Get(context.Background(), instagram.Self)
	fmt.Println(errors.Is(err, instagram.ErrUnavailable))
	// Output: true
}

// An endpoint that this package has no method for, as a list and with its pagination.
func ExampleClient_Do() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	var media []*instagram.MediaEntry
	params := url.Values{"count": {"3"}}
	if err := client.Do(context.Background(), http.MethodGet, "/users/self/media/recent", params, &media); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(media), "media")

	var answer bytes.Buffer
	if err := client.Do(context.Background(), http.MethodGet, "/users/self/media/recent", params, &answer); err != nil {
		log.Fatal(err)
	}
	page, err := instagram.DecodePage[instagram.MediaEntry](&answer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), "media, and more of them:", page.Pagination.NextMaxID != "")
	// Output:
	// 3 media
	// 3 media, and more of them: true
}

// Metrics: how many calls each endpoint got, and how they ended. A histogram of the time that they
// took, or a span around them, is made in the same way.
func ExampleWithMiddleware() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()

	calls := new(expvar.Map) // of a program that serves them: expvar.NewMap("instagram_calls")
	metrics := func(next instagram.CallFunc) instagram.CallFunc {
		return func(ctx context.Context, call *instagram.Call) error {
			err := next(ctx, call)
			calls.Add(fmt.Sprintf("%s %s %d", call.Method, call.Endpoint, call.StatusCode), 1)
			return err
		}
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithMiddleware(metrics),
	)
	if err != nil {
		log.Fatal(err)
	}
	for _, id := range []string{instagram.Self, "1", "2"} {
		_, _ = client.Users.Get(context.Background(), id)
	}
	calls.Do(func(counter expvar.KeyValue) { fmt.Println(counter.Key, counter.Value) })
	// Output:
	// GET /users/{user-id} 200 1
	// GET /users/{user-id} 400 2
}

// What a server answered is kept, and is the data of another server.
func ExampleWithRecorder() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	dir, err := os.MkdirTemp("", "recorded")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithRecorder(instagram.RecordTo(dir)),
	)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Users.RecentMedia(instagram.Self, nil).Collect(context.Background(), 30); err != nil {
		log.Fatal(err)
	}

	again := instagramtest.NewServer(instagramtest.WithData(os.DirFS(dir)))
	defer again.Close()
	fmt.Println("recorded:", again.Users()[0].Username)
	// Output: recorded: mira.solane
}

// The latest 50 media as a slice, and a place to go on from.
func ExamplePager_Collect() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	latest := client.Users.RecentMedia(instagram.Self, nil)
	media, err := latest.Collect(context.Background(), 50)
	if err != nil {
		log.Fatal(err)
	}
	stored := latest.Cursor()
	more, err := client.Users.RecentMedia(instagram.Self, nil).From(stored).Collect(context.Background(), 50)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(media), len(more), media[49].ID != more[0].ID)
	// Output: 50 50 true
}

// A pager of a test's own pages.
func ExampleNewPager() {
	pages := map[instagram.Cursor]*instagram.Page[instagram.UserShortInfo]{
		"": {
			Items:      []*instagram.UserShortInfo{{Username: "ada"}},
			Pagination: instagram.Pagination{NextCursor: "2"},
		},
		"cursor=2": {Items: []*instagram.UserShortInfo{{Username: "grace"}}},
	}
	followers := instagram.NewPager(func(_ context.Context, at instagram.Cursor) (*instagram.Page[instagram.UserShortInfo], error) {
		return pages[at], nil
	})
	for user, err := range followers.All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Username)
	}
	// Output:
	// ada
	// grace
}

// Media from an area. The id of a geography is the object id of a subscription to one, which an app
// makes in its own name, and a user reads.
func ExampleGeographiesService_RecentMedia() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	hook, err := instagram.NewWebhook(server.ClientSecret, instagram.WebhookOptions{
		VerifyToken: "only we and the server know",
		Handle:      func(context.Context, *instagram.Update) {},
	})
	if err != nil {
		log.Fatal(err)
	}
	app := httptest.NewServer(hook) // your own server, where the other one can reach it
	defer app.Close()
	area, err := client.Subscriptions.Create(context.Background(), instagram.SubscriptionRequest{
		Object: instagram.ObjectGeography, Latitude: 48.858, Longitude: 2.2945, Radius: 1000,
		CallbackURL: app.URL, VerifyToken: "only we and the server know",
	})
	if err != nil {
		log.Fatal(err)
	}
	media, err := client.Geographies.RecentMedia(area.ObjectID, nil).Collect(context.Background(), 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range media {
		fmt.Println(m.User.Username, "at", m.Location.Name)
	}
	// Output:
	// fenna.novalis at Trocadéro
	// quirin.vesterby at Champ de Mars
}

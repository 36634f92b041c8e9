package instagram_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// A subscription to a tag, from the webhook that it needs to the media that is new.
func ExampleWebhook() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	updates := make(chan *instagram.Update)
	hook, err := instagram.NewWebhook(server.ClientSecret, instagram.WebhookOptions{
		VerifyToken: "only we and the server know",
		Updates:     updates,
	})
	if err != nil {
		log.Fatal(err)
	}
	app := httptest.NewServer(hook) // your own server, where the other one can reach it
	defer app.Close()

	_, err = client.Subscriptions.Create(ctx, instagram.SubscriptionRequest{
		Object: instagram.ObjectTag, ObjectID: "firstsnow",
		CallbackURL: app.URL, VerifyToken: "only we and the server know",
	})
	if err != nil {
		log.Fatal(err)
	}
	server.PostMedia("mira.solane", instagramtest.Media{Caption: "At last #firstsnow"})

	update := <-updates
	fmt.Println("something changed:", update.Object, update.ObjectID)
	user := client.WithToken(server.AccessToken("mira.solane"))
	for media, err := range user.Tags.RecentMedia(update.ObjectID, nil).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(media.User.Username, media.Caption.Text)
	}
	// Output:
	// something changed: tag firstsnow
	// mira.solane At last #firstsnow
}

// The Graph tells of comments, mentions and stories. Its body is signed with SHA-256.
func ExampleWebhook_graph() {
	const secret = "secret of the app"
	hook, err := instagram.NewWebhook(secret, instagram.WebhookOptions{
		VerifyToken: "as entered in the dashboard of the app",
		HandleGraph: func(_ context.Context, update *instagram.GraphUpdate) {
			if update.Field == instagram.GraphUpdateComments {
				fmt.Println(update.Value.From.Username, "wrote:", update.Value.Text)
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	app := httptest.NewServer(hook) // your own server, where the Graph can reach it
	defer app.Close()

	// This is what the Graph sends.
	const body = `{"object":"instagram","entry":[{"id":"17841400000000001","time":1700000000,"changes":[
		{"field":"comments","value":{"id":"17860000000000001","from":{"id":"901","username":"ada"},"text":"First snow!"}}]}]}`
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	post, err := http.NewRequest(http.MethodPost, app.URL, strings.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	post.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	res, err := http.DefaultClient.Do(post)
	if err != nil {
		log.Fatal(err)
	}
	res.Body.Close()
	if err := hook.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Status)
	// Output:
	// ada wrote: First snow!
	// 200 OK
}

func ExampleSubscriptionsService_Delete() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		log.Fatal(err)
	}

	err = client.Subscriptions.Delete(context.Background(), instagram.SubscriptionFilter{Object: instagram.ObjectAll})
	if err != nil {
		log.Fatal(err)
	}
	left, err := client.Subscriptions.List(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(left), "subscriptions")
	// Output: 0 subscriptions
}

// A program that is stopped delivers what it has accepted, or knows what is lost.
func ExampleWebhook_Shutdown() {
	hook, err := instagram.NewWebhook("secret of the app", instagram.WebhookOptions{
		VerifyToken: "only we and the server know",
		Handle:      func(context.Context, *instagram.Update) {},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:8443", Handler: hook, ReadTimeout: 10 * time.Second}
	go server.ListenAndServe()

	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	<-interrupted.Done()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	server.Shutdown(ctx)
	var undelivered *instagram.UndeliveredError
	if err := hook.Shutdown(ctx); errors.As(err, &undelivered) {
		for _, update := range undelivered.Updates {
			log.Println("not delivered:", update.Object, update.ObjectID)
		}
	}
}

// Going on where another process has ended.
func ExampleWatch() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	const stored = "1525000000000000000" // what MinID said there
	list := client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{MinID: stored})
	watcher := instagram.Watch(list, &instagram.WatchOptions{Interval: time.Minute})
	for media, err := range watcher.All(context.Background()) {
		if err != nil {
			log.Print(err) // and go on with the next poll
			continue
		}
		fmt.Println(media.CreatedTime.Format(time.DateOnly), media.Type)
		if watcher.MinID() != stored {
			break // the example ends with what the first poll has found
		}
	}
	// Output:
	// 2017-05-29 image
	// 2017-05-30 image
	// 2017-05-31 video
}

func ExampleEmbedsService_Get() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	page, err := client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 1}).Next(ctx)
	if err != nil {
		log.Fatal(err)
	}
	embed, err := client.Embeds.Get(ctx, page.Items[0].Link, &instagram.EmbedOptions{MaxWidth: 320, OmitScript: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(embed.Type, embed.Width, embed.AuthorName)
	// Output: rich 320 mira.solane
}

func ExampleImageURL() {
	link, err := instagram.ImageURL("http://instagram.com/p/D/", instagram.ImageLarge)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(link)
	// Output: http://instagram.com/p/D/media/?size=l
}

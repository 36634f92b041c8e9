package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

func ExampleNewClient() {
	server := instagramtest.NewServer()
	defer server.Close()

	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}
	user, err := client.Users.Get(context.Background(), instagram.Self)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Username, user.FullName)
	// Output: mira.solane Mira Solane
}

func ExampleUsersService_RecentMedia() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	since := &instagram.UserMediaOptions{MinTimestamp: time.Date(2017, 5, 29, 0, 0, 0, 0, time.UTC)}
	for media, err := range client.Users.RecentMedia(instagram.Self, since).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(media.CreatedTime.Format(time.DateOnly), media.Type, media.Likes.Count, media.Tags)
	}
	// Output:
	// 2017-05-31 video 11 [frühstück coffee]
	// 2017-05-30 image 19 [unicode]
	// 2017-05-29 image 9 [शाम समुद्र]
}

func ExampleRelationshipsService_Modify() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	found, err := client.Users.Search(context.Background(), "tilo.quillan", nil)
	if err != nil {
		log.Fatal(err)
	}
	status, err := client.Relationships.Modify(context.Background(), found[0].ID, instagram.ActionFollow)
	if err != nil {
		log.Fatal(err)
	}
	if status.OutgoingStatus == instagram.OutgoingRequested {
		fmt.Println(found[0].Username, "is private and has to approve")
	}
	// Output: tilo.quillan is private and has to approve
}

func ExampleMediaService_Search() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	found, err := client.Media.Search(context.Background(), 48.858, 2.2945, &instagram.MediaSearchOptions{Distance: 2000})
	if err != nil {
		log.Fatal(err)
	}
	for _, media := range found[:3] {
		fmt.Printf("%.0f m away: %s\n", media.Distance, media.User.Username)
	}
	// Output:
	// 618 m away: fenna.novalis
	// 385 m away: quirin.vesterby
	// 618 m away: kaveh.pellucid
}

func ExampleCommentsService_Create() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}
	media := server.PostMedia("mira.solane", instagramtest.Media{Caption: "First snow"})

	if _, err := client.Comments.Create(context.Background(), media.ID, "HOW LOVELY"); errors.Is(err, instagram.ErrInvalidParameters) {
		fmt.Println(err)
	}
	if _, err := client.Comments.Create(context.Background(), media.ID, "How lovely"); err != nil {
		log.Fatal(err)
	}
	comments, err := client.Comments.List(context.Background(), media.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(comments[0].From.Username, "wrote:", comments[0].Text)
	// Output:
	// instagram: POST /media/{media-id}/comments: text: it is all in capitals
	// mira.solane wrote: How lovely
}

func ExampleLikesService_Like() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}
	media := server.PostMedia("mira.solane", instagramtest.Media{Caption: "First snow"})

	if err := client.Likes.Like(context.Background(), media.ID); err != nil {
		log.Fatal(err)
	}
	likers, err := client.Likes.List(context.Background(), media.ID)
	if err != nil {
		log.Fatal(err)
	}
	for _, user := range likers {
		fmt.Println(user.FullName)
	}
	// Output: Mira Solane
}

func ExampleTagsService_Search() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	tags, err := client.Tags.Search(context.Background(), "food")
	if err != nil {
		log.Fatal(err)
	}
	for _, tag := range tags {
		fmt.Println(tag.Name, tag.MediaCount)
	}
	// Output:
	// foodtruck 70
}

func ExampleLocationsService_Search() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	places, err := client.Locations.Search(context.Background(), instagram.Near(48.858, 2.2945))
	if err != nil {
		log.Fatal(err)
	}
	for _, place := range places {
		fmt.Println(place.Name)
	}
	// Output:
	// Tour Eiffel
	// Champ de Mars
	// Trocadéro
}

func ExamplePager() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	media, pages := 0, 0
	for page, err := range client.Users.RecentMedia(instagram.Self, nil).Pages(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		pages++
		media += len(page.Items)
	}
	fmt.Println(media, "media on", pages, "pages")
	// Output: 240 media on 12 pages
}

func ExamplePager_Next() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	pager := client.Relationships.FollowedBy(instagram.Self, nil)
	for {
		page, err := pager.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items), "users,", page.RateLimit.Remaining, "of", page.RateLimit.Limit, "calls left")
	}
	// Output:
	// 50 users, 4999 of 5000 calls left
	// 50 users, 4998 of 5000 calls left
	// 13 users, 4997 of 5000 calls left
}

// A walk that is interrupted goes on later, in another process too.
func ExamplePager_From() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	page, err := client.Users.RecentMedia(instagram.Self, nil).Next(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	stored := string(page.Cursor())

	rest := 0
	for _, err := range client.Users.RecentMedia(instagram.Self, nil).From(instagram.Cursor(stored)).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		rest++
	}
	fmt.Println(len(page.Items), "before and", rest, "after")
	// Output: 20 before and 220 after
}

func ExampleError() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Media.Get(context.Background(), "1_1")
	if errors.Is(err, instagram.ErrNotFound) {
		fmt.Println("there is no such media")
	}
	var failure *instagram.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Method, failure.Endpoint, failure.StatusCode, failure.Type)
	}
	// Output:
	// there is no such media
	// GET /media/{media-id} 400 APINotFoundError
}

func ExampleParameterError() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Media.Search(context.Background(), 48.858, 2.2945, &instagram.MediaSearchOptions{Distance: 6000})
	var refused *instagram.ParameterError
	if errors.As(err, &refused) {
		fmt.Println(refused.Parameter, "-", refused.Reason)
	}
	// Output: distance - 6000 is over 5000
}

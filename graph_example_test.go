package instagram_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

func ExampleGraphService_UserMedia() {
	noon := time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)
	server := instagramtest.NewServer(instagramtest.WithTime(noon), instagramtest.WithMedia(0, 0))
	defer server.Close()
	me := server.Users()[0]
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-72 * time.Hour), Caption: "Low tide"})
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-48 * time.Hour), Caption: "The ferry", Type: "video"})
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-24 * time.Hour), Caption: "Around the quay", Type: "carousel"})
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithGraphURL(server.URL),
		instagram.WithAccessToken(server.AccessToken(me.ID)),
	)
	if err != nil {
		log.Fatal(err)
	}

	since := &instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(time.Date(2017, 5, 30, 0, 0, 0, 0, time.UTC))}
	for media, err := range client.Graph.UserMedia(instagram.Self, since).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(media.Timestamp.Format(time.DateOnly), media.MediaType, media.Caption)
		for _, part := range media.Children.Data {
			fmt.Println("          ", part.MediaType)
		}
	}
	// Output:
	// 2017-05-31 CAROUSEL_ALBUM Around the quay
	//            IMAGE
	//            VIDEO
	// 2017-05-30 VIDEO The ferry
}

// A program that was written for v1 moves by changing one call: what reads the list stays as it is.
func ExampleGraphService_Entries() {
	noon := time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)
	server := instagramtest.NewServer(instagramtest.WithTime(noon), instagramtest.WithMedia(0, 0))
	defer server.Close()
	me := server.Users()[0]
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-72 * time.Hour), Caption: "Low tide"})
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-48 * time.Hour), Caption: "The ferry", Type: "video"})
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-24 * time.Hour), Caption: "Around the quay", Type: "carousel"})
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithGraphURL(server.URL),
		instagram.WithAccessToken(server.AccessToken(me.ID)),
	)
	if err != nil {
		log.Fatal(err)
	}

	show := func(list *instagram.Pager[instagram.MediaEntry]) {
		for media, err := range list.All(context.Background()) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(media.CreatedTime.Format(time.DateOnly), media.Type, media.Caption.Text, len(media.CarouselMedia))
		}
	}
	fmt.Println("v1")
	show(client.Users.RecentMedia(instagram.Self, nil))
	fmt.Println("Graph")
	show(client.Graph.Entries(instagram.Self, nil))
	// Output:
	// v1
	// 2017-05-31 carousel Around the quay 2
	// 2017-05-30 video The ferry 0
	// 2017-05-29 image Low tide 0
	// Graph
	// 2017-05-31 carousel Around the quay 2
	// 2017-05-30 video The ferry 0
	// 2017-05-29 image Low tide 0
}

// A walk can turn round at any page, also long after the page was read.
func ExamplePage_Reverse() {
	noon := time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)
	server := instagramtest.NewServer(instagramtest.WithTime(noon), instagramtest.WithMedia(0, 0))
	defer server.Close()
	me := server.Users()[0]
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-72 * time.Hour), Caption: "Low tide"})
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-48 * time.Hour), Caption: "The ferry", Type: "video"})
	server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-24 * time.Hour), Caption: "Around the quay", Type: "carousel"})
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithGraphURL(server.URL),
		instagram.WithAccessToken(server.AccessToken(me.ID)),
	)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	pager := client.Graph.UserMedia(instagram.Self, &instagram.GraphMediaOptions{Limit: 1})
	var back instagram.Cursor
	for page, err := range pager.Pages(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.Items[0].Caption)
		back, _ = page.Reverse()
	}
	fmt.Println("and back")
	for media, err := range pager.From(back).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(media.Caption)
	}
	// Output:
	// Around the quay
	// The ferry
	// Low tide
	// and back
	// The ferry
	// Around the quay
}

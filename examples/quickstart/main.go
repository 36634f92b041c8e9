// Command quickstart shows the calls that a first program makes: the user's profile, the latest
// media, all media page by page, a like and a comment that are deleted again, a search near a
// place, the followers, and an error that is recognized by its kind.
//
// It starts a server of its own unless -base-url names another.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/instagramtest"
)

func main() { program.Main("quickstart", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("quickstart [flags]",
		"Shows what a first program does: a profile, media page by page, a like and a comment that\n"+
			"are taken back, a search near a place, followers, and an error told by its kind.")
	baseURL := flags.String("base-url", "", "the `URL` of a v1 server, such as https://api.example.com/v1 (default: one in this process)")
	token := flags.String("token", "", "the access `token` for -base-url")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	switch {
	case *baseURL != "" && *token == "":
		return program.UsageError("-base-url needs -token, an access token of that server")
	case *baseURL == "" && *token != "":
		return program.UsageError("-token needs -base-url, the server that it is for")
	}
	if *baseURL == "" {
		// The server's clock does not move, so every run prints the same.
		server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
		defer server.Close()
		program.OwnServer(status, server.URL)
		*baseURL = server.BaseURL()
		*token = server.AccessToken(server.Users()[0].Username)
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL(*baseURL),
		instagram.WithAccessToken(*token),
	)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *instagram.Client, io.Writer) error{
		whoAmI, latestMedia, allMedia, likeAndComment, searchNearby, followers, privateUser,
	} {
		if err := step(ctx, client, out); err != nil {
			return err
		}
	}
	return nil
}

func whoAmI(ctx context.Context, client *instagram.Client, out io.Writer) error {
	me, err := client.Users.Get(ctx, instagram.Self)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "I am %s (@%s): %d media, %d followers, follows %d\n\n",
		me.FullName, me.Username, me.Counts.Media, me.Counts.FollowedBy, me.Counts.Follows)
	return nil
}

func latestMedia(ctx context.Context, client *instagram.Client, out io.Writer) error {
	page, err := client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 5}).Next(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "POSTED\tTYPE\tLIKES\tCOMMENTS\tPLACE\tCAPTION")
	for _, media := range page.Items {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\t%s\n", media.CreatedTime.Format(time.DateOnly), media.Type,
			media.Likes.Count, media.Comments.Count, place(media), caption(media))
	}
	return table.Flush()
}

// A place and a caption are nil where a media has none.

func place(media *instagram.MediaEntry) string {
	if media.Location == nil {
		return "-"
	}
	return media.Location.Name
}

func caption(media *instagram.MediaEntry) string {
	if media.Caption == nil {
		return "-"
	}
	text := []rune(strings.Join(strings.Fields(media.Caption.Text), " "))
	if len(text) > 40 {
		text = append(text[:39], '…')
	}
	return string(text)
}

func allMedia(ctx context.Context, client *instagram.Client, out io.Writer) error {
	media, pages, first := 0, 0, time.Time{}
	for page, err := range client.Users.RecentMedia(instagram.Self, nil).Pages(ctx) {
		if err != nil {
			return err
		}
		pages++
		for _, entry := range page.Items {
			media++
			first = entry.CreatedTime
		}
	}
	fmt.Fprintf(out, "\nAll %d of them, on %d pages, go back to %s\n", media, pages, first.Format(time.DateOnly))
	return nil
}

func likeAndComment(ctx context.Context, client *instagram.Client, out io.Writer) error {
	for media, err := range client.Users.Feed(nil).All(ctx) {
		if err != nil {
			return err
		}
		if media.UserHasLiked {
			continue
		}
		if err := client.Likes.Like(ctx, media.ID); err != nil {
			return err
		}
		comment, err := client.Comments.Create(ctx, media.ID, "Lovely light in this one")
		if err != nil {
			return err
		}
		then, err := client.Media.Get(ctx, media.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "Liked and commented on a post of @%s: %d likes and %d comments, before %d and %d\n",
			media.User.Username, then.Likes.Count, then.Comments.Count, media.Likes.Count, media.Comments.Count)
		if comment != nil { // some servers do not return the comment
			if err := client.Comments.Delete(ctx, media.ID, comment.ID); err != nil {
				return err
			}
		}
		return client.Likes.Unlike(ctx, media.ID)
	}
	return nil
}

func searchNearby(ctx context.Context, client *instagram.Client, out io.Writer) error {
	const lat, lng = 48.858, 2.2945
	found, err := client.Media.Search(ctx, lat, lng, &instagram.MediaSearchOptions{Distance: 5000})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d media of the last five days within 5 km of %v, %v", len(found), lat, lng)
	if len(found) > 0 {
		fmt.Fprintf(out, ", the first %.0f m away", found[0].Distance)
	}
	fmt.Fprintln(out)
	return nil
}

func followers(ctx context.Context, client *instagram.Client, out io.Writer) error {
	var names []string
	for user, err := range client.Relationships.FollowedBy(instagram.Self, nil).All(ctx) {
		if err != nil {
			return err
		}
		names = append(names, "@"+user.Username)
	}
	fmt.Fprintf(out, "\n%d followers, lately %s\n", len(names), strings.Join(names[:min(4, len(names))], " "))
	return nil
}

func privateUser(ctx context.Context, client *instagram.Client, out io.Writer) error {
	for user, err := range client.Relationships.FollowedBy(instagram.Self, nil).All(ctx) {
		if err != nil {
			return err
		}
		_, err = client.Users.RecentMedia(user.ID, nil).Next(ctx)
		switch {
		case errors.Is(err, instagram.ErrNotAllowed):
			fmt.Fprintf(out, "@%s is private: %v\n", user.Username, err)
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

package main

import (
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/instagramtest"
)

// sample is both sides on a server of the program's own: v1 as it was recorded, and the Graph after
// some media were deleted and others posted.
func sample(ctx context.Context, s settings, status io.Writer) (sides, error) {
	start := time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)
	server, err := instagramtest.Start(instagramtest.WithTime(start), instagramtest.WithMedia(30, 5))
	if err != nil {
		return sides{}, err
	}
	program.OwnServer(status, server.URL)
	me := server.Users()[0]
	app, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), instagram.WithAccessToken(server.AccessToken(me.ID)),
		instagram.WithGraphURL(server.URL), instagram.WithGraphVersion("v26.0"),
		instagram.WithGraphOAuthEndpoint(instagram.OAuthEndpoint(server.BaseURL())),
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
	)
	if err != nil {
		server.Close()
		return sides{}, err
	}
	recorded, err := app.Users.RecentMedia(instagram.Self, nil).Collect(ctx, 1000)
	if err != nil {
		server.Close()
		return sides{}, err
	}
	server.DeleteMedia(recorded[3].ID)
	server.DeleteMedia(recorded[17].ID)
	server.Advance(30 * 24 * time.Hour)
	server.PostMedia(me.ID, instagramtest.Media{Caption: "Still here"})

	graph := app.WithGraphToken(server.GraphToken(me.ID))
	if s.login.addr != "" {
		if graph, err = s.signInOnSample(ctx, app, server, status); err != nil {
			server.Close()
			return sides{}, err
		}
	}
	v1 := func(context.Context) iter.Seq2[*instagram.MediaEntry, error] {
		return func(yield func(*instagram.MediaEntry, error) bool) {
			for _, entry := range recorded {
				if !yield(entry, nil) {
					return
				}
			}
		}
	}
	return sides{v1, graph.Graph.UserMedia(instagram.Self, graphFields).All(ctx), func() { app.Close(); server.Close() }}, nil
}

// signInOnSample has somebody sign in to the server, and keeps the token for this run alone.
func (s settings) signInOnSample(ctx context.Context, app *instagram.Client, server *instagramtest.Server, status io.Writer) (*instagram.Client, error) {
	dir, err := os.MkdirTemp("", "move")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := tokenFile(filepath.Join(dir, "token.json"))
	s.login.clientID, s.login.secret = server.ClientID, server.ClientSecret
	if err := s.login.run(ctx, app, file, status); err != nil {
		return nil, err
	}
	return file.client(app)
}

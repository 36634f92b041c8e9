// Command move compares what v1 had of a user with what the Graph tells today. It joins the two by
// shortcode, and prints what is on one side only.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
)

func main() { program.Main("move", run) }

const about = `Compares the media of a user in v1, which are read from an ARCHIVE or a server, with those
that the Graph tells of today, and prints what is on one side only. The secret of the app,
for -login, is in the environment: INSTAGRAM_CLIENT_SECRET.`

// settings are what the flags say.
type settings struct {
	v1       *program.API
	archive  []string
	graphURL string
	token    tokenFile
	login    login
}

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("move [flags] [ARCHIVE ...]", about).Arguments(0, 1<<16)
	s := settings{v1: flags.API()}
	flags.StringVar(&s.graphURL, "graph-url", instagram.DefaultGraphURL, "the `URL` of the Graph")
	flags.StringVar((*string)(&s.token), "graph-token", "", "the `FILE` that keeps the token for the Graph, as -login writes it")
	flags.StringVar(&s.login.addr, "login", "", "sign in to the Graph with a browser, at this `ADDRESS`, such as 127.0.0.1:8080")
	flags.StringVar(&s.login.redirect, "redirect", "", "the `URL` that leads to that address, as it is registered (default: http://ADDRESS/callback)")
	flags.StringVar(&s.login.clientID, "client-id", "", "the `ID` of the Instagram app, for -login")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	s.archive = flags.Args()
	s.login.secret = os.Getenv("INSTAGRAM_CLIENT_SECRET")
	own := len(s.archive) == 0 && s.v1.BaseURL == ""
	if !own && s.token == "" {
		return program.UsageError("-graph-token is missing, the file with the token for the Graph")
	}

	var sides sides
	var err error
	if own {
		sides, err = sample(ctx, s, status)
	} else {
		sides, err = s.open(ctx, status)
	}
	if err != nil {
		return err
	}
	defer sides.close()
	return compare(ctx, sides, out)
}

// open opens the two sides that the flags name.
func (s settings) open(ctx context.Context, status io.Writer) (sides, error) {
	app, err := instagram.NewClient(append(s.login.options(), instagram.WithGraphURL(s.graphURL), instagram.WithGraphVersion("v26.0"))...)
	if err != nil {
		return sides{}, err
	}
	if s.login.addr != "" {
		if err := s.login.run(ctx, app, s.token, status); err != nil {
			return sides{}, err
		}
	}
	graph, err := s.token.client(app)
	if err != nil {
		return sides{}, err
	}
	media, closeV1, err := s.openV1(status)
	if err != nil {
		return sides{}, err
	}
	return sides{media, graph.Graph.UserMedia(instagram.Self, graphFields).All(ctx), func() { closeV1(); graph.Close() }}, nil
}

// compare prints what is on one side only.
func compare(ctx context.Context, s sides, out io.Writer) error {
	v1, err := byNumber(s.v1(ctx))
	if err != nil {
		return fmt.Errorf("v1: %w", err)
	}
	both := 0
	var added []*instagram.GraphMedia
	for media, err := range s.graph {
		if err != nil {
			return fmt.Errorf("graph: %w", err)
		}
		number := graphNumber(media)
		if _, ok := v1[number]; ok {
			both++
			delete(v1, number)
		} else {
			added = append(added, media)
		}
	}
	fmt.Fprintf(out, "On both sides: %d\n\nIn v1 only: %d\n", both, len(v1))
	for _, entry := range newestFirst(v1) {
		fmt.Fprintln(out, " ", entry.CreatedTime.Format(time.DateOnly), entry.Link)
	}
	fmt.Fprintf(out, "\nOn the Graph only: %d\n", len(added))
	for _, media := range added {
		fmt.Fprintln(out, " ", media.Timestamp.Format(time.DateOnly), media.Permalink)
	}
	return nil
}

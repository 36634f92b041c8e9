// Command backup saves the whole account of a user: profile, media with their
// best pictures and videos, comments, likes, followers and follows, as JSON
// Lines and files, and a page to look at it all.
//
//	go -C examples/backup run . -out DIR
//
// It can be stopped at any moment and started again with the same DIR: it then
// goes on, or renews what has changed. Without -base-url it saves the first user
// of a server in this process.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/instagramtest"
)

func main() { program.Main("backup", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("backup -out DIR [flags]",
		"Saves the whole account of a user to a directory, with a page to look at it. It can be\n"+
			"stopped at any moment. The same command goes on, or renews what has changed.")
	dir := flags.String("out", "", "the `directory` to save to; it is made if it is not there")
	from := flags.String("from", "", "only make the page again, from what this `directory` holds")
	user := flags.String("user", instagram.Self, "the `id` of the user to save")
	parallel := flags.AtLeast(1, "parallel", 4, "how many files and lists to fetch at a time")
	baseURL := flags.String("base-url", "", "the `URL` of a v1 server, such as https://api.example.com/v1 (default: one in this process)")
	token := flags.String("token", "", "the access `token` for -base-url")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	switch {
	case *from != "":
		return remakePage(*from, out)
	case *dir == "":
		return program.UsageError("-out is missing, the directory to save to")
	case *baseURL != "" && *token == "":
		return program.UsageError("-base-url needs -token, an access token of that server")
	case *baseURL == "":
		server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
		defer server.Close()
		program.OwnServer(status, server.URL)
		*baseURL = server.BaseURL()
		*token = server.AccessToken(server.Users()[0].Username)
	}
	progress := newProgress(hiding{out, *token}, status)
	limiter, err := newLimiter(progress.waiting)
	if err != nil {
		return err
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL(*baseURL),
		instagram.WithAccessToken(*token),
		instagram.WithLimiter(limiter),
		instagram.WithLenientDecoding(),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	store, err := openStore(*dir)
	if err != nil {
		return err
	}
	defer store.Close()
	b := &backup{client: client, baseURL: *baseURL, store: store, user: *user, parallel: *parallel, progress: progress}
	if err := b.save(ctx); err != nil {
		return hideIn(err, *token)
	}
	return writePage(store, hiding{out, *token})
}

// hideIn keeps the token out of an error: a server may have put it anywhere. An
// interruption says how to go on.
func hideIn(err error, token string) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped; the same command goes on from here")
	}
	return errors.New(hide(err.Error(), token))
}

func remakePage(dir string, out io.Writer) error {
	if _, err := os.Stat(filepath.Join(dir, profileFile)); err != nil {
		return fmt.Errorf("%s holds no backup: %w", dir, err)
	}
	store, err := openStore(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	return writePage(store, out)
}

// Command backup saves the whole account of a user: profile, media with their best pictures and
// videos, comments, likes, followers and follows, as JSON Lines and files, and a page to look at it
// all.
//
//	go -C examples/backup run . -out DIR
//
// It can be stopped at any moment. The same command then goes on. If the backup is complete, the
// same command fetches what has changed. Without -base-url it saves the first user of a server in
// this process.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
)

func main() { program.Main("backup", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("backup -out DIR [flags]",
		"Saves the whole account of a user to a directory, with a page to look at it. It can be\n"+
			"stopped at any moment. The same command then goes on. If the backup is complete, it\n"+
			"fetches what has changed.")
	dir := flags.String("out", "", "the `directory` to save to; it is made if it is not there")
	from := flags.String("from", "", "only make the page again, from what this `directory` holds")
	user := flags.String("user", instagram.Self, "the `id` of the user to save")
	parallel := flags.AtLeast(1, "parallel", 4, "how many files and lists to fetch at a time")
	api := flags.API()
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	if *from != "" {
		return remakePage(*from, out)
	}
	if *dir == "" {
		return program.UsageError("-out is missing, the directory to save to")
	}
	progress := newProgress(hiding{out, api.Token}, status)
	limiter, err := newLimiter(progress.waiting)
	if err != nil {
		return err
	}
	client, stop, err := api.Client(status, instagram.WithLimiter(limiter), instagram.WithLenientDecoding())
	if err != nil {
		return err
	}
	defer stop()
	store, err := openStore(*dir)
	if err != nil {
		return err
	}
	defer store.Close()
	b := &backup{client: client, baseURL: api.BaseURL, store: store, user: *user, parallel: *parallel, progress: progress}
	if err := b.save(ctx); err != nil {
		return hideIn(err, api.Token)
	}
	return writePage(store, hiding{out, api.Token})
}

// hideIn removes the token from an error, because a server can send it back in any text. The error
// of a Ctrl-C says how to go on.
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

// Command backup saves the whole account of a user: profile, media with their
// best pictures and videos, comments, likes, followers and follows, as JSON
// Lines and files, and a page to look at it all.
//
//	go -C examples/backup run . -out DIR
//
// It can be stopped at any moment and started again with the same DIR. Without
// -base-url it saves the first user of a server in this process.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "backup: stopped; the same command goes on from here")
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "backup:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	dir := flags.String("out", "", "the directory to save to; it is made if need be")
	from := flags.String("from", "", "only make the page again, from what this directory holds")
	user := flags.String("user", instagram.Self, "the id of the user to save")
	parallel := flags.Int("parallel", 4, "how many files and lists to fetch at a time")
	baseURL := flags.String("base-url", "", "the v1 server, such as https://api.example.com/v1 (default: one in this process)")
	token := flags.String("token", "", "the access token for -base-url")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *from != "" {
		return remakePage(*from, out)
	}
	if *dir == "" {
		return errors.New("say where to save to with -out")
	}
	if *parallel < 1 {
		return errors.New("-parallel must be at least 1")
	}
	if *baseURL == "" {
		server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
		defer server.Close()
		*baseURL = server.BaseURL()
		*token = server.AccessToken(server.Users()[0].Username)
	}
	limiter, err := instagram.NewHourlyLimiter(instagram.HourlyLimits{}) // those that the server tells
	if err != nil {
		return err
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL(*baseURL),
		instagram.WithAccessToken(*token),
		instagram.WithLimiter(limiter),
	)
	if err != nil {
		return err
	}
	store, err := openStore(*dir)
	if err != nil {
		return err
	}
	defer store.Close()
	b := &backup{
		client:   client,
		files:    &http.Client{Timeout: 5 * time.Minute},
		store:    store,
		user:     *user,
		parallel: *parallel,
		progress: newProgress(out),
	}
	if err := b.save(ctx); err != nil {
		return err
	}
	return writePage(store, out)
}

func remakePage(dir string, out io.Writer) error {
	if _, err := os.Stat(dir); err != nil {
		return err
	}
	store, err := openStore(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	return writePage(store, out)
}

// Command server-test shows how to test a program that calls the API.
//
// welcome.go is the program: it welcomes, with a comment, whoever posts under a
// tag. welcome_test.go has its tests, and they are what to look at: each has a
// server of its own, in the same process, and shows one thing it can do.
//
//	go test -v ./examples/server-test
//
// Run as a program, it welcomes those of the server's made-up users who have
// posted under a tag.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "server-test:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("server-test", flag.ContinueOnError)
	tag := flags.String("tag", "goldenhour", "the tag under which to welcome people")
	most := flags.Int("most", 5, "how many to welcome at most")
	if err := flags.Parse(args); err != nil {
		return err
	}
	server := instagramtest.NewServer()
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken(server.Users()[0].Username)),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	welcomed, err := welcome(ctx, client, *tag, *most)
	for _, name := range welcomed {
		fmt.Fprintln(out, "welcomed", name)
	}
	return err
}

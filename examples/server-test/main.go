// Command server-test shows how to test a program that calls the API.
//
// welcome.go is the program. It writes a comment for everyone who posts under a tag. The tests in
// welcome_test.go are the part to read: each starts a server in the same process, and shows one
// thing that the server can do.
//
//	go test -v ./examples/server-test
//
// Run as a program, it writes the comments on a server of its own, with invented users.
package main

import (
	"context"
	"fmt"
	"io"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/instagramtest"
)

func main() { program.Main("server-test", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("server-test [flags]",
		"Welcomes, with a comment, those of the server's made-up users who have posted under a tag.\n"+
			"Its tests are what to look at: go test -v ./examples/server-test")
	tag := flags.String("tag", "goldenhour", "the `tag` under which to welcome people")
	most := flags.AtLeast(0, "most", 5, "the largest `number` of people to welcome")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	server := instagramtest.NewServer()
	defer server.Close()
	program.OwnServer(status, server.URL)
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

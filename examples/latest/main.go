// Command latest prints the 50 latest media of a user, and in the next run the 50 before those.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
)

func main() { program.Main("latest", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("latest [flags] FILE", "Prints the 50 latest media. The next run with the same FILE prints the 50 before.").Arguments(1, 1)
	api := flags.API()
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	client, stop, err := api.Client(status)
	if err != nil {
		return err
	}
	defer stop()
	place, err := os.ReadFile(flags.Arg(0))
	if err != nil && !os.IsNotExist(err) { // there is none before the first run
		return err
	}
	pager := client.Users.RecentMedia(instagram.Self, nil).From(instagram.Cursor(place))
	latest, err := pager.Collect(ctx, 50)
	if err != nil {
		return err
	}
	for _, media := range latest {
		fmt.Fprintln(out, media.CreatedTime, media.Link)
	}
	return os.WriteFile(flags.Arg(0), []byte(pager.Cursor()), 0o600)
}

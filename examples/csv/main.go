// Command csv prints the media that recorded answers and exports hold as CSV.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
	"github.com/igv1/instagram/examples/internal/program"
)

func main() { program.Main("csv", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("csv PATH...", "Prints the media in folders, files and zips as CSV, with their likes and comments.").Arguments(1, 1000)
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	recorded, err := archive.Open(flags.Args()...)
	if err != nil {
		return err
	}
	defer recorded.Close()
	table := csv.NewWriter(out)
	_ = table.Write([]string{"id", "posted", "user", "likes", "comments", "link"}) // Error returns what goes wrong
	unread := 0
	for media, err := range recorded.Media(ctx) {
		if err != nil { // one entry that cannot be read; the others can
			fmt.Fprintln(status, program.Line(err.Error()))
			if _, failed := errors.AsType[*instagram.Error](err); !failed { // nothing is lost by the answer to a failed call
				unread++
			}
			continue
		}
		m := media.Value
		_ = table.Write([]string{m.ID, m.CreatedTime.Format(time.DateTime), m.User.Username,
			fmt.Sprint(m.Likes.Count), fmt.Sprint(m.Comments.Count), m.Link})
	}
	table.Flush()
	if err := table.Error(); err != nil || unread == 0 {
		return err
	}
	return fmt.Errorf("the table lacks what could not be read: %d of the entries or files above", unread)
}

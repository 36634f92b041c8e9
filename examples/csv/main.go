// Command csv prints the media that recorded answers and exports hold as CSV.
package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"time"

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
	for media, err := range recorded.Media(ctx) {
		if m := media.Value; err == nil {
			_ = table.Write([]string{m.ID, m.CreatedTime.Format(time.DateTime), m.User.Username, fmt.Sprint(m.Likes.Count), fmt.Sprint(m.Comments.Count), m.Link})
		} else { // one entry that cannot be read; the others can
			fmt.Fprintln(status, program.Line(err.Error()))
		}
	}
	if table.Flush(); recorded.Report().Total().Broken > 0 {
		return fmt.Errorf("the table lacks %d entries or files, see above", recorded.Report().Total().Broken)
	}
	return table.Error()
}

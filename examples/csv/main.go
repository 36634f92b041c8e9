// Command csv prints the media in a folder of recorded answers as CSV.
package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
)

func main() { program.Main("csv", run) }

func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("csv DIR", "Prints the media in a folder of recorded answers as CSV.").Arguments(1, 1)
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	table, folder := csv.NewWriter(out), os.DirFS(flags.Arg(0))
	defer table.Flush()
	return fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || ctx.Err() != nil {
			return err
		}
		text, err := fs.ReadFile(folder, path)
		for m, err := range instagram.DecodeAll[instagram.MediaEntry](bytes.NewReader(text)) {
			if err != nil {
				fmt.Fprintln(status, program.Line(fmt.Sprint(path, ": ", err)))
			} else if m.Type != "" { // what has no type is a comment, a user or a tag
				_ = table.Write([]string{m.ID, m.CreatedTime.Format("2006-01-02 15:04:05"), m.User.Username, fmt.Sprint(m.Likes.Count), fmt.Sprint(m.Comments.Count)})
			}
		}
		return err
	})
}

// Command archive reads recorded v1 answers of any year and prints what is in
// them: media by year, tag, place and author.
//
//	go -C examples/archive run . PATH...
//
// A PATH is a file, a directory of them, or - for standard input. Files end in
// .json, .jsonl or .ndjson, and in .gz too where they are compressed. It needs no
// server, and holds as little memory for a terabyte as for a kilobyte. Without
// a PATH it reads a sample that it makes up.
package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
)

func main() {
	program.Main("archive", func(ctx context.Context, args []string, out, status io.Writer) error {
		return run(ctx, args, os.Stdin, out, status)
	})
}

func run(ctx context.Context, args []string, in io.Reader, out, status io.Writer) error {
	flags := program.NewFlags("archive [flags] [PATH...]",
		"Counts the media in recorded v1 answers of any year by year, tag, place and author. A PATH is\n"+
			"a file, a directory of .json, .jsonl and .ndjson files (or .gz of them), or - for standard\n"+
			"input. Without a PATH it reads a sample that it makes up.").Arguments(0, math.MaxInt)
	top := flags.AtLeast(0, "top", 8, "how many tags, places and authors to print")
	sampleMB := flags.AtLeast(1, "sample", 8, "how many MB of sample to read where no PATH is given")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	inputs := []input{{name: "a made-up sample", size: int64(*sampleMB) << 20, open: func() (io.ReadCloser, error) {
		return io.NopCloser(newSample(int64(*sampleMB) << 20)), nil
	}}}
	if flags.NArg() > 0 {
		var err error
		if inputs, err = findInputs(ctx, flags.Args(), in); err != nil {
			return err
		}
	}
	var size int64
	for _, input := range inputs {
		size += input.size
	}
	bar := newBar(status, max(size, 1))
	started := time.Now()
	totals := newTotals()
	for _, input := range inputs {
		if err := readInput(ctx, input, bar, totals, status); err != nil {
			return err
		}
	}
	_ = bar.Finish() // a bar that cannot be drawn stops nothing
	totals.print(out, *top)
	seconds := time.Since(started).Seconds()
	fmt.Fprintf(status, "%d MB in %.1f s, %.0f MB/s\n", size>>20, seconds, float64(size>>20)/seconds)
	return nil
}

// An input is something to read.
type input struct {
	name string
	size int64 // 0 if it is not known
	open func() (io.ReadCloser, error)
}

var recorded = regexp.MustCompile(`\.(json|jsonl|ndjson)(\.gz)?$`)

// findInputs lists the files that the paths lead to. A file that is named is
// read whatever its name.
func findInputs(ctx context.Context, paths []string, in io.Reader) ([]input, error) {
	var inputs []input
	for _, path := range paths {
		if path == "-" {
			inputs = append(inputs, input{name: "standard input", open: func() (io.ReadCloser, error) { return untilEnd(ctx, in), nil }})
			continue
		}
		err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || (name != path && !recorded.MatchString(name)) {
				return err
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			inputs = append(inputs, input{name, info.Size(), func() (io.ReadCloser, error) { return os.Open(name) }})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return inputs, nil
}

// untilEnd reads what in does, and ends when the context does, even while nothing
// comes.
func untilEnd(ctx context.Context, in io.Reader) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	return r
}

func readInput(ctx context.Context, input input, bar io.Writer, totals *totals, status io.Writer) error {
	file, err := input.open()
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := decompressed(io.TeeReader(file, unfailing{bar}))
	if err != nil {
		return fmt.Errorf("%s: %w", input.name, err)
	}
	for media, err := range instagram.DecodeAll[instagram.MediaEntry](data) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if totals.failed++; totals.failed <= maxComplaints {
				fmt.Fprintln(status, program.Line(fmt.Sprintf("%s: %v", input.name, err)))
			}
			continue
		}
		totals.add(media)
	}
	return nil
}

// unfailing keeps a bar's trouble from the data: a file may be longer than it was.
type unfailing struct{ io.Writer }

func (u unfailing) Write(p []byte) (int, error) {
	_, _ = u.Writer.Write(p)
	return len(p), nil
}

// maxComplaints is how many entries that do not decode are told one by one.
const maxComplaints = 10

// decompressed looks for gzip's first bytes, whatever the file is called.
func decompressed(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<20)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		return gzip.NewReader(buffered)
	}
	return buffered, nil
}

// newBar draws on a terminal only.
func newBar(status io.Writer, size int64) *progressbar.ProgressBar {
	file, ok := status.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return progressbar.DefaultBytesSilent(size)
	}
	return progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(status),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionFullWidth(),
		progressbar.OptionClearOnFinish(),
	)
}

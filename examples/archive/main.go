// Command archive reads recorded v1 answers of any year and prints what is in them: media by year,
// tag, place and author.
//
//	go -C examples/archive run . PATH...
//
// A PATH is a file, a directory with files, or - for standard input. In a directory it reads files
// that end in .json, .jsonl or .ndjson, and those with .gz behind that. It needs no server. Its
// memory does not grow with the size of the files. Without a PATH it reads an invented sample.
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
			"input. Without a PATH it reads an invented sample.").Arguments(0, math.MaxInt)
	top := flags.AtLeast(0, "top", 8, "how many tags, places and authors to print")
	sampleMB := flags.AtLeast(1, "sample", 8, "how many MB of sample to read where no PATH is given")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	inputs := []input{{name: "the sample", size: int64(*sampleMB) << 20, open: func() (io.ReadCloser, error) {
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
	_ = bar.Finish() // an error of the bar does not matter
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

// findInputs lists the files at the paths. A path of a file may have any name.
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

// untilEnd returns a reader of in that ends when the context ends, even if a Read of in does not
// return.
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

// unfailing is a writer without errors. The bar returns one if a file has grown, which must not end
// the reading.
type unfailing struct{ io.Writer }

func (u unfailing) Write(p []byte) (int, error) {
	_, _ = u.Writer.Write(p)
	return len(p), nil
}

// maxComplaints is how many errors are printed.
const maxComplaints = 10

// decompressed recognizes gzip by its first bytes, not by the name of the file.
func decompressed(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<20)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		return gzip.NewReader(buffered)
	}
	return buffered, nil
}

// newBar returns a bar that is drawn only if status is a terminal.
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

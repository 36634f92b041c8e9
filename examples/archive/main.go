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
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/igv1/instagram"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "archive:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out, status io.Writer) error {
	flags := flag.NewFlagSet("archive", flag.ContinueOnError)
	flags.SetOutput(status)
	top := flags.Int("top", 8, "how many tags, places and authors to print")
	sampleMB := flags.Int("sample", 8, "how many MB of sample to read where no PATH is given")
	if err := flags.Parse(args); err != nil {
		return err
	}
	inputs := []input{{name: "a made-up sample", size: int64(*sampleMB) << 20, open: func() (io.ReadCloser, error) {
		return io.NopCloser(newSample(int64(*sampleMB) << 20)), nil
	}}}
	if flags.NArg() > 0 {
		var err error
		if inputs, err = findInputs(flags.Args(), in); err != nil {
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
func findInputs(paths []string, in io.Reader) ([]input, error) {
	var inputs []input
	for _, path := range paths {
		if path == "-" {
			inputs = append(inputs, input{name: "standard input", open: func() (io.ReadCloser, error) { return io.NopCloser(in), nil }})
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
				fmt.Fprintf(status, "%s: %v\n", input.name, err)
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

// Command igarchive makes something of an archive: figures, a table, a database, a page to look at,
// a server to run old programs on. An archive is a folder, a file or a .zip of whatever people hold
// of Instagram: recorded answers, cassettes, Instagram's own exports.
//
//	go run ./cmd/igarchive stats PATH...
//
// It is a module of its own; -C cmd/igarchive runs it from the top of the repository.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
	_ "github.com/igv1/instagram/archive/xz"   // .json.xz
	_ "github.com/igv1/instagram/archive/yaml" // cassettes
)

// The exit codes.
const (
	done        = 0
	failed      = 1
	misused     = 2
	incomplete  = 3 // done, but for entries that could not be read
	interrupted = 130
)

const usage = `igarchive makes something of an archive of Instagram.

usage: igarchive COMMAND [flags] PATH...

A PATH is a file, a folder, a .zip or - for standard input. The parts of one export go
together: igarchive stats export-part1.zip export-part2.zip

  stats     what is in it: by year, tag, place and author, and what could not be read
  csv       a table for spreadsheets
  jsonl     each entry as the API had it, one a line, .gz or .zst too
  parquet   a table for DuckDB, pandas and Spark
  sqlite    a database with a search over captions and comments
  page      a folder with a page to look at the pictures with
  serve     the v1 API over it, for programs that know no other

igarchive COMMAND -h tells the flags. The exit code is 0 when all is well, 1 when it failed,
2 for wrong usage, 3 when it is done but some entries could not be read, 130 when it was
interrupted.
`

// A command is one of the above.
type command struct {
	about string
	run   func(*job) error
	flags func(*job, *flag.FlagSet)
}

var commands = map[string]command{
	"stats":   {"Stats prints what is in an archive: media by year, tag, place and author, what was read of each\nformat, and what could not be read and why.", (*job).stats, (*job).statsFlags},
	"csv":     {"Csv writes a table with a line for each entry. Texts are as they were recorded: have\nthe spreadsheet take the columns as text, as it runs a text that begins with = otherwise.\n\nThe file gets its name when it is whole. A run that was stopped leaves what was there before,\nand the same command begins anew.", (*job).csv, (*job).tableFlags},
	"jsonl":   {"Jsonl writes each entry in the canonical form of v1, one a line. A name that ends in .gz\nor .zst is compressed so.\n\nThe file gets its name when it is whole. A run that was stopped leaves what was there before,\nand the same command begins anew.", (*job).jsonl, (*job).tableFlags},
	"parquet": {"Parquet writes a typed table, compressed with zstd, with a bloom filter on the id.\n\nThe file gets its name when it is whole. A run that was stopped leaves what was there before,\nand the same command begins anew.", (*job).parquet, (*job).tableFlags},
	"sqlite":  {"Sqlite writes a database with a table for each kind of entry. The table search is a\nfull-text index: SELECT * FROM search WHERE search MATCH 'harbour'.\n\nThe file gets its name when it is whole. A run that was stopped leaves what was there before,\nand the same command begins anew.", (*job).sqlite, (*job).fileFlags},
	"page":    {"Page writes a folder with index.html and all pictures. It needs no server.\n\nWhen it was stopped, the same command keeps the pictures that it has copied, and copies the rest.", (*job).page, (*job).folderFlags},
	"serve":   {"Serve runs the v1 API over the archive, until it is interrupted. It prints where it is\nand what to call it with.", (*job).serve, (*job).serveFlags},
}

// A job is one run of a command.
type job struct {
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer

	archive *archive.Archive
	bar     *bar
	broken  int // entries that could not be read
	told    int // errors

	out, kind, addr, title      string
	wire, top                   int
	strict, quiet, keep, folder bool // folder: out is one
	since, until                time.Time
	workers                     int
}

// ballast is never touched, and so takes no memory. By it the garbage collector runs as often as if
// that much were held: what is read is garbage at once, and with little else held it would run all
// the time.
var ballast []byte

func main() {
	ballast = make([]byte, 128<<20)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return misused
	}
	switch asked := slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]); {
	case asked && len(args) == 1:
		fmt.Fprint(stdout, usage)
		return done
	case asked:
		args = []string{args[1], "-h"}
	}
	command, known := commands[args[0]]
	if !known {
		fmt.Fprintf(stderr, "igarchive: there is no command %q; igarchive -h lists them\n", args[0])
		return misused
	}
	j := &job{ctx: ctx, stdout: stdout, stderr: stderr}
	paths, err := j.parse(args[0], command, args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return done
	case err != nil:
		fmt.Fprintf(stderr, "igarchive %s: %v\n", args[0], err)
		return misused
	}
	return j.finish(args[0], j.do(command, paths))
}

// do opens the archive and runs the command.
func (j *job) do(command command, paths []string) error {
	opened, err := archive.Open(paths...)
	if err != nil {
		return err
	}
	defer opened.Close()
	j.bar = newBar(j.stderr, j.quiet)
	defer j.bar.finish()
	opts := []archive.Option{archive.Without(j.written(paths)...), archive.Since(j.since), archive.Until(j.until), archive.OnProgress(j.bar.report)}
	if j.workers > 0 {
		opts = append(opts, archive.Workers(j.workers))
	}
	if j.strict {
		opts = append(opts, archive.Strict())
	}
	if j.keep {
		opts = append(opts, archive.KeepDuplicates())
	}
	j.archive = opened.With(opts...)
	if err := j.found(paths); err != nil {
		return err
	}
	return command.run(j)
}

// found fails if there is nothing to make anything of. It does the first of the two passes, which
// every command needs; without that there is no telling beforehand.
func (j *job) found(paths []string) error {
	if j.keep {
		return nil
	}
	for _, err := range j.archive.Of(j.ctx) {
		return err // of no kind there are only errors that end it
	}
	total := j.archive.Report().Total()
	if len(total.Read) > 0 || total.Failed > 0 {
		return nil
	}
	reasons := slices.Sorted(maps.Keys(total.Skipped))
	for _, err := range j.archive.All(j.ctx) {
		if err != nil && len(reasons) < maxReasons {
			reasons = append(reasons, strings.TrimPrefix(err.Error(), "archive: "))
		}
	}
	if len(reasons) == 0 {
		reasons = []string{"it holds no JSON; an export must be asked for in that format"}
	}
	return fmt.Errorf("nothing to read in %s: %s", strings.Join(paths, ", "), strings.Join(reasons[:min(len(reasons), maxReasons)], "; "))
}

// maxReasons is how many reasons are told why there is nothing.
const maxReasons = 5

// finish tells how it went.
func (j *job) finish(name string, err error) int {
	switch {
	case j.ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)):
		if name == "serve" {
			return done
		}
		fmt.Fprintf(j.stderr, "igarchive %s: interrupted%s\n", name, j.afterwards(name))
		return interrupted
	case err != nil:
		fmt.Fprintf(j.stderr, "igarchive %s: %s\n", name, strings.TrimPrefix(err.Error(), "archive: "))
		return failed
	case j.broken > 0:
		more := "; igarchive stats tells more"
		if name == "stats" {
			more = ""
		}
		fmt.Fprintf(j.stderr, "igarchive %s: done, but %s could not be read%s\n", name, count(j.broken, "entry", "entries"), more)
		return incomplete
	}
	return done
}

// afterwards says what there is when a command was interrupted, and what the same one will do.
func (j *job) afterwards(name string) string {
	switch {
	case name == "page":
		return "; the same command goes on, and keeps the pictures that it has copied"
	case j.out == "" || j.out == "-":
		return ""
	default:
		return "; " + j.out + " is as it was before, and the same command begins anew"
	}
}

// complain tells of an entry that could not be read, or of the recorded answer to a call that
// failed, by which nothing is lost.
func (j *job) complain(err error) {
	if _, failed := errors.AsType[*instagram.Error](err); !failed {
		j.broken++
	}
	if j.told++; j.told <= maxComplaints && !j.quiet {
		j.bar.clear()
		fmt.Fprintln(j.stderr, strings.TrimPrefix(err.Error(), "archive: "))
	}
}

// maxComplaints is how many broken entries are told one by one.
const maxComplaints = 10

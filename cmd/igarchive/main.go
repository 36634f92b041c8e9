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
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

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
	"stats":   {"Stats prints what is in an archive.", (*job).stats, (*job).statsFlags},
	"csv":     {"Csv writes a table with a line for each entry. Texts are as they were recorded: have\nthe spreadsheet take the columns as text, as it runs a text that begins with = otherwise.", (*job).csv, (*job).tableFlags},
	"jsonl":   {"Jsonl writes each entry in the canonical form of v1, one a line. A name that ends in .gz\nor .zst is compressed so.", (*job).jsonl, (*job).tableFlags},
	"parquet": {"Parquet writes a typed table, compressed with zstd, with a bloom filter on the id.", (*job).parquet, (*job).tableFlags},
	"sqlite":  {"Sqlite writes a database with a table for each kind of entry. The table search is a\nfull-text index: SELECT * FROM search WHERE search MATCH 'harbour'.", (*job).sqlite, (*job).fileFlags},
	"page":    {"Page writes a folder with index.html and all pictures. It needs no server. When it was\nstopped, the same command goes on from there.", (*job).page, (*job).folderFlags},
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

	out, kind, addr, title      string
	wire, top                   int
	strict, quiet, keep, report bool
	since, until                time.Time
	workers                     int
}

func main() {
	debug.SetGCPercent(400) // what is read is garbage at once; memory stays within 100 MB
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return misused
	}
	if args[0] == "-h" || args[0] == "--help" || args[0] == "help" {
		fmt.Fprint(stdout, usage)
		return done
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
	opts := []archive.Option{archive.Since(j.since), archive.Until(j.until), archive.OnProgress(j.bar.report)}
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
	report := j.archive.Report()
	total := report.Total()
	if len(total.Read) > 0 || total.Failed > 0 || total.Broken > 0 {
		return nil
	}
	reasons := slices.Sorted(maps.Keys(total.Skipped))
	if len(reasons) == 0 {
		reasons = []string{"it holds no JSON; an export must be asked for in that format"}
	}
	return fmt.Errorf("nothing to read in %s: %s", strings.Join(paths, ", "), strings.Join(reasons[:min(len(reasons), 5)], "; "))
}

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
		entries, more := "1 entry", "; igarchive stats tells more"
		if j.broken > 1 {
			entries = fmt.Sprintf("%d entries", j.broken)
		}
		if name == "stats" {
			more = ""
		}
		fmt.Fprintf(j.stderr, "igarchive %s: done, but %s could not be read%s\n", name, entries, more)
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

// parse reads the flags and returns the paths.
func (j *job) parse(name string, command command, args []string) ([]string, error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&j.strict, "strict", false, "end at the first entry that cannot be read")
	flags.BoolVar(&j.quiet, "quiet", false, "draw no progress bar and tell no single errors")
	flags.BoolVar(&j.keep, "duplicates", false, "keep entries that were recorded more than once")
	flags.IntVar(&j.workers, "workers", 0, "`number` of files to read at a time (default: that of the cores)")
	flags.Func("since", "leave out what was made before this `date`, such as 2015-01-31", dateFlag(&j.since))
	flags.Func("until", "leave out what was made from this `date` on", dateFlag(&j.until))
	command.flags(j, flags)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(j.stdout, "%s\n\nusage: igarchive %s [flags] PATH...\n", command.about, name)
			flags.SetOutput(j.stdout)
			flags.PrintDefaults()
		}
		return nil, err
	}
	if flags.NArg() == 0 {
		return nil, errors.New("name a file or a folder to read, or - for standard input")
	}
	return flags.Args(), j.check(name)
}

func dateFlag(t *time.Time) func(string) error {
	return func(text string) (err error) {
		*t, err = time.Parse(time.DateOnly, text)
		if err != nil {
			err = errors.New("want a date such as 2015-01-31")
		}
		return err
	}
}

// check refuses what makes no sense before anything is read.
func (j *job) check(name string) error {
	switch {
	case (name == "sqlite" || name == "parquet") && (j.out == "" || j.out == "-"):
		return errors.New("say where to write to with -o FILE")
	case name == "page" && j.out == "":
		return errors.New("say where to write to with -o DIR")
	case (name == "csv" || name == "jsonl" || name == "parquet") && !isKind(j.kind):
		return fmt.Errorf("-kind must be one of %s", strings.Join(kindNames(), ", "))
	case name == "serve" && j.wire != 2011 && j.wire != 2013 && j.wire != 2017:
		return fmt.Errorf("-wire must be 2011, 2013 or 2017, not %d", j.wire)
	case j.workers < 0:
		return errors.New("-workers must be at least 1")
	}
	return nil
}

func (j *job) tableFlags(flags *flag.FlagSet) {
	flags.StringVar(&j.out, "o", "", "`file` to write (default: standard output; parquet needs a file)")
	flags.StringVar(&j.kind, "kind", "media", "which `kind` of entries: "+strings.Join(kindNames(), ", "))
}

func (j *job) fileFlags(flags *flag.FlagSet) {
	flags.StringVar(&j.out, "o", "", "`file` to write; it is replaced")
}

func (j *job) folderFlags(flags *flag.FlagSet) {
	flags.StringVar(&j.out, "o", "", "`folder` to write; it is made if need be")
	flags.StringVar(&j.title, "title", "", "`title` of the page (default: the name of the account)")
}

func (j *job) statsFlags(flags *flag.FlagSet) {
	flags.IntVar(&j.top, "top", 8, "how `many` tags, places and authors to print")
}

func (j *job) serveFlags(flags *flag.FlagSet) {
	flags.StringVar(&j.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	flags.IntVar(&j.wire, "wire", 2017, "`year` of the API: 2011, 2013 or 2017")
}

// complain tells of an entry that could not be read.
func (j *job) complain(err error) {
	if j.broken++; j.broken <= maxComplaints && !j.quiet {
		j.bar.clear()
		fmt.Fprintln(j.stderr, strings.TrimPrefix(err.Error(), "archive: "))
	}
}

// maxComplaints is how many broken entries are told one by one.
const maxComplaints = 10

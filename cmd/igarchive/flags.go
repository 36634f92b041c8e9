package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/igv1/instagram/archive/page"
)

// parse reads the flags, which may stand behind paths too, and returns the paths.
func (j *job) parse(name string, command command, args []string) (paths []string, _ error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&j.strict, "strict", false, "end at the first entry that cannot be read")
	flags.BoolVar(&j.quiet, "quiet", false, "draw no progress bar and tell no single errors")
	flags.BoolVar(&j.keep, "duplicates", false, "keep entries that were recorded more than once; the files are read once instead of twice")
	flags.IntVar(&j.workers, "workers", 0, "`number` of files to read at a time (default: that of the cores)")
	flags.Func("since", "leave out what was made before this `date`, such as 2015-01-31", dateFlag(&j.since))
	flags.Func("until", "leave out what was made from this `date` on", dateFlag(&j.until))
	command.flags(j, flags)
	for len(args) > 0 {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(j.stdout, "%s\n\nusage: igarchive %s [flags] PATH...\n", command.about, name)
			flags.SetOutput(j.stdout)
			flags.PrintDefaults()
			return nil, err
		} else if err != nil {
			return nil, fmt.Errorf("%w; igarchive %s -h tells the flags", err, name)
		}
		rest := flags.Args()
		if last := len(args) - len(rest) - 1; last >= 0 && args[last] == "--" {
			paths = append(paths, rest...)
			break
		}
		if args = nil; len(rest) > 0 {
			paths, args = append(paths, rest[0]), rest[1:]
		}
	}
	if len(paths) == 0 {
		return nil, errors.New("name a file or a folder to read, or - for standard input")
	}
	for _, table := range tables {
		if j.kind == table.name { // people say comments
			j.kind = string(table.kind)
		}
	}
	if err := j.check(name); err != nil {
		return nil, err
	}
	return paths, j.checkOutput(name, paths)
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
	_, _, badAddr := net.SplitHostPort(j.addr)
	switch {
	case (name == "sqlite" || name == "parquet") && (j.out == "" || j.out == "-"):
		return errors.New("say where to write to with -o FILE")
	case name == "page" && (j.out == "" || j.out == "-"):
		return errors.New("say where to write to with -o DIR")
	case (name == "csv" || name == "jsonl" || name == "parquet") && !isKind(j.kind):
		return fmt.Errorf("-kind must be one of %s", strings.Join(kindNames(), ", "))
	case name == "serve" && j.wire != 2011 && j.wire != 2013 && j.wire != 2017:
		return fmt.Errorf("-wire must be 2011, 2013 or 2017, not %d", j.wire)
	case name == "serve" && badAddr != nil:
		return fmt.Errorf("-addr must be a host and a port such as 127.0.0.1:8080, not %q", j.addr)
	case j.workers < 0:
		return errors.New("-workers must be at least 1")
	case j.top < 0:
		return errors.New("-top must be at least 0")
	case !j.since.IsZero() && !j.until.IsZero() && !j.since.Before(j.until):
		return errors.New("-since must be before -until")
	}
	return nil
}

// checkOutput refuses a place that cannot be written to, or that would destroy what is read.
func (j *job) checkOutput(name string, paths []string) error {
	if j.out == "" || j.out == "-" {
		return nil
	}
	info, err := os.Stat(j.out)
	switch {
	case name == "page" && err == nil && !info.IsDir():
		return fmt.Errorf("%s is a file: give the name of a folder with -o", j.out)
	case name == "page":
		return nil // all folders are made
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder: give the name of a file with -o", j.out)
	}
	for _, input := range paths {
		if read, failed := os.Stat(input); err == nil && failed == nil && os.SameFile(read, info) {
			return fmt.Errorf("%s is what is to be read: give another name with -o", j.out)
		}
	}
	if dir, err := os.Stat(filepath.Dir(j.out)); err != nil || !dir.IsDir() {
		return fmt.Errorf("there is no folder %s: make it first, or give another -o", filepath.Dir(j.out))
	}
	return nil
}

// written are the files that this run writes, by the names that they have in the archive where they
// are in a folder that is read.
func (j *job) written(paths []string) (names []string) {
	if j.out == "" || j.out == "-" {
		return nil
	}
	own := []string{j.out}
	if j.folder {
		own = []string{filepath.Join(j.out, page.Name), filepath.Join(j.out, page.Folder), filepath.Join(j.out, pictures)}
	}
	for _, input := range paths {
		top, err := filepath.Abs(input)
		if err != nil {
			continue
		}
		for _, name := range own {
			full, err := filepath.Abs(name)
			if err != nil {
				continue
			}
			if inside, err := filepath.Rel(top, full); err == nil && filepath.IsLocal(inside) {
				names = append(names, path.Join(filepath.ToSlash(filepath.Clean(input)), filepath.ToSlash(inside)))
			}
		}
	}
	return names
}

func (j *job) tableFlags(flags *flag.FlagSet) {
	flags.StringVar(&j.out, "o", "", "`file` to write (default: standard output; parquet needs a file)")
	flags.StringVar(&j.kind, "kind", "media", "which `kind` of entries: "+strings.Join(kindNames(), ", "))
}

func (j *job) fileFlags(flags *flag.FlagSet) {
	flags.StringVar(&j.out, "o", "", "`file` to write; it is replaced")
}

func (j *job) folderFlags(flags *flag.FlagSet) {
	j.folder = true
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

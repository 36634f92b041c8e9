package archive

import (
	"runtime"
	"slices"
	"strings"
	"time"
)

// An Option changes how an archive is read. See [Archive.With].
type Option func(*options)

type options struct {
	strict     bool
	formats    []Format
	since      time.Time
	until      time.Time
	workers    int
	unordered  bool
	duplicates bool
	progress   func(Progress)
	without    []string
}

func defaults() options { return options{workers: runtime.GOMAXPROCS(0)} }

// Strict ends a walk at the first error, be it one broken entry.
func Strict() Option { return func(o *options) { o.strict = true } }

// Formats reads those formats alone. All others are skipped, and counted so.
func Formats(formats ...Format) Option {
	return func(o *options) { o.formats = slices.Clone(formats) }
}

// Since leaves out what was made before t. What has no time, such as a follower, stays.
func Since(t time.Time) Option { return func(o *options) { o.since = t } }

// Until leaves out what was made at t or later. What has no time stays.
func Until(t time.Time) Option { return func(o *options) { o.until = t } }

// Workers sets how many files, and parts of large files, are read at a time. The default is
// runtime.GOMAXPROCS. What is held at a time grows with it, by about 4 MiB for each, or by up to 64
// MiB where the values in the files are that large.
func Workers(n int) Option { return func(o *options) { o.workers = max(n, 1) } }

// Unordered yields entries as soon as they are read, in any order.
func Unordered() Option { return func(o *options) { o.unordered = true } }

// KeepDuplicates yields every entry, however often it was recorded. The archive is then read once
// instead of twice.
func KeepDuplicates() Option { return func(o *options) { o.duplicates = true } }

// Without leaves out the files of these names, as [File] has them, and what is in folders of these
// names. It is for what a program writes into the folder that it reads.
func Without(names ...string) Option { return func(o *options) { o.without = slices.Clone(names) } }

// Progress is how far a walk has come, in bytes of the files as they are on disk.
type Progress struct {
	Done, Total int64
	Pass        int // 1 while looking for duplicates, 2 while yielding; 2 alone with [KeepDuplicates]
}

// OnProgress calls report now and then while the archive is read, from one goroutine at a time.
func OnProgress(report func(Progress)) Option {
	return func(o *options) { o.progress = report }
}

// wants says whether an entry is inside the options' bounds.
func (o *options) wants(e *Entry) bool {
	t := e.Time()
	if t.IsZero() {
		return true
	}
	return (o.since.IsZero() || !t.Before(o.since)) && (o.until.IsZero() || t.Before(o.until))
}

// includes says whether a file is read at all.
func (o *options) includes(f *File) bool {
	return !slices.ContainsFunc(o.without, func(name string) bool {
		rest, found := strings.CutPrefix(f.Name, name)
		return found && (rest == "" || rest[0] == '/')
	})
}

func (o *options) reads(f Format) bool {
	return len(o.formats) == 0 || slices.Contains(o.formats, f)
}

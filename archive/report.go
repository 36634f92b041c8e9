package archive

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Report says what an archive holds, and what was not read and why.
type Report struct {
	Files []FileReport // in the order of the files, and of formats; those with nothing to say are left out

	Others  int // files that hold no text: pictures, videos and the like
	Missing int // pictures that entries name and the archive does not hold

	// Full says that there were too many ids to notice all duplicates.
	Full bool
}

// A FileReport is what was read of one format in one file.
type FileReport struct {
	File   string
	Format Format // empty for what no format knows
	Packed bool   // it is in a zip

	Read       map[Kind]int   // entries, duplicates and all; what stands in media is not counted
	Duplicates int            // entries of an id that was there before
	Failed     int            // recorded answers to calls that failed
	Broken     int            // entries that could not be read
	Skipped    map[string]int // what was not read, by why
}

// Total adds up the files.
func (r *Report) Total() FileReport {
	total := newTotal()
	for i := range r.Files {
		total.add(&r.Files[i])
	}
	return *total
}

func newTotal() *FileReport { return &FileReport{Read: map[Kind]int{}, Skipped: map[string]int{}} }

func (f *FileReport) add(more *FileReport) {
	for kind, n := range more.Read {
		f.Read[kind] += n
	}
	for reason, n := range more.Skipped {
		f.Skipped[reason] += n
	}
	f.Duplicates += more.Duplicates
	f.Failed += more.Failed
	f.Broken += more.Broken
}

// String is the report for people: a line for each format, and one for each reason.
func (r *Report) String() string {
	var b strings.Builder
	byFormat := map[Format]*FileReport{}
	files := map[Format]int{}
	for i := range r.Files {
		f := &r.Files[i]
		if byFormat[f.Format] == nil {
			byFormat[f.Format] = newTotal()
		}
		byFormat[f.Format].add(f)
		files[f.Format]++
	}
	for _, format := range slices.Sorted(maps.Keys(byFormat)) {
		if format == "" {
			continue
		}
		f := byFormat[format]
		fmt.Fprintf(&b, "%s, %s: %s\n", format, count(files[format], "file"), f.summary())
	}
	total := r.Total()
	reasons := byCount(total.Skipped)
	for _, reason := range reasons[:min(len(reasons), maxLines)] {
		fmt.Fprintf(&b, "not read: %d × %s\n", total.Skipped[reason], reason)
	}
	if more := len(reasons) - maxLines; more > 0 {
		fmt.Fprintf(&b, "not read: for %s more\n", count(more, "reason"))
	}
	if r.Missing > 0 {
		fmt.Fprintf(&b, "missing from the archive: %s that entries name\n", count(r.Missing, "picture"))
	}
	if r.Full {
		fmt.Fprintf(&b, "over %d ids: some duplicates may not have been noticed\n", maxIDs)
	}
	return b.String()
}

// maxLines bounds the reasons that are told to people.
const maxLines = 30

func (f *FileReport) summary() string {
	var parts []string
	for _, kind := range kinds {
		if n := f.Read[kind]; n > 0 {
			parts = append(parts, plural(n, kind))
		}
	}
	if f.Duplicates > 0 {
		parts = append(parts, count(f.Duplicates, "duplicate")+" dropped")
	}
	if f.Failed > 0 {
		parts = append(parts, count(f.Failed, "answer")+" to failed calls")
	}
	if f.Broken > 0 {
		parts = append(parts, fmt.Sprintf("%d broken", f.Broken))
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

func plural(n int, kind Kind) string {
	if kind == KindMedia {
		return fmt.Sprintf("%d media", n)
	}
	return count(n, string(kind))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// A reporter makes a report.
type reporter struct {
	source  *source
	rows    map[row]*FileReport
	missing int
	others  int
	full    bool
}

type row struct {
	file   uint32
	format Format
}

func newReporter(s *source) *reporter {
	return &reporter{source: s, rows: map[row]*FileReport{}, others: s.count - len(s.texts)}
}

func (r *reporter) row(file *File, format Format) *FileReport {
	key := row{file.number, format}
	if r.rows[key] == nil {
		r.rows[key] = &FileReport{File: file.Name, Format: format, Packed: file.zip != nil, Read: map[Kind]int{}}
	}
	return r.rows[key]
}

// batch counts what was not read, and what failed.
func (r *reporter) batch(b *batch) {
	if b.noText {
		r.others++
	}
	for reason, n := range b.skipped {
		f := r.row(b.file, reason.format)
		if f.Skipped == nil {
			f.Skipped = map[string]int{}
		}
		f.Skipped[reason.text] += n
	}
	for _, o := range b.outcomes {
		if o.err == nil {
			continue
		}
		if f := r.row(b.file, o.err.Source.Format); o.failed {
			f.Failed++
		} else {
			f.Broken++
		}
	}
}

func (r *reporter) entry(e *Entry, duplicate bool) {
	f := r.row(r.source.texts[e.position.file], e.Source.Format)
	f.Read[e.Kind]++
	if duplicate {
		f.Duplicates++
		return
	}
	r.missing += len(e.uris) - len(e.Files)
}

func (r *reporter) report() *Report {
	report := &Report{Others: r.others, Missing: r.missing, Full: r.full}
	for _, s := range r.source.skipped {
		report.Files = append(report.Files, FileReport{File: s.name, Skipped: map[string]int{s.reason: 1}})
	}
	keys := slices.SortedFunc(maps.Keys(r.rows), func(a, b row) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.format, b.format))
	})
	for _, key := range keys {
		report.Files = append(report.Files, *r.rows[key])
	}
	return report
}

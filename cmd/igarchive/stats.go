package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
)

// maxNames bounds the different tags, places and authors that are counted.
const maxNames = 1 << 20

// totals are what an archive comes to.
type totals struct {
	media, comments, likes int
	years                  map[int]int
	tags, places, authors  map[string]int
	first, last            string
	files                  int
	years0                 int // media without a time
	overflowed             bool
}

func (t *totals) count(names map[string]int, name string) {
	if name == "" {
		return
	}
	if _, known := names[name]; !known && len(names) >= maxNames {
		t.overflowed = true
		return
	}
	names[strings.Clone(name)]++
}

func (t *totals) add(m *instagram.MediaEntry, files int) {
	t.media++
	t.comments += m.Comments.Count
	t.likes += m.Likes.Count
	t.files += files
	if m.CreatedTime.IsZero() {
		t.years0++
	} else {
		t.years[m.CreatedTime.Year()]++
	}
	for _, tag := range m.Tags {
		t.count(t.tags, tag)
	}
	if m.Location != nil {
		t.count(t.places, m.Location.Name)
	}
	t.count(t.authors, m.User.Username)
}

func (j *job) stats() error {
	t := totals{years: map[int]int{}, tags: map[string]int{}, places: map[string]int{}, authors: map[string]int{}}
	for item, err := range j.archive.Media(j.ctx) {
		var failure *archive.Error
		switch {
		case err == nil:
			t.add(item.Value, len(item.Files))
		case errors.As(err, &failure) && !j.strict:
			j.complain(err)
		default:
			return err
		}
	}
	j.bar.finish()
	return j.print(&t)
}

func (j *job) print(t *totals) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d media with %s and %s; %s\n\n", t.media, count(t.likes, "like", "likes"), count(t.comments, "comment", "comments"),
		count(t.files, "picture or video is here", "pictures and videos are here"))
	fmt.Fprint(&b, j.archive.Report())
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if t.media > 0 {
		fmt.Fprintln(w, "\nBY YEAR")
	}
	for _, year := range slices.Sorted(maps.Keys(t.years)) {
		fmt.Fprintf(w, "  %d\t%d\n", year, t.years[year])
	}
	if t.years0 > 0 {
		fmt.Fprintf(w, "  no date\t%d\n", t.years0)
	}
	for _, list := range []struct {
		title string
		names map[string]int
	}{{"BY TAG", t.tags}, {"BY PLACE", t.places}, {"BY AUTHOR", t.authors}} {
		if len(list.names) == 0 || j.top == 0 {
			continue
		}
		fmt.Fprintln(w, "\n"+list.title)
		for _, name := range topOf(list.names, j.top) {
			fmt.Fprintf(w, "  %s\t%d\n", printable(name), list.names[name])
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if t.overflowed {
		fmt.Fprintf(&b, "\nof tags, places or authors there are over %d: the rarest may be missing\n", maxNames)
	}
	_, err := io.WriteString(j.stdout, b.String())
	return err
}

func count(n int, one, more string) string {
	if n == 1 {
		more = one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// topOf are the n names that come most often.
func topOf(names map[string]int, n int) []string {
	all := slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(cmp.Compare(names[b], names[a]), cmp.Compare(a, b))
	})
	return all[:min(max(n, 0), len(all))]
}

// printable keeps what a name holds from moving the cursor of a terminal.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return name
}

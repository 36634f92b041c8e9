package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/igv1/instagram"
)

// totals are what the program prints.
type totals struct {
	media, likes, comments int
	failed                 int // entries that are no media, or do not decode
	years                  map[int]int
	tags, places, authors  *ranking
}

// ranked is how many names a ranking holds.
const ranked = 1 << 16

func newTotals() *totals {
	return &totals{years: map[int]int{}, tags: newRanking(ranked), places: newRanking(ranked), authors: newRanking(ranked)}
}

func (t *totals) add(m *instagram.MediaEntry) {
	t.media++
	t.likes += m.Likes.Count
	t.comments += m.Comments.Count
	if !m.CreatedTime.IsZero() {
		t.years[m.CreatedTime.Year()]++
	}
	if m.User.Username != "" {
		t.authors.add(m.User.Username)
	}
	for _, tag := range m.Tags {
		t.tags.add(tag)
	}
	if m.Location != nil && m.Location.Name != "" {
		t.places.add(m.Location.Name)
	}
}

func (t *totals) print(out io.Writer, top int) {
	fmt.Fprintf(out, "%d media with %d likes and %d comments", t.media, t.likes, t.comments)
	if t.failed > 0 {
		fmt.Fprintf(out, ", %d entries that do not decode", t.failed)
	}
	fmt.Fprint(out, "\n\nBY YEAR\n")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, year := range slices.Sorted(maps.Keys(t.years)) {
		name := fmt.Sprint(year)
		if year == 1 {
			name = "unknown"
		}
		fmt.Fprintf(table, "%s\t%d\t\n", name, t.years[year])
	}
	table.Flush()
	for _, r := range []struct {
		title string
		*ranking
	}{{"BY TAG", t.tags}, {"BY PLACE", t.places}, {"BY AUTHOR", t.authors}} {
		fmt.Fprintf(out, "\n%s%s\n", r.title, r.caveat())
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, e := range r.top(top) {
			fmt.Fprintf(table, "  %s\t%d\n", e.name, e.count)
		}
		table.Flush()
	}
}

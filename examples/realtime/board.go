package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// board remembers which media were posted and when, and prints those that arrive.
type board struct {
	out io.Writer

	mu     sync.Mutex
	posted map[string]time.Time // by media id
	took   []time.Duration
}

func (b *board) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.posted, b.took = make(map[string]time.Time), nil
}

// post posts a media. It holds the lock until the id is stored, because the media may arrive before
// that.
func (b *board) post(server *instagramtest.Server, user, caption string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	media := server.PostMedia(user, instagramtest.Media{Caption: caption})
	b.posted[media.ID] = now
}

func (b *board) arrived(media *instagram.MediaEntry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at, ok := b.posted[media.ID]
	if !ok {
		return
	}
	took := time.Since(at)
	b.took = append(b.took, took)
	fmt.Fprintf(b.out, "  %-16s %-20s after %v\n", "@"+media.User.Username, media.Caption.Text, round(took))
}

// result is what one way of getting new media has measured.
type result struct {
	way           string
	posted        int
	delivered     int
	median, worst time.Duration
}

func (b *board) result(way string) result {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := result{way: way, posted: len(b.posted), delivered: len(b.took)}
	if n := len(b.took); n > 0 {
		slices.Sort(b.took)
		r.median, r.worst = (b.took[(n-1)/2]+b.took[n/2])/2, b.took[n-1]
	}
	return r
}

func summarize(out io.Writer, results ...result) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nWAY\tPOSTED\tDELIVERED\tMEDIAN\tWORST")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%d\t%d\t%v\t%v\n", r.way, r.posted, r.delivered, round(r.median), round(r.worst))
	}
	return table.Flush()
}

func round(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(100 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

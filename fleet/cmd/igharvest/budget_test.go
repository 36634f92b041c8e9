//go:build unix

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram/instagramtest"
)

// Many processes, a few tokens, and more to read than an hour allows.
func TestManyProcessesKeepToTheBudgetAndUseIt(t *testing.T) {
	users, hour := 500, 12*time.Second
	mode, limit := instagramtest.WithLimits(125, 30), 125
	if *whole {
		users, hour = 2000, 40*time.Second
		mode, limit = instagramtest.WithMode(instagramtest.Sandbox), 500
	}
	w := newWorld(t, users, 3, 10, 3, float64(time.Hour)/float64(hour), mode)
	dir := t.TempDir()
	nats := serve(t, dir)
	flags := append(w.files(t), "-out", dir, "-hour", hour.String(), "-count", "5")
	if !*whole {
		flags = append(flags, "-calls", "125") // until an answer says so, 500 are taken for the limit
	}
	var workers []*process
	for range 8 {
		workers = append(workers, start(t, flags...))
	}
	waitAll(t, 5*time.Minute, workers...)
	nats.kill()
	w.assertBudget(t, limit)
	w.assertArchive(t, dir)

	calls := w.made()
	first, last := calls[0].at, calls[len(calls)-1].at
	// What is allowed within the whole hours, the last of which had work to its end.
	hours := int((last - first) / time.Hour)
	used := 0
	for _, c := range calls {
		if c.at-first < time.Duration(hours)*time.Hour {
			used++
		}
	}
	share := float64(used) / float64(hours*3*limit)
	t.Logf("%d calls in %.2f hours of the server's clock; of what %d whole hours allow, %.1f %% was used", len(calls), (last - first).Hours(), hours, 100*share)
	assert.GreaterOrEqual(t, hours, 2)
	assert.GreaterOrEqual(t, share, 0.95)
}

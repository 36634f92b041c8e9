//go:build unix

package main

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/fleet/internal/harvest"
)

// On a new directory one of many runs NATS, and the others find it. When that one ends, another one
// takes over, until the last.
func TestOneOfManyRunsNATS(t *testing.T) {
	t.Parallel()
	s := settings{out: t.TempDir(), hour: time.Hour}
	all := make([]*connection, 8)
	var starting sync.WaitGroup
	for i := range all {
		starting.Go(func() {
			c, err := s.connect(timeout(t, time.Minute), always)
			assert.NoError(t, err)
			all[i] = c
		})
	}
	starting.Wait()
	require.False(t, t.Failed())
	for len(all) > 0 {
		at := -1
		eventually(t, 20*time.Second, "a host", func() bool {
			for i, c := range all {
				if c.host.runs() {
					at = i
				}
			}
			return at >= 0
		})
		for i, c := range all {
			assert.Equal(t, i == at, c.host.runs())
		}
		_, err := all[len(all)-1].queue.Status(timeout(t, 20*time.Second))
		if harvest.IsAway(err) {
			continue // it has just begun
		}
		require.NoError(t, err)
		all[at].close()
		all = append(all[:at], all[at+1:]...)
	}
}

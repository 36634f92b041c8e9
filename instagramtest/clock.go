package instagramtest

import (
	"sync/atomic"
	"time"
)

// clock is the server's time: the real one, moved by an offset, or one that stands still.
type clock struct {
	fixed  time.Time // the real time if zero
	offset atomic.Int64
}

func (c *clock) now() time.Time {
	base := c.fixed
	if base.IsZero() {
		base = time.Now()
	}
	return base.Add(time.Duration(c.offset.Load())).UTC()
}

func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

func (c *clock) reset() { c.offset.Store(0) }

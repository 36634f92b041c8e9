package queue

import (
	"crypto/sha256"
	"strconv"
	"time"
)

// A Key is the same for an item that comes again. The zero Key is that of items that never do.
type Key [16]byte

// KeyOf returns the key of an item that is told apart by these parts. It is a digest, so that what
// is remembered of an item has one size.
func KeyOf(parts ...string) Key {
	b := make([]byte, 0, 192)
	for _, part := range parts {
		b = strconv.AppendInt(b, int64(len(part)), 10) // where one part ends and the next begins
		b = append(b, ':')
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	return Key(sum[:])
}

// maxKnown bounds how many items are remembered.
const maxKnown = 1 << 16

// repeats remembers which items were accepted within a window of time.
type repeats struct {
	window time.Duration
	now    time.Time // of the last expire
	seen   map[Key]struct{}
	order  []known // oldest first
}

type known struct {
	key Key
	at  time.Time
}

// expire forgets what is older than the window.
func (r *repeats) expire(now time.Time) {
	r.now = now
	old := 0
	for old < len(r.order) && now.Sub(r.order[old].at) >= r.window {
		old++
	}
	r.drop(old)
}

// add reports whether an item is new.
func (r *repeats) add(key Key) bool {
	if key == (Key{}) {
		return true
	}
	if _, ok := r.seen[key]; ok {
		return false
	}
	r.seen[key] = struct{}{}
	r.order = append(r.order, known{key, r.now})
	return true
}

// forget takes back all but the oldest n.
func (r *repeats) forget(n int) {
	for _, late := range r.order[n:] {
		delete(r.seen, late.key)
	}
	r.order = r.order[:n]
}

// trim forgets the oldest where there are too many.
func (r *repeats) trim() { r.drop(max(0, len(r.order)-maxKnown)) }

func (r *repeats) drop(oldest int) {
	for _, old := range r.order[:oldest] {
		delete(r.seen, old.key)
	}
	r.order = r.order[oldest:]
}

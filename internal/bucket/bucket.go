// Package bucket paces requests with token buckets: a request goes when each of its buckets has a
// token for it, and until then it waits in line.
package bucket

import (
	"math"
	"time"
)

// A Bucket lets a number of requests go in any hour, wherever the hour starts. A tenth of them may
// go at once; the tokens for the others come one by one, evenly spread. What is in a full bucket
// and what flows into it in an hour are the limit together.
//
// A Bucket has no lock of its own. It belongs to a [Set], and [Set.Change] hands it out.
type Bucket struct {
	limit int
	burst float64 // tokens in a full bucket
	rate  float64 // tokens that come back in a nanosecond

	taken float64   // tokens that requests took and that did not come back yet
	left  float64   // tokens that Hold and Pause leave; it grows at the rate as well
	at    time.Time // when taken and left were so
}

func newBucket(limit int, now time.Time) Bucket {
	b := Bucket{left: math.Inf(1), at: now}
	b.spread(limit)
	return b
}

func (b *Bucket) spread(limit int) {
	b.limit = limit
	burst := max(limit/10, 1)
	b.burst = float64(burst)
	b.rate = float64(max(limit-burst, 1)) / float64(time.Hour)
}

// Resize changes the limit, which must be positive. What requests took of the earlier one is taken
// of this one too, and a pause is as long as it was.
func (b *Bucket) Resize(limit int) {
	if limit == b.limit {
		return
	}
	earlier := b.rate
	b.spread(limit)
	// More than the limit cannot count: an hour later, all of it has come back.
	b.taken = min(b.taken, float64(limit))
	if b.left < 1 {
		b.left = 1 - (1-b.left)*b.rate/earlier
	}
}

// Hold takes out tokens until there are at most so many.
func (b *Bucket) Hold(most int) { b.left = min(b.left, float64(most)) }

// Pause gives out nothing for a time, and one token at its end.
func (b *Bucket) Pause(pause time.Duration) {
	b.left = min(b.left, 1-b.rate*float64(pause))
}

// advance brings the bucket to a later time.
func (b *Bucket) advance(now time.Time) {
	if now.After(b.at) {
		flow := b.rate * float64(now.Sub(b.at))
		b.taken = max(b.taken-flow, 0)
		b.left += flow
		b.at = now
	}
}

func (b *Bucket) tokens() float64 { return min(b.burst-b.taken, b.left) }

func (b *Bucket) take() {
	b.taken++
	b.left--
}

func (b *Bucket) putBack() {
	b.taken = max(b.taken-1, 0)
	b.left++
}

// wait returns how long it takes until there are n tokens, if none is taken in the meantime.
func (b *Bucket) wait(n int) time.Duration {
	missing := float64(n) - b.tokens()
	if missing <= 0 {
		return 0
	}
	return time.Duration(min(math.Ceil(missing/b.rate), float64(longest)))
}

// longest keeps what is computed from numbers of a server within a [time.Duration].
const longest = 1000 * 24 * time.Hour

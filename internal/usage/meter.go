package usage

import (
	"cmp"
	"time"

	"github.com/igv1/instagram/internal/wait"
)

// A meter is what is known of one budget.
type meter struct {
	used     int       // percent, as of the latest answer that said it
	seen     time.Time // when that was
	requests int       // since then
	cost     float64   // what a request takes, in percent
	last     time.Time // when the latest one was let pass
	until    time.Time // no turns before
}

// turn returns when the next request may be made. Above the threshold, turns are so far apart that
// the requests of the coming hour take no more than what is left, even if nothing is given back.
func (m *meter) turn(now time.Time, threshold int) time.Time {
	turn := later(now, m.until)
	if m.used < threshold || now.Sub(m.seen) >= time.Hour {
		return turn
	}
	left := max(float64(100-m.used), 1)
	apart := min(m.cost/left, 1) * float64(time.Hour)
	return later(turn, m.last.Add(time.Duration(apart)))
}

func (m *meter) take(now time.Time) {
	m.last = now
	m.requests++
}

// observe takes in what an answer says has been used, which is 0 for one that does not say. What a
// request costs is learned at once where it is more than was thought, and little by little where it
// is less: of what is given back in the meantime nothing is known.
func (m *meter) observe(now time.Time, used int) {
	if used == 0 {
		return
	}
	if m.requests > 0 && now.Sub(m.seen) < time.Hour {
		sample := float64(max(used-m.used, 0)) / float64(m.requests)
		m.cost = max(sample, (3*m.cost+sample)/4)
	}
	m.cost = max(m.cost, leastCost)
	m.used, m.seen, m.requests = used, now, 0
}

// leastCost is what a request takes of an hour's budget as long as nothing else is known: one of
// 200, which is what the Graph grants an app for a user.
const leastCost = 0.5

// pause gives no turn for as long as the server asks, or for a minute. The first one after that is
// free: its answer says how things stand.
func (m *meter) pause(now time.Time, asked time.Duration) {
	m.last = time.Time{}
	m.until = later(m.until, now.Add(cmp.Or(min(asked, wait.Longest), time.Minute)))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

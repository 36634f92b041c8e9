// Package limits counts calls over a sliding hour and refuses those that are too many.
package limits

import (
	"sync"
	"time"
)

// Budget is what an app may do in an hour with one token: calls, and of each kind of write.
type Budget struct{ Calls, Writes int }

// Write is a kind of write that has a limit of its own.
type Write uint8

// The kinds of writes.
const (
	NoWrite Write = iota
	LikeWrite
	CommentWrite
	RelationshipWrite
	writeKinds
)

// Limiter counts the calls of each caller over a sliding hour.
type Limiter struct {
	Budget
	mu      sync.Mutex
	callers map[string]*meter
}

// meter is what one caller, a token or an app without one, has done in the last hour.
type meter struct {
	mu     sync.Mutex
	calls  window
	writes [writeKinds]window
}

// Reset forgets all calls.
func (l *Limiter) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.callers = map[string]*meter{}
}

func (l *Limiter) meter(caller string) *meter {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.callers[caller]
	if m == nil {
		m = &meter{}
		l.callers[caller] = m
	}
	return m
}

// Verdict is what a limiter says to a call.
type Verdict uint8

// The verdicts.
const (
	OK            Verdict = iota
	TooManyCalls          // the hour's calls are used up
	TooManyWrites         // there are calls left, but none of this kind of write
)

// Take counts a call and says how many are left, or refuses it. What is refused does not count.
func (l *Limiter) Take(caller string, now time.Time, kind Write) (remaining int, verdict Verdict) {
	m := l.meter(caller)
	m.mu.Lock()
	defer m.mu.Unlock()
	remaining = l.Calls - m.calls.count(now)
	switch {
	case remaining <= 0:
		return remaining, TooManyCalls
	case kind != NoWrite && m.writes[kind].count(now) >= l.Writes:
		return remaining, TooManyWrites
	}
	m.calls.add(now)
	if kind != NoWrite {
		m.writes[kind].add(now)
	}
	return remaining - 1, OK
}

// Remaining says how many calls are left to a caller. Nobody, "", has them all.
func (l *Limiter) Remaining(caller string, now time.Time) int {
	if caller == "" {
		return l.Calls
	}
	m := l.meter(caller)
	m.mu.Lock()
	defer m.mu.Unlock()
	return l.Calls - m.calls.count(now)
}

// Left is how many calls a caller has left, and how many writes of each kind.
type Left struct{ Calls, Likes, Comments, Relationships int }

// Left says what is left to a caller.
func (l *Limiter) Left(caller string, now time.Time) Left {
	m := l.meter(caller)
	m.mu.Lock()
	defer m.mu.Unlock()
	writes := func(kind Write) int { return l.Writes - m.writes[kind].count(now) }
	return Left{l.Calls - m.calls.count(now), writes(LikeWrite), writes(CommentWrite), writes(RelationshipWrite)}
}

// Regain is how long a caller with nothing left has to wait for the next call.
func (l *Limiter) Regain(caller string, now time.Time) time.Duration {
	m := l.meter(caller)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls.count(now) < l.Calls || m.calls.n == 0 {
		return 0
	}
	return time.Unix(0, m.calls.ring[m.calls.first]).Add(time.Hour).Sub(now)
}

// window holds the times of the calls of the last hour in a ring. It grows to the limit of calls
// and no further, as nothing is added beyond that.
type window struct {
	ring  []int64 // UNIX nanoseconds
	first int
	n     int
}

func (w *window) count(now time.Time) int {
	since := now.Add(-time.Hour).UnixNano()
	for w.n > 0 && w.ring[w.first] <= since {
		w.first = (w.first + 1) % len(w.ring)
		w.n--
	}
	return w.n
}

func (w *window) add(now time.Time) {
	if w.n == len(w.ring) {
		grown := make([]int64, max(16, 2*w.n))
		k := copy(grown, w.ring[w.first:])
		copy(grown[k:], w.ring[:w.first])
		w.ring, w.first = grown, 0
	}
	w.ring[(w.first+w.n)%len(w.ring)] = now.UnixNano()
	w.n++
}

package instagramtest

import (
	"sync"
	"time"
)

// budget is what an app may do in an hour with one token: calls, and of each kind of write.
type budget struct{ calls, writes int }

func (m Mode) budget() budget {
	if m == Sandbox {
		return budget{calls: 500, writes: 30}
	}
	return budget{calls: 5000, writes: 60}
}

// write is a kind of write that has a limit of its own.
type write uint8

const (
	noWrite write = iota
	likeWrite
	commentWrite
	relationshipWrite
	writeKinds
)

// limiter counts the calls of each caller over a sliding hour.
type limiter struct {
	budget
	mu      sync.Mutex
	callers map[string]*meter
}

// meter is what one caller, a token or an app without one, has done in the last hour.
type meter struct {
	mu     sync.Mutex
	calls  window
	writes [writeKinds]window
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.callers = map[string]*meter{}
}

func (l *limiter) meter(caller string) *meter {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.callers[caller]
	if m == nil {
		m = &meter{}
		l.callers[caller] = m
	}
	return m
}

// take counts a call and says how many are left, or refuses it. What is refused does not count.
func (l *limiter) take(caller string, now time.Time, kind write) (remaining int, ok bool) {
	m := l.meter(caller)
	m.mu.Lock()
	defer m.mu.Unlock()
	remaining = l.calls - m.calls.count(now)
	if remaining <= 0 || kind != noWrite && m.writes[kind].count(now) >= l.writes {
		return remaining, false
	}
	m.calls.add(now)
	if kind != noWrite {
		m.writes[kind].add(now)
	}
	return remaining - 1, true
}

// remaining says how many calls are left to a caller. Nobody, "", has them all.
func (l *limiter) remaining(caller string, now time.Time) int {
	if caller == "" {
		return l.calls
	}
	m := l.meter(caller)
	m.mu.Lock()
	defer m.mu.Unlock()
	return l.calls - m.calls.count(now)
}

// window holds the times of the calls of the last hour in a ring. It grows to the limit of calls and no further, as
// nothing is added beyond that.
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

package bucket

import (
	"container/list"
	"context"
	"fmt"
	"math"
	"sync"
	"time"
)

// All is the kind of the requests that count against nothing but the limit for all requests.
const All = 0

// Forever is the patience of a request that waits as long as it takes.
const Forever time.Duration = math.MaxInt64

// A Set is a bucket for all requests and one for each kind of them, with the requests that wait for
// their turn. One lock is around all of it, so that what a request finds still holds when it goes.
//
// A request takes its tokens at the moment when it goes, and not before: one that gives up while it
// waits has nothing to give back, and those behind it move up.
type Set struct {
	mu      sync.Mutex
	buckets []Bucket    // by kind; that of All is for every request
	lines   []list.List // of *waiter, by kind
	arrived uint64      // requests so far
	timer   *time.Timer // calls serve at the next turn; nil if nothing waits
}

// A waiter is a request on its way through a Set.
type waiter struct {
	kind    int
	number  uint64        // in the order of arrival
	turn    chan struct{} // closed when it may go
	granted bool
	place   *list.Element // in its line
}

// NewSet returns full buckets. The first limit is for all requests, and the others are for the
// kinds 1, 2 and so on, which count against both. All limits must be positive.
func NewSet(limits ...int) *Set {
	s := &Set{buckets: make([]Bucket, len(limits)), lines: make([]list.List, len(limits))}
	now := time.Now()
	for kind, limit := range limits {
		s.buckets[kind] = newBucket(limit, now)
	}
	return s
}

// A LateError says that the turn of a request would come later than it has patience for.
type LateError struct{ Wait time.Duration }

func (e *LateError) Error() string { return fmt.Sprintf("the turn is %v away", e.Wait) }

// Wait returns nil when a request of a kind may go. If its turn is farther away than its patience,
// it does not wait but returns a [*LateError]; without patience, it goes at once or not at all.
// When ctx ends first, the error is that of ctx. A request that gets an error has taken nothing.
//
// Requests of one kind go in the order of their arrival. Where a kind has to wait for its own
// limit, the other kinds go on.
func (s *Set) Wait(ctx context.Context, kind int, patience time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := s.join(kind, patience)
	if err != nil {
		return err
	}
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		s.leave(w)
		return ctx.Err()
	}
}

func (s *Set) join(kind int, patience time.Duration) (*waiter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived++
	w := &waiter{kind: kind, number: s.arrived, turn: make(chan struct{})}
	w.place = s.lines[kind].PushBack(w)
	s.serve()
	if w.granted {
		return w, nil
	}
	// Those of other kinds may go before it. How many of them will is not known.
	wait := s.buckets[All].wait(s.lines[All].Len())
	if kind != All {
		wait = max(s.buckets[All].wait(s.lines[All].Len()+1), s.buckets[kind].wait(s.lines[kind].Len()))
	}
	wait = max(wait, 1)
	if patience == 0 || wait > patience {
		s.lines[kind].Remove(w.place)
		return nil, &LateError{wait}
	}
	return w, nil
}

// leave takes back a request that does not go.
func (s *Set) leave(w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w.granted {
		s.each(w.kind, (*Bucket).putBack)
	} else {
		s.lines[w.kind].Remove(w.place)
	}
	s.serve()
}

// Change changes buckets, which are in the order of the limits of [NewSet]. No request goes
// meanwhile. The function must not keep them.
func (s *Set) Change(change func(buckets []Bucket)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	change(s.buckets)
	s.serve()
}

// serve has those go whose turn has come, and sets the timer for the next. It is called with the
// lock held, whenever a turn may have come or the timer may be wrong.
func (s *Set) serve() {
	s.advance()
	for w := s.next(); w != nil; w = s.next() {
		s.each(w.kind, (*Bucket).take)
		s.lines[w.kind].Remove(w.place)
		w.granted = true
		close(w.turn)
	}
	wait := Forever
	for kind := range s.lines {
		if s.lines[kind].Len() > 0 {
			wait = min(wait, s.wait(kind))
		}
	}
	switch {
	case wait == Forever:
		if s.timer != nil {
			s.timer.Stop()
			s.timer = nil
		}
	case s.timer == nil:
		s.timer = time.AfterFunc(wait, s.tick)
	default:
		s.timer.Reset(wait)
	}
}

// tick is what the timer calls. Where what it was set for has gone, there is nothing to do.
func (s *Set) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serve()
}

// next returns the request whose turn it is: of those that are first in their lines and have a
// token, the one that arrived first. It is nil if there is none.
func (s *Set) next() (first *waiter) {
	for kind := range s.lines {
		if s.lines[kind].Len() == 0 || s.wait(kind) > 0 {
			continue
		}
		if w := s.lines[kind].Front().Value.(*waiter); first == nil || w.number < first.number {
			first = w
		}
	}
	return first
}

// wait returns how long the first in line of a kind has to wait for its tokens.
func (s *Set) wait(kind int) (wait time.Duration) {
	s.each(kind, func(b *Bucket) { wait = max(wait, b.wait(1)) })
	return wait
}

// each calls f with the buckets that a request of a kind counts against.
func (s *Set) each(kind int, f func(*Bucket)) {
	f(&s.buckets[All])
	if kind != All {
		f(&s.buckets[kind])
	}
}

func (s *Set) advance() {
	now := time.Now()
	for kind := range s.buckets {
		s.buckets[kind].advance(now)
	}
}

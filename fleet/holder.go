package fleet

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/igv1/instagram"
)

// A holder is what a process holds of one token's budget.
type holder struct {
	limiter *Limiter
	name    string
	users   int // those between Limiter.holder and Limiter.release; guarded by Limiter.mu

	turn chan struct{} // of capacity 1: one exchange with the store at a time

	mu    sync.Mutex
	parts map[instagram.WriteKind]*part
	limit int         // of calls, as the API said last; 0 if it has not
	timer *time.Timer // ends blocks that are used up, or too old
}

// A part is what a process holds of one limit.
type part struct {
	left int // calls that may still be made out of the block
	out  int // calls under way
	done int // calls that are over, and not on record yet

	taken stamp   // when the block was asked for
	names []named // what the block may be called on record

	used    int       // what the API counted when it was asked last; 0 if it has not been
	seen    time.Time // when it said so
	refused time.Time // the API refuses until then, and others do not know yet
	free    time.Time // there is nothing to take before, unless others give something back
	again   time.Time // when to look whether they did
}

// A stamp is a time by two clocks: one that goes on while the machine sleeps, and one that nobody
// sets.
type stamp struct{ clock, wall time.Time }

// A named block may be on record with what had been done charged. When NATS does not answer a
// write, nobody knows whether it is stored. At most one of the names that a block may have is on
// record, and it tells which write was.
type named struct {
	name string
	done int
}

func newHolder(l *Limiter, name string) *holder {
	return &holder{limiter: l, name: name, turn: make(chan struct{}, 1), parts: map[instagram.WriteKind]*part{allCalls: {}}}
}

// kinds are the limits that a call counts against.
func kinds(write instagram.WriteKind) []instagram.WriteKind {
	switch write {
	case instagram.LikeWrites, instagram.CommentWrites, instagram.RelationshipWrites:
		return []instagram.WriteKind{allCalls, write}
	}
	return []instagram.WriteKind{allCalls}
}

func (h *holder) part(kind instagram.WriteKind) *part {
	p := h.parts[kind]
	if p == nil {
		p = &part{}
		h.parts[kind] = p
	}
	return p
}

// old reports whether a block is too old to make calls out of it.
func (l *Limiter) old(p *part) bool {
	return max(time.Since(p.taken.clock), l.wall().Sub(p.taken.wall)) >= l.limits.usable()
}

func (l *Limiter) stamp() stamp { return stamp{time.Now(), l.wall().Round(0)} }

// take takes one call, if need be out of a new block. If there is none, it returns after how long
// to try again; the error says that it does not know.
func (h *holder) take(ctx context.Context, write instagram.WriteKind) (wait time.Duration, err error) {
	kinds := kinds(write)
	for {
		if short, wait := h.try(kinds); len(short) == 0 || wait > 0 {
			return wait, nil
		}
		select {
		case h.turn <- struct{}{}:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		// Somebody else may have had the turn before.
		short, wait := h.try(kinds)
		if len(short) > 0 && wait == 0 {
			err = h.exchange(ctx, short, nil)
		}
		<-h.turn
		switch {
		case len(short) == 0 || wait > 0:
			return wait, nil
		case err != nil:
			return jitter(storeTimeout / 5), err
		}
	}
}

// try takes one call out of the blocks that are there. Otherwise it returns those that are used up,
// and how long there are no others.
func (h *holder) try(kinds []instagram.WriteKind) (short []instagram.WriteKind, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, kind := range kinds {
		p := h.part(kind)
		if p.left > 0 && h.limiter.old(p) {
			p.left = 0
		}
		if p.left == 0 {
			short = append(short, kind)
			if wait = max(wait, time.Until(p.refused)); time.Until(p.again) > 0 {
				wait = max(wait, time.Until(p.free))
			}
		}
	}
	if len(short) > 0 {
		return short, wait
	}
	for _, kind := range kinds {
		h.parts[kind].left--
		h.parts[kind].out++
	}
	return nil, 0
}

func (h *holder) observe(write instagram.WriteKind, answer instagram.LimiterAnswer) {
	if h.learn(write, answer) {
		h.limiter.background(func(ctx context.Context) { _ = h.settle(ctx, false) }) // a later exchange tells it too
	}
}

// learn keeps what an answer says. It reports whether others have to know at once.
func (h *holder) learn(write instagram.WriteKind, answer instagram.LimiterAnswer) (urgent bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, kind := range kinds(write) {
		p := h.part(kind)
		if p.out > 0 {
			p.out--
			p.done++
		}
	}
	calls, said := h.part(allCalls), answer.RateLimit
	if said.Limit > 0 {
		urgent = said.Limit != h.limit
		h.limit = said.Limit
		calls.used, calls.seen = said.Limit-said.Remaining, time.Now()
		calls.left = min(calls.left, said.Remaining)
	}
	if answer.Refused {
		refused := calls
		if said.Remaining > 0 && len(kinds(write)) > 1 {
			refused = h.part(write)
		}
		pause := min(cmp.Or(answer.RetryAfter, h.limiter.limits.Hour/60), h.limiter.limits.Hour)
		refused.left, refused.refused = 0, time.Now().Add(pause)
	}
	h.plan()
	return urgent || answer.Refused
}

// plan sets the timer to when a block has to end. The lock is held.
func (h *holder) plan() {
	due := time.Duration(-1)
	for _, p := range h.parts {
		if len(p.names) == 0 && p.done == 0 {
			continue
		}
		in := h.limiter.limits.usable() - time.Since(p.taken.clock)
		if p.left == 0 && p.out == 0 {
			in = h.limiter.limits.idle() // the next call may come, and end it with the same exchange
		}
		if due < 0 || in < due {
			due = max(in, 0)
		}
	}
	switch {
	case due < 0:
		if h.timer != nil {
			h.timer.Stop()
		}
	case h.timer == nil:
		h.timer = time.AfterFunc(due, func() {
			h.limiter.background(func(ctx context.Context) {
				h.limiter.keep(h)
				defer h.limiter.release(h) // with nothing left to tell, it is forgotten
				if err := h.settle(ctx, false); err != nil {
					h.mu.Lock()
					defer h.mu.Unlock()
					h.timer.Reset(jitter(storeTimeout))
				}
			})
		})
	default:
		h.timer.Reset(due)
	}
}

// settle ends the blocks that are used up or too old, or all of them.
func (h *holder) settle(ctx context.Context, all bool) error {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.turn }()
	var over []instagram.WriteKind
	h.mu.Lock()
	for kind, p := range h.parts {
		if all || p.left == 0 || h.limiter.old(p) {
			p.left = 0
			over = append(over, kind)
		}
	}
	if all && h.timer != nil {
		h.timer.Stop()
	}
	h.mu.Unlock()
	return h.exchange(ctx, nil, over)
}

// empty reports whether the holder may be forgotten.
func (h *holder) empty() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.parts {
		if p.left+p.out+p.done+len(p.names) > 0 || time.Until(p.refused) > 0 {
			return false
		}
	}
	return true
}

func (h *holder) held() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.parts[allCalls]; !h.limiter.old(p) {
		return p.left
	}
	return 0
}

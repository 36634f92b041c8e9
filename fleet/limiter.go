package fleet

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/igv1/instagram"
)

// A Limiter shares the hourly budget of each token between processes, for [instagram.WithLimiter].
// Use one for all clients of a process, and Close it at the end, so that what it holds and did not
// use is there for others.
//
// What is left of a token's hour is one record in a key-value bucket of NATS, changed by
// compare-and-swap. The limiter takes blocks of calls out of it and gives them to the calls of its
// process, so a call rarely goes to NATS. A process that dies wastes at most the block that it
// holds; it is free again an hour and five minutes later. No hour has more than the limit, wherever
// it starts, but it may have all of it at once.
//
// Time is that of NATS. The clocks of the machines play no part.
//
// Where NATS does not answer, calls wait, or fail with an [*UnavailableError] if that is what
// [Limits.FailFast] says or their time ends first.
type Limiter struct {
	limits Limits
	store  store
	clock  *serverClock
	id     string           // of this limiter among all
	wall   func() time.Time // the time of day here, which goes on while the machine sleeps

	ctx  context.Context // ends with Close
	stop context.CancelFunc
	busy sync.WaitGroup // of exchanges with the store

	mu      sync.Mutex
	closed  bool
	holders map[string]*holder

	serial atomic.Int64 // of the latest block
}

var _ instagram.Limiter = (*Limiter)(nil)

// NewLimiter returns a [Limiter] that keeps its records in JetStream. It sends nothing yet.
func NewLimiter(js jetstream.JetStream, limits Limits) (*Limiter, error) {
	if err := limits.check(); err != nil {
		return nil, err
	}
	limits = limits.withDefaults()
	return newLimiter(newBucket(js, limits), limits), nil
}

func newLimiter(s store, limits Limits) *Limiter {
	ctx, stop := context.WithCancel(context.Background())
	return &Limiter{
		limits: limits, store: s, clock: &serverClock{store: s},
		id: rand.Text()[:12], wall: time.Now,
		ctx: ctx, stop: stop, holders: map[string]*holder{},
	}
}

var errClosed = errors.New("fleet: the limiter is closed")

// Wait implements [instagram.Limiter].
func (l *Limiter) Wait(ctx context.Context, request instagram.LimiterRequest) error {
	h, err := l.holder(request.Holder)
	if err != nil {
		return err
	}
	defer l.release(h)
	for {
		wait, err := h.take(ctx, request.Write)
		if wait == 0 && err == nil {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if l.ctx.Err() != nil {
			return errClosed
		}
		if err = l.refusal(ctx, wait, err); err != nil {
			return err
		}
		if err := sleep(ctx, l.ctx, min(wait, jitter(l.limits.recheck()))); err != nil {
			return err
		}
	}
}

// refusal is the error of a call that does not wait. It is nil for one that does.
func (l *Limiter) refusal(ctx context.Context, wait time.Duration, err error) error {
	deadline, ok := ctx.Deadline()
	if !l.limits.FailFast && (!ok || time.Until(deadline) > wait) {
		return nil
	}
	if err != nil {
		return &UnavailableError{err}
	}
	return &instagram.LimitError{RetryAfter: wait}
}

// Observe implements [instagram.Limiter].
func (l *Limiter) Observe(request instagram.LimiterRequest, answer instagram.LimiterAnswer) {
	h, err := l.holder(request.Holder)
	if err != nil {
		return
	}
	defer l.release(h)
	h.observe(request.Write, answer)
}

// A Budget is what is left of a token's hour.
type Budget struct {
	Limit int       // calls in an hour
	Known bool      // whether an answer has said so; the lowest is assumed before
	Left  int       // calls that can be made now, those that other processes hold not among them
	Free  time.Time // when there are some again, by the clock of this machine, if none are left
}

// Budget returns what is left to the holder of a token, see [instagram.LimiterRequest].
func (l *Limiter) Budget(ctx context.Context, holder string) (Budget, error) {
	h, err := l.holder(holder)
	if err != nil {
		return Budget{}, err
	}
	defer l.release(h)
	r, _, now, err := l.load(ctx, holder)
	if err != nil {
		return Budget{}, &UnavailableError{err}
	}
	limit := l.limits.of(allCalls, r.Limit)
	left, free := r.window(allCalls).left(l.limits, limit, now)
	return Budget{
		Limit: limit,
		Known: r.Limit > 0,
		Left:  left + h.held(),
		Free:  time.Now().Add(time.Duration(free-now) * time.Millisecond),
	}, nil
}

// Holders returns those who have a budget in the bucket, see [instagram.LimiterRequest].
func (l *Limiter) Holders(ctx context.Context) ([]string, error) {
	holders, err := l.store.holders(ctx)
	if err != nil {
		return nil, &UnavailableError{err}
	}
	return holders, nil
}

// load reads a holder's record, and the time by the clock of its store.
func (l *Limiter) load(ctx context.Context, key string) (r *record, revision uint64, now int64, err error) {
	e, err := l.store.load(ctx, key)
	if err != nil {
		return nil, 0, 0, err
	}
	l.clock.observe(e.stored)
	at, err := l.clock.now(ctx)
	if err != nil {
		return nil, 0, 0, err
	}
	r, err = readRecord(e.value, e.stored)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("fleet: the record of %s is not one of a limiter: %w", key, err)
	}
	for _, w := range r.Windows {
		w.forget(l.limits, at.UnixMilli())
	}
	return r, e.revision, at.UnixMilli(), nil
}

// change reads a record, has it changed, and stores it, until nobody was faster. The change is
// called once for each try; it says whether there is something to store.
func (l *Limiter) change(ctx context.Context, key string, change func(r *record, now int64) bool) error {
	for try := 1; ; try++ {
		r, revision, now, err := l.load(ctx, key)
		if err != nil {
			return err
		}
		if !change(r, now) {
			return nil
		}
		value, err := json.Marshal(r)
		if err != nil {
			return err
		}
		err = l.store.swap(ctx, key, value, revision)
		if !errors.Is(err, errConflict) {
			return err
		}
		if err := sleep(ctx, ctx, jitter(time.Duration(min(try, 20))*5*time.Millisecond)); err != nil {
			return err
		}
	}
}

// holder returns what this process holds of a token's budget. Every call of it goes with one of
// release.
func (l *Limiter) holder(name string) (*holder, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errClosed
	}
	h := l.holders[name]
	if h == nil {
		h = newHolder(l, name)
		l.holders[name] = h
	}
	h.users++
	return h, nil
}

// release forgets a holder that nobody uses and that holds nothing.
func (l *Limiter) release(h *holder) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.users--
	if h.users == 0 && !l.closed && h.empty() && l.holders[h.name] == h {
		delete(l.holders, h.name)
	}
}

// keep has a holder not forgotten until it is released.
func (l *Limiter) keep(h *holder) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.users++
}

// nextBlock names a block of calls, different from all others.
func (l *Limiter) nextBlock() string {
	return fmt.Sprintf("%s.%d", l.id, l.serial.Add(1))
}

// Close gives back what the limiter holds and did not use, and tells what it used. It fails where
// NATS does not answer until ctx ends; then all that is held counts as used. Calls that wait end
// with an error.
func (l *Limiter) Close(ctx context.Context) error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	holders := l.holders
	l.mu.Unlock()
	l.stop()
	l.busy.Wait()
	var failed error
	for _, h := range holders {
		if h.empty() {
			continue
		}
		if err := h.settle(ctx, true); err != nil {
			failed = errors.Join(failed, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return failed
}

// background runs an exchange with the store that no call waits for.
func (l *Limiter) background(exchange func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.busy.Go(func() {
		ctx, cancel := context.WithTimeout(l.ctx, storeTimeout)
		defer cancel()
		exchange(ctx)
	})
}

// storeTimeout is how long NATS may take to answer.
const storeTimeout = 5 * time.Second

// sleep waits for d, unless one of two contexts ends before.
func sleep(ctx, other context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-other.Done():
		return errClosed
	}
}

// jitter is between half of a time and all of it, so that workers that wait for the same do not all
// come at once.
func jitter(d time.Duration) time.Duration {
	return d/2 + mathrand.N(d/2+1)
}

package instagram

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"
)

// An UndeliveredError says what [Webhook.Shutdown] could not wait for.
type UndeliveredError struct {
	Updates  []*Update // accepted but not delivered, oldest first
	Handling int       // calls of Handle that had not returned
	Err      error     // of the context
}

func (e *UndeliveredError) Error() string {
	return fmt.Sprintf("instagram: webhook: %d updates not delivered, %d being handled: %v", len(e.Updates), e.Handling, e.Err)
}

// Unwrap returns Err.
func (e *UndeliveredError) Unwrap() error { return e.Err }

// An inbox holds the updates that were accepted until they are delivered.
// Workers start when there is something to deliver and end when there is not.
type inbox struct {
	deliver func(context.Context, *Update) bool // reports whether it did
	prompt  bool                                // deliver returns as soon as its context ends
	workers int
	size    int // of queue

	ctx    context.Context // of deliver
	cancel context.CancelFunc

	mu      sync.Mutex
	repeats repeats
	queue   []Update
	working int
	refused []*Update // what deliver did not deliver
	closed  bool
	idle    chan struct{} // closed when closed is set and the work is done
}

func newInbox(opts WebhookOptions) *inbox {
	in := &inbox{
		workers: cmp.Or(opts.Workers, 1),
		size:    cmp.Or(opts.QueueSize, 1024),
		repeats: repeats{window: cmp.Or(opts.RepeatWindow, 10*time.Minute), seen: make(map[updateKey]struct{})},
		idle:    make(chan struct{}),
	}
	in.ctx, in.cancel = context.WithCancel(context.Background())
	if opts.Handle != nil {
		in.deliver = func(ctx context.Context, update *Update) bool {
			opts.Handle(ctx, update)
			return true
		}
		return in
	}
	in.workers = 1 // a channel has an order
	in.prompt = true
	in.deliver = func(ctx context.Context, update *Update) bool {
		select {
		case opts.Updates <- update:
			return true
		case <-ctx.Done():
			return false
		}
	}
	return in
}

// accept queues the updates that are no repeats: all of them, or none if there is
// no room for them. What is larger than the queue needs an empty one.
func (in *inbox) accept(updates []Update) bool {
	keys := make([]updateKey, len(updates))
	for i := range updates {
		keys[i] = updates[i].key()
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return false
	}
	in.repeats.expire(time.Now())
	waiting, remembered := len(in.queue), len(in.repeats.order)
	for i := range updates {
		// Without a time, each update of an object looks like the one before.
		if updates[i].Time.IsZero() || in.repeats.add(keys[i]) {
			in.queue = append(in.queue, updates[i])
		}
	}
	if waiting > 0 && len(in.queue) > max(in.size, waiting) {
		// They were not seen, as they will come again.
		in.queue = in.queue[:waiting]
		in.repeats.forget(remembered)
		return false
	}
	in.repeats.trim()
	for range min(in.workers-in.working, len(in.queue)-waiting) {
		in.working++
		go in.work()
	}
	return true
}

// work delivers until nothing is left.
func (in *inbox) work() {
	for {
		update, ok := in.next()
		if !ok {
			return
		}
		if !in.deliver(in.ctx, update) {
			in.mu.Lock()
			in.refused = append(in.refused, update)
			in.mu.Unlock()
		}
	}
}

// next takes an update out of the queue. Without one, the worker that asks has ended.
func (in *inbox) next() (*Update, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.queue) == 0 {
		in.queue = nil
		in.working--
		in.finish()
		return nil, false
	}
	update := in.queue[0]
	in.queue[0] = Update{}
	in.queue = in.queue[1:]
	return &update, true
}

// finish says that the work is done, if it is.
func (in *inbox) finish() {
	if in.closed && in.working == 0 {
		select {
		case <-in.idle:
		default:
			close(in.idle)
		}
	}
}

func (in *inbox) isClosed() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.closed
}

// close ends accepting. The channel is closed when all is delivered.
func (in *inbox) close() <-chan struct{} {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
	in.finish()
	return in.idle
}

// abandon takes out what is not delivered yet.
func (in *inbox) abandon(because error) error {
	in.cancel()
	in.mu.Lock()
	rest := in.queue
	in.queue = nil
	in.mu.Unlock()
	if in.prompt {
		<-in.idle
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	failure := &UndeliveredError{Updates: in.refused, Handling: in.working, Err: because}
	in.refused = nil
	for i := range rest {
		failure.Updates = append(failure.Updates, &rest[i])
	}
	if len(failure.Updates) == 0 && failure.Handling == 0 {
		return nil
	}
	return failure
}

// maxRepeats bounds how many updates are remembered.
const maxRepeats = 1 << 16

// repeats remembers which updates were accepted within a window of time.
type repeats struct {
	window time.Duration
	now    time.Time // of the last expire
	seen   map[updateKey]struct{}
	order  []remembered // oldest first
}

type remembered struct {
	key updateKey
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

// add reports whether the update is new.
func (r *repeats) add(key updateKey) bool {
	if _, ok := r.seen[key]; ok {
		return false
	}
	r.seen[key] = struct{}{}
	r.order = append(r.order, remembered{key, r.now})
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
func (r *repeats) trim() { r.drop(max(0, len(r.order)-maxRepeats)) }

func (r *repeats) drop(oldest int) {
	for _, old := range r.order[:oldest] {
		delete(r.seen, old.key)
	}
	r.order = r.order[oldest:]
}

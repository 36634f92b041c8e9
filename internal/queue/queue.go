// Package queue takes items over at once and delivers them later, each once, in the order of their
// arrival.
package queue

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Options say what becomes of the items. All but Prompt must be set.
type Options[T any] struct {
	// Deliver hands an item over, and reports whether it did. Its context ends when [Queue.Abandon]
	// is called; if it is Prompt, it returns as soon as that happens.
	Deliver func(context.Context, T) bool
	Prompt  bool

	// Panicked is told of a panic of Deliver. The item counts as delivered.
	Panicked func(item T, value any, stack []byte)

	Workers int           // calls of Deliver at a time
	Size    int           // items that may wait
	Window  time.Duration // how long an item is known again
}

// A Queue holds items until they are delivered. Its workers start when there is something to
// deliver and end when there is not. Make one with [New].
type Queue[T any] struct {
	Options[T]
	ctx    context.Context // of Deliver
	cancel context.CancelFunc

	mu      sync.Mutex
	repeats repeats
	waiting []T
	working int
	left    []T // what Deliver did not deliver
	closed  bool
	idle    chan struct{} // closed when closed is set and the work is done
}

// New returns an empty queue.
func New[T any](options Options[T]) *Queue[T] {
	q := &Queue[T]{
		Options: options,
		repeats: repeats{window: options.Window, seen: make(map[Key]struct{})},
		idle:    make(chan struct{}),
	}
	q.ctx, q.cancel = context.WithCancel(context.Background()) //nolint:gosec // Shutdown calls it
	return q
}

// Accept takes over the items that are no repeats: all of them, or none if there is no room or the
// queue is closed. What is larger than the queue needs an empty one. There is a key for each item.
func (q *Queue[T]) Accept(items []T, keys []Key) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.repeats.expire(time.Now())
	waiting, known := len(q.waiting), len(q.repeats.order)
	for i := range items {
		if q.repeats.add(keys[i]) {
			q.waiting = append(q.waiting, items[i])
		}
	}
	if waiting > 0 && len(q.waiting) > max(q.Size, waiting) {
		clear(q.waiting[waiting:])
		q.waiting = q.waiting[:waiting]
		q.repeats.forget(known) // they will come again
		return false
	}
	q.repeats.trim()
	for range min(q.Workers-q.working, len(q.waiting)-waiting) {
		q.working++
		go q.work()
	}
	return true
}

// work delivers until nothing is left.
func (q *Queue[T]) work() {
	done := false
	defer func() {
		if !done { // Deliver ended the goroutine, with runtime.Goexit
			go q.work()
		}
	}()
	for item, ok := q.next(); ok; item, ok = q.next() {
		if !q.deliver(item) {
			q.mu.Lock()
			q.left = append(q.left, item)
			q.mu.Unlock()
		}
	}
	done = true
}

func (q *Queue[T]) deliver(item T) (delivered bool) {
	defer func() {
		if value := recover(); value != nil {
			q.Panicked(item, value, debug.Stack())
			delivered = true
		}
	}()
	return q.Deliver(q.ctx, item)
}

// next takes out the item that waits longest. If there is none, the worker that asks has ended.
func (q *Queue[T]) next() (item T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.waiting = nil
		q.working--
		q.finish()
		return item, false
	}
	var zero T
	item, q.waiting[0] = q.waiting[0], zero
	q.waiting = q.waiting[1:]
	return item, true
}

// finish says that the work is done, if it is.
func (q *Queue[T]) finish() {
	if q.closed && q.working == 0 {
		select {
		case <-q.idle:
		default:
			close(q.idle)
		}
	}
}

// Closed reports whether the queue accepts nothing any more.
func (q *Queue[T]) Closed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// Close has the queue accept nothing any more. The channel is closed when all is delivered.
func (q *Queue[T]) Close() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.finish()
	return q.idle
}

// Abandon gives up on a closed queue. It ends the context of Deliver and returns what is not
// delivered, in the order of arrival, and how many calls of Deliver have not returned. What it
// returned once it does not return again.
func (q *Queue[T]) Abandon() (undelivered []T, working int) {
	q.cancel()
	q.mu.Lock()
	rest := q.waiting
	q.waiting = nil
	q.mu.Unlock()
	if q.Prompt {
		<-q.idle
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	undelivered, q.left = slices.Concat(q.left, rest), nil
	return undelivered, q.working
}

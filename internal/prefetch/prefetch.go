// Package prefetch gets values ahead of whoever uses them.
package prefetch

import (
	"context"
	"sync/atomic"
)

// A Fetcher gets values one after another, in the background.
type Fetcher[T any] struct {
	results chan result[T] // in order, the last one with an error; closed behind it
	cancel  context.CancelFunc

	size    func(T) int
	waiting atomic.Int64  // the size of those that nobody took
	taken   chan struct{} // holds one when that has become less
}

type result[T any] struct {
	value T
	err   error
}

// Start calls next over and over, until it returns an error, and stays so many values ahead of
// Next, or fewer where those have more than a size together. The caller must call Stop. Until then
// next belongs to the Fetcher.
func Start[T any](ctx context.Context, ahead, most int, size func(T) int, next func(context.Context) (T, error)) *Fetcher[T] {
	ctx, cancel := context.WithCancel(ctx) //nolint:gosec // Stop calls it
	f := &Fetcher[T]{
		results: make(chan result[T], ahead-1), // and one that waits to be sent
		cancel:  cancel, size: size, taken: make(chan struct{}, 1),
	}
	go func() {
		defer close(f.results)
		for {
			f.wait(ctx, most)
			value, err := next(ctx)
			if err == nil {
				f.waiting.Add(int64(size(value)))
			}
			f.results <- result[T]{value, err}
			if err != nil {
				return
			}
		}
	}()
	return f
}

// wait returns when there is room for another value, or ctx has ended.
func (f *Fetcher[T]) wait(ctx context.Context, most int) {
	for f.waiting.Load() > int64(most) {
		select {
		case <-f.taken:
		case <-ctx.Done():
			return
		}
	}
}

// Next returns the next value, or the error that ended them. It reports false behind that error.
func (f *Fetcher[T]) Next(ctx context.Context) (value T, ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return value, true, err
	}
	select {
	case next, ok := <-f.results:
		if ok && next.err == nil {
			f.waiting.Add(-int64(f.size(next.value)))
			select {
			case f.taken <- struct{}{}:
			default:
			}
		}
		return next.value, ok, next.err
	case <-ctx.Done():
		return value, true, ctx.Err()
	}
}

// Stop ends the fetching, waits until it has ended, and returns the values that nobody took.
func (f *Fetcher[T]) Stop() (rest []T) {
	f.cancel()
	for next := range f.results {
		if next.err == nil {
			rest = append(rest, next.value)
		}
	}
	return rest
}

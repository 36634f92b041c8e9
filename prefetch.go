package instagram

import "context"

// Prefetch makes the loops over [Pager.All] and [Pager.Pages] fetch so many
// pages ahead while their body handles the page before, and returns the pager.
// One is enough unless some pages take the body much longer than others, because
// pages can only be asked for one after another. The default of 0 fetches none
// ahead, and [Pager.Next] never does; more than 100 are taken for 100.
//
// A loop that ends takes its fetching with it. The pages that were there by then
// come first in what follows, and the others are asked for again.
func (p *Pager[T]) Prefetch(pages int) *Pager[T] {
	p.ahead = min(max(pages, 0), maxAhead)
	return p
}

// maxAhead bounds the memory that pages which nobody has looked at may take.
const maxAhead = 100

// A prefetcher walks on while the body of a loop runs.
type prefetcher[T any] struct {
	fetched chan fetched[T] // in order, the last one with an error; closed behind it
	cancel  context.CancelFunc
}

type fetched[T any] struct {
	page *Page[T]
	err  error
}

// startPrefetch reports whether it started fetching ahead. It does not if that
// is not wanted, or runs already.
func (p *Pager[T]) startPrefetch(ctx context.Context) bool {
	if p.ahead == 0 || p.worker != nil || ctx == nil {
		return false
	}
	ctx, cancel := context.WithCancel(ctx)  //nolint:gosec // stopPrefetch calls it
	out := make(chan fetched[T], p.ahead-1) // and one that waits to be sent
	p.worker = &prefetcher[T]{out, cancel}
	go func() {
		defer close(out)
		for {
			page, err := p.advance(ctx)
			out <- fetched[T]{page, err}
			if err != nil {
				return
			}
		}
	}()
	return true
}

// prefetched returns what was fetched ahead, or nothing if that has ended.
func (p *Pager[T]) prefetched(ctx context.Context) (*Page[T], error) {
	if p.worker == nil {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, p.error(err)
	}
	select {
	case next := <-p.worker.fetched:
		return next.page, next.err
	case <-ctx.Done():
		return nil, p.error(ctx.Err())
	}
}

// stopPrefetch ends fetching ahead, waits until it has ended, and keeps the
// pages that nobody took.
func (p *Pager[T]) stopPrefetch() {
	if p.worker == nil {
		return
	}
	p.worker.cancel()
	for next := range p.worker.fetched {
		if next.page != nil {
			p.rest = append(p.rest, next.page)
		}
	}
	p.worker = nil
}

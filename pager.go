package instagram

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"io"
	"iter"
	"net/http"
	"slices"

	"github.com/igv1/instagram/internal/prefetch"
)

// A Page is one answer of a list.
type Page[T any] struct {
	Items      []*T
	Pagination Pagination // as the server sent it, less the credentials in its URLs
	Meta       MetaData
	RateLimit  RateLimit

	// Skipped says which entries did not decode. It is always empty without [WithLenientDecoding].
	Skipped []error

	next, reverse Cursor

	at    Cursor // of the page itself
	taken int    // how many entries came before Items, and the id of the last of them
	last  string

	memory int // about what its models take, in bytes
}

// Cursor returns the place behind this page, to go on from later. It is [CursorEnd] for the last
// page.
func (p *Page[T]) Cursor() Cursor { return p.next }

// Reverse returns the place from which [Pager.From] walks the other way: to the page before this
// one, then to the one before that. The entries of a page keep their order. On a page of a walk
// back it is the way forward again. It reports whether the server offers one; no list of v1 does.
func (p *Page[T]) Reverse() (Cursor, bool) { return p.reverse, p.reverse != "" }

// A Pager walks a list page by page. It sends nothing before it is asked for something, and it is
// for one goroutine at a time.
//
//	for media, err := range client.Users.RecentMedia(instagram.Self, nil).All(ctx) {
//
// All, Pages and Next share one position. An error does not move it, so that the page that failed
// is asked for again by whatever comes next; and a loop that ends in the middle of a page leaves
// the rest of it to come first.
type Pager[T any] struct {
	fetch func(context.Context, Cursor) (*Page[T], error)
	wrap  func(error) *Error // adds the endpoint to an error that comes with no answer; nil without one

	next  Cursor              // of the page to ask for
	rest  []*Page[T]          // what loops that ended early did not take
	given map[uint64]struct{} // the cursors that were followed, hashed

	page  *Page[T] // that was handed out last, and how many of its entries were taken
	taken int

	ahead  int                         // how many pages loops fetch ahead
	worker *prefetch.Fetcher[*Page[T]] // of the loop that runs; has next and given for itself

	polled polled[T]
}

var cursorSeed = maphash.MakeSeed()

// NewPager returns a pager over pages of any origin, for tests and for lists that this package has
// no method for. It asks fetch for the page at a cursor: at first at the zero one, or at that given
// to [Pager.From]. The next cursor is made of the page's Pagination, of NextMaxID for example, and
// is the query max_id=17 then; without anything of the kind the page is the last one. An error of
// fetch, io.EOF too, is the cause of an [*Error].
func NewPager[T any](fetch func(ctx context.Context, at Cursor) (*Page[T], error)) *Pager[T] {
	if fetch == nil {
		return new(Pager[T])
	}
	return &Pager[T]{fetch: func(ctx context.Context, at Cursor) (*Page[T], error) {
		page, err := fetch(ctx, at)
		if err != nil || page == nil {
			return nil, listError(cmp.Or(err, errNoPage))
		}
		own := *page
		if own.next == "" {
			own.next = own.Pagination.recorded()
		}
		return &own, nil
	}}
}

// listError makes an [*Error] of an error of fetch.
func listError(err error) error {
	if failure, ok := err.(*Error); ok && failure != nil { //nolint:errorlint // what wraps one is the cause of another
		return failure
	}
	return &Error{Method: http.MethodGet, Endpoint: "list", Err: err}
}

var errNoPage = errors.New("instagram: fetch returned neither a page nor an error")

// From moves the pager to a place that [Page.Cursor], [Page.Reverse] or [Pager.Cursor] returned,
// and returns it. The place must be from the same list.
func (p *Pager[T]) From(cursor Cursor) *Pager[T] {
	p.stopPrefetch()
	p.next, p.rest, p.given, p.page = cursor, nil, nil, nil
	return p
}

// Cursor returns the place that the pager has come to: behind the entry that a loop over All was
// given last, or behind the page that Pages or Next returned last. A walk that goes on from there,
// in another process too, gets what follows. Where the entries of a page have changed in between,
// so that the last one is no longer there, it gets the page again from its start: no entry is left
// out, but some may come twice.
func (p *Pager[T]) Cursor() Cursor {
	switch {
	case p.page == nil:
		return p.next
	case p.taken >= len(p.page.Items):
		return p.page.next
	}
	last := ""
	if p.taken > 0 {
		last = entryID(p.page.Items[p.taken-1])
	} else {
		last = p.page.last
	}
	if taken := p.page.taken + p.taken; taken > 0 {
		return p.page.at.within(taken, last)
	}
	return p.page.at
}

// Prefetch makes the loops over [Pager.All] and [Pager.Pages] fetch so many pages ahead while their
// body handles the page before, and returns the pager. One is enough unless some pages take the
// body much longer than others, because pages can only be asked for one after another. The default
// of 0 fetches none ahead, and [Pager.Next] never does; more than 100 are taken for 100. None is
// fetched while the models of those that wait take over 64 MiB.
//
// When a loop ends, its fetching ends too. The pages that were there by then come first in what
// follows, and the others are asked for again.
func (p *Pager[T]) Prefetch(pages int) *Pager[T] {
	p.ahead = min(max(pages, 0), maxAhead)
	return p
}

// Pages that nobody has looked at take memory: so many at most, of so many bytes.
const (
	maxAhead       = 100
	maxMemoryAhead = 64 << 20
)

// startPrefetch starts fetching ahead, unless that is not wanted, runs already, or there are pages
// that earlier loops did not take.
func (p *Pager[T]) startPrefetch(ctx context.Context) {
	if p.ahead == 0 || p.worker != nil || ctx == nil || len(p.rest) > 0 {
		return
	}
	p.worker = prefetch.Start(ctx, p.ahead, maxMemoryAhead, func(page *Page[T]) int { return page.memory }, p.advance)
}

// stopPrefetch ends fetching ahead, and keeps the pages that nobody took.
func (p *Pager[T]) stopPrefetch() {
	if p.worker != nil {
		p.rest = append(p.rest, p.worker.Stop()...)
		p.worker = nil
	}
}

// Next returns the next page. The error is [io.EOF] behind the last page, and an [*Error]
// otherwise: one that matches [ErrPaginationLoop] where the server hands out a cursor for the
// second time, and that of the call where it failed, after which Next tries that page again.
func (p *Pager[T]) Next(ctx context.Context) (*Page[T], error) {
	page, err := p.take(ctx)
	if err == nil {
		p.page, p.taken = page, len(page.Items)
	}
	return page, err
}

// take returns the next page, from wherever it is.
func (p *Pager[T]) take(ctx context.Context) (*Page[T], error) {
	if ctx == nil {
		return nil, p.error(&ParameterError{"ctx", "it is nil"})
	}
	if len(p.rest) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, p.error(err)
		}
		page := p.rest[0]
		p.rest = p.rest[1:]
		return page, nil
	}
	if p.worker != nil {
		page, ok, err := p.worker.Next(ctx)
		if err != nil && ctx.Err() != nil {
			return nil, p.error(ctx.Err())
		}
		if ok {
			return page, err
		}
	}
	return p.advance(ctx)
}

// advance asks for the next page and moves behind it.
func (p *Pager[T]) advance(ctx context.Context) (*Page[T], error) {
	if p.fetch == nil {
		return nil, p.error(&ParameterError{"pager", "it is empty; get one from a service, or from NewPager"})
	}
	if p.next == CursorEnd {
		return nil, io.EOF
	}
	key := maphash.String(cursorSeed, string(p.next))
	if _, ok := p.given[key]; ok {
		return nil, p.error(ErrPaginationLoop)
	}
	at, taken, last := p.next.page()
	page, err := p.fetch(ctx, at)
	if err != nil {
		return nil, err
	}
	page.at = at
	page.skip(taken, last)
	if p.given == nil {
		p.given = make(map[uint64]struct{})
	}
	p.given[key] = struct{}{}
	p.next = page.next
	return page, nil
}

// error returns the error of a walk that ends without an answer.
func (p *Pager[T]) error(err error) error {
	if p.wrap == nil {
		return listError(err)
	}
	return p.wrap(err)
}

// Pages yields page after page, until the last one or the first error.
func (p *Pager[T]) Pages(ctx context.Context) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		defer p.stopPrefetch()
		for {
			p.startPrefetch(ctx)
			page, err := p.Next(ctx)
			if err == io.EOF { //nolint:errorlint // only Next itself ends a list
				return
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// All yields entry after entry, over all pages, until the last one or the first error. It stops
// between two entries as well when ctx ends.
func (p *Pager[T]) All(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for page, err := range p.Pages(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			for i, item := range page.Items {
				if err := ctx.Err(); err != nil {
					p.keep(page, i)
					yield(nil, p.error(err))
					return
				}
				p.taken = i + 1
				if !yield(item, nil) {
					p.keep(page, i+1)
					return
				}
			}
		}
	}
}

// Collect returns the next entries of the list, up to limit of them, or all there are where that is
// 0. With an error it returns what it has got by then. What follows goes on behind them.
func (p *Pager[T]) Collect(ctx context.Context, limit int) ([]*T, error) {
	if limit < 0 {
		return nil, p.error(&ParameterError{"limit", "it is negative"})
	}
	var items []*T
	for item, err := range p.All(ctx) {
		if err != nil {
			return items, err
		}
		if items = append(items, item); len(items) == limit {
			break
		}
	}
	return items, nil
}

// keep puts back what a loop did not take of a page.
func (p *Pager[T]) keep(page *Page[T], taken int) {
	p.taken = taken
	if taken < len(page.Items) {
		rest := *page
		rest.skip(taken, "")
		p.rest = slices.Insert(p.rest, 0, &rest)
	}
}

// skip takes entries off the start of a page: up to that with an id, which is where it is now, or
// so many where entries have none. It takes off none if that entry is not there.
func (p *Page[T]) skip(taken int, lastID string) {
	if lastID != "" {
		taken = 1 + slices.IndexFunc(p.Items, func(item *T) bool { return entryID(item) == lastID })
	}
	if taken = min(taken, len(p.Items)); taken > 0 {
		p.taken += taken
		p.last = entryID(p.Items[taken-1])
		p.Items = p.Items[taken:]
	}
}

// entryID returns the id of an entry of a list, where it has one.
func entryID(entry any) string {
	switch entry := entry.(type) {
	case *MediaEntry:
		return entry.ID
	case *UserShortInfo:
		return entry.ID
	case *GraphMedia:
		return entry.ID
	}
	return ""
}

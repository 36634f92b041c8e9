package instagram

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"iter"
	"maps"
	"net/url"
	"slices"

	"github.com/igv1/instagram/internal/redact"
)

// A Cursor is a place in a list, between two pages. It is short text that can
// be stored and handed to [Pager.From] later, by another process too. The zero
// Cursor is the start of the list.
type Cursor string

// CursorEnd is the place behind the last page: a pager that starts there is
// done, so a finished walk that is resumed does not start over.
const CursorEnd Cursor = "end"

// A Page is one answer of a list.
type Page[T any] struct {
	Items      []*T
	Pagination Pagination // as the server sent it, less the credentials in its URLs
	Meta       MetaData
	RateLimit  RateLimit

	// Skipped says which entries of the page did not decode. It is always empty
	// without [WithLenientDecoding].
	Skipped []error

	next, reverse Cursor
}

// Cursor returns the place behind this page, to go on from later. It is
// [CursorEnd] for the last page.
func (p *Page[T]) Cursor() Cursor { return p.next }

// Reverse returns the place from which [Pager.From] walks the other way: to the
// page before this one, then to the one before that. The entries of a page keep
// their order. On a page of a walk back it is the way forward again. It reports
// whether the server offers one; no list of v1 does.
func (p *Page[T]) Reverse() (Cursor, bool) { return p.reverse, p.reverse != "" }

// A Pager walks a list page by page. It sends nothing before it is asked for
// something, and it is for one goroutine at a time.
//
//	for media, err := range client.Users.RecentMedia(instagram.Self, nil).All(ctx) {
//
// All, Pages and Next share one position. An error does not move it, so that
// the page that failed is asked for again by whatever comes next; and a loop
// that ends in the middle of a page leaves the rest of it to come first.
type Pager[T any] struct {
	fetch func(context.Context, Cursor) (*Page[T], error)
	next  Cursor
	rest  []*Page[T]          // what loops that ended early did not take
	given map[uint64]struct{} // the cursors that were followed, hashed

	ahead  int            // how many pages loops fetch ahead
	worker *prefetcher[T] // of the loop that runs; has next and given for itself

	polled polled[T]
}

var cursorSeed = maphash.MakeSeed()

// From moves the pager to a place that [Page.Cursor] or [Page.Reverse] returned,
// and returns it. The place must be from the same list.
func (p *Pager[T]) From(cursor Cursor) *Pager[T] {
	p.stopPrefetch()
	p.next, p.rest, p.given = cursor, nil, nil
	return p
}

// Next returns the next page. The error is [io.EOF] behind the last page, an
// [ErrPaginationLoop] where the server hands out a cursor for the second time,
// and an [*Error] for a call that failed, after which Next tries that page again.
func (p *Pager[T]) Next(ctx context.Context) (*Page[T], error) {
	if len(p.rest) > 0 {
		page := p.rest[0]
		p.rest = p.rest[1:]
		return page, nil
	}
	if page, err := p.prefetched(ctx); page != nil || err != nil {
		return page, err
	}
	return p.advance(ctx)
}

// advance asks for the next page and moves behind it.
func (p *Pager[T]) advance(ctx context.Context) (*Page[T], error) {
	if p.next == CursorEnd {
		return nil, io.EOF
	}
	key := maphash.String(cursorSeed, string(p.next))
	if _, ok := p.given[key]; ok {
		return nil, ErrPaginationLoop
	}
	page, err := p.fetch(ctx, p.next)
	if err != nil {
		return nil, err
	}
	if p.given == nil {
		p.given = make(map[uint64]struct{})
	}
	p.given[key] = struct{}{}
	p.next = page.next
	return page, nil
}

// Pages yields page after page, until the last one or the first error.
func (p *Pager[T]) Pages(ctx context.Context) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		if p.startPrefetch(ctx) {
			defer p.stopPrefetch()
		}
		for {
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

// All yields entry after entry, over all pages, until the last one or the first
// error. It stops between two entries as well when ctx ends.
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
					yield(nil, err)
					return
				}
				if !yield(item, nil) {
					p.keep(page, i+1)
					return
				}
			}
		}
	}
}

// keep puts back what a loop did not take of a page.
func (p *Pager[T]) keep(page *Page[T], taken int) {
	if taken < len(page.Items) {
		rest := *page
		rest.Items = page.Items[taken:]
		p.rest = slices.Insert(p.rest, 0, &rest)
	}
}

// pagingParams are the parameters that ask for a next page. Of a next_url
// nothing else is used: the rest of it, its host and its token above all, may
// not be the user's.
var pagingParams = []string{"max_id", "max_like_id", "cursor", "max_tag_id"}

// newPager walks the list of v1 at call, whose next page is asked for with param.
func newPager[T Model](c *core, call *call, param string) *Pager[T] {
	pager := walk[T](c, call, paging{pagingParams, func(p Pagination, _ Cursor) (next, reverse Cursor, err error) {
		next, err = p.cursor(param)
		return next, "", err
	}})
	pager.polled = newPolled[T](c, call, param)
	return pager
}

// A paging is how the pages of a list name those around them.
type paging struct {
	params []string // the parameters that ask for a page

	// around returns the places behind a page, as seen on the way that led to
	// the cursor at, and back from it.
	around func(p Pagination, at Cursor) (next, reverse Cursor, err error)
}

func walk[T Model](c *core, call *call, paging paging) *Pager[T] {
	return &Pager[T]{fetch: func(ctx context.Context, at Cursor) (*Page[T], error) {
		page, err := getPage[T](ctx, c, call.at(at, paging.params), func(p Pagination) (next, reverse Cursor, err error) {
			return paging.around(p, at)
		})
		if err != nil {
			return nil, err
		}
		return page, nil
	}}
}

// convert makes a pager of a list's entries as something else.
func convert[T, U any](p *Pager[T], entry func(*T) *U) *Pager[U] {
	return &Pager[U]{fetch: func(ctx context.Context, at Cursor) (*Page[U], error) {
		page, err := p.fetch(ctx, at)
		if err != nil {
			return nil, err
		}
		converted := &Page[U]{
			Items: make([]*U, len(page.Items)), Pagination: page.Pagination, Meta: page.Meta, RateLimit: page.RateLimit,
			Skipped: page.Skipped, next: page.next, reverse: page.reverse,
		}
		for i, item := range page.Items {
			converted.Items[i] = entry(item)
		}
		return converted, nil
	}}
}

// at returns the call for the page at a cursor, which is one of params.
func (c *call) at(cursor Cursor, params []string) *call {
	at := *c
	at.params = maps.Clone(c.params)
	if cursor == "" {
		return &at
	}
	position, err := url.ParseQuery(string(cursor))
	if err != nil || len(position) != 1 {
		at.refuse("cursor", "it is not a place in this list")
	}
	for name := range position {
		if !slices.Contains(params, name) {
			at.refuse("cursor", "it is not a place in this list")
		}
		at.params.Set(name, position.Get(name))
	}
	return &at
}

// cursor returns the place of the next page, which is asked for with param.
func (p Pagination) cursor(param string) (Cursor, error) {
	id := p.nextID(param)
	if p.NextURL != "" {
		query := url.Values{}
		if next, err := url.Parse(p.NextURL); err == nil {
			query = next.Query()
		}
		if value := query.Get(param); value != "" {
			return newCursor(param, value), nil
		}
		for _, other := range pagingParams { // some lists paged by max_id before they had a parameter of their own
			if value := query.Get(other); value != "" {
				return newCursor(other, value), nil
			}
		}
		if id == "" {
			return "", errors.New("pagination.next_url does not say where the next page starts")
		}
	}
	if id != "" {
		return newCursor(param, id), nil
	}
	return CursorEnd, nil
}

func newCursor(param, value string) Cursor {
	return Cursor(url.Values{param: {value}}.Encode())
}

// nextID returns the member that goes with the next page's parameter.
func (p Pagination) nextID(param string) string {
	switch param {
	case "max_like_id":
		return p.NextMaxLikeID
	case "cursor":
		return p.NextCursor
	case "max_tag_id":
		if p.NextMaxTagID == "" {
			return p.NextMaxID // its deprecated name
		}
		return p.NextMaxTagID
	}
	return p.NextMaxID
}

// hideCredentials takes what authenticates out of all URLs, so that a page can be logged. Those in
// Extra are next beside next_url, and what gateways add.
func (p *Pagination) hideCredentials(secrets *redact.Set) {
	p.NextURL = secrets.URL(p.NextURL)
	p.PreviousURL = secrets.URL(p.PreviousURL)
	for name, value := range p.Extra {
		p.Extra[name] = secrets.JSON(value)
	}
}

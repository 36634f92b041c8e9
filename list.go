package instagram

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"github.com/igv1/instagram/internal/redact"
)

// The functions here are how list methods end: with a [Pager] over the pages of a call.

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

	// around returns the places behind a page, as seen on the way that led to the cursor at, and
	// back from it.
	around func(p Pagination, at Cursor) (next, reverse Cursor, err error)
}

// graphPaging walks forward by after and backward by before.
var graphPaging = paging{params: []string{"after", "before"}, around: Pagination.aroundGraph}

// walk walks the list at call.
func walk[T Model](c *core, call *call, paging paging) *Pager[T] {
	return &Pager[T]{fetch: func(ctx context.Context, at Cursor) (*Page[T], error) {
		page, err := getPage[T](ctx, c, call.at(at, paging.params), func(p Pagination) (next, reverse Cursor, err error) {
			return paging.around(p, at)
		})
		if err != nil {
			return nil, err
		}
		return page, nil
	}, wrap: call.error}
}

// getPage ends with one page; around says where the pages before and after it are.
func getPage[T Model](ctx context.Context, c *core, call *call, around func(Pagination) (next, reverse Cursor, err error)) (*Page[T], error) {
	page, x, err := fetch(ctx, c, call, func(body []byte) (*Page[T], MetaData, error) {
		answer, err := decodeList[T](body, c.lenient)
		page := &Page[T]{Items: answer.Items, Pagination: answer.Pagination, Meta: answer.Meta, Skipped: answer.Skipped}
		if err == nil {
			page.next, page.reverse, err = around(page.Pagination)
		}
		return page, answer.Meta, err
	})
	if err != nil {
		return nil, err
	}
	page.RateLimit = x.answer.rateLimit
	secrets := x.secrets()
	page.Pagination.hideCredentials(secrets)
	for i, skipped := range page.Skipped {
		page.Skipped[i] = secrets.Error(skipped, redact.MaxText)
	}
	return page, nil
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

// polled is how a list is asked for what is newer than a place in it. Its zero value is for lists
// that cannot be asked for that.
type polled[T any] struct {
	param string                    // min_id or min_tag_id
	since string                    // its value in the list's own options
	from  func(id string) *Pager[T] // the part of the list that is newer, or all of it
}

// pollParams are the parameters that ask for what is newer, by the parameters that ask for the next
// page.
var pollParams = map[string]string{"max_id": "min_id", "max_tag_id": "min_tag_id"}

func newPolled[T Model](c *core, call *call, param string) polled[T] {
	newer, ok := pollParams[param]
	if !ok {
		return polled[T]{}
	}
	return polled[T]{newer, call.params.Get(newer), func(id string) *Pager[T] {
		return newPager[T](c, call.but(newer, id), param)
	}}
}

// newest returns the place of the newest media on the first page of a list: what the server says,
// or the id of the first entry in lists that are sorted by it.
func (p polled[T]) newest(page *Page[MediaEntry]) string {
	pagination := page.Pagination
	switch {
	case p.param == "min_tag_id" && pagination.MinTagID != "":
		return pagination.MinTagID
	case p.param == "min_tag_id":
		return pagination.NextMinID // its deprecated name
	case p.param == "" || len(page.Items) == 0:
		return ""
	case pagination.MinID != "":
		return pagination.MinID
	}
	return page.Items[0].ID
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
	}, wrap: p.wrap}
}

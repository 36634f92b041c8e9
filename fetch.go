package instagram

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"

	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/wire"
)

// The functions here are how service methods end: with one object, with all there is, with a
// [Pager] over the pages of a list, or with nothing. Each attempt of a call reads into a value of
// its own, so that no attempt leaves anything behind for the next one.

// fetch makes a call and returns what read makes of its answer.
func fetch[T any](ctx context.Context, call *call, read func(body []byte) (T, MetaData, error)) (T, *exchange, error) {
	var value T
	x, err := call.do(ctx, func(body []byte) (meta MetaData, err error) {
		value, meta, err = read(body)
		return meta, err
	})
	if err != nil {
		var none T
		return none, nil, err
	}
	return value, x, nil
}

// get ends with one object. An answer without one is an error.
func get[T Model](ctx context.Context, call *call) (*T, error) {
	data, x, err := fetch(ctx, call, readObject[T])
	if err == nil && data == nil {
		return nil, x.error(invalidResponse{errNoData})
	}
	return data, err
}

var errNoData = errors.New("it has no data")

// getOptional is get for answers that may be null.
func getOptional[T Model](ctx context.Context, call *call) (*T, error) {
	data, _, err := fetch(ctx, call, readObject[T])
	return data, err
}

func readObject[T Model](body []byte) (*T, MetaData, error) {
	answer, err := decodeObject[T](body)
	return answer.Data, answer.Meta, err
}

// getList ends with all there is. It is never lenient: it has nowhere to say what it left out.
func getList[T Model](ctx context.Context, call *call) ([]*T, error) {
	items, _, err := fetch(ctx, call, func(body []byte) ([]*T, MetaData, error) {
		answer, err := decodeList[T](body, false)
		return answer.Items, answer.Meta, err
	})
	return items, err
}

// send ends with nothing: writes have no data.
func send(ctx context.Context, call *call) error {
	_, err := call.do(ctx, decodeMeta)
	return err
}

// getNode ends with one object of the Graph, which has no envelope around it. The documentation
// shows some within a list, as its only entry.
func getNode[T Model](ctx context.Context, call *call) (*T, error) {
	node, x, err := fetch(ctx, call, readNode[T])
	if err == nil && node == nil {
		return nil, x.error(invalidResponse{errNoData})
	}
	return node, err
}

func readNode[T Model](body []byte) (*T, MetaData, error) {
	d := wire.NewDecoder(body)
	defer d.Release()
	start := d.Mark()
	if d.HasMember(start, func(name []byte) bool { return string(name) == "data" }) {
		list, err := decodeList[T](body, false)
		if err != nil || len(list.Items) != 1 {
			return nil, MetaData{}, err
		}
		return list.Items[0], MetaData{}, nil
	}
	if d.HasMember(start, func(name []byte) bool { return string(name) == "error" }) {
		return nil, MetaData{}, errNoData
	}
	node := readEntry(d, tableOf[T]())
	d.End()
	return node, MetaData{}, decodeError(d.Failure("", start))
}

// newPager walks the list of v1 at call, whose next page is asked for with param.
func newPager[T Model](call *call, param string) *Pager[T] {
	pager := walk[T](call, paging{pagingParams, func(p Pagination, _ Cursor) (next, reverse Cursor, err error) {
		next, err = p.cursor(param)
		return next, "", err
	}})
	pager.polled = newPolled[T](call, param)
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
func walk[T Model](call *call, paging paging) *Pager[T] {
	return &Pager[T]{wrap: call.error, fetch: func(ctx context.Context, at Cursor) (*Page[T], error) {
		page, x, err := fetch(ctx, call.at(at, paging.params), func(body []byte) (*Page[T], MetaData, error) {
			answer, err := decodeList[T](body, call.core.lenient)
			page := &Page[T]{Items: answer.Items, Pagination: answer.Pagination, Meta: answer.Meta, Skipped: answer.Skipped, memory: answer.memory}
			if err == nil {
				page.next, page.reverse, err = paging.around(page.Pagination, at)
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

func newPolled[T Model](call *call, param string) polled[T] {
	newer, ok := pollParams[param]
	if !ok {
		return polled[T]{}
	}
	return polled[T]{newer, call.params.Get(newer), func(id string) *Pager[T] {
		return newPager[T](call.but(newer, id), param)
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
			Skipped: page.Skipped, next: page.next, reverse: page.reverse, memory: page.memory,
		}
		for i, item := range page.Items {
			converted.Items[i] = entry(item)
		}
		return converted, nil
	}, wrap: p.wrap}
}

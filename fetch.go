package instagram

import (
	"context"
	"errors"
)

// The functions here are how service methods end: with one object, with all there is, with one page
// of it, or with nothing. Each attempt of a call reads into a value of its own, so that no attempt
// leaves anything behind for the next one.

// fetch makes a call and returns what read makes of its answer.
func fetch[T any](ctx context.Context, c *core, call *call, read func(body []byte) (T, MetaData, error)) (T, *exchange, error) {
	var value T
	x, err := c.do(ctx, call, func(body []byte) (meta MetaData, err error) {
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
func get[T Model](ctx context.Context, c *core, call *call) (*T, error) {
	data, x, err := fetch(ctx, c, call, readObject[T])
	if err == nil && data == nil {
		return nil, x.error(invalidResponse{errNoData})
	}
	return data, err
}

var errNoData = errors.New("it has no data")

// getOptional is get for answers that may be null.
func getOptional[T Model](ctx context.Context, c *core, call *call) (*T, error) {
	data, _, err := fetch(ctx, c, call, readObject[T])
	return data, err
}

func readObject[T Model](body []byte) (*T, MetaData, error) {
	answer, err := decodeObject[T](body)
	return answer.Data, answer.Meta, err
}

// getList ends with all there is. It is never lenient: it has nowhere to say what it left out.
func getList[T Model](ctx context.Context, c *core, call *call) ([]*T, error) {
	items, _, err := fetch(ctx, c, call, func(body []byte) ([]*T, MetaData, error) {
		answer, err := decodeList[T](body, false)
		return answer.Items, answer.Meta, err
	})
	return items, err
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
		page.Skipped[i] = secrets.Error(skipped, maxMessage)
	}
	return page, nil
}

// send ends with nothing: writes have no data.
func send(ctx context.Context, c *core, call *call) error {
	_, err := c.do(ctx, call, decodeMeta)
	return err
}

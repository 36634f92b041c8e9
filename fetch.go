package instagram

import (
	"context"
	"errors"

	"github.com/igv1/instagram/internal/wire"
)

// The functions here are how service methods end: with one object, with all there is, or with
// nothing. Each attempt of a call reads into a value of its own, so that no attempt
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

// send ends with nothing: writes have no data.
func send(ctx context.Context, c *core, call *call) error {
	_, err := c.do(ctx, call, decodeMeta)
	return err
}

// getNode ends with one object of the Graph, which has no envelope around it. The documentation
// shows some within a list, as its only entry.
func getNode[T Model](ctx context.Context, c *core, call *call) (*T, error) {
	node, x, err := fetch(ctx, c, call, readNode[T])
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

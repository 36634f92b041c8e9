package instagram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/igv1/instagram/internal/wire"
)

// GraphCursors are the ends of a page of the Graph. A [Pager] follows them; they are here to be
// looked at, and are there even where no page lies behind them.
type GraphCursors struct {
	Before string
	After  string

	Extra map[string]json.RawMessage
}

// graphPaging walks forward by after and backward by before.
var graphPaging = paging{params: []string{"after", "before"}, around: Pagination.aroundGraph}

func (p Pagination) aroundGraph(at Cursor) (next, reverse Cursor, err error) {
	next, err = graphPlace("after", p.NextURL, p.Cursors.After)
	reverse, rerr := graphPlace("before", p.PreviousURL, p.Cursors.Before)
	if strings.HasPrefix(string(at), "before=") {
		next, reverse, err = reverse, next, rerr
	}
	return cmp.Or(next, CursorEnd), reverse, err
}

// graphPlace returns the place of the page that is at rawURL and is asked for with param. Of the
// URL nothing else is used: the rest of it, its host and its token above all, may not be the
// user's. Without a URL there is no such page, whatever the cursor.
func graphPlace(param, rawURL, cursor string) (Cursor, error) {
	if rawURL == "" {
		return "", nil
	}
	if u, err := url.Parse(rawURL); err == nil {
		cursor = cmp.Or(u.Query().Get(param), cursor)
	}
	if cursor == "" {
		return "", errors.New("paging has a URL of another page, but no cursor " + param)
	}
	return newCursor(param, cursor), nil
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
	if err := d.Failure("", start); err != nil {
		return nil, MetaData{}, decodeError(err)
	}
	return node, MetaData{}, nil
}

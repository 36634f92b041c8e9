package instagram

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// GraphCursors are the ends of a page of the Graph. A [Pager] follows them; they
// are here to be looked at, and are there even where no page lies behind them.
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

// graphPlace returns the place of the page that is at rawURL and is asked for
// with param. Of the URL nothing else is used: the rest of it, its host and its
// token above all, may not be the user's. Without a URL there is no such page,
// whatever the cursor.
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

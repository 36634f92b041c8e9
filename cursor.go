package instagram

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/igv1/instagram/internal/redact"
)

// A Cursor is a place in a list, between two entries. It is short text that can be stored and
// handed to [Pager.From] later, by another process too. The zero Cursor is the start of the list.
type Cursor string

// CursorEnd is the place behind the last page: a pager that starts there is done, so a finished
// walk that is resumed does not start over.
const CursorEnd Cursor = "end"

// A cursor within a page is that of the page, with how many of its entries come before the place,
// and the id of the last of them where entries have one.
const (
	takenParam = "taken"
	lastParam  = "last"
)

// within returns the place behind some entries of the page at c.
func (c Cursor) within(taken int, lastID string) Cursor {
	position, _ := url.ParseQuery(string(c)) // it comes from newCursor
	position.Set(takenParam, strconv.Itoa(taken))
	if lastID != "" {
		position.Set(lastParam, lastID)
	}
	return Cursor(position.Encode())
}

// page returns the cursor of the page that c is in, and what within was given.
func (c Cursor) page() (page Cursor, taken int, lastID string) {
	position, err := url.ParseQuery(string(c))
	if err != nil || !position.Has(takenParam) {
		return c, 0, ""
	}
	taken, _ = strconv.Atoi(position.Get(takenParam))
	lastID = position.Get(lastParam)
	position.Del(takenParam)
	position.Del(lastParam)
	return Cursor(position.Encode()), max(taken, 0), lastID
}

// pagingParams are the parameters that ask for a next page. Of a next_url nothing else is used: the
// rest of it, its host and its token above all, may not be the user's.
var pagingParams = []string{"max_id", "max_like_id", "cursor", "max_tag_id"}

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

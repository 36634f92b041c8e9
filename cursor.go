package instagram

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

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

// pagingParams are the parameters that ask for a next page. Nothing else of a next_url is used: its
// host and its token may not be those of the user.
var pagingParams = []string{"max_id", "max_like_id", "cursor", "max_tag_id"}

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

// maxSearchedExtra bounds the time that the search for secrets takes, in bytes. No server sends so
// much beside its data.
const maxSearchedExtra = 32 << 10

// hideCredentials takes what authenticates out of all URLs, so that a page can be logged. Those in
// Extra are next beside next_url, and what gateways add. Where that is too much to look through, all
// of it is masked.
func (p *Pagination) hideCredentials(secrets *redact.Set) {
	p.NextURL = secrets.URL(p.NextURL)
	p.PreviousURL = secrets.URL(p.PreviousURL)
	size := 0
	for name, value := range p.Extra {
		size += len(name) + len(value)
	}
	for name, value := range p.Extra {
		if size > maxSearchedExtra {
			p.Extra[name] = json.RawMessage(`"` + redact.Mark + `"`)
			continue
		}
		p.Extra[name] = secrets.JSON(value)
	}
}

// recorded returns the place of the next page of an unknown list.
func (p Pagination) recorded() Cursor {
	param := "max_id"
	switch {
	case p.NextMaxLikeID != "":
		param = "max_like_id"
	case p.NextCursor != "":
		param = "cursor"
	case p.NextMaxTagID != "":
		param = "max_tag_id"
	}
	next, err := p.cursor(param)
	if p.Cursors.After != "" {
		next, _, err = p.aroundGraph("")
	}
	if err != nil {
		return CursorEnd
	}
	return next
}

// aroundGraph returns the places behind and before a page of the Graph, as seen on the way that led
// to the cursor at.
func (p Pagination) aroundGraph(at Cursor) (next, reverse Cursor, err error) {
	next, err = graphPlace("after", p.NextURL, p.Cursors.After)
	reverse, rerr := graphPlace("before", p.PreviousURL, p.Cursors.Before)
	if strings.HasPrefix(string(at), "before=") {
		next, reverse, err = reverse, next, rerr
	}
	return cmp.Or(next, CursorEnd), reverse, err
}

// graphPlace returns the place of the page that is at rawURL and is asked for with param. Nothing
// else of the URL is used: its host and its token may not be those of the user. Without a URL there
// is no such page, whatever the cursor.
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

// value returns the id that a place between two pages is made of.
func (c Cursor) value() string {
	position, _ := url.ParseQuery(string(c)) // it comes from newCursor
	for _, values := range position {
		return values[0]
	}
	return ""
}

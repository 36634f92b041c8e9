package instagramtest

import (
	"net/url"
	"strconv"
)

// page says where the next page of a list is. The zero value is a list that does not page.
type page struct {
	param  string // that asks for the next page
	next   string // its value, "" on the last page
	url    string // of the next page
	newest string // of a tag's list: the newest entry, to ask for what is newer later
}

const tagDeprecation = "next_max_id and min_id are deprecated for this endpoint; use min_tag_id and max_tag_id instead"

func appendPagination(b []byte, p page) []byte {
	b = append(b, `,"pagination":{`...)
	member := func(name, value string) {
		if value == "" {
			return
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, name...)
		b = append(b, `":`...)
		b = quote(b, value)
	}
	if p.next != "" {
		member("next_url", p.url)
		member("next_"+p.param, p.next)
	}
	if p.param == "max_tag_id" {
		member("next_max_id", p.next)
		member("next_min_id", p.newest)
		member("min_tag_id", p.newest)
		member("deprecation_warning", tagDeprecation)
	}
	return append(b, '}')
}

// turn sets the next page, whose URL repeats every parameter of this one. Where calls must be signed it is signed too, as
// there are clients that just follow it.
func (c *call) turn(param, next string) {
	c.page.param, c.page.next = param, next
	if next == "" {
		return
	}
	q := params{make(url.Values, len(c.params.Values)+1)}
	for name := range c.params.Values {
		switch name {
		case "sig", "client_secret", "_method", "max_id":
		default:
			q.Set(name, c.params.Get(name))
		}
	}
	q.Set(param, next)
	path := trimPath(c.path)
	if c.s.signed {
		q.Set("sig", sign(c.s.ClientSecret, path, q))
	}
	c.page.url = c.s.BaseURL() + path + "?" + q.Encode()
}

// mediaQuery is which media of a list are asked for.
type mediaQuery struct {
	count                int
	newerThan, olderThan uint64 // numbers, 0 for no bound
	after, before        int64  // UNIX seconds, 0 for no bound
	show                 func(*media) bool
}

const (
	defaultMediaCount = 20
	maxMediaCount     = 33
)

// mediaQuery reads the parameters that lists of media have in common.
func (c *call) mediaQuery(minParam, maxParam string) (q mediaQuery, failed *apiError) {
	if q.count, failed = c.params.count(defaultMediaCount, maxMediaCount); failed != nil {
		return
	}
	if q.newerThan, failed = c.params.mediaID(minParam); failed != nil {
		return
	}
	if q.olderThan, failed = c.params.mediaID(maxParam); failed != nil {
		return
	}
	if q.after, _, failed = c.params.timestamp("min_timestamp"); failed != nil {
		return
	}
	q.before, _, failed = c.params.timestamp("max_timestamp")
	return
}

// from selects a page of a list that is ordered by number, newest first, and says whether there is more.
func (q mediaQuery) from(all []*media) (selected []*media, more bool) {
	end := len(all)
	if q.olderThan != 0 {
		end = older(all, q.olderThan)
	}
	start := 0
	if q.newerThan != 0 {
		start = older(all, q.newerThan+1)
	}
	selected = make([]*media, 0, q.count)
	for i := end - 1; i >= start; i-- {
		m := all[i]
		if q.before != 0 && m.created >= q.before || q.after != 0 && m.created <= q.after || q.show != nil && !q.show(m) {
			continue
		}
		if len(selected) == q.count {
			return selected, true
		}
		selected = append(selected, m)
	}
	return selected, false
}

// mediaPage answers a list of media that pages by max_id.
func (c *call) mediaPage(all []*media, q mediaQuery) {
	selected, more := q.from(all)
	var next string
	if more {
		next = c.wire.mediaID(selected[len(selected)-1])
	}
	c.turn("max_id", next)
	c.mediaList(selected)
}

func (c *call) mediaList(selected []*media) {
	c.b = list(c.b, selected, func(b []byte, m *media) []byte {
		return c.wire.media(b, m, view{viewer: c.viewer, distance: -1})
	})
}

const (
	defaultUserCount = 50
	maxUserCount     = 100
)

// userPage answers a list of users that pages by cursor, the newest link first.
func (c *call) userPage(all links[*user]) *apiError {
	count, failed := c.params.count(defaultUserCount, maxUserCount)
	if failed != nil {
		return failed
	}
	selected, next, failed := linkPage(c, all, "cursor", count)
	if failed != nil {
		return failed
	}
	c.turn("cursor", next)
	c.users(selected)
	return nil
}

// linkPage selects a page of links, the newest first, and where the next one starts.
func linkPage[T any](c *call, all links[T], param string, count int) (selected []T, next string, failed *apiError) {
	cursor, failed := c.params.cursor(param)
	if failed != nil {
		return nil, "", failed
	}
	end := len(all)
	if cursor != 0 {
		end = all.below(cursor)
	}
	start := max(0, end-count)
	for i := end - 1; i >= start; i-- {
		selected = append(selected, all[i].to)
	}
	if start > 0 && start < end {
		next = strconv.FormatUint(all[start].seq, 10)
	}
	return selected, next, nil
}

func (c *call) users(us []*user) { c.b = list(c.b, us, c.wire.user) }

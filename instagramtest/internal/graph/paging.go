package graph

import (
	"encoding/base64"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

const (
	defaultLimit = 25
	maxLimit     = 100
	// maxMedia is how many of a user's media can be reached, the newest. The list just ends there.
	maxMedia = 10_000
)

// query is which media are asked for.
type query struct {
	limit                int
	since, until         int64 // UNIX seconds, both included
	newerThan, olderThan uint64
	backward             bool // the page ends next to newerThan instead of beginning next to olderThan
}

// readQuery reads what says which page of a list is asked for, whose pages have a size by default.
func (g *call) readQuery(limit int) (q query, failed *apiError) {
	p := g.params
	q = query{limit: limit, since: math.MinInt64, until: math.MaxInt64, olderThan: math.MaxUint64}
	if s := p.Get("limit"); s != "" {
		n, err := strconv.ParseUint(s, 10, 32)
		if err != nil || n == 0 {
			return q, badParameter("Param limit must be a positive integer")
		}
		q.limit = int(min(n, maxLimit))
	}
	now := g.Now()
	for name, bound := range map[string]*int64{"since": &q.since, "until": &q.until} {
		if s := p.Get(name); s != "" {
			t, ok := parseTime(s, now)
			if !ok {
				return q, badParameter("Param %s is not a UNIX time and not a date that can be read", name)
			}
			*bound = t.Unix()
		}
	}
	for name, bound := range map[string]*uint64{"before": &q.newerThan, "after": &q.olderThan} {
		if s := p.Get(name); s != "" {
			var ok bool
			if *bound, ok = parseCursor(s); !ok {
				return q, badParameter("Invalid cursor in param %s", name)
			}
		}
	}
	q.backward = p.Get("before") != "" && p.Get("after") == ""
	return q, nil
}

// A cursor is the number of an entry, which says where in the list it is, whether or not the entry
// is still there.
func cursor(number uint64) string {
	return base64.RawURLEncoding.EncodeToString(strconv.AppendUint(nil, number, 10))
}

func parseCursor(s string) (uint64, bool) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return 0, false
	}
	n, ok := world.ParseID(string(b))
	return n, ok && n < math.MaxUint64
}

// userMedia answers a page of the viewer's media, newest first.
func (g *call) userMedia() *apiError {
	q, failed := g.readQuery(defaultLimit)
	if failed != nil {
		return failed
	}
	fields, failed := mediaSchema().read(g.params.Get("fields"), "")
	if failed != nil {
		return failed
	}
	all := g.viewer.Media
	all = all[max(0, len(all)-maxMedia):]
	if q.since != math.MinInt64 || q.until != math.MaxInt64 {
		all = slices.DeleteFunc(slices.Clone(all), func(m *world.Media) bool { return m.Created < q.since || m.Created > q.until })
	}
	writePage(g, all, func(m *world.Media) uint64 { return m.Number }, q, func(b []byte, m *world.Media) []byte {
		return fields.append(b, node{origin: g.origin, media: m})
	})
	return nil
}

// writePage writes the page of a list that is asked for, newest first. The list has the oldest
// first, in the order of their numbers.
func writePage[T any](g *call, all []T, number func(T) uint64, q query, write func([]byte, T) []byte) {
	older := func(n uint64) int { return sort.Search(len(all), func(i int) bool { return number(all[i]) >= n }) }
	end := older(q.olderThan)
	start := min(older(q.newerThan+1), end)
	if q.backward {
		end = min(end, start+q.limit)
	} else {
		start = max(start, end-q.limit)
	}
	newest := slices.Clone(all[start:end])
	slices.Reverse(newest)
	g.b = append(g.b, `{"data":`...)
	g.b = encode.List(g.b, newest, write)
	if len(newest) > 0 {
		g.paging(cursor(number(all[end-1])), cursor(number(all[start])), end < len(all), start > 0)
	}
	g.b = append(g.b, '}')
}

// paging says where the pages before and after this one are. Its cursors are there on the last page
// as well.
func (g *call) paging(before, after string, newer, older bool) {
	g.b = append(g.b, `,"paging":{"cursors":{"before":`...)
	g.b = encode.ASCII(g.b, before)
	g.b = append(g.b, `,"after":`...)
	g.b = encode.ASCII(g.b, after)
	g.b = append(g.b, '}')
	if older {
		g.b = append(g.b, `,"next":`...)
		g.b = encode.ASCII(g.b, g.pageURL("after", after))
	}
	if newer {
		g.b = append(g.b, `,"previous":`...)
		g.b = encode.ASCII(g.b, g.pageURL("before", before))
	}
	g.b = append(g.b, '}')
}

// pageURL is the request for another page: this one with its token, and another cursor.
func (g *call) pageURL(param, cursor string) string {
	q := maps.Clone(g.params.Values)
	q.Del("before")
	q.Del("after")
	q.Set(param, cursor)
	node := g.path[0]
	if node == "me" {
		node = strconv.FormatUint(g.viewer.ID, 10)
	}
	return g.origin + g.prefix + "/" + node + "/" + g.path[1] + "?" + q.Encode()
}

package instagramtest

import (
	"iter"
	"math"
	"net/url"
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/paths"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// setNext sets the next page, whose URL repeats every parameter of this one. Where calls must be
// signed the URL is signed too, since some clients follow it as it is.
func (c *call) setNext(param, next string) {
	c.page.Param, c.page.Next = param, next
	if next == "" {
		return
	}
	q := params.Params{Values: make(url.Values, len(c.params.Values)+1)}
	for name := range c.params.Values {
		switch name {
		case "sig", "client_secret", "_method", "max_id":
		default:
			q.Set(name, c.params.Get(name))
		}
	}
	q.Set(param, next)
	path := paths.TrimPath(c.path)
	if c.s.signed {
		q.Set("sig", oauth.Sign(c.s.ClientSecret, path, q))
	}
	c.page.URL = c.origin + "/v1" + path + "?" + q.Encode()
}

// mediaQuery is which media of a list are asked for.
type mediaQuery struct {
	count                int
	newerThan, olderThan uint64 // numbers, 0 for no bound
	after, before        int64  // UNIX seconds, 0 for no bound
	show                 func(*world.Media) bool
}

const (
	defaultMediaCount = 20
	maxMediaCount     = 33
)

// tagCursor reads a place in the list of a tag, 0 if there is none.
func tagCursor(p params.Params, name string) (uint64, *apierror.Error) {
	s := p.Get(name)
	if s == "" || s == "0" {
		return 0, nil
	}
	n, ok := wire.ParseTagCursor(s)
	if !ok {
		return 0, apierror.InvalidParameter("%s is not valid", name)
	}
	return n, nil
}

// mediaQuery reads the parameters that lists of media have in common. The bounds of the list have
// names and a form of their own.
func (c *call) mediaQuery(minParam, maxParam string, bound func(params.Params, string) (uint64, *apierror.Error)) (q mediaQuery, failed *apierror.Error) {
	if q.count, failed = c.params.Count(defaultMediaCount, maxMediaCount); failed != nil {
		return
	}
	if q.newerThan, failed = bound(c.params, minParam); failed != nil {
		return
	}
	if q.olderThan, failed = bound(c.params, maxParam); failed != nil {
		return
	}
	if q.after, _, failed = c.params.Timestamp("min_timestamp"); failed != nil {
		return
	}
	q.before, _, failed = c.params.Timestamp("max_timestamp")
	return
}

// below is the bound for the numbers of the media that are asked for.
func (q mediaQuery) below() uint64 {
	if q.olderThan == 0 {
		return math.MaxUint64
	}
	return q.olderThan
}

// of yields the media of a list that is ordered by number, the newest first.
func (q mediaQuery) of(list []*world.Media) iter.Seq[*world.Media] {
	return world.Newest([][]*world.Media{list}, q.below())
}

// from takes a page from media that come newest first, and says whether there are more.
func (q mediaQuery) from(newest iter.Seq[*world.Media]) (selected []*world.Media, more bool) {
	selected = make([]*world.Media, 0, q.count)
	for m := range newest {
		if m.Number <= q.newerThan {
			break
		}
		if q.before != 0 && m.Created >= q.before || q.after != 0 && m.Created <= q.after || q.show != nil && !q.show(m) {
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
func (c *call) mediaPage(newest iter.Seq[*world.Media], q mediaQuery) {
	selected, more := q.from(newest)
	var next string
	if more {
		next = c.wire.MediaID(selected[len(selected)-1])
	}
	c.setNext("max_id", next)
	c.mediaList(selected)
}

func (c *call) mediaList(selected []*world.Media) {
	c.b = encode.List(c.b, selected, func(b []byte, m *world.Media) []byte {
		return c.wire.Media(b, m, wire.View{Viewer: c.viewer, Distance: -1})
	})
}

const (
	defaultUserCount = 50
	maxUserCount     = 100
)

// userPage answers a list of users that pages by cursor, the newest link first.
func (c *call) userPage(all world.Links[*world.User]) *apierror.Error {
	count, failed := c.params.Count(defaultUserCount, maxUserCount)
	if failed != nil {
		return failed
	}
	selected, next, failed := linkPage(c, all, "cursor", count)
	if failed != nil {
		return failed
	}
	c.setNext("cursor", next)
	c.users(selected)
	return nil
}

// linkPage selects a page of links, the newest first, and where the next one starts.
func linkPage[T any](c *call, all world.Links[T], param string, count int) (selected []T, next string, failed *apierror.Error) {
	cursor, failed := c.params.Cursor(param)
	if failed != nil {
		return nil, "", failed
	}
	end := len(all)
	if cursor != 0 {
		end = all.Below(cursor)
	}
	start := max(0, end-count)
	for i := end - 1; i >= start; i-- {
		selected = append(selected, all[i].To)
	}
	if start > 0 && start < end {
		next = strconv.FormatUint(all[start].Seq, 10)
	}
	return selected, next, nil
}

func (c *call) users(us []*world.User) { c.b = encode.List(c.b, us, c.wire.User) }

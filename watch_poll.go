package instagram

import (
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A mark is a place in a list: that of the newest media that a poll has found.
type mark struct {
	id   string    // for min_id or min_tag_id; empty for the start of the list
	poll int       // the number of the poll
	at   time.Time // when the poll asked for its first page
}

// settling is how long a media may be missing from a list that shows newer ones already. Several
// machines number the media, and not all media are visible at once. So a mark that was younger than
// this when the list was asked last may be newer than a media that is still to come.
const settling = 15 * time.Second

// known is how many media are remembered at least, for servers that answer with older media than
// those they were asked for.
const known = 1000

// history is what earlier polls have found.
type history struct {
	polls int
	asked time.Time      // when the last poll asked for its first page
	marks []mark         // where to ask from, oldest first
	seen  map[string]int // media by their ids, with the number of the poll that found them
	order []string       // the ids in seen, oldest first
}

// settled returns the latest mark that no media still to come is older than.
func (h *history) settled() mark {
	for len(h.marks) > 1 && h.asked.Sub(h.marks[1].at) >= settling {
		h.marks = h.marks[1:]
	}
	if len(h.marks) == 0 {
		return mark{}
	}
	return h.marks[0]
}

func (h *history) remember(id string, poll int) {
	id = strings.Clone(id) // which may share its memory with all of the answer
	h.seen[id] = poll
	h.order = append(h.order, id)
}

// forget drops the media that are older than the first mark, but not the latest known ones. An
// answer to what is newer than the mark does not have them.
func (h *history) forget() {
	for len(h.order) > known && h.seen[h.order[0]] < h.marks[0].poll {
		delete(h.seen, h.order[0])
		h.order = h.order[1:]
	}
}

// A sweep goes over the pages of one poll.
type sweep struct {
	*Pager[MediaEntry]
	from   mark
	begun  time.Time // when the first page was asked for
	newest string    // the place of the newest media on it
	pages  int
	found  []*MediaEntry // newest first
}

// ask polls, or goes on with a poll that failed, at the page that did.
func (w *Watcher) ask(ctx context.Context) (calls int, err error) {
	if w.sweep == nil {
		w.polls++
		from := w.settled()
		w.sweep = &sweep{Pager: w.list.from(from.id), from: from}
	}
	for {
		if w.sweep.pages == 0 {
			w.sweep.begun = time.Now()
		}
		calls++
		page, err := w.sweep.Next(ctx)
		switch {
		case err == io.EOF: //nolint:errorlint // only Next itself ends a list
			return calls, w.finish(nil)
		case errors.Is(err, ErrPaginationLoop): // asking again would not help
			return calls, w.finish(err)
		case err != nil:
			return calls, err
		}
		if page.RateLimit.Limit != 0 {
			w.budget = page.RateLimit
		}
		switch {
		case w.marks == nil:
			w.start(page)
			return calls, nil
		case w.take(page) || page.next == CursorEnd:
			return calls, w.finish(nil)
		case max(len(w.sweep.found), w.sweep.pages) > w.opts.Backlog:
			return calls, w.finish(ErrBacklog)
		}
	}
}

// start takes the first page of the first poll for what was there before. Nothing on it has settled
// yet, so the next polls ask for what is newer than the end of the page.
func (w *Watcher) start(page *Page[MediaEntry]) {
	end := mark{}
	for i, media := range page.Items {
		poll := w.polls
		if i == len(page.Items)-1 && page.next != CursorEnd {
			poll, end.id = end.poll, page.next.value()
		}
		w.remember(media.ID, poll)
	}
	w.nextID = w.list.newest(page)
	w.minID = w.nextID
	w.marks = []mark{end, {w.nextID, w.polls, w.sweep.begun}}
	w.asked, w.sweep = w.sweep.begun, nil
}

// take finds the new media on a page. It reports whether no later page can have any.
func (w *Watcher) take(page *Page[MediaEntry]) (done bool) {
	sweep := w.sweep
	if sweep.pages == 0 {
		sweep.newest = w.list.newest(page)
	}
	sweep.pages++
	for i, media := range page.Items {
		poll, ok := w.seen[media.ID]
		if !ok {
			w.remember(media.ID, w.polls)
			sweep.found = append(sweep.found, media)
			continue
		}
		if poll > sweep.from.poll {
			continue // it is newer than the mark, and was found by an earlier poll
		}
		// It is older than the mark. In a list that cannot be asked for newer media, all that
		// follow are older still. In another list it may have been tagged again. But a server whose
		// page ends with it does not heed the mark.
		if sweep.from.id == "" || sweep.from.poll == 0 || i == len(page.Items)-1 {
			return true
		}
	}
	return false
}

// finish hands over what a sweep has found.
func (w *Watcher) finish(err error) error {
	sweep := w.sweep
	w.asked, w.sweep = sweep.begun, nil
	if err == nil && len(sweep.found) > w.opts.Backlog {
		err = ErrBacklog
	}
	if errors.Is(err, ErrBacklog) {
		w.marks = nil // so that no later poll finds what is left out
	}
	if len(sweep.found) == 0 && w.marks != nil {
		return err
	}
	w.pending = sweep.found[:min(len(sweep.found), w.opts.Backlog)]
	slices.Reverse(w.pending)
	if sweep.newest != "" {
		w.nextID = sweep.newest
	}
	w.marks = append(w.marks, mark{w.nextID, w.polls, sweep.begun})
	w.forget()
	return err
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

func newPolled[T Model](c *core, call *call, param string) polled[T] {
	newer, ok := pollParams[param]
	if !ok {
		return polled[T]{}
	}
	return polled[T]{newer, call.params.Get(newer), func(id string) *Pager[T] {
		return newPager[T](c, call.but(newer, id), param)
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

// value returns the id that a place between two pages is made of.
func (c Cursor) value() string {
	position, _ := url.ParseQuery(string(c)) // it comes from newCursor
	for _, values := range position {
		return values[0]
	}
	return ""
}

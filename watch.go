package instagram

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/igv1/instagram/internal/poll"
)

// ErrBacklog says that one poll found more new media than [WatchOptions.Backlog]. The latest of
// them follow. The others are left out.
var ErrBacklog = poll.ErrBacklog

// WatchOptions say how often a [Watcher] asks, and how much it holds.
type WatchOptions struct {
	// Interval is the time between two polls while the budget allows it; default: 5 s. What is left
	// of the budget is spread over an hour. So with less of it the polls are further apart, up to
	// MaxInterval; default: 5 minutes.
	Interval    time.Duration
	MaxInterval time.Duration

	// Backlog is how many media one poll may find; default: 10,000. They are all in memory at a
	// time, because the oldest of them comes first.
	Backlog int
}

// A Watcher yields what is new in a list. Make one with [Watch]. It has no goroutine of its own,
// and one goroutine at a time may use it. Only Wake may be called by any goroutine.
type Watcher struct {
	poller *poll.Poller[*MediaEntry] // nil where there is no list
	err    error                     // why the options are refused
}

// Watch makes a Watcher for what is new in a list of media from the first poll on. Where the list
// is made with a MinID or MinTagID, it begins there. What is wrong with the parameters is the error
// of [Watcher.All].
//
//	watcher := instagram.Watch(client.Tags.RecentMedia("snow", nil), nil)
//	for media, err := range watcher.All(ctx) {
//		if err != nil {
//			log.Print(err)
//			continue // or return, to stop
//		}
//		...
//	}
func Watch(list *Pager[MediaEntry], opts *WatchOptions) *Watcher {
	if list == nil || list.fetch == nil {
		return &Watcher{err: &ParameterError{"list", "it is nil or empty; pass what a list method returns, such as Users.RecentMedia"}}
	}
	o := value(opts)
	w := new(Watcher)
	if min(int64(o.Interval), int64(o.MaxInterval), int64(o.Backlog)) < 0 {
		w.err = &ParameterError{"options", "a number in them is negative"}
	}
	polled := list.polled
	if polled.from == nil { // the API cannot be asked for what is newer
		polled.from = func(string) *Pager[MediaEntry] { return &Pager[MediaEntry]{fetch: list.fetch} }
	}
	o.Interval = cmp.Or(o.Interval, 5*time.Second)
	o.MaxInterval = max(o.Interval, cmp.Or(o.MaxInterval, 5*time.Minute))
	o.Backlog = cmp.Or(o.Backlog, 10_000)
	w.poller = poll.New(poll.List[*MediaEntry]{
		From: func(place string) func(context.Context) (*poll.Page[*MediaEntry], error) {
			return pollPages(polled, place)
		},
		ID:    func(media *MediaEntry) string { return media.ID },
		Judge: func(err error) poll.Verdict { return judgePoll(err, o.MaxInterval) },
	}, poll.Options(o), polled.since)
	return w
}

// pollPages returns what asks for one page after the other of what is newer than a place.
func pollPages(polled polled[MediaEntry], place string) func(context.Context) (*poll.Page[*MediaEntry], error) {
	pager := polled.from(place)
	return func(ctx context.Context) (*poll.Page[*MediaEntry], error) {
		page, err := pager.Next(ctx)
		if err != nil {
			return nil, err
		}
		return &poll.Page[*MediaEntry]{
			Items: page.Items, Newest: polled.newest(page), End: page.next.value(), Last: page.next == CursorEnd,
			Limit: page.RateLimit.Limit, Remaining: page.RateLimit.Remaining,
		}, nil
	}
}

// judgePoll says what the error of a poll means for the next one: a refused parameter would be
// refused again, and where the budget is used up there is no hurry.
func judgePoll(err error, maxInterval time.Duration) poll.Verdict {
	_, refused := errors.AsType[*ParameterError](err)
	verdict := poll.Verdict{Fatal: refused, Final: errors.Is(err, ErrPaginationLoop)}
	if errors.Is(err, ErrRateLimited) {
		verdict.Wait = maxInterval
	}
	if e, ok := errors.AsType[*Error](err); ok {
		verdict.Wait = max(verdict.Wait, min(e.RetryAfter, time.Hour))
	}
	return verdict
}

// Wake makes the watcher poll now, or as soon as the budget allows, and once more a second later.
// It is for a [Webhook] to call at an update. Any goroutine may call it at any time.
func (w *Watcher) Wake() {
	if w.poller != nil {
		w.poller.Wake()
	}
}

// MinID is the place behind what was yielded. Another process can go on from there, with it as the
// MinID or MinTagID of the list's options. It moves when all that one poll has found is yielded, so
// a few media may come again. It is empty before the first poll, and for lists without such an
// option.
func (w *Watcher) MinID() string {
	if w.poller == nil {
		return ""
	}
	return w.poller.Place()
}

// All yields each new media once. Of those that one poll finds, the oldest comes first. It never
// ends by itself.
//
// It also yields the error of a poll that failed after all retries, and [ErrBacklog]. A loop that
// goes on after the error of a poll misses nothing: the next poll begins where this one ended,
// after a wait that doubles with each failure up to MaxInterval. A loop that breaks stops the
// watch; a later All goes on. When ctx ends, or a parameter is refused, the error is the last.
func (w *Watcher) All(ctx context.Context) iter.Seq2[*MediaEntry, error] {
	if err := w.refuses(ctx); err != nil {
		return func(yield func(*MediaEntry, error) bool) { yield(nil, err) }
	}
	return w.poller.All(ctx)
}

// refuses returns what is wrong with the parameters of the watch.
func (w *Watcher) refuses(ctx context.Context) error {
	switch {
	case w.err != nil:
		return w.err
	case w.poller == nil:
		return &ParameterError{"watcher", "it was not made with Watch"}
	case ctx == nil:
		return &ParameterError{"ctx", "it is nil"}
	}
	return nil
}

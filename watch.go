package instagram

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"
)

// ErrBacklog says that one poll found more new media than [WatchOptions.Backlog]. The latest of
// them follow. The others are left out.
var ErrBacklog = errors.New("instagram: more new media than the backlog holds")

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
	list polled[MediaEntry]
	opts WatchOptions
	err  error         // why the options are refused
	wake chan struct{} // holds one
	history

	sweep   *sweep        // the poll that failed in the middle
	pending []*MediaEntry // found and not yielded, oldest first
	minID   string        // the place behind all that was yielded
	nextID  string        // the place behind pending

	last    time.Time     // when the last poll ended
	calls   [2]int        // what the last polls took
	budget  RateLimit     // what they left
	woken   bool          // whether an update was the reason for it
	failed  int           // how many failed in a row
	backoff time.Duration // until the next one because of that
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
	w := &Watcher{
		opts: value(opts), wake: make(chan struct{}, 1),
		history: history{seen: make(map[string]int)}, calls: [2]int{1, 1},
	}
	switch {
	case list == nil || list.fetch == nil:
		w.err = &ParameterError{"list", "it is nil or empty; pass what a list method returns, such as Users.RecentMedia"}
		return w
	case min(int64(w.opts.Interval), int64(w.opts.MaxInterval), int64(w.opts.Backlog)) < 0:
		w.err = &ParameterError{"options", "a number in them is negative"}
	}
	if w.list = list.polled; w.list.from == nil { // the API cannot be asked for what is newer
		w.list.from = func(string) *Pager[MediaEntry] { return &Pager[MediaEntry]{fetch: list.fetch} }
	}
	w.opts.Interval = cmp.Or(w.opts.Interval, 5*time.Second)
	w.opts.MaxInterval = max(w.opts.Interval, cmp.Or(w.opts.MaxInterval, 5*time.Minute))
	w.opts.Backlog = cmp.Or(w.opts.Backlog, 10_000)
	if w.minID = w.list.since; w.minID != "" {
		w.marks = []mark{{id: w.minID}}
	}
	return w
}

// Wake makes the watcher poll now, or as soon as the budget allows, and once more a second later.
// It is for a [Webhook] to call at an update. Any goroutine may call it at any time.
func (w *Watcher) Wake() {
	select {
	case w.wake <- struct{}{}:
	default: // it is about to poll
	}
}

// MinID is the place behind what was yielded. Another process can go on from there, with it as the
// MinID or MinTagID of the list's options. It moves when all that one poll has found is yielded, so
// a few media may come again. It is empty before the first poll, and for lists without such an
// option.
func (w *Watcher) MinID() string { return w.minID }

// All yields each new media once. Of those that one poll finds, the oldest comes first. It never
// ends by itself.
//
// It also yields the error of a poll that failed after all retries, and [ErrBacklog]. A loop that
// goes on after the error of a poll misses nothing: the next poll begins where this one ended,
// after a wait that doubles with each failure up to MaxInterval. A loop that breaks stops the
// watch; a later All goes on. When ctx ends, or a parameter is refused, the error is the last.
func (w *Watcher) All(ctx context.Context) iter.Seq2[*MediaEntry, error] {
	return func(yield func(*MediaEntry, error) bool) {
		if err := w.refuses(ctx); err != nil {
			yield(nil, err)
			return
		}
		for {
			if len(w.pending) == 0 { // or else an earlier loop left them
				if err := w.poll(ctx); err != nil && (!yield(nil, err) || ctx.Err() != nil || refused(err)) {
					return
				}
			}
			for len(w.pending) > 0 {
				if err := ctx.Err(); err != nil {
					yield(nil, err)
					return
				}
				if !yield(w.next(), nil) {
					return
				}
			}
		}
	}
}

// refuses returns what is wrong with the parameters of the watch.
func (w *Watcher) refuses(ctx context.Context) error {
	switch {
	case w.err != nil:
		return w.err
	case w.list.from == nil:
		return &ParameterError{"watcher", "it was not made with Watch"}
	case ctx == nil:
		return &ParameterError{"ctx", "it is nil"}
	}
	return nil
}

// refused reports whether err is a refused parameter, so that polling again does not help.
func refused(err error) bool {
	_, ok := errors.AsType[*ParameterError](err)
	return ok
}

// next takes the media that is to be yielded now.
func (w *Watcher) next() *MediaEntry {
	media := w.pending[0]
	w.pending = w.pending[1:]
	if len(w.pending) == 0 {
		w.pending, w.minID = nil, w.nextID
	}
	return media
}

// poll waits until it is time, and asks for what is new.
func (w *Watcher) poll(ctx context.Context) error {
	woken, err := w.wait(ctx)
	if err != nil {
		return err
	}
	select {
	case <-w.wake: // this poll is late enough to see the update
		woken = true
	default:
	}
	w.woken = woken
	calls, err := w.ask(ctx)
	w.calls = [2]int{w.calls[1], calls}
	w.last = time.Now()
	if w.sweep != nil {
		w.delay(err)
		return err
	}
	w.failed = 0
	return err
}

// secondPoll is when a woken watcher polls again. Updates have whole seconds, so that the server
// may tell only one of two changes within a second.
const secondPoll = 1200 * time.Millisecond

// wait waits until the next poll is due, or for Wake.
func (w *Watcher) wait(ctx context.Context) (woken bool, err error) {
	if w.last.IsZero() {
		return false, ctx.Err()
	}
	pace, interval := w.pace(), w.opts.Interval
	if w.woken {
		interval = min(interval, secondPoll)
	}
	woken, err = sleep(ctx, time.Until(w.last.Add(max(pace, interval))), w.wake)
	if woken {
		_, err = sleep(ctx, time.Until(w.last.Add(pace)), nil)
	}
	return woken, err
}

// pace is the time that must pass between two polls, woken or not. It spreads what is left of the
// budget over the hour in which it comes back. A poll is taken for as expensive as the cheaper one
// of the last two, because one with many calls says little of the next.
func (w *Watcher) pace() time.Duration {
	if w.failed > 0 {
		return w.backoff
	}
	if w.budget.Limit == 0 {
		return 0
	}
	calls := min(w.calls[0], w.calls[1])
	return min(time.Hour*time.Duration(calls)/time.Duration(max(w.budget.Remaining, 1)), w.opts.MaxInterval)
}

// delay sets when to try again after a poll that failed.
func (w *Watcher) delay(err error) {
	w.backoff = min(w.opts.Interval<<min(w.failed, 10), w.opts.MaxInterval)
	w.failed++
	if errors.Is(err, ErrRateLimited) {
		w.backoff = w.opts.MaxInterval
	}
	if e, ok := errors.AsType[*Error](err); ok {
		w.backoff = max(w.backoff, min(e.RetryAfter, time.Hour))
	}
}

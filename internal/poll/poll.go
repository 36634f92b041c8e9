// Package poll finds what is new in a list, latest first, by asking for it again and again. It knows
// nothing of what is listed but the ids.
package poll

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/igv1/instagram/internal/wait"
)

// ErrBacklog says that one poll found more new items than the backlog holds.
var ErrBacklog = errors.New("instagram: more new media than the backlog holds")

// A Page is one answer of a list.
type Page[T any] struct {
	Items  []T
	Newest string // where to ask for what is newer than this page; empty for a list that cannot be asked
	End    string // the place behind the page
	Last   bool   // whether nothing is behind it

	// What the answer says of the budget of calls in an hour. The limit is 0 where it does not.
	Limit, Remaining int
}

// A List is what is polled.
type List[T any] struct {
	// From begins at the latest page, of what is newer than a place or of all. The function that it
	// returns asks for the next page, or for the one that failed once more. Its error is io.EOF
	// behind the last page.
	From func(place string) func(context.Context) (*Page[T], error)

	ID    func(T) string
	Judge func(error) Verdict
}

// A Verdict is what an error of a list means for the polls that follow.
type Verdict struct {
	Fatal bool          // every poll would end with it
	Final bool          // asking for this page again would end with it, but another poll may not
	Wait  time.Duration // before the next poll, at the least
}

// Options say how often a list is asked, and how much is held. All must be set.
type Options struct {
	Interval    time.Duration // between two polls while the budget allows it
	MaxInterval time.Duration
	Backlog     int // items that one poll may find
}

// A Poller yields what is new. One goroutine at a time may use it. Only Wake may be called by any.
type Poller[T any] struct {
	list List[T]
	opts Options
	wake chan struct{} // holds one
	history

	sweep   *sweep[T] // the poll that failed in the middle
	pending []T       // found and not yielded, oldest first
	place   string    // behind all that was yielded
	next    string    // behind pending

	last      time.Time     // when the last poll ended
	calls     [2]int        // what the last polls took
	enough    int           // see there
	limit     int           // of calls in an hour, as of the last answer
	remaining int           // of them
	woken     bool          // whether a Wake was the reason for the last poll
	failed    int           // how many failed in a row
	backoff   time.Duration // until the next one because of that
}

// New returns a poller that begins behind a place, or if that is empty at what there is at the
// first poll.
func New[T any](list List[T], opts Options, place string) *Poller[T] {
	p := &Poller[T]{
		list: list, opts: opts, wake: make(chan struct{}, 1), place: place,
		history: history{seen: make(map[string]int)}, calls: [2]int{1, 1},
	}
	if place != "" {
		p.marks = []mark{{id: place}}
	}
	return p
}

// Wake has the poller poll now, or as soon as the budget allows, and once more a second later.
func (p *Poller[T]) Wake() {
	select {
	case p.wake <- struct{}{}:
	default: // it is about to poll
	}
}

// Place is the place behind all that was yielded.
func (p *Poller[T]) Place() string { return p.place }

// All yields each new item once. Of those that one poll finds, the oldest comes first. It yields
// the errors of polls too, and ends with one that is fatal, or that of ctx.
func (p *Poller[T]) All(ctx context.Context) iter.Seq2[T, error] {
	var none T
	return func(yield func(T, error) bool) {
		for {
			if len(p.pending) == 0 { // or else an earlier loop left them
				if err := p.poll(ctx); err != nil && (!yield(none, err) || ctx.Err() != nil || p.list.Judge(err).Fatal) {
					return
				}
			}
			for len(p.pending) > 0 {
				if err := ctx.Err(); err != nil {
					yield(none, err)
					return
				}
				if !yield(p.take(), nil) {
					return
				}
			}
		}
	}
}

// take takes the item that is to be yielded now.
func (p *Poller[T]) take() T {
	item := p.pending[0]
	p.pending = p.pending[1:]
	if len(p.pending) == 0 {
		p.pending, p.place = nil, p.next
	}
	return item
}

// poll waits until it is time, and asks for what is new.
func (p *Poller[T]) poll(ctx context.Context) error {
	woken, err := p.pause(ctx)
	if err != nil {
		return err
	}
	select {
	case <-p.wake: // this poll is late enough to see the update
		woken = true
	default:
	}
	p.woken = woken
	calls, err := p.ask(ctx)
	p.calls = [2]int{p.calls[1], calls}
	p.last = time.Now()
	if p.sweep != nil {
		p.delay(err)
		return err
	}
	p.failed = 0
	return err
}

// secondPoll is when a woken poller polls again. Updates have whole seconds, so that the server may
// tell only one of two changes within a second.
const secondPoll = 1200 * time.Millisecond

// pause waits until the next poll is due, or for Wake.
func (p *Poller[T]) pause(ctx context.Context) (woken bool, err error) {
	if p.last.IsZero() {
		return false, ctx.Err()
	}
	pace, interval := p.pace(), p.opts.Interval
	if p.woken {
		interval = min(interval, secondPoll)
	}
	woken, err = wait.For(ctx, time.Until(p.last.Add(max(pace, interval))), p.wake)
	if woken {
		_, err = wait.For(ctx, time.Until(p.last.Add(pace)), nil)
	}
	return woken, err
}

// pace is the time that must pass between two polls, woken or not. It spreads what is left of the
// budget over the hour in which it comes back. A poll is taken for as expensive as the cheaper one
// of the last two, because one with many calls says little of the next.
func (p *Poller[T]) pace() time.Duration {
	if p.failed > 0 {
		return p.backoff
	}
	if p.limit == 0 {
		return 0
	}
	calls := min(p.calls[0], p.calls[1])
	return min(time.Hour*time.Duration(calls)/time.Duration(max(p.remaining, 1)), p.opts.MaxInterval)
}

// delay sets when to try again after a poll that failed.
func (p *Poller[T]) delay(err error) {
	p.backoff = min(p.opts.Interval<<min(p.failed, 10), p.opts.MaxInterval)
	p.backoff = max(p.backoff, p.list.Judge(err).Wait)
	p.failed++
}

// A sweep goes over the pages of one poll.
type sweep[T any] struct {
	page   func(context.Context) (*Page[T], error)
	from   mark
	begun  time.Time // when the first page was asked for
	newest string    // the place of the newest item on it
	pages  int
	row    int // how many items older than the mark came one after the other
	found  []T // newest first
}

// ask polls, or goes on with a poll that failed, at the page that did.
func (p *Poller[T]) ask(ctx context.Context) (calls int, err error) {
	if p.sweep == nil {
		p.polls++
		from := p.settled()
		p.sweep = &sweep[T]{page: p.list.From(from.id), from: from}
	}
	for {
		if p.sweep.pages == 0 {
			p.sweep.begun = time.Now()
		}
		calls++
		page, err := p.sweep.page(ctx)
		switch {
		case err == io.EOF: //nolint:errorlint // the end of a list is io.EOF itself
			return calls, p.finish(nil)
		case err != nil && p.list.Judge(err).Final:
			return calls, p.finish(err)
		case err != nil:
			return calls, err
		}
		if page.Limit != 0 {
			p.limit, p.remaining = page.Limit, page.Remaining
		}
		switch {
		case p.marks == nil:
			p.start(page)
			return calls, nil
		case p.collect(page) || page.Last:
			return calls, p.finish(nil)
		case max(len(p.sweep.found), p.sweep.pages) > p.opts.Backlog:
			return calls, p.finish(ErrBacklog)
		}
	}
}

// enough is how many old items in a row say that all that follow are older still, in a list that
// cannot be asked for what is newer. One alone may have been listed again, as what is liked again.
const enough = 3

// start takes the first page of the first poll for what was there before. Nothing on it has settled
// yet, so the next polls ask for what is newer than the end of the page, or go on to there.
func (p *Poller[T]) start(page *Page[T]) {
	end, ends := mark{}, 1 // how many items of the page are its end
	if page.Newest == "" {
		ends = max(len(page.Items)/2, 1) // some may have gone when the next poll comes
	}
	p.enough = min(max(ends/2, 1), enough)
	for i, item := range page.Items {
		poll := p.polls
		if i >= len(page.Items)-ends && !page.Last {
			poll, end.id = end.poll, page.End
		}
		p.remember(p.list.ID(item), poll)
	}
	p.next = page.Newest
	p.place = p.next
	p.marks = []mark{end, {p.next, p.polls, p.sweep.begun}}
	p.asked, p.sweep = p.sweep.begun, nil
}

// collect finds the new items on a page. It reports whether no later page can have any.
func (p *Poller[T]) collect(page *Page[T]) (done bool) {
	sweep := p.sweep
	if sweep.pages == 0 {
		sweep.newest = page.Newest
	}
	sweep.pages++
	for i, item := range page.Items {
		poll, ok := p.seen[p.list.ID(item)]
		if !ok {
			p.remember(p.list.ID(item), p.polls)
			sweep.found = append(sweep.found, item)
			sweep.row = 0
			continue
		}
		if poll > sweep.from.poll {
			continue // it is newer than the mark, and was found by an earlier poll
		}
		// It is older than the mark, or has been listed again. A server whose page ends with it
		// does not heed the mark.
		sweep.row++
		asked := sweep.from.id != "" && sweep.from.poll != 0
		if asked && i == len(page.Items)-1 || !asked && sweep.row >= p.enough {
			return true
		}
	}
	return false
}

// finish hands over what a sweep has found.
func (p *Poller[T]) finish(err error) error {
	sweep := p.sweep
	p.asked, p.sweep = sweep.begun, nil
	if err == nil && len(sweep.found) > p.opts.Backlog {
		err = ErrBacklog
	}
	if errors.Is(err, ErrBacklog) {
		p.marks = nil // so that no later poll finds what is left out
	}
	if len(sweep.found) == 0 && p.marks != nil {
		return err
	}
	p.pending = sweep.found[:min(len(sweep.found), p.opts.Backlog)]
	slices.Reverse(p.pending)
	if sweep.newest != "" {
		p.next = sweep.newest
	}
	p.marks = append(p.marks, mark{p.next, p.polls, sweep.begun})
	p.forget()
	return err
}

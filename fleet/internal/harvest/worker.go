package harvest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/archive"
)

// A Worker reads lists, several at a time.
type Worker struct {
	Queue   *Queue
	Archive *archive.Archive
	Limiter *fleet.Limiter // of the kind that fails fast
	Tokens  []*Token

	Parallel int           // lists at a time; the default is 4
	Count    int           // media a page; the default of 0 leaves it to the server
	Stay     bool          // wait for more when the queue is empty
	Hour     time.Duration // as of the limiter; the default is an hour
	Backoff  time.Duration // before the second attempt, then doubled, up to 24 times as much; the default is 5 s
	Log      *slog.Logger
	Observer Observer // is told what happens; may be nil

	id       string
	pool     *Pool
	draining chan struct{}
	drain    sync.Once
	report   report
}

// An Observer is told what a worker does, for metrics.
type Observer interface {
	Page(kind archive.Kind, media int, took time.Duration)
	Done(kind archive.Kind, added int)
	Failed(kind archive.Kind, buried bool)
	Superseded()
}

type noObserver struct{}

func (noObserver) Page(archive.Kind, int, time.Duration) {}
func (noObserver) Done(archive.Kind, int)                {}
func (noObserver) Failed(archive.Kind, bool)             {}
func (noObserver) Superseded()                           {}

func (w *Worker) init() {
	w.Parallel = cmp.Or(w.Parallel, 4)
	w.Hour = cmp.Or(w.Hour, time.Hour)
	w.Backoff = cmp.Or(w.Backoff, 5*time.Second)
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
	if w.Observer == nil {
		w.Observer = noObserver{}
	}
	host, _ := os.Hostname()
	w.id = newWorkerID()
	w.draining = make(chan struct{})
	w.report = report{Report: Report{ID: w.id, Host: host, Process: os.Getpid(), Started: time.Now().UTC()}, running: map[string]time.Time{}}
	w.pool = newPool(w.Tokens, w.Limiter, w.Hour, w.Log, w.tokenAside)
}

// Run reads lists until the queue is empty, ctx ends, or somebody says so. What it has begun by
// then, it gives back.
func (w *Worker) Run(ctx context.Context) error {
	w.init()
	defer w.pool.close()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var heard uint64 // what was said before it began is not for it
	if err := Patiently(ctx, func(ctx context.Context) (err error) {
		if _, heard, err = w.Queue.command(ctx, 0); err == nil {
			err = w.Queue.readmit(ctx, w.Tokens)
		}
		return err
	}); err != nil {
		return err
	}
	var reporting sync.WaitGroup
	reports, endReports := context.WithCancel(context.Background())
	reporting.Go(func() { w.keepReporting(reports, heard, func() { end(nil) }) })
	var lanes sync.WaitGroup
	for range w.Parallel {
		lanes.Go(func() {
			if err := w.lane(ctx); err != nil {
				end(err) // the others end as well: they would fail in the same way
			}
		})
	}
	lanes.Wait()
	endReports()
	reporting.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// Drain has the worker begin nothing more.
func (w *Worker) Drain() { w.drain.Do(func() { close(w.draining) }) }

func (w *Worker) isDraining() bool {
	select {
	case <-w.draining:
		return true
	default:
		return false
	}
}

// poll is how long a worker asks the queue for something, before it looks whether there is anything
// left.
const poll = 2 * time.Second

func (w *Worker) lane(ctx context.Context) error {
	for ctx.Err() == nil && !w.isDraining() {
		asking, cancel := context.WithTimeout(ctx, poll)
		item, err := w.Queue.Next(asking)
		cancel()
		switch {
		case ctx.Err() != nil:
			if item != nil {
				w.giveBack(item, 0)
			}
			return nil
		case err != nil:
			w.Log.Warn("the queue does not answer", "reason", err)
			if Pause(ctx, time.Second/2+rand.N(time.Second)) != nil {
				return nil
			}
		case item != nil:
			if err := w.handle(ctx, item); err != nil {
				return err
			}
		default:
			empty, err := w.Queue.empty(ctx)
			if err == nil && empty && !w.Stay {
				return nil
			}
		}
	}
	return nil
}

// handle reads a list. Its error ends the worker.
func (w *Worker) handle(ctx context.Context, item *Item) error {
	log := w.Log.With("list", item.List.String())
	if item.deliveries > w.Queue.Attempts {
		return w.bury(ctx, item, fmt.Errorf("%d workers had it and did not say what became of it", item.deliveries-1))
	}
	heartbeats, end := context.WithCancel(ctx)
	var beating sync.WaitGroup
	beating.Go(func() { w.beat(heartbeats, item) })
	w.report.begin(item.List)
	added, err := w.read(ctx, item)
	if err == nil {
		err = item.done(ctx)
	}
	w.report.end(item.List, err == nil)
	end()
	beating.Wait()
	switch {
	case err == nil:
		w.Observer.Done(item.List.Kind, added)
		return nil
	case errors.Is(err, errNotTaken): // all of it is in the archive
		log.Warn("saved", "reason", err)
		return nil
	case errors.Is(err, archive.ErrSuperseded): // it is in other hands
		log.Info("given up", "reason", err)
		w.Observer.Superseded()
		return nil
	case ctx.Err() != nil:
		w.giveBack(item, 0)
		return nil
	case errors.Is(err, ErrNoToken), isLocal(err):
		w.giveBack(item, 0)
		return err
	case final(err), item.deliveries >= w.Queue.Attempts:
		return w.bury(ctx, item, err)
	}
	after := min(w.Backoff<<min(item.deliveries-1, 10), w.longestBackoff())
	after = after/2 + rand.N(after/2+1)
	log.Warn("to be tried again", "reason", err, "after", after.Round(time.Millisecond), "attempt", item.deliveries)
	w.Observer.Failed(item.List.Kind, false)
	w.giveBack(item, after)
	return nil
}

// longestBackoff is how long a list waits at most for its next attempt.
func (w *Worker) longestBackoff() time.Duration { return 24 * w.Backoff }

// giveBack has somebody take the item after a while. If that does not get through, its lease runs
// out.
func (w *Worker) giveBack(item *Item, after time.Duration) {
	if err := item.again(after); err != nil {
		w.Log.Warn("the queue does not answer", "reason", err)
	}
}

// final tells what will not be otherwise the next time.
func final(err error) bool {
	return errors.Is(err, instagram.ErrNotFound) || errors.Is(err, instagram.ErrNotAllowed) ||
		errors.Is(err, instagram.ErrInvalidParameters)
}

// isLocal tells what is wrong with this machine from what is wrong with the list.
func isLocal(err error) bool {
	var path *os.PathError
	var link *os.LinkError
	return errors.As(err, &path) || errors.As(err, &link)
}

func (w *Worker) bury(ctx context.Context, item *Item, reason error) error {
	w.Log.Warn("set aside", "list", item.List.String(), "reason", reason, "attempts", item.deliveries)
	w.Observer.Failed(item.List.Kind, true)
	err := item.bury(ctx, Dead{
		List: item.List, Reason: reason.Error(), Deliveries: item.deliveries, Worker: w.id, At: time.Now().UTC(),
	})
	if err != nil { // NATS is away: it will come again
		w.Log.Warn("the queue does not answer", "reason", err)
	}
	return nil
}

// beat tells the queue that the item is in good hands.
func (w *Worker) beat(ctx context.Context, item *Item) {
	ticker := time.NewTicker(w.Queue.Lease / 4)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = item.alive() // the next one may get through
		case <-ctx.Done():
			return
		}
	}
}

// read saves a list page by page, from where whoever had it before came to.
func (w *Worker) read(ctx context.Context, item *Item) (added int, err error) {
	epoch, err := w.Queue.epoch(ctx, w.id)
	if err != nil {
		return 0, err
	}
	claim, err := w.Archive.Claim(item.List, epoch)
	if err != nil {
		return 0, err
	}
	defer claim.Release()
	seen := map[instagram.Cursor]bool{}
	for claim.Cursor() != instagram.CursorEnd {
		if err := claim.Check(); err != nil {
			return 0, err
		}
		if seen[claim.Cursor()] {
			return 0, instagram.ErrPaginationLoop
		}
		seen[claim.Cursor()] = true
		start := time.Now()
		media, next, err := w.page(ctx, item.List, claim)
		if err != nil {
			return 0, err
		}
		if err := claim.Add(media, next); err != nil {
			return 0, err
		}
		w.report.page(len(media))
		w.Observer.Page(item.List.Kind, len(media), time.Since(start))
	}
	return claim.Finish()
}

// page asks for the page that comes next. It ends the list where it comes to what an earlier
// harvest found.
func (w *Worker) page(ctx context.Context, list archive.List, claim *archive.Claim) ([]*instagram.MediaEntry, instagram.Cursor, error) {
	var page *instagram.Page[instagram.MediaEntry]
	err := w.pool.do(ctx, func(client *instagram.Client) (err error) {
		page, err = w.pager(client, list, claim.Newest()).From(claim.Cursor()).Next(ctx)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	for i, media := range page.Items {
		if claim.Known(media.ID) {
			return page.Items[:i], instagram.CursorEnd, nil
		}
	}
	return page.Items, page.Cursor(), nil
}

func (w *Worker) pager(client *instagram.Client, list archive.List, newest string) *instagram.Pager[instagram.MediaEntry] {
	switch list.Kind {
	case archive.Tags:
		return client.Tags.RecentMedia(list.Name, &instagram.TagMediaOptions{Count: w.Count})
	case archive.Locations:
		return client.Locations.RecentMedia(list.Name, &instagram.LocationMediaOptions{MinID: newest})
	}
	return client.Users.RecentMedia(list.Name, &instagram.UserMediaOptions{Count: w.Count, MinID: newest})
}

func (w *Worker) tokenAside(t *Token, reason error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := w.Queue.setAside(ctx, t.Holder, Aside{Token: t.Name, Reason: reason.Error(), At: time.Now().UTC()}); err != nil {
		w.Log.Warn("the queue does not answer", "reason", err)
	}
}

package harvest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/igv1/instagram/fleet/internal/archive"
)

// A Report is what a worker says of itself.
type Report struct {
	ID      string    `json:"id"`
	Host    string    `json:"host"`
	Process int       `json:"process"`
	Started time.Time `json:"started"`
	Running []string  `json:"running"` // lists
	Done    int       `json:"done"`
	Pages   int       `json:"pages"`
	Media   int       `json:"media"`

	PagesPerSecond float64 `json:"pages_per_second"` // lately
	MediaPerSecond float64 `json:"media_per_second"`
	DonePerSecond  float64 `json:"done_per_second"`
}

func newWorkerID() string { return rand.Text()[:10] }

// A report is one that is being written.
type report struct {
	mu sync.Mutex
	Report
	running map[string]time.Time
	samples []tally
}

// A tally is what had been done at a time.
type tally struct {
	at                 time.Time
	done, pages, media int
}

func (r *report) begin(l archive.List) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[l.String()] = time.Now()
}

func (r *report) end(l archive.List, done bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, l.String())
	if done {
		r.Done++
	}
}

func (r *report) page(media int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Pages++
	r.Media += media
}

// lately is the span of time of which rates are.
const lately = 15 * time.Second

func (r *report) now() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Running = []string{}
	for list := range r.running {
		r.Running = append(r.Running, list)
	}
	slices.Sort(r.Running)
	now := tally{time.Now(), r.Done, r.Pages, r.Media}
	r.samples = append(slices.DeleteFunc(r.samples, func(s tally) bool { return now.at.Sub(s.at) > lately }), now)
	first := r.samples[0]
	if passed := now.at.Sub(first.at).Seconds(); passed > 0 {
		r.DonePerSecond = float64(now.done-first.done) / passed
		r.PagesPerSecond = float64(now.pages-first.pages) / passed
		r.MediaPerSecond = float64(now.media-first.media) / passed
	}
	return r.Report
}

// reportEvery is how often a worker reports.
const reportEvery = 2 * time.Second

// keepReporting reports, and obeys what the queue says, until ctx ends.
func (w *Worker) keepReporting(ctx context.Context, heard uint64, stop func()) {
	ticker := time.NewTicker(reportEvery)
	defer ticker.Stop()
	for {
		asking, cancel := context.WithTimeout(context.Background(), reportEvery)
		if value, err := json.Marshal(w.report.now()); err == nil {
			w.Queue.report(asking, w.id, value)
		}
		heard = w.obey(asking, heard, stop)
		cancel()
		select {
		case <-ticker.C:
		case <-ctx.Done():
			remove, cancel := context.WithTimeout(context.Background(), reportEvery)
			_ = w.Queue.workers.Purge(remove, w.id) // it is forgotten after a while in any case
			cancel()
			return
		}
	}
}

// obey does what the queue says, and returns what has been heard by now.
func (w *Worker) obey(ctx context.Context, heard uint64, stop func()) uint64 {
	command, heard, err := w.Queue.command(ctx, heard)
	if err != nil || command == "" {
		return heard // the next look may get through
	}
	w.Log.Info("told by the queue", "command", command)
	if command == Stop {
		stop()
	}
	w.Drain()
	return heard
}

// report stores what a worker says of itself. If that fails, the next one may get through.
func (q *Queue) report(ctx context.Context, worker string, value []byte) {
	if _, err := q.workers.Put(ctx, worker, value); errors.Is(err, jetstream.ErrNoStreamResponse) {
		if _, err := q.bucket(ctx, q.reportsConfig()); err == nil {
			_, _ = q.workers.Put(ctx, worker, value)
		}
	}
}

// Summary returns what the worker has done so far.
func (w *Worker) Summary() Report { return w.report.now() }

// A Status is how far a harvest is.
type Status struct {
	Name    string
	Started time.Time // of the run

	Total, Done, Running, Waiting int // lists of the run
	Dead                          int // lists that could not be read, of all runs

	PagesPerSecond, MediaPerSecond, DonePerSecond float64

	Left    time.Duration // until all are done, as it goes now or went so far; 0 if that is unknown
	Workers []Report
	Aside   []Aside
}

// Status returns how far the harvest is.
func (q *Queue) Status(ctx context.Context) (*Status, error) {
	work, err := q.work.Info(ctx)
	if err != nil {
		return nil, err
	}
	dead, err := q.dead.Info(ctx)
	if err != nil {
		return nil, err
	}
	var base run
	if err := q.changeRun(ctx, func(r *run) bool { base = *r; return false }); err != nil {
		return nil, err
	}
	s := &Status{Name: q.Name, Started: base.Started, Dead: int(dead.State.Msgs)}
	if s.Workers, err = q.Workers(ctx); err != nil {
		return nil, err
	}
	for _, w := range s.Workers {
		s.Running += len(w.Running)
		s.PagesPerSecond += w.PagesPerSecond
		s.MediaPerSecond += w.MediaPerSecond
		s.DonePerSecond += w.DonePerSecond
	}
	unread := int(work.State.Msgs)
	s.Total = int(work.State.LastSeq - base.Work)
	s.Done = max(s.Total-unread-int(dead.State.LastSeq-base.Dead), 0)
	s.Running = min(s.Running, unread)
	s.Waiting = unread - s.Running
	rate := s.DonePerSecond
	if rate == 0 { // nothing was done lately, as when all tokens wait for their next hour
		rate = float64(s.Done) / time.Since(base.Started).Seconds()
	}
	if rate > 0 {
		s.Left = time.Duration(min(float64(unread)/rate, maxSeconds) * float64(time.Second))
	}
	s.Aside, err = q.Aside(ctx)
	return s, err
}

// maxSeconds is what a time left is at most: a hundred years.
const maxSeconds = 100 * 365 * 24 * 3600

// Workers returns what the workers that are running say of themselves.
func (q *Queue) Workers(ctx context.Context) (all []Report, err error) {
	watcher, err := q.workers.WatchAll(ctx, jetstream.IgnoreDeletes())
	if errors.Is(err, nats.ErrStreamNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil // NATS was started again, and nobody has reported since
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = watcher.Stop() }()
	for {
		select {
		case e := <-watcher.Updates():
			if e == nil { // that was all
				slices.SortFunc(all, func(a, b Report) int { return strings.Compare(a.ID, b.ID) })
				return all, nil
			}
			var r Report
			if json.Unmarshal(e.Value(), &r) == nil {
				all = append(all, r)
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

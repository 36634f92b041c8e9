package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// harvestLists adds the lists of the files, and reads what is on the queue.
func harvestLists(ctx context.Context, s *settings, out, log io.Writer) error {
	if err := s.checkRun(); err != nil {
		return err
	}
	waiting := time.AfterFunc(5*time.Second, func() { fmt.Fprintln(log, "NATS does not answer; waiting for it") })
	c, err := s.connect(ctx, always)
	waiting.Stop()
	if err != nil {
		return err
	}
	defer c.close()
	limiter, err := fleet.NewLimiter(c.js, s.limits(c.queue.Config))
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = limiter.Close(ctx) // what it holds is free again in an hour
	}()
	tokens, err := s.makeTokens(instagram.WithLimiter(limiter))
	if err != nil {
		return err
	}
	if s.adds() {
		err = c.add(ctx, s, out)
	} else if begun, asked := c.queue.Begun(ctx); asked != nil || !begun && !s.stay {
		err = cmp.Or(asked, errNothing)
	}
	if err != nil {
		return err
	}
	worker := &harvest.Worker{
		Queue: c.queue, Archive: c.archive, Limiter: limiter, Tokens: tokens,
		Parallel: s.parallel, Count: s.count, Stay: s.stay, Hour: s.hour, Backoff: s.backoff,
		Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	w := &watch{connection: c, limiter: limiter, tokens: tokens}
	return work(ctx, s, w, worker, out)
}

// work runs a worker, with all that shows how far it is.
func work(ctx context.Context, s *settings, w *watch, worker *harvest.Worker, out io.Writer) error {
	watching, end := context.WithCancel(ctx)
	defer end()
	group, watching := errgroup.WithContext(watching)
	if s.http != "" {
		stop, err := w.serve(s.http, worker)
		if err != nil {
			return err
		}
		defer stop()
	}
	group.Go(func() error { w.progress(watching, out); return nil })
	group.Go(func() error {
		defer end()
		err := worker.Run(ctx)
		if err == nil && ctx.Err() == nil && w.host != nil && w.host.runs() {
			w.waitForOthers(ctx)
		}
		return err
	})
	err := group.Wait()
	if ctx.Err() != nil { // it was stopped, which is said elsewhere
		return err
	}
	done := worker.Summary()
	fmt.Fprintf(out, "this worker: %d lists, %d pages, %d media\n", done.Done, done.Pages, done.Media)
	return err
}

// waitForOthers keeps NATS running for workers that are about to end. Another one would run it in
// its place, but they would have to wait for that.
func (w *watch) waitForOthers(ctx context.Context) {
	for ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, 5*time.Second)
		others, err := w.queue.Workers(asking)
		cancel()
		if err == nil && len(others) == 0 {
			return
		}
		select {
		case <-time.After(time.Second / 2):
		case <-ctx.Done():
		}
	}
}

func (c *connection) add(ctx context.Context, s *settings, out io.Writer) error {
	input, err := s.input()
	if err != nil {
		return err
	}
	added, there := 0, 0
	for { // adding twice does no harm, and the standard input is read once
		added, there, err = c.queue.Add(ctx, input, s.lists())
		if err == nil || input == "" || ctx.Err() != nil || !harvest.IsAway(err) {
			break
		}
		fmt.Fprintln(out, "NATS does not answer; adding begins again")
	}
	if err != nil {
		return err
	}
	if added+there == 0 {
		fmt.Fprintln(out, "nothing to add: the lists were added before, or there are none")
		return nil
	}
	fmt.Fprintf(out, "added %d lists", added)
	if there > 0 {
		fmt.Fprintf(out, "; %d were there", there)
	}
	fmt.Fprintln(out)
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/embedded"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// patience is how long a command waits for NATS.
const patience = 20 * time.Second

// A role is what a command may do where no worker is running.
type role struct {
	hosts  hosting
	begins bool // begin a harvest
}

var (
	guest   = role{}
	keeper  = role{hosts: momentary}
	founder = role{hosts: momentary, begins: true}
)

// manage runs a command on the queue of a harvest.
func manage(ctx context.Context, s *settings, host role, do func(context.Context, *connection) error) error {
	if s.nats == "" && !host.begins {
		if _, err := os.Stat(filepath.Join(s.out, archive.MetaDir)); err != nil {
			return fmt.Errorf("there is no harvest in %s (%w)", s.out, err)
		}
	}
	if host.hosts == never && s.abandoned(ctx) {
		return errors.New("nobody runs NATS for this harvest now; start a worker, or igharvest serve")
	}
	connecting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := s.connect(connecting, host.hosts)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) && s.nats != "" {
			return fmt.Errorf("NATS does not answer; is -nats right? (%w)", err)
		}
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("the process that runs NATS for this harvest does not answer (%w)", err)
		}
		return err
	}
	defer c.close()
	return do(ctx, c)
}

// abandoned reports whether nobody has run NATS on the directory for so long that no worker can be
// left, which would have taken over.
func (s *settings) abandoned(ctx context.Context) bool {
	if s.nats != "" {
		return false
	}
	dir := filepath.Join(s.out, archive.MetaDir, natsDir)
	for range 6 {
		if embedded.Running(dir) || harvest.Pause(ctx, lookEvery) != nil {
			return false
		}
	}
	return true
}

func addLists(ctx context.Context, s *settings, out, _ io.Writer) error {
	if !s.adds() {
		return misuse("say what to add with -users, -tags or -locations")
	}
	return manage(ctx, s, founder, func(ctx context.Context, c *connection) error { return c.add(ctx, s, out) })
}

func stopWorkers(ctx context.Context, s *settings, out, _ io.Writer) error {
	return tell(ctx, s, out, harvest.Stop)
}

func drainWorkers(ctx context.Context, s *settings, out, _ io.Writer) error {
	return tell(ctx, s, out, harvest.Drain)
}

// tell sends a command to the workers, and waits until they are gone.
func tell(ctx context.Context, s *settings, out io.Writer, command harvest.Command) error {
	return manage(ctx, s, guest, func(ctx context.Context, c *connection) error {
		if err := c.queue.Send(ctx, command); err != nil {
			return err
		}
		for last, before := time.Now(), -1; ; {
			asking, cancel := context.WithTimeout(ctx, 2*time.Second)
			workers, err := c.queue.Workers(asking)
			cancel()
			switch {
			case err != nil && before > 0 && s.abandoned(ctx): // the last one took NATS with it
				fmt.Fprintln(out, "all workers have ended")
				return nil
			case err != nil && time.Since(last) > patience:
				return err
			case err != nil: // another process may be about to run NATS
			case len(workers) == 0:
				fmt.Fprintln(out, "no worker is running")
				return nil
			case len(workers) != before:
				fmt.Fprintf(out, "%d workers are running\n", len(workers))
				before = len(workers)
			}
			if err == nil {
				last = time.Now()
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
}

func retryDead(ctx context.Context, s *settings, out, _ io.Writer) error {
	return manage(ctx, s, keeper, func(ctx context.Context, c *connection) error {
		n, err := c.queue.Retry(ctx)
		fmt.Fprintf(out, "%d lists are on the queue again\n", n)
		return err
	})
}

func showStatus(ctx context.Context, s *settings, out, _ io.Writer) error {
	return manage(ctx, s, keeper, func(ctx context.Context, c *connection) error {
		limiter, err := fleet.NewLimiter(c.js, s.limits(c.queue.Config))
		if err != nil {
			return err
		}
		w := &watch{connection: c, limiter: limiter}
		if s.tokens != "" {
			if w.tokens, err = s.makeTokens(instagram.WithLimiter(limiter)); err != nil {
				return err
			}
		}
		view, err := w.look(ctx)
		if err != nil {
			return err
		}
		view.print(out)
		if !s.dead {
			return nil
		}
		for d, err := range c.queue.Dead(ctx) {
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s\t%d attempts\t%s\n", d.List, d.Deliveries, d.Reason)
		}
		return nil
	})
}

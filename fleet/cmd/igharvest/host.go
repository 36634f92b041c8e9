package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/igv1/instagram/fleet/internal/embedded"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// A host runs NATS on a directory for all processes on this machine, if nobody else does. When the
// process that runs it ends or is killed, another one that is a host takes over.
type host struct {
	options embedded.Options
	stop    context.CancelFunc
	over    sync.WaitGroup

	mu     sync.Mutex
	server *embedded.Server // nil while another process runs it
}

// lookEvery is how often a host looks whether NATS is gone.
const lookEvery = time.Second / 2

// newHost fails if NATS cannot run here. It is not an error if another process runs it. One that is
// there for a moment only is polite: it gives others the time to be first.
func newHost(dir string, polite bool) (*host, error) {
	ctx, stop := context.WithCancel(context.Background())
	h := &host{options: embedded.Options{Dir: dir}, stop: stop}
	if !polite {
		if err := h.start(); err != nil && !errors.Is(err, embedded.ErrRunning) {
			stop()
			return nil, err
		}
	}
	h.over.Go(func() {
		if polite {
			_ = harvest.Pause(ctx, 2*lookEvery) // it ends before
		}
		h.watch(ctx)
	})
	return h, nil
}

func (h *host) start() error {
	server, err := embedded.Start(h.options)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.server = server
	return nil
}

func (h *host) watch(ctx context.Context) {
	for !h.runs() {
		_ = h.start() // another process runs it, or the next try may find mended what is wrong now
		if harvest.Pause(ctx, lookEvery) != nil {
			return
		}
	}
}

// runs reports whether NATS is in this process.
func (h *host) runs() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.server != nil
}

func (h *host) close() {
	h.stop()
	h.over.Wait()
	if h.server != nil {
		h.server.Close()
	}
}

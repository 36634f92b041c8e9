package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/embedded"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// A connection is what a process has of a harvest.
type connection struct {
	nc      *nats.Conn
	js      jetstream.JetStream
	queue   *harvest.Queue
	archive *archive.Archive // nil if -out does not say where it is
	host    *host            // nil if NATS runs elsewhere in any case
}

const natsDir = "nats"

// A hosting says whether a process runs NATS on the directory while nobody else does.
type hosting int

const (
	never     hosting = iota
	momentary         // if nobody else does after a moment
	always
)

// connect connects to NATS, and waits for it if it is not there.
func (s *settings) connect(ctx context.Context, host hosting) (c *connection, err error) {
	c = &connection{}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if s.out != "" {
		if c.archive, err = archive.Open(s.out); err != nil {
			return c, err
		}
	}
	if s.nats == "" && host != never {
		if c.host, err = newHost(c.archive.Meta(natsDir), host == momentary); err != nil {
			return c, err
		}
	}
	for c.nc, err = s.dial(c.archive); c.host != nil && errors.Is(err, errNoHarvest); c.nc, err = s.dial(c.archive) {
		select { // another process is about to start NATS
		case <-time.After(lookEvery / 10):
		case <-ctx.Done():
			return c, ctx.Err()
		}
	}
	if err != nil {
		return c, err
	}
	if c.js, err = jetstream.New(c.nc, jetstream.WithPublishAsyncTimeout(10*time.Second)); err != nil {
		return c, err
	}
	err = harvest.Patiently(ctx, func(ctx context.Context) (err error) {
		if c.queue, err = harvest.OpenQueue(ctx, c.js, s.queue); err == nil && c.archive != nil {
			err = c.queue.Bind(ctx, c.archive)
		}
		return err
	})
	if refused := c.nc.LastError(); errors.Is(err, nats.ErrConnectionClosed) && refused != nil {
		err = fmt.Errorf("NATS refuses the connection, see -nats and -nats-creds: %w", refused)
	}
	return c, err
}

var errNoHarvest = errors.New("there is no harvest")

func (s *settings) dial(a *archive.Archive) (*nats.Conn, error) {
	options := []nats.Option{
		nats.Name("igharvest"),
		nats.MaxReconnects(-1),
		nats.RetryOnFailedConnect(true),
		nats.ReconnectWait(200 * time.Millisecond),
		nats.ReconnectJitter(200*time.Millisecond, time.Second),
		nats.PingInterval(5 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.Timeout(3 * time.Second),
	}
	if s.nats != "" {
		if s.credentials != "" {
			options = append(options, nats.UserCredentials(s.credentials))
		}
		nc, err := nats.Connect(s.nats, options...)
		var bad *url.Error
		if errors.As(err, &bad) { // it holds the URL, which may hold a password
			err = misuse("-nats is no URL: %v", bad.Err)
		}
		return nc, err
	}
	access, err := embedded.ReadAccess(a.Meta(natsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s; start one there, or say where NATS is with -nats", errNoHarvest, a.Dir())
	}
	if err != nil {
		return nil, err
	}
	options = append(options, nats.Token(access.Token), nats.SetCustomDialer(localDialer(a.Meta(natsDir))))
	return nats.Connect(access.URL(), options...)
}

// A localDialer connects to the server on a directory, whatever port it has this time.
type localDialer string

func (d localDialer) Dial(network, _ string) (net.Conn, error) {
	access, err := embedded.ReadAccess(string(d))
	if err != nil {
		return nil, err
	}
	return (&net.Dialer{Timeout: 3 * time.Second}).Dial(network, access.Address)
}

func (c *connection) close() {
	if c.nc != nil {
		_ = c.nc.FlushTimeout(2 * time.Second) // what was given back, for others to have at once
		c.nc.Close()
	}
	if c.host != nil {
		c.host.close()
	}
}

// serveNATS runs the server for the workers on this machine, until it is told to end.
func serveNATS(ctx context.Context, s *settings, out, _ io.Writer) error {
	if s.out == "" {
		return misuse("say for which directory with -out")
	}
	a, err := archive.Open(s.out)
	if err != nil {
		return err
	}
	h, err := newHost(a.Meta(natsDir), false)
	if err != nil {
		return err
	}
	defer h.close()
	if !h.runs() {
		fmt.Fprintln(out, "another process runs NATS; this one takes over when it ends")
	}
	for !h.runs() {
		if harvest.Pause(ctx, lookEvery) != nil {
			return nil
		}
	}
	fmt.Fprintf(out, "NATS for %s is at %s\n", a.Dir(), h.server.URL())
	<-ctx.Done()
	return nil
}

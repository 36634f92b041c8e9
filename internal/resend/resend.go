// Package resend counts and bounds what net/http makes of one request. It sends a request again by
// itself where the connection that it took turns out to be broken, or where an HTTP/2 server says
// that it did not look at it, and in the second case without end.
package resend

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// ErrLimit ends a request that would be sent too often.
var ErrLimit = errors.New("the connection broke each time the request was sent")

// A Counter counts how often one request is sent.
type Counter struct {
	allowed int
	cancel  context.CancelCauseFunc
	trace   httptrace.ClientTrace

	mu        sync.Mutex
	connected bool // the request got a connection
	sent      int  // how many requests were written, redirected ones included
	answered  bool // by the server that was asked last
	followed  int  // how many redirects there were
	ended     bool // what is written now reaches nobody
}

type key struct{}

// Limit returns the context to make a request with that may be sent so many times. Where it would
// be sent once more, the cause of the context becomes [ErrLimit].
func Limit(ctx context.Context, allowed int) (context.Context, *Counter) {
	ctx, cancel := context.WithCancelCause(ctx)
	c := &Counter{allowed: allowed, cancel: cancel}
	c.trace = httptrace.ClientTrace{
		GotConn:              c.gotConn,
		WroteHeaders:         c.wroteHeaders,
		GotFirstResponseByte: c.gotFirstByte,
	}
	ctx = context.WithValue(ctx, key{}, c)
	return httptrace.WithClientTrace(ctx, &c.trace), c
}

// of returns the counter of a request, and nil where it has none.
func of(ctx context.Context) *Counter {
	c, _ := ctx.Value(key{}).(*Counter)
	return c
}

// Body has a request give its body again only as often as it may be sent. After an answer it is a
// redirect that asks for it, which CheckRedirect judges.
func Body(req *http.Request) {
	c, body := of(req.Context()), req.GetBody
	if c == nil || body == nil {
		return
	}
	req.GetBody = func() (io.ReadCloser, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.answered && c.spent() {
			return nil, exceeded()
		}
		return body()
	}
}

// redirected says that a request goes to another place now. That counts as the same one.
func redirected(req *http.Request) {
	if c := of(req.Context()); c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.followed++
	}
}

// Stop releases what the context holds.
func (c *Counter) Stop() { c.cancel(nil) }

// Repeats returns how often net/http sent the request beyond the first time.
func (c *Counter) Repeats() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(c.sent-c.followed-1, 0)
}

// Reached reports whether the request got a connection, and so may have reached the server.
func (c *Counter) Reached() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.connected
}

// gotConn ends the request where it would be sent once too often. A connection of HTTP/1 is closed,
// so that nothing can be written to it; one of HTTP/2 is not, as others share it.
func (c *Counter) gotConn(info httptrace.GotConnInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.connected = true
	if !c.spent() {
		return
	}
	c.cancel(exceeded())
	if conn, ok := info.Conn.(*tls.Conn); !ok || conn.ConnectionState().NegotiatedProtocol != "h2" {
		c.ended = true
		info.Conn.Close()
	}
}

func (c *Counter) wroteHeaders() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.sent++
		c.answered = false
	}
}

func (c *Counter) gotFirstByte() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered = true
}

// spent reports whether the request was sent as often as it may be. The caller holds the lock.
func (c *Counter) spent() bool { return c.sent-c.followed >= c.allowed }

func exceeded() error { return fmt.Errorf("%w: %w", ErrLimit, io.ErrUnexpectedEOF) }

package instagram

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"

	"github.com/go-resty/resty/v2"
)

// A transmission is what net/http makes of one attempt. It repeats a request by itself where the
// connection that it took turns out to be broken, or where an HTTP/2 server says that it did not
// look at it. Each time counts as an attempt of the call, and there are no more than are allowed.
type transmission struct {
	allowed int
	cancel  context.CancelCauseFunc

	mu        sync.Mutex
	connected bool // the request got a connection, and so may have reached the server
	sent      int  // how many requests were written, redirected ones included
	answered  bool // by the server that was asked last
	followed  int  // how many redirects there were
}

var errRepeated = errors.New("the connection broke each time the request was sent")

type transmissionKey struct{}

// transmit returns the context to make one attempt with, which may send so many requests.
func transmit(ctx context.Context, allowed int) (context.Context, *transmission) {
	ctx, cancel := context.WithCancelCause(ctx)
	tx := &transmission{allowed: allowed, cancel: cancel}
	ctx = context.WithValue(ctx, transmissionKey{}, tx)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      tx.gotConn,
		WroteHeaders: tx.wroteHeaders,

		GotFirstResponseByte: tx.gotFirstByte,
	}), tx
}

// gotConn ends the attempt where another request would be one too many. A connection of HTTP/1 is
// closed, so that nothing can be written to it; one of HTTP/2 is not, as it is shared.
func (tx *transmission) gotConn(info httptrace.GotConnInfo) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.connected = true
	if tx.sent-tx.followed < tx.allowed {
		return
	}
	tx.cancel(tx.exceeded())
	if conn, ok := info.Conn.(*tls.Conn); !ok || conn.ConnectionState().NegotiatedProtocol != "h2" {
		info.Conn.Close()
	}
}

func (tx *transmission) wroteHeaders() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.sent++
	tx.answered = false
}

func (tx *transmission) gotFirstByte() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.answered = true
}

// limitBody has resty's requests give their body again only as often as they may be sent. After an
// answer it is a redirect that asks for it, and that is for checkRedirect to judge.
func limitBody(_ *resty.Client, req *http.Request) error {
	tx, ok := req.Context().Value(transmissionKey{}).(*transmission)
	if body := req.GetBody; ok && body != nil {
		req.GetBody = func() (io.ReadCloser, error) {
			tx.mu.Lock()
			defer tx.mu.Unlock()
			if !tx.answered && tx.sent-tx.followed >= tx.allowed {
				return nil, tx.exceeded()
			}
			return body()
		}
	}
	return nil
}

// follow tells the attempt that a request goes to another place because of a redirect.
func follow(ctx context.Context) {
	if tx, ok := ctx.Value(transmissionKey{}).(*transmission); ok {
		tx.mu.Lock()
		defer tx.mu.Unlock()
		tx.followed++
	}
}

func (tx *transmission) exceeded() error {
	return fmt.Errorf("%w: %w", errRepeated, io.ErrUnexpectedEOF)
}

// repeats returns how often net/http sent the request beyond the first time.
func (tx *transmission) repeats() int {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return max(tx.sent-tx.followed-1, 0)
}

// reached reports whether the request may have reached the server.
func (tx *transmission) reached() bool {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.connected
}

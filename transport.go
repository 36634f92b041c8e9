package instagram

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

const (
	// defaultTimeout bounds a whole call, and attemptTimeout one request and
	// its answer, so that a server which falls silent leaves time to ask again.
	defaultTimeout = 3 * time.Minute
	attemptTimeout = time.Minute

	maxConnections = 64
)

// NewTransport returns the transport that a client has without [WithHTTPClient],
// to change or to wrap: dialing and the TLS handshake may take 10 seconds each,
// and the header of an answer 30 seconds and 64 KiB. There are at most 64
// connections to a host; calls beyond that wait for one. Idle connections are
// kept for 90 seconds. Proxies are taken from the environment and HTTP/2 is
// used where the server has it, as [http.DefaultTransport] does.
func NewTransport() *http.Transport {
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        maxConnections,
		MaxIdleConnsPerHost:    maxConnections,
		IdleConnTimeout:        90 * time.Second,
		ForceAttemptHTTP2:      true,
	}
	if runtime.GOOS != "js" { // a browser dials by itself, and net/http lets it only without this
		t.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	return t
}

// newHTTPClient puts resty on a copy of hc, so that hc stays as the user made it.
func newHTTPClient(hc *http.Client) *resty.Client {
	if hc == nil {
		hc = &http.Client{Transport: NewTransport(), Timeout: attemptTimeout}
	}
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport // resty would make another one
	}
	own.CheckRedirect = checkRedirect
	return resty.NewWithClient(&own).SetDoNotParseResponse(true).
		SetHeader("User-Agent", "igv1-instagram-go").
		SetHeader("Accept", "application/json")
}

// Close closes the connections that wait for another call, of the clients that
// [Client.WithToken] derived too. Calls on their way are not touched, and later
// ones open new connections. Of a transport from [WithHTTPClient] it closes them
// if that has the method CloseIdleConnections, as net/http's own has.
func (c *Client) Close() {
	c.http.GetClient().CloseIdleConnections()
}

// checkRedirect follows up to three redirects that stay where the user pointed
// the client to. A method that turns into GET would report a write as done.
func checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // the URL that redirected holds the token
	first := via[0]
	switch {
	case req.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: to another host", ErrRedirect)
	case first.URL.Scheme == "https" && req.URL.Scheme != "https":
		return fmt.Errorf("%w: away from https", ErrRedirect)
	case req.Method != first.Method:
		return fmt.Errorf("%w: from %s to %s", ErrRedirect, first.Method, req.Method)
	case len(via) > 3:
		return fmt.Errorf("%w: over 3 in a row", ErrRedirect)
	}
	return nil
}

// traced notes whether the request of a write gets a connection, because a
// server may act on whatever went into one.
func traced(ctx context.Context, call *call) (context.Context, *atomic.Bool) {
	connected := new(atomic.Bool)
	if call.method != http.MethodGet {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
		})
	}
	return ctx, connected
}

// transportError is what a request without an answer failed with.
func transportError(err error, connected *atomic.Bool) error {
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err // its text holds the query, and so the token
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && !connected.Load() && (op.Op == "dial" || op.Op == "proxyconnect") {
		return neverSent{err}
	}
	if errors.Is(err, io.EOF) { // to a pager's user, io.EOF is the end of the list
		err = io.ErrUnexpectedEOF
	}
	return err
}

// neverSent marks the error of a request of which nothing reached the server,
// because no connection was made for it.
type neverSent struct{ err error }

func (e neverSent) Error() string { return e.err.Error() }
func (e neverSent) Unwrap() error { return e.err }

// bodyError is what the body of an answer could not be read with. One that does
// not decompress is as invalid as one that does not decode.
func bodyError(err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return invalidResponse{err}
	}
	return err
}

// permanent reports whether a request would end with the same error again.
func permanent(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	return errors.Is(err, ErrRedirect) || errors.Is(err, ErrBodyTooLarge) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.Is(err, ErrInvalidResponse) && !errors.Is(err, io.ErrUnexpectedEOF)
}

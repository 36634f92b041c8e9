package instagram

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/igv1/instagram/internal/framing"
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

// framed has the connections of t end where an answer ends that more follows on, so that net/http
// neither logs the rest nor takes it for the next answer. That is for HTTP/1, and not for https
// through a proxy, whose connections t makes by itself.
func framed(t *http.Transport) *http.Transport {
	dial := t.DialContext
	if dial == nil { // see NewTransport
		return t
	}
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return framing.Conn(conn), nil
	}
	t.DialTLSContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		raw, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		conn := tls.Client(raw, &tls.Config{ServerName: host, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12})
		ctx, cancel := context.WithTimeout(ctx, t.TLSHandshakeTimeout)
		defer cancel()
		if err := conn.HandshakeContext(ctx); err != nil {
			raw.Close()
			return nil, err
		}
		if conn.ConnectionState().NegotiatedProtocol == "h2" {
			return conn, nil
		}
		return framing.Conn(conn), nil
	}
	return t
}

// newHTTPClient puts resty on a copy of hc, so that hc stays as the user made it.
func newHTTPClient(hc *http.Client) *resty.Client {
	if hc == nil {
		hc = &http.Client{Transport: framed(NewTransport()), Timeout: attemptTimeout}
	}
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport // resty would make another one
	}
	own.CheckRedirect = checkRedirect
	return resty.NewWithClient(&own).SetDoNotParseResponse(true).SetPreRequestHook(limitBody).
		SetHeader("User-Agent", "igv1-instagram-go").
		SetHeader("Accept", "application/json")
}

// checkRedirect follows up to three redirects of a read that stay where the user pointed the client
// to. Those of a write are not followed: a POST that turns into a GET would report it as done, and
// one that is sent again could write to any path of the host.
func checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // the URL that redirected holds the token
	first, last := via[0], via[len(via)-1]
	switch {
	case first.Method != http.MethodGet:
		return fmt.Errorf("%w: a %s is not sent to another place", ErrRedirect, first.Method)
	case req.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: to another host", ErrRedirect)
	case req.URL.User != nil:
		return fmt.Errorf("%w: to a URL with a user", ErrRedirect)
	case last.URL.Scheme == "https" && req.URL.Scheme != "https":
		return fmt.Errorf("%w: away from https", ErrRedirect)
	case len(via) > 3:
		return fmt.Errorf("%w: over 3 in a row", ErrRedirect)
	}
	follow(req.Context())
	return nil
}

package instagram

import (
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/igv1/instagram/internal/framing"
	"github.com/igv1/instagram/internal/resend"
)

const (
	// defaultTimeout bounds a whole call, and attemptTimeout one request and its answer, so that a
	// server which falls silent leaves time to ask again.
	defaultTimeout = 3 * time.Minute
	attemptTimeout = time.Minute

	maxConnections = 64
)

// NewTransport returns the transport that a client has without [WithHTTPClient], to change or to
// wrap: dialing and the TLS handshake may take 10 seconds each, and the header of an answer 30
// seconds and 64 KiB. There are at most 64 connections to a host; calls beyond that wait for one.
// Idle connections are kept for 90 seconds. Proxies are taken from the environment and HTTP/2 is
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
		hc = &http.Client{Transport: framing.Transport(NewTransport()), Timeout: attemptTimeout}
	}
	own := *hc
	if own.Transport == nil {
		own.Transport = http.DefaultTransport // resty would make another one
	}
	own.CheckRedirect = checkRedirect
	return resty.NewWithClient(&own).SetDoNotParseResponse(true).SetPreRequestHook(func(_ *resty.Client, req *http.Request) error { resend.Body(req); return nil }).
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
	resend.Redirected(req)
	return nil
}

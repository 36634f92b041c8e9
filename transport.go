package instagram

import (
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
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
	own.CheckRedirect = resend.CheckRedirect
	return resty.NewWithClient(&own).SetDoNotParseResponse(true).SetPreRequestHook(func(_ *resty.Client, req *http.Request) error { resend.Body(req); return nil }).
		SetHeader("Accept", "application/json")
}

// version returns the version of this package that the program was built with: devel where it is
// the program's own module.
var version = sync.OnceValue(func() string {
	const devel = "devel"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return devel
	}
	for _, module := range info.Deps {
		if module.Path == "github.com/igv1/instagram" && module.Replace == nil {
			return module.Version
		}
	}
	return devel
})

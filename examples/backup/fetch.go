package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"
)

const (
	maxFile      = 1 << 30         // of a picture or a video, in bytes
	maxFileTime  = 5 * time.Minute // for one with all its redirects
	maxRedirects = 5
)

// A fetcher downloads pictures and videos. Their links come from a server, which must not be able
// to make this program read from the user's own machine or network. So the fetcher connects to
// addresses of the internet only. It also connects to this machine if the API is on this machine,
// and to the private network if the API is there. It has no token.
type fetcher struct {
	client *http.Client
	secure bool       // the API is https, so files must be https too
	api    netip.Addr // the address of the API; the zero Addr if it is not known
}

func newFetcher(baseURL string, api netip.Addr) (*fetcher, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, err
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base}); err != nil || proxy != nil {
		api = netip.Addr{} // it is the address of the proxy
	}
	f := &fetcher{secure: base.Scheme == "https", api: api}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: f.control}
	f.client = &http.Client{
		Timeout: maxFileTime,
		Transport: &http.Transport{ // without a proxy, because a proxy looks names up itself
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true,
			TLSHandshakeTimeout:    10 * time.Second,
			ResponseHeaderTimeout:  30 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			IdleConnTimeout:        10 * time.Second,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return &unavailable{"too many redirects"}
			}
			return f.checkScheme(r.URL)
		},
	}
	return f, nil
}

// unavailable is the error of a file that cannot be downloaded. Its text has nothing in it that the
// server sent.
type unavailable struct{ why string }

func (u *unavailable) Error() string { return u.why }

// get downloads a file to w. Its errors are of type *unavailable, except those of w.
func (f *fetcher) get(ctx context.Context, link string, w io.Writer) error {
	u, err := url.Parse(link)
	if err != nil {
		return &unavailable{"its link is no URL"}
	}
	if f.secure && u.Scheme == "http" && u.Port() == "" {
		u.Scheme = "https" // old answers have http links to hosts that have https too
	}
	if err := f.checkScheme(u); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return &unavailable{"its link is no URL"}
	}
	answer, err := f.client.Do(request)
	if err != nil {
		return explain(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return &unavailable{fmt.Sprintf("%d %s", answer.StatusCode, http.StatusText(answer.StatusCode))}
	}
	n, err := io.Copy(w, io.LimitReader(explaining{answer.Body}, maxFile+1))
	if err == nil && n > maxFile {
		return &unavailable{fmt.Sprintf("it is over %d bytes", maxFile)}
	}
	return err
}

func (f *fetcher) checkScheme(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil:
		return &unavailable{"its link is not one of the web"}
	case f.secure && u.Scheme != "https":
		return &unavailable{"its link is not https, as the API is"}
	}
	return nil
}

// control checks the address of a connection, after the name was looked up and before the
// connection is made. A check of the name alone would not do: a name may have another address at
// each look-up.
func (f *fetcher) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !f.allowed(at.Addr()) {
		return &unavailable{"its host is not on the internet"}
	}
	return nil
}

// allowed reports whether files may come from an address.
func (f *fetcher) allowed(addr netip.Addr) bool {
	addr = plain(addr)
	switch {
	case addr.IsLoopback():
		return f.api.IsLoopback()
	case addr.IsPrivate():
		return f.api.IsPrivate()
	case addr == f.api && addr.IsValid():
		return true
	}
	for _, special := range specialNetworks {
		if special.Contains(addr) {
			return false
		}
	}
	return addr.IsGlobalUnicast()
}

// specialNetworks are not part of the internet (IANA's special-purpose address registries).
// Loopback, private, link-local and multicast addresses are checked without this list.
var specialNetworks = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // of providers, behind their NAT
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// plain returns the IPv4 address in an IPv6 address that holds one.
func plain(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if nat64.Contains(addr) {
		bytes := addr.As16()
		return netip.AddrFrom4([4]byte(bytes[12:]))
	}
	return addr
}

// remoteAddress holds the remote address of the latest connection of a call.
type remoteAddress struct {
	mu   sync.Mutex
	addr netip.Addr
}

func (r *remoteAddress) got(info httptrace.GotConnInfo) {
	at, _ := netip.ParseAddrPort(info.Conn.RemoteAddr().String())
	r.mu.Lock()
	defer r.mu.Unlock()
	r.addr = plain(at.Addr())
}

func (r *remoteAddress) get() netip.Addr {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.addr
}

// explaining is a reader whose errors are of type *unavailable.
type explaining struct{ io.Reader }

func (e explaining) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // Read returns it as it is
		err = explain(err)
	}
	return n, err
}

// explain returns an error with a text of this program. The texts of net/http repeat links, host
// names and headers.
func explain(err error) error {
	var known *unavailable
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var network net.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &name):
		return &unavailable{"its host is not known"}
	case errors.As(err, &certificate):
		return &unavailable{"the certificate of its host is not valid"}
	case errors.As(err, &network) && network.Timeout():
		return &unavailable{"it took too long"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &unavailable{"its host refuses connections"}
	}
	return &unavailable{"the connection failed"}
}

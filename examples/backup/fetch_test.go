package main

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	nowhere  = ""
	internet = "93.184.216.34"
	loopback = "127.0.0.1"
	private  = "10.1.2.3"
)

func TestAddressesThatFilesMayComeFrom(t *testing.T) {
	for _, test := range []struct {
		api  string // from which the API answers
		file string
		want bool
	}{
		{internet, "93.184.216.34", true},
		{internet, "2606:2800:220:1::1", true},
		{internet, "::ffff:93.184.216.34", true},
		{internet, "64:ff9b::5db8:d822", true}, // 93.184.216.34 behind NAT64

		{internet, "127.0.0.1", false},
		{internet, "127.8.9.10", false},
		{internet, "::1", false},
		{internet, "::ffff:127.0.0.1", false},
		{internet, "::127.0.0.1", false},
		{internet, "64:ff9b::7f00:1", false},
		{internet, "10.0.0.1", false},
		{internet, "172.16.0.1", false},
		{internet, "192.168.1.1", false},
		{internet, "fd00::1", false},
		{internet, "fe80::1%eth0", false},
		{internet, "fec0::1", false},
		{internet, "169.254.169.254", false}, // where clouds keep credentials
		{internet, "100.100.100.200", false},
		{internet, "::ffff:100.100.100.200", false},
		{internet, "0.0.0.0", false},
		{internet, "::", false},
		{internet, "224.0.0.1", false},
		{internet, "ff02::1", false},
		{internet, "255.255.255.255", false},
		{internet, "198.18.0.1", false},
		{internet, "2002:7f00:1::1", false},
		{nowhere, "127.0.0.1", false},
		{nowhere, "10.0.0.1", false},
		{nowhere, "93.184.216.34", true},

		// The API itself is there.
		{loopback, "127.0.0.1", true},
		{loopback, "::1", true},
		{loopback, "10.0.0.1", false},
		{loopback, "169.254.169.254", false},
		{loopback, "93.184.216.34", true},
		{private, "10.9.9.9", true},
		{private, "127.0.0.1", false},
		{private, "169.254.169.254", false},
		{"100.64.1.1", "100.64.1.1", true},
		{"100.64.1.1", "100.64.1.2", false},
		{"169.254.1.1", "169.254.1.1", true},
		{"169.254.1.1", "169.254.169.254", false},
	} {
		api, _ := netip.ParseAddr(test.api)
		f, err := newFetcher("https://api.example/v1", api)
		require.NoError(t, err)
		assert.Equal(t, test.want, f.allowed(netip.MustParseAddr(test.file)), "%s, the API at %s", test.file, test.api)
	}
}

// get fetches a link with a fetcher whose API answers from an address.
func get(t *testing.T, baseURL, api, link string) (string, error) {
	t.Helper()
	addr, _ := netip.ParseAddr(api)
	f, err := newFetcher(baseURL, addr)
	require.NoError(t, err)
	var text strings.Builder
	err = f.get(t.Context(), link, &text)
	return text.String(), err
}

// Nothing on this machine is asked for an API that is elsewhere, by whatever name or redirect.
func TestNothingPrivateIsAsked(t *testing.T) {
	var asked atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = io.WriteString(w, "private")
	}))
	defer inside.Close()
	named := strings.Replace(inside.URL, "127.0.0.1", "localhost", 1) // a name is looked up before it is judged
	for _, link := range []string{inside.URL, named, strings.Replace(inside.URL, "127.0.0.1", "2130706433", 1)} {
		_, err := get(t, "http://api.example/v1", internet, link)
		assert.ErrorContains(t, err, "its host", link)
	}
	assert.Zero(t, asked.Load())

	text, err := get(t, "http://api.example/v1", loopback, named)
	require.NoError(t, err)
	assert.Equal(t, "private", text)
}

// redirecting leads to another place, and counts.
func redirecting(t *testing.T, to string) (url string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if to == "" {
			to = "/again"
		}
		http.Redirect(w, r, to, http.StatusFound)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestRedirects(t *testing.T) {
	for to, want := range map[string]string{
		"http://10.0.0.1/":           "not on the internet",
		"http://169.254.169.254/":    "not on the internet",
		"file:///etc/passwd":         "not one of the web",
		"http://user:word@127.0.0.1": "not one of the web",
		"":                           "too many redirects",
	} {
		link, asked := redirecting(t, to)
		_, err := get(t, "http://api.example/v1", loopback, link)
		assert.ErrorContains(t, err, want, to)
		assert.LessOrEqual(t, asked.Load(), int32(maxRedirects+1))
	}
}

// Nothing comes in the clear from an API that is https.
func TestSchemes(t *testing.T) {
	plain, asked := redirecting(t, "http://127.0.0.1/")
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain, http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "picture")
	}))
	defer secure.Close()
	f, err := newFetcher("https://api.example/v1", netip.MustParseAddr(loopback))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	f.client.Transport.(*http.Transport).TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	f.client.Transport.(*http.Transport).TLSClientConfig.RootCAs = roots

	var text strings.Builder
	require.NoError(t, f.get(t.Context(), secure.URL, &text))
	assert.Equal(t, "picture", text.String())
	assert.ErrorContains(t, f.get(t.Context(), secure.URL+"/down", io.Discard), "not https")
	assert.ErrorContains(t, f.get(t.Context(), plain, io.Discard), "not https")
	assert.Zero(t, asked.Load())
	// An old link without a port is asked for by https.
	assert.ErrorContains(t, f.get(t.Context(), "http://127.0.0.1/x.jpg", io.Discard), "refuses connections")

	for _, link := range []string{"ftp://127.0.0.1/x", "file:///etc/passwd", "//127.0.0.1/x", "x.jpg", "http://", "https://u:p@127.0.0.1/", "http://a b", "https://[::1"} {
		assert.ErrorContains(t, f.get(t.Context(), link, io.Discard), "its link is", link)
	}
}

// Errors say what is wrong in words of their own.
func TestErrorsRepeatNothing(t *testing.T) {
	const secret = "1574083secret"
	handlers := map[string]http.HandlerFunc{
		"404 Not Found":         func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"the connection failed": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"599 ":                  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) },
		"its link is not one of the web": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "gopher://"+secret, http.StatusFound)
		},
	}
	for want, handler := range handlers {
		server := httptest.NewServer(handler)
		_, err := get(t, "http://api.example/v1", loopback, server.URL+"/"+secret+"?access_token="+secret)
		assert.EqualError(t, err, want)
		server.Close()
	}
	for link, want := range map[string]string{
		"http://" + secret + ".invalid/": "its host is not known",
		"http://127.0.0.1:1/" + secret:   "its host refuses connections",
		"http://127.0.0.1:1:1/" + secret: "its link is no URL",
	} {
		_, err := get(t, "http://api.example/v1", loopback, link)
		assert.EqualError(t, err, want)
	}
}

package framing_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/igv1/instagram/internal/framing"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// net/http logs what comes behind an answer; not so through Transport.
func TestTransport(t *testing.T) {
	var logged lockedBuffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	surplus := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello secret")
			time.Sleep(20 * time.Millisecond)
			conn.Close()
		}
	}
	get := func(transport *http.Transport, start func(http.Handler) *httptest.Server) {
		server := start(http.HandlerFunc(surplus))
		defer server.Close()
		transport.TLSClientConfig = trust(server)
		res, err := (&http.Client{Transport: transport}).Get(server.URL)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		res.Body.Close()
		assert.Equal(t, "hello", string(body))
		time.Sleep(50 * time.Millisecond)
	}
	dial := (&net.Dialer{}).DialContext
	for _, start := range []func(http.Handler) *httptest.Server{httptest.NewServer, httptest.NewTLSServer} {
		get(&http.Transport{DialContext: dial}, start)
		require.Contains(t, logged.String(), "secret", "or this test shows nothing")
		logged.reset()
		get(framing.Transport(&http.Transport{DialContext: dial, TLSHandshakeTimeout: 5 * time.Second}), start)
		assert.Empty(t, logged.String())
	}
}

// trust returns what takes the certificate of a server for good, and nothing for one without.
func trust(server *httptest.Server) *tls.Config {
	if server.Certificate() == nil {
		return nil
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &tls.Config{RootCAs: roots}
}

// lockedBuffer is written to by net/http and read by a test.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *lockedBuffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Reset()
}

// Over TLS, HTTP/2 is spoken where the server has it, and a certificate is checked.
func TestTransportOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	transport := framing.Transport(&http.Transport{
		DialContext: (&net.Dialer{}).DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second,
	})
	_, err := (&http.Client{Transport: transport}).Get(server.URL) //nolint:bodyclose // there is none
	require.ErrorContains(t, err, "certificate")
	assert.Same(t, transport, framing.Transport(transport))

	plain := httptest.NewTLSServer(server.Config.Handler)
	defer plain.Close()
	for want, server := range map[string]*httptest.Server{"HTTP/2.0": server, "HTTP/1.1": plain} {
		trusting := framing.Transport(&http.Transport{
			DialContext: (&net.Dialer{}).DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second,
			TLSClientConfig: trust(server),
		})
		defer trusting.CloseIdleConnections()
		for range 2 {
			res, err := (&http.Client{Transport: trusting}).Get(server.URL)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			res.Body.Close()
			assert.Equal(t, want, string(body))
		}
		_, err = (&http.Client{Transport: trusting}).Get(strings.Replace(server.URL, "127.0.0.1", "localhost", 1)) //nolint:bodyclose // there is none
		require.ErrorContains(t, err, "certificate", "it is for another host")
	}
	empty := &http.Transport{}
	assert.Nil(t, framing.Transport(empty).DialTLSContext, "a browser dials by itself")
}

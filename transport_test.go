package instagram_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

const goodAnswer = `{"meta":{"code":200},"data":{"id":"7","username":"ada"}}`

// dialing returns a client with the default transport and a token, for the server at url, that
// retries without long pauses.
func dialing(t *testing.T, url string, opts ...instagram.Option) *instagram.Client {
	t.Helper()
	client, err := instagram.NewClient(append([]instagram.Option{
		instagram.WithBaseURL(url),
		instagram.WithAccessToken(testToken),
		instagram.WithRetry(instagram.RetryPolicy{BaseDelay: time.Millisecond}),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

// serve starts a server that counts its requests.
func serve(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return server, &requests
}

// However many goroutines call, there are at most 64 connections, and they last.
func TestConnectionsAreReused(t *testing.T) {
	const goroutines, calls = 64, 10_000
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/users/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, goodAnswer)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := dialing(t, server.URL)

	var wg sync.WaitGroup
	for i := range 2 * goroutines { // twice as many as may have one
		wg.Go(func() {
			id := []string{"7", "missing"}[i%2]
			for range calls / goroutines / 2 {
				_, err := client.Users.Get(t.Context(), id)
				assert.Equal(t, id == "7", err == nil, "%v", err)
			}
		})
	}
	wg.Wait()
	t.Logf("%d connections", opened.Load())
	// There are 64. On a machine that is too busy to see within 50 ms that a request was written
	// out, net/http replaces its connection by another one.
	assert.LessOrEqual(t, opened.Load(), int32(64+6))
}

// Close lets go of the connections that wait, and the client works on.
func TestClose(t *testing.T) {
	var open atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, goodAnswer)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed:
			open.Add(-1)
		default:
		}
	}
	server.Start()
	defer server.Close()
	client := dialing(t, server.URL)
	for range 2 {
		_, err := client.WithToken("another").Users.Get(t.Context(), "7")
		require.NoError(t, err)
		assert.Equal(t, int32(1), open.Load())
		client.Close()
		assert.Eventually(t, func() bool { return open.Load() == 0 }, 5*time.Second, time.Millisecond)
	}
}

// The transport speaks HTTP/2 and takes proxies from where net/http does.
func TestNewTransport(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 2, r.ProtoMajor)
		_, _ = io.WriteString(w, goodAnswer)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	transport := instagram.NewTransport()
	assert.Equal(t, 10*time.Second, transport.TLSHandshakeTimeout)
	assert.Equal(t, 30*time.Second, transport.ResponseHeaderTimeout)
	assert.Equal(t, 90*time.Second, transport.IdleConnTimeout)
	transport.TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	client := dialing(t, server.URL, instagram.WithHTTPClient(&http.Client{Transport: transport}))
	_, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)

	proxy, proxied := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "http://v1.example/v1/users/7", "http://"+r.Host+r.URL.Path)
		_, _ = io.WriteString(w, goodAnswer)
	})
	transport = instagram.NewTransport()
	require.NotNil(t, transport.Proxy)
	transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	client = dialing(t, "http://v1.example/v1", instagram.WithHTTPClient(&http.Client{Transport: transport}))
	_, err = client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	assert.Equal(t, int32(1), proxied.Load())
}

// What is wrong with TLS is so the next time too.
func TestBrokenTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	plain, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, goodAnswer) })
	proxied := instagram.NewTransport()
	proxied.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(server.URL) }

	untrusted := new(*tls.CertificateVerificationError)
	tests := map[string]struct {
		url  string
		opts []instagram.Option
		want func(error) bool
	}{
		"untrusted certificate": {server.URL, nil, func(err error) bool { return errors.As(err, untrusted) }},
		"untrusted proxy": {"http://v1.example", []instagram.Option{instagram.WithHTTPClient(&http.Client{Transport: proxied})},
			func(err error) bool { return errors.As(err, untrusted) }},
		"no TLS": {strings.Replace(plain.URL, "http:", "https:", 1), nil, func(err error) bool { return errors.Is(err, http.ErrSchemeMismatch) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client := dialing(t, tt.url, tt.opts...)
			for _, call := range []func(context.Context, *instagram.Client) error{retryCalls["GET"], retryCalls["comment"]} {
				err := call(t.Context(), client)
				assert.True(t, tt.want(err), "%v", err)
				assert.Equal(t, 1, attempts(t, err))
			}
		})
	}
}

// The user's client stays as it was, and is what is used.
func TestWithHTTPClientIsKept(t *testing.T) {
	var used int
	hc := &http.Client{Timeout: time.Minute, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		used++
		return good(r)
	})}
	client := dialing(t, "http://v1.example", instagram.WithHTTPClient(hc))
	_, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	assert.Equal(t, 1, used)
	assert.Nil(t, hc.CheckRedirect)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A server that falls silent is asked again after each attempt's time, and given up when the call's
// is over.
func TestTimeouts(t *testing.T) {
	silent := make(chan struct{})
	server, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/users/slow" {
			_, _ = io.WriteString(w, goodAnswer[:20])
			w.(http.Flusher).Flush()
		}
		<-silent
	})
	defer close(silent)
	header := instagram.NewTransport()
	header.ResponseHeaderTimeout = 150 * time.Millisecond
	tests := map[string]struct {
		opt  instagram.Option
		id   string
		want int32
	}{
		"header":               {instagram.WithHTTPClient(&http.Client{Transport: header}), "7", 3},
		"attempt, no header":   {instagram.WithHTTPClient(&http.Client{Transport: instagram.NewTransport(), Timeout: 150 * time.Millisecond}), "7", 3},
		"attempt, half a body": {instagram.WithHTTPClient(&http.Client{Transport: instagram.NewTransport(), Timeout: 150 * time.Millisecond}), "slow", 3},
		"call":                 {instagram.WithTimeout(150 * time.Millisecond), "7", 1},
		"call, half a body":    {instagram.WithTimeout(150 * time.Millisecond), "slow", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			requests.Store(0)
			_, err := dialing(t, server.URL, tt.opt).Users.Get(t.Context(), tt.id)
			var timeout net.Error
			require.ErrorAs(t, err, &timeout)
			assert.True(t, timeout.Timeout())
			assert.NotContains(t, err.Error(), testToken)
			assert.Equal(t, tt.want, requests.Load())
			assert.Equal(t, int(tt.want), attempts(t, err))
		})
	}
}

// A comment is sent again if no connection was made for it, by net/http too, and not once a server
// may have read it.
func TestCommentIsNotRepeated(t *testing.T) {
	comment := func(t *testing.T, c *instagram.Client) error {
		t.Helper()
		_, err := c.Comments.Create(t.Context(), "1", "hi")
		return err
	}
	t.Run("nobody listens", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		listener.Close()
		err = comment(t, dialing(t, "http://"+listener.Addr().String()))
		requireDialError(t, err)
		assert.Equal(t, 3, attempts(t, err))
	})
	t.Run("server closes instead of answering", func(t *testing.T) {
		server, requests := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		err := comment(t, dialing(t, server.URL))
		require.Error(t, err)
		assert.Equal(t, int32(1), requests.Load())
		assert.Equal(t, 1, attempts(t, err))
	})
	t.Run("kept connection, closed on the comment", func(t *testing.T) {
		server, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				panic(http.ErrAbortHandler)
			}
			_, _ = io.WriteString(w, goodAnswer)
		})
		client := dialing(t, server.URL)
		_, err := client.Users.Get(t.Context(), "7")
		require.NoError(t, err)
		err = comment(t, client)
		require.Error(t, err)
		assert.Equal(t, int32(2), requests.Load())
		assert.Equal(t, 1, attempts(t, err))
	})
	t.Run("kept connection, dead before the comment", func(t *testing.T) {
		server, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, goodAnswer) })
		transport := instagram.NewTransport()
		var connections []*dyingConn
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			connections = append(connections, &dyingConn{Conn: conn})
			return connections[len(connections)-1], err
		}
		client := dialing(t, server.URL, instagram.WithHTTPClient(&http.Client{Transport: transport}))
		_, err := client.Users.Get(t.Context(), "7")
		require.NoError(t, err)
		connections[0].dead.Store(true)
		require.NoError(t, comment(t, client))
		assert.Len(t, connections, 2)
		assert.Equal(t, int32(2), requests.Load())
	})
}

func requireDialError(t *testing.T, err error) {
	t.Helper()
	var op *net.OpError
	require.ErrorAs(t, err, &op)
	require.Equal(t, "dial", op.Op)
}

// dyingConn takes nothing that is written to it any more, once it is dead.
type dyingConn struct {
	net.Conn
	dead atomic.Bool
}

func (c *dyingConn) Write(p []byte) (int, error) {
	if !c.dead.Load() {
		return c.Conn.Write(p)
	}
	c.Conn.Close()
	return 0, &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}
}

// What servers and proxies are told of the client.
func TestRequestHeaders(t *testing.T) {
	server, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		assert.Regexp(t, `^igv1-instagram-go\b`, r.Header.Get("User-Agent"))
		assert.Equal(t, "gzip", r.Header.Get("Accept-Encoding"))
		_, _ = io.WriteString(w, goodAnswer)
	})
	client := dialing(t, server.URL)
	_, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	require.NoError(t, client.Likes.Like(t.Context(), "1"))
}

// The transport asks the environment for a proxy, as net/http does.
func TestProxyFromEnvironment(t *testing.T) {
	proxy, proxied := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, goodAnswer) })
	if os.Getenv("INSTAGRAM_TEST_PROXIED") == "" { // net/http reads the environment once a process
		t.Setenv("INSTAGRAM_TEST_PROXIED", "yes")
		t.Setenv("HTTP_PROXY", proxy.URL)
		out, err := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyFromEnvironment$").CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Equal(t, int32(1), proxied.Load())
		return
	}
	_, err := dialing(t, "http://v1.example/v1").Users.Get(t.Context(), "7")
	require.NoError(t, err)
}

// A caller's client stays as it is, whatever it lacks, and is used as it is.
func TestCallersClientIsCopied(t *testing.T) {
	before := http.DefaultTransport
	defer func() { http.DefaultTransport = before }()
	asked := 0
	http.DefaultTransport = roundTripper(func(r *http.Request) (*http.Response, error) {
		asked++
		return answer(302, "").HeaderSet(http.Header{"Location": {"https://elsewhere.example/"}})(r)
	})
	hc := &http.Client{}
	client := dialing(t, "http://v1.example/v1", instagram.WithHTTPClient(hc))
	_, err := client.Users.Get(t.Context(), "7")
	require.ErrorIs(t, err, instagram.ErrRedirect)
	assert.Equal(t, 1, asked, "the default transport serves a client without one")
	assert.Equal(t, http.Client{}, *hc)
}

// closeCounter is a body that counts how often it is closed.
type closeCounter struct {
	io.Reader
	closed *atomic.Int32
}

func (c closeCounter) Close() error { c.closed.Add(1); return nil }

// Every body is closed: of an answer that is read, and of a redirect that is not followed.
func TestBodiesAreClosed(t *testing.T) {
	for name, responder := range map[string]httpmock.Responder{
		"answer":           answer(200, goodAnswer),
		"error":            answer(400, `{"meta":{"code":400}}`),
		"no JSON":          answer(200, "<html>"),
		"redirect refused": answer(302, "see").HeaderSet(http.Header{"Location": {"https://elsewhere.example/"}}),
		"unknown status":   answer(101, "x"),
	} {
		t.Run(name, func(t *testing.T) {
			var opened, closed atomic.Int32
			client := dialing(t, "http://v1.example/v1", instagram.WithHTTPClient(&http.Client{
				Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					res, err := responder(r)
					opened.Add(1)
					res.Body = closeCounter{res.Body, &closed}
					return res, err
				}),
			}))
			_, _ = client.Users.Get(t.Context(), "7")
			assert.Equal(t, int32(1), opened.Load())
			assert.Positive(t, closed.Load())
		})
	}
}

// The memory of a large answer is used again for the next one.
func TestBodiesArePooled(t *testing.T) {
	large := goodAnswer + strings.Repeat(" ", 400<<10)
	client := dialing(t, "http://v1.example/v1", instagram.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: int64(len(large)), Body: io.NopCloser(strings.NewReader(large))}, nil
		}),
	}))
	const calls = 100
	before := allocated()
	for range calls {
		_, err := client.Users.Get(t.Context(), "7")
		require.NoError(t, err)
	}
	// The collector may empty the pool now and then, and the race detector does by chance.
	assert.Less(t, (allocated()-before)/calls, uint64(300<<10), "bytes a call")
}

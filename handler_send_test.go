package instagram_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/igv1/instagram"
)

// Every connection of this HTTP/2 server counts the requests that it is sent, and then says that it
// looked at none of them.
func serveGoAway(t *testing.T) (base string, transport *http.Transport, requests func(method string) int) {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // for its certificate
	certified.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: certified.TLS.Certificates, NextProtos: []string{"h2"},
	})
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	var mu sync.Mutex
	counts := map[string]int{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				refuseStreams(conn, func(method string) {
					mu.Lock()
					defer mu.Unlock()
					counts[method]++
				})
			}()
		}
	}()
	transport = instagram.NewTransport()
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	return "https://" + listener.Addr().String() + "/v1", transport, func(method string) int {
		mu.Lock()
		defer mu.Unlock()
		return counts[method]
	}
}

func refuseStreams(conn net.Conn, count func(method string)) {
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	_ = framer.WriteSettings()
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.MetaHeadersFrame:
			count(frame.PseudoValue("method"))
			_ = framer.WriteGoAway(0, http2.ErrCodeNo, nil)
		}
	}
}

// net/http sends again what an HTTP/2 server did not look at, without end. A call bounds it, and
// counts it.
func TestGoAwayIsBounded(t *testing.T) {
	base, transport, requests := serveGoAway(t)
	client := dialing(t, base, instagram.WithHTTPClient(&http.Client{Transport: transport, Timeout: 10 * time.Second}))
	_, err := client.Comments.Create(t.Context(), "1", "hi")
	require.Error(t, err)
	assert.LessOrEqual(t, requests("POST"), 3, "a comment goes out at most MaxAttempts times")
	assert.Equal(t, requests("POST"), attempts(t, err))

	_, err = client.Users.Get(t.Context(), "7")
	require.Error(t, err)
	// What was on its way when the bound was reached may still go out.
	assert.LessOrEqual(t, requests("GET"), 3+2)

	_, err = client.WithToken("another").Comments.Create(t.Context(), "1", "hi")
	require.Error(t, err)
	assert.LessOrEqual(t, requests("POST"), 6)
}

// A server that drops kept connections, each as soon as it is used again.
func TestDroppedConnectionsAreCounted(t *testing.T) {
	var requests atomic.Int32
	var dropping atomic.Bool
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for in := bufio.NewReader(conn); ; {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					requests.Add(1)
					if dropping.Load() {
						return
					}
					time.Sleep(20 * time.Millisecond) // so that each call has a connection of its own
					if raw("Content-Length: 56\n", goodAnswer)(conn); len(goodAnswer) != 56 {
						panic(len(goodAnswer))
					}
				}
			}()
		}
	}()
	client := dialing(t, "http://"+listener.Addr().String())
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := client.Users.Get(t.Context(), "7")
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	for _, kept := range []string{"20 kept connections", "some less"} {
		dropping.Store(true)
		requests.Store(0)
		_, err = client.Users.Get(t.Context(), "7")
		require.Error(t, err, kept)
		assert.Equal(t, int32(3), requests.Load(), kept)
		assert.Equal(t, 3, attempts(t, err), kept)
	}

	requests.Store(0)
	_, err = dialing(t, "http://"+listener.Addr().String(), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1})).Users.Get(t.Context(), "7")
	require.Error(t, err)
	assert.Equal(t, int32(1), requests.Load())
}

// An answer of 101 hands the connection over, past all deadlines of net/http.
func TestSwitchingProtocolsEndsTheCall(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	url, requests := serveRaw(t, func(w io.Writer) {
		_, _ = io.WriteString(w, "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n{")
		<-release
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := dialing(t, url).Users.Get(ctx, "7")
	require.ErrorIs(t, err, instagram.ErrInvalidResponse)
	assert.NoError(t, ctx.Err(), "the call ends by itself")
	assert.Equal(t, int32(1), requests.Load())
}

// stuckBody is the body of a transport that does not heed the context.
type stuckBody struct {
	once   sync.Once
	closed chan struct{}
}

func (b *stuckBody) Read([]byte) (int, error) {
	<-b.closed
	return 0, net.ErrClosed
}

func (b *stuckBody) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

func TestReadingABodyEndsWithTheContext(t *testing.T) {
	client := dialing(t, "https://v1.example/v1", instagram.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: -1, Body: &stuckBody{closed: make(chan struct{})}, Request: r}, nil
		}),
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.Users.Get(ctx, "7")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, 1, attempts(t, err))
}

// What a server sends beyond the end of its answer, in time or too late, is not written to the
// standard logger, and is no answer to the next request.
func TestSurplusIsDropped(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	poison := "HTTP/1.1 200 OK\r\nContent-Length: 56\r\n\r\n" + `{"meta":{"code":200},"data":{"id":"7","username":"eve"}}`
	for name, surplus := range map[string]string{"token": testToken, "an answer": poison} {
		for form, write := range map[string]func(io.Writer){
			"length": raw("Content-Length: 56\n", goodAnswer+surplus),
			"chunks": raw("Transfer-Encoding: chunked\n", "38\r\n"+goodAnswer+"\r\n0\r\n\r\n"+surplus),
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					conn, _, err := http.NewResponseController(w).Hijack()
					if assert.NoError(t, err) {
						write(conn)
						time.Sleep(100 * time.Millisecond)
						conn.Close()
					}
				}))
				defer server.Close()
				client := dialing(t, server.URL)
				for range 3 {
					user, err := client.Users.Get(t.Context(), "7")
					require.NoError(t, err)
					assert.Equal(t, "ada", user.Username)
					time.Sleep(30 * time.Millisecond)
				}
			})
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			raw("Content-Length: 56\n", goodAnswer)(conn)
			time.Sleep(20 * time.Millisecond)
			_, _ = io.WriteString(conn, testToken)
			time.Sleep(50 * time.Millisecond)
			conn.Close()
		}
	}))
	_, err := dialing(t, server.URL).Users.Get(t.Context(), "7")
	require.NoError(t, err)
	server.Close()
	assert.Empty(t, logged.String())
}

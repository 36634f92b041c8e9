package instagram_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

func signed256(body string) string {
	mac := hmac.New(sha256.New, []byte(testClientSecret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Of two signatures the stronger one counts.
func TestWebhookSignature256(t *testing.T) {
	good := signed256(oneUpdate)
	tests := map[string]struct {
		signature256, signature string
		want                    int
	}{
		"with its name":              {good, "", 200},
		"bare":                       {strings.TrimPrefix(good, "sha256="), "", 200},
		"capitals":                   {"sha256=" + strings.ToUpper(good[7:]), "", 200},
		"both":                       {good, signed(oneUpdate), 200},
		"both, SHA-1 wrong":          {good, signed("another"), 200},
		"both, SHA-256 wrong":        {signed256("another"), signed(oneUpdate), 403},
		"both, SHA-256 no signature": {"sha256=", signed(oneUpdate), 403},
		"of another body":            {signed256(oneUpdate + " "), "", 403},
		"too short":                  {good[:len(good)-2], "", 403},
		"too long":                   {good + "00", "", 403},
		"not hex":                    {"sha256=" + strings.Repeat("z", 64), "", 403},
		"the other hash":             {"sha1=" + signed(oneUpdate), "", 403},
		"the other header":           {"", good, 403},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			delivered := make(chan *instagram.Update, 1)
			hook := newWebhook(t, instagram.WebhookOptions{Updates: delivered})
			r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(oneUpdate))
			r.Header.Set("X-Hub-Signature-256", tt.signature256)
			r.Header.Set("X-Hub-Signature", tt.signature)
			w := httptest.NewRecorder()
			hook.ServeHTTP(w, r)
			assert.Equal(t, tt.want, w.Code)
			require.NoError(t, hook.Shutdown(t.Context()))
			assert.Len(t, delivered, map[bool]int{true: 1}[tt.want == 200])
		})
	}
}

// hookServer serves one connection, which is a pipe, in the bubble of a test.
func hookServer(t *testing.T, server *http.Server) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	listener := &onePipe{conn: theirs, closed: make(chan struct{})}
	go server.Serve(listener)
	t.Cleanup(func() {
		ours.Close()
		server.Close()
		synctest.Wait()
	})
	return ours
}

// opaque is a ResponseWriter as some middleware makes them: without a way to the connection.
type opaque struct{ http.ResponseWriter }

// Whoever withholds a body gets an answer all the same, and in time.
func TestWebhookBodyWithheld(t *testing.T) {
	const forever = 24 * time.Hour
	unsigned, sign := "", "X-Hub-Signature: "+signed(oneUpdate)+"\r\n"
	tests := map[string]struct {
		method, header string
		readTimeout    time.Duration
		opaque         bool
		headerTime     time.Duration // that the header takes to arrive
		want           int
		after          time.Duration // the start of the request
	}{
		"unsigned":                     {method: "POST", header: unsigned, want: 403},
		"unsigned, of unknown length":  {method: "POST", header: "Transfer-Encoding: chunked\r\n", want: 403},
		"unsigned, opaque":             {method: "POST", header: unsigned, opaque: true, want: 403},
		"unsigned, long ReadTimeout":   {method: "POST", header: unsigned, readTimeout: forever, want: 403},
		"another method":               {method: "PUT", header: unsigned, want: 405},
		"a verification with a body":   {method: "GET", header: unsigned, want: 400},
		"signed":                       {method: "POST", header: sign, want: 400, after: 10 * time.Second},
		"signed, opaque":               {method: "POST", header: sign, opaque: true, want: 400, after: 10 * time.Second},
		"signed, short ReadTimeout":    {method: "POST", header: sign, readTimeout: time.Second, want: 400, after: time.Second},
		"signed, slow header":          {method: "POST", header: sign, readTimeout: 11 * time.Second, headerTime: 9 * time.Second, want: 400, after: 11 * time.Second},
		"signed, 10 s of ReadTimeout":  {method: "POST", header: sign, readTimeout: 10 * time.Second, headerTime: 9 * time.Second, want: 400, after: 10 * time.Second},
		"signed, long ReadTimeout":     {method: "POST", header: sign, readTimeout: forever, want: 400, after: 10 * time.Second},
		"signed, opaque, long timeout": {method: "POST", header: sign, readTimeout: forever, opaque: true, want: 400, after: 10 * time.Second},
		"signed, negative ReadTimeout": {method: "POST", header: sign, readTimeout: -1, want: 400, after: 10 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hook := newWebhook(t, instagram.WebhookOptions{})
				conn := hookServer(t, &http.Server{ReadTimeout: tt.readTimeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if tt.opaque {
						w = opaque{w}
					}
					hook.ServeHTTP(w, r)
				})})
				start := time.Now()
				fmt.Fprintf(conn, "%s /callback HTTP/1.1\r\nHost: app\r\n%s", tt.method, tt.header)
				time.Sleep(tt.headerTime)
				if strings.Contains(tt.header, "chunked") {
					fmt.Fprint(conn, "\r\n1\r\n[\r\n")
				} else {
					fmt.Fprintf(conn, "Content-Length: %d\r\n\r\n[", len(oneUpdate))
				}
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				assert.Equal(t, tt.want, res.StatusCode)
				assert.Equal(t, tt.after, time.Since(start))
				assert.True(t, res.Close, "what is left of the body is no request")
			})
		})
	}
}

// With HTTP/2 one stream is refused, and the connection goes on.
func TestWebhookBodyWithheldHTTP2(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	connections := map[string]bool{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 2, r.ProtoMajor)
		connections[r.RemoteAddr] = true
		hook.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	for _, want := range []int{403, 405, 403} {
		body, never := io.Pipe()
		defer never.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		method := map[int]string{403: http.MethodPost, 405: http.MethodPut}[want]
		r, err := http.NewRequestWithContext(ctx, method, server.URL, body)
		require.NoError(t, err)
		res, err := server.Client().Do(r)
		require.NoError(t, err)
		res.Body.Close()
		assert.Equal(t, want, res.StatusCode)
	}
	assert.Len(t, connections, 1)
}

// A connection is used again after bodies that were read.
func TestWebhookKeepsConnections(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	connections := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		hook.ServeHTTP(w, r)
	}))
	defer server.Close()
	for i := range 5 {
		body := updateOf("snow", i+1)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("X-Hub-Signature", signed(body+strings.Repeat(" ", i%2))) // every second one is wrong
		res, err := server.Client().Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
		res.Body.Close()
		assert.Equal(t, []int{200, 403}[i%2], res.StatusCode)
	}
	assert.Len(t, connections, 1)
}

// Requests of strangers take as much memory as they send, whatever they announce.
func TestWebhookMemoryOfStrangers(t *testing.T) {
	const strangers = 300
	hook := newWebhook(t, instagram.WebhookOptions{})
	reading := sync.WaitGroup{}
	reading.Add(strangers)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &announced{ReadCloser: r.Body, read: reading.Done}
		hook.ServeHTTP(w, r)
	}))
	defer server.Close()
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	connections := make([]net.Conn, strangers)
	for i := range connections {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		connections[i] = conn
		fmt.Fprintf(conn, "POST /callback HTTP/1.1\r\nHost: app\r\nX-Hub-Signature: %s\r\nContent-Length: %d\r\n\r\n[",
			strings.Repeat("0", 40), 512<<10)
	}
	reading.Wait()
	runtime.GC()
	runtime.ReadMemStats(&during)
	each := (int64(during.HeapAlloc) - int64(before.HeapAlloc)) / strangers
	t.Logf("%d bytes for each of them", each)
	assert.Less(t, each, int64(64<<10))
	for _, conn := range connections {
		conn.Close()
	}
}

// announced tells when all is read that arrived.
type announced struct {
	io.ReadCloser
	read  func()
	reads int
}

func (a *announced) Read(p []byte) (int, error) {
	if a.reads++; a.reads == 2 {
		a.read()
	}
	return a.ReadCloser.Read(p)
}

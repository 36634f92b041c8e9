package instagram_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// serveRaw answers each request on a connection of its own, with what write makes of it, byte by
// byte.
func serveRaw(t *testing.T, write func(io.Writer)) (string, *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	var requests atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					requests.Add(1)
					write(conn)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String(), &requests
}

// raw is an answer of a header and a body, as they go over the wire.
func raw(header string, body string) func(io.Writer) {
	return func(w io.Writer) {
		_, _ = io.WriteString(w, "HTTP/1.1 200 OK\r\n"+strings.ReplaceAll(header, "\n", "\r\n")+"\r\n"+body)
	}
}

// endless writes over and over, until nobody reads any more.
func endless(start, again string) func(io.Writer) {
	return func(w io.Writer) {
		_, err := io.WriteString(w, start)
		for err == nil {
			_, err = io.WriteString(w, again)
		}
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

func inUTF16(s string) string {
	b := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

// sized is a header for a body as long as it says.
func sized(header, body string) func(io.Writer) {
	return raw(fmt.Sprintf("%sContent-Length: %d\n", header, len(body)), body)
}

// Whatever a server answers, it is an error or a value, soon, and in bounded memory.
func TestHostileAnswers(t *testing.T) {
	const limit = 256 << 10
	anything := errors.New("any error")
	member := func(value string) string {
		return `{"meta":{"code":200},"data":{"id":"7","counts":{"media":` + value + `}}}`
	}
	corrupt := gzipped(goodAnswer)
	corrupt = corrupt[:len(corrupt)-8] + "01234567"
	tests := map[string]struct {
		write    func(io.Writer)
		want     error // nil if there is nothing wrong with it
		requests int32
	}{
		"fine":                   {sized("", goodAnswer), nil, 1},
		"fine, gzip":             {sized("Content-Encoding: gzip\n", gzipped(goodAnswer)), nil, 1},
		"fine, labelled a PNG":   {sized("Content-Type: image/png\n", goodAnswer), nil, 1},
		"fine, no label":         {sized("", goodAnswer), nil, 1},
		"HTML, labelled JSON":    {sized("Content-Type: application/json\n", "<html></html>"), instagram.ErrInvalidResponse, 1},
		"Latin-1, labelled UTF8": {sized("Content-Type: application/json; charset=utf-8\n", strings.Replace(goodAnswer, "ada", "ad\xe0", 1)), nil, 1},
		"UTF-16":                 {sized("Content-Type: application/json; charset=utf-16\n", inUTF16(goodAnswer)), instagram.ErrInvalidResponse, 1},
		"UTF-16, labelled UTF-8": {sized("Content-Type: application/json; charset=utf-8\n", inUTF16(goodAnswer)), instagram.ErrInvalidResponse, 1},
		"UTF-8, labelled UTF-16": {sized("Content-Type: application/json; charset=utf-16\n", goodAnswer), nil, 1},

		"length over the limit": {raw("Content-Length: 262145\n", "x"), instagram.ErrBodyTooLarge, 1},
		"length of 8 EiB":       {raw("Content-Length: 9223372036854775807\n", "x"), instagram.ErrBodyTooLarge, 1},
		"length out of range":   {raw("Content-Length: 99999999999999999999\n", goodAnswer), anything, 3},
		"length negative":       {raw("Content-Length: -1\n", goodAnswer), anything, 3},
		"two lengths":           {raw("Content-Length: 5\nContent-Length: 50\n", goodAnswer), anything, 3},
		"length too long":       {raw("Content-Length: 1000\n", goodAnswer), io.ErrUnexpectedEOF, 3},
		"length too short":      {raw("Content-Length: 30\n", goodAnswer), io.ErrUnexpectedEOF, 3},
		"length 0":              {raw("Content-Length: 0\n", goodAnswer), instagram.ErrInvalidResponse, 1},
		"chunk breaks off":      {raw("Transfer-Encoding: chunked\n", "ff\r\n{"), io.ErrUnexpectedEOF, 3},
		"chunk of no length":    {raw("Transfer-Encoding: chunked\n", "zz\r\n{"), anything, 3},
		"endless body":          {endless("HTTP/1.1 200 OK\r\n\r\n", strings.Repeat(" ", 1000)), instagram.ErrBodyTooLarge, 1},
		"endless chunks":        {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"), anything, 1},
		"endless header":        {endless("HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 1000)+"\r\n"), anything, 3},
		"endless line":          {endless("HTTP/1.1 200 OK\r\nX-More: ", strings.Repeat("x", 1000)), anything, 3},
		"endless status line":   {endless("HTTP/1.1 200 ", strings.Repeat("x", 1000)), anything, 3},
		"endless trailer":       {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-More: "+strings.Repeat("x", 1000)+"\r\n"), anything, 3},
		"endless early hints":   {endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), anything, 3},
		"endless 100 Continue":  {endless("", "HTTP/1.1 100 Continue\r\n\r\n"), anything, 3},
		"endless chunk length":  {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0"), anything, 3},
		"endless chunk label":   {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "label=x;"), anything, 3},
		"labels of chunks":      {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;"+strings.Repeat("x", 1000)+"\r\n \r\n"), anything, 3},
		"two chunked":           {raw("Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n", "0\r\n\r\n"), anything, 3},
		"chunked and a length":  {raw("Transfer-Encoding: chunked\nContent-Length: 5\n", "0\r\n\r\n"), instagram.ErrInvalidResponse, 1},
		"not HTTP":              {func(w io.Writer) { _, _ = io.WriteString(w, "SSH-2.0-OpenSSH_9\r\n") }, anything, 3},
		"nothing":               {func(io.Writer) {}, io.ErrUnexpectedEOF, 3},
		"gzip bomb":             {sized("Content-Encoding: gzip\n", gzipped(strings.Repeat(" ", 16<<20))), instagram.ErrBodyTooLarge, 1},
		"gzip bomb in a 503":    {raw("Content-Encoding: gzip\n", gzipped(strings.Repeat(" ", 16<<20))), instagram.ErrBodyTooLarge, 1},
		"gzip bomb of members":  {sized("Content-Encoding: gzip\n", strings.Repeat(gzipped(strings.Repeat(" ", 16<<10)), 1000)), instagram.ErrBodyTooLarge, 1},
		"gzip of many members":  {sized("Content-Encoding: gzip\n", gzipped(goodAnswer[:20])+gzipped(goodAnswer[20:])), nil, 1},
		"gzip breaks off":       {sized("Content-Encoding: gzip\n", gzipped(goodAnswer)[:40]), io.ErrUnexpectedEOF, 3},
		"gzip with a wrong sum": {sized("Content-Encoding: gzip\n", corrupt), instagram.ErrInvalidResponse, 1},
		"gzip that is none":     {sized("Content-Encoding: gzip\n", goodAnswer), instagram.ErrInvalidResponse, 1},
		"an unknown encoding":   {sized("Content-Encoding: br\n", "\x0b\x05\x80"), instagram.ErrInvalidResponse, 1},
		"NaN":                   {sized("", member("NaN")), instagram.ErrInvalidResponse, 1},
		"Infinity":              {sized("", member("Infinity")), instagram.ErrInvalidResponse, 1},
		"NaN in a string":       {sized("", member(`"NaN"`)), instagram.ErrInvalidResponse, 1},
		"1e999":                 {sized("", member("1e999")), instagram.ErrInvalidResponse, 1},
		"many digits":           {sized("", member(strings.Repeat("9", limit-100))), instagram.ErrInvalidResponse, 1},
		"many brackets":         {sized("", strings.Repeat("[", limit)), instagram.ErrInvalidResponse, 0},
		"many braces inside":    {sized("", `{"meta":{"code":200},"data":{"id":"7","x":`+strings.Repeat(`{"a":`, 40_000)), instagram.ErrInvalidResponse, 0},
		"a member many times":   {sized("", `{"meta":{"code":200},"data":{"id":"7"`+strings.Repeat(`,"x":1`, 40_000)+"}}"), nil, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			url, requests := serveRaw(t, tt.write)
			client := dialing(t, url, instagram.WithMaxBodySize(limit), instagram.WithTimeout(10*time.Second))
			before := allocated()
			_, err := client.Users.Get(t.Context(), "7")
			assert.Less(t, (allocated()-before)>>20, uint64(16), "MiB allocated in all attempts together")
			if tt.want == nil {
				assert.NoError(t, err)
			} else if assert.Error(t, err) && !errors.Is(tt.want, anything) {
				assert.ErrorIs(t, err, tt.want)
			}
			if tt.requests > 0 {
				assert.Equal(t, tt.requests, requests.Load())
			}
			if err != nil {
				assert.Less(t, len(err.Error()), 2000)
				assert.NotContains(t, err.Error(), testToken)
				var failure *instagram.Error
				assert.ErrorAs(t, err, &failure)
			}
		})
	}
}

// allocated is how many bytes were ever allocated.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Redirects are followed where the token may go, and nowhere else.
func TestRedirects(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	get := func(t *testing.T, c *instagram.Client) error { _, err := c.Users.Get(t.Context(), "7"); return err }
	post := func(t *testing.T, c *instagram.Client) error { return c.Likes.Like(t.Context(), "7") }
	remove := func(t *testing.T, c *instagram.Client) error { return c.Likes.Unlike(t.Context(), "7") }
	tests := map[string]struct {
		call     func(*testing.T, *instagram.Client) error
		status   int
		to       func(n int32, from string) string
		requests int32 // 1 for a redirect that is refused
	}{
		"to another path":         {get, 302, func(n int32, from string) string { return from + "/again" }, 2},
		"a read, 308":             {get, 308, func(n int32, from string) string { return from + "/again" }, 2},
		"a write, 307":            {post, 307, func(n int32, from string) string { return from + "/again" }, 1},
		"a write, 308":            {post, 308, func(n int32, from string) string { return from + "/again" }, 1},
		"a deletion, 307":         {remove, 307, func(n int32, from string) string { return from + "/again" }, 1},
		"a deletion, 302":         {remove, 302, func(n int32, from string) string { return from + "/again" }, 1},
		"with a user":             {get, 302, func(n int32, from string) string { return strings.Replace(from, "//", "//ada:pw@", 1) + "/again" }, 1},
		"three times":             {get, 301, func(n int32, from string) string { return fmt.Sprint(from, "/", n) }, 4},
		"to another host":         {get, 302, func(int32, string) string { return other.URL }, 1},
		"a write to another host": {post, 307, func(int32, string) string { return other.URL }, 1},
		"to another port":         {get, 307, func(int32, string) string { return "http://127.0.0.1:1/" }, 1},
		"without a host":          {get, 302, func(int32, string) string { return "//other.example/v1" }, 1},
		"POST becomes GET":        {post, 302, func(n int32, from string) string { return from + "/again" }, 1},
		"POST becomes GET, 303":   {post, 303, func(n int32, from string) string { return from + "/again" }, 1},
		"to a file":               {get, 302, func(int32, string) string { return "file:///etc/passwd" }, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var server *httptest.Server
			var requests *atomic.Int32
			server, requests = serve(t, func(w http.ResponseWriter, r *http.Request) {
				assert.Empty(t, r.Header.Get("Referer"))
				n := requests.Load()
				if n >= tt.requests && tt.requests > 1 {
					_, _ = io.WriteString(w, goodAnswer)
					return
				}
				w.Header().Set("Location", tt.to(n, server.URL))
				w.WriteHeader(tt.status)
			})
			err := tt.call(t, dialing(t, server.URL))
			assert.Equal(t, tt.requests, requests.Load())
			if tt.requests > 1 {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, instagram.ErrRedirect)
				assert.NotContains(t, err.Error(), testToken)
				assert.Equal(t, 1, attempts(t, err))
			}
		})
	}
	assert.Zero(t, elsewhere.Load())

	t.Run("for ever", func(t *testing.T) {
		var server *httptest.Server
		var requests *atomic.Int32
		server, requests = serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fmt.Sprint(server.URL, "/", requests.Load()), http.StatusFound)
		})
		err := get(t, dialing(t, server.URL))
		require.ErrorIs(t, err, instagram.ErrRedirect)
		assert.Equal(t, int32(4), requests.Load())
	})
	t.Run("to nowhere", func(t *testing.T) {
		server, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://[?access_token="+r.FormValue("access_token"))
			w.WriteHeader(http.StatusFound)
		})
		err := get(t, dialing(t, server.URL))
		require.Error(t, err)
		assert.NotContains(t, err.Error(), testToken)
	})
	t.Run("away from https", func(t *testing.T) {
		var asked []string
		client := dialing(t, "https://v1.example/v1", instagram.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Scheme)
				return answer(302, "").HeaderSet(http.Header{"Location": {"http://v1.example/v1/users/7"}})(r)
			}),
		}))
		require.ErrorIs(t, get(t, client), instagram.ErrRedirect)
		assert.Equal(t, []string{"https"}, asked)
	})
	t.Run("to https and back", func(t *testing.T) {
		var asked []string
		client := dialing(t, "http://v1.example/v1", instagram.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Scheme)
				to := map[string]string{"http": "https", "https": "http"}[r.URL.Scheme] + "://v1.example/v1/users/7"
				return answer(302, "").HeaderSet(http.Header{"Location": {to}})(r)
			}),
		}))
		require.ErrorIs(t, get(t, client), instagram.ErrRedirect)
		assert.Equal(t, []string{"http", "https"}, asked)
	})
}

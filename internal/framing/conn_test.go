package framing_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/igv1/instagram/internal/framing"
	"github.com/stretchr/testify/assert"
)

// readConn is a connection that reads from a text.
type readConn struct {
	net.Conn
	in io.Reader
}

func (c readConn) Read(p []byte) (int, error)  { return c.in.Read(p) }
func (c readConn) Write(p []byte) (int, error) { return len(p), nil }

// In whatever pieces an answer comes, nothing behind it is read.
func TestConn(t *testing.T) {
	for name, answer := range map[string]string{
		"length":       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"lower case":   "HTTP/1.1 200 OK\ncontent-length:5\n\nhello",
		"length 0":     "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"no content":   "HTTP/1.1 204 No Content\r\n\r\n",
		"not modified": "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
		"continued":    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"early hints":  "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nh",
		"chunks":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n",
		"trailer":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n0\r\nX-Sum: 1\r\n\r\n",
	} {
		for _, surplus := range []string{"x", "\r\n", "HTTP/1.1 200 OK\r\n\r\n"} {
			for way, in := range map[string]io.Reader{
				"at once":      strings.NewReader(answer + surplus),
				"byte by byte": iotest.OneByteReader(strings.NewReader(answer + surplus)),
				"in halves":    iotest.HalfReader(strings.NewReader(answer + surplus)),
			} {
				t.Run(fmt.Sprintf("%s, %s, %q", name, way, surplus), func(t *testing.T) {
					conn := framing.Conn(readConn{in: in})
					_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n")
					got, err := io.ReadAll(conn)
					assert.NoError(t, err)
					assert.Equal(t, answer, string(got))
				})
			}
		}
	}
}

// What has no end of its own, or none that can be understood, is read to the end of the connection.
func TestConnToItsEnd(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\n\r\nhello",
		"HTTP/1.1 101 Switching Protocols\r\nContent-Length: 1\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello",
		"\x16\x03\x01 no HTTP at all",
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 200<<10),
		"",
	} {
		conn := framing.Conn(readConn{in: strings.NewReader(answer)})
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n")
		got, err := io.ReadAll(conn)
		assert.NoError(t, err)
		assert.Equal(t, answer, string(got))
	}
}

// One request after another is answered, until there is something that nobody asked for.
func TestConnIsKept(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	in, server := net.Pipe()
	defer in.Close()
	go func() {
		defer server.Close()
		request := make([]byte, 100)
		for range 3 {
			_, _ = server.Read(request)
			_, _ = io.WriteString(server, answer)
		}
		_, _ = io.WriteString(server, "surplus")
	}()
	conn := framing.Conn(in)
	buffer := make([]byte, len(answer))
	for range 3 {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n")
		_, err := io.ReadFull(conn, buffer)
		assert.NoError(t, err)
		assert.Equal(t, answer, string(buffer))
	}
	n, err := conn.Read(buffer)
	assert.Zero(t, n)
	assert.Equal(t, io.EOF, err)
}

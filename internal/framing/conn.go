// Package framing cuts off what a server of HTTP/1 sends beyond the end of its answer.
//
// Package net/http keeps such bytes. It writes them to the standard logger, where nobody expects
// what a server repeats of a request; or it takes them for the answer to the next request.
package framing

import (
	"io"
	"net"
	"sync"
)

// Conn returns conn as a connection that ends where the answer to the request before does, if the
// server sends more than that. The caller must write one request after another, each after the
// answer to the one before, as net/http does, and none with the method HEAD.
func Conn(conn net.Conn) net.Conn { return &watched{Conn: conn} }

type watched struct {
	net.Conn
	mu    sync.Mutex
	busy  bool // a request was written, and its answer is not over
	frame frame
}

func (c *watched) Write(p []byte) (int, error) {
	c.mu.Lock()
	if !c.busy {
		c.busy, c.frame = true, frame{}
	}
	c.mu.Unlock()
	return c.Conn.Write(p)
}

// Read says that the connection is at its end together with the last bytes of an answer that more
// follows on, so that nobody waits for another answer on it.
func (c *watched) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n == 0 {
		return n, err
	}
	if !c.busy {
		return 0, io.EOF
	}
	used, done := c.frame.read(p[:n])
	if done {
		c.busy = false
		if used < n {
			return used, io.EOF
		}
	}
	return n, err
}

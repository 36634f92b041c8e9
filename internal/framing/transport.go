package framing

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
)

// Transport has the connections of t be as [Conn] makes them, and returns t, which nobody may
// change any more. Those of https through a proxy are left as they are, because t makes them by
// itself.
func Transport(t *http.Transport) *http.Transport {
	dial := t.DialContext
	if dial == nil { // a browser dials by itself
		return t
	}
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return Conn(conn), nil
	}
	t.DialTLSContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		raw, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		config := &tls.Config{MinVersion: tls.VersionTLS12}
		if t.TLSClientConfig != nil {
			config = t.TLSClientConfig.Clone()
		}
		config.ServerName, config.NextProtos = host, []string{"h2", "http/1.1"}
		conn := tls.Client(raw, config)
		ctx, cancel := context.WithTimeout(ctx, t.TLSHandshakeTimeout)
		defer cancel()
		if err := conn.HandshakeContext(ctx); err != nil {
			raw.Close()
			return nil, err
		}
		if conn.ConnectionState().NegotiatedProtocol == "h2" {
			return conn, nil
		}
		return Conn(conn), nil
	}
	return t
}

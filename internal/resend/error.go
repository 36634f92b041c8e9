package resend

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
)

// Cause returns what a request without an answer failed with, less its URL. A request that may have
// reached the server is said to have done so by reached.
func Cause(ctx context.Context, err error, reached bool) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrLimit) {
		return cause
	}
	if withURL, ok := errors.AsType[*url.Error](err); ok {
		err = withURL.Err // its text holds the query, and so the token
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && !reached && (op.Op == "dial" || op.Op == "proxyconnect") {
		return NeverSent{err}
	}
	if errors.Is(err, io.EOF) { // to a caller, io.EOF is the end of a list
		err = io.ErrUnexpectedEOF
	}
	return err
}

// NeverSent marks the error of a request of which nothing reached the server, because no connection
// was made for it.
type NeverSent struct{ err error }

func (e NeverSent) Error() string { return e.err.Error() }

// Unwrap returns the error.
func (e NeverSent) Unwrap() error { return e.err }

// Package inbound reads the bodies of requests that a program gets, which may be too long, slow, or
// never arrive.
package inbound

import (
	"net/http"
	"reflect"
	"time"

	"github.com/igv1/instagram/internal/bounded"
)

// Timeout is the time for the body of a request. The server that sends updates gives up after 2 s.
const Timeout = 10 * time.Second

// A Body is the body of a request, of which it is not known that it ever arrives.
type Body struct {
	w       http.ResponseWriter
	r       *http.Request
	bounded bool // whether the connection ends a read in time
	whole   bool // whether all of it is read
}

// Prepare prepares for an answer that does not wait for the body. Without it, net/http would read
// what nobody has read, so that the connection can be used again, and would answer after that.
func Prepare(w http.ResponseWriter, r *http.Request) *Body {
	b := &Body{w: w, r: r, whole: r.ContentLength == 0}
	if b.whole {
		return b
	}
	if r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
	// A ReadTimeout counts from the start of the request. No deadline of here may come after it.
	var timeout time.Duration
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok {
		timeout = server.ReadTimeout
	}
	b.bounded = 0 < timeout && timeout <= Timeout ||
		timeout <= 0 && b.setReadDeadline(time.Now().Add(Timeout)) == nil
	return b
}

func (b *Body) setReadDeadline(at time.Time) error {
	return http.NewResponseController(unwrap(b.w)).SetReadDeadline(at)
}

// maxWrapped bounds the writers of middleware that are around that of net/http.
const maxWrapped = 20

// unwrap returns the writer that knows the connection, as far as it can be reached. Those of
// middleware often have no Unwrap, but embed the next one.
func unwrap(w http.ResponseWriter) http.ResponseWriter {
	for range maxWrapped {
		switch wrapper := w.(type) {
		case interface{ SetReadDeadline(at time.Time) error }:
			return w
		case interface{ Unwrap() http.ResponseWriter }:
			w = wrapper.Unwrap()
			continue
		}
		v := reflect.Indirect(reflect.ValueOf(w))
		if v.Kind() != reflect.Struct {
			return w
		}
		embedded, ok := v.Type().FieldByName("ResponseWriter")
		if !ok || len(embedded.Index) > 1 {
			return w
		}
		inner, ok := v.FieldByIndex(embedded.Index).Interface().(http.ResponseWriter)
		if !ok {
			return w
		}
		w = inner
	}
	return w
}

// Close has the connection end in time where the body is not read, and nothing else ends it. It is
// to be called before the handler returns: net/http then waits for what is left of the body.
func (b *Body) Close() {
	if !b.bounded && !b.whole && b.r.ProtoMajor == 1 {
		time.AfterFunc(Timeout, func() { _ = b.setReadDeadline(time.Now()) })
	}
}

// Read returns the body, in memory that grows with what arrives. One of more than limit bytes gives
// [bounded.ErrTooLarge].
func (b *Body) Read(limit int64) (body *bounded.Buffer, err error) {
	switch {
	case b.r.ContentLength > limit:
		return nil, bounded.TooLarge(limit)
	case b.bounded:
		body, err = bounded.Read(b.r.Body, -1, limit)
	default:
		body, err = b.readInTime(limit)
	}
	b.whole = err == nil
	if err == nil && b.r.ContentLength != 0 {
		b.w.Header().Del("Connection") // all of it is read
	}
	return body, err
}

// readInTime is Read where the connection has no deadline, or a later one.
func (b *Body) readInTime(limit int64) (*bounded.Buffer, error) {
	type result struct {
		body *bounded.Buffer
		err  error
	}
	done := make(chan result, 1)
	go func() {
		body, err := bounded.Read(b.r.Body, -1, limit)
		done <- result{body, err}
	}()
	timer := time.NewTimer(Timeout)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.body, r.err
	case <-timer.C:
	}
	// Where this is not possible, net/http ends the read after the answer.
	if err := b.setReadDeadline(time.Now()); err != nil {
		return nil, err
	}
	r := <-done
	return r.body, r.err
}

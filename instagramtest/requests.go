package instagramtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/igv1/instagram/instagramtest/internal/answers"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// Request is a call that the server has answered.
type Request struct {
	Method string     `json:"method"` // as it was sent
	Path   string     `json:"path"`   // as it was sent, escaped, without the query
	Params url.Values `json:"params"` // of query and form together; the values of secrets are [Masked]
	Status int        `json:"status"` // of the answer; 0 if there was none
	Failed bool       `json:"failed"` // a fault spoiled or replaced the answer; see [Server.Fail]
}

// Masked stands in a [Request] for the value of every access token, client secret, signature and
// code.
const Masked = answers.Masked

// The log holds no more requests than this, and no more bytes of them: the oldest go first.
const (
	maxRequests     = 10_000
	maxRequestBytes = 16 << 20
)

// requestLog remembers the latest requests, oldest first.
type requestLog struct {
	mu       sync.Mutex
	requests []Request
	sizes    []int // of each, in bytes
	bytes    int   // what the requests hold together
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := r.bytes()
	l.requests, l.sizes = append(l.requests, r), append(l.sizes, size)
	l.bytes += size
	for len(l.requests) > maxRequests || l.bytes > maxRequestBytes && len(l.requests) > 1 {
		l.bytes -= l.sizes[0]
		l.requests[0] = Request{} // its memory is free before the list is copied
		l.requests, l.sizes = l.requests[1:], l.sizes[1:]
	}
}

// bytes is about how much memory a request takes.
func (r *Request) bytes() int {
	const each = 64 // of a parameter, beside its name and its values
	n := len(r.Method) + len(r.Path) + 128
	for name, values := range r.Params {
		n += len(name) + each
		for _, v := range values {
			n += len(v) + each
		}
	}
	return n
}

func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests, l.sizes, l.bytes = nil, nil, 0
}

// list is a copy, oldest first, with the secrets masked. Masking waits until somebody looks, as few
// ever do.
func (l *requestLog) list() []Request {
	l.mu.Lock()
	list := slices.Clone(l.requests)
	l.mu.Unlock()
	for i := range list {
		list[i].Params = answers.MaskParams(list[i].Params)
	}
	return list
}

// recorder files a request in the log when its answer begins, so that whoever has the answer finds
// the request there. The answer goes into the draft, if there is one.
type recorder struct {
	http.ResponseWriter
	Request
	log   *requestLog
	draft *answers.Draft
	user  *world.User // who called, nil if nobody did
	filed bool
}

func (r *recorder) file(status int) {
	if !r.filed {
		r.filed, r.Status = true, status
		r.log.add(r.Request)
	}
}

func (r *recorder) WriteHeader(status int) {
	r.file(status)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.file(http.StatusOK)
	if r.draft != nil {
		r.draft.Write(b) //nolint:errcheck // it never fails
	}
	return r.ResponseWriter.Write(b)
}

// finish writes a whole body, which nobody may change from then on.
func (r *recorder) finish(b []byte) {
	r.file(http.StatusOK)
	if r.draft != nil {
		r.draft.Keep(b)
	}
	r.ResponseWriter.Write(b) //nolint:errcheck // a client that has gone away needs no answer
}

// room is memory for a body.
func (r *recorder) room() []byte {
	if r.draft == nil {
		return nil
	}
	return r.draft.Room()
}

// Unwrap lets [http.ResponseController] reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// end files the answer, now that it is sent, for people to look at. Of pictures there are too many.
func (r *recorder) end(latest *answers.Log) {
	r.file(0)
	kind := r.Header().Get("Content-Type")
	if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "video/") {
		return
	}
	a := &r.draft.Answer
	a.Method, a.Path, a.Params, a.Status, a.Failed = r.Method, r.Path, r.Params, r.Status, r.Failed
	r.draft.KeepHeader(r.Header())
	latest.End(r.draft)
}

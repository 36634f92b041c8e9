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

// maxRequests bounds the log; the oldest go first.
const maxRequests = 10_000

// requestLog remembers the latest requests in a ring.
type requestLog struct {
	mu    sync.Mutex
	ring  []Request
	start int
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < maxRequests {
		l.ring = append(l.ring, r)
		return
	}
	l.ring[l.start] = r
	l.start = (l.start + 1) % maxRequests
}

func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.start = nil, 0
}

// list is a copy, oldest first, with the secrets masked. Masking waits until somebody looks, as few
// ever do.
func (l *requestLog) list() []Request {
	l.mu.Lock()
	list := slices.Concat(l.ring[l.start:], l.ring[:l.start])
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
	a.Header = r.Header().Clone()
	latest.End(r.draft)
}

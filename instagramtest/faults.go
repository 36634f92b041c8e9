package instagramtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/paths"
)

// Fault is what goes wrong with a call. The fields add up: an answer can come late, with the wrong
// status, and be cut off as well. See [Server.Fail].
type Fault struct {
	// Effect says whether the call takes effect. By default it does if the fault spoils the
	// server's own answer, and does not if the fault has an answer of its own (Status,
	// RedirectOrigin, Bomb, Endless) or none (Drop).
	Effect Effect `json:"effect,omitempty"`

	// Delay is the time that passes before anything of the answer is sent. It is real time, not the
	// server's clock.
	Delay time.Duration `json:"-"`

	// Status answers in place of the server, with Body or else a body in the given Form.
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
	Form   Form   `json:"form,omitempty"`
	// Header is put on the answer over what is there; an empty value removes a header. A
	// Content-Length is sent as it is given here, true or not.
	Header map[string]string `json:"header,omitempty"`

	// RedirectOrigin redirects the call to another scheme and host, as in http://other.example. The
	// path and the query stay, the access token among them. The status is 302 unless Status says
	// otherwise.
	RedirectOrigin string `json:"redirect_origin,omitempty"`
	// NextOrigin is the scheme and host that next_url names instead of the server's.
	NextOrigin string `json:"next_origin,omitempty"`
	// NextLoops makes every page after the first name itself as the next one.
	NextLoops bool `json:"next_loops,omitempty"`

	// Malformed ends the body half-way, with a Content-Length that fits: no JSON.
	Malformed bool `json:"malformed,omitempty"`
	// Cut ends the connection before the answer is complete. CutAt is how many bytes of the body
	// are sent before: by default half of them, none if it is negative.
	Cut   Cut `json:"cut,omitempty"`
	CutAt int `json:"cut_at,omitempty"`
	// BytesPerSecond is how slowly the body drips.
	BytesPerSecond int `json:"bytes_per_second,omitempty"`
	// Bomb answers with a small gzip stream of JSON that unpacks to this many bytes.
	Bomb int64 `json:"bomb,omitempty"`
	// Endless makes the header or the body go on until the client hangs up.
	Endless Endless `json:"endless,omitempty"`
}

// Effect says whether a call with a [Fault] takes effect.
type Effect string

const (
	// Before is a fault that happens before the call takes effect: nothing is liked, posted or
	// counted. A read is answered all the same, if it is the answer that the fault spoils; a write
	// is answered as if it had worked.
	Before Effect = "before"
	// After is a fault that happens after the call took effect: what was written is there, and its
	// answer is lost.
	After Effect = "after"
)

// Form is the kind of body that a [Fault] with a status of its own has. With the status 429 or 420,
// Meta and Bare come with X-Ratelimit-Remaining: 0, and a client that heeds it ends such a call at
// once. To see it repeated, set Retry-After in the Header, or use HTML.
type Form string

// The forms of a body.
const (
	HTML  Form = "html"  // a page, as gateways in front of the API send it; the default
	Meta  Form = "meta"  // an error of the API, with its meta object
	Bare  Form = "bare"  // an error of the API without the meta object, as rate limits come
	Empty Form = "empty" // nothing
)

// Cut is a way for a connection to end before its time.
type Cut string

const (
	// Drop closes the connection without an answer. Note that net/http repeats a GET by itself if
	// that happens to a connection that it has used before.
	Drop Cut = "drop"
	// Truncate closes the connection in the middle of a body whose Content-Length says more.
	Truncate Cut = "truncate"
	// Abort resets the connection (RST) in the middle of the body.
	Abort Cut = "abort"
)

// Endless is a part of an answer that never ends.
type Endless string

// The parts that may be endless.
const (
	EndlessHeader Endless = "header" // one header line after the other
	EndlessBody   Endless = "body"   // a JSON string that has no end
)

func (f *Fault) check() error {
	switch empty := (&Fault{Effect: f.Effect}); {
	case f.Effect != Before && reflect.DeepEqual(f, empty):
		return errors.New("an empty fault does nothing: set a Status, a Cut, a Delay or another of its fields")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("a fault cannot have the status %d", f.Status)
	case f.Delay < 0 || f.BytesPerSecond < 0 || f.Bomb < 0:
		return errors.New("the delay, the bytes per second and the bomb of a fault cannot be negative")
	case f.Body != "" && f.Status == 0:
		return errors.New("a fault with a body needs a status")
	case !slices.Contains([]Effect{"", Before, After}, f.Effect):
		return fmt.Errorf("a fault cannot take effect %q", f.Effect)
	case !slices.Contains([]Form{"", HTML, Meta, Bare, Empty}, f.Form):
		return fmt.Errorf("a fault cannot have the form %q", f.Form)
	case !slices.Contains([]Cut{"", Drop, Truncate, Abort}, f.Cut):
		return fmt.Errorf("a fault cannot cut by %q", f.Cut)
	case !slices.Contains([]Endless{"", EndlessHeader, EndlessBody}, f.Endless):
		return fmt.Errorf("a fault cannot be endless in its %q", f.Endless)
	}
	for _, origin := range []string{f.RedirectOrigin, f.NextOrigin} {
		if u, err := url.Parse(origin); origin != "" && (err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.RawQuery != "") {
			return fmt.Errorf("%q is not a scheme and a host", origin)
		}
	}
	for name, value := range f.Header {
		if strings.ContainsAny(name+value, "\r\n") {
			return fmt.Errorf("the header %q of a fault has more than one line", name)
		}
	}
	return nil
}

// Fail makes the next n calls of an endpoint go wrong, or all of them until [Server.ClearFaults] if
// n is negative.
//
// The endpoint is a method and a path, as in "POST /media/{media-id}/comments": {…} stands for any
// one segment, and a path that ends in a slash for everything below it. Without a method it is
// every method. Paths are those under /v1 or, as /oauth/access_token, beside it. When several
// faults fit a call, the earliest of them happens. An endpoint or a fault that makes no
// sense is a mistake in the test, and Fail panics.
func (s *Server) Fail(endpoint string, f Fault, n int) {
	if err := s.faults.add(endpoint, f, n, 1); err != nil {
		panic("instagramtest: " + err.Error())
	}
}

// FailShare makes a share of the calls of an endpoint go wrong, 0.1 for every tenth on average,
// until [Server.ClearFaults]. Which ones is decided by the seed of the server and the order in
// which the calls come in.
func (s *Server) FailShare(endpoint string, f Fault, share float64) {
	if err := s.faults.add(endpoint, f, -1, share); err != nil {
		panic("instagramtest: " + err.Error())
	}
}

// PendingFault is a fault that has not happened as often as it was to, or at all.
type PendingFault struct {
	Endpoint string  // as it was given to [Server.Fail]
	Calls    int     // how many more calls go wrong, -1 for all
	Share    float64 // of the calls that go wrong, 1 for each
	Fault    Fault
}

// PendingFaults are the faults that are still to happen, in the order in which they were added. A
// test that looks here at its end finds out about faults that no call has met.
func (s *Server) PendingFaults() []PendingFault { return s.faults.list() }

// ClearFaults ends all faults that are still to come.
func (s *Server) ClearFaults() { s.faults.clear() }

// faults are what is to go wrong, and the calls that are going wrong now.
type faults struct {
	seed  int64
	armed atomic.Bool // whether there are rules; most servers have none
	mu    sync.Mutex
	rules []*faultRule
	added uint64 // rules so far

	running sync.WaitGroup
	closing context.Context // ends the calls that are going wrong
	cancel  context.CancelFunc
}

type faultRule struct {
	target
	endpoint string // as it was given

	fault Fault
	left  int // counts down; negative, it never gets to 0
	share float64
	rng   *rand.Rand
}

func newFaults(seed int64) *faults {
	f := &faults{seed: seed}
	f.closing, f.cancel = context.WithCancel(context.Background())
	return f
}

func (fs *faults) add(endpoint string, f Fault, n int, share float64) error {
	if !(share > 0 && share <= 1) {
		return fmt.Errorf("%g is not a share of the calls", share)
	}
	t, err := readTarget(endpoint)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	r := &faultRule{target: t, endpoint: endpoint, fault: f, left: n, share: share}

	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.added++
	r.rng = rand.New(rand.NewPCG(uint64(fs.seed), fs.added))
	if n != 0 {
		fs.rules = append(fs.rules, r)
		fs.armed.Store(true)
	}
	return nil
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.rules, fs.added = nil, 0
	fs.armed.Store(false)
}

// close ends the calls that are going wrong, and lets no more go wrong.
func (fs *faults) close() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.cancel()
}

// list is what is still to go wrong.
func (fs *faults) list() []PendingFault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := make([]PendingFault, 0, len(fs.rules))
	for _, r := range fs.rules {
		list = append(list, PendingFault{Endpoint: r.endpoint, Calls: max(r.left, -1), Share: r.share, Fault: r.fault})
	}
	return list
}

// next is the fault for a call, nil for none. Who gets one calls running.Done when it is over.
func (fs *faults) next(r *http.Request) *Fault {
	if !fs.armed.Load() {
		return nil
	}
	method := r.Method
	if p := params.Peek(r); p.Values != nil {
		method = params.Method(r, p)
	}
	segments := paths.Split(paths.TrimPath(paths.WithoutVersion(r.URL.EscapedPath())))
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.closing.Err() != nil {
		return nil
	}
	for i, rule := range fs.rules {
		if !rule.matches(method, segments) || rule.share < 1 && rule.rng.Float64() >= rule.share {
			continue
		}
		if rule.left--; rule.left == 0 {
			fs.rules = slices.Delete(fs.rules, i, i+1)
			fs.armed.Store(len(fs.rules) > 0)
		}
		fs.running.Add(1)
		f := rule.fault
		return &f
	}
	return nil
}

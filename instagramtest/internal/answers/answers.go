// Package answers keeps the latest requests with their answers, for people to look at.
package answers

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

const (
	// Kept is how many answers there are at most; the oldest go first.
	Kept = 100
	// MaxBody is how much of a body is kept.
	MaxBody = 128 << 10
)

// Answer is a request and what it was answered.
type Answer struct {
	ID           uint64      `json:"id"` // counts the answers
	Time         time.Time   `json:"time"`
	Milliseconds float64     `json:"milliseconds"` // that it took
	Method       string      `json:"method"`
	Path         string      `json:"path"` // as it was sent, escaped, without the query
	Status       int         `json:"status"`
	Failed       bool        `json:"failed"` // by a fault
	Params       url.Values  `json:"params,omitempty"`
	Header       http.Header `json:"header,omitempty"`
	Body         string      `json:"body,omitempty"`
	Cut          bool        `json:"cut,omitempty"` // there was more of the body than is kept
}

// Draft is an answer that is being sent. Its body is what is written to it.
type Draft struct {
	Answer
	header []field
	body   []byte
}

type field struct {
	name   string
	values []string
}

// KeepHeader takes the header as it is. What it holds is copied when somebody looks, as few ever do.
func (d *Draft) KeepHeader(header http.Header) {
	for name, values := range header {
		d.header = append(d.header, field{name, values})
	}
}

// Write keeps what there is room for. It never fails.
func (d *Draft) Write(b []byte) (int, error) {
	room := MaxBody - len(d.body)
	d.Cut = d.Cut || len(b) > room
	d.body = append(d.body, b[:min(len(b), room)]...)
	return len(b), nil
}

// Room is memory for a body, to be given to Keep. It is that of an answer that has gone.
func (d *Draft) Room() []byte { return d.body[:0] }

// Keep takes a whole body, which nobody may change from then on.
func (d *Draft) Keep(body []byte) {
	if cap(body) > 2*MaxBody {
		d.Write(body) //nolint:errcheck // it never fails
		return
	}
	d.Cut = len(body) > MaxBody
	d.body = body[:min(len(body), MaxBody)]
}

// Log is the latest answers. The zero value is empty and ready. It may be used by several
// goroutines at once; a Draft, by one.
type Log struct {
	mu       sync.Mutex
	last     uint64
	kept     []*Draft // oldest first
	spare    *Draft   // the one that went last, whose memory the next one takes
	watchers map[chan struct{}]struct{}
}

// Begin is a draft to be given to End.
func (l *Log) Begin() *Draft {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.spare
	if l.spare = nil; d == nil {
		return &Draft{Answer: Answer{Time: time.Now()}}
	}
	*d = Draft{Answer: Answer{Time: time.Now()}, header: d.header[:0], body: d.body[:0]}
	return d
}

// End files a draft, and tells those who watch. The log has it from then on.
func (l *Log) End(d *Draft) {
	d.Milliseconds = float64(time.Since(d.Time).Microseconds()) / 1000
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	d.ID = l.last
	if len(l.kept) == Kept {
		l.spare = l.kept[0]
		l.kept = append(l.kept[:0], l.kept[1:]...)
	}
	l.kept = append(l.kept, d)
	for told := range l.watchers {
		select {
		case told <- struct{}{}:
		default: // it has been told, and has not looked yet
		}
	}
}

// Get is an answer by its ID, if it is still kept.
func (l *Log) Get(id uint64) (Answer, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.kept {
		if d.ID == id {
			a := d.Answer
			a.Header = make(http.Header, len(d.header))
			for _, f := range d.header {
				a.Header[f.name] = slices.Clone(f.values)
			}
			a.Body = string(d.body)
			return a, true
		}
	}
	return Answer{}, false
}

// After is what came after the answer with an ID and is still kept, oldest first, without
// parameters, headers and bodies.
func (l *Log) After(id uint64) []Answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []Answer
	for _, d := range l.kept {
		if d.ID > id {
			a := d.Answer
			a.Params = nil
			list = append(list, a)
		}
	}
	return list
}

// Watch gives a channel that tells of new answers, until stop is called.
func (l *Log) Watch() (told <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watchers == nil {
		l.watchers = map[chan struct{}]struct{}{}
	}
	l.watchers[c] = struct{}{}
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.watchers, c)
	}
}

// Clear forgets the answers. The count goes on, so those who watch see what comes.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = slices.Delete(l.kept, 0, len(l.kept))
}

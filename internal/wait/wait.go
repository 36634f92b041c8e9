// Package wait has pauses: how long they are, and waiting for their end.
package wait

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// For waits for d, or until it is woken, or returns the error of the context if that ends first.
func For(ctx context.Context, d time.Duration, wake <-chan struct{}) (woken bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return false, nil
	case <-wake:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// Longest is what an absurd wish of a server is taken for.
const Longest = 24 * time.Hour

// Asked returns how long a server asks to wait in the header Retry-After: in seconds or as an HTTP
// date, which is taken by the clock of the server. It is 0 for a server that does not ask.
func Asked(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if value == "" {
		return 0
	}
	// ParseUint makes the highest number of one that is out of range.
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(Longest.Seconds()))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(0, at.Sub(now)), Longest)
}

// Backoff returns the pause after a number of attempts, and whether to make it: not if the server
// asks for a longer one than most. Before the second attempt it is at most base, and then twice as
// much each time. All of it is jitter, so that clients that failed together do not come back
// together.
func Backoff(base, most time.Duration, attempts int, asked time.Duration) (time.Duration, bool) {
	bound := min(base, most)
	for i := 1; i < attempts && bound < most; i++ {
		bound = min(2*bound, most)
	}
	return min(asked+rand.N(bound), most), asked <= most
}

// A Stock holds repetitions, so that a broken server does not get a multiple of its load. It is
// safe for concurrent use.
type Stock struct {
	mu   sync.Mutex
	held int64 // in fifths of a repetition
	most int64
}

// perRepetition is how many answers put one repetition back into a stock.
const perRepetition = 5

// NewStock returns a full stock.
func NewStock(repetitions int) *Stock {
	full := perRepetition * int64(repetitions)
	return &Stock{held: full, most: full}
}

// Take takes a repetition out, if there is one.
func (s *Stock) Take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held < perRepetition {
		return false
	}
	s.held -= perRepetition
	return true
}

// Earn puts a fifth of a repetition back, for an answer.
func (s *Stock) Earn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = min(s.held+1, s.most)
}

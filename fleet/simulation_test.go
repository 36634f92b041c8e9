package fleet

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

var (
	whole = flag.Bool("whole", false, "simulate 1,000 workers and 10,000 tokens, for minutes")
	svg   = flag.String("svg", "", "the file for the plot of the simulation")
)

// A simulation is a fleet that makes as many calls as it may: the real limiter, on the clock of the
// test, with a store that takes its time.
type simulation struct {
	workers, tokens, limit int
	hours                  int

	store *memory
	start time.Time

	mu      sync.Mutex
	made    []slidingHour // of each token
	refused int
	perMin  []int // calls
	crashed int
}

// A slidingHour counts as the API does.
type slidingHour struct {
	at    []time.Duration
	n     []int
	total int
}

func (h *slidingHour) take(now time.Duration, limit int) (remaining int, ok bool) {
	for len(h.at) > 0 && h.at[0] <= now-time.Hour {
		h.total -= h.n[0]
		h.at, h.n = h.at[1:], h.n[1:]
	}
	if h.total >= limit {
		return 0, false
	}
	h.total++
	if last := len(h.at) - 1; last >= 0 && h.at[last] == now {
		h.n[last]++
	} else {
		h.at, h.n = append(h.at, now), append(h.n, 1)
	}
	return limit - h.total, true
}

// What a worker of the simulation is like.
const (
	atATime  = 10                     // calls under way
	slowest  = 800 * time.Millisecond // of an answer; the mean is half of it
	lookedAt = 4                      // tokens, before one is chosen
)

func (s *simulation) call(token int) instagram.LimiterAnswer {
	now := time.Since(s.start)
	s.mu.Lock()
	defer s.mu.Unlock()
	remaining, ok := s.made[token].take(now, s.limit)
	if !ok {
		s.refused++
	}
	s.perMin[min(int(now/time.Minute), len(s.perMin)-1)]++
	return instagram.LimiterAnswer{Refused: !ok, RateLimit: instagram.RateLimit{Limit: s.limit, Remaining: remaining}}
}

// work makes calls until ctx ends. A worker that crashes tells nobody.
func (s *simulation) work(ctx context.Context) {
	l := newLimiter(s.store, Limits{FailFast: true}.withDefaults())
	defer func() { _ = l.Close(context.Background()) }() // of the latest one
	for ctx.Err() == nil {
		token, wait := s.choose(ctx, l)
		if token < 0 {
			if sleep(ctx, ctx, wait) != nil {
				return
			}
			continue
		}
		for range 5 {
			if s.batch(ctx, l, token) == 0 {
				break
			}
			if rand.IntN(2500) == 0 { // with a block in its hands
				l = s.crash(l)
			}
		}
	}
}

// crash ends a worker without a word, and starts another one.
func (s *simulation) crash(l *Limiter) *Limiter {
	s.mu.Lock()
	s.crashed++
	s.mu.Unlock()
	l.stop()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	time.Sleep(10 * time.Second)
	return newLimiter(s.store, Limits{FailFast: true}.withDefaults())
}

// choose takes the best of a few tokens, as the workers of a harvest do.
func (s *simulation) choose(ctx context.Context, l *Limiter) (token int, wait time.Duration) {
	token, wait = -1, 30*time.Second
	most := 0
	for range lookedAt {
		candidate := rand.IntN(s.tokens)
		b, err := l.Budget(ctx, fmt.Sprint(candidate))
		if err != nil {
			return -1, time.Second
		}
		if b.Left > most {
			token, most = candidate, b.Left
		}
		wait = min(wait, max(time.Until(b.Free), time.Second))
	}
	return token, wait
}

// batch makes some calls at the same time.
func (s *simulation) batch(ctx context.Context, l *Limiter, token int) (n int) {
	request := read(fmt.Sprint(token))
	for n < atATime && l.Wait(ctx, request) == nil {
		n++
	}
	if n == 0 {
		return 0
	}
	took := rand.N(slowest)
	time.Sleep(took / 2)
	answers := make([]instagram.LimiterAnswer, n)
	for i := range answers {
		answers[i] = s.call(token)
	}
	time.Sleep(took / 2)
	for _, answer := range answers {
		l.Observe(request, answer)
	}
	return n
}

// The fleet uses what it may and nothing more, while workers crash, and while NATS is away for five
// minutes.
func TestSimulation(t *testing.T) {
	s := &simulation{workers: 60, tokens: 300, limit: 500, hours: 2}
	if *whole {
		s = &simulation{workers: 1000, tokens: 10_000, limit: 500, hours: 2}
	}
	var perMinMessages []int
	synctest.Test(t, func(t *testing.T) {
		s.store, s.start = newMemory(), time.Now()
		s.made, s.perMin = make([]slidingHour, s.tokens), make([]int, s.hours*60)
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(s.hours)*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		for range s.workers {
			all.Go(func() {
				time.Sleep(rand.N(10 * time.Second))
				s.work(ctx)
			})
		}
		all.Go(func() {
			before := 0
			for minute := range s.hours * 60 {
				time.Sleep(time.Minute)
				s.store.mu.Lock()
				perMinMessages = append(perMinMessages, s.store.messages-before)
				before = s.store.messages
				switch minute {
				case 61:
					s.store.away = errors.New("NATS is away")
				case 66:
					s.store.away = nil
				}
				s.store.mu.Unlock()
			}
		})
		all.Wait()
	})
	made, messages := 0, 0
	for i := range s.perMin {
		made += s.perMin[i]
		messages += perMinMessages[i]
	}
	allowed := s.tokens * s.limit * s.hours
	largest := 0
	for _, e := range s.store.entries {
		largest = max(largest, len(e.value))
	}
	t.Logf("%d workers, %d tokens, %d hours: %d calls, %.1f %% of what is allowed; %d refused; %d crashes; %d messages to NATS, one for %.1f calls; records of up to %d bytes",
		s.workers, s.tokens, s.hours, made, 100*float64(made)/float64(allowed), s.refused, s.crashed, messages, float64(made)/float64(messages), largest)
	assert.Zero(t, s.refused)
	assert.Greater(t, float64(made), 0.9*float64(allowed))
	assert.Positive(t, s.crashed)
	if *svg != "" {
		require.NoError(t, os.WriteFile(*svg, plot(s, perMinMessages), 0o644))
	}
}

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
	fleetSize = flag.Int("workers", 0, "simulate so many workers, with ten tokens of 5,000 calls each; 100 take 100 seconds, 1,000 half an hour and 2 GB")
	svg       = flag.String("svg", "", "the file for the plot of the simulation")
)

// A simulation is a fleet that makes as many calls as it may: the real limiter, on the clock of the
// test, with a store that takes its time.
type simulation struct {
	workers, tokens, limit int
	lasts                  time.Duration

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

// take counts n calls, and returns how many of them were made, and what is left then.
func (h *slidingHour) take(now time.Duration, n, limit int) (made, remaining int) {
	for len(h.at) > 0 && h.at[0] <= now-time.Hour {
		h.total -= h.n[0]
		h.at, h.n = h.at[1:], h.n[1:]
	}
	made = min(n, limit-h.total)
	h.total += made
	h.at, h.n = append(h.at, now), append(h.n, made)
	return made, limit - h.total
}

// What a worker of the simulation is like. It makes its calls in batches, so that there is less to
// simulate: all calls of a batch reach the API at one moment. The limiter has each of them for
// itself.
const (
	batchSize = 50              // calls
	slowest   = 4 * time.Second // a batch, as 10 calls at a time would take; the mean is half of it
	lookedAt  = 4               // tokens, before one is chosen

	// After a look at tokens that have nothing left.
	firstPause, longestPause = time.Second / 8, 15 * time.Second

	crashRate = 2500 // batches between two crashes

	// What takes time takes whole ticks, so that many workers act at one moment of the fake clock, as
	// they do where there are many machines.
	tick = 10 * time.Millisecond
)

// call makes n calls, and returns their answers.
func (s *simulation) call(token, n int) []instagram.LimiterAnswer {
	now := time.Since(s.start)
	s.mu.Lock()
	defer s.mu.Unlock()
	made, remaining := s.made[token].take(now, n, s.limit)
	s.refused += n - made
	s.perMin[min(int(now/time.Minute), len(s.perMin)-1)] += made
	answers := make([]instagram.LimiterAnswer, n)
	for i := range answers {
		answers[i].RateLimit = instagram.RateLimit{Limit: s.limit, Remaining: remaining + max(made-1-i, 0)}
		answers[i].Refused = i >= made
	}
	return answers
}

func (s *simulation) minutes() int { return int(s.lasts / time.Minute) }

// work makes calls until ctx ends. A worker that crashes tells nobody.
func (s *simulation) work(ctx context.Context) {
	l := newLimiter(s.store, Limits{FailFast: true}.withDefaults())
	defer func() { _ = l.Close(context.Background()) }() // of the latest one
	for vain := 0; ctx.Err() == nil; {
		token := s.choose(ctx, l)
		if token < 0 {
			if sleep(ctx, ctx, jitter(min(firstPause<<vain, longestPause)).Truncate(tick)) != nil {
				return
			}
			vain = min(vain+1, 10)
			continue
		}
		vain = 0
		if s.batch(ctx, l, token) > 0 && rand.IntN(crashRate) == 0 {
			l = s.crash(ctx, l, token)
		}
	}
}

// crash ends a worker without a word, with a block in its hands, and starts another one.
func (s *simulation) crash(ctx context.Context, l *Limiter, token int) *Limiter {
	_ = l.Wait(ctx, read(fmt.Sprint(token))) // a call that is never made
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

// choose takes the best of a few tokens, as the workers of a harvest do. It is negative if none of
// them has anything left.
func (s *simulation) choose(ctx context.Context, l *Limiter) (token int) {
	token, most := -1, 0
	for range lookedAt {
		candidate := rand.IntN(s.tokens)
		if b, err := l.Budget(ctx, fmt.Sprint(candidate)); err == nil && b.Left > most {
			token, most = candidate, b.Left
		}
	}
	return token
}

// batch makes some calls at the same time.
func (s *simulation) batch(ctx context.Context, l *Limiter, token int) (n int) {
	request := read(fmt.Sprint(token))
	for n < batchSize && l.Wait(ctx, request) == nil {
		n++
	}
	if n == 0 {
		return 0
	}
	took := rand.N(slowest / 2).Truncate(tick) // each way
	time.Sleep(took)
	answers := s.call(token, n)
	time.Sleep(took)
	for _, answer := range answers {
		l.Observe(request, answer)
	}
	return n
}

// The fleet uses what it may and nothing more, while workers crash, and while NATS is away for five
// minutes.
func TestSimulation(t *testing.T) {
	s := &simulation{workers: 60, tokens: 300, limit: 500, lasts: 2 * time.Hour}
	if *fleetSize > 0 {
		s = &simulation{workers: *fleetSize, tokens: *fleetSize * 10, limit: 5000, lasts: 2 * time.Hour}
	}
	var perMinMessages []int
	synctest.Test(t, func(t *testing.T) {
		s.store, s.start = newMemory(), time.Now()
		s.made, s.perMin = make([]slidingHour, s.tokens), make([]int, s.minutes())
		ctx, cancel := context.WithTimeout(t.Context(), s.lasts)
		defer cancel()
		var all sync.WaitGroup
		for range s.workers {
			all.Go(func() {
				time.Sleep(rand.N(10 * time.Second).Truncate(tick))
				s.work(ctx)
			})
		}
		all.Go(func() {
			before := 0
			for minute := range s.minutes() {
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
	allowed := s.tokens * s.limit * int(s.lasts/time.Hour)
	largest := 0
	for _, e := range s.store.entries {
		largest = max(largest, len(e.value))
	}
	t.Logf("%d workers, %d tokens, %v: %d calls, %.1f %% of what is allowed; %d refused; %d crashes; %d messages to NATS, one for %.1f calls; records of up to %d bytes",
		s.workers, s.tokens, s.lasts, made, 100*float64(made)/float64(allowed), s.refused, s.crashed, messages, float64(made)/float64(messages), largest)
	assert.Zero(t, s.refused)
	assert.Greater(t, float64(made), 0.9*float64(allowed))
	assert.Positive(t, s.crashed)
	if *svg != "" {
		require.NoError(t, os.WriteFile(*svg, plot(s, perMinMessages), 0o644))
	}
}

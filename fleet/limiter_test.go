package fleet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

var errAway = errors.New("no route to NATS")

// api counts as the API does: over a sliding hour, each token for itself. It keeps the most that
// any hour had.
type api struct {
	limit, writes int

	mu      sync.Mutex
	made    map[string][]time.Time
	refused int
}

func newAPI(limit, writes int) *api {
	return &api{limit: limit, writes: writes, made: map[string][]time.Time{}}
}

// call is one request, which has the limiter's leave.
func (a *api) call(request instagram.LimiterRequest) instagram.LimiterAnswer {
	a.mu.Lock()
	defer a.mu.Unlock()
	remaining, ok := a.count(request.Holder, a.limit)
	if ok && request.Write != "" {
		if _, ok = a.count(request.Holder+string(request.Write), a.writes); !ok {
			a.made[request.Holder] = a.made[request.Holder][:len(a.made[request.Holder])-1]
			remaining++
		}
	}
	if !ok {
		a.refused++
	}
	return instagram.LimiterAnswer{Refused: !ok, RateLimit: instagram.RateLimit{Limit: a.limit, Remaining: remaining}}
}

func (a *api) count(key string, limit int) (remaining int, ok bool) {
	now, made := time.Now(), a.made[key]
	inHour := 0
	for i := len(made) - 1; i >= 0 && made[i].After(now.Add(-time.Hour)); i-- {
		inHour++
	}
	if inHour >= limit {
		return 0, false
	}
	a.made[key] = append(made, now)
	return limit - inHour - 1, true
}

func (a *api) counted(key string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.made[key])
}

// work makes calls until ctx ends, as a worker does that has always something to do.
func work(ctx context.Context, t *testing.T, l *Limiter, a *api, request instagram.LimiterRequest, took time.Duration) {
	for {
		if err := l.Wait(ctx, request); err != nil {
			assert.True(t, ctx.Err() != nil || errors.Is(err, instagram.ErrRateLimited) || errors.Is(err, errClosed), "%v", err)
			return
		}
		time.Sleep(rand.N(took))
		answer := a.call(request)
		time.Sleep(rand.N(took))
		l.Observe(request, answer)
	}
}

func closeAll(t *testing.T, limiters ...*Limiter) {
	t.Helper()
	for _, l := range limiters {
		assert.NoError(t, l.Close(context.Background()))
	}
}

func read(holder string) instagram.LimiterRequest {
	return instagram.LimiterRequest{Holder: holder, Method: "GET", Endpoint: "/users/{user-id}/media/recent"}
}

func TestManyWorkersShareAnHourAndUseNearlyAllOfIt(t *testing.T) {
	for _, limit := range []int{500, 5000} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const hours = 5
				store, a := newMemory(), newAPI(limit, 60)
				ctx, cancel := context.WithTimeout(t.Context(), hours*time.Hour)
				defer cancel()
				var limiters []*Limiter
				var workers sync.WaitGroup
				for range 8 {
					l := newLimiter(store, Limits{}.withDefaults())
					limiters = append(limiters, l)
					for range 4 {
						workers.Go(func() { work(ctx, t, l, a, read("token"), time.Second) })
					}
				}
				workers.Wait()
				closeAll(t, limiters...)
				assert.Zero(t, a.refused)
				used := float64(a.counted("token")) / float64(hours*limit)
				t.Logf("%.1f %% of %d hours of %d calls, %d messages to NATS", 100*used, hours, limit, store.messages)
				assert.Greater(t, used, 0.95)
			})
		})
	}
}

func TestACrashWastesItsBlockAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, a := newMemory(), newAPI(500, 60)
		crashed := newLimiter(store, Limits{}.withDefaults())
		for range 3 { // of a block of 50
			require.NoError(t, crashed.Wait(t.Context(), read("token")))
			crashed.Observe(read("token"), a.call(read("token")))
		}
		crashed.stop() // it never tells what it did

		l := newLimiter(store, Limits{FailFast: true}.withDefaults())
		start, made := time.Now(), 0
		for ; l.Wait(t.Context(), read("token")) == nil; made++ {
			l.Observe(read("token"), a.call(read("token")))
		}
		assert.Equal(t, 450, made)
		time.Sleep(time.Until(start.Add(time.Hour + time.Minute)))
		for ; l.Wait(t.Context(), read("token")) == nil; made++ {
			l.Observe(read("token"), a.call(read("token")))
		}
		assert.Equal(t, 900, made, "the block may still be used, for all that the others know")
		time.Sleep(time.Until(start.Add(time.Hour + 6*time.Minute)))
		for ; l.Wait(t.Context(), read("token")) == nil; made++ {
			l.Observe(read("token"), a.call(read("token")))
		}
		assert.Equal(t, 950, made)
		assert.Zero(t, a.refused)
		closeAll(t, l, crashed)
	})
}

func TestABlockThatIsNotUsedIsGivenBack(t *testing.T) {
	for name, end := range map[string]func(*Limiter){
		"by Close": func(l *Limiter) { _ = l.Close(context.Background()) },
		"by time":  func(*Limiter) { time.Sleep(5 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, a := newMemory(), newAPI(500, 60)
				first, second := newLimiter(store, Limits{}.withDefaults()), newLimiter(store, Limits{}.withDefaults())
				require.NoError(t, first.Wait(t.Context(), read("token")))
				first.Observe(read("token"), a.call(read("token")))
				end(first)
				b, err := second.Budget(t.Context(), "token")
				require.NoError(t, err)
				assert.Equal(t, Budget{Limit: 500, Known: true, Left: 499, Free: b.Free}, b)
				assert.Empty(t, second.holders)
				closeAll(t, first, second)
			})
		})
	}
}

// A worker that stood still wakes up with a block that others count as over.
func TestABlockIsNotUsedAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, a := newMemory(), newAPI(500, 60)
		asleep, l := newLimiter(store, Limits{}.withDefaults()), newLimiter(store, Limits{FailFast: true}.withDefaults())
		drift := time.Duration(0)
		asleep.wall = func() time.Time { return time.Now().Add(drift) } // the machine slept: only the wall clock went on
		require.NoError(t, asleep.Wait(t.Context(), read("token")))
		asleep.Observe(read("token"), a.call(read("token")))
		for l.Wait(t.Context(), read("token")) == nil {
			l.Observe(read("token"), a.call(read("token")))
		}
		store.fail(errAway)
		drift = 2 * time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		assert.Error(t, asleep.Wait(ctx, read("token")), "49 calls were left in the block")
		store.fail(nil)
		closeAll(t, asleep, l)
		assert.Zero(t, a.refused)
	})
}

func TestWritesHaveTheirOwnHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, a := newMemory(), newAPI(5000, 60)
		first, second := newLimiter(store, Limits{FailFast: true}.withDefaults()), newLimiter(store, Limits{FailFast: true}.withDefaults())
		first.Observe(read("token"), a.call(read("token"))) // the limit is known
		made := map[instagram.WriteKind]int{}
		for _, kind := range []instagram.WriteKind{instagram.LikeWrites, instagram.CommentWrites, instagram.RelationshipWrites} {
			request := instagram.LimiterRequest{Holder: "token", Method: "POST", Write: kind}
			for range 100 {
				for _, l := range []*Limiter{first, second} {
					if err := l.Wait(t.Context(), request); err == nil {
						l.Observe(request, a.call(request))
						made[kind]++
					} else {
						var limit *instagram.LimitError
						require.ErrorAs(t, err, &limit)
						assert.Positive(t, limit.RetryAfter)
					}
				}
			}
		}
		assert.Equal(t, map[instagram.WriteKind]int{"likes": 60, "comments": 60, "relationships": 60}, made)
		assert.NoError(t, first.Wait(t.Context(), read("token")), "reads go on")
		first.Observe(read("token"), a.call(read("token")))
		assert.Zero(t, a.refused)
		closeAll(t, first, second)
	})
}

func TestAnswersCorrectTheBudgetForAll(t *testing.T) {
	answers := map[string]struct {
		answer instagram.LimiterAnswer
		left   int
		free   time.Duration
	}{
		"others use the token":        {instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 500, Remaining: 200}}, 200, 0},
		"a lower limit":               {instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 200, Remaining: 199}}, 199, 0},
		"a higher limit":              {instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 5000, Remaining: 4999}}, 4999, 0},
		"nothing remains":             {instagram.LimiterAnswer{RateLimit: instagram.RateLimit{Limit: 500}}, 0, time.Hour + 30*time.Second},
		"refused":                     {instagram.LimiterAnswer{Refused: true}, 0, time.Minute},
		"refused for a time":          {instagram.LimiterAnswer{Refused: true, RetryAfter: 10 * time.Minute}, 0, 10 * time.Minute},
		"refused for days":            {instagram.LimiterAnswer{Refused: true, RetryAfter: 50 * time.Hour}, 0, time.Hour},
		"an answer that says nothing": {instagram.LimiterAnswer{}, 499, 0},
	}
	for name, test := range answers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := newMemory()
				first, second := newLimiter(store, Limits{}.withDefaults()), newLimiter(store, Limits{}.withDefaults())
				require.NoError(t, first.Wait(t.Context(), read("token")))
				first.Observe(read("token"), test.answer)
				synctest.Wait()
				if !test.answer.Refused { // that one is told at once
					require.NoError(t, first.Close(t.Context()))
				}
				time.Sleep(100 * time.Millisecond)
				b, err := second.Budget(t.Context(), "token")
				require.NoError(t, err)
				assert.Equal(t, test.left, b.Left)
				if test.free > 0 {
					assert.InDelta(t, test.free.Seconds(), time.Until(b.Free).Seconds(), 1)
				}
				closeAll(t, first, second)
			})
		})
	}
}

func TestWhereNATSIsAway(t *testing.T) {
	t.Run("calls wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store, a := newMemory(), newAPI(500, 60)
			store.fail(errAway)
			l := newLimiter(store, Limits{}.withDefaults())
			time.AfterFunc(10*time.Minute, func() { store.fail(nil) })
			start := time.Now()
			require.NoError(t, l.Wait(t.Context(), read("token")))
			assert.InDelta(t, 600, time.Since(start).Seconds(), 10)
			l.Observe(read("token"), a.call(read("token")))
			closeAll(t, l)
		})
	})
	t.Run("calls fail fast, or when their time ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store := newMemory()
			store.fail(errAway)
			fast, patient := newLimiter(store, Limits{FailFast: true}.withDefaults()), newLimiter(store, Limits{}.withDefaults())
			start := time.Now()
			err := fast.Wait(t.Context(), read("token"))
			assert.ErrorIs(t, err, errAway)
			assert.ErrorIs(t, err, instagram.ErrRateLimited)
			assert.Less(t, time.Since(start), time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			assert.Error(t, patient.Wait(ctx, read("token")))
			assert.LessOrEqual(t, time.Since(start), time.Minute+time.Second)
			closeAll(t, fast, patient)
		})
	})
	t.Run("nobody overspends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store, a := newMemory(), newAPI(500, 60)
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Hour)
			defer cancel()
			var all sync.WaitGroup
			var limiters []*Limiter
			for range 6 {
				l := newLimiter(store, Limits{}.withDefaults())
				limiters = append(limiters, l)
				all.Go(func() { work(ctx, t, l, a, read("token"), 20*time.Second) })
			}
			all.Go(func() {
				for ctx.Err() == nil { // away half of the time, and acknowledgements lost
					store.fail(errAway)
					time.Sleep(rand.N(5 * time.Minute))
					store.fail(nil)
					store.mu.Lock()
					store.lost += 3
					store.mu.Unlock()
					time.Sleep(rand.N(5 * time.Minute))
				}
			})
			all.Wait()
			store.fail(nil)
			for _, l := range limiters {
				_ = l.Close(context.Background()) // an acknowledgement may still get lost
			}
			assert.Zero(t, a.refused)
			assert.Greater(t, a.counted("token"), 1200)
		})
	})
}

// An acknowledgement that gets lost leaves open whether a block was taken. What is charged is right
// in the end, in both cases.
func TestAWriteOfWhichNobodyKnowsWhetherItWasStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, a := newMemory(), newAPI(500, 60)
		l := newLimiter(store, Limits{}.withDefaults())
		for i := range 120 {
			if i%10 == 0 {
				store.mu.Lock()
				store.lost = i % 3
				store.mu.Unlock()
			}
			require.NoError(t, l.Wait(t.Context(), read("token")))
			l.Observe(read("token"), a.call(read("token")))
		}
		store.lost = 0
		require.NoError(t, l.Close(t.Context()))
		other := newLimiter(store, Limits{}.withDefaults())
		b, err := other.Budget(t.Context(), "token")
		require.NoError(t, err)
		assert.Equal(t, 500-120, b.Left)
		closeAll(t, other)
	})
}

func TestClocksOfWorkersPlayNoPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hours = 4
		store, a := newMemory(), newAPI(500, 60)
		store.skew = -7 * time.Hour // that of NATS need not be right, either
		ctx, cancel := context.WithTimeout(t.Context(), hours*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		var limiters []*Limiter
		for i := range 9 {
			l := newLimiter(store, Limits{}.withDefaults())
			start, skew := time.Now(), time.Duration(i-4)*30*time.Second
			l.wall = func() time.Time { // wrong, and now and then set right, and wrong again
				return time.Now().Add(skew * (time.Since(start) / (20 * time.Minute) % 2))
			}
			limiters = append(limiters, l)
			all.Go(func() { work(ctx, t, l, a, read("token"), 5*time.Second) })
		}
		all.Wait()
		closeAll(t, limiters...)
		assert.Zero(t, a.refused)
		assert.Greater(t, a.counted("token"), hours*475)
	})
}

func TestNATSServersWhoseClocksDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, a := newMemory(), newAPI(500, 60)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour)
		defer cancel()
		var all sync.WaitGroup
		var limiters []*Limiter
		for range 4 {
			l := newLimiter(store, Limits{}.withDefaults())
			limiters = append(limiters, l)
			all.Go(func() { work(ctx, t, l, a, read("token"), 5*time.Second) })
		}
		all.Go(func() { // another one leads, with a clock that is 25 s ahead or not
			for ; ctx.Err() == nil; time.Sleep(7 * time.Minute) {
				store.mu.Lock()
				store.skew = 25*time.Second - store.skew
				store.mu.Unlock()
			}
		})
		all.Wait()
		closeAll(t, limiters...)
		assert.Zero(t, a.refused)
	})
}

func TestNewLimiterRefusesWhatMakesNoSense(t *testing.T) {
	for _, limits := range []Limits{{Calls: -1}, {Likes: -1}, {Block: -1}, {Hour: -time.Hour}, {Hour: time.Millisecond}, {Replicas: -1}} {
		_, err := NewLimiter(nil, limits)
		assert.Error(t, err)
	}
}

func TestARecordThatIsNone(t *testing.T) {
	for _, value := range []string{`nonsense`, `[]`, `{"windows":{"calls":{"spent":[{"t":1,"n":-1000}]}}}`, `{"windows":{"calls":{"open":[{"n":-1}]}}}`} {
		synctest.Test(t, func(t *testing.T) {
			store := newMemory()
			store.entries["token"] = entry{[]byte(value), 1, time.Now()}
			l := newLimiter(store, Limits{FailFast: true}.withDefaults())
			assert.ErrorContains(t, l.Wait(t.Context(), read("token")), "the record of token is not one of a limiter")
			closeAll(t, l)
		})
	}
}

// A worker of a fleet has thousands of tokens in its hands, one after the other.
func TestWhatIsSettledIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, a := newMemory(), newAPI(500, 60)
		l := newLimiter(store, Limits{}.withDefaults())
		for i := range 100 {
			request := read(fmt.Sprint(i))
			require.NoError(t, l.Wait(t.Context(), request))
			l.Observe(request, a.call(request))
		}
		time.Sleep(10 * time.Minute)
		l.mu.Lock()
		assert.Empty(t, l.holders)
		l.mu.Unlock()
		before := store.messages
		closeAll(t, l)
		assert.Equal(t, before, store.messages, "there is nothing to tell")
	})
}

package bucket

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goes returns how long a request of a kind waits for its turn.
func goes(t *testing.T, s *Set, kind int) time.Duration {
	t.Helper()
	start := time.Now()
	require.NoError(t, s.Wait(t.Context(), kind, Forever))
	return time.Since(start)
}

// late returns how far away the turn of a request without patience is: 0 if it went.
func late(t *testing.T, s *Set, kind int) time.Duration {
	t.Helper()
	start := time.Now()
	err := s.Wait(t.Context(), kind, 0)
	assert.Zero(t, time.Since(start))
	if err == nil {
		return 0
	}
	var e *LateError
	require.ErrorAs(t, err, &e)
	assert.Positive(t, e.Wait)
	return e.Wait
}

// abandoned has n requests wait that all give up after a time.
func abandoned(t *testing.T, s *Set, kind, n int, after time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { assert.ErrorIs(t, s.Wait(ctx, kind, Forever), context.DeadlineExceeded) })
	}
	wg.Wait()
}

func about(t *testing.T, want, got time.Duration, msg ...any) {
	t.Helper()
	assert.InDelta(t, want.Seconds(), got.Seconds(), 0.001, msg...)
}

const minute54 = time.Hour / 54 // between two tokens of a limit of 60

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60)
		for range 6 {
			assert.Zero(t, goes(t, s, All), "a full bucket")
		}
		for range 60 {
			about(t, minute54, goes(t, s, All))
		}
		time.Sleep(24 * time.Hour)
		for range 6 {
			assert.Zero(t, goes(t, s, All), "full again, and no more than full")
		}
		about(t, minute54, goes(t, s, All))
	})
}

// A request that gives up costs nothing: the next turn is when it was.
func TestGivingUpCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60, 10)
		for range 6 {
			goes(t, s, All)
		}
		abandoned(t, s, All, 2000, 10*time.Second)
		about(t, minute54-10*time.Second, late(t, s, All))
		for range 32_000 {
			late(t, s, All)
		}
		about(t, minute54-10*time.Second, late(t, s, All))

		time.Sleep(time.Hour)
		goes(t, s, 1) // its bucket has one token, and the next is 400 s away
		abandoned(t, s, 1, 300, time.Second)
		for range 5 {
			assert.Zero(t, goes(t, s, All), "nor does it cost one of all")
		}
		about(t, 399*time.Second, late(t, s, 1))
	})
}

// Those behind one that gives up move up.
func TestMovingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60)
		for range 6 {
			goes(t, s, All)
		}
		start := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		var turns sync.Map
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				if i%2 == 0 {
					assert.ErrorIs(t, s.Wait(ctx, All, Forever), context.Canceled)
					return
				}
				assert.NoError(t, s.Wait(t.Context(), All, Forever))
				turns.Store(i, time.Since(start))
			})
			synctest.Wait() // so that they arrive in this order
		}
		about(t, 21*minute54, late(t, s, All), "there are 20 before it")
		time.Sleep(time.Second)
		cancel()
		wg.Wait()
		for i := range 10 {
			turn, _ := turns.Load(2*i + 1)
			about(t, time.Duration(i+1)*minute54, turn.(time.Duration), i)
		}
	})
}

// What waits for the limit of its kind holds up nothing of another kind, and goes before what came
// later.
func TestKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60, 10, 10)
		start := time.Now()
		for range 4 {
			assert.Zero(t, goes(t, s, All))
		}
		time.Sleep(30 * time.Second)
		assert.Zero(t, goes(t, s, 1))
		var writing, reading sync.WaitGroup
		writing.Go(func() { goes(t, s, 1) }) // its own token comes after 430 s
		synctest.Wait()
		assert.Zero(t, goes(t, s, 2))
		for range 20 {
			reading.Go(func() { goes(t, s, All) })
		}
		writing.Wait()
		about(t, 7*minute54, time.Since(start), "the next one of all, before those that came later")
		reading.Wait()
		about(t, 21*minute54, time.Since(start))

		reading.Go(func() { about(t, minute54, goes(t, s, All)) })
		synctest.Wait()
		about(t, 2*minute54, goes(t, s, 2), "nor does a write go before a read that came earlier")
		reading.Wait()
	})
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60)
		for range 6 {
			goes(t, s, All)
		}
		var e *LateError
		require.ErrorAs(t, s.Wait(t.Context(), All, time.Minute), &e)
		assert.EqualError(t, e, "the turn is 1m6.666666667s away")
		require.NoError(t, s.Wait(t.Context(), All, 67*time.Second))

		ended, cancel := context.WithCancel(t.Context())
		cancel()
		time.Sleep(time.Hour)
		for range 100 {
			require.ErrorIs(t, s.Wait(ended, All, Forever), context.Canceled)
		}
		for range 6 {
			assert.Zero(t, goes(t, s, All))
		}
	})
}

// A request that gives up at the moment of its turn puts back what it took.
func TestGivingUpAtItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60, 60)
		goes(t, s, 1)
		s.Change(func(b []Bucket) { b[1].Pause(time.Hour) })
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { assert.ErrorIs(t, s.Wait(ctx, 1, Forever), context.Canceled) })
		synctest.Wait()
		s.mu.Lock()
		cancel() // it cannot leave yet
		s.buckets[1].left = 5
		s.serve()
		assert.EqualValues(t, 2, s.buckets[1].taken, "its turn has come")
		s.mu.Unlock()
		wg.Wait()
		for _, b := range s.buckets {
			assert.EqualValues(t, 1, b.taken)
		}
		assert.EqualValues(t, 5, s.buckets[1].left)
	})
}

// A pause is as long as it is, however many ask for it and whatever else is said.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(5000, 60)
		pause := func(kind int, d time.Duration) {
			s.Change(func(b []Bucket) { b[kind].Pause(d) })
		}
		var wg sync.WaitGroup
		for range 300 {
			wg.Go(func() { pause(All, time.Minute); pause(All, time.Second) })
		}
		wg.Wait()
		about(t, time.Minute, late(t, s, All))
		s.Change(func(b []Bucket) { b[All].Resize(500); b[All].Hold(400) })
		about(t, time.Minute, late(t, s, All))
		about(t, time.Minute, goes(t, s, All))
		about(t, time.Hour/450, goes(t, s, All), "not all at once when it is over")

		pause(1, time.Hour)
		about(t, time.Hour, late(t, s, 1))
		time.Sleep(time.Minute)
		assert.Zero(t, goes(t, s, All), "the pause is for one kind")
	})
}

// Those who wait already keep to what is said in the meantime.
func TestChangeWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60)
		for range 6 {
			goes(t, s, All)
		}
		var wg sync.WaitGroup
		wg.Go(func() { about(t, time.Second+10*time.Minute, goes(t, s, All)) })
		time.Sleep(time.Second)
		s.Change(func(b []Bucket) { b[All].Pause(10 * time.Minute) })
		wg.Wait()
		s = NewSet(60)
		for range 6 {
			goes(t, s, All)
		}
		wg.Go(func() { about(t, time.Second, goes(t, s, All)) })
		time.Sleep(time.Second)
		s.Change(func(b []Bucket) { b[All].Resize(5000) })
		wg.Wait()
	})
}

func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(5000)
		s.Change(func(b []Bucket) { b[All].Hold(10) })
		s.Change(func(b []Bucket) { b[All].Hold(400) })
		for range 10 {
			assert.Zero(t, late(t, s, All))
		}
		about(t, 800*time.Millisecond, late(t, s, All))
	})
}

// What was taken stays taken when the limit changes, and nothing depends on how large it is.
func TestResize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(5000)
		resize := func(limit int) { s.Change(func(b []Bucket) { b[All].Resize(limit) }) }
		for range 30 {
			goes(t, s, All)
		}
		resize(500)
		for range 20 {
			assert.Zero(t, late(t, s, All))
		}
		about(t, 8*time.Second, late(t, s, All))
		resize(20)
		about(t, time.Hour+200*time.Second, late(t, s, All), "all 20 are used")
		for _, limit := range []int{1, math.MaxInt, 20, math.MaxInt, 1} {
			resize(limit)
		}
		assert.LessOrEqual(t, late(t, s, All), time.Hour)
		time.Sleep(time.Hour)
		assert.Zero(t, late(t, s, All))
		s.Change(func(b []Bucket) { b[All].Resize(math.MaxInt); b[All].Hold(0); b[All].Resize(20) })
		assert.LessOrEqual(t, late(t, s, All), time.Hour)
	})
}

// However the limit goes up and down, no hour has more than the highest, and what comes back in
// time is not lost.
func TestResizeAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSet(60)
		var went times
		for i := range 36_000 { // ten hours
			time.Sleep(time.Second)
			s.Change(func(b []Bucket) { b[All].Resize([]int{60, 59}[i%2]) })
			if s.Wait(t.Context(), All, 0) == nil {
				went = append(went, time.Now())
			}
		}
		assert.LessOrEqual(t, went.most(), 60)
		assert.Greater(t, len(went), 6+10*52)
	})
}

// times are when requests went.
type times []time.Time

// most returns how many went in any one hour.
func (t times) most() (most int) {
	first := 0
	for i, at := range t {
		for at.Sub(t[first]) >= time.Hour {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// Whatever waits, gives up and has no patience, in any order and number: no hour has more than the
// limit, and only what goes costs anything.
func TestAnything(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) { anything(t, rand.New(rand.NewPCG(seed, 10))) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func anything(t *testing.T, random *rand.Rand) {
	limits := []int{1 + random.IntN(200), 1 + random.IntN(40), 1 + random.IntN(400)}
	s := NewSet(limits...)
	var mu sync.Mutex
	went := make([]times, len(limits))
	goes := func(kind int) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		went[All] = append(went[All], now)
		if kind != All {
			went[kind] = append(went[kind], now)
		}
	}
	var wg sync.WaitGroup
	for range 2000 {
		kind, patience := random.IntN(len(limits)), []time.Duration{0, time.Minute, Forever}[random.IntN(3)]
		ctx, cancel := context.WithCancel(t.Context())
		switch random.IntN(3) {
		case 0:
			ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(1000))*time.Second)
		case 1:
			cancel()
		}
		wg.Go(func() {
			defer cancel()
			if s.Wait(ctx, kind, patience) == nil {
				goes(kind)
			}
		})
		if random.IntN(3) == 0 {
			time.Sleep(time.Duration(random.IntN(60_000)) * time.Millisecond)
		}
		if random.IntN(100) == 0 { // let all that waits come to its end
			wg.Wait()
			mu.Lock()
			for kind := range limits {
				assertFree(t, s, limits, kind, went)
			}
			mu.Unlock()
		}
	}
	wg.Wait()
	require.NotEmpty(t, went[1])
	for kind, limit := range limits {
		assert.LessOrEqual(t, went[kind].most(), limit)
	}
}

// assertFree checks that the next turn is when it is for those that went, and for them alone.
func assertFree(t *testing.T, s *Set, limits []int, kind int, went []times) {
	want := max(model(limits[All], went[All]), model(limits[kind], went[kind]))
	var e *LateError
	if err := s.Wait(t.Context(), kind, 0); err == nil {
		went[All] = append(went[All], time.Now())
		if kind != All {
			went[kind] = append(went[kind], time.Now())
		}
		assert.Less(t, want, time.Millisecond)
	} else if assert.ErrorAs(t, err, &e) {
		about(t, want, e.Wait)
	}
}

// model says when the next token of a limit comes, from what went alone.
func model(limit int, went times) time.Duration {
	burst := max(limit/10, 1)
	between := time.Hour / time.Duration(max(limit-burst, 1))
	full := time.Time{} // when all that went has come back
	for _, at := range went {
		if full.Before(at) {
			full = at
		}
		full = full.Add(between)
	}
	if len(went) == 0 {
		return 0
	}
	return max(0, time.Until(full)-time.Duration(burst-1)*between)
}

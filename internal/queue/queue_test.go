package queue

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// one accepts a single item.
func one[T any](q *Queue[T], item T, key Key) bool { return q.Accept([]T{item}, []Key{key}) }

func drain[T any](t *testing.T, q *Queue[T]) {
	t.Helper()
	<-q.Close()
}

func TestDeliversEachOnceInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		q := New(Options[int]{Workers: 1, Size: 1000, Window: time.Minute, Deliver: func(_ context.Context, i int) bool {
			time.Sleep(time.Second)
			got = append(got, i)
			return true
		}})
		var want []int
		for i := range 100 {
			require.True(t, one(q, i, KeyOf(fmt.Sprint(i))))
			require.True(t, one(q, -1, KeyOf(fmt.Sprint(i))), "it comes again")
			want = append(want, i)
		}
		drain(t, q)
		assert.Equal(t, want, got)
		assert.False(t, one(q, 7, Key{}))
		assert.True(t, q.Closed())
	})
}

// There are as many workers as asked for, as soon as there is work for them, and never more.
func TestWorkers(t *testing.T) {
	for _, workers := range []int{1, 3, 8} {
		synctest.Test(t, func(t *testing.T) {
			var working, most atomic.Int64
			q := New(Options[int]{Workers: workers, Size: 1000, Window: time.Minute, Deliver: func(context.Context, int) bool {
				now := working.Add(1)
				defer working.Add(-1)
				for before := most.Load(); before < now && !most.CompareAndSwap(before, now); before = most.Load() {
				}
				time.Sleep(time.Second)
				return true
			}})
			for round := range 5 {
				most.Store(0)
				for range 2 * workers {
					require.True(t, one(q, 0, Key{}))
				}
				synctest.Wait()
				assert.EqualValues(t, workers, working.Load(), "at once")
				require.True(t, q.Accept(make([]int, 20), make([]Key, 20)))
				time.Sleep(time.Hour)
				synctest.Wait()
				assert.EqualValues(t, workers, most.Load(), "round %d", round)
				assert.Zero(t, working.Load())
				assert.Zero(t, q.working, "none is left when there is nothing to do")
			}
			require.True(t, one(q, 0, Key{}))
			synctest.Wait()
			assert.Equal(t, 1, q.working, "no more than there are items")
			drain(t, q)
		})
	}
}

// A panic is reported, and ends nothing but the call.
func TestPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type report struct {
			item  int
			value any
		}
		var reports []report
		delivered := 0
		q := New(Options[int]{Workers: 1, Size: 1000, Window: time.Minute,
			Deliver: func(_ context.Context, i int) bool {
				if i%2 == 0 {
					panic(fmt.Sprint("no ", i))
				}
				delivered++
				return true
			},
			Panicked: func(item int, value any, stack []byte) {
				reports = append(reports, report{item, value})
				assert.Contains(t, string(stack), "TestPanics")
			},
		})
		for i := range 6 {
			require.True(t, one(q, i, Key{}))
		}
		synctest.Wait()
		assert.Equal(t, []report{{0, "no 0"}, {2, "no 2"}, {4, "no 4"}}, reports)
		assert.Equal(t, 3, delivered)
		require.True(t, one(q, 7, Key{}))
		drain(t, q)
		assert.Equal(t, 4, delivered)
		left, working := q.Abandon()
		assert.Empty(t, left)
		assert.Zero(t, working)
	})
}

// A call that ends its goroutine does not end the work.
func TestGoexit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		delivered := 0
		q := New(Options[int]{Workers: 1, Size: 1000, Window: time.Minute, Deliver: func(context.Context, int) bool {
			if delivered++; delivered%2 == 1 {
				runtime.Goexit()
			}
			return true
		}})
		require.True(t, q.Accept(make([]int, 7), make([]Key, 7)))
		drain(t, q)
		assert.Equal(t, 7, delivered)
	})
}

// A full queue takes all items or none, and does not remember what it did not take.
func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		items := make(chan int)
		q := New(Options[int]{Workers: 1, Size: 2, Window: time.Minute, Prompt: true, Deliver: func(ctx context.Context, i int) bool {
			select {
			case items <- i:
				return true
			case <-ctx.Done():
				return false
			}
		}})
		keys := []Key{KeyOf("1"), KeyOf("2"), KeyOf("3"), KeyOf("4"), KeyOf("5")}
		all := []int{1, 2, 3, 4, 5}
		require.True(t, q.Accept(all[:3], keys[:3]), "more than its size, as it is empty")
		synctest.Wait()
		require.False(t, q.Accept(all[3:], keys[3:]))
		require.True(t, q.Accept(all[:3], keys[:3]), "repeats need no room")
		assert.Equal(t, 1, <-items)
		assert.Equal(t, 2, <-items)
		synctest.Wait()
		require.True(t, q.Accept(all[3:], keys[3:]))
		assert.Equal(t, 3, <-items)
		assert.Equal(t, 4, <-items)
		q.Close()
		left, working := q.Abandon()
		assert.Equal(t, []int{5}, left)
		assert.Zero(t, working)
		left, _ = q.Abandon()
		assert.Empty(t, left, "only once")
	})
}

// A key is the same for the same parts alone, wherever one part ends and the next begins.
func TestKeyOf(t *testing.T) {
	keys := map[Key][]string{}
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {"", "abc"},
		{"1:a", "b"}, {"1", ":ab"}, {"a1:b"}, {"a", "b"}, {"1:a1:b"}, {"a", "1:b"},
	} {
		key := KeyOf(parts...)
		assert.NotContains(t, keys, key, "%q", parts)
		assert.NotEqual(t, Key{}, key)
		assert.Equal(t, key, KeyOf(parts...))
		keys[key] = parts
	}
}

// What is remembered is bounded by time and by number.
func TestForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		delivered := 0
		q := New(Options[int]{Workers: 1, Size: 1000, Window: time.Minute, Deliver: func(context.Context, int) bool { delivered++; return true }})
		for batch := range 3 * 64 {
			keys := make([]Key, maxKnown/64)
			for i := range keys {
				keys[i] = KeyOf(fmt.Sprint(batch*len(keys) + i))
			}
			require.True(t, q.Accept(make([]int, len(keys)), keys))
			require.LessOrEqual(t, len(q.repeats.seen), maxKnown)
			synctest.Wait()
		}
		assert.Equal(t, 3*maxKnown, delivered)
		require.True(t, one(q, 0, KeyOf(fmt.Sprint(2*maxKnown))))
		synctest.Wait()
		assert.Equal(t, 3*maxKnown, delivered, "among the latest")
		require.True(t, one(q, 0, KeyOf(fmt.Sprint(2*maxKnown-1))))
		synctest.Wait()
		assert.Equal(t, 3*maxKnown+1, delivered, "not among them")
		time.Sleep(time.Minute)
		require.True(t, one(q, 0, Key{}))
		assert.Empty(t, q.repeats.seen)
		assert.Empty(t, q.repeats.order)
		drain(t, q)
	})
}

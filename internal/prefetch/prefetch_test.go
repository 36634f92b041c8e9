package prefetch_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"github.com/igv1/instagram/internal/prefetch"
	"github.com/stretchr/testify/assert"
)

// counting returns 1, 2, 3 and so on, and io.EOF behind the last.
func counting(last int, calls *int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		if *calls++; *calls > last {
			return 0, io.EOF
		}
		return *calls, ctx.Err()
	}
}

func weightless(int) int { return 0 }

// What waits has no more than the size that is allowed, and the value that exceeds it.
func TestSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		ten := func(int) int { return 10 }
		f := prefetch.Start(t.Context(), 50, 35, ten, counting(100, &calls))
		synctest.Wait()
		assert.Equal(t, 4, calls)
		for i := range 20 {
			value, _, err := f.Next(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, i+1, value, "in order")
			synctest.Wait()
			assert.Equal(t, 4+i+1, calls)
		}
		assert.Len(t, f.Stop(), 4)
	})
}

func TestNext(t *testing.T) {
	calls := 0
	f := prefetch.Start(t.Context(), 2, 1000, weightless, counting(3, &calls))
	var got []int
	for {
		value, ok, err := f.Next(t.Context())
		if err != nil {
			assert.ErrorIs(t, err, io.EOF)
			assert.True(t, ok)
			break
		}
		got = append(got, value)
	}
	assert.Equal(t, []int{1, 2, 3}, got)
	_, ok, err := f.Next(t.Context())
	assert.NoError(t, err)
	assert.False(t, ok, "behind the error")
	assert.Empty(t, f.Stop())
}

// It stays so many values ahead, and no more. What nobody took comes back.
func TestAhead(t *testing.T) {
	for _, ahead := range []int{1, 2, 5} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			f := prefetch.Start(t.Context(), ahead, 1000, weightless, counting(100, &calls))
			synctest.Wait()
			assert.Equal(t, ahead, calls)
			value, _, err := f.Next(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, 1, value)
			synctest.Wait()
			assert.Equal(t, ahead+1, calls)
			rest := f.Stop()
			assert.Len(t, rest, ahead)
			assert.Equal(t, 2, rest[0])
		})
	}
}

// A user who gives up does so at once, and loses nothing.
func TestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := make(chan struct{})
		f := prefetch.Start(t.Context(), 1, 1000, weightless, func(ctx context.Context) (int, error) {
			select {
			case <-slow:
				return 7, nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		_, _, err := f.Next(ctx)
		assert.ErrorIs(t, err, context.Canceled)
		_, _, err = f.Next(ctx)
		assert.ErrorIs(t, err, context.Canceled)
		slow <- struct{}{}
		synctest.Wait()
		assert.Equal(t, []int{7}, f.Stop())
	})
}

func TestErrorsAreNoValues(t *testing.T) {
	broken := errors.New("broken")
	f := prefetch.Start(t.Context(), 3, 1000, weightless, func(context.Context) (int, error) { return 5, broken })
	assert.Empty(t, f.Stop())
}

package wait

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		woken, err := For(t.Context(), time.Minute, nil)
		assert.False(t, woken)
		assert.NoError(t, err)
		assert.Equal(t, time.Minute, time.Since(start))

		wake := make(chan struct{}, 1)
		time.AfterFunc(time.Second, func() { wake <- struct{}{} })
		woken, err = For(t.Context(), time.Minute, wake)
		assert.True(t, woken)
		assert.NoError(t, err)
		assert.Equal(t, time.Minute+time.Second, time.Since(start))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = For(ctx, time.Minute, nil)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Minute+2*time.Second, time.Since(start))
		_, err = For(ctx, 0, nil)
		assert.ErrorIs(t, err, context.DeadlineExceeded, "it has ended before")
	})
}

func TestAsked(t *testing.T) {
	const date = "Wed, 14 Jun 2017 13:55:00 GMT"
	tests := map[string]struct {
		retryAfter, date string
		want             time.Duration
	}{
		"nothing":             {"", date, 0},
		"seconds":             {"90", "", 90 * time.Second},
		"none":                {"0", "", 0},
		"negative":            {"-1", "", 0},
		"far too many":        {"99999999999999999999999", "", Longest},
		"a date":              {"Wed, 14 Jun 2017 13:56:30 GMT", date, 90 * time.Second},
		"a date that is past": {"Wed, 14 Jun 2017 13:50:00 GMT", date, 0},
		"a far date":          {"Wed, 14 Jun 2090 13:56:30 GMT", date, Longest},
		"no number":           {"soon", date, 0},
	}
	for name, tt := range tests {
		h := http.Header{"Retry-After": {tt.retryAfter}, "Date": {tt.date}}
		assert.Equal(t, tt.want, Asked(h), name)
	}
	in := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	assert.InDelta(t, time.Hour, Asked(http.Header{"Retry-After": {in}}), float64(2*time.Second), "without a Date, by the own clock")
}

func TestBackoff(t *testing.T) {
	for attempts, bound := range []time.Duration{1: 100, 2: 200, 3: 400, 4: 800, 5: 1000, 6: 1000, 60: 1000} {
		if bound == 0 {
			continue
		}
		most := time.Duration(0)
		for range 1000 {
			pause, ok := Backoff(100, 1000, attempts, 0)
			assert.True(t, ok)
			assert.Less(t, pause, bound)
			most = max(most, pause)
		}
		assert.Greater(t, most, bound/2, "after %d attempts", attempts)
	}
	pause, ok := Backoff(100, 1000, 1, 500)
	assert.True(t, ok)
	assert.GreaterOrEqual(t, pause, time.Duration(500))
	_, ok = Backoff(100, 1000, 1, 1001)
	assert.False(t, ok)
	pause, ok = Backoff(5000, 1000, 1, 1000)
	assert.True(t, ok)
	assert.Equal(t, time.Duration(1000), pause)
}

func TestStock(t *testing.T) {
	s := NewStock(10)
	var taken atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if s.Take() {
				taken.Add(1)
			}
		})
	}
	all.Wait()
	assert.Equal(t, int32(10), taken.Load())
	for range 4 {
		s.Earn()
	}
	assert.False(t, s.Take())
	s.Earn()
	assert.True(t, s.Take())
	for range 1000 {
		s.Earn()
	}
	for range 10 {
		assert.True(t, s.Take())
	}
	assert.False(t, s.Take(), "it is never fuller than at first")
}

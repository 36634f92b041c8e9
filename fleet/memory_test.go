package fleet

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// memory is a store in this process. Its time is that of the test, or of the bubble that the test
// runs in.
type memory struct {
	latency func() time.Duration // of each message there and back, see tick

	mu       sync.Mutex
	entries  map[string]entry
	messages int
	away     error // what everything fails with
	lost     int   // how many of the next writes are stored, and not acknowledged
	skew     time.Duration
}

func newMemory() *memory {
	return &memory{entries: map[string]entry{}, latency: func() time.Duration { return time.Duration(2+2*rand.IntN(3)) * time.Millisecond }}
}

func (m *memory) travel(ctx context.Context) error {
	if err := sleep(ctx, ctx, m.latency()/2); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages++
	return m.away
}

func (m *memory) load(ctx context.Context, key string) (entry, error) {
	if err := m.travel(ctx); err != nil {
		return entry{}, err
	}
	m.mu.Lock()
	e := m.entries[key]
	m.mu.Unlock()
	return e, sleep(ctx, ctx, m.latency()/2)
}

func (m *memory) swap(ctx context.Context, key string, value []byte, revision uint64) error {
	if err := m.travel(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	conflict := m.entries[key].revision != revision
	if !conflict {
		m.entries[key] = entry{value, revision + 1, time.Now().Add(m.skew)}
	}
	lost := !conflict && m.lost > 0
	if lost {
		m.lost--
	}
	m.mu.Unlock()
	if err := sleep(ctx, ctx, m.latency()/2); err != nil {
		return err
	}
	if lost {
		return context.DeadlineExceeded
	}
	if conflict {
		return errConflict
	}
	return nil
}

func (m *memory) now(ctx context.Context) (time.Time, error) {
	if err := m.travel(ctx); err != nil {
		return time.Time{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Add(m.skew), nil
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = err
}

func (m *memory) holders(context.Context) (all []string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key := range m.entries {
		all = append(all, key)
	}
	return all, nil
}

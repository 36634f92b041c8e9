// Package recent has a map of bounded size.
package recent

import "sync"

// A Map forgets what has not been used for long: it keeps the keys used last, as many as its
// capacity, and never more than twice as many. It is safe for concurrent use.
type Map[V any] struct {
	mu       sync.Mutex
	capacity int
	young    map[string]V
	old      map[string]V // what was young before that had reached the capacity
}

// New returns an empty map.
func New[V any](capacity int) *Map[V] {
	return &Map[V]{capacity: capacity, young: map[string]V{}}
}

// Get returns the value of a key, and the zero value for one that is not there. It does not count
// as a use of the key.
func (m *Map[V]) Get(key string) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if value, ok := m.young[key]; ok {
		return value
	}
	return m.old[key]
}

// Update sets the value of a key to what change makes of it, and returns it. For a key that is new
// or forgotten, change is given the zero value.
func (m *Map[V]) Update(key string, change func(V) V) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.young[key]
	if !ok {
		value = m.old[key]
		delete(m.old, key)
		if len(m.young) >= m.capacity {
			m.young, m.old = map[string]V{}, m.young
		}
	}
	value = change(value)
	m.young[key] = value
	return value
}

package instagram

import "sync"

// recent is a map that forgets what has not been used for long: it keeps the
// last capacity keys, and never more than twice as many.
type recent[V any] struct {
	mu       sync.Mutex
	capacity int
	young    map[string]V
	old      map[string]V // the young ones of the time before
}

func newRecent[V any](capacity int) *recent[V] {
	return &recent[V]{capacity: capacity, young: map[string]V{}}
}

// get returns the value of a key, and the zero value for one that is not there.
func (r *recent[V]) get(key string) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	if value, ok := r.young[key]; ok {
		return value
	}
	return r.old[key]
}

// update sets the value of a key to what change makes of it: of the zero value
// for a key that is new or forgotten.
func (r *recent[V]) update(key string, change func(V) V) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok := r.young[key]
	if !ok {
		value = r.old[key]
		delete(r.old, key)
		if len(r.young) >= r.capacity {
			r.young, r.old = map[string]V{}, r.young
		}
	}
	value = change(value)
	r.young[key] = value
	return value
}

package seed

// keyed is a value with what it is sorted by.
type keyed[T any] struct {
	key   int64
	value T
}

// sorted sorts a list by the keys, and keeps the order of those with the same; the room is as long
// as the list, and used for it. It takes turns with the bits of the keys, a few at a time: with
// millions of keys, comparing two of them at a time takes longer.
func sorted[T any](list, room []keyed[T]) []keyed[T] {
	if len(list) == 0 {
		return list
	}
	low, high := list[0].key, list[0].key
	for i := range list {
		low, high = min(low, list[i].key), max(high, list[i].key)
	}
	const bits = 11
	for shift := 0; (high-low)>>shift > 0; shift += bits {
		var next [1 << bits]int // where the next one with a digit goes
		for i := range list {
			next[(list[i].key-low)>>shift&(1<<bits-1)]++
		}
		at := 0
		for digit, n := range next {
			next[digit] = at
			at += n
		}
		for i := range list {
			digit := (list[i].key - low) >> shift & (1<<bits - 1)
			room[next[digit]] = list[i]
			next[digit]++
		}
		list, room = room, list
	}
	return list
}

// slab hands out values that are made many at a time.
type slab[T any] struct{ free []T }

// take is room for n values. Appending more than that to it does not touch what others took.
func (s *slab[T]) take(n int) []T {
	const atOnce = 4096
	if n > len(s.free) {
		s.free = make([]T, max(n, atOnce))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

package wire

import "reflect"

// A pile is where a list is put together until it is known how long it is. The list itself is then
// made as long as that, so that one that is kept keeps nothing else in memory.
type pile[T any] struct {
	spare []T // of length 0, and zero behind that
}

// sizeOf is the size of a T without what it points to.
func sizeOf[T any]() int { return int(reflect.TypeFor[T]().Size()) }

// start returns an empty list. One inside another one has a place of its own.
func (p *pile[T]) start() []T {
	list := p.spare
	p.spare = nil
	return list
}

// add makes room for one more, unless that is more memory than is left.
func (p *pile[T]) add(d *Decoder, list []T) (longer []T, ok bool) {
	n := len(list)
	if n == cap(list) {
		size := max(2*n, 8)
		if d.Spend(size * sizeOf[T]()); d.err != nil {
			return list, false
		}
		list = append(make([]T, 0, size), list...)
	}
	return list[:n+1], true
}

// take ends a list.
func (p *pile[T]) take(d *Decoder, list []T) []T {
	n := len(list)
	if n == 0 {
		p.spare = list
		return []T{}
	}
	if cap(list)*sizeOf[T]() > maxKept {
		return list[:n:n]
	}
	d.Spend(n * sizeOf[T]())
	taken := make([]T, n)
	copy(taken, list)
	clear(list)
	p.spare = list[:0]
	return taken
}

package wire

import "reflect"

// A block is memory that short lists are cut from: to take it in few pieces is far cheaper than
// list by list. A list that is kept keeps the rest of its block alive, which is bounded by
// blockSize for that reason.
type block[T any] struct {
	free []T // of length 0
	next int // elements of the block after this one
}

// sizeOf is the size of a T without what it points to.
func sizeOf[T any]() int { return int(reflect.TypeFor[T]().Size()) }

// grow moves a list to a new block, with room for more, unless that is more memory than is left.
func (b *block[T]) grow(d *Decoder, list []T) []T {
	b.next = min(max(2*b.next, 2), max(blockSize/sizeOf[T](), 1))
	size := max(b.next, 2*len(list))
	if d.Spend(size * sizeOf[T]()); d.err != nil {
		return list
	}
	moved := append(make([]T, 0, size), list...)
	clear(list) // would keep its strings alive
	return moved
}

// take ends a list that was begun in free or by grow.
func (b *block[T]) take(list []T) []T {
	n := len(list)
	b.free = list[n:]
	return list[:n:n]
}

// reset lets go of what is free.
func (b *block[T]) reset() { b.free, b.next = nil, 0 }

package instagramtest

import (
	"slices"
	"sort"
)

// link is one like, follow or request: to whom or what, and its place in the order in which links were made.
type link[T any] struct {
	to  T
	seq uint64
}

// links is a list of links in the order in which they were made, the newest last. Lists that page by when a link was
// made use seq as the cursor, so a page stays where it is while links come and go.
type links[T any] []link[T]

func (l *links[T]) add(to T, seq uint64) { *l = append(*l, link[T]{to, seq}) }

func (l *links[T]) remove(seq uint64) {
	if i := l.below(seq); i < len(*l) && (*l)[i].seq == seq {
		*l = slices.Delete(*l, i, i+1)
	}
}

// below counts the links made before seq.
func (l links[T]) below(seq uint64) int {
	return sort.Search(len(l), func(i int) bool { return l[i].seq >= seq })
}

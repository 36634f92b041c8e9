package world

import (
	"slices"
	"sort"
)

// Link is one like, follow or request: to whom or what, and its place in the order in which links
// were made.
type Link[T any] struct {
	To  T
	Seq uint64
}

// Links is a list of links in the order in which they were made, the newest last. Lists that page
// by when a link was made use seq as the cursor, so a page stays where it is while links come and
// go.
type Links[T any] []Link[T]

func (l *Links[T]) add(to T, seq uint64) { *l = append(*l, Link[T]{to, seq}) }

func (l *Links[T]) remove(seq uint64) {
	if i := l.Below(seq); i < len(*l) && (*l)[i].Seq == seq {
		*l = slices.Delete(*l, i, i+1)
	}
}

// Below counts the links made before seq.
func (l Links[T]) Below(seq uint64) int {
	return sort.Search(len(l), func(i int) bool { return l[i].Seq >= seq })
}

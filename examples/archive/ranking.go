package main

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// A ranking counts names in bounded memory. It holds a fixed number of names. When it is full, a
// new name replaces the one with the lowest count. This is the Space-Saving algorithm of Metwally,
// Agrawal and El Abbadi. The counts are exact until the first name is replaced. After that they are
// too high by at most the lowest count.
type ranking struct {
	size    int
	byName  map[string]*counted
	byCount rarest
	full    bool // a name was replaced
}

type counted struct {
	name  string
	count int
	index int // in byCount
}

func newRanking(size int) *ranking {
	return &ranking{size: size, byName: map[string]*counted{}}
}

func (r *ranking) add(name string) {
	c := r.byName[name]
	switch {
	case c != nil:
	case len(r.byCount) < r.size:
		c = &counted{name: strings.Clone(name)} // a copy, so that the text of the entry can be freed
		r.byName[c.name] = c
		heap.Push(&r.byCount, c)
	default:
		r.full = true
		c = r.byCount[0]
		delete(r.byName, c.name)
		c.name = strings.Clone(name)
		r.byName[c.name] = c
	}
	c.count++
	heap.Fix(&r.byCount, c.index)
}

// top returns the n most frequent names.
func (r *ranking) top(n int) []*counted {
	all := slices.Clone(r.byCount)
	slices.SortFunc(all, func(a, b *counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name))
	})
	return all[:min(max(n, 0), len(all))]
}

// caveat says how much too high the counts may be.
func (r *ranking) caveat() string {
	if !r.full {
		return ""
	}
	return fmt.Sprintf(" (each at most %d too high)", r.byCount[0].count)
}

// rarest is a heap with the smallest count on top.
type rarest []*counted

func (h rarest) Len() int           { return len(h) }
func (h rarest) Less(i, j int) bool { return h[i].count < h[j].count }
func (h rarest) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *rarest) Push(x any) {
	c := x.(*counted)
	c.index = len(*h)
	*h = append(*h, c)
}

func (h *rarest) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

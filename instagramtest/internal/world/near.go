package world

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// Newest goes through several lists of media, each ordered by number, as if they were one: the
// newest first, from those with a number below a bound. No media may be in two of the lists.
func Newest(lists [][]*Media, below uint64) iter.Seq[*Media] {
	return func(yield func(*Media) bool) {
		heads := make([][]*Media, 0, len(lists))
		for _, list := range lists {
			if n := Older(list, below); n > 0 {
				heads = append(heads, list[:n])
			}
		}
		for len(heads) > 0 {
			newest := 0
			for i, list := range heads {
				if list[len(list)-1].Number > heads[newest][len(heads[newest])-1].Number {
					newest = i
				}
			}
			list := heads[newest]
			if !yield(list[len(list)-1]) {
				return
			}
			if heads[newest] = list[:len(list)-1]; len(list) == 1 {
				heads = slices.Delete(heads, newest, newest+1)
			}
		}
	}
}

// Near are the media from within a radius in metres, the newest first, with a number below a bound.
func (w *World) Near(center Point, radius float64, below uint64) iter.Seq[*Media] {
	var lists [][]*Media
	for _, p := range w.Places {
		if Metres(center, p.Point) <= radius {
			lists = append(lists, p.Media)
		}
	}
	lists = append(lists, w.pointed)
	// One degree of latitude is more than this many metres everywhere.
	const degree = 110_000
	return func(yield func(*Media) bool) {
		for m := range Newest(lists, below) {
			if m.Place == nil && (math.Abs(m.Point.Lat-center.Lat)*degree > radius || Metres(center, *m.Point) > radius) {
				continue
			}
			if !yield(m) {
				return
			}
		}
	}
}

// InOrder says whether the order of numbers is that of time.
func (w *World) InOrder() bool { return !w.mixed }

// NumberAfter is a bound for numbers: every media that was created before a time, in UNIX seconds,
// has a lower one. It is as low as is known.
func (w *World) NumberAfter(before int64) uint64 {
	if w.mixed {
		return math.MaxUint64
	}
	i, _ := slices.BinarySearchFunc(w.Timeline, before, func(m *Media, t int64) int { return cmp.Compare(m.Created, t) })
	if i == len(w.Timeline) {
		return math.MaxUint64
	}
	return w.Timeline[i].Number
}

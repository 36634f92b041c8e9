package seed

import (
	"cmp"
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// maxLikes is how many likes a media of the seed has at most.
const maxLikes = 500

// like is who likes what, both counted from 0. Likes are sorted by their times, in UNIX seconds.
type like struct{ media, user uint32 }

// seedLikes gives most media a few likes and some very many. They come up to three months after the
// media, so the order of likes is not that of media.
func (s *seeder) seedLikes() {
	likes := make([]keyed[like], 0, 9*len(s.Timeline))
	for i, m := range s.Timeline {
		x := s.Float64()
		n := int(22 * (x * x))
		if i%400 == 399 {
			n = min(len(s.Everyone)*9/10, maxLikes)
		}
		first := len(likes)
		for range n {
			if u := s.IntN(len(s.Everyone)); s.CanView(s.Everyone[u], m.Owner) {
				likes = append(likes, keyed[like]{m.Created + s.Int64N(90*day), like{uint32(i), uint32(u)}})
			}
		}
		likes = likes[:first+len(once(likes[first:]))]
	}
	s.addLikes(sorted(likes, make([]keyed[like], len(likes))))
}

// once leaves the first like of each user, in the order of the users.
func once(likes []keyed[like]) []keyed[like] {
	slices.SortFunc(likes, func(a, b keyed[like]) int {
		return cmp.Or(cmp.Compare(a.value.user, b.value.user), cmp.Compare(a.key, b.key))
	})
	return slices.CompactFunc(likes, func(a, b keyed[like]) bool { return a.value.user == b.value.user })
}

// addLikes files likes that are in the order in which they came.
func (s *seeder) addLikes(likes []keyed[like]) {
	first := s.TakeLinks(len(likes))
	ofUser, ofMedia := make([]int, len(s.Everyone)), make([]int, len(s.Timeline))
	for _, l := range likes {
		ofUser[l.value.user]++
		ofMedia[l.value.media]++
	}
	var liked slab[world.Link[*world.Media]]
	lists := make([]world.Links[*world.Media], len(s.Everyone))
	for i := range lists {
		lists[i] = liked.take(ofUser[i])[:0]
	}
	for i, l := range likes {
		u := l.value.user
		lists[u] = append(lists[u], world.Link[*world.Media]{To: s.Timeline[l.value.media], Seq: first + uint64(i)})
	}
	for i, u := range s.Everyone {
		u.Liked = lists[i]
	}
	s.addLikers(likes, first, ofMedia)
}

// addLikers files the same likes under the media. They are sorted by them first: with millions of
// likes, going to one media after the other in the order of the likes takes longer.
func (s *seeder) addLikers(likes []keyed[like], first uint64, ofMedia []int) {
	for i := range likes {
		l := &likes[i]
		l.key, l.value.media = int64(l.value.media), uint32(i) // the place of the like among all
	}
	likes = sorted(likes, make([]keyed[like], len(likes)))
	var likers slab[world.Link[*world.User]]
	for i, m := range s.Timeline {
		m.Likes = likers.take(ofMedia[i])
		for j := range m.Likes {
			l := likes[j].value
			m.Likes[j] = world.Link[*world.User]{To: s.Everyone[l.user], Seq: first + uint64(l.media)}
		}
		likes = likes[len(m.Likes):]
	}
}

func (s *seeder) seedComments() {
	var lists slab[*world.Comment]
	latest := s.end + s.shift
	for i, m := range s.Timeline {
		x := s.Float64()
		n := int(7 * (x * x))
		if i%800 == 799 {
			n = 170
		}
		m.Comments = lists.take(n)[:0]
		at := m.Created
		for range n {
			at = min(at+1+s.Int64N(3*60*60), latest)
			if u := pick(s, s.Everyone); s.CanView(u, m.Owner) {
				c := &s.comments.take(1)[0]
				*c = world.Comment{ID: s.NextComment(), From: u, Text: pick(s, remarks), Created: at}
				m.Comments = append(m.Comments, c)
			}
		}
	}
}

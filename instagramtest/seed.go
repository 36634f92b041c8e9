package instagramtest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// size says how much a seeded world holds.
type size struct {
	users     int // at least 2
	media     int // of everybody but the main user
	mainMedia int // of the main user
}

var defaultSize = size{users: 150, media: 3000, mainMedia: 240}

const (
	day = 24 * 60 * 60
	// lately is how long before the start of the server the recent part of the world reaches back, in seconds.
	lately = 30 * day
)

// shutdown is the last day of the real service. The ids of the seeded world are those of a world that ended then, so
// they are the same whenever the server starts.
var shutdown = time.Date(2020, 6, 29, 0, 0, 0, 0, time.UTC)

// seeder builds a world from a seed. The same seed, size and generation give the same world, but for the times of the
// last thirty days: those are counted back from the day on which the server starts, so that there is always something new.
type seeder struct {
	*rand.Rand
	*world
	size
	bare  bool  // some media have coordinates and no place, which went out of use
	end   int64 // when the world ends as its ids tell, in UNIX seconds
	shift int64 // from there to the day on which the server starts
}

func seedWorld(seed int64, sz size, w Wire, now time.Time) *world {
	today := now.Truncate(24 * time.Hour)
	end := today
	if end.After(shutdown) {
		end = shutdown
	}
	s := &seeder{
		Rand:  rand.New(rand.NewPCG(uint64(seed), 0x1574083)),
		world: newWorld(w),
		size:  sz,
		bare:  w != Wire2017,
		end:   end.Unix(),
		shift: today.Unix() - end.Unix(),
	}
	s.seedUsers()
	s.seedPlaces()
	s.seedMedia()
	s.seedFollows()
	s.seedLikes()
	s.seedComments()
	return s.world
}

func pick[T any](s *seeder, from []T) T { return from[s.IntN(len(from))] }

func (s *seeder) chance(percent int) bool { return s.IntN(100) < percent }

func (s *seeder) seedUsers() {
	id := uint64(1574083)
	for i := range s.size.users {
		given, family := givenNames[i%len(givenNames)], familyNames[i%len(familyNames)]
		u := &user{
			id:       id,
			username: strings.ToLower(given + "." + family),
			fullName: given + " " + family,
			bio:      pick(s, bios),
			private:  i%8 == 5,
			business: i%11 == 3,
		}
		if i >= len(givenNames)*len(familyNames) {
			u.username += fmt.Sprintf("%d", i)
		}
		if i%6 == 4 {
			u.fullName = nativeNames[i/6%len(nativeNames)]
		}
		if i%3 == 0 {
			u.website = "http://" + strings.ToLower(family) + ".example/" + strings.ToLower(given)
		}
		s.addUser(u)
		id += 1 + uint64(s.IntN(2_000_000))
	}
}

func (s *seeder) seedPlaces() {
	for i, p := range seedPlaces {
		id := uint64(833 + 51_907*i)
		s.places[id] = &place{
			id: id, name: p.name, address: p.address, point: point{p.lat, p.lng},
			facebookPlacesID: fmt.Sprint(106_000_000_000_000 + uint64(s.IntN(1_000_000_000))),
			foursquareID:     fmt.Sprint(42_000 + i),
			foursquareV2ID:   fmt.Sprintf("4b0588%06x%012x", s.IntN(1<<24), s.Int64N(1<<48)),
		}
	}
}

// seedMedia spreads the media over the years, more and more of them, and a tenth over the last thirty days. Some more of
// public users are from the last four days, so that a search of media finds something at every place, and much at one.
func (s *seeder) seedMedia() {
	places := make([]*place, 0, len(s.places))
	for _, p := range s.places {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b *place) int { return cmp.Compare(a.id, b.id) })
	var public []*user
	for _, u := range s.everyone[1:] {
		if !u.private {
			public = append(public, u)
		}
	}
	if public == nil {
		public = s.everyone
	}

	all := make([]*media, 0, s.size.media+s.mainMedia)
	for i := range s.size.media {
		owner := s.everyone[1+int(float64(len(s.everyone)-1)*math.Pow(s.Float64(), 1.5))]
		hot := i%20 == 0
		if hot {
			owner = pick(s, public)
		}
		m := s.newMedia(owner, places)
		if hot {
			m.created = s.end - 1 - s.Int64N(4*day)
			m.place, m.point = places[i/20%len(places)], nil
			if i%60 == 0 {
				m.place = places[s.IntN(busyPlaces)]
			}
		}
		all = append(all, m)
	}
	for range s.mainMedia {
		all = append(all, s.newMedia(s.main, places))
	}
	slices.SortStableFunc(all, func(a, b *media) int { return cmp.Compare(a.created, b.created) })
	for _, m := range all {
		s.addMedia(m)
	}
	for _, m := range all {
		m.created = s.told(m.created)
		if m.caption != nil {
			m.caption.id, m.caption.created = s.nextComment(), m.created
		}
	}
}

// told is the time that the world tells for a time its ids were made from.
func (s *seeder) told(t int64) int64 {
	if t > s.end-lately {
		return t + s.shift
	}
	return t
}

func (s *seeder) newMedia(owner *user, places []*place) *media {
	m := &media{owner: owner, filter: pick(s, filters), shape: shapes[s.IntN(len(shapes))]}
	since := int64(launch/1000 + day)
	if since >= s.end-lately {
		since = s.end - 10*365*day
	}
	if s.chance(10) {
		m.created = s.end - 1 - s.Int64N(lately)
	} else {
		m.created = since + int64(math.Sqrt(s.Float64())*float64(s.end-lately-since))
	}
	switch n := s.IntN(100); {
	case n < 12:
		m.kind = kindCarousel
		for range 2 + s.IntN(3) {
			p := part{kind: kindImage, tagged: s.tagUsers()}
			if s.chance(25) {
				p.kind = kindVideo
			}
			m.parts = append(m.parts, p)
		}
	case n < 30:
		m.kind = kindVideo
	}
	if !s.chance(8) {
		text := pick(s, captions)
		m.caption = &comment{from: owner, text: text}
		m.tags = tagsIn(text)
	}
	switch n := s.IntN(100); {
	case n < 45:
		m.place = pick(s, places)
	case n < 55 && s.bare:
		m.point = s.near(pick(s, places).point)
	}
	m.tagged = s.tagUsers()
	if s.chance(5) {
		m.app = &attributions[s.IntN(len(attributions))]
	}
	return m
}

// near moves a point by up to about 300 metres.
func (s *seeder) near(p point) *point {
	round := func(f float64) float64 { return math.Round(f*1e6) / 1e6 }
	return &point{round(p.lat + (s.Float64()-0.5)*0.004), round(p.lng + (s.Float64()-0.5)*0.004)}
}

func (s *seeder) tagUsers() []taggedUser {
	if !s.chance(10) {
		return nil
	}
	var tagged []taggedUser
	for range 1 + s.IntN(3) {
		u := pick(s, s.everyone)
		if !slices.ContainsFunc(tagged, func(t taggedUser) bool { return t.user == u }) {
			tagged = append(tagged, taggedUser{u, math.Round(s.Float64()*1e4) / 1e4, math.Round(s.Float64()*1e4) / 1e4})
		}
	}
	return tagged
}

// seedFollows gives each user some follows and, to the private ones, requests that wait. The main user has a bit of
// everything: private users followed, asked and not followed, requests to answer, somebody blocked.
func (s *seeder) seedFollows() {
	follow := func(u, target *user) {
		if u == target {
			return
		}
		s.follow(u, target)
		if target.private && s.chance(80) {
			s.approve(target, u)
		}
	}
	for _, u := range s.everyone[1:] {
		for range 8 + s.IntN(30) {
			follow(u, pick(s, s.everyone[1:]))
		}
		if s.chance(75) {
			follow(u, s.main)
		}
	}
	var private int
	for i, u := range s.everyone[1:] {
		switch {
		case u.private:
			private++
			if private%3 != 0 {
				s.follow(s.main, u)
			}
			if private%3 == 1 {
				s.approve(u, s.main)
			}
		case i%2 == 0:
			s.follow(s.main, u)
		}
	}
	// Requests stay open when an account that was private opens up.
	s.main.private = true
	for _, u := range s.everyone[max(1, len(s.everyone)-12):] {
		s.follow(u, s.main)
	}
	s.main.private = false
	if last := s.everyone[len(s.everyone)-1]; len(s.everyone) > 20 {
		s.block(s.main, last)
	}
}

// seedLikes gives most media a few likes and some very many. They come up to three months after the media, so the order
// of likes is not that of media.
func (s *seeder) seedLikes() {
	type like struct {
		*user
		*media
		at int64
	}
	var likes []like
	for i, m := range s.timeline {
		n := int(22 * math.Pow(s.Float64(), 2))
		if i%400 == 399 {
			n = len(s.everyone) * 9 / 10
		}
		for range n {
			if u := pick(s, s.everyone); s.canView(u, m.owner) {
				likes = append(likes, like{u, m, m.created + s.Int64N(90*day)})
			}
		}
	}
	slices.SortFunc(likes, func(a, b like) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id))
	})
	for _, l := range likes {
		s.like(l.user, l.media)
	}
}

func (s *seeder) seedComments() {
	latest := s.end + s.shift
	for i, m := range s.timeline {
		n := int(7 * math.Pow(s.Float64(), 2))
		if i%800 == 799 {
			n = 170
		}
		at := m.created
		for range n {
			at = min(at+1+s.Int64N(3*60*60), latest)
			if u := pick(s, s.everyone); s.canView(u, m.owner) {
				s.comment(u, m, pick(s, remarks), at)
			}
		}
	}
}

// Package seed makes a world from a number.
package seed

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

var shapes = [...]world.Shape{1000, 1000, 1250, 523}

// Size says how much a seeded world holds.
type Size struct {
	Users     int // at least 2
	Media     int // of everybody but the main user
	MainMedia int // of the main user
}

// DefaultSize is the size of a world if nothing else is said.
var DefaultSize = Size{Users: 150, Media: 3000, MainMedia: 240}

const (
	day = 24 * 60 * 60
	// Lately is how long before the start of the server the recent part of the world reaches back,
	// in seconds.
	Lately = 30 * day
)

// shutdown is the last day of the real service. The ids of the seeded world are those of a world
// that ended then, so they are the same whenever the server starts.
var shutdown = time.Date(2020, 6, 29, 0, 0, 0, 0, time.UTC)

// seeder builds a world from a seed. The same seed, size and generation give the same world, but
// for the times of the last thirty days: those are counted back from the day on which the server
// starts, so that there is always something new.
type seeder struct {
	*rand.Rand
	*world.World
	Size
	Bare  bool  // see Form
	end   int64 // when the world ends as its ids tell, in UNIX seconds
	shift int64 // from there to the day on which the server starts
}

// Form is what depends on the generation of the API that the world is for.
type Form struct {
	Counting bool // media numbers count up instead of carrying their time
	Bare     bool // some media have coordinates and no place, which went out of use
}

// World makes a world. The same seed, size and form always make the same one, but for the times of
// its last thirty days.
func World(seed int64, sz Size, form Form, now time.Time) *world.World {
	today := now.Truncate(24 * time.Hour)
	end := today
	if end.After(shutdown) {
		end = shutdown
	}
	s := &seeder{
		Rand:  rand.New(rand.NewPCG(uint64(seed), 0x1574083)),
		World: world.New(form.Counting),
		Size:  sz,
		Bare:  form.Bare,
		end:   end.Unix(),
		shift: today.Unix() - end.Unix(),
	}
	s.seedUsers()
	s.seedPlaces()
	s.seedMedia()
	s.seedFollows()
	s.seedLikes()
	s.seedComments()
	return s.World
}

func pick[T any](s *seeder, from []T) T { return from[s.IntN(len(from))] }

func (s *seeder) chance(percent int) bool { return s.IntN(100) < percent }

func (s *seeder) seedUsers() {
	id := uint64(1574083)
	for i := range s.Size.Users {
		given, family := givenNames[i%len(givenNames)], familyNames[i%len(familyNames)]
		u := &world.User{
			ID:       id,
			Username: strings.ToLower(given + "." + family),
			FullName: given + " " + family,
			Bio:      pick(s, bios),
			Private:  i%8 == 5,
			Business: i%11 == 3,
		}
		if i >= len(givenNames)*len(familyNames) {
			u.Username += fmt.Sprintf("%d", i)
		}
		if i%6 == 4 {
			u.FullName = nativeNames[i/6%len(nativeNames)]
		}
		if i%3 == 0 {
			u.Website = "http://" + strings.ToLower(family) + ".example/" + strings.ToLower(given)
		}
		s.AddUser(u)
		id += 1 + uint64(s.IntN(2_000_000))
	}
}

func (s *seeder) seedPlaces() {
	for i, p := range seedPlaces {
		id := uint64(833 + 51_907*i)
		s.Places[id] = &world.Place{
			ID: id, Name: p.name, Address: p.address, Point: world.Point{Lat: p.lat, Lng: p.lng},
			FacebookPlacesID: fmt.Sprint(106_000_000_000_000 + uint64(s.IntN(1_000_000_000))),
			FoursquareID:     fmt.Sprint(42_000 + i),
			FoursquareV2ID:   fmt.Sprintf("4b0588%06x%012x", s.IntN(1<<24), s.Int64N(1<<48)),
		}
	}
}

// seedMedia spreads the media over the years, more and more of them, and a tenth over the last
// thirty days. Some more of public users are from the last four days, so that a search of media
// finds something at every place, and much at one.
func (s *seeder) seedMedia() {
	places := make([]*world.Place, 0, len(s.Places))
	for _, p := range s.Places {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b *world.Place) int { return cmp.Compare(a.ID, b.ID) })
	var public []*world.User
	for _, u := range s.Everyone[1:] {
		if !u.Private {
			public = append(public, u)
		}
	}
	if public == nil {
		public = s.Everyone
	}

	all := make([]*world.Media, 0, s.Size.Media+s.MainMedia)
	for i := range s.Size.Media {
		owner := s.Everyone[1+int(float64(len(s.Everyone)-1)*math.Pow(s.Float64(), 1.5))]
		hot := i%20 == 0
		if hot {
			owner = pick(s, public)
		}
		m := s.newMedia(owner, places)
		if hot {
			m.Created = s.end - 1 - s.Int64N(4*day)
			m.Place, m.Point = places[i/20%len(places)], nil
			if i%60 == 0 {
				m.Place = places[s.IntN(busyPlaces)]
			}
		}
		all = append(all, m)
	}
	for range s.MainMedia {
		all = append(all, s.newMedia(s.Main, places))
	}
	slices.SortStableFunc(all, func(a, b *world.Media) int { return cmp.Compare(a.Created, b.Created) })
	for _, m := range all {
		s.AddMedia(m)
	}
	for _, m := range all {
		m.Created = s.told(m.Created)
		if m.Caption != nil {
			m.Caption.ID, m.Caption.Created = s.NextComment(), m.Created
		}
	}
}

// told is the time that the world tells for a time its ids were made from.
func (s *seeder) told(t int64) int64 {
	if t > s.end-Lately {
		return t + s.shift
	}
	return t
}

func (s *seeder) newMedia(owner *world.User, places []*world.Place) *world.Media {
	m := &world.Media{Owner: owner, Filter: pick(s, filters), Shape: shapes[s.IntN(len(shapes))]}
	since := int64(world.Launch/1000 + day)
	if since >= s.end-Lately {
		since = s.end - 10*365*day
	}
	if s.chance(10) {
		m.Created = s.end - 1 - s.Int64N(Lately)
	} else {
		m.Created = since + int64(math.Sqrt(s.Float64())*float64(s.end-Lately-since))
	}
	switch n := s.IntN(100); {
	case n < 12:
		m.Kind = world.KindCarousel
		for range 2 + s.IntN(3) {
			p := world.Part{Kind: world.KindImage, Tagged: s.tagUsers()}
			if s.chance(25) {
				p.Kind = world.KindVideo
			}
			m.Parts = append(m.Parts, p)
		}
	case n < 30:
		m.Kind = world.KindVideo
	}
	if !s.chance(8) {
		text := pick(s, captions)
		m.Caption = &world.Comment{From: owner, Text: text}
		m.Tags = world.TagsIn(text)
	}
	switch n := s.IntN(100); {
	case n < 45:
		m.Place = pick(s, places)
	case n < 55 && s.Bare:
		m.Point = s.near(pick(s, places).Point)
	}
	m.Tagged = s.tagUsers()
	if s.chance(5) {
		m.App = &attributions[s.IntN(len(attributions))]
	}
	return m
}

// near moves a point by up to about 300 metres.
func (s *seeder) near(p world.Point) *world.Point {
	round := func(f float64) float64 { return math.Round(f*1e6) / 1e6 }
	return &world.Point{Lat: round(p.Lat + (s.Float64()-0.5)*0.004), Lng: round(p.Lng + (s.Float64()-0.5)*0.004)}
}

func (s *seeder) tagUsers() []world.TaggedUser {
	if !s.chance(10) {
		return nil
	}
	var tagged []world.TaggedUser
	for range 1 + s.IntN(3) {
		u := pick(s, s.Everyone)
		if !slices.ContainsFunc(tagged, func(t world.TaggedUser) bool { return t.User == u }) {
			tagged = append(tagged, world.TaggedUser{User: u, X: math.Round(s.Float64()*1e4) / 1e4, Y: math.Round(s.Float64()*1e4) / 1e4})
		}
	}
	return tagged
}

// seedFollows gives each user some follows and, to the private ones, requests that wait. The main
// user has a bit of everything: private users followed, asked and not followed, requests to answer,
// somebody blocked.
func (s *seeder) seedFollows() {
	follow := func(u, target *world.User) {
		if u == target {
			return
		}
		s.Follow(u, target)
		if target.Private && s.chance(80) {
			s.Approve(target, u)
		}
	}
	for _, u := range s.Everyone[1:] {
		for range 8 + s.IntN(30) {
			follow(u, pick(s, s.Everyone[1:]))
		}
		if s.chance(75) {
			follow(u, s.Main)
		}
	}
	var private int
	for i, u := range s.Everyone[1:] {
		switch {
		case u.Private:
			private++
			if private%3 != 0 {
				s.Follow(s.Main, u)
			}
			if private%3 == 1 {
				s.Approve(u, s.Main)
			}
		case i%2 == 0:
			s.Follow(s.Main, u)
		}
	}
	// Requests stay open when an account that was private opens up.
	s.Main.Private = true
	for _, u := range s.Everyone[max(1, len(s.Everyone)-12):] {
		s.Follow(u, s.Main)
	}
	s.Main.Private = false
	if last := s.Everyone[len(s.Everyone)-1]; len(s.Everyone) > 20 {
		s.Block(s.Main, last)
	}
}

// seedLikes gives most media a few likes and some very many. They come up to three months after the
// media, so the order of likes is not that of media.
func (s *seeder) seedLikes() {
	// The fields that likes are sorted by are copied, so that sorting millions of them stays within
	// them.
	type like struct {
		at, number, id uint64
		user           *world.User
		media          *world.Media
	}
	likes := make([]like, 0, 9*len(s.Timeline))
	for i, m := range s.Timeline {
		n := int(22 * math.Pow(s.Float64(), 2))
		if i%400 == 399 {
			n = min(len(s.Everyone)*9/10, maxLikes)
		}
		for range n {
			if u := pick(s, s.Everyone); s.CanView(u, m.Owner) {
				likes = append(likes, like{uint64(m.Created + s.Int64N(90*day)), m.Number, u.ID, u, m})
			}
		}
	}
	slices.SortFunc(likes, func(a, b like) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id))
	})
	// Room is made for all likes of a user and of a media at once: growing them would cost more
	// than they do.
	ofUser, ofMedia := make([]int, len(s.Everyone)), make([]int, len(s.Timeline))
	for _, l := range likes {
		ofUser[l.user.Serial]++
		ofMedia[l.media.Serial]++
	}
	for _, u := range s.Everyone {
		u.Likes = make(map[uint64]uint64, ofUser[u.Serial])
		u.Liked = make(world.Links[*world.Media], 0, ofUser[u.Serial])
	}
	for _, m := range s.Timeline {
		m.Likes = make(world.Links[*world.User], 0, ofMedia[m.Serial])
	}
	for _, l := range likes {
		s.Like(l.user, l.media)
	}
}

// maxLikes is how many likes a media of the seed has at most.
const maxLikes = 500

func (s *seeder) seedComments() {
	latest := s.end + s.shift
	for i, m := range s.Timeline {
		n := int(7 * math.Pow(s.Float64(), 2))
		if i%800 == 799 {
			n = 170
		}
		at := m.Created
		for range n {
			at = min(at+1+s.Int64N(3*60*60), latest)
			if u := pick(s, s.Everyone); s.CanView(u, m.Owner) {
				s.Comment(u, m, pick(s, remarks), at)
			}
		}
	}
}

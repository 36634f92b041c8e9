// Package seed makes a world from a number.
package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

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
	Bare     bool  // see Form
	end      int64 // when the world ends as its ids tell, in UNIX seconds
	shift    int64 // from there to the day on which the server starts
	comments slab[world.Comment]
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

// Package world holds users, media, tags and places, what connects them, and the lists by which
// they are found. It does not know how they are written in an answer.
package world

import (
	"sync"
	"sync/atomic"
)

// Latest is the last n of a list that has the oldest first.
func Latest[S ~[]T, T any](s S, n int) S { return s[max(0, len(s)-n):] }

// World is everything the server knows: users, media, tags, places and what connects them. Its
// methods expect the caller to hold Mu, for reading or for writing as they need.
type World struct {
	Mu sync.RWMutex

	Main        *User // whose token the program prints
	Users       map[uint64]*User
	Usernames   map[string]*User
	Everyone    []*User           // in the order in which they joined
	Media       map[uint64]*Media // nil for a media that was deleted
	Timeline    []*Media          // every media, oldest first
	Tags        map[string]*Tag
	Places      map[uint64]*Place
	Geographies map[uint64]*Geography
	Codes       map[string]*Media // by shortcodes that do not spell the number

	// Counting says that media numbers count up from the launch instead of carrying their time.
	Counting bool
	names    atomic.Pointer[names]
	newest   uint64   // the highest number that a media has had
	pointed  []*Media // those with coordinates and no place, oldest first
	mixed    bool     // the order of numbers is not that of time, as recordings may have it
	// These are the newest numbers that were given to a link, a comment and a geography.
	lastLink, lastComment, lastGeography uint64
}

// New makes an empty world.
func New(counting bool) *World {
	return &World{
		Users:       map[uint64]*User{},
		Usernames:   map[string]*User{},
		Media:       map[uint64]*Media{},
		Tags:        map[string]*Tag{},
		Places:      map[uint64]*Place{},
		Geographies: map[uint64]*Geography{},
		Codes:       map[string]*Media{},
		Counting:    counting,
		lastLink:    1_000_000_000_000,
	}
}

package world

import "sync/atomic"

// UserCounts are the counts of a user as they were recorded.
type UserCounts struct{ Media, Follows, FollowedBy int }

// User is somebody in the world.
type User struct {
	Serial   int // counts the users of a world
	ID       uint64
	Username string
	FullName string
	Bio      string
	Website  string
	Private  bool
	Business bool
	Blocked  map[uint64]bool // users, by id; nil if there are none
	// What was recorded of a user, if the world was.
	Picture string     // the URL
	More    []byte     // other members, each after a comma
	Unseen  UserCounts // of what counts, but was not recorded

	Media   []*Media // oldest first
	Stories []*Media // oldest first; v1 does not know them

	Follows     Links[*User]
	FollowedBy  Links[*User]
	RequestedBy Links[*User]
	Liked       Links[*Media]

	// The sequence numbers of the user's own links, to find and to end them.
	Following  map[uint64]uint64                 // by user id
	Requesting map[uint64]uint64                 // by user id
	likes      atomic.Pointer[map[uint64]uint64] // by media number; see likesByMedia
}

// AddUser files a user. The first becomes the main one.
func (w *World) AddUser(u *User) {
	u.Following = map[uint64]uint64{}
	u.Requesting = map[uint64]uint64{}
	u.Serial = len(w.Everyone)
	w.Users[u.ID] = u
	w.Usernames[u.Username] = u
	w.Everyone = append(w.Everyone, u)
	if w.Main == nil {
		w.Main = u
	}
}

// UserNamed finds a user by username or id, as people write it in tests.
func (w *World) UserNamed(name string) *User {
	if u := w.Usernames[name]; u != nil {
		return u
	}
	id, _ := ParseID(name)
	return w.Users[id]
}

// CanView says whether the viewer, nil for none, may see what a user has posted.
func (w *World) CanView(viewer, owner *User) bool {
	switch {
	case viewer == owner:
		return true
	case viewer == nil:
		return !owner.Private
	case owner.Blocked != nil && owner.Blocked[viewer.ID]:
		return false
	default:
		return !owner.Private || viewer.Following[owner.ID] != 0
	}
}

// IsListed says whether a user's media are shown to the viewer where media of many users are found:
// by tag, by place, among the popular. There, private media are shown to their owner alone.
func IsListed(viewer, owner *User) bool {
	return owner == viewer || !owner.Private && (viewer == nil || !owner.Blocked[viewer.ID])
}

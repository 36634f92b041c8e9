package instagramtest

import (
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// User is somebody in the server's world.
type User struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	FullName string `json:"full_name"`
	Bio      string `json:"bio"`
	Website  string `json:"website"`
	Private  bool   `json:"private"`
}

// Users are all users of the world. The first is the main one, with the most media and a bit of
// everything among their relationships; more than half of the rest are public.
func (s *Server) Users() []User {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	users := make([]User, 0, len(w.Everyone))
	for _, u := range w.Everyone {
		users = append(users, newUser(u))
	}
	return users
}

// PrivateUser is a private user whose media the first user may not see: whom that user does not
// follow. If the world has none, that is a mistake in the test, and PrivateUser panics.
func (s *Server) PrivateUser() User {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	for _, u := range w.Everyone {
		if u.Private && !w.CanView(w.Main, u) && w.Main.Requesting[u.ID] == 0 {
			return newUser(u)
		}
	}
	panic("instagramtest: the world has no private user whom the first user does not follow")
}

func newUser(u *world.User) User {
	return User{
		ID: strconv.FormatUint(u.ID, 10), Username: u.Username, FullName: u.FullName,
		Bio: u.Bio, Website: u.Website, Private: u.Private,
	}
}

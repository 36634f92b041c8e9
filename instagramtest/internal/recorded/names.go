package recorded

import (
	"hash/fnv"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// whoIs is the user that an object is about. In 2018 some objects had a username and no id.
func (l *loader) whoIs(o object) (*world.User, error) {
	name := strings.ToLower(o.text("username"))
	if o["id"] != nil || name == "" {
		id, err := o.id()
		if err != nil {
			return nil, err
		}
		return l.person(id), nil
	}
	u := l.nameless[name]
	if u == nil {
		u = &world.User{}
		l.nameless[name] = u
	}
	return u, nil
}

// nameUsers finds out who the users are that are known by their usernames alone: users that are
// known by their ids elsewhere, or else users with an id that is made from the username.
func (l *loader) nameUsers() {
	known := map[string]*world.User{}
	for _, u := range l.order {
		known[strings.ToLower(u.Username)] = u
	}
	is := map[*world.User]*world.User{}
	names := make([]string, 0, len(l.nameless))
	for name := range l.nameless {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		u := l.nameless[name]
		if known[name] != nil {
			is[u] = known[name]
			continue
		}
		for u.ID = idOf(name); l.people[u.ID] != nil; u.ID++ {
		}
		l.people[u.ID] = u
		l.order = append(l.order, u)
	}
	if len(is) > 0 {
		l.replaceUsers(is)
	}
}

// idOf makes an id from a username: always the same, and larger than those that were given out.
func idOf(username string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(username))
	return 1_000_000_000_000 + h.Sum64()%1_000_000_000_000
}

// replaceUsers puts users in the place of others, wherever they stand.
func (l *loader) replaceUsers(is map[*world.User]*world.User) {
	replace := func(u **world.User) {
		if other := is[*u]; other != nil {
			*u = other
		}
	}
	for _, m := range l.Media {
		replace(&m.Owner)
		if m.Caption != nil {
			replace(&m.Caption.From)
		}
		for _, c := range m.Comments {
			replace(&c.From)
		}
	}
	for _, c := range l.comments {
		replace(&c.From)
	}
	for _, likers := range l.likers {
		for i := range likers {
			replace(&likers[i])
		}
	}
	for _, list := range l.lists {
		for i := range list.users {
			replace(&list.users[i])
		}
	}
}

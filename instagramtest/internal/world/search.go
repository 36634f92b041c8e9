package world

import (
	"index/suffixarray"
	"strings"
)

// names finds users by parts of what they are called. It does not go through all users: a world
// can have very many.
type names struct {
	index *suffixarray.Index // of all names in lower case, each between two ends
	users []int32            // whose name it is at each place of the text, counted from 0
	of    int                // how many users there were
}

// nameEnd stands before and after each name.
const nameEnd = "\x00"

// SearchUsers finds up to so many users by a part of either name, in lower case: first who is called
// just so, then whose name starts so.
func (w *World) SearchUsers(part string, count int) []*User {
	if part == "" || strings.Contains(part, nameEnd) {
		return nil
	}
	n := w.searchable()
	found := make([]*User, 0, min(count, len(w.Everyone)))
	seen := make([]bool, len(w.Everyone))
	for _, text := range []string{nameEnd + part + nameEnd, nameEnd + part, part} {
		hits := make([]bool, len(w.Everyone))
		for _, at := range n.index.Lookup([]byte(text), -1) {
			hits[n.users[at+len(text)-1]] = true
		}
		for i, hit := range hits {
			if len(found) == count {
				return found
			}
			if hit && !seen[i] {
				seen[i] = true
				found = append(found, w.Everyone[i])
			}
		}
	}
	return found
}

// searchable makes the index when it is needed for the first time. Several who only read may make
// it at once; theirs are all the same.
func (w *World) searchable() *names {
	if n := w.names.Load(); n != nil && n.of == len(w.Everyone) {
		return n
	}
	var text strings.Builder
	n := &names{of: len(w.Everyone)}
	for i, u := range w.Everyone {
		text.WriteString(nameEnd + strings.ToLower(u.Username) + nameEnd + strings.ToLower(u.FullName) + nameEnd)
		for len(n.users) < text.Len() {
			n.users = append(n.users, int32(i))
		}
	}
	n.index = suffixarray.New([]byte(text.String()))
	w.names.Store(n)
	return n
}

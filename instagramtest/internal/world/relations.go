package world

func (w *World) nextLink() uint64 { return w.TakeLinks(1) }

// TakeLinks takes so many sequence numbers for links to be made, and returns the first of them.
func (w *World) TakeLinks(n int) (first uint64) {
	first = w.lastLink + 1
	w.lastLink += uint64(n)
	return first
}

// Follow makes a public user followed and asks a private one.
func (w *World) Follow(u, target *User) {
	if u.Following[target.ID] != 0 || u.Requesting[target.ID] != 0 {
		return
	}
	if target.Private {
		w.Request(u, target)
		return
	}
	seq := w.nextLink()
	u.Following[target.ID] = seq
	u.Follows.add(target, seq)
	target.FollowedBy.add(u, seq)
}

// Request makes a user ask to follow another.
func (w *World) Request(u, target *User) {
	seq := w.nextLink()
	u.Requesting[target.ID] = seq
	target.RequestedBy.add(u, seq)
}

// Unfollow takes back a follow or a request.
func (w *World) Unfollow(u, target *User) {
	w.Ignore(target, u)
	seq := u.Following[target.ID]
	delete(u.Following, target.ID)
	u.Follows.remove(seq)
	target.FollowedBy.remove(seq)
}

// Approve turns the request of a user into a follow, and says whether there was one.
func (w *World) Approve(u, from *User) bool {
	if !w.Ignore(u, from) {
		return false
	}
	seq := w.nextLink()
	from.Following[u.ID] = seq
	from.Follows.add(u, seq)
	u.FollowedBy.add(from, seq)
	return true
}

// Ignore drops the request of a user, and says whether there was one.
func (w *World) Ignore(u, from *User) bool {
	seq := from.Requesting[u.ID]
	delete(from.Requesting, u.ID)
	u.RequestedBy.remove(seq)
	return seq != 0
}

// Block ends follows and requests in both directions.
func (w *World) Block(u, target *User) {
	w.Unfollow(u, target)
	w.Unfollow(target, u)
	u.SetBlocked(target)
}

// SetBlocked notes that the user has blocked another, and ends nothing.
func (u *User) SetBlocked(target *User) {
	if u.Blocked == nil {
		u.Blocked = map[uint64]bool{}
	}
	u.Blocked[target.ID] = true
}

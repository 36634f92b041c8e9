package world

// Like does nothing if the user likes the media already.
func (w *World) Like(u *User, m *Media) {
	likes := u.likesByMedia()
	if likes[m.Number] != 0 {
		return
	}
	seq := w.nextLink()
	likes[m.Number] = seq
	u.Liked.add(m, seq)
	m.Likes.add(u, seq)
	m.Version++
}

// Unlike does nothing if the user does not like the media.
func (w *World) Unlike(u *User, m *Media) {
	seq := u.LikeOf(m)
	u.unlike(m, seq)
	m.Likes.remove(seq)
	m.Version++
}

func (u *User) unlike(m *Media, seq uint64) {
	u.Liked.remove(seq)
	if likes := u.likes.Load(); likes != nil {
		delete(*likes, m.Number)
	}
}

// LikeOf is the sequence number of the user's like of a media, 0 if there is none.
func (u *User) LikeOf(m *Media) uint64 { return u.likesByMedia()[m.Number] }

// likesByMedia are the sequence numbers of the user's likes, by the numbers of the media. Of most
// users, nobody ever asks whether they like something: the map is made when somebody does. Several
// who only read may make it at once; theirs are all the same.
func (u *User) likesByMedia() map[uint64]uint64 {
	if likes := u.likes.Load(); likes != nil {
		return *likes
	}
	likes := make(map[uint64]uint64, len(u.Liked))
	for _, l := range u.Liked {
		likes[l.To.Number] = l.Seq
	}
	u.likes.Store(&likes)
	return likes
}

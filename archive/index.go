package archive

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/igv1/instagram"
)

// A kindSet is some kinds, a bit for each.
type kindSet uint16

const (
	everyKind kindSet = 1<<8 - 1
	hasErrors kindSet = 1 << 15
)

func setOf(k Kind) kindSet {
	i := slices.Index(kinds, k)
	if i < 0 {
		return 0
	}
	return 1 << i
}

func (s kindSet) has(k Kind) bool { return s&setOf(k) != 0 }

// An index says which entry of an id is the one to yield.
type index struct {
	seed  maphash.Seed
	best  map[uint64]winner
	files []kindSet         // of each file, what is in it
	users map[string]string // the ids of users, by their names in lower case
	full  bool
}

// A winner is where the fullest entry of an id stands.
type winner struct {
	position
	fullness uint32
}

// maxIDs bounds the ids that are kept.
const maxIDs = 16 << 20

// indexed returns the index, which the first one to ask for it makes.
func (a *Archive) indexed(ctx context.Context) (*index, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.index != nil {
		return a.index, nil
	}
	ix := &index{seed: maphash.MakeSeed(), best: map[uint64]winner{}, users: map[string]string{}, files: make([]kindSet, len(a.source.texts))}
	counts := newReporter(a.source)
	var failed error
	err := a.read(ctx, pass{number: 1, wanted: everyKind}, func(b *batch) bool {
		counts.batch(b)
		for _, o := range b.outcomes {
			if o.err != nil {
				ix.files[b.file.number] |= hasErrors
				if a.options.strict && failed == nil {
					failed = o.err
				}
				continue
			}
			ix.files[b.file.number] |= o.entry.expands()
			o.entry.eachUser(ix.learn)
			counts.entry(o.entry, !ix.add(o.entry))
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	counts.full = ix.full
	a.report, a.index = counts.report(), ix
	return ix, nil
}

// eachUser visits who an entry is of, but not those in what stands in a media. The Graph has ids of
// its own, which mean nothing elsewhere.
func (e *Entry) eachUser(visit func(id *string, name string)) {
	if e.Source.Format == FormatGraph {
		return
	}
	short := func(u *instagram.UserShortInfo) { visit(&u.ID, u.Username) }
	switch e.Kind {
	case KindMedia:
		short(&e.Media.User)
		if e.Media.Caption != nil {
			short(&e.Media.Caption.From)
		}
	case KindComment:
		short(&e.Comment.From)
	case KindUser:
		visit(&e.User.ID, e.User.Username)
	case KindFollower:
		short(e.Follower)
	case KindFollow:
		short(e.Follow)
	case KindLike:
		short(&e.Like.User)
		short(&e.Like.Media.User)
	}
}

// learn keeps the id of a user whose name is told too. Exports have names alone.
func (ix *index) learn(id *string, name string) {
	if *id == "" || name == "" || len(ix.users) >= maxIDs {
		return
	}
	name = strings.ToLower(name)
	if _, known := ix.users[name]; !known {
		ix.users[strings.Clone(name)] = strings.Clone(*id)
	}
}

// tell gives a user the id that another entry has for the name.
func (ix *index) tell(id *string, name string) {
	if *id == "" && name != "" {
		*id = ix.users[strings.ToLower(name)]
	}
}

// expands are the kinds of an entry and of what stands in it.
func (e *Entry) expands() kindSet {
	s := setOf(e.Kind)
	if e.Kind == KindMedia {
		if len(e.Media.Comments.Data) > 0 {
			s |= setOf(KindComment)
		}
		if len(e.Media.Likes.Data) > 0 {
			s |= setOf(KindLike)
		}
	}
	return s
}

// add says whether an entry is the first of its id.
func (ix *index) add(e *Entry) bool {
	key, ok := ix.key(e)
	if !ok {
		return true
	}
	n := e.fullness()
	best, known := ix.best[key]
	if !known && len(ix.best) >= maxIDs {
		ix.full = true
		return true
	}
	if !known || n > best.fullness {
		ix.best[key] = winner{e.position, n}
	}
	return !known
}

// key is what entries of one id have in common. What has no id is no duplicate.
func (ix *index) key(e *Entry) (key uint64, ok bool) {
	var h maphash.Hash
	h.SetSeed(ix.seed)
	h.WriteString(string(e.Kind))
	id := e.identity()
	if id == "" {
		return 0, false
	}
	h.WriteByte(0)
	h.WriteString(id)
	if e.Kind == KindFollow || e.Kind == KindFollower {
		h.WriteByte(0)
		h.WriteString(e.Owner)
	}
	if e.Kind == KindLike {
		h.WriteByte(0)
		h.WriteString(nameOf(e.Like.User))
	}
	return h.Sum64(), true
}

// identity is what tells an entry from others of its kind.
func (e *Entry) identity() string {
	switch e.Kind {
	case KindMedia:
		number, _, _ := strings.Cut(e.Media.ID, "_")
		return number
	case KindComment:
		return e.Comment.ID
	case KindUser:
		return nameOf(instagram.UserShortInfo{ID: e.User.ID, Username: e.User.Username})
	case KindFollower:
		return nameOf(*e.Follower)
	case KindFollow:
		return nameOf(*e.Follow)
	case KindLike:
		number, _, _ := strings.Cut(e.Like.Media.ID, "_")
		if number == "" && e.Like.Media.Link == "" && !e.Like.Time.IsZero() {
			return e.Like.Time.String() + nameOf(e.Like.Media.User)
		}
		return cmp.Or(number, e.Like.Media.Link)
	case KindTag:
		return strings.ToLower(e.Tag.Name)
	default:
		return e.Location.ID
	}
}

func nameOf(u instagram.UserShortInfo) string {
	if u.Username != "" {
		return strings.ToLower(u.Username)
	}
	return u.ID
}

// fullness grows with what an entry says.
func (e *Entry) fullness() uint32 {
	n := len(e.Files)
	if e.MediaID != "" || e.Owner != "" {
		n += 64
	}
	switch e.Kind {
	case KindMedia:
		n += fullnessOfMedia(e.Media)
	case KindComment:
		n += len(e.Comment.Text) + len(e.Comment.From.ID) + len(e.Comment.From.FullName)
	case KindUser:
		u := e.User
		n += len(u.ID) + len(u.FullName) + len(u.Bio) + len(u.Website) + len(u.ProfilePicture) + len(u.Extra)
		n += min(u.Counts.Media, 1) + min(u.Counts.Follows, 1) + min(u.Counts.FollowedBy, 1)
	case KindFollower:
		n += fullnessOfUser(e.Follower)
	case KindFollow:
		n += fullnessOfUser(e.Follow)
	case KindLike:
		n += fullnessOfUser(&e.Like.User)
	case KindTag:
		n += min(e.Tag.MediaCount, 1) + len(e.Tag.Extra)
	case KindLocation:
		n += len(e.Location.Name) + len(e.Location.StreetAddress)
	}
	return uint32(min(n, 1<<30))
}

func fullnessOfUser(u *instagram.UserShortInfo) int {
	return len(u.ID) + len(u.FullName) + len(u.ProfilePicture) + len(u.Bio) + len(u.Extra)
}

func fullnessOfMedia(m *instagram.MediaEntry) int {
	n := len(m.Comments.Data) + len(m.Likes.Data) + len(m.Tags) + len(m.UsersInPhoto) + len(m.Extra) + len(m.Images.Sizes)
	for _, set := range []bool{
		m.Type != "", m.User.ID != "", m.User.Username != "", m.Caption != nil, m.Comments.Count > 0, m.Likes.Count > 0,
		m.Images.StandardResolution.URL != "", m.Images.Thumbnail.URL != "", m.Videos != nil, m.Location != nil, m.Link != "",
		m.Filter != "", !m.CreatedTime.IsZero(), m.Attribution != nil,
	} {
		if set {
			n += 2
		}
	}
	for i := range m.CarouselMedia {
		n += 2 + len(m.CarouselMedia[i].Extra)
	}
	if m.Caption != nil {
		n += len(m.Caption.Text) / 8
	}
	return n
}

// seen says in the second pass which entries come out.
type seen struct {
	*index
	inside map[uint64]struct{} // what stood in a media and has come out
}

func newSeen(ix *index) *seen { return &seen{ix, map[uint64]struct{}{}} }

// first says whether an entry is the one of its id to yield. Of what stands in media, that is the
// first one, unless it was recorded by itself too.
func (s *seen) first(e *Entry) bool {
	key, ok := s.key(e)
	if !ok {
		return true
	}
	best, known := s.best[key]
	if !e.inside {
		return !known || best.position == e.position
	}
	if known {
		return false
	}
	if _, known := s.inside[key]; known || len(s.inside) >= maxIDs {
		return !known
	}
	s.inside[key] = struct{}{}
	return true
}

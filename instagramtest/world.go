package instagramtest

import (
	"maps"
	"slices"
	"sort"
	"sync"
)

// world is everything the server knows: users, media, tags, places and what connects them. Its methods expect the
// caller to hold mu, for reading or for writing as they need.
type world struct {
	mu sync.RWMutex

	main        *user // whose token the program prints
	users       map[uint64]*user
	usernames   map[string]*user
	everyone    []*user           // in the order in which they joined
	media       map[uint64]*media // nil for a media that was deleted
	timeline    []*media          // every media, oldest first
	tags        map[string]*tag
	places      map[uint64]*place
	geographies map[uint64]*geography
	codes       map[string]*media // by shortcodes that do not spell the number

	// counting says that media numbers count up from the launch instead of carrying their time.
	counting bool
	// These are the newest numbers that were given to a link, a comment and a geography.
	lastLink, lastComment, lastGeography uint64
}

type user struct {
	id       uint64
	username string
	fullName string
	bio      string
	website  string
	private  bool
	business bool
	// What was recorded of a user, if the world was.
	picture string     // the URL
	more    []byte     // other members, each after a comma
	unseen  userCounts // of what counts, but was not recorded

	media []*media // oldest first

	follows     links[*user]
	followedBy  links[*user]
	requestedBy links[*user]
	liked       links[*media]

	// The sequence numbers of the user's own links, to find and to end them.
	following  map[uint64]uint64 // by user id
	requesting map[uint64]uint64 // by user id
	likes      map[uint64]uint64 // by media number
	blocked    map[uint64]bool   // by user id

	encoded fragment
}

type mediaKind uint8

const (
	kindImage mediaKind = iota
	kindVideo
	kindCarousel
)

func (k mediaKind) String() string { return [...]string{"image", "video", "carousel"}[k] }

type media struct {
	number  uint64
	owner   *user
	kind    mediaKind
	shape   shape
	created int64    // UNIX seconds
	caption *comment // nil if there is none
	filter  string
	tags    []string
	place   *place
	point   *point // where it was taken, if that is no place
	tagged  []taggedUser
	parts   []part // of a carousel
	app     *attribution

	likes    links[*user]
	comments []*comment // oldest first

	recorded *recordedMedia // nil if the media was made here
	encoded  fragment
}

// where is the place, or else the point, that the media is from; nil if neither is known.
func (m *media) where() *point {
	if m.place != nil {
		return &m.place.point
	}
	return m.point
}

// part is one image or video of a carousel.
type part struct {
	kind   mediaKind
	tagged []taggedUser
}

type taggedUser struct {
	user *user
	x, y float64 // 0 to 1 from the top left corner
}

// attribution names the app a media was made with.
type attribution struct{ name, website, itunesURL string }

type comment struct {
	id      uint64
	from    *user
	text    string
	created int64 // UNIX seconds
}

type tag struct {
	name   string
	media  []*media // oldest first
	unseen int      // more of them, that were not recorded
}

type point struct{ lat, lng float64 }

type place struct {
	id      uint64
	name    string
	address string
	point
	facebookPlacesID, foursquareID, foursquareV2ID string

	media []*media // oldest first
}

// geography is an area that an app has subscribed to.
type geography struct {
	id     uint64
	center point
	radius float64 // metres
}

func newWorld(w Wire) *world {
	return &world{
		users:       map[uint64]*user{},
		usernames:   map[string]*user{},
		media:       map[uint64]*media{},
		tags:        map[string]*tag{},
		places:      map[uint64]*place{},
		geographies: map[uint64]*geography{},
		codes:       map[string]*media{},
		counting:    w == Wire2011,
		lastLink:    1_000_000_000_000,
	}
}

func (w *world) addUser(u *user) {
	u.following = map[uint64]uint64{}
	u.requesting = map[uint64]uint64{}
	u.likes = map[uint64]uint64{}
	u.blocked = map[uint64]bool{}
	w.users[u.id] = u
	w.usernames[u.username] = u
	w.everyone = append(w.everyone, u)
	if w.main == nil {
		w.main = u
	}
}

// addMedia gives the media a number that fits its time, if it has none, and files it under its owner, tags and place.
func (w *world) addMedia(m *media) {
	if m.number == 0 {
		m.number = w.numberFor(m)
	}
	w.media[m.number] = m
	w.timeline = insert(w.timeline, m)
	m.owner.media = insert(m.owner.media, m)
	if m.place != nil {
		m.place.media = insert(m.place.media, m)
	}
	for _, name := range m.tags {
		t := w.tags[name]
		if t == nil {
			t = &tag{name: name}
			w.tags[name] = t
		}
		t.media = insert(t.media, m)
	}
}

// numberFor keeps the order of numbers the order of time: a media gets a number between those of its neighbours, and
// one that is posted now the highest of all.
func (w *world) numberFor(m *media) uint64 {
	n := mediaNumber(m.created*1000, m.owner.id, w.counting)
	at := sort.Search(len(w.timeline), func(i int) bool { return w.timeline[i].created > m.created })
	if at > 0 {
		n = max(n, w.timeline[at-1].number+1)
	}
	if at < len(w.timeline) && n >= w.timeline[at].number && at > 0 {
		n = w.timeline[at-1].number + 1
	}
	for {
		if _, used := w.media[n]; !used {
			return n
		}
		n++
	}
}

// removeMedia takes a media out of every list, and its likes and comments with it.
func (w *world) removeMedia(m *media) {
	w.media[m.number] = nil
	maps.DeleteFunc(w.codes, func(_ string, have *media) bool { return have == m })
	w.timeline = remove(w.timeline, m)
	m.owner.media = remove(m.owner.media, m)
	if m.place != nil {
		m.place.media = remove(m.place.media, m)
	}
	for _, name := range m.tags {
		t := w.tags[name]
		t.media = remove(t.media, m)
	}
	for _, l := range m.likes {
		delete(l.to.likes, m.number)
		l.to.liked.remove(l.seq)
	}
}

// insert files a media in a list that is ordered by number; the newest, by far the most common, costs nothing.
func insert(list []*media, m *media) []*media {
	i := len(list)
	if i > 0 && list[i-1].number > m.number {
		i = older(list, m.number)
	}
	return slices.Insert(list, i, m)
}

// remove takes a media out of a list that is ordered by number.
func remove(list []*media, m *media) []*media {
	i := older(list, m.number)
	return slices.Delete(list, i, i+1)
}

// older counts the media of a list with a number below n.
func older(list []*media, n uint64) int {
	return sort.Search(len(list), func(i int) bool { return list[i].number >= n })
}

func (w *world) nextLink() uint64 {
	w.lastLink++
	return w.lastLink
}

func (w *world) nextGeography() uint64 {
	w.lastGeography++
	return w.lastGeography
}

func (w *world) nextComment() uint64 {
	if w.counting {
		w.lastComment++
	} else {
		w.lastComment += 1 + w.lastComment%97 // ids of one server's comments have gaps between them
	}
	return w.commentBase() + w.lastComment
}

// commentBase is what the ids of comments count from.
func (w *world) commentBase() uint64 {
	if w.counting {
		return 26_000_000
	}
	return 17_840_000_000_000_000
}

// mediaWithCode finds a media by its shortcode.
func (w *world) mediaWithCode(code string) *media {
	if m := w.codes[code]; m != nil {
		return m
	}
	number, _ := parseShortcode(code)
	return w.media[number]
}

// userNamed finds a user by username or id, as people write it in tests.
func (w *world) userNamed(name string) *user {
	if u := w.usernames[name]; u != nil {
		return u
	}
	id, _ := parseID(name)
	return w.users[id]
}

// canView says whether the viewer, nil for none, may see what a user has posted.
func (w *world) canView(viewer, owner *user) bool {
	switch {
	case viewer == owner:
		return true
	case viewer == nil:
		return !owner.private
	case owner.blocked[viewer.id]:
		return false
	default:
		return !owner.private || viewer.following[owner.id] != 0
	}
}

// isListed says whether a user's media are shown to the viewer where media of many users are found: by tag, by place,
// among the popular. There, private media are shown to their owner alone.
func isListed(viewer, owner *user) bool {
	return owner == viewer || !owner.private && (viewer == nil || !owner.blocked[viewer.id])
}

func (w *world) like(u *user, m *media) {
	if u.likes[m.number] != 0 {
		return
	}
	seq := w.nextLink()
	u.likes[m.number] = seq
	u.liked.add(m, seq)
	m.likes.add(u, seq)
}

func (w *world) unlike(u *user, m *media) {
	seq := u.likes[m.number]
	delete(u.likes, m.number)
	u.liked.remove(seq)
	m.likes.remove(seq)
}

func (w *world) comment(u *user, m *media, text string, now int64) *comment {
	c := &comment{id: w.nextComment(), from: u, text: text, created: now}
	m.comments = append(m.comments, c)
	return c
}

// follow makes a public user followed and asks a private one.
func (w *world) follow(u, target *user) {
	if u.following[target.id] != 0 || u.requesting[target.id] != 0 {
		return
	}
	if target.private {
		w.request(u, target)
		return
	}
	seq := w.nextLink()
	u.following[target.id] = seq
	u.follows.add(target, seq)
	target.followedBy.add(u, seq)
}

func (w *world) request(u, target *user) {
	seq := w.nextLink()
	u.requesting[target.id] = seq
	target.requestedBy.add(u, seq)
}

// unfollow takes back a follow or a request.
func (w *world) unfollow(u, target *user) {
	w.ignore(target, u)
	seq := u.following[target.id]
	delete(u.following, target.id)
	u.follows.remove(seq)
	target.followedBy.remove(seq)
}

// approve turns the request of a user into a follow, and says whether there was one.
func (w *world) approve(u, from *user) bool {
	if !w.ignore(u, from) {
		return false
	}
	seq := w.nextLink()
	from.following[u.id] = seq
	from.follows.add(u, seq)
	u.followedBy.add(from, seq)
	return true
}

// ignore drops the request of a user, and says whether there was one.
func (w *world) ignore(u, from *user) bool {
	seq := from.requesting[u.id]
	delete(from.requesting, u.id)
	u.requestedBy.remove(seq)
	return seq != 0
}

// block ends follows and requests in both directions.
func (w *world) block(u, target *user) {
	w.unfollow(u, target)
	w.unfollow(target, u)
	u.blocked[target.id] = true
}

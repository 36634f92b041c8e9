package world

import (
	"maps"
	"math"
	"slices"
	"sort"
)

// KeepID makes sure that no new comment gets the id of this one.
func (w *World) KeepID(c *Comment) {
	if base := w.commentBase(); c.ID > base {
		w.lastComment = max(w.lastComment, c.ID-base)
	}
}

// Shape is the form of a picture: how high it is when it is 1000 wide.
type Shape int

// Height is how high a picture of this shape is at a width.
func (s Shape) Height(width int) int {
	if s == 0 {
		return width
	}
	return int(math.Round(float64(width) * float64(s) / 1000))
}

// MediaKind is image, video or carousel.
type MediaKind uint8

// The kinds of media.
const (
	KindImage MediaKind = iota
	KindVideo
	KindCarousel
)

func (k MediaKind) String() string { return [...]string{"image", "video", "carousel"}[k] }

// Media is what a user has posted.
type Media struct {
	Serial  int // counts the media of a world
	Number  uint64
	Owner   *User
	Kind    MediaKind
	Shape   Shape
	Created int64    // UNIX seconds
	Caption *Comment // nil if there is none
	Filter  string
	Tags    []string
	Place   *Place
	Point   *Point // where it was taken, if that is no place
	Tagged  []TaggedUser
	Parts   []Part // of a carousel
	App     *Attribution

	Likes    Links[*User]
	Comments []*Comment // oldest first

	Story   bool   // rather than a post
	Version uint32 // counts the changes of the likes and comments

	Recorded *RecordedMedia // nil if the media was made here
}

// LikeCount is how many like the media, those included whom no recording names.
func (m *Media) LikeCount() int {
	if m.Recorded == nil {
		return len(m.Likes)
	}
	return max(0, len(m.Likes)+m.Recorded.UnseenLikes)
}

// CommentCount is how many comments the media has, those included that were not recorded.
func (m *Media) CommentCount() int {
	if m.Recorded == nil {
		return len(m.Comments)
	}
	return max(0, len(m.Comments)+m.Recorded.UnseenComments)
}

// MediaCount is how many media have the tag, those included that were not recorded.
func (t *Tag) MediaCount() int { return max(0, len(t.Media)+t.Unseen) }

// Where is the place, or else the point, that the media is from; nil if neither is known.
func (m *Media) Where() *Point {
	if m.Place != nil {
		return &m.Place.Point
	}
	return m.Point
}

// Part is one image or video of a carousel.
type Part struct {
	Kind   MediaKind
	Tagged []TaggedUser
}

// TaggedUser is a user in a picture, and where.
type TaggedUser struct {
	User *User
	X, Y float64 // 0 to 1 from the top left corner
}

// Attribution names the app a media was made with.
type Attribution struct{ Name, Website, ITunesURL string }

// Comment is a comment, or a caption.
type Comment struct {
	ID      uint64
	From    *User
	Text    string
	Created int64      // UNIX seconds
	Replies []*Comment // oldest first; v1 does not know them
}

// Tag is a hashtag and the media that have it.
type Tag struct {
	Name   string
	Media  []*Media // oldest first
	Unseen int      // more of them, that were not recorded
}

// AddMedia gives the media a number that fits its time, if it has none, and files it under its
// owner, tags and place.
func (w *World) AddMedia(m *Media) {
	if m.Number == 0 {
		m.Number = w.numberFor(m)
	}
	// Most media are the newest of all. They go to the ends of the lists, whatever is there.
	file := insert
	if m.Number > w.newest {
		file, w.newest = add, m.Number
	}
	m.Serial = len(w.Media)
	w.Media[m.Number] = m
	w.Timeline = file(w.Timeline, m)
	w.mixed = w.mixed || !w.inTime(m)
	if m.Place == nil && m.Point != nil {
		w.pointed = file(w.pointed, m)
	}
	m.Owner.Media = file(m.Owner.Media, m)
	if m.Place != nil {
		m.Place.Media = file(m.Place.Media, m)
	}
	for _, name := range m.Tags {
		t := w.Tags[name]
		if t == nil {
			t = &Tag{Name: name}
			w.Tags[name] = t
		}
		t.Media = file(t.Media, m)
	}
}

// inTime says whether a media stands between older and newer ones.
func (w *World) inTime(m *Media) bool {
	i := len(w.Timeline) - 1
	if w.Timeline[i] != m {
		i = Older(w.Timeline, m.Number)
	}
	return (i == 0 || w.Timeline[i-1].Created <= m.Created) && (i+1 == len(w.Timeline) || w.Timeline[i+1].Created >= m.Created)
}

// numberFor keeps the order of numbers the order of time: a media gets a number between those of
// its neighbours, and one that is posted now the highest of all.
func (w *World) numberFor(m *Media) uint64 {
	n := mediaNumber(m.Created*1000, m.Owner.ID, w.Counting)
	at := len(w.Timeline)
	if at > 0 && w.Timeline[at-1].Created > m.Created {
		at = sort.Search(at, func(i int) bool { return w.Timeline[i].Created > m.Created })
	}
	if at > 0 {
		n = max(n, w.Timeline[at-1].Number+1)
	}
	if at < len(w.Timeline) && n >= w.Timeline[at].Number && at > 0 {
		n = w.Timeline[at-1].Number + 1
	}
	for n <= w.newest {
		if _, used := w.Media[n]; !used {
			return n
		}
		n++
	}
	return n
}

// RemoveMedia takes a media out of every list, and its likes and comments with it.
func (w *World) RemoveMedia(m *Media) {
	w.Media[m.Number] = nil
	maps.DeleteFunc(w.Codes, func(_ string, have *Media) bool { return have == m })
	w.Timeline = remove(w.Timeline, m)
	if m.Place == nil && m.Point != nil {
		w.pointed = remove(w.pointed, m)
	}
	m.Owner.Media = remove(m.Owner.Media, m)
	if m.Place != nil {
		m.Place.Media = remove(m.Place.Media, m)
	}
	for _, name := range m.Tags {
		t := w.Tags[name]
		t.Media = remove(t.Media, m)
	}
	for _, l := range m.Likes {
		l.To.unlike(m, l.Seq)
	}
}

// add files a media at the end of a list.
func add(list []*Media, m *Media) []*Media { return append(list, m) }

// insert files a media in a list that is ordered by number.
func insert(list []*Media, m *Media) []*Media { return slices.Insert(list, Older(list, m.Number), m) }

// remove takes a media out of a list that is ordered by number.
func remove(list []*Media, m *Media) []*Media {
	i := Older(list, m.Number)
	return slices.Delete(list, i, i+1)
}

// Older counts the media of a list with a number below n.
func Older(list []*Media, n uint64) int {
	return sort.Search(len(list), func(i int) bool { return list[i].Number >= n })
}

// NextComment is the id of a new comment.
func (w *World) NextComment() uint64 {
	if w.Counting {
		w.lastComment++
	} else {
		w.lastComment += 1 + w.lastComment%97 // ids of one server's comments have gaps between them
	}
	return w.commentBase() + w.lastComment
}

// commentBase is what the ids of comments count from.
func (w *World) commentBase() uint64 {
	if w.Counting {
		return 26_000_000
	}
	return 17_840_000_000_000_000
}

// MediaWithCode finds a media by its shortcode.
func (w *World) MediaWithCode(code string) *Media {
	if m := w.Codes[code]; m != nil {
		return m
	}
	number, _ := ParseShortcode(code)
	return w.Media[number]
}

// Comment adds a comment to a media.
func (w *World) Comment(u *User, m *Media, text string, now int64) *Comment {
	c := &Comment{ID: w.NextComment(), From: u, Text: text, Created: now}
	m.addComment(c)
	return c
}

func (m *Media) addComment(c *Comment) {
	m.Comments = append(m.Comments, c)
	m.Version++
}

// Uncomment takes a comment away, if the media has it.
func (m *Media) Uncomment(id uint64) {
	m.Comments = slices.DeleteFunc(m.Comments, func(c *Comment) bool { return c.ID == id })
	m.Version++
}

// StoryAge is how long a story is shown, in seconds.
const StoryAge = 24 * 60 * 60

// AddStory gives the media a number, if it has none, and files it among its owner's stories.
func (w *World) AddStory(m *Media) {
	m.Story = true
	if m.Number == 0 {
		m.Number = w.numberFor(m)
		for _, u := range w.Everyone {
			for _, s := range u.Stories {
				m.Number = max(m.Number, s.Number+1)
			}
		}
	}
	m.Owner.Stories = insert(m.Owner.Stories, m)
}

// Reply adds a reply to the comment of an id, and returns it with that comment and the media that
// they are on. The reply is nil if there is no such comment.
func (w *World) Reply(u *User, comment uint64, text string, now int64) (reply, to *Comment, on *Media) {
	for _, m := range w.Timeline {
		for _, c := range m.Comments {
			if c.ID == comment {
				reply = &Comment{ID: w.NextComment(), From: u, Text: text, Created: now}
				c.Replies = append(c.Replies, reply)
				return reply, c, m
			}
		}
	}
	return nil, nil, nil
}

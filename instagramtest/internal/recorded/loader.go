package recorded

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// loader builds a world from recordings. What depends on everything else, as who the main user is,
// waits for finish.
type loader struct {
	*world.World
	wire    wire.Year
	at      string // the path of the file that is being read
	line    int    // where the value begins that is being read
	skipped []Skipped

	others map[string]bool // the files that are no recordings
	used   map[string]bool // those of them that the recordings name

	people   map[uint64]*world.User
	nameless map[string]*world.User // known by their usernames alone
	order    []*world.User          // as they were first met

	userCounts  map[*world.User]*world.UserCounts
	tagCounts   map[string]int
	likers      map[*world.Media][]*world.User
	likedBySelf []*world.Media
	lists       []*userList
	listed      map[source]*userList
	likedLists  []*world.Media // the main user's, latest like first
	feed        []*world.Media // the main user's
	comments    []listedComment
	relations   []relation
	votes       map[uint64]int // for who the main user is
	changes     []world.Change
}

// userList is a list of users as it was recorded, the latest first.
type userList struct {
	source
	users []*world.User
}

type listedComment struct {
	source
	*world.Comment
}

// relation is how the main user stands to another one.
type relation struct {
	source
	object
}

func newLoader(year wire.Year, others map[string]bool) *loader {
	return &loader{
		World: world.New(year == wire.Y2011), wire: year, others: others, used: map[string]bool{},
		people: map[uint64]*world.User{}, nameless: map[string]*world.User{},
		userCounts: map[*world.User]*world.UserCounts{}, tagCounts: map[string]int{},
		likers: map[*world.Media][]*world.User{}, listed: map[source]*userList{}, votes: map[uint64]int{},
	}
}

// finish makes the world of everything that was read.
func (l *loader) finish() {
	l.nameUsers()
	l.findMain()
	for _, u := range l.order {
		l.AddUser(u)
	}
	delete(l.Usernames, "")
	l.addAllMedia()
	l.addLikes()
	l.addFollows()
	for u, c := range l.userCounts {
		u.Unseen = world.UserCounts{
			Media:      c.Media - len(u.Media),
			Follows:    c.Follows - len(u.Follows),
			FollowedBy: c.FollowedBy - len(u.FollowedBy),
		}
	}
	for name, n := range l.tagCounts {
		if l.Tags[name] == nil {
			l.Tags[name] = &world.Tag{Name: name}
		}
		l.Tags[name].Unseen = n - len(l.Tags[name].Media)
	}
}

// findMain puts the main user first.
func (l *loader) findMain() {
	media := map[*world.User]int{}
	for _, m := range l.Media {
		media[m.Owner]++
	}
	main := slices.MaxFunc(l.order, func(a, b *world.User) int {
		return cmp.Or(l.votes[a.ID]-l.votes[b.ID], media[a]-media[b])
	})
	l.order = append([]*world.User{main}, slices.DeleteFunc(l.order, func(u *world.User) bool { return u == main })...)
}

func (l *loader) addAllMedia() {
	for _, c := range l.comments {
		number, _, _ := world.ParseMediaID(c.owner)
		if m := l.Media[number]; m != nil {
			l.addComment(m, c.Comment)
		}
	}
	all := make([]*world.Media, 0, len(l.Media))
	for _, m := range l.Media {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *world.Media) int { return cmp.Compare(a.Number, b.Number) })
	var unnumbered []*world.Comment
	for _, m := range all {
		l.AddMedia(m)
		slices.SortStableFunc(m.Comments, func(a, b *world.Comment) int {
			return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
		})
		if m.Recorded.Comments >= 0 {
			m.Recorded.UnseenComments = m.Recorded.Comments - len(m.Comments)
		}
		for _, c := range m.Comments {
			l.KeepID(c)
			if c.ID == 0 {
				unnumbered = append(unnumbered, c)
			}
		}
		if m.Caption != nil {
			l.KeepID(m.Caption)
			if m.Caption.ID == 0 {
				unnumbered = append(unnumbered, m.Caption)
			}
		}
		if code := recordedCode(m); code != "" && code != world.Shortcode(m.Number) {
			l.Codes[code] = m
		}
	}
	for _, c := range unnumbered {
		c.ID = l.NextComment()
	}
}

var linkCode = regexp.MustCompile(`"link":"[^"]*/p\\?/([\w-]+)`)

// recordedCode is the shortcode in the link that was recorded.
func recordedCode(m *world.Media) string {
	if found := linkCode.FindSubmatch(m.Recorded.Members); found != nil {
		return string(found[1])
	}
	return ""
}

// skip takes note of what cannot be used.
func (l *loader) skip(err error) {
	l.skipped = append(l.skipped, Skipped{File: l.at, Line: l.line, Reason: err.Error()})
}

package instagramtest

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// loader builds a world from recordings. What depends on everything else, as who the main user is, waits for finish.
type loader struct {
	*world
	wire Wire
	at   string // the path of the file that is being read
	// savedIn is the path of the file that changes are saved to. Those in it are not read with the recordings.
	savedIn string

	people map[uint64]*user
	order  []*user // as they were first met

	userCounts  map[*user]*userCounts
	tagCounts   map[string]int
	likers      map[*media][]*user
	likedBySelf []*media
	lists       []*userList
	listed      map[source]*userList
	likedLists  []*media // the main user's, latest like first
	feed        []*media // the main user's
	comments    []listedComment
	relations   []relation
	votes       map[uint64]int // for who the main user is
	changes     []change
}

// userCounts are the counts of a user as they were recorded.
type userCounts struct{ media, follows, followedBy int }

// userList is a list of users as it was recorded, the latest first.
type userList struct {
	source
	users []*user
}

type listedComment struct {
	source
	*comment
}

// relation is how the main user stands to another one.
type relation struct {
	source
	object
}

func newLoader(w Wire, savedIn string) *loader {
	return &loader{
		world: newWorld(w), wire: w, savedIn: savedIn, people: map[uint64]*user{}, userCounts: map[*user]*userCounts{}, tagCounts: map[string]int{},
		likers: map[*media][]*user{}, listed: map[source]*userList{}, votes: map[uint64]int{},
	}
}

// source is the list that an answer is, as far as a path tells.
type source struct {
	list  string // follows, followed-by, requested-by, feed, liked, comments, likes, relationship; "" for anything else
	owner string // an id, a username, self or "" if it is not told
}

var (
	listName  = regexp.MustCompile(`(?i)(?:^|[/_.-])(follows|following|followed[-_]?by|followers|requested[-_]?by|feed|liked|comments|likes|relationship)(?:[/_.-]|$)`)
	listOwner = regexp.MustCompile(`(?i)(?:^|[/_.-])(self|\d+(?:_\d+)?)$`)
	listedID  = regexp.MustCompile(`^[/_.-]?(\d+(?:_\d+)?)$`)
	selfName  = regexp.MustCompile(`(?i)(?:^|[/_.-])self$`)
	tokenUser = regexp.MustCompile(`^(\d+)\.`)
)

// sourceOf reads a path, of an endpoint or of a file that is named after one.
func sourceOf(path string) (from source) {
	found := listName.FindAllStringSubmatchIndex(path, -1)
	if found == nil {
		return from
	}
	last := found[len(found)-1]
	from.list = strings.ToLower(path[last[2]:last[3]])
	switch {
	case from.list == "following":
		from.list = "follows"
	case strings.HasPrefix(from.list, "followe"):
		from.list = "followed-by"
	case strings.HasPrefix(from.list, "requested"):
		from.list = "requested-by"
	}
	before := strings.TrimRight(path[:last[0]], "/_.-")
	if owner := listOwner.FindStringSubmatch(before); owner != nil {
		from.owner = strings.ToLower(owner[1])
	} else if owner := listedID.FindStringSubmatch(path[last[3]:]); owner != nil {
		from.owner = owner[1]
	} else {
		from.owner = before[strings.LastIndexByte(before, '/')+1:]
	}
	return from
}

func withoutExtension(path string) string {
	if i := strings.LastIndexByte(path, '.'); i > strings.LastIndexByte(path, '/') {
		return path[:i]
	}
	return path
}

// self says whether the file that is being read is named after the main user.
func (l *loader) self() bool { return selfName.MatchString(withoutExtension(l.at)) }

// sourceOfURL reads the URL of a page, or of the next one, which says what list it is of, and in its token who asked.
func (l *loader) sourceOfURL(page string, from source) source {
	u, err := url.Parse(page[strings.LastIndexByte(page, ' ')+1:]) // there may be a method before it
	if page == "" || err != nil {
		return from
	}
	if asked := tokenUser.FindStringSubmatch(u.Query().Get("access_token")); asked != nil {
		id, _ := parseID(asked[1])
		l.votes[id]++
	}
	if told := sourceOf(trimPath(u.Path)); told.list != "" {
		return told
	}
	return from
}

func (l *loader) listUser(from source, u *user) {
	if from.list == "" {
		return
	}
	list := l.listed[from]
	if list == nil {
		list = &userList{source: from}
		l.listed[from] = list
		l.lists = append(l.lists, list)
	}
	list.users = append(list.users, u)
}

func (l *loader) listMedia(from source, m *media) {
	switch from.list {
	case "feed":
		l.feed = append(l.feed, m)
	case "liked":
		l.likedLists = append(l.likedLists, m)
	}
}

func (l *loader) listComment(from source, c *comment) {
	if from.list == "comments" {
		l.comments = append(l.comments, listedComment{from, c})
	}
}

// finish makes the world of everything that was read.
func (l *loader) finish() {
	l.findMain()
	for _, u := range l.order {
		l.addUser(u)
	}
	delete(l.usernames, "")
	l.addAllMedia()
	l.addLikes()
	l.addFollows()
	for u, c := range l.userCounts {
		u.unseen = userCounts{max(0, c.media-len(u.media)), max(0, c.follows-len(u.follows)), max(0, c.followedBy-len(u.followedBy))}
	}
	for name, n := range l.tagCounts {
		if l.tags[name] == nil {
			l.tags[name] = &tag{name: name}
		}
		l.tags[name].unseen = max(0, n-len(l.tags[name].media))
	}
}

// findMain puts the main user first.
func (l *loader) findMain() {
	media := map[*user]int{}
	for _, m := range l.media {
		media[m.owner]++
	}
	main := slices.MaxFunc(l.order, func(a, b *user) int {
		return cmp.Or(l.votes[a.id]-l.votes[b.id], media[a]-media[b])
	})
	l.order = append([]*user{main}, slices.DeleteFunc(l.order, func(u *user) bool { return u == main })...)
}

func (l *loader) addAllMedia() {
	for _, c := range l.comments {
		number, _, _ := parseMediaID(c.owner)
		if m := l.media[number]; m != nil {
			l.addComment(m, c.comment)
		}
	}
	all := make([]*media, 0, len(l.media))
	for _, m := range l.media {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *media) int { return cmp.Compare(a.number, b.number) })
	var unnumbered []*comment
	for _, m := range all {
		l.addMedia(m)
		slices.SortStableFunc(m.comments, func(a, b *comment) int { return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.id, b.id)) })
		m.recorded.unseenComments = max(0, m.recorded.comments-len(m.comments))
		for _, c := range m.comments {
			l.keepID(c)
			if c.id == 0 {
				unnumbered = append(unnumbered, c)
			}
		}
		if m.caption != nil {
			l.keepID(m.caption)
			if m.caption.id == 0 {
				unnumbered = append(unnumbered, m.caption)
			}
		}
		if code := recordedCode(m); code != "" && code != shortcode(m.number) {
			l.codes[code] = m
		}
	}
	for _, c := range unnumbered {
		c.id = l.nextComment()
	}
}

// keepID makes sure that no new comment gets the id of this one.
func (w *world) keepID(c *comment) {
	if base := w.commentBase(); c.id > base {
		w.lastComment = max(w.lastComment, c.id-base)
	}
}

var linkCode = regexp.MustCompile(`"link":"[^"]*/p/([\w-]+)`)

// recordedCode is the shortcode in the link that was recorded.
func recordedCode(m *media) string {
	if found := linkCode.FindSubmatch(m.recorded.members); found != nil {
		return string(found[1])
	}
	return ""
}

// addLikes adds the main user's likes in their order, then everybody's as they were listed under the media.
func (l *loader) addLikes() {
	for _, m := range slices.Backward(l.likedLists) {
		l.like(l.main, m)
	}
	for _, list := range l.lists {
		number, _, _ := parseMediaID(list.owner)
		if m := l.media[number]; list.list == "likes" && m != nil {
			latestLast := slices.Clone(list.users)
			slices.Reverse(latestLast)
			l.likers[m] = append(latestLast, l.likers[m]...)
		}
	}
	for _, m := range l.timeline {
		for _, u := range l.likers[m] {
			l.like(u, m)
		}
	}
	for _, m := range l.likedBySelf {
		l.like(l.main, m)
	}
	for _, m := range l.timeline {
		m.recorded.unseenLikes = max(0, m.recorded.likes-len(m.likes))
	}
}

// named is the user that a list belongs to.
func (l *loader) named(owner string) *user {
	if u := l.userNamed(owner); u != nil {
		return u
	}
	return l.main
}

func (l *loader) addFollows() {
	for _, list := range l.lists {
		owner := l.named(list.owner)
		for _, u := range slices.Backward(list.users) {
			switch {
			case u == owner:
			case list.list == "follows":
				l.follow(owner, u)
			case list.list == "followed-by":
				l.follow(u, owner)
			case list.list == "requested-by":
				l.request(u, owner)
			}
		}
	}
	for _, m := range slices.Backward(l.feed) {
		if m.owner != l.main {
			l.follow(l.main, m.owner)
		}
	}
	for _, r := range l.relations {
		u := l.named(r.owner)
		if u == l.main {
			continue
		}
		switch r.text("outgoing_status") {
		case "follows":
			l.follow(l.main, u)
		case "requested":
			l.request(l.main, u)
		}
		switch r.text("incoming_status") {
		case "followed_by":
			l.follow(u, l.main)
		case "requested_by":
			l.request(u, l.main)
		case "blocked_by_you":
			l.main.blocked[u.id] = true
		}
		u.private, _ = r.object["target_user_is_private"].(bool)
	}
}

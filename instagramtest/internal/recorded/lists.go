package recorded

import (
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

func (l *loader) listUser(from source, u *world.User) {
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

func (l *loader) listMedia(from source, m *world.Media) {
	switch from.list {
	case "feed":
		l.feed = append(l.feed, m)
	case "liked":
		l.likedLists = append(l.likedLists, m)
	}
}

func (l *loader) listComment(from source, c *world.Comment) {
	if from.list == "comments" {
		l.comments = append(l.comments, listedComment{from, c})
	}
}

// addLikes adds the main user's likes in their order, then everybody's as they were listed under
// the media.
func (l *loader) addLikes() {
	for _, m := range slices.Backward(l.likedLists) {
		l.Like(l.Main, m)
	}
	for _, list := range l.lists {
		number, _, _ := world.ParseMediaID(list.owner)
		if m := l.Media[number]; list.list == "likes" && m != nil {
			latestLast := slices.Clone(list.users)
			slices.Reverse(latestLast)
			l.likers[m] = append(latestLast, l.likers[m]...)
		}
	}
	for _, m := range l.Timeline {
		for _, u := range l.likers[m] {
			l.Like(u, m)
		}
	}
	for _, m := range l.likedBySelf {
		l.Like(l.Main, m)
	}
	for _, m := range l.Timeline {
		if m.Recorded.Likes >= 0 {
			m.Recorded.UnseenLikes = m.Recorded.Likes - len(m.Likes)
		}
	}
}

// named is the user that a list belongs to.
func (l *loader) named(owner string) *world.User {
	if u := l.UserNamed(owner); u != nil {
		return u
	}
	return l.Main
}

func (l *loader) addFollows() {
	for _, list := range l.lists {
		owner := l.named(list.owner)
		for _, u := range slices.Backward(list.users) {
			switch {
			case u == owner:
			case list.list == "follows":
				l.Follow(owner, u)
			case list.list == "followed-by":
				l.Follow(u, owner)
			case list.list == "requested-by":
				l.Request(u, owner)
			}
		}
	}
	for _, m := range slices.Backward(l.feed) {
		if m.Owner != l.Main {
			l.Follow(l.Main, m.Owner)
		}
	}
	for _, r := range l.relations {
		u := l.named(r.owner)
		if u == l.Main {
			continue
		}
		switch r.text("outgoing_status") {
		case "follows":
			l.Follow(l.Main, u)
		case "requested":
			l.Request(l.Main, u)
		}
		switch r.text("incoming_status") {
		case "followed_by":
			l.Follow(u, l.Main)
		case "requested_by":
			l.Request(u, l.Main)
		case "blocked_by_you":
			l.Main.SetBlocked(u)
		}
		u.Private, _ = r.object["target_user_is_private"].(bool)
	}
}

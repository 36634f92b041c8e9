package archive

import (
	"cmp"
	"encoding/json"
	"path"
	"regexp"
	"strings"

	"github.com/igv1/instagram"
)

// otherPeople are the names of the lists of people who do not follow.
var otherPeople = regexp.MustCompile(`request|block|restrict|unfollow|close_friends|hide|removed|suggest|hashtag|favorite|contact`)

// exportActivity reads what somebody did, or whom they know.
func (c *collector) exportActivity(f *found, key string) {
	base := strings.ToLower(path.Base(c.file.Name))
	bare := key == ""
	switch {
	case bare && otherPeople.MatchString(base):
		c.skip("activity: " + strings.TrimSuffix(base, ".json"))
	case key == "relationships_followers", bare && strings.HasPrefix(base, "followers"):
		c.exportUser(f, KindFollower)
	case key == "relationships_following", bare && strings.Contains(base, "following") && !f.has("string_map_data"):
		c.exportUser(f, KindFollow)
	case key == "comments_media_comments", key == "comments_reels_comments", key == "comments_story_comments",
		bare && strings.Contains(base, "comments") && !strings.Contains(base, "liked"),
		bare && (strings.HasPrefix(base, "hype") || f.object.object("string_map_data").has("Comment")):
		c.exportComment(f)
	case key == "likes_media_likes", key == "story_activities_story_likes",
		bare && (strings.HasPrefix(base, "liked_posts") || strings.HasPrefix(base, "story_likes")):
		c.exportLike(f)
	case key == "likes_comment_likes", bare && strings.HasPrefix(base, "liked_comments"):
		c.skip("likes of comments")
	case strings.HasPrefix(key, "saved_"), bare && strings.HasPrefix(base, "saved_"):
		c.skip("saved posts")
	case bare && f.has("string_list_data", "title") && !f.has("string_map_data") && f.text("title") == "":
		c.exportUser(f, KindFollower) // the one list of them that has no name
	case bare:
		c.skip("activity: " + strings.TrimSuffix(base, ".json"))
	default:
		c.skip("activity: " + key)
	}
}

// exportUser reads a follower, or somebody who is followed.
func (c *collector) exportUser(f *found, kind Kind) {
	u := &instagram.UserShortInfo{Username: f.text("title")}
	for _, data := range objects(f.get("string_list_data")) {
		u.Username = cmp.Or(data.text("value"), u.Username, nameOfLink(data.text("href")))
		u.Extra = data.without("value")
	}
	if u.Username == "" {
		person := labelsOf(f).person
		u = &person
		u.Extra = f.without("title", "media", "label_values")
	}
	if u.Username == "" {
		c.skip("followers and follows without a name")
		return
	}
	e := &Entry{Kind: kind, Owner: c.owner().Username}
	if kind == KindFollow {
		e.Follow = u
	} else {
		e.Follower = u
	}
	c.entry(e)
}

// exportComment reads a comment that the owner wrote: in 2021 and 2022 as a list, from then on as a
// map, whose names are in the language of the account.
func (c *collector) exportComment(f *found) {
	comment := &instagram.CommentEntry{From: c.owner()}
	mediaOwner := cmp.Or(f.text("title"), f.text("media_owner"))
	comment.Extra = f.without("title", "string_list_data", "string_map_data", "timestamp", "label_values", "media")
	if f.has("label_values") {
		found := labelsOf(f)
		mediaOwner, comment.Text = found.person.Username, found.text
		comment.CreatedTime = seconds(f.get("timestamp"))
	}
	for _, data := range objects(f.get("string_list_data")) {
		comment.Text, comment.CreatedTime = data.text("value"), seconds(data.get("timestamp"))
	}
	fields := f.object.object("string_map_data")
	for i, m := range fields {
		field, err := parseObject(m.value)
		if err != nil {
			continue
		}
		if t := seconds(field.get("timestamp")); !t.IsZero() {
			comment.CreatedTime = t
		}
		value := field.text("value")
		at := timeOf(value)
		switch {
		case m.name == "Comment", i == 0 && !fields.has("Comment"):
			comment.Text = value
		case m.name == "Media Owner", !fields.has("Media Owner") && isUsername(value):
			mediaOwner = value
		case !at.IsZero():
			if comment.CreatedTime.IsZero() {
				comment.CreatedTime = at
			}
		case value != "":
			comment.Extra = mergeExtra(comment.Extra, map[string]json.RawMessage{m.name: rawString(value)})
		}
	}
	if mediaOwner != "" {
		comment.Extra = mergeExtra(comment.Extra, map[string]json.RawMessage{"media_owner": rawString(mediaOwner)})
	}
	comment.ID = derivedNumber(comment.CreatedTime.String() + "\x00" + mediaOwner + "\x00" + comment.Text)
	c.entry(&Entry{Kind: KindComment, Comment: comment})
}

// exportLike reads what the owner liked.
func (c *collector) exportLike(f *found) {
	like := &Like{User: c.owner(), Time: seconds(f.get("timestamp"))}
	like.Media.User.Username = f.text("title")
	for _, data := range objects(f.get("string_list_data")) {
		like.Media.Link, like.Time = data.text("href"), seconds(data.get("timestamp"))
	}
	if f.has("label_values") {
		found := labelsOf(f)
		like.Media.Link, like.Media.User = found.link, found.person
		if found.text != "" {
			like.Media.Caption = &instagram.CaptionData{Text: found.text, From: found.person}
			like.Media.Tags = tagsOf(found.text)
		}
	}
	like.Media.ID = idOfLink(like.Media.Link)
	like.Media.UserHasLiked = true
	c.entry(&Entry{Kind: KindLike, Like: like, MediaID: like.Media.ID})
}

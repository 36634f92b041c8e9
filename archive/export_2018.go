package archive

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// Exports by Instagram from 2018 until 2021: a few flat files.

// rows2018 are the lists of rows, [time, text, owner] or [time, owner].
var rows2018 = []string{"media_comments", "media_likes", "comment_likes", "saved_media"}

func isExport2018(f *found) bool {
	if f.has("path", "taken_at") {
		return true
	}
	for _, m := range f.object {
		if first := firstObject(m.value); first.has("path", "taken_at") {
			return true
		}
	}
	for _, name := range rows2018 {
		if isArray(f.get(name)) {
			return true
		}
	}
	return isNamesAndTimes(f.get("followers")) || isNamesAndTimes(f.get("following")) ||
		f.has("username") && (f.has("date_joined") || f.has("private_account")) ||
		f.has("participants", "conversation")
}

func isNamesAndTimes(raw []byte) bool {
	o, err := parseObject(raw)
	if err != nil {
		return false
	}
	for _, m := range o {
		return !timeOf(stringOf(m.value)).IsZero()
	}
	return false
}

func (c *collector) export2018(f *found) {
	right := rightJSON(f.raw)
	o, err := parseObject(right)
	if err != nil {
		c.fail(c.syntax(right, err))
		return
	}
	f.raw, f.object = right, o
	switch {
	case f.has("path", "taken_at") && skipped2018[f.key()] != "":
		c.skip(skipped2018[f.key()])
	case f.has("path", "taken_at"): // of a file that is too large to be held
		c.media2018([]object{o}, f.key())
	case f.has("username") && !f.has("photos"):
		c.profile2018(f)
	case f.has("participants", "conversation"):
		c.skip("messages")
	case f.has("followers") || f.has("following"):
		c.connections2018(f)
	default:
		c.lists2018(f)
	}
}

// lists2018 reads media.json, comments.json, likes.json and saved.json.
func (c *collector) lists2018(f *found) {
	posts := append(objects(f.get("photos")), objects(f.get("videos"))...)
	for _, parts := range carousels2018(posts) {
		c.media2018(parts, "")
	}
	for _, list := range f.object {
		all := elements(list.value)
		switch {
		case list.name == "photos" || list.name == "videos" || len(all) == 0:
		case list.name == "profile" || list.name == "direct":
			for range all {
				c.skip(skipped2018[list.name])
			}
		case slices.Contains(rows2018, list.name):
			for _, row := range all {
				c.row2018(elements(row), list.name)
			}
		case firstObject(list.value).has("path"): // stories, and what else there may be
			for _, o := range objects(list.value) {
				c.media2018([]object{o}, list.name)
			}
		default:
			for range all {
				c.skip("activity: " + list.name)
			}
		}
	}
}

var skipped2018 = map[string]string{"profile": "profile pictures of the past", "direct": "messages"}

// firstObject is the first element of an array, if it is an object.
func firstObject(raw []byte) object {
	if !isArray(raw) {
		return nil
	}
	i := skipSpace(raw, 1)
	end := skipValue(raw, i)
	if end < 0 {
		return nil
	}
	o, err := parseObject(raw[i:end])
	if err != nil {
		return nil
	}
	return o
}

// carousels2018 puts posts together that were taken at one time with one caption: the parts of
// carousels stand by themselves.
func carousels2018(posts []object) [][]object {
	type moment struct{ taken, caption string }
	at := map[moment]int{}
	var all [][]object
	for _, post := range posts {
		key := moment{post.text("taken_at"), post.text("caption")}
		if i, known := at[key]; known && len(all[i]) < maxParts {
			all[i] = append(all[i], post)
			continue
		}
		at[key] = len(all)
		all = append(all, []object{post})
	}
	return all
}

func (c *collector) media2018(parts []object, listed string) {
	var files []exportFile
	var uris []string
	for _, part := range parts {
		file := exportFileOf(object{{"uri", part.get("path")}})
		file.extra = part.without("caption", "taken_at", "path", "location")
		files = append(files, file)
		uris = append(uris, file.uri)
	}
	m := c.exportMedia(timeOf(parts[0].text("taken_at")), parts[0].text("caption"), files)
	if place := parts[0].text("location"); place != "" {
		m.Location = &instagram.LocationInfo{Name: place}
	}
	if len(parts) == 1 {
		m.Extra = files[0].extra
	}
	if listed != "" && listed != "photos" && listed != "videos" {
		kind := strings.ToUpper(strings.Replace(listed, "stories", "story", 1))
		m.Extra = mergeExtra(m.Extra, map[string]json.RawMessage{"media_product_type": rawString(kind)})
	}
	c.media(m, uris...)
}

// rowOf2018 reads a row of a file that is too large to be held.
func (c *collector) rowOf2018(raw []byte, keys []string) bool {
	key := (&found{keys: keys}).key()
	if !slices.Contains(rows2018, key) || c.depth != 1 {
		return false
	}
	c.as(FormatExport2018, func() { c.row2018(elements(rightJSON(raw)), key) })
	return true
}

// row2018 reads [time, text, owner] or [time, owner].
func (c *collector) row2018(row []json.RawMessage, key string) {
	if len(row) < 2 {
		c.skip("rows without a name")
		return
	}
	at := timeOf(stringOf(row[0]))
	owner := stringOf(row[len(row)-1])
	switch key {
	case "media_comments":
		text := ""
		if len(row) > 2 {
			text = stringOf(row[1])
		}
		c.entry(&Entry{Kind: KindComment, Comment: &instagram.CommentEntry{
			ID: derivedNumber(at.String() + "\x00" + owner + "\x00" + text), Text: text, CreatedTime: at, From: c.owner(),
			Extra: map[string]json.RawMessage{"media_owner": rawString(owner)},
		}})
	case "media_likes":
		like := &Like{User: c.owner(), Time: at}
		like.Media.User.Username, like.Media.UserHasLiked = owner, true
		c.entry(&Entry{Kind: KindLike, Like: like})
	case "comment_likes":
		c.skip("likes of comments")
	default:
		c.skip("saved posts")
	}
}

// connections2018 reads connections.json.
func (c *collector) connections2018(f *found) {
	owner := c.owner().Username
	for _, list := range f.object {
		names, err := parseObject(list.value)
		if err != nil {
			continue
		}
		for _, name := range names {
			u := &instagram.UserShortInfo{Username: name.name}
			if t := timeOf(stringOf(name.value)); !t.IsZero() {
				u.Extra = map[string]json.RawMessage{"timestamp": timestamp(t)}
			}
			switch list.name {
			case "followers":
				c.entry(&Entry{Kind: KindFollower, Follower: u, Owner: owner})
			case "following":
				c.entry(&Entry{Kind: KindFollow, Follow: u, Owner: owner})
			default:
				c.skip("activity: " + list.name)
			}
		}
	}
}

func timestamp(t time.Time) json.RawMessage {
	raw, _ := json.Marshal(t.Unix()) // a number always can be written
	return raw
}

// profile2018 reads profile.json.
func (c *collector) profile2018(f *found) {
	u := &instagram.UserInfo{
		Username: f.text("username"), FullName: f.text("name"), Bio: f.text("biography"), Website: f.text("website"),
		ProfilePicture: f.text("profile_pic_url"),
		Extra:          f.without("username", "name", "biography", "website", "profile_pic_url"),
	}
	c.entry(&Entry{Kind: KindUser, User: u, uris: nonEmpty(cmp.Or(f.text("profile_pic_path"), ""))})
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

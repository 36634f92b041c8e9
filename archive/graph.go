package archive

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"

	"github.com/igv1/instagram"
)

func isGraph(f *found) bool {
	failed := f.object.object("error")
	return f.has("media_type") && f.has("id") && !f.has("pk") || f.has("permalink", "timestamp") ||
		isGraphUser(f.object) || f.has("text", "timestamp") && (f.has("username") || f.has("from")) ||
		failed.has("message") && (failed.has("fbtrace_id") || failed.has("code") && failed.has("type"))
}

// isGraphUser knows a user by the members that those of v1 and of the private API have not.
func isGraphUser(o object) bool {
	return o.has("username") && !o.has("pk") && (o.has("account_type") || o.has("profile_picture_url") || o.has("followers_count") ||
		o.has("follows_count") || isObject(o.get("media")) && !o.has("full_name"))
}

// graph reads an object of the Graph.
func (c *collector) graph(f *found) {
	switch {
	case isObject(f.get("error")):
		_, err := instagram.Decode[instagram.GraphMedia](bytes.NewReader(f.raw))
		if failed, ok := errors.AsType[*instagram.Error](err); ok {
			err = c.answered(failed)
		}
		c.fail(err)
	case isGraphUser(f.object):
		c.graphUser(f)
	case f.has("text", "timestamp") && !f.has("media_type"):
		c.graphComment(f.object, "", "")
	default:
		c.graphMedia(f)
	}
}

// graphUser reads a user, and the media that were asked for with them.
func (c *collector) graphUser(f *found) {
	u := &instagram.UserInfo{
		ID: f.text("id"), Username: f.text("username"), FullName: f.text("name"), Bio: f.text("biography"),
		Website: f.text("website"), ProfilePicture: f.text("profile_picture_url"),
		Counts: instagram.UserCounts{Media: f.count("media_count"), Follows: f.count("follows_count"), FollowedBy: f.count("followers_count")},
		Extra: f.without("id", "username", "name", "biography", "website", "profile_picture_url", "media_count", "follows_count", "followers_count",
			"media", "stories", "tags"),
	}
	c.entry(&Entry{Kind: KindUser, User: u})
	for _, name := range []string{"media", "stories", "tags"} {
		c.any(f.get(name), list{}, append(f.keys[:len(f.keys):len(f.keys)], name))
	}
}

func (c *collector) graphMedia(f *found) {
	media := decode[instagram.GraphMedia](c, f.raw)
	if media == nil {
		return
	}
	m := media.MediaEntry()
	m.Tags = tagsOf(media.Caption)
	delete(m.Extra, "comments")
	c.media(m)
	c.graphComments(f.object.object("comments"), m.ID, "")
}

// graphComments reads the comments of a media, or the replies to a comment.
func (c *collector) graphComments(list object, mediaID, parent string) {
	for _, o := range objects(list.get("data")) {
		c.graphComment(o, mediaID, parent)
	}
}

func (c *collector) graphComment(o object, mediaID, parent string) {
	from := o.object("from")
	comment := &instagram.CommentEntry{
		ID: o.text("id"), Text: o.text("text"), CreatedTime: timeOf(o.text("timestamp")),
		From:  instagram.UserShortInfo{ID: from.text("id"), Username: cmp.Or(o.text("username"), from.text("username"))},
		Extra: o.without("id", "text", "timestamp", "username", "from", "media", "replies"),
	}
	if parent != "" {
		comment.Extra = mergeExtra(comment.Extra, map[string]json.RawMessage{"parent_id": rawString(parent)})
	}
	mediaID = cmp.Or(o.object("media").text("id"), mediaID)
	c.entry(&Entry{Kind: KindComment, Comment: comment, MediaID: mediaID})
	if parent == "" { // replies have none of their own
		c.graphComments(o.object("replies"), mediaID, comment.ID)
	}
}

package archive

import (
	"github.com/igv1/instagram"
)

func isGraph(f *found) bool {
	failed := f.object.object("error")
	return f.has("media_type") && f.has("id") && !f.has("pk") || f.has("permalink", "timestamp") ||
		f.has("account_type", "username") || f.has("text", "timestamp") && (f.has("username") || f.has("from")) ||
		failed.has("message") && (failed.has("fbtrace_id") || failed.has("code") && failed.has("type"))
}

// graph reads an object of the Graph.
func (c *collector) graph(f *found) {
	switch {
	case f.has("error"):
		failed := f.object.object("error")
		code, _ := numberOf(failed.get("code"))
		subcode, _ := numberOf(failed.get("error_subcode"))
		c.fail(c.answered(&instagram.Error{
			Code: int(code), Subcode: int(subcode), Type: instagram.ErrorType(failed.text("type")),
			Message: failed.text("message"), TraceID: failed.text("fbtrace_id"),
		}))
	case f.has("account_type", "username"):
		if u := decode[instagram.UserInfo](c, f.raw); u != nil {
			n, _ := numberOf(f.get("media_count"))
			u.Counts.Media = int(n)
			delete(u.Extra, "media_count")
			c.entry(&Entry{Kind: KindUser, User: u})
		}
	case f.has("text", "timestamp") && !f.has("media_type"):
		c.graphComment(f)
	default:
		c.graphMedia(f)
	}
}

func (c *collector) graphMedia(f *found) {
	media := decode[instagram.GraphMedia](c, f.raw)
	if media == nil {
		return
	}
	m := media.MediaEntry()
	if n, ok := numberOf(m.Extra["like_count"]); ok {
		m.Likes.Count = int(n)
		delete(m.Extra, "like_count")
	}
	if n, ok := numberOf(m.Extra["comments_count"]); ok {
		m.Comments.Count = int(n)
		delete(m.Extra, "comments_count")
	}
	m.Tags = tagsOf(media.Caption)
	c.media(m)
}

func (c *collector) graphComment(f *found) {
	from := f.object.object("from")
	comment := &instagram.CommentEntry{
		ID: f.text("id"), Text: f.text("text"), CreatedTime: timeOf(f.text("timestamp")),
		From:  instagram.UserShortInfo{ID: from.text("id"), Username: f.text("username")},
		Extra: f.without("id", "text", "timestamp", "username", "from", "media"),
	}
	if comment.From.Username == "" {
		comment.From.Username = from.text("username")
	}
	c.entry(&Entry{Kind: KindComment, Comment: comment, MediaID: f.object.object("media").text("id")})
}

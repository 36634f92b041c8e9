package world

import (
	"fmt"
	"slices"
)

// Change is something that was done to a world that is saved.
type Change struct {
	Do      string `json:"do"` // like, unlike, comment, uncomment, reply, post, story, delete, or a relationship action
	User    uint64 `json:"user,string,omitempty"`
	Target  uint64 `json:"target,string,omitempty"` // the user of a relationship
	Media   uint64 `json:"media,string,omitempty"`  // its number
	Comment uint64 `json:"comment,string,omitempty"`
	Parent  uint64 `json:"parent,string,omitempty"` // the comment that a reply is to
	Text    string `json:"text,omitempty"`
	Time    int64  `json:"time,omitempty"` // UNIX seconds
	Post    *Post  `json:"post,omitempty"`
}

// Apply does a change again. What it was done to may have gone from the recordings; then it does
// nothing.
func (w *World) Apply(c Change) error {
	u, target, m := w.Users[c.User], w.Users[c.Target], w.Media[c.Media]
	switch c.Do {
	case "post", "story":
		if u == nil {
			return nil
		}
		return w.repost(u, c)
	case "delete":
		if m != nil {
			w.RemoveMedia(m)
		}
	case "like", "unlike", "comment", "uncomment", "reply":
		if m != nil && u != nil {
			w.applyToMedia(u, m, c)
		}
	case "follow", "unfollow", "block", "unblock", "approve", "ignore", "deny":
		if u != nil && target != nil {
			w.applyToUser(u, target, c)
		}
	default:
		return fmt.Errorf("it is not known how to do %q", c.Do)
	}
	return nil
}

func (w *World) applyToMedia(u *User, m *Media, c Change) {
	said := &Comment{ID: c.Comment, From: u, Text: c.Text, Created: c.Time}
	again := func(have *Comment) bool { return have.ID == c.Comment }
	switch c.Do {
	case "like":
		w.Like(u, m)
	case "unlike":
		w.Unlike(u, m)
	case "comment":
		if !slices.ContainsFunc(m.Comments, again) {
			m.addComment(said)
			w.KeepID(said)
		}
	case "uncomment":
		m.Uncomment(c.Comment)
	case "reply":
		i := slices.IndexFunc(m.Comments, func(have *Comment) bool { return have.ID == c.Parent })
		if i >= 0 && !slices.ContainsFunc(m.Comments[i].Replies, again) {
			m.Comments[i].Replies = append(m.Comments[i].Replies, said)
			w.KeepID(said)
		}
	}
}

func (w *World) applyToUser(u, target *User, c Change) {
	switch c.Do {
	case "follow":
		w.Follow(u, target)
	case "unfollow":
		w.Unfollow(u, target)
	case "block":
		w.Block(u, target)
	case "unblock":
		delete(u.Blocked, target.ID)
	case "approve":
		w.Approve(u, target)
	case "ignore", "deny":
		w.Ignore(u, target)
	}
}

// repost posts a media or a story again, under the number and the caption's id that it had.
func (w *World) repost(owner *User, c Change) error {
	_, used := w.Media[c.Media]
	used = used || slices.ContainsFunc(owner.Stories, func(m *Media) bool { return m.Number == c.Media })
	if used || c.Post == nil {
		return nil
	}
	m, err := w.NewMedia(fmt.Sprint(owner.ID), c.Post, c.Post.CreatedTime)
	if err != nil {
		return err
	}
	m.Number = c.Media
	if m.Caption != nil {
		m.Caption.ID = c.Comment
		w.KeepID(m.Caption)
	}
	if c.Do == "story" {
		w.AddStory(m)
	} else {
		w.AddMedia(m)
	}
	return nil
}

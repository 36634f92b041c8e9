package world

import (
	"fmt"
	"slices"
)

// Change is something that was done to a world that is saved.
type Change struct {
	Do      string `json:"do"` // like, unlike, comment, uncomment, post, delete, or a relationship action
	User    uint64 `json:"user,string,omitempty"`
	Target  uint64 `json:"target,string,omitempty"` // the user of a relationship
	Media   uint64 `json:"media,string,omitempty"`  // its number
	Comment uint64 `json:"comment,string,omitempty"`
	Text    string `json:"text,omitempty"`
	Time    int64  `json:"time,omitempty"` // UNIX seconds
	Post    *Post  `json:"post,omitempty"`
}

// Apply does a change again. What it was done to may have gone from the recordings; then it does
// nothing.
func (w *World) Apply(c Change) error {
	u, target, m := w.Users[c.User], w.Users[c.Target], w.Media[c.Media]
	switch c.Do {
	case "like", "unlike", "comment", "uncomment", "delete":
		if m == nil || u == nil && c.Do != "delete" {
			return nil
		}
	case "post":
		if u == nil {
			return nil
		}
	default:
		if u == nil || target == nil {
			return nil
		}
	}
	switch c.Do {
	case "like":
		w.Like(u, m)
	case "unlike":
		w.Unlike(u, m)
	case "comment":
		if slices.ContainsFunc(m.Comments, func(have *Comment) bool { return have.ID == c.Comment }) {
			return nil
		}
		made := &Comment{ID: c.Comment, From: u, Text: c.Text, Created: c.Time}
		m.Comments = append(m.Comments, made)
		m.Version++
		w.KeepID(made)
	case "uncomment":
		m.Uncomment(c.Comment)
	case "post":
		return w.repost(u, c)
	case "delete":
		w.RemoveMedia(m)
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
	default:
		return fmt.Errorf("it is not known how to do %q", c.Do)
	}
	return nil
}

// repost posts a media again, under the number and the caption's id that it had.
func (w *World) repost(owner *User, c Change) error {
	if _, used := w.Media[c.Media]; used || c.Post == nil {
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
	w.AddMedia(m)
	return nil
}

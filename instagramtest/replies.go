package instagramtest

import (
	"fmt"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// PostReply replies to a comment as a user, both given by id or the user by name, and returns the
// id of the reply. The Graph API shows it, and v1 never does. A user or a comment that is not there
// is a mistake in the test, and PostReply panics.
func (s *Server) PostReply(user, commentID, text string) string {
	id, err := s.postReply(user, commentID, text)
	if err != nil {
		panic("instagramtest: " + err.Error())
	}
	return id
}

func (s *Server) postReply(user, commentID, text string) (string, error) {
	reply, err := s.addReply(user, commentID, text)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(reply.ID), s.store.Flush()
}

func (s *Server) addReply(user, commentID, text string) (*world.Comment, error) {
	w := s.world.Load()
	w.Mu.Lock()
	defer w.Mu.Unlock()
	u := w.UserNamed(user)
	if u == nil {
		return nil, fmt.Errorf("there is no user %q", user)
	}
	id, _ := world.ParseID(commentID)
	reply, parent, m := w.Reply(u, id, text, s.Now().Unix())
	if reply == nil {
		return nil, fmt.Errorf("there is no comment %q", commentID)
	}
	s.store.Add(world.Change{
		Do: "reply", User: u.ID, Media: m.Number, Parent: parent.ID, Comment: reply.ID, Text: text, Time: reply.Created,
	})
	s.announceComment(m, reply, parent)
	return reply, nil
}

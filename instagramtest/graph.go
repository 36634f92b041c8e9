package instagramtest

import (
	"fmt"
	"net/http"

	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// serveGraph answers a request to the Graph API.
func (s *Server) serveGraph(w *recorder, r *http.Request) {
	status, body, p := s.graph.Answer(w.Header(), r, s.origin(r))
	w.Params = p.Values
	s.sendJSON(w, r, p, status, body)
}

// GraphToken is a token of a user, given by username or id, for the Graph API: one of 60 days that
// begins now on the server's clock. The scopes are instagram_business_basic and the others that
// begin so; all of them if none is named. A user who is not there is a mistake in the test, and
// GraphToken panics.
func (s *Server) GraphToken(user string, scopes ...string) string {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	u := w.UserNamed(user)
	if u == nil {
		panic(fmt.Sprintf("instagramtest: there is no user %q", user))
	}
	if len(scopes) == 0 {
		scopes = oauth.BusinessScopes
	}
	return s.tokens.IssueGraph(u.ID, scopes, s.Now(), oauth.LongLife)
}

// PostStory posts a media as a story, as [Server.PostMedia] posts one that stays. The Graph API
// shows it for 24 hours, and v1 never does. It is not kept over a start of the server.
func (s *Server) PostStory(user string, m Media) Media {
	w := s.world.Load()
	w.Mu.Lock()
	defer w.Mu.Unlock()
	p := world.Post(m)
	made, err := w.NewMedia(user, &p, s.Now())
	if err != nil {
		panic("instagramtest: " + err.Error())
	}
	w.AddStory(made)
	p.ID = string(wire.AppendMediaID(nil, made))
	p.Shortcode = world.Shortcode(made.Number)
	return Media(p)
}

// PostReply replies to a comment as a user, both given by id or the user by name, and returns the
// id of the reply. The Graph API shows it, and v1 never does. It is not kept over a start of the
// server. A user or a comment that is not there is a mistake in the test, and PostReply panics.
func (s *Server) PostReply(user, commentID, text string) string {
	w := s.world.Load()
	w.Mu.Lock()
	defer w.Mu.Unlock()
	u := w.UserNamed(user)
	if u == nil {
		panic(fmt.Sprintf("instagramtest: there is no user %q", user))
	}
	id, _ := world.ParseID(commentID)
	reply, _ := w.Reply(u, id, text, s.Now().Unix())
	if reply == nil {
		panic(fmt.Sprintf("instagramtest: there is no comment %q", commentID))
	}
	return fmt.Sprint(reply.ID)
}

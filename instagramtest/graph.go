package instagramtest

import (
	"fmt"
	"net/http"

	"github.com/igv1/instagram/instagramtest/internal/oauth"
)

// serveGraph answers a request to the Graph API.
func (s *Server) serveGraph(w *recorder, r *http.Request) {
	status, body, p := s.graph.Answer(w.Header(), r, s.origin(r))
	w.Params = p.Values
	s.sendJSON(w, r, p, status, body)
}

// GraphToken is a token of a user, given by username or id, for the Graph API: one of 60 days that
// begins now on the server's clock. The scopes are instagram_business_basic and the others that
// begin so; all of them if none is named. A server of the same seed knows the token, too, as when it
// is started again. A user who is not there is a mistake in the test, and GraphToken panics.
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

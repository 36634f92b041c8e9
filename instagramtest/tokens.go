package instagramtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// AccessToken is a token of a user, given by username or id, with the scopes named, or with all of
// them if none is. They are public_content, follower_list, comments, relationships and likes; those
// of the Basic Display API, which ended in 2024, instagram_graph_user_media and
// instagram_graph_user_profile; and those of [Server.GraphToken]. Every token has the scope basic.
//
// The same user and scopes always have the same token, and asking for one that was revoked makes it
// valid again. A user or a scope that is not there is a mistake in the test, and AccessToken
// panics.
func (s *Server) AccessToken(user string, scopes ...string) string {
	token, err := s.accessToken(user, scopes)
	if err != nil {
		panic("instagramtest: " + err.Error())
	}
	return token
}

func (s *Server) accessToken(user string, scopes []string) (string, error) {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	u := w.UserNamed(user)
	if u == nil {
		return "", fmt.Errorf("there is no user %q", user)
	}
	known := everyScope()
	for _, scope := range scopes {
		if !slices.Contains(known, scope) {
			return "", fmt.Errorf("there is no scope %q; the scopes are %s", scope, strings.Join(known, ", "))
		}
	}
	if len(scopes) == 0 {
		scopes = known
	}
	return s.tokens.Issue(u.ID, scopes), nil
}

// Revoke ends an access token, as a user does who takes back the permission that an app had.
func (s *Server) Revoke(token string) { s.tokens.Revoke(token) }

// scopes are those of v1 that the server's generation knows. Two came in November 2015.
func (s *Server) scopes() []string {
	if s.config.wire == Wire2017 {
		return oauth.AllScopes
	}
	return []string{oauth.ScopeBasic, oauth.ScopeComments, oauth.ScopeRelationships, oauth.ScopeLikes}
}

// everyScope are the scopes of v1 and of the Graph API.
func everyScope() []string { return slices.Concat(oauth.AllScopes, oauth.GraphScopes) }

// acceptBuiltIn makes the tokens of [WithToken] valid.
func (s *Server) acceptBuiltIn() error {
	w := s.world.Load()
	for _, own := range s.builtIn {
		u := w.UserNamed(own.user)
		if u == nil {
			return fmt.Errorf("WithToken: there is no user %q, but %s", own.user, someNames(w))
		}
		s.tokens.Accept(own.token, u.ID, everyScope())
	}
	return nil
}

// someNames are the first usernames of a world, to choose from.
func someNames(w *world.World) string {
	var names []string
	for _, u := range w.Everyone[:min(5, len(w.Everyone))] {
		names = append(names, u.Username)
	}
	return strings.Join(names, ", ")
}

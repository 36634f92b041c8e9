package instagramtest

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/pictures"
)

// serveOAuth answers what is under /oauth, with or without a slash at the end. Its errors come
// without the meta object.
func (s *Server) serveOAuth(w *recorder, r *http.Request, rest string) {
	p, failed := s.readParams(r)
	w.Params = p.Values
	if failed == nil {
		switch strings.TrimRight(rest, "/") {
		case "authorize":
			failed = s.authorize(w, r, p)
		case "access_token":
			failed = s.exchange(w, r, p)
		default:
			failed = apierror.NoSuchPath
		}
	}
	if failed != nil {
		bare := *failed
		bare.Bare = true
		s.sendJSON(w, r, p, failed.Status, apierror.Append(nil, &bare))
	}
}

// authorization is what an app asks a person for.
type authorization struct {
	redirect *url.URL
	implicit bool // the token comes in the redirect's fragment, without a code
	graph    bool // it is for the Graph API
	scopes   []string
	state    url.Values // the state parameter, empty if there is none
}

// authorize shows the page where a person allows or denies, on GET, and takes the decision, on
// POST. What is wrong with the request is told here and not to the app, as the service did: a
// redirect could go to the wrong place.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request, p params.Params) *apierror.Error {
	a, failed := s.readAuthorization(p)
	if failed != nil {
		return failed
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		s.showAuthorizePage(w, p, a)
		return nil
	case http.MethodPost:
		return s.decide(w, r, p, a)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return apierror.MethodNotAllowed(r.Method)
	}
}

func (s *Server) readAuthorization(p params.Params) (a authorization, failed *apierror.Error) {
	switch p.Get("client_id") {
	case "":
		return a, apierror.IncompleteAuthorization
	case s.ClientID:
	default:
		return a, apierror.UnknownClient
	}
	if p.Get("redirect_uri") == "" || p.Get("response_type") == "" {
		return a, apierror.IncompleteAuthorization
	}
	if a.redirect = s.redirects.Find(p.Get("redirect_uri")); a.redirect == nil {
		return a, apierror.UnregisteredRedirect
	}
	switch p.Get("response_type") {
	case "code":
	case "token":
		a.implicit = true
	default:
		return a, apierror.BadRequest("OAuthException", "response_type must be code or token")
	}
	a.state = url.Values{}
	if p.Has("state") {
		a.state.Set("state", p.Get("state"))
	}
	a.scopes, a.graph, failed = s.readScopes(p)
	if a.graph && a.implicit {
		return a, apierror.BadRequest("OAuthException", "response_type must be code")
	}
	return a, failed
}

// readScopes reads scopes with spaces or pluses between them. Without the parameter it is basic
// alone. Those of the Graph API, which may have commas between them, are not asked for together
// with those of v1, and not without the one that each of them needs.
func (s *Server) readScopes(p params.Params) (scopes []string, graph bool, failed *apierror.Error) {
	if !p.Has("scope") {
		return []string{oauth.ScopeBasic}, false, nil
	}
	known, separators := s.scopes(), " +"
	if graph = strings.Contains(p.Get("scope"), oauth.ScopeBusinessBasic); graph {
		known, separators = oauth.BusinessScopes, " +,"
	}
	scopes = strings.FieldsFunc(p.Get("scope"), func(r rune) bool { return strings.ContainsRune(separators, r) })
	unknown := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return slices.Contains(known, scope) })
	if len(scopes) == 0 || len(unknown) > 0 {
		return nil, graph, apierror.BadRequest("OAuthException", "Invalid scope field(s): %s", strings.Join(unknown, ", "))
	}
	return scopes, graph, nil
}

// sameOrigin keeps other sites from making a browser press the button: the forms of this page alone
// are taken. Programs, which do not say where a form is from, may send it as they like.
var sameOrigin = http.NewCrossOriginProtection()

// decide sends the person back to the app with what they have decided.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, p params.Params, a authorization) *apierror.Error {
	if sameOrigin.Check(r) != nil {
		return apierror.Forbidden("the form must be sent from the authorize page")
	}
	answer := a.state
	switch p.Get("decision") {
	case "deny":
		answer.Set("error", "access_denied")
		answer.Set("error_reason", "user_denied")
		answer.Set("error_description", "The user denied your request")
	case "allow":
		world := s.world.Load()
		world.Mu.RLock()
		u := world.UserNamed(p.Get("user"))
		world.Mu.RUnlock()
		switch {
		case u == nil:
			return apierror.BadRequest("OAuthException", "user must be a username or an id")
		case a.implicit:
			answer.Set("access_token", s.tokens.Issue(u.ID, a.scopes))
		default:
			answer.Set("code", s.codes.Issue(u.ID, a.scopes, p.Get("redirect_uri"), s.Now()))
		}
	default:
		return apierror.BadRequest("OAuthException", "decision must be allow or deny")
	}
	back := *a.redirect
	switch {
	case a.implicit:
		// Simple programs take the token for what stands behind the first sign of equality; Encode
		// puts it first.
		w.Header().Set("Location", back.String()+"#"+answer.Encode())
	case back.RawQuery == "":
		back.RawQuery = answer.Encode()
		w.Header().Set("Location", back.String())
	default:
		back.RawQuery += "&" + answer.Encode()
		w.Header().Set("Location", back.String())
	}
	if a.graph { // as the service does to this day
		w.Header().Set("Location", back.String()+"#_")
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusFound)
	return nil
}

//go:embed authorize.html
var authorizeHTML string

var authorizePage = template.Must(template.New("authorize").Parse(authorizeHTML))

// scopeWords say what a scope means to the person who is asked.
var scopeWords = map[string]string{
	oauth.ScopeBasic:         "see your profile and what you have posted",
	oauth.ScopePublicContent: "see public profiles and what is posted there",
	oauth.ScopeFollowerList:  "see who follows you and whom you follow",
	oauth.ScopeComments:      "write and delete comments as you",
	oauth.ScopeRelationships: "follow and unfollow as you",
	oauth.ScopeLikes:         "like and unlike as you",

	oauth.ScopeBusinessBasic:             "see your professional profile and what you have posted",
	oauth.ScopeBusinessComments:          "see and manage the comments on what you have posted",
	oauth.ScopeBusinessInsights:          "see what your profile and what you have posted come to",
	"instagram_business_content_publish": "post as you",
	"instagram_business_manage_messages": "read and send messages as you",
}

// offeredUsers is how many users the authorize page offers. The form takes every other as well.
const offeredUsers = 6

func (s *Server) showAuthorizePage(w http.ResponseWriter, p params.Params, a authorization) {
	type person struct{ ID, Username, FullName, Picture string }
	var page struct {
		App    string
		Hidden map[string]string
		Scopes []string
		People []person
	}
	page.App = cmp.Or(a.redirect.Host, a.redirect.Scheme)
	page.Hidden = map[string]string{}
	for _, name := range []string{"client_id", "redirect_uri", "response_type", "scope", "state"} {
		if p.Has(name) {
			page.Hidden[name] = p.Get(name)
		}
	}
	for _, scope := range slices.Concat(s.scopes(), oauth.BusinessScopes) {
		if scope == oauth.ScopeBasic && !a.graph || slices.Contains(a.scopes, scope) {
			page.Scopes = append(page.Scopes, scopeWords[scope])
		}
	}
	world := s.world.Load()
	world.Mu.RLock()
	for _, u := range world.Everyone[:min(offeredUsers, len(world.Everyone))] {
		page.People = append(page.People, person{strconv.FormatUint(u.ID, 10), u.Username, u.FullName, pictures.ProfileURL("", u)})
	}
	world.Mu.RUnlock()
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "same-origin")
	// There is no form-action here: some browsers hold it against the redirect that answers the
	// form.
	header.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	header.Set("X-Frame-Options", "DENY")
	authorizePage.Execute(w, page) //nolint:errcheck // a browser that has gone away needs no page
}

// exchange turns a code into a token. The app proves itself in the form; credentials in an
// Authorization header are not looked at, as they were not by the service, so a client that tries
// the header first is refused before its code is used.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request, p params.Params) *apierror.Error {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		return apierror.MethodNotAllowed(r.Method)
	}
	for _, name := range []string{"client_id", "client_secret", "grant_type", "redirect_uri", "code"} {
		if p.Get(name) == "" {
			return apierror.BadRequest("OAuthException", "You must provide a %s", name)
		}
	}
	switch {
	case p.Get("client_id") != s.ClientID:
		return apierror.UnknownClient
	case p.Get("client_secret") != s.ClientSecret:
		return apierror.BadRequest("OAuthException", "Invalid Client Secret")
	case p.Get("grant_type") != "authorization_code":
		return apierror.BadRequest("OAuthException", "Invalid grant_type: it must be authorization_code")
	}
	g, failed := s.codes.Redeem(p.Get("code"), p.Get("redirect_uri"), s.Now())
	if failed != nil {
		return failed
	}
	world := s.world.Load()
	world.Mu.RLock()
	u := world.Users[g.UserID]
	world.Mu.RUnlock()
	if u == nil {
		return apierror.UsedCode
	}
	w.Header().Set("Cache-Control", "no-store")
	if slices.Contains(g.Scopes, oauth.ScopeBusinessBasic) {
		b, _ := json.Marshal(struct {
			AccessToken string   `json:"access_token"`
			UserID      uint64   `json:"user_id"`
			Permissions []string `json:"permissions"`
		}{s.tokens.IssueGraph(g.UserID, g.Scopes, s.Now(), oauth.ShortLife), g.UserID, g.Scopes})
		s.sendJSON(w, r, p, http.StatusOK, b)
		return nil
	}
	type signedIn struct {
		ID             string `json:"id"`
		Username       string `json:"username"`
		FullName       string `json:"full_name"`
		ProfilePicture string `json:"profile_picture"`
		Bio            string `json:"bio"`
		Website        string `json:"website"`
	}
	b, _ := json.Marshal(struct {
		AccessToken string   `json:"access_token"`
		User        signedIn `json:"user"`
	}{
		s.tokens.Issue(g.UserID, g.Scopes),
		signedIn{strconv.FormatUint(u.ID, 10), u.Username, u.FullName, pictures.ProfileURL(s.origin(r), u), u.Bio, u.Website},
	})
	s.sendJSON(w, r, p, http.StatusOK, b)
	return nil
}

// AuthorizationCode is a code as the server sends it to a redirect URI when a user, given by
// username or id, has allowed the app what it asked for: it can be exchanged for a token once, for
// the same redirect URI, within ten minutes on the server's clock. The scopes are those of
// [Server.AccessToken]; without any, the token has the scope basic. With instagram_business_basic
// the code is for the Graph API: what it is traded for is a token of an hour. A user who is not
// there, or a redirect URI that is not registered, is a mistake in the test, and AuthorizationCode
// panics.
func (s *Server) AuthorizationCode(user, redirectURI string, scopes ...string) string {
	w := s.world.Load()
	w.Mu.RLock()
	u := w.UserNamed(user)
	w.Mu.RUnlock()
	if u == nil {
		panic(fmt.Sprintf("instagramtest: there is no user %q", user))
	}
	if s.redirects.Find(redirectURI) == nil {
		panic(fmt.Sprintf("instagramtest: the redirect URI %q is not registered", redirectURI))
	}
	return s.codes.Issue(u.ID, scopes, redirectURI, s.Now())
}

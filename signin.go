package instagram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

var (
	// ErrState ends a sign-in that was not started where it is finished, or too long ago: what came
	// back does not hold the state that was sent out. It may be forged. The user can start again.
	ErrState = errors.New("instagram: state does not match")
	// ErrDenied is matched by every [*DeniedError].
	ErrDenied = errors.New("instagram: sign-in denied")
)

// A DeniedError is a sign-in that the user, or else the server, turned down. Its text comes with
// the callback, where anybody can write it.
type DeniedError struct {
	Code        string // access_denied
	Reason      string // user_denied
	Description string // The user denied your request.
}

func (e *DeniedError) Error() string {
	return fmt.Sprintf("instagram: sign-in denied: %q (%q, %q)", e.Description, e.Code, e.Reason)
}

// Is makes [errors.Is] match [ErrDenied].
func (e *DeniedError) Is(target error) bool { return target == ErrDenied }

// A SignIn signs users in to one app with OAuth 2.0. Make one with [Client.SignIn] and share it: it
// is safe for any number of goroutines.
//
// A web program serves Start, which sends the user to the server's page, and calls Finish where the
// user comes back:
//
//	http.HandleFunc("/login", signIn.Start)
//	http.HandleFunc("/callback", func(w http.ResponseWriter, r *http.Request) {
//		grant, err := signIn.Finish(w, r)
//
// Other programs use AuthURL and Exchange, and keep the state in between. Either way the state is
// made here and is checked before anything else is: a callback that this program did not ask for
// signs nobody in.
type SignIn struct {
	authorization
	codes *service // where codes are traded for tokens
}

// SignIn returns the sign-in of the app whose credentials c has. The server sends users back to the
// redirect URL, which is registered with it; extra query parameters are allowed. Without scopes,
// [ScopeBasic] is asked for.
func (c *Client) SignIn(redirectURL string, scopes ...Scope) (*SignIn, error) {
	a, err := newAuthorization(&c.core, OAuthEndpoint(c.users.api.base), redirectURL, scopes)
	if err != nil {
		return nil, err
	}
	return &SignIn{authorization: a, codes: &c.oauth}, nil
}

// Exchange finishes a sign-in that AuthURL has started. It takes the URL that the server sent the
// user back to, and trades the code in it for a token.
//
// The error is an [ErrState] for a callback that does not belong to state, a [*DeniedError] if the
// user said no, and otherwise an [*Error]; of those, [ErrInvalidCode] and [ErrRedirectURI] are
// particular to it. A code works once.
func (s *SignIn) Exchange(ctx context.Context, callbackURL, state string) (*Grant, error) {
	query, _, err := parseCallback(callbackURL)
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, query, state)
}

func (s *SignIn) finish(ctx context.Context, callback url.Values, state string) (*Grant, error) {
	if err := s.verify(callback, state); err != nil {
		return nil, err
	}
	return s.exchange(ctx, callback.Get("code"))
}

// ImplicitURL is AuthURL for the implicit flow, in which the token itself comes back, in the
// fragment of the URL. A fragment stays in the browser; the flow is for programs that are one, or
// show one.
func (s *SignIn) ImplicitURL() (authURL, state string) {
	state = s.newState()
	return s.Config().AuthCodeURL(state, oauth2.SetAuthURLParam("response_type", "token")), state
}

// ParseImplicit finishes a sign-in that ImplicitURL has started. It takes the URL that the server
// sent the user back to, with its fragment, and asks no server. Its errors are those of Exchange
// that are not an [*Error].
func (s *SignIn) ParseImplicit(callbackURL, state string) (*Grant, error) {
	query, fragment, err := parseCallback(callbackURL)
	if err != nil {
		return nil, err
	}
	// Servers differ in where they put the rest.
	for name, values := range query {
		if name != "access_token" && !fragment.Has(name) {
			fragment[name] = values
		}
	}
	if err := s.verify(fragment, state); err != nil {
		return nil, err
	}
	token := fragment.Get("access_token")
	if err := checkToken(token); err != nil {
		return nil, err
	}
	return &Grant{token: redact.NewSecret(token)}, nil
}

// Finish takes the request with which the user comes back, and does what Exchange does with the
// state that Start left in the browser. It takes that cookie away if the state is the one that came
// back, and leaves the answer to the caller; one that redirects is best, for it takes the code out
// of the browser's address.
func (s *SignIn) Finish(w http.ResponseWriter, r *http.Request) (*Grant, error) {
	callback := r.URL.Query()
	return s.finish(r.Context(), callback, s.takeState(w, r, callback.Get("state")))
}

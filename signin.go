package instagram

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

var (
	// ErrState ends a sign-in that was not started where it is finished, or too
	// long ago: what came back does not hold the state that was sent out. It
	// may be forged. The user can start again.
	ErrState = errors.New("instagram: state does not match")
	// ErrDenied is matched by every [*DeniedError].
	ErrDenied = errors.New("instagram: sign-in denied")
)

// A DeniedError is a sign-in that the user, or else the server, turned down.
// Its text comes with the callback, where anybody can write it.
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

// A SignIn signs users in to one app with OAuth 2.0. Make one with
// [Client.SignIn] and share it: it is safe for any number of goroutines.
//
// A web program serves Start, which sends the user to the server's page, and
// calls Finish where the user comes back:
//
//	http.HandleFunc("/login", signIn.Start)
//	http.HandleFunc("/callback", func(w http.ResponseWriter, r *http.Request) {
//		grant, err := signIn.Finish(w, r)
//
// Other programs use AuthURL and Exchange, and keep the state in between.
// Either way the state is made here and is checked before anything else is: a
// callback that this program did not ask for signs nobody in.
type SignIn struct {
	authorization
	codes *service // where codes are traded for tokens
}

// SignIn returns the sign-in of the app whose credentials c has. The server
// sends users back to the redirect URL, which is registered with it; extra
// query parameters are allowed. Without scopes, [ScopeBasic] is asked for.
func (c *Client) SignIn(redirectURL string, scopes ...Scope) (*SignIn, error) {
	a, err := newAuthorization(&c.core, Endpoint(c.users.api.base), redirectURL, scopes)
	if err != nil {
		return nil, err
	}
	a.cookieName = "instagram_state"
	return &SignIn{authorization: a, codes: &c.oauth}, nil
}

// An authorization is what every sign-in of an app has: where it sends users, what it
// asks them for, and how it knows them again.
type authorization struct {
	core        *core
	endpoint    oauth2.Endpoint
	redirectURL string
	scopes      []string
	cookieName  string
}

func newAuthorization[S ~string](c *core, endpoint oauth2.Endpoint, redirectURL string, scopes []S) (authorization, error) {
	a := authorization{core: c, endpoint: endpoint, redirectURL: redirectURL}
	if c.clientID == "" {
		return a, &ParameterError{"client_id", "it is not set; see WithClientCredentials"}
	}
	u, err := url.Parse(redirectURL)
	if err != nil || u.Scheme == "" || (u.Host == "" && u.Path == "" && u.Opaque == "") || strings.Contains(redirectURL, "#") {
		return a, &ParameterError{"redirect_uri", "it is not an absolute URL without a fragment"}
	}
	for _, scope := range scopes {
		if scope == "" || strings.ContainsAny(string(scope), " +,\t\r\n") {
			return a, &ParameterError{"scope", fmt.Sprintf("%q is not one scope", scope)}
		}
		a.scopes = append(a.scopes, string(scope))
	}
	return a, nil
}

// Config returns what the sign-in looks like to the oauth2 package. It holds
// the client secret, and prints it.
func (a *authorization) Config() *oauth2.Config {
	return &oauth2.Config{
		ClientID:     a.core.clientID,
		ClientSecret: a.core.clientSecret.Reveal(),
		Endpoint:     a.endpoint,
		RedirectURL:  a.redirectURL,
		Scopes:       slices.Clone(a.scopes),
	}
}

// AuthURL returns the page to send the user to, and the state to hand to
// Exchange together with what the user comes back with.
func (a *authorization) AuthURL() (authURL, state string) {
	state = rand.Text()
	return a.Config().AuthCodeURL(state), state
}

// Exchange finishes a sign-in that AuthURL has started. It takes the URL that
// the server sent the user back to, and trades the code in it for a token.
//
// The error is an [ErrState] for a callback that does not belong to state, a
// [*DeniedError] if the user said no, and otherwise an [*Error]; of those,
// [ErrInvalidCode] and [ErrRedirectURI] are particular to it. A code works once.
func (s *SignIn) Exchange(ctx context.Context, callbackURL, state string) (*Grant, error) {
	query, _, err := parseCallback(callbackURL)
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, query, state)
}

func (s *SignIn) finish(ctx context.Context, callback url.Values, state string) (*Grant, error) {
	if err := verify(callback, state); err != nil {
		return nil, err
	}
	return s.exchange(ctx, callback.Get("code"))
}

// ImplicitURL is AuthURL for the implicit flow, in which the token itself comes
// back, in the fragment of the URL. A fragment stays in the browser; the flow
// is for programs that are one, or show one.
func (s *SignIn) ImplicitURL() (authURL, state string) {
	state = rand.Text()
	return s.Config().AuthCodeURL(state, oauth2.SetAuthURLParam("response_type", "token")), state
}

// ParseImplicit finishes a sign-in that ImplicitURL has started. It takes the
// URL that the server sent the user back to, with its fragment, and asks no
// server. Its errors are those of Exchange that are not an [*Error].
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
	if err := verify(fragment, state); err != nil {
		return nil, err
	}
	token := fragment.Get("access_token")
	if err := checkToken(token); err != nil {
		return nil, err
	}
	return &Grant{token: redact.NewSecret(token)}, nil
}

// verify checks what the server sent the user back with. Servers that leave the
// state out of a denial are believed: it grants nothing.
func verify(callback url.Values, state string) error {
	returned := callback.Get("state")
	matches := state != "" && subtle.ConstantTimeCompare([]byte(returned), []byte(state)) == 1
	denied := callback.Get("error") != ""
	switch {
	case denied && (matches || returned == ""):
		return &DeniedError{
			Code:        redact.Cut(callback.Get("error"), maxMessage),
			Reason:      redact.Cut(callback.Get("error_reason"), maxMessage),
			Description: redact.Cut(callback.Get("error_description"), maxMessage),
		}
	case !matches:
		return ErrState
	}
	return nil
}

// stateAge is how long a user may take to sign in, in seconds.
const stateAge = 15 * 60

// Start sends the user to the server's page, and leaves the state in a cookie
// of the browser. It is an [http.HandlerFunc].
func (a *authorization) Start(w http.ResponseWriter, r *http.Request) {
	authURL, state := a.AuthURL()
	http.SetCookie(w, a.cookie(state, stateAge))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, authURL, http.StatusFound)
}

// Finish takes the request with which the user comes back, and does what
// Exchange does with the state that Start left in the browser. It takes that
// cookie away, and leaves the answer to the caller; one that redirects is best,
// for it takes the code out of the browser's address.
func (s *SignIn) Finish(w http.ResponseWriter, r *http.Request) (*Grant, error) {
	return s.finish(r.Context(), r.URL.Query(), s.takeState(w, r))
}

// takeState returns the state that Start left in the browser, and takes it away.
func (a *authorization) takeState(w http.ResponseWriter, r *http.Request) (state string) {
	if cookie, err := r.Cookie(a.cookie("", 0).Name); err == nil {
		state = cookie.Value
	}
	http.SetCookie(w, a.cookie("", -1))
	return state
}

// cookie holds the state in the browser: for the site alone that users are sent
// back to, if it is on https.
func (a *authorization) cookie(state string, age int) *http.Cookie {
	cookie := &http.Cookie{
		Name: a.cookieName, Value: state, MaxAge: age,
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if strings.HasPrefix(a.redirectURL, "https:") {
		cookie.Name, cookie.Secure = "__Host-"+cookie.Name, true
	}
	return cookie
}

// String returns where the user is sent back to. It holds no secret.
func (a authorization) String() string { return "instagram.SignIn(" + a.redirectURL + ")" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (a authorization) Format(f fmt.State, verb rune) { fmt.Fprint(f, a.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (a authorization) LogValue() slog.Value { return slog.StringValue(a.String()) }

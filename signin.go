package instagram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/lazy"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/state"
	"github.com/igv1/instagram/internal/wire"
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
type SignIn struct{ authorization }

// SignIn returns the sign-in of the app whose credentials c has. The server sends users back to the
// redirect URL, which is registered with it; extra query parameters are allowed. Without scopes,
// [ScopeBasic] is asked for.
func (c *Client) SignIn(redirectURL string, scopes ...Scope) (*SignIn, error) {
	c = c.made()
	a, err := newAuthorization(c.oauth, OAuthEndpoint(c.users.api.base), redirectURL, scopes)
	if err != nil {
		return nil, err
	}
	return &SignIn{a}, nil
}

// Exchange finishes a sign-in that AuthURL has started. It takes the URL that the server sent the
// user back to, and trades the code in it for a token.
//
// The error is an [ErrState] for a callback that does not belong to state, a [*DeniedError] if the
// user said no, and otherwise an [*Error]; of those, [ErrInvalidCode] and [ErrRedirectURI] are
// particular to it. A code works once.
func (s *SignIn) Exchange(ctx context.Context, callbackURL, state string) (*Grant, error) {
	query, _, reason := check.Callback(callbackURL)
	if reason != "" {
		return nil, refused("callback URL", reason)
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
	state = s.states.New()
	return s.Config().AuthCodeURL(state, oauth2.SetAuthURLParam("response_type", "token")), state
}

// ParseImplicit finishes a sign-in that ImplicitURL has started. It takes the URL that the server
// sent the user back to, with its fragment, and asks no server. Its errors are those of Exchange
// that are not an [*Error].
func (s *SignIn) ParseImplicit(callbackURL, state string) (*Grant, error) {
	query, fragment, reason := check.Callback(callbackURL)
	if reason != "" {
		return nil, refused("callback URL", reason)
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
	if err := refused("access_token", check.Token(token)); err != nil {
		return nil, err
	}
	return &Grant{token: redact.NewSecret(token)}, nil
}

// Finish takes the request with which the user comes back, and does what Exchange does with a state
// of Start. It leaves the answer to the caller; one that redirects is best, for it takes the code
// out of the browser's address.
//
// A state is good for 15 minutes, once, and in the browser where Start was. Many sign-ins may be
// under way there, and no visit to Start ends one; only more than 16 that were finished do.
func (s *SignIn) Finish(w http.ResponseWriter, r *http.Request) (*Grant, error) {
	callback := r.URL.Query()
	return s.finish(r.Context(), callback, s.states.Take(w, r, callback.Get("state")))
}

// exchange trades a code for a token. oauth2.Config.Exchange is not used: it reads ids as floats,
// does not know the errors of this API, and puts the answer of the server into its own errors.
func (s *SignIn) exchange(ctx context.Context, code string) (*Grant, error) {
	grant, _, err := fetch(ctx, s.exchangeCall(code), decodeGrant)
	return grant, err
}

// An authorization is what every sign-in of an app has: where it sends users, what it asks them
// for, and how it knows them again.
type authorization struct {
	clientID    string
	secret      redact.Secret
	codes       service // where codes are traded for tokens
	endpoint    oauth2.Endpoint
	redirectURL string
	scopes      []string
	states      state.Keeper
}

func newAuthorization[S ~string](codes service, endpoint oauth2.Endpoint, redirectURL string, scopes []S) (authorization, error) {
	c := codes.core
	a := authorization{clientID: c.clientID, secret: c.clientSecret, codes: codes, endpoint: endpoint, redirectURL: redirectURL}
	if c.clientID == "" {
		return a, &ParameterError{"client_id", "it is not set; see WithClientCredentials"}
	}
	if err := refused("redirect_uri", check.Redirect(redirectURL)); err != nil {
		return a, err
	}
	for _, scope := range scopes {
		if scope == "" || strings.ContainsAny(string(scope), " +,\t\r\n") {
			return a, &ParameterError{"scope", fmt.Sprintf("%q is not one scope", scope)}
		}
		a.scopes = append(a.scopes, string(scope))
	}
	u, err := url.Parse(redirectURL)
	if err != nil {
		return a, err
	}
	secure := u.Scheme == "https" // in lower case, as url.Parse makes it
	a.states = state.NewKeeper(secure, endpoint.AuthURL, endpoint.TokenURL, c.clientID, redirectURL)
	return a, nil
}

// Config returns what the sign-in looks like to the oauth2 package. It holds the client secret, and
// prints it.
func (a *authorization) Config() *oauth2.Config {
	return &oauth2.Config{
		ClientID:     a.clientID,
		ClientSecret: a.secret.Reveal(),
		Endpoint:     a.endpoint,
		RedirectURL:  a.redirectURL,
		Scopes:       slices.Clone(a.scopes),
	}
}

// AuthURL returns the page to send the user to, and the state to hand to Exchange together with
// what the user comes back with.
func (a *authorization) AuthURL() (authURL, state string) {
	state = a.states.New()
	return a.Config().AuthCodeURL(state), state
}

// verify checks what the server sent the user back with. A denial without a state is accepted,
// because it grants nothing.
func (a *authorization) verify(callback url.Values, state string) error {
	returned := callback.Get("state")
	matches := a.states.Matches(returned, state)
	denied := callback.Get("error") != ""
	switch {
	case denied && (matches || returned == ""):
		return &DeniedError{
			Code:        redact.Cut(callback.Get("error"), redact.MaxText),
			Reason:      redact.Cut(callback.Get("error_reason"), redact.MaxText),
			Description: redact.Cut(callback.Get("error_description"), redact.MaxText),
		}
	case !matches:
		return ErrState
	}
	return nil
}

// Start sends the user to the server's page, and leaves a cookie in the browser by which Finish
// knows it again. It is an [http.HandlerFunc].
func (a *authorization) Start(w http.ResponseWriter, r *http.Request) {
	if a.endpoint.AuthURL == "" {
		http.Error(w, "this sign-in was not made with a Client", http.StatusInternalServerError)
		return
	}
	state := a.states.Begin(w, r)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, a.Config().AuthCodeURL(state), http.StatusFound) //nolint:gosec // to the server of the sign-in, whatever the request
}

// exchangeCall describes the request that trades a code for a token.
func (a *authorization) exchangeCall(code string) *call {
	return newCall(&a.codes, http.MethodPost, exchangeEndpoint).
		set("grant_type", "authorization_code").
		set("redirect_uri", a.redirectURL).
		require("code", code)
}

// String returns where the user is sent back to. It holds no secret.
func (a authorization) String() string { return "instagram.SignIn(" + a.redirectURL + ")" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (a authorization) Format(f fmt.State, verb rune) { fmt.Fprint(f, a.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (a authorization) LogValue() slog.Value { return slog.StringValue(a.String()) }

// A Scope is a permission that a user grants an app when signing in.
type Scope string

// The scopes of the API.
const (
	ScopeBasic         Scope = "basic"          // profile and media of the user; granted by default
	ScopePublicContent Scope = "public_content" // profiles and media of others
	ScopeFollowerList  Scope = "follower_list"  // lists of followers and follows
	ScopeComments      Scope = "comments"       // posting and deleting comments
	ScopeRelationships Scope = "relationships"  // following and unfollowing
	ScopeLikes         Scope = "likes"          // liking and unliking
)

// namedScope finds what "This request requires scope=likes, but ..." asks for, and knownScope a
// scope in other words.
var (
	namedScope = lazy.Regexp{Text: `\bscopes?[=:]\s*["']?(\w+)`}
	knownScope = lazy.Regexp{Text: `\b(basic|public_content|follower_list|comments|relationships|likes)\b`}
)

// MissingScope returns the scope that the call needs and the user did not grant, to ask for in
// another sign-in. It is empty where the error does not match [ErrMissingScope], or does not say
// which scope.
func (e *Error) MissingScope() Scope {
	if !errors.Is(e, ErrMissingScope) {
		return ""
	}
	for _, pattern := range []*lazy.Regexp{&namedScope, &knownScope} {
		if found := pattern.Get().FindStringSubmatch(e.Message); found != nil {
			return Scope(found[1])
		}
	}
	return ""
}

// OAuthEndpoint returns where the server at a base URL signs users in. That is beside its /v1, not
// under it. [SignIn] uses it; so can an [oauth2.Config].
func OAuthEndpoint(baseURL string) oauth2.Endpoint {
	base := besideV1(strings.TrimRight(baseURL, "/"))
	return oauth2.Endpoint{
		AuthURL:   base + "/oauth/authorize",
		TokenURL:  base + exchangeEndpoint,
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// A Grant is what a sign-in comes to: a token for [Client.WithToken], and who signed in. Printed,
// logged or marshaled it does not show the token.
type Grant struct {
	token redact.Secret

	// User is the profile of who signed in, less its counts. The implicit flow does not say who
	// that was and leaves it empty.
	User UserInfo
}

// Token returns the token, for [Client.WithToken] and for storing. It has no expiry: tokens of v1
// last until the user revokes them.
func (g Grant) Token() *oauth2.Token { return &oauth2.Token{AccessToken: g.token.Reveal()} }

// decodeGrant reads the answer to an exchange, which has no envelope.
func decodeGrant(body []byte) (*Grant, MetaData, error) {
	var meta MetaData
	grant := &Grant{}
	var token string
	err := wire.ReadWhole("", body, func(d *wire.Decoder) {
		for name := range d.Members {
			switch string(name) {
			case "access_token":
				token = d.String()
			case "user":
				userTable.Read(d, &grant.User)
			case "meta":
				metaTable.Read(d, &meta)
			case "code", "error_type", "error_message":
				metaTable.ReadMember(d, &meta, string(name))
			default:
				d.Skip()
			}
		}
	})
	if err != nil {
		return nil, meta, decodeError(err)
	}
	grant.token = redact.NewSecret(token)
	return grant, meta, checkGrant(token)
}

// checkGrant refuses an answer whose token could not be sent.
func checkGrant(token string) error {
	if check.Token(token) != "" {
		return errors.New("it has no access_token that can be used")
	}
	return nil
}

// String returns who signed in, without the token.
func (g Grant) String() string {
	return fmt.Sprintf("instagram.Grant(%s %s)", g.User.ID, g.User.Username)
}

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (g Grant) Format(f fmt.State, verb rune) { fmt.Fprint(f, g.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (g Grant) LogValue() slog.Value { return slog.StringValue(g.String()) }

package instagram

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

// An authorization is what every sign-in of an app has: where it sends users, what it asks them
// for, and how it knows them again.
type authorization struct {
	core        *core
	endpoint    oauth2.Endpoint
	redirectURL string
	scopes      []string
	secure      bool   // users come back over https
	tag         string // at the end of each state: it tells one sign-in of a site from the others
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
	a.secure = u.Scheme == "https" // in lower case, as url.Parse makes it
	sum := sha256.Sum256([]byte(strings.Join([]string{endpoint.AuthURL, endpoint.TokenURL, c.clientID, redirectURL}, "\n")))
	a.tag = "-" + base32.StdEncoding.EncodeToString(sum[:])[:8]
	return a, nil
}

// Config returns what the sign-in looks like to the oauth2 package. It holds the client secret, and
// prints it.
func (a *authorization) Config() *oauth2.Config {
	return &oauth2.Config{
		ClientID:     a.core.clientID,
		ClientSecret: a.core.clientSecret.Reveal(),
		Endpoint:     a.endpoint,
		RedirectURL:  a.redirectURL,
		Scopes:       slices.Clone(a.scopes),
	}
}

// AuthURL returns the page to send the user to, and the state to hand to Exchange together with
// what the user comes back with.
func (a *authorization) AuthURL() (authURL, state string) {
	state = a.newState()
	return a.Config().AuthCodeURL(state), state
}

// newState returns a state that no one can guess, and that is this sign-in's: a program may have
// several, and the server of one must not be able to finish another with a state of its own.
func (a *authorization) newState() string { return rand.Text() + a.tag }

// verify checks what the server sent the user back with. Servers that leave the state out of a
// denial are believed: it grants nothing.
func (a *authorization) verify(callback url.Values, state string) error {
	returned := callback.Get("state")
	matches := strings.HasSuffix(state, a.tag) && subtle.ConstantTimeCompare([]byte(returned), []byte(state)) == 1
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

// Start sends the user to the server's page, and leaves the state in a cookie of the browser. It is
// an [http.HandlerFunc].
func (a *authorization) Start(w http.ResponseWriter, r *http.Request) {
	authURL, state := a.AuthURL()
	a.dropStates(w, r)
	http.SetCookie(w, a.cookie(state, stateAge))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, authURL, http.StatusFound)
}

// takeState returns the state that Start left in the browser, if it is the one that came back, and
// takes it away. Others stay: they belong to other tabs, or what came back is forged.
func (a *authorization) takeState(w http.ResponseWriter, r *http.Request, returned string) (state string) {
	kept, err := r.Cookie(a.cookie(returned, 0).Name)
	if err != nil || !strings.HasSuffix(returned, a.tag) || subtle.ConstantTimeCompare([]byte(kept.Value), []byte(returned)) != 1 {
		return ""
	}
	gone := a.cookie(returned, -1)
	gone.Value = ""
	http.SetCookie(w, gone)
	return kept.Value
}

// maxTabs is how many sign-ins may be under way in one browser. Cookies are sent with each request.
const maxTabs = 8

// dropStates takes away the states of sign-ins that were never finished, where there are too many.
func (a *authorization) dropStates(w http.ResponseWriter, r *http.Request) {
	cookies := slices.DeleteFunc(r.Cookies(), func(c *http.Cookie) bool {
		return !strings.HasPrefix(c.Name, a.cookiePrefix())
	})
	for _, cookie := range cookies[:max(0, len(cookies)-maxTabs+1)] {
		gone := a.cookie(cookie.Value, -1)
		gone.Name, gone.Value = cookie.Name, ""
		http.SetCookie(w, gone)
	}
}

// cookie holds one state in the browser: for the site alone that users are sent back to, if it is
// on https. Each tab's has a name of its own.
func (a *authorization) cookie(state string, age int) *http.Cookie {
	sum := sha256.Sum256([]byte(state))
	return &http.Cookie{
		Name: a.cookiePrefix() + base32.StdEncoding.EncodeToString(sum[:])[:8], Value: state, MaxAge: age,
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: a.secure,
	}
}

func (a *authorization) cookiePrefix() string {
	if a.secure {
		return "__Host-instagram_state_"
	}
	return "instagram_state_"
}

// String returns where the user is sent back to. It holds no secret.
func (a authorization) String() string { return "instagram.SignIn(" + a.redirectURL + ")" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (a authorization) Format(f fmt.State, verb rune) { fmt.Fprint(f, a.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (a authorization) LogValue() slog.Value { return slog.StringValue(a.String()) }

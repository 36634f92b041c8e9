// Package state keeps the states of sign-ins: secrets by which a program knows that the user who
// comes back is the one that it sent out, in the same browser.
package state

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"net/http"
	"slices"
	"strings"
)

// age is how long a user may take to sign in, in seconds.
const age = 15 * 60

// maxTabs is how many sign-ins may be under way in one browser. Cookies are sent with each request.
const maxTabs = 8

// A Keeper makes the states of one sign-in of a site, and keeps them in cookies.
type Keeper struct {
	tag    string // at the end of each state
	secure bool
}

// NewKeeper returns the keeper of a sign-in, which these parts tell from the others: a program may
// have several, and the server of one must not be able to finish another with a state of its own.
// It says whether users come back over https.
func NewKeeper(secure bool, parts ...string) Keeper {
	return Keeper{"-" + digest(strings.Join(parts, "\n")), secure}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base32.StdEncoding.EncodeToString(sum[:])[:8]
}

// New returns a state that no one can guess.
func (k Keeper) New() string { return rand.Text() + k.tag }

// Matches reports whether the state that came back is the one that was sent out, and of this
// sign-in.
func (k Keeper) Matches(returned, sent string) bool {
	return strings.HasSuffix(sent, k.tag) && subtle.ConstantTimeCompare([]byte(returned), []byte(sent)) == 1
}

// Keep leaves a state in the browser. Where there are too many, it takes away those of sign-ins that
// were never finished.
func (k Keeper) Keep(w http.ResponseWriter, r *http.Request, state string) {
	cookies := slices.DeleteFunc(r.Cookies(), func(c *http.Cookie) bool {
		return !strings.HasPrefix(c.Name, k.prefix())
	})
	for _, cookie := range cookies[:max(0, len(cookies)-maxTabs+1)] {
		http.SetCookie(w, k.cookie(cookie.Name, "", -1))
	}
	http.SetCookie(w, k.cookie(k.name(state), state, age))
}

// Take returns the state that is kept in the browser, if it is the one that came back, and takes it
// away. Others stay: they belong to other tabs, or what came back is forged.
func (k Keeper) Take(w http.ResponseWriter, r *http.Request, returned string) (state string) {
	kept, err := r.Cookie(k.name(returned))
	if err != nil || !k.Matches(returned, kept.Value) {
		return ""
	}
	http.SetCookie(w, k.cookie(kept.Name, "", -1))
	return kept.Value
}

// cookie holds one state in the browser: for the site alone that users are sent back to, if it is
// on https.
func (k Keeper) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, MaxAge: maxAge,
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: k.secure,
	}
}

// name is that of the cookie of a state. Each tab has one of its own.
func (k Keeper) name(state string) string { return k.prefix() + digest(state) }

func (k Keeper) prefix() string {
	if k.secure {
		return "__Host-instagram_state_"
	}
	return "instagram_state_"
}

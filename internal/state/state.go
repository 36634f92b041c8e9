// Package state keeps the states of sign-ins: secrets by which a program knows that the user who
// comes back is the one that it sent out, in the same browser.
package state

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// age is how long a user may take to sign in, in seconds.
	age = 15 * 60

	// Cookies are sent with each request, so there are few. A browser has several keys only where
	// it began several sign-ins at the same moment. One that has finished more than maxUsed within
	// age gets another key.
	maxKeys = 4
	maxUsed = 16
)

// A Keeper makes the states of one sign-in of a site, and knows them again.
//
// It keeps nothing of a sign-in that is under way: a state is signed with a key that is in a cookie
// of the browser. So any number of them may be under way in one browser, and no request that begins
// another, forged or not, ends one.
type Keeper struct {
	tag    string // at the end of each state
	secure bool
}

// NewKeeper returns the keeper of a sign-in, which these parts tell from the others: a program may
// have several, and the server of one must not be able to finish another with a state of its own.
// It says whether users come back over https.
func NewKeeper(secure bool, parts ...string) Keeper {
	return Keeper{"-" + encode([]byte(strings.Join(parts, "\n")), nil)[:8], secure}
}

// encode returns a text that stands for data, and that nobody can make without the key.
func encode(data, key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return base32.StdEncoding.EncodeToString(mac.Sum(nil))
}

// New returns a state that no one can guess.
func (k Keeper) New() string { return rand.Text() + k.tag }

// Matches reports whether the state that came back is the one that was sent out, and of this
// sign-in. The zero Keeper knows none.
func (k Keeper) Matches(returned, sent string) bool {
	return k.tag != "" && strings.HasSuffix(sent, k.tag) && subtle.ConstantTimeCompare([]byte(returned), []byte(sent)) == 1
}

// Begin returns a state for the browser that sent a request, and leaves its key there.
func (k Keeper) Begin(w http.ResponseWriter, r *http.Request) (state string) {
	keys := k.keys(r)
	for len(keys) > maxKeys {
		k.forget(w, keys[len(keys)-1])
		keys = keys[:len(keys)-1]
	}
	key := rand.Text()
	if len(keys) > 0 {
		key = keys[0].Value
	}
	http.SetCookie(w, k.cookie(k.name("state", key), key, age))
	return k.signed(rand.Text()+"-"+strconv.FormatInt(time.Now().Unix(), 36), key)
}

// signed returns the state of a text that is not used again and says when the sign-in began.
func (k Keeper) signed(text, key string) string {
	return text + "-" + encode([]byte(text+k.tag), []byte(key))[:26] + k.tag
}

// Take returns the state that came back if it was made for this browser, lately, and for this
// sign-in. It does so once. What is forged changes nothing.
func (k Keeper) Take(w http.ResponseWriter, r *http.Request, returned string) (state string) {
	parts := strings.Split(returned, "-")
	if len(parts) != 4 {
		return ""
	}
	begun, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil || time.Since(time.Unix(begun, 0)) > age*time.Second {
		return ""
	}
	used := k.name("used", returned)
	if _, err := r.Cookie(used); err == nil {
		return ""
	}
	for _, key := range k.keys(r) {
		if !k.Matches(returned, k.signed(parts[0]+"-"+parts[1], key.Value)) {
			continue
		}
		if earlier := k.kept(r, "used"); len(earlier) >= maxUsed {
			k.forget(w, append(earlier, key)...) // without its key no state of it is good
		} else {
			http.SetCookie(w, k.cookie(used, "1", age))
		}
		return returned
	}
	return ""
}

// keySize is the length of [rand.Text].
const keySize = 26

// keys returns the keys in the cookies of a request, the oldest first.
func (k Keeper) keys(r *http.Request) (keys []*http.Cookie) {
	for _, c := range k.kept(r, "state") {
		if len(c.Value) == keySize && c.Name == k.name("state", c.Value) {
			keys = append(keys, c)
		}
	}
	return keys
}

// kept returns the cookies of one kind.
func (k Keeper) kept(r *http.Request, kind string) (kept []*http.Cookie) {
	for _, c := range r.Cookies() {
		if strings.HasPrefix(c.Name, k.prefix(kind)) {
			kept = append(kept, c)
		}
	}
	return kept
}

func (k Keeper) forget(w http.ResponseWriter, cookies ...*http.Cookie) {
	for _, c := range cookies {
		http.SetCookie(w, k.cookie(c.Name, "", -1))
	}
}

// cookie is for the site alone that users are sent back to, if it is on https.
func (k Keeper) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, MaxAge: maxAge,
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: k.secure,
	}
}

// name is that of the cookie of a key, or of a state that was used.
func (k Keeper) name(kind, of string) string { return k.prefix(kind) + encode([]byte(of), nil)[:8] }

func (k Keeper) prefix(kind string) string {
	if k.secure {
		return "__Host-instagram_" + kind + "_"
	}
	return "instagram_" + kind + "_"
}

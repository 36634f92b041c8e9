package state

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMatches(t *testing.T) {
	k, other := NewKeeper(true, "a", "b"), NewKeeper(true, "a", "c")
	state := k.New()
	assert.NotEqual(t, state, k.New())
	assert.True(t, k.Matches(state, state))
	assert.False(t, k.Matches("", ""))
	assert.False(t, k.Matches("", state))
	assert.False(t, k.Matches(state+"x", state))
	assert.False(t, k.Matches(k.New(), state))
	assert.False(t, other.Matches(state, state), "it is of another sign-in")
	assert.True(t, NewKeeper(false, "a", "b").Matches(state, state))
}

// A browser with several tabs: each is finished with its own state, once, in any order, whatever
// was begun in between.
func TestTabs(t *testing.T) {
	k := NewKeeper(false, "a")
	b := newBrowser(t, k)
	var states []string
	for range 10 {
		states = append(states, b.begin())
	}
	for range 100 {
		b.begin() // as a forged request does
	}
	assert.Len(t, b.cookies(), 1)
	assert.False(t, b.take(k.New()), "forged")
	for _, i := range []int{9, 0, 5, 1, 2, 3, 4, 6, 7, 8} {
		assert.True(t, b.take(states[i]))
		assert.False(t, b.take(states[i]), "once")
	}
	other := newBrowser(t, k)
	other.begin()
	assert.False(t, other.take(b.begin()), "of another browser")
}

// A browser that finishes many sign-ins keeps few cookies, and each state is good once all the same.
func TestManyAreFinished(t *testing.T) {
	b := newBrowser(t, NewKeeper(false, "a"))
	var taken []string
	for range 5 * maxUsed {
		state := b.begin()
		assert.True(t, b.take(state))
		taken = append(taken, state)
		assert.LessOrEqual(t, len(b.cookies()), 1+maxUsed)
		for _, state := range taken {
			require.False(t, b.take(state))
		}
	}
}

// Sign-ins that begin at the same moment give the browser several keys. All of them are good, and
// they do not pile up.
func TestSeveralKeys(t *testing.T) {
	k := NewKeeper(false, "a")
	b := newBrowser(t, k)
	var states []string
	for range 10 {
		w := httptest.NewRecorder()
		states = append(states, k.Begin(w, httptest.NewRequest(http.MethodGet, "/", nil)))
		b.jar.SetCookies(b.at, w.Result().Cookies())
	}
	for _, state := range states {
		assert.True(t, b.take(state))
	}
	last := b.begin()
	assert.LessOrEqual(t, len(b.cookies()), maxKeys+10)
	assert.True(t, b.take(last))
}

func TestAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := NewKeeper(true, "a")
		w := httptest.NewRecorder()
		state := k.Begin(w, httptest.NewRequest(http.MethodGet, "/", nil))
		take := func() string {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for _, c := range w.Result().Cookies() {
				r.AddCookie(c)
			}
			return k.Take(httptest.NewRecorder(), r, state)
		}
		time.Sleep(age * time.Second)
		assert.Equal(t, state, take())
		time.Sleep(2 * time.Second)
		assert.Empty(t, take())
	})
}

// What a stranger makes up is no state, whatever the browser holds.
func TestForged(t *testing.T) {
	k := NewKeeper(false, "a")
	state := k.Begin(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	parts := strings.Split(state, "-")
	require.Len(t, parts, 4)
	for _, key := range []string{"", "short"} {
		for _, name := range []string{k.name("state", key), k.name("state", "x")} {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.AddCookie(&http.Cookie{Name: name, Value: key})
			for _, forged := range []string{"", "-", "---", state, parts[0], k.tag, k.signed(parts[0]+"-"+parts[1], "")} {
				assert.Empty(t, k.Take(httptest.NewRecorder(), r, forged), "%s=%s: %s", name, key, forged)
			}
		}
	}
	assert.False(t, Keeper{}.Matches("", ""), "the zero Keeper has no state")
}

// A browser visits a site that begins sign-ins and takes their states.
type browser struct {
	*http.Client
	t   *testing.T
	jar http.CookieJar
	at  *url.URL
}

func newBrowser(t *testing.T, k Keeper) *browser {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state := r.URL.Query().Get("state")
		if r.URL.Path == "/begin" {
			w.Header().Set("State", k.Begin(w, r))
		} else if k.Take(w, r, state) != state {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	at, err := url.Parse(server.URL)
	require.NoError(t, err)
	return &browser{&http.Client{Jar: jar}, t, jar, at}
}

func (b *browser) visit(path string) *http.Response {
	res, err := b.Get(b.at.String() + path)
	require.NoError(b.t, err)
	res.Body.Close()
	return res
}

func (b *browser) begin() string { return b.visit("/begin").Header.Get("State") }

func (b *browser) take(state string) bool {
	return b.visit("/take?state="+url.QueryEscape(state)).StatusCode == http.StatusOK
}

func (b *browser) cookies() []*http.Cookie { return b.jar.Cookies(b.at) }

func TestCookies(t *testing.T) {
	for secure, name := range map[bool]string{true: "__Host-instagram_state_", false: "instagram_state_"} {
		w := httptest.NewRecorder()
		NewKeeper(secure, "a").Begin(w, httptest.NewRequest(http.MethodGet, "/", nil))
		cookies := w.Result().Cookies()
		require.Len(t, cookies, 1)
		c := cookies[0]
		assert.Regexp(t, "^"+name+"[A-Z2-7]{8}$", c.Name)
		assert.Equal(t, secure, c.Secure)
		assert.True(t, c.HttpOnly)
		assert.Equal(t, http.SameSiteLaxMode, c.SameSite)
		assert.Equal(t, "/", c.Path)
		assert.Empty(t, c.Domain)
		assert.Equal(t, age, c.MaxAge)
	}
}

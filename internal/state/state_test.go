package state

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

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

// A browser with several tabs: each is finished with its own state, once, in any order.
func TestTabs(t *testing.T) {
	k := NewKeeper(false, "a")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state := r.URL.Query().Get("state")
		if r.URL.Path == "/keep" {
			k.Keep(w, r, state)
		} else if k.Take(w, r, state) != state {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer server.Close()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	visit := func(path, state string) int {
		res, err := browser.Get(server.URL + path + "?state=" + url.QueryEscape(state))
		require.NoError(t, err)
		res.Body.Close()
		return res.StatusCode
	}
	var states []string
	for range 10 {
		states = append(states, k.New())
		visit("/keep", states[len(states)-1])
	}
	at, err := url.Parse(server.URL)
	require.NoError(t, err)
	assert.Len(t, jar.Cookies(at), maxTabs)
	assert.Equal(t, 403, visit("/take", k.New()), "forged")
	finished := 0
	for _, i := range []int{9, 0, 5, 1, 2, 3, 4, 6, 7, 8} {
		if visit("/take", states[i]) == 200 {
			finished++
			assert.Equal(t, 403, visit("/take", states[i]), "once")
		}
	}
	assert.Equal(t, maxTabs, finished)
	assert.Empty(t, jar.Cookies(at))
}

func TestCookies(t *testing.T) {
	for secure, name := range map[bool]string{true: "__Host-instagram_state_", false: "instagram_state_"} {
		w := httptest.NewRecorder()
		k := NewKeeper(secure, "a")
		k.Keep(w, httptest.NewRequest(http.MethodGet, "/", nil), k.New())
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

package resend_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/igv1/instagram/internal/resend"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A server that drops each connection once it was used before: net/http sends the request again.
func dropping(t *testing.T) (client *http.Client, url string, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	var used atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		if used.Swap(true) {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	return server.Client(), server.URL, requests
}

func get(t *testing.T, client *http.Client, url string, allowed int) (*resend.Counter, error) {
	t.Helper()
	ctx, counter := resend.Limit(t.Context(), allowed)
	defer counter.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(t, err)
	resend.Body(req)
	res, err := client.Do(req)
	if err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	} else if cause := context.Cause(ctx); cause != nil {
		err = cause // net/http may tell of the connection instead
	}
	return counter, err
}

func TestRepeatsAreCountedAndBounded(t *testing.T) {
	for allowed, want := range map[int]int32{1: 1, 2: 2, 5: 2} { // the second connection is a new one
		client, url, requests := dropping(t)
		counter, err := get(t, client, url, allowed)
		require.NoError(t, err)
		assert.Zero(t, counter.Repeats())
		assert.True(t, counter.Reached())

		requests.Store(0)
		counter, err = get(t, client, url, allowed)
		require.Error(t, err)
		assert.Equal(t, want, requests.Load())
		assert.Equal(t, int(want)-1, counter.Repeats())
		if allowed == 1 {
			assert.ErrorIs(t, err, resend.ErrLimit)
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		}
	}
}

func TestBodyIsGivenAsOftenAsAllowed(t *testing.T) {
	ctx, counter := resend.Limit(t.Context(), 0)
	defer counter.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost", strings.NewReader("text=hi"))
	require.NoError(t, err)
	resend.Body(req)
	_, err = req.GetBody()
	require.ErrorIs(t, err, resend.ErrLimit)

	plain, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost", strings.NewReader("text=hi"))
	require.NoError(t, err)
	resend.Body(plain)
	_, err = plain.GetBody()
	require.NoError(t, err, "a request without a counter is left alone")
}

// A redirect is the same request in another place.
func TestRedirectsDoNotCount(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) < 4 {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}
	}))
	defer server.Close()
	client := server.Client()
	client.CheckRedirect = resend.CheckRedirect
	counter, err := get(t, client, server.URL+"/", 1)
	require.NoError(t, err)
	assert.Zero(t, counter.Repeats())
}

func TestUnreached(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ctx, counter := resend.Limit(ctx, 1)
	defer counter.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:1/", nil)
	require.NoError(t, err)
	_, err = http.DefaultClient.Do(req) //nolint:bodyclose // there is none
	require.Error(t, err)
	assert.False(t, counter.Reached())
}

// Only a read is redirected, three times at most, and stays where the user pointed it to.
func TestCheckRedirect(t *testing.T) {
	request := func(method, url string) *http.Request {
		req, err := http.NewRequest(method, url, nil)
		require.NoError(t, err)
		return req
	}
	get := request(http.MethodGet, "https://a.example/1")
	tests := map[string]struct {
		to   string
		via  []*http.Request
		want string
	}{
		"another path":   {"https://a.example/2", []*http.Request{get}, ""},
		"three times":    {"https://a.example/2", []*http.Request{get, get, get}, ""},
		"four times":     {"https://a.example/2", []*http.Request{get, get, get, get}, "over 3"},
		"another host":   {"https://b.example/2", []*http.Request{get}, "another host"},
		"another port":   {"https://a.example:444/2", []*http.Request{get}, "another host"},
		"away from TLS":  {"http://a.example/2", []*http.Request{get}, "away from https"},
		"a user":         {"https://u:p@a.example/2", []*http.Request{get}, "with a user"},
		"a write":        {"https://a.example/2", []*http.Request{request(http.MethodPost, "https://a.example/1")}, "a POST"},
		"to TLS, and on": {"https://a.example/2", []*http.Request{request(http.MethodGet, "http://a.example/1")}, ""},
	}
	for name, tt := range tests {
		req := request(http.MethodGet, tt.to)
		req.Header.Set("Referer", "https://a.example/1?access_token=7")
		err := resend.CheckRedirect(req, tt.via)
		assert.Empty(t, req.Header.Get("Referer"), name)
		if tt.want == "" {
			assert.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, resend.ErrRedirect, name)
		assert.ErrorContains(t, err, tt.want, name)
	}
}

func TestCause(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	read := &net.OpError{Op: "read", Err: errors.New("reset")}
	wrapped := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://a.example/?access_token=secret", Err: err}
	}
	for name, tt := range map[string]struct {
		err     error
		reached bool
		unsent  bool
	}{
		"no connection":             {dial, false, true},
		"no proxy":                  {&net.OpError{Op: "proxyconnect", Err: dial}, false, true},
		"no second connection":      {dial, true, false},
		"a connection that breaks":  {read, false, false},
		"a connection that is over": {io.EOF, false, false},
	} {
		err := resend.Cause(t.Context(), wrapped(tt.err), tt.reached)
		assert.NotContains(t, err.Error(), "secret", name)
		assert.NotErrorIs(t, err, io.EOF, name)
		_, unsent := errors.AsType[resend.NeverSent](err)
		assert.Equal(t, tt.unsent, unsent, name)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(resend.ErrLimit)
	assert.ErrorIs(t, resend.Cause(ctx, io.EOF, true), resend.ErrLimit)
}

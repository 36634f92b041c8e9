package instagram_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"github.com/jarcoal/httpmock"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

// The secrets of these tests have a core that no escape changes, and around it what every escape
// writes in its own way. The halves of the cores are looked for as well, for texts that are cut.
const (
	hotToken   = `7.fb2e77d&"<+/é.47a0479900504cb3ab4a1f626d174d2d`
	hotSecret  = `6dc1787668c64c93%&+"/é9929c17683d7cb74`
	hotCode    = `c0de"&+/é9f8e7d6c5b4a39281706f5e4d3c2b1a0`
	hotRefresh = `r3fre5h"&+/é1122334455667788aabbccddeeff0011`
)

var hotCores = []string{
	"47a0479900504cb3", "ab4a1f626d174d2d",
	"6dc17876", "68c64c93", "9929c176", "83d7cb74",
	"9f8e7d6c5b4a3928", "1706f5e4d3c2b1a0",
	"1122334455667788", "aabbccddeeff0011",
}

// assertCold checks that a text holds no part of a secret.
func assertCold(t *testing.T, text string, what ...any) {
	t.Helper()
	for _, core := range hotCores {
		if strings.Contains(strings.ToLower(text), core) {
			i := strings.Index(strings.ToLower(text), core)
			assert.Fail(t, "a secret shows: "+text[max(0, i-200):i+len(core)], what...)
			return
		}
	}
}

// printed is everything that printing and logging make of a value.
func printed(v any) string {
	var b bytes.Buffer
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&b, format+"\n", v)
	}
	fmt.Fprintln(&b, v)
	slog.New(slog.NewTextHandler(&b, nil)).Info("text", "value", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("json", "value", v)
	log.New(&b, "", 0).Print(v)
	if data, err := json.Marshal(v); err == nil {
		b.Write(data)
	}
	return b.String()
}

// shown is everything that an error and all it wraps tell.
func shown(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error() + printed(err)
	if answer, ok := err.(*oauth2.RetrieveError); ok { //nolint:errorlint // what it wraps comes next
		text += string(answer.Body)
	}
	switch err := err.(type) { //nolint:errorlint // one step at a time
	case interface{ Unwrap() error }:
		text += shown(err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, cause := range err.Unwrap() {
			text += shown(cause)
		}
	}
	return text
}

// echoes are the ways in which a server repeats what it was sent.
var echoes = map[string]func(secret string) string{
	"raw":           func(s string) string { return s },
	"query":         url.QueryEscape,
	"path":          url.PathEscape,
	"lower case":    func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%C3%A9", "%c3%a9") },
	"twice":         func(s string) string { return url.QueryEscape("https://x.example/?a=" + url.QueryEscape(s)) },
	"quoted":        func(s string) string { return fmt.Sprintf("%q", s) },
	"quoted twice":  func(s string) string { return fmt.Sprintf("%q", fmt.Sprintf("%q", s)) },
	"ASCII":         func(s string) string { return fmt.Sprintf("%+q", s) },
	"JSON":          func(s string) string { b, _ := json.Marshal(s); return string(b) },
	"PHP's JSON":    func(s string) string { b, _ := json.Marshal(s); return strings.ReplaceAll(string(b), "/", `\/`) },
	"HTML":          func(s string) string { return strings.NewReplacer("&", "&amp;", `"`, "&#34;", "<", "&lt;").Replace(s) },
	"over the edge": func(s string) string { return strings.Repeat("x ", 500) + s + s },
	"far away":      func(s string) string { return strings.Repeat("x", 1<<16) + " " + s },
}

// hostile answers with all the secrets of a request, in one form or another.
type hostile struct {
	echo   func(string) string
	answer func(w http.ResponseWriter, r *http.Request, secrets string)
	mu     sync.Mutex
	seen   []string // the Referer of each request
}

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	h.mu.Lock()
	if referer := r.Header.Get("Referer"); referer != "" {
		h.seen = append(h.seen, referer)
	}
	h.mu.Unlock()
	var all []string
	for _, name := range []string{"access_token", "client_secret", "code", "verify_token"} {
		if secret := r.Form.Get(name); secret != "" {
			all = append(all, h.echo(secret))
		}
	}
	all = append(all, h.echo(hotSecret))
	h.answer(w, r, strings.Join(all, " and "))
}

func jsonText(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// hostileAnswers are answers that make a call fail, each with the secrets in another place.
var hostileAnswers = map[string]func(w http.ResponseWriter, r *http.Request, secrets string){
	"message": func(w http.ResponseWriter, r *http.Request, secrets string) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"meta":{"code":400,"error_type":"OAuthException","error_message":%s}}`, jsonText("Sorry, "+secrets+" is wrong"))
	},
	"type": func(w http.ResponseWriter, r *http.Request, secrets string) {
		fmt.Fprintf(w, `{"meta":{"code":400,"error_type":%s,"error_message":"sorry"}}`, jsonText(secrets))
	},
	"without meta": func(w http.ResponseWriter, r *http.Request, secrets string) {
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprintf(w, `{"code":429,"error_type":%s,"error_message":%[1]s}`, jsonText(secrets))
	},
	"the Graph's": func(w http.ResponseWriter, r *http.Request, secrets string) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":{"message":%s,"type":%[1]s,"code":190,"fbtrace_id":%[1]s}}`, jsonText(secrets))
	},
	"headers": func(w http.ResponseWriter, r *http.Request, secrets string) {
		for _, name := range []string{"Retry-After", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "Content-Type", "X-Error"} {
			w.Header().Set(name, strings.ReplaceAll(secrets, "\n", " "))
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, "<html>"+secrets)
	},
	"HTML": func(w http.ResponseWriter, r *http.Request, secrets string) { io.WriteString(w, "<html>"+secrets) },
	"member name": func(w http.ResponseWriter, r *http.Request, secrets string) {
		fmt.Fprintf(w, `{"meta":{"code":200},"data":{%s:{"a":[1,2,{"b":tru`, jsonText(secrets))
	},
	"wrong kinds": func(w http.ResponseWriter, r *http.Request, secrets string) {
		fmt.Fprintf(w, `{"meta":{"code":200},"access_token":[%s],"data":%[1]s}`, jsonText(secrets))
	},
	"wrong kinds within": func(w http.ResponseWriter, r *http.Request, secrets string) {
		fmt.Fprintf(w, `{"meta":{"code":%s},"data":[{"id":{%[1]s:%[1]s}}]}`, jsonText(secrets))
	},
	"cut short": func(w http.ResponseWriter, r *http.Request, secrets string) {
		w.Header().Set("Content-Length", "100000000")
		fmt.Fprintf(w, `{"meta":{"code":200},"data":{"id":%s`, jsonText(secrets))
	},
	"too long": func(w http.ResponseWriter, r *http.Request, secrets string) {
		io.WriteString(w, strings.Repeat(secrets, 1+(256<<10)/len(secrets)))
	},
	"no gzip": func(w http.ResponseWriter, r *http.Request, secrets string) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, secrets)
	},
	"no HTTP": func(w http.ResponseWriter, r *http.Request, secrets string) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			io.WriteString(conn, secrets+"\r\n\r\n")
			conn.Close()
		}
	},
	"no HTTP header": func(w http.ResponseWriter, r *http.Request, secrets string) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+secrets+"\r\n\r\n")
			conn.Close()
		}
	},
	"broken Location": func(w http.ResponseWriter, r *http.Request, secrets string) {
		w.Header().Set("Location", "http://[::1/"+strings.ReplaceAll(secrets, "\n", " "))
		w.WriteHeader(http.StatusFound)
	},
	"redirects without end": func(w http.ResponseWriter, r *http.Request, secrets string) {
		http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
	},
	"hang-up": func(w http.ResponseWriter, r *http.Request, secrets string) { panic(http.ErrAbortHandler) },
}

func hotClient(t *testing.T, opts ...instagram.Option) *instagram.Client {
	t.Helper()
	client, err := instagram.NewClient(append([]instagram.Option{
		instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
		instagram.WithAccessToken(hotToken),
		instagram.WithGraphToken(hotToken),
		instagram.WithClientCredentials("app", hotSecret),
		instagram.WithSignedRequests(),
		instagram.WithMaxBodySize(128 << 10),
	}, opts...)...)
	require.NoError(t, err)
	return client.WithForwardedFor(netip.MustParseAddr("200.15.1.1"))
}

// hotCalls are the calls that are no endpoints of v1.
var hotCalls = map[string]func(context.Context, *instagram.Client) error{
	"exchange": exchangeHot,
	"Graph": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Graph.UserMedia(instagram.Self, nil).Next(ctx)
		return err
	},
	"subscribe": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Subscriptions.Create(ctx, instagram.SubscriptionRequest{
			Object: instagram.ObjectUser, CallbackURL: "https://app.example/updates", VerifyToken: hotCode,
		})
		return err
	},
	"subscriptions": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Subscriptions.List(ctx)
		return err
	},
	"embed": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Embeds.Get(ctx, "http://instagram.com/p/D/", nil)
		return err
	},
}

// exchangeHot is the call that carries the client secret and a code.
func exchangeHot(ctx context.Context, client *instagram.Client) error {
	signIn, err := client.SignIn(testRedirect)
	if err != nil {
		return err
	}
	_, state := signIn.AuthURL()
	_, err = signIn.Exchange(ctx, backTo(url.Values{"code": {hotCode}, "state": {state}}), state)
	return err
}

func TestHotErrorsOfServer(t *testing.T) {
	stderr := captureStderr(t)
	for form, echo := range echoes {
		for place, answer := range hostileAnswers {
			t.Run(place+", "+form, func(t *testing.T) {
				h := &hostile{echo: echo, answer: answer}
				server := httptest.NewUnstartedServer(h)
				server.Config.ErrorLog = log.New(io.Discard, "", 0)
				server.Start()
				defer server.Close()
				client := hotClient(t, instagram.WithBaseURL(server.URL+"/v1"), instagram.WithGraphURL(server.URL),
					instagram.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
				for _, tt := range endpointCalls {
					if form != "raw" && tt.endpoint != "GET /users/self/feed" && tt.endpoint != "POST /media/{media-id}/comments" {
						continue
					}
					_, err := tt.call(t.Context(), client)
					assertCold(t, shown(err), tt.endpoint)
					if !strings.HasPrefix(tt.endpoint, "DELETE") && tt.answer != "null" {
						assert.Error(t, err, tt.endpoint)
					}
				}
				for name, call := range hotCalls {
					assertCold(t, shown(call(t.Context(), client)), name)
				}
				assert.Empty(t, h.seen, "a Referer names the URL, and the token in it")
			})
		}
	}
	assertCold(t, stderr(), "standard error")
}

// captureStderr collects what is written to standard error, by whoever holds it.
func captureStderr(t *testing.T) func() string {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "stderr")
	require.NoError(t, err)
	old := os.Stderr
	os.Stderr = file
	log.SetOutput(file)
	stop := func() { os.Stderr = old; log.SetOutput(old); file.Close() }
	t.Cleanup(stop)
	return func() string {
		text, err := os.ReadFile(file.Name())
		require.NoError(t, err)
		return string(text)
	}
}

// No redirect takes a request to another host, by any status.
func TestHotRedirects(t *testing.T) {
	var mu sync.Mutex
	var elsewhere []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		elsewhere = append(elsewhere, r.URL.String())
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.String(), status)
		}))
		client := hotClient(t, instagram.WithBaseURL(home.URL+"/v1"), instagram.WithGraphURL(home.URL))
		for _, tt := range endpointCalls {
			_, err := tt.call(t.Context(), client)
			require.ErrorIs(t, err, instagram.ErrRedirect)
			assertCold(t, shown(err), tt.endpoint)
		}
		for name, call := range hotCalls {
			err := call(t.Context(), client)
			require.ErrorIs(t, err, instagram.ErrRedirect, name)
			assertCold(t, shown(err), name)
		}
		home.Close()
	}
	assert.Empty(t, elsewhere)
}

// valueError holds what it was made of where everybody can see it.
type valueError struct{ URL string }

func (e valueError) Error() string { return "transport failed" }

// transports fail with the whole request in their errors.
func TestHotErrorsOfTransport(t *testing.T) {
	bottom := errors.New("the bottom of it")
	type failure = func(full string) error
	transports := map[string]failure{
		"text": func(full string) error { return fmt.Errorf("GET %s giving up: %w", full, bottom) },
		"url":  func(full string) error { return &url.Error{Op: "Get", URL: full, Err: bottom} },
		"url deep": func(full string) error {
			return fmt.Errorf("a: %w", fmt.Errorf("b: %w", &url.Error{Op: "Get", URL: full, Err: bottom}))
		},
		"joined": func(full string) error { return errors.Join(errors.New("a"), errors.Join(errors.New(full), bottom)) },
		"hidden": func(full string) error { return fmt.Errorf("quiet: %w", errors.Join(valueError{full}, bottom)) },
		"answer": func(full string) error {
			return errors.Join(&oauth2.RetrieveError{ErrorCode: "invalid_grant", Body: []byte(full)}, bottom)
		},
		"long": func(full string) error { return fmt.Errorf("%s %w", strings.Repeat(full, 100), bottom) },
	}
	for name, failure := range transports {
		t.Run(name, func(t *testing.T) {
			client := hotClient(t, instagram.WithHTTPClient(&http.Client{Transport: roundTripFunc(func(r *http.Request) (*http.Response, error) {
				r.ParseForm()
				form, _ := url.QueryUnescape(r.Form.Encode())
				return nil, failure(r.URL.String() + " " + r.Form.Encode() + " " + form)
			})}))
			for _, tt := range endpointCalls {
				_, err := tt.call(t.Context(), client)
				require.ErrorIs(t, err, bottom, tt.endpoint)
				assertCold(t, shown(err), tt.endpoint)
				assert.Less(t, len(err.Error()), 3000)
			}
			for name, call := range hotCalls {
				err := call(t.Context(), client)
				require.ErrorIs(t, err, bottom, name)
				assertCold(t, shown(err), name)
			}
		})
	}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The network itself: nobody there, no such host, time up, and proxies.
func TestHotErrorsOfNetwork(t *testing.T) {
	hung := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hung }))
	defer slow.Close()
	defer close(hung)
	echoing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			r.ParseForm()
			fmt.Fprintf(conn, "HTTP/1.1 502 %s %s\r\n\r\n%[1]s", r.Form.Get("access_token"), hotSecret)
			conn.Close()
		}
	}))
	defer echoing.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	proxied := func(proxy string) *http.Client {
		return &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }}}
	}
	tests := map[string]struct {
		base string
		http *http.Client
	}{
		"nobody there": {gone.URL, &http.Client{}},
		"no such host": {"http://nobody.invalid", &http.Client{Transport: &http.Transport{
			DialContext: func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.DNSError{Err: "no such host", Name: "nobody.invalid", IsNotFound: true}
			},
		}}},
		"no TLS":          {strings.Replace(slow.URL, "http:", "https:", 1), &http.Client{Timeout: 50 * time.Millisecond}},
		"time up":         {slow.URL, &http.Client{Timeout: 20 * time.Millisecond}},
		"proxy gone":      {"http://api.example", proxied(gone.URL)},
		"proxy echoes":    {"http://api.example", proxied(echoing.URL)},
		"tunnel refused":  {"https://api.example", proxied(echoing.URL)},
		"proxy not a URL": {"http://api.example", proxied("http://[::1/" + hotSecret)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client := hotClient(t, instagram.WithBaseURL(tt.base), instagram.WithGraphURL(tt.base), instagram.WithHTTPClient(tt.http))
			_, err := client.Users.Get(t.Context(), instagram.Self)
			require.Error(t, err)
			assertCold(t, shown(err))
			for name, call := range hotCalls {
				err := call(t.Context(), client)
				require.Error(t, err, name)
				assertCold(t, shown(err), name)
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		client := hotClient(t, instagram.WithBaseURL(slow.URL))
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(20*time.Millisecond, func() { cancel(errors.New("because of " + hotToken)) })
		_, err := client.Users.Get(ctx, instagram.Self)
		require.Error(t, err)
		assertCold(t, shown(err))
	})
}

// A network error keeps its kind when there is nothing to hide in it, and is itself in any case.
func TestErrorsKeepTheirKind(t *testing.T) {
	for _, sent := range []error{errors.New("with " + hotToken), errors.New(strings.Repeat("on and on ", 300))} {
		_, err := hotClient(t, instagram.WithHTTPClient(&http.Client{
			Transport: roundTripFunc(func(*http.Request) (*http.Response, error) { return nil, sent }),
		})).Users.Get(t.Context(), "7")
		require.ErrorIs(t, err, sent)
		assertCold(t, shown(err))
		assert.Less(t, len(err.Error()), 2000)
	}

	gone := httptest.NewServer(nil)
	gone.Close()
	_, err := hotClient(t, instagram.WithBaseURL(gone.URL)).Users.Get(t.Context(), "7")
	var failure *net.OpError
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, "dial", failure.Op)

	// One with the token of a test, which may be any word, does too.
	client, err := instagram.NewClient(instagram.WithAccessToken("t"), instagram.WithBaseURL(gone.URL))
	require.NoError(t, err)
	_, err = client.Users.Get(t.Context(), "7")
	require.ErrorAs(t, err, &failure)
	_, err = client.Users.Search(t.Context(), "", nil)
	var refused *instagram.ParameterError
	require.ErrorAs(t, err, &refused)
}

// Token sources that fail tell more than they should.
func TestHotErrorsOfTokenSource(t *testing.T) {
	full := fmt.Sprintf("refresh of %s with %s", hotRefresh, hotSecret)
	tests := map[string]sourceFunc{
		"text": func() (*oauth2.Token, error) { return nil, errors.New(hotSecret) },
		"answer": func() (*oauth2.Token, error) {
			return nil, &oauth2.RetrieveError{Response: &http.Response{Status: "400"}, Body: []byte("secret=" + url.QueryEscape(hotSecret))}
		},
		"answer, deep": func() (*oauth2.Token, error) {
			return nil, fmt.Errorf("refresh: %w", &oauth2.RetrieveError{ErrorCode: "invalid_grant", Body: []byte("secret=" + hotSecret)})
		},
		"broken token": func() (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: hotToken + "\n", RefreshToken: hotRefresh}, nil
		},
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			client := hotClient(t, instagram.WithHTTPClient(&http.Client{Transport: roundTripFunc(func(*http.Request) (*http.Response, error) {
				return nil, errors.New(full)
			})}))
			_, err := client.WithTokenSource(source).Users.Get(t.Context(), instagram.Self)
			require.Error(t, err)
			assertCold(t, shown(err))
		})
	}

	// The refresh token of a source is a secret too.
	client := hotClient(t, instagram.WithHTTPClient(&http.Client{Transport: roundTripFunc(func(*http.Request) (*http.Response, error) {
		return nil, errors.New(full)
	})}))
	_, err := client.WithTokenSource(sourceFunc(func() (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: hotToken, RefreshToken: hotRefresh}, nil
	})).Users.Get(t.Context(), instagram.Self)
	require.Error(t, err)
	assertCold(t, shown(err))
}

// Lists: cursors that are secrets, and next_urls with secrets in them.
func TestHotPages(t *testing.T) {
	var next string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"meta":{"code":200},"pagination":%s,"data":[{"id":{"%s":1}},{"id":"1_7"}]}`, next, "x")
	}))
	defer server.Close()
	client := hotClient(t, instagram.WithBaseURL(server.URL), instagram.WithLenientDecoding())
	for _, next = range []string{
		`{"next_max_id":` + jsonText(hotToken) + `}`,
		`{"next_url":` + jsonText("https://x.example/?access_token="+url.QueryEscape(hotToken)+"&sig=1&max_id=5") + `}`,
		`{"next_url":` + jsonText("https://x.example/?access_token="+url.QueryEscape(hotToken)) + `}`,
		`{"next_url":` + jsonText("http://[::1/?access_token="+hotToken) + `}`,
	} {
		pager := client.Users.Feed(nil)
		var err error
		for err == nil {
			var page *instagram.Page[instagram.MediaEntry]
			if page, err = pager.Next(t.Context()); err == nil {
				for _, skipped := range page.Skipped {
					assertCold(t, shown(skipped))
				}
				page.Pagination.NextMaxID = ""
				assertCold(t, printed(page.Pagination), "as it is logged")
			}
		}
		assertCold(t, shown(err), next)
	}
	// A next_url is no cursor, and is not repeated to say so.
	_, err := client.Users.Feed(nil).From(instagram.Cursor("https://x.example/?access_token=" + hotToken + "&max_id=5")).Next(t.Context())
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assertCold(t, shown(err))
}

// Bad settings and callbacks are refused without being repeated.
func TestHotInput(t *testing.T) {
	_, err := instagram.NewClient(instagram.WithAccessToken(hotToken + "\n"))
	require.Error(t, err)
	assertCold(t, shown(err))
	_, err = instagram.NewClient(instagram.WithBaseURL("https://me:" + hotSecret + "@x.example/v1"))
	require.Error(t, err)
	assertCold(t, shown(err))

	signIn, err := hotClient(t).SignIn(testRedirect)
	require.NoError(t, err)
	_, state := signIn.AuthURL()
	for _, back := range []string{
		"https://app.example/%zz?code=" + hotCode,
		testRedirect + "&code=" + url.QueryEscape(hotCode) + "&state=x",
		testRedirect + "#%zz&access_token=" + hotToken,
		testRedirect + "#access_token=" + url.QueryEscape(hotToken+"\n") + "&state=" + state,
		testRedirect + "#access_token=" + url.QueryEscape(hotToken) + "&state=x",
	} {
		_, err := signIn.ParseImplicit(back, state)
		require.Error(t, err)
		assertCold(t, shown(err), back)
		_, err = signIn.Exchange(t.Context(), back, state)
		require.Error(t, err)
		assertCold(t, shown(err), back)
	}
}

// What holds a secret does not print it, however deep it is buried.
func TestHotValues(t *testing.T) {
	client := hotClient(t)
	derived := client.WithToken(hotToken)
	asked := client.WithTokenSource(sourceFunc(func() (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: hotToken, RefreshToken: hotRefresh}, nil
	}))
	_, err := asked.Users.Get(t.Context(), "7") // it remembers the tokens now
	require.Error(t, err)
	signIn, err := client.SignIn(testRedirect)
	require.NoError(t, err)
	_, state := signIn.ImplicitURL()
	grant, err := signIn.ParseImplicit(testRedirect+"#access_token="+url.QueryEscape(hotToken)+"&state="+state, state)
	require.NoError(t, err)
	require.Equal(t, hotToken, grant.Token().AccessToken)
	grant.User = instagram.UserInfo{ID: "7", Username: "ada"}
	hook, err := instagram.NewWebhook(hotSecret, instagram.WebhookOptions{VerifyToken: hotCode, Updates: make(chan *instagram.Update)})
	require.NoError(t, err)
	var call *instagram.Call
	_, err = client.With(instagram.WithMiddleware(func(next instagram.CallFunc) instagram.CallFunc {
		return func(ctx context.Context, c *instagram.Call) error { call = c; return next(ctx, c) }
	})).Users.Get(t.Context(), "7")
	require.Error(t, err)
	graphSignIn, err := client.GraphSignIn(testRedirect)
	require.NoError(t, err)
	source, err := instagram.GraphTokenSource(&oauth2.Token{AccessToken: hotToken, Expiry: time.Now().Add(time.Hour)}, &instagram.GraphTokenOptions{Client: derived})
	require.NoError(t, err)
	values := map[string]any{
		"asked": asked, "graph": client.WithGraphToken(hotToken), "graph service": derived.WithGraphTokenSource(source).Graph,
		"watcher": instagram.Watch(derived.Users.Feed(nil), nil), "graph sign-in": graphSignIn, "graph sign-in's copy": *graphSignIn,
		"token source": source, "changed": derived.With(instagram.WithTimeout(time.Hour)), "service's copy": *derived.Users,
		"call": call, "call's copy": *call,
		"client": client, "client's copy": *client, "derived": derived, "derived copy": *derived,
		"service": client.Users, "pager": client.Users.Feed(nil), "option": instagram.WithAccessToken(hotToken),
		"sign-in": signIn, "sign-in's copy": *signIn, "grant": grant, "grant's copy": *grant,
		"webhook": hook, "no client": (*instagram.Client)(nil), "empty client": instagram.Client{}, "empty grant": instagram.Grant{},
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			assertCold(t, printed(value))
			assertCold(t, printed(struct{ Value any }{value}))
			assertCold(t, everyVerb(value))
			assertCold(t, everyVerb(struct{ value any }{value}), "which fmt reads without a method")
			assertCold(t, printed([]any{value}))
			assertCold(t, printed(map[string]any{"value": value}))
			assertCold(t, fmt.Sprint(recovered(func() { panic(value) })))
			assertCold(t, fmt.Sprint(recovered(func() { panic(fmt.Sprintf("%+v", value)) })))
		})
	}
	// What fmt and no method prints, because the fields are not exported.
	assertCold(t, everyVerb(struct {
		client, derived, asked instagram.Client
		signIn                 instagram.SignIn
		grant                  instagram.Grant
		token                  func() *oauth2.Token
	}{*client, *derived, *asked, *signIn, *grant, grant.Token}))

	assert.Equal(t, "instagram.Client(https://api.instagram.com/v1)", fmt.Sprintf("%+v", client))
	assert.Equal(t, "instagram.Client(https://api.instagram.com/v1)", fmt.Sprintf("%#v", *derived))
	for want, value := range map[string]any{
		"instagram.Grant(7 ada)": grant, "instagram.SignIn(" + testRedirect + ")": *signIn, "instagram.Webhook()": hook,
	} {
		assert.Equal(t, want, fmt.Sprint(value))
		assert.Equal(t, want, fmt.Sprintf("%#v", value))
		logged := slog.AnyValue(value).Resolve()
		assert.Equal(t, slog.KindString, logged.Kind())
		assert.Equal(t, want, logged.String())
	}
}

// everyVerb prints a value with every verb and flag of package fmt.
func everyVerb(value any) string {
	var b strings.Builder
	for _, verb := range "vTtbcdoOqxXUeEfFgGsp" {
		for _, flag := range []string{"", "+", "#", " ", "0", "-"} {
			fmt.Fprintf(&b, "%"+flag+string(verb)+"\n", value)
		}
	}
	return b.String()
}

func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// A message keeps what is around the secrets, of which one may be part of another.
func TestRedactedMessage(t *testing.T) {
	client, err := instagram.NewClient(
		instagram.WithBaseURL("https://gateway.example/v1"),
		instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
		instagram.WithAccessToken(testSecret+".47a0479900504cb3"),
		instagram.WithClientCredentials("app", testSecret),
		instagram.WithHTTPClient(&http.Client{Transport: roundTripFunc(func(r *http.Request) (*http.Response, error) {
			return nil, errors.New("no way for " + r.URL.Query().Get("access_token") + " and " + testSecret)
		})}),
	)
	require.NoError(t, err)
	_, err = client.Users.Get(t.Context(), "7")
	assert.EqualError(t, err, "instagram: GET /users/{user-id}: no way for [redacted] and [redacted]")

	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(400, `{"meta":{"code":400,"error_type":"OAuthException","error_message":"Token `+testToken+` is no good"}}`))
	_, err = client.Users.Get(t.Context(), "7")
	assert.EqualError(t, err, "instagram: GET /users/{user-id}: 400 OAuthException: Token [redacted] is no good")
}

// An answer may repeat what an earlier attempt was sent with, what the client holds but does not
// send, and what the answer itself gave away.
func TestSecretsOfTheWholeCall(t *testing.T) {
	const first, second = "7.first-attempt.47a0479900504cb3", "7.second-attempt.b4ab4a1f626d17"
	renew := map[string]string{first: "renew-it-qwzxpm0192", second: "renew-it-lkbvtn7733"}
	repeat := func(secret string) httpmock.Responder {
		return answer(400, `{"meta":{"code":400,"error_type":"APIError","error_message":"you sent `+secret+`"}}`)
	}
	for name, repeated := range map[string]string{"token": first, "refresh token": renew[first]} {
		t.Run("an earlier attempt's "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tokens := []string{first, second}
				client, transport := retryingClient(t, instagram.WithTokenSource(sourceFunc(func() (*oauth2.Token, error) {
					token := tokens[0]
					tokens = tokens[1:]
					return &oauth2.Token{AccessToken: token, RefreshToken: renew[token]}, nil
				})))
				script{answer(503, ""), repeat(repeated)}.play(transport)
				_, err := client.Users.Get(t.Context(), "7")
				assert.EqualError(t, err, "instagram: GET /users/{user-id}: 400 APIError: you sent [redacted] (2 attempts)")
			})
		})
	}
	for name, call := range map[string]func(*instagram.Client) error{
		"oEmbed": func(c *instagram.Client) error {
			_, err := c.Embeds.Get(t.Context(), "https://instagram.com/p/D/", nil)
			return err
		},
		"subscriptions": func(c *instagram.Client) error { _, err := c.Subscriptions.List(t.Context()); return err },
		"exchange": func(c *instagram.Client) error {
			signIn, err := c.SignIn(testRedirect)
			require.NoError(t, err)
			_, state := signIn.AuthURL()
			_, err = signIn.Exchange(t.Context(), backTo(url.Values{"code": {"c0de1"}, "state": {state}}), state)
			return err
		},
	} {
		t.Run("the client's own token, "+name, func(t *testing.T) {
			client, transport := mockClient(t, instagram.WithClientCredentials("app", testSecret))
			transport.RegisterNoResponder(repeat(testToken))
			for _, c := range []*instagram.Client{client, client.WithToken(testToken), client.WithForwardedFor()} {
				err := call(c)
				require.Error(t, err)
				assert.NotContains(t, err.Error(), testToken)
				assert.Contains(t, err.Error(), "you sent [redacted]")
			}
		})
	}
	t.Run("a token just issued", func(t *testing.T) {
		signIn, transport := mockSignIn(t)
		transport.RegisterNoResponder(answer(400, `{"code":400,"error_type":"OAuthException",
			"error_message":"`+second+` is for another app","access_token":"`+second+`"}`))
		_, state := signIn.AuthURL()
		_, err := signIn.Exchange(t.Context(), backTo(url.Values{"code": {"c0de1"}, "state": {state}}), state)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), second)
	})
}

// A page may be logged: by name and by value, nothing on it authenticates.
func TestSecretsOfAPage(t *testing.T) {
	for _, next := range []string{
		"https://a.example/v1/x?max_id=2&access_token=" + testToken,
		"https://a.example/v1/x?max_id=2&ACCESS_TOKEN=" + testToken,
		"https://a.example/v1/x?max_id=2&token=" + testToken,
		"https://a.example/v1/x?max_id=2&access%5Ftoken=" + testToken,
		"https://a.example/v1/x?max_id=2#access_token=" + testToken,
		"https://a.example/v1/" + testToken + "/x?max_id=2",
		"https://a.example/v1/x?max_id=2&continue=" + url.QueryEscape("https://b.example/?access_token="+testToken),
		"https://a.example/v1/x?max_id=2&t=" + base64.StdEncoding.EncodeToString([]byte(testToken)),
		"https://a.example/v1/x?max_id=2&t=" + strings.ToUpper(testToken),
	} {
		client, transport := mockClient(t, instagram.WithLenientDecoding())
		transport.RegisterNoResponder(answer(200, `{"meta":{"code":200},"data":[{"id":"1"},{"id":{"`+testToken+`":1}}],
			"pagination":{"next_url":`+jsonText(next)+`,"next":`+jsonText(next+"&n")+`,"also":{"url":`+jsonText(next)+`}}}`))
		page, err := client.Users.Feed(nil).Next(t.Context())
		require.NoError(t, err)
		shown := fmt.Sprintf("%+v %s", page, page.Skipped) + string(must(json.Marshal(page.Pagination)))
		for _, form := range []string{testToken, strings.ToUpper(testToken), base64.StdEncoding.EncodeToString([]byte(testToken))} {
			assert.NotContains(t, shown, form, next)
			assert.NotContains(t, shown, url.QueryEscape(form), next)
		}
		assert.Equal(t, instagram.Cursor("max_id=2"), page.Cursor(), "the way on is not lost")
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

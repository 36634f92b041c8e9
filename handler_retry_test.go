package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

// A script answers one request after another, and the last answer again for whatever comes then.
type script []httpmock.Responder

func (s script) play(transport *httpmock.MockTransport) {
	var next atomic.Int32
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		return s[min(int(next.Add(1)), len(s))-1](r)
	})
}

// retryingClient is a mockClient with the default retries.
func retryingClient(t *testing.T, opts ...instagram.Option) (*instagram.Client, *httpmock.MockTransport) {
	t.Helper()
	return mockClient(t, append([]instagram.Option{instagram.WithRetry(instagram.RetryPolicy{})}, opts...)...)
}

func fails(err error) httpmock.Responder { return httpmock.NewErrorResponder(err) }

// breaksOff answers with the body and then with the error.
func breaksOff(body string, err error) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(200, "")
		res.ContentLength = -1
		res.Body = io.NopCloser(io.MultiReader(strings.NewReader(body), readerFunc(func([]byte) (int, error) { return 0, err })))
		return res, nil
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

var (
	refused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	noHost  = &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example"}}
	noProxy = &net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}
	reset   = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

	good = answer(200, `{"meta":{"code":200},"data":{"id":"7","outgoing_status":"follows"}}`)
)

// writes and a read, as what a fault may do to them differs.
var retryCalls = map[string]func(context.Context, *instagram.Client) error{
	"GET": func(ctx context.Context, c *instagram.Client) error { _, err := c.Users.Get(ctx, "7"); return err },
	"page": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Users.RecentMedia("7", nil).Next(ctx)
		if err == nil || errors.Is(err, instagram.ErrInvalidResponse) && strings.Contains(err.Error(), "want an array") {
			return nil // the answer of the script is a user
		}
		return err
	},
	"comment": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Comments.Create(ctx, "1", "hi")
		return err
	},
	"uncomment": func(ctx context.Context, c *instagram.Client) error { return c.Comments.Delete(ctx, "1", "2") },
	"like":      func(ctx context.Context, c *instagram.Client) error { return c.Likes.Like(ctx, "1") },
	"unlike":    func(ctx context.Context, c *instagram.Client) error { return c.Likes.Unlike(ctx, "1") },
	"follow": func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Relationships.Modify(ctx, "7", instagram.ActionFollow)
		return err
	},
}

// What is repeated, and what is not.
func TestRetry(t *testing.T) {
	tests := map[string]struct {
		fault   httpmock.Responder
		comment bool  // whether a comment is sent again
		others  bool  // whether anything else is
		want    error // what matches the error where it is not
	}{
		"429":                    {answer(429, `{"code":429,"error_type":"OAuthRateLimitException"}`), true, true, nil},
		"420":                    {answer(420, ``), true, true, nil},
		"429 in a body at 200":   {answer(200, `{"meta":{"code":429}}`), true, true, nil},
		"rate limit by type":     {answer(400, `{"meta":{"error_type":"OAuthRateLimitException"}}`), true, true, nil},
		"429 that breaks off":    {answer(429, `{"meta":{"code"`), true, true, nil},
		"dial refused":           {fails(refused), true, true, nil},
		"host unknown":           {fails(noHost), true, true, nil},
		"proxy refused":          {fails(noProxy), true, true, nil},
		"500":                    {answer(500, `{"meta":{"code":500,"error_type":"APIError"}}`), false, true, instagram.ErrUnavailable},
		"500 of another type":    {answer(500, `{"meta":{"code":500,"error_type":"OAuthException"}}`), false, true, instagram.ErrUnauthorized},
		"502, HTML":              {answer(502, `<html>`), false, true, instagram.ErrUnavailable},
		"503, empty":             {answer(503, ``), false, true, instagram.ErrUnavailable},
		"503 in a body at 200":   {answer(200, `{"meta":{"code":503}}`), false, true, instagram.ErrUnavailable},
		"reset":                  {fails(reset), false, true, syscall.ECONNRESET},
		"closed":                 {fails(io.EOF), false, true, io.ErrUnexpectedEOF},
		"attempt timed out":      {fails(context.DeadlineExceeded), false, true, context.DeadlineExceeded},
		"body reset":             {breaksOff(`{"meta":`, reset), false, true, syscall.ECONNRESET},
		"body shorter than said": {breaksOff(`{"meta":`, io.ErrUnexpectedEOF), false, true, io.ErrUnexpectedEOF},
		"JSON breaks off":        {answer(200, `{"meta":{"code":200},"data":{"id"`), false, true, instagram.ErrInvalidResponse},
		"empty at 200":           {answer(200, ``), false, true, instagram.ErrInvalidResponse},
		"400":                    {answer(400, `{"meta":{"code":400,"error_type":"APIInvalidParametersError"}}`), false, false, instagram.ErrInvalidParameters},
		"401":                    {answer(401, ``), false, false, instagram.ErrUnauthorized},
		"404":                    {answer(404, ``), false, false, instagram.ErrNotFound},
		"400 in a body at 200":   {answer(200, `{"meta":{"code":400,"error_type":"APINotAllowedError"}}`), false, false, instagram.ErrNotAllowed},
		"HTML at 200":            {answer(200, `<html></html>`), false, false, instagram.ErrInvalidResponse},
		"redirect elsewhere":     {answer(307, ``).HeaderSet(http.Header{"Location": {"https://elsewhere.example/"}}), false, false, instagram.ErrRedirect},
		"body too large":         {answer(200, strings.Repeat(" ", 2000)), false, false, instagram.ErrBodyTooLarge},
	}
	for name, tt := range tests {
		for kind, call := range retryCalls {
			t.Run(name+"/"+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, transport := retryingClient(t, instagram.WithMaxBodySize(1000))
					script{tt.fault, good}.play(transport)
					err := call(t.Context(), client)
					again := tt.others
					if kind == "comment" {
						again = tt.comment
					}
					if again {
						require.NoError(t, err)
						assert.Equal(t, 2, transport.GetTotalCallCount())
						return
					}
					require.ErrorIs(t, err, tt.want)
					assert.Equal(t, 1, transport.GetTotalCallCount())
					assert.Equal(t, 1, attempts(t, err))
				})
			})
		}
	}
}

func attempts(t *testing.T, err error) int {
	t.Helper()
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	return failure.Attempts
}

// The error is the last one, and says how many attempts there were.
func TestRetryEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{fails(reset), answer(502, ""), answer(503, "")}.play(transport)
		start := time.Now()
		_, err := client.Users.Get(t.Context(), "7")
		assert.EqualError(t, err, "instagram: GET /users/{user-id}: 503 Service Unavailable (3 attempts)")
		assert.Equal(t, 3, attempts(t, err))
		assert.Equal(t, 3, transport.GetTotalCallCount())
		assert.LessOrEqual(t, time.Since(start), 600*time.Millisecond, "200 and 400 ms at most")
	})
}

// An attempt without an answer has nothing of the answer before.
func TestRetryForgetsAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t, instagram.WithBaseURL("https://gateway.example/v1"))
		script{answer(503, "").HeaderSet(http.Header{"Retry-After": {"20"}}), fails(reset)}.play(transport)
		start := time.Now()
		_, err := client.Users.Get(t.Context(), "7")
		var failure *instagram.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, &instagram.Error{Method: "GET", Endpoint: "/users/{user-id}", Attempts: 3, Err: reset}, failure)
		assert.Less(t, time.Since(start), 30*time.Second)
	})
}

func TestOneAttempt(t *testing.T) {
	client, transport := mockClient(t, instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}))
	script{answer(503, ""), good}.play(transport)
	_, err := client.Users.Get(t.Context(), "7")
	require.ErrorIs(t, err, instagram.ErrUnavailable)
	assert.Equal(t, 1, transport.GetTotalCallCount())
}

// Pauses are drawn from all of what bounds them, which doubles up to MaxDelay.
func TestRetryBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithRetry(instagram.RetryPolicy{
			MaxAttempts: 5, BaseDelay: 100 * time.Millisecond, MaxDelay: 300 * time.Millisecond, Budget: 10_000,
		}))
		var at []time.Time
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			at = append(at, time.Now())
			return answer(503, "")(r)
		})
		bounds := []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 300 * time.Millisecond, 300 * time.Millisecond}
		longest, shortest := make([]time.Duration, len(bounds)), slices.Clone(bounds)
		for range 500 {
			at = at[:0]
			_, err := client.Users.Get(t.Context(), "7")
			require.ErrorIs(t, err, instagram.ErrUnavailable)
			require.Len(t, at, 5)
			for i := range bounds {
				pause := at[i+1].Sub(at[i])
				longest[i], shortest[i] = max(longest[i], pause), min(shortest[i], pause)
			}
		}
		for i, bound := range bounds {
			assert.LessOrEqual(t, longest[i], bound)
			assert.Greater(t, longest[i], bound*9/10)
			assert.Less(t, shortest[i], bound/10)
		}
	})
}

// Retry-After is waited for, and not a longer one than MaxDelay.
func TestRetryAfter(t *testing.T) {
	header := func(retryAfter, date string) http.Header {
		return http.Header{"Retry-After": {retryAfter}, "Date": {date}}
	}
	in := func(d time.Duration) string { // a bubble's clock starts with the year 2000
		return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Format(http.TimeFormat)
	}
	tests := map[string]struct {
		header http.Header
		wait   time.Duration
		ends   bool
	}{
		"seconds":                   {header("7", ""), 7 * time.Second, false},
		"as long as MaxDelay":       {header("30", ""), 30 * time.Second, false},
		"date":                      {header(in(9*time.Second), ""), 9 * time.Second, false},
		"date by the server's time": {header(in(time.Hour+9*time.Second), in(time.Hour)), 9 * time.Second, false},
		"date in the past":          {header(in(-time.Hour), ""), 0, false},
		"0":                         {header("0", ""), 0, false},
		"negative":                  {header("-5", ""), 0, false},
		"no time at all":            {header("soon", ""), 0, false},
		"over MaxDelay":             {header("31", ""), 31 * time.Second, true},
		"over 64 bits of ns":        {header("18446744074", ""), 24 * time.Hour, true},
		"over 64 bits":              {header(strings.Repeat("9", 30), ""), 24 * time.Hour, true},
		"date in a far future":      {header("Fri, 31 Dec 9999 23:59:59 GMT", ""), 24 * time.Hour, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, transport := retryingClient(t)
				script{answer(429, "").HeaderSet(tt.header), good}.play(transport)
				start := time.Now()
				_, err := client.Comments.Create(t.Context(), "1", "hi")
				took := time.Since(start)
				if !tt.ends {
					require.NoError(t, err)
					assert.GreaterOrEqual(t, took, tt.wait)
					assert.LessOrEqual(t, took, tt.wait+200*time.Millisecond)
					return
				}
				require.ErrorIs(t, err, instagram.ErrRateLimited)
				assert.Zero(t, took)
				assert.Equal(t, 1, transport.GetTotalCallCount())
				var failure *instagram.Error
				require.ErrorAs(t, err, &failure)
				assert.Equal(t, tt.wait, failure.RetryAfter)
			})
		})
	}
}

// A pause that the context or the timeout does not allow for is not begun.
func TestRetryWithinTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := answer(429, "").HeaderSet(http.Header{"Retry-After": {"5"}})
		for name, timeout := range map[string]time.Duration{"context": 0, "WithTimeout": 5 * time.Second} {
			client, transport := retryingClient(t, instagram.WithTimeout(timeout))
			script{limited}.play(transport)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if timeout > 0 {
				ctx = t.Context()
			}
			start := time.Now()
			_, err := client.Users.Get(ctx, "7")
			require.ErrorIs(t, err, instagram.ErrRateLimited, name)
			assert.NotErrorIs(t, err, context.DeadlineExceeded, name)
			assert.Zero(t, time.Since(start), name)
			assert.Equal(t, 1, attempts(t, err), name)
		}
	})
}

// A context that ends in a pause ends the call, which says both.
func TestRetryCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{answer(503, "").HeaderSet(http.Header{"Retry-After": {"20"}})}.play(transport)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		_, err := client.Users.Get(ctx, "7")
		assert.Equal(t, 3*time.Second, time.Since(start))
		require.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, instagram.ErrUnavailable)
		assert.Equal(t, 1, transport.GetTotalCallCount())

		client, transport = retryingClient(t, instagram.WithRetry(instagram.RetryPolicy{BaseDelay: time.Hour, MaxDelay: time.Hour}), instagram.WithTimeout(0))
		script{fails(reset)}.play(transport)
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Nanosecond, cancel)
		_, err = client.Users.Get(ctx, "7")
		require.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, syscall.ECONNRESET)
	})
}

// A broken server gets its load and the budget on top, and not three times its load; the budget is
// shared, and comes back as the server does.
func TestRetryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithRetry(instagram.RetryPolicy{Budget: 20}))
		call := func(n int, responder httpmock.Responder) int {
			before := transport.GetTotalCallCount()
			transport.RegisterNoResponder(responder)
			for i := range n {
				_, err := client.WithToken(fmt.Sprint("user", i)).Users.Get(t.Context(), "7")
				if err != nil {
					assert.ErrorIs(t, err, instagram.ErrUnavailable)
				}
			}
			return transport.GetTotalCallCount() - before
		}
		assert.Equal(t, 1000+20, call(1000, answer(503, "")))
		assert.Equal(t, 50, call(50, good))
		assert.Equal(t, 1000+10, call(1000, answer(503, "")), "a fifth of the 50 that went well")
		assert.Equal(t, 1000, call(1000, good))
		assert.Equal(t, 1000+20, call(1000, answer(503, "")), "and no more than the budget")
	})
}

// An answer that needs no repetition earns one, whatever it says.
func TestRetryBudgetEarnedByRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithRetry(instagram.RetryPolicy{Budget: 2}))
		script{answer(503, "")}.play(transport)
		_, _ = client.Users.Get(t.Context(), "7")
		script{answer(404, "")}.play(transport)
		for range 5 {
			_, _ = client.Users.Get(t.Context(), "7")
		}
		script{answer(503, "")}.play(transport)
		_, err := client.Users.Get(t.Context(), "7")
		assert.Equal(t, 2, attempts(t, err))
	})
}

// A deletion whose answer was lost finds nothing when it is repeated: it is done.
func TestRetryOfDoneDeletion(t *testing.T) {
	gone := answer(400, `{"meta":{"code":400,"error_type":"APINotFoundError"}}`)
	tests := map[string]struct {
		script script
		want   error
	}{
		"answer lost":     {script{fails(reset), gone}, nil},
		"lost, refused":   {script{fails(reset), answer(429, ""), gone}, nil},
		"never existed":   {script{gone}, instagram.ErrNotFound},
		"never got there": {script{fails(refused), gone}, instagram.ErrNotFound},
		"was refused":     {script{answer(429, ""), gone}, instagram.ErrNotFound},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, transport := retryingClient(t)
				tt.script.play(transport)
				assert.ErrorIs(t, client.Comments.Delete(t.Context(), "1", "2"), tt.want)
				assert.Equal(t, len(tt.script), transport.GetTotalCallCount())
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{fails(reset), gone}.play(transport)
		assert.ErrorIs(t, client.Likes.Like(t.Context(), "1"), instagram.ErrNotFound, "only a deletion is done so")
	})
}

// An answer to a request to follow whose own answer was lost finds no such request when it is
// repeated: it is done. The other actions may be repeated and say so themselves.
func TestRetryOfDoneAction(t *testing.T) {
	none := answer(400, `{"meta":{"code":400,"error_type":"APIInvalidParametersError"}}`)
	gone := answer(400, `{"meta":{"code":400,"error_type":"APINotFoundError"}}`)
	for _, action := range []instagram.RelationshipAction{instagram.ActionApprove, instagram.ActionIgnore, instagram.ActionDeny} {
		for name, tt := range map[string]struct {
			script script
			want   error
		}{
			"answer lost":     {script{fails(reset), none}, nil},
			"lost, not found": {script{fails(reset), gone}, nil},
			"never asked":     {script{none}, instagram.ErrInvalidParameters},
			"never got there": {script{fails(refused), none}, instagram.ErrInvalidParameters},
		} {
			t.Run(string(action)+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client, transport := retryingClient(t)
					tt.script.play(transport)
					status, err := client.Relationships.Modify(t.Context(), "7", action)
					require.ErrorIs(t, err, tt.want)
					if tt.want == nil {
						assert.Equal(t, &instagram.RelationshipStatus{}, status)
					}
				})
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{fails(reset), none}.play(transport)
		_, err := client.Relationships.Modify(t.Context(), "7", instagram.ActionFollow)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	})
}

// A spent hour is not asked again, unless somebody knows when it is over.
func TestRetryOfSpentHour(t *testing.T) {
	spent := func(header http.Header) httpmock.Responder {
		header.Set("X-Ratelimit-Limit", "5000")
		header.Set("X-Ratelimit-Remaining", "0")
		return answer(429, `{"code":429,"error_type":"OAuthRateLimitException"}`).HeaderSet(header)
	}
	for name, tt := range map[string]struct {
		refusal httpmock.Responder
		limiter instagram.Limiter
		again   bool
	}{
		"nothing said of when": {spent(http.Header{}), nil, false},
		"Retry-After":          {spent(http.Header{"Retry-After": {"2"}}), nil, true},
		"a limiter waits":      {spent(http.Header{}), &noLimiter{}, true},
		"something remains": {answer(429, "").HeaderSet(http.Header{
			"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"7"},
		}), nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opts := []instagram.Option{}
				if tt.limiter != nil {
					opts = append(opts, instagram.WithLimiter(tt.limiter))
				}
				client, transport := retryingClient(t, opts...)
				script{tt.refusal, good}.play(transport)
				_, err := client.Users.Get(t.Context(), "7")
				if tt.again {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, instagram.ErrRateLimited)
				assert.Equal(t, 1, attempts(t, err))
			})
		})
	}
}

// noLimiter lets everything pass.
type noLimiter struct{}

func (noLimiter) Wait(context.Context, instagram.LimiterRequest) error      { return nil }
func (noLimiter) Observe(instagram.LimiterRequest, instagram.LimiterAnswer) {}

// Nothing of an answer that broke off is in what a later one comes to.
func TestAttemptsDoNotMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{
			answer(200, `{"version":"1.0","type":"rich","title":"not mine","author_name":"eve","html":"<p`),
			answer(200, `{"version":"1.0","type":"rich","html":"<p>mine</p>"}`),
		}.play(transport)
		embed, err := client.Embeds.Get(t.Context(), "https://instagram.com/p/D/", nil)
		require.NoError(t, err)
		assert.Equal(t, &instagram.Embed{Version: "1.0", Type: "rich", HTML: "<p>mine</p>"}, embed)
	})
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{
			answer(200, `{"meta":{"code":200},"data":[{"id":"1"},{"id":"2"}],"pagination":{"next_max_id":"3"`),
			answer(200, `{"meta":{"code":200},"data":null}`),
		}.play(transport)
		page, err := client.Users.RecentMedia("7", nil).Next(t.Context())
		require.NoError(t, err)
		assert.Empty(t, page.Items)
		assert.Equal(t, instagram.CursorEnd, page.Cursor())
	})
	synctest.Test(t, func(t *testing.T) {
		client, transport := retryingClient(t)
		script{
			answer(200, `{"meta":{"code":200},"data":{"id":"1","text":"hi","extra":"x"}`),
			answer(200, `{"meta":{"code":200},"data":{"id":"1"}}`),
		}.play(transport)
		media, err := client.Media.Get(t.Context(), "1")
		require.NoError(t, err)
		assert.Empty(t, media.Extra)
	})
}

type tokenFunc func() (*oauth2.Token, error)

func (f tokenFunc) Token() (*oauth2.Token, error) { return f() }

// Each attempt has the credentials of its time, signed anew.
func TestRetryAuthorizesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		client, transport := retryingClient(t,
			instagram.WithTokenSource(tokenFunc(func() (*oauth2.Token, error) {
				asked++
				return &oauth2.Token{AccessToken: fmt.Sprint("token", asked)}, nil
			})),
			instagram.WithClientCredentials("id", "hunter2"), instagram.WithSignedRequests())
		var tokens, sigs []string
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			tokens, sigs = append(tokens, r.FormValue("access_token")), append(sigs, r.FormValue("sig"))
			return answer(429, `{"code":429,"error_message":"no more for `+r.FormValue("access_token")+`"}`)(r)
		})
		err := client.Likes.Like(t.Context(), "1")
		assert.Equal(t, []string{"token1", "token2", "token3"}, tokens)
		assert.Len(t, sigs, 3)
		assert.NotEqual(t, sigs[0], sigs[1])
		assert.NotContains(t, err.Error(), "token3")
	})
}

// A token source that fails ends the call, and so does it between two attempts.
func TestRetryWithoutToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("no more tokens")
		tokens := []*oauth2.Token{{AccessToken: "token1"}}
		client, transport := retryingClient(t, instagram.WithTokenSource(tokenFunc(func() (*oauth2.Token, error) {
			if len(tokens) == 0 {
				return nil, broken
			}
			token := tokens[0]
			tokens = tokens[1:]
			return token, nil
		})))
		script{answer(503, "")}.play(transport)
		_, err := client.Users.Get(t.Context(), "7")
		require.ErrorIs(t, err, broken)
		assert.Equal(t, 1, attempts(t, err))
		_, err = client.Users.Get(t.Context(), "7")
		require.ErrorIs(t, err, broken)
		assert.Zero(t, attempts(t, err))
		assert.Equal(t, 1, transport.GetTotalCallCount())
	})
}

func TestRetryPolicyRefused(t *testing.T) {
	for _, policy := range []instagram.RetryPolicy{{MaxAttempts: -1}, {BaseDelay: -1}, {MaxDelay: -1}, {Budget: -1}} {
		_, err := instagram.NewClient(instagram.WithRetry(policy))
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	}
	_, err := instagram.NewClient(instagram.WithTimeout(-1))
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

// The time for a call is that of all its attempts together, and of the pauses between them.
func TestDeadlineIsForAllAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		client, err := instagram.NewClient(instagram.WithAccessToken(testToken), instagram.WithTimeout(10*time.Second),
			instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 100}),
			instagram.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				attempts++
				select {
				case <-r.Context().Done():
					return nil, r.Context().Err()
				case <-time.After(4 * time.Second):
					return nil, reset
				}
			})}))
		require.NoError(t, err)
		start := time.Now()
		_, err = client.Users.Get(t.Context(), "7")
		require.Error(t, err)
		assert.LessOrEqual(t, time.Since(start), 10*time.Second)
		assert.Equal(t, 3, attempts)
	})
}

// No pause is longer than MaxDelay, whatever asks for one.
func TestPausesAreBounded(t *testing.T) {
	for name, tt := range map[string]struct {
		policy instagram.RetryPolicy
		fault  httpmock.Responder
	}{
		"BaseDelay over MaxDelay": {
			instagram.RetryPolicy{BaseDelay: time.Hour, MaxDelay: 2 * time.Second, MaxAttempts: 4}, answer(503, ""),
		},
		"Retry-After and jitter": {
			instagram.RetryPolicy{BaseDelay: time.Minute, MaxDelay: 2 * time.Second, MaxAttempts: 4},
			answer(503, "").HeaderSet(http.Header{"Retry-After": {"2"}}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 { // a pause is drawn by chance
				synctest.Test(t, func(t *testing.T) {
					client, transport := mockClient(t, instagram.WithRetry(tt.policy))
					script{tt.fault}.play(transport)
					start := time.Now()
					_, err := client.Users.Get(t.Context(), "7")
					require.ErrorIs(t, err, instagram.ErrUnavailable)
					assert.LessOrEqual(t, time.Since(start), 6*time.Second)
					assert.Equal(t, 4, attempts(t, err))
				})
			}
		})
	}
}

// A call that has no time left for the pause ends with what it has got, at once.
func TestNoPauseBeyondTheTimeLeft(t *testing.T) {
	for name, limit := range map[string]func(*testing.T) (context.Context, []instagram.Option){
		"context": func(t *testing.T) (context.Context, []instagram.Option) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			t.Cleanup(cancel)
			return ctx, nil
		},
		"call": func(t *testing.T) (context.Context, []instagram.Option) {
			return t.Context(), []instagram.Option{instagram.WithTimeout(5 * time.Second)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, opts := limit(t)
				client, transport := retryingClient(t, opts...)
				script{answer(503, "").HeaderSet(http.Header{"Retry-After": {"6"}})}.play(transport)
				start := time.Now()
				_, err := client.Users.Get(ctx, "7")
				require.ErrorIs(t, err, instagram.ErrUnavailable)
				assert.Zero(t, time.Since(start))
				assert.Equal(t, 1, attempts(t, err))
			})
		})
	}
}

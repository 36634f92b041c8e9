package instagram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// What a gateway adds is called like anything else.
func TestDo(t *testing.T) {
	client, transport := mockClient(t,
		instagram.WithClientCredentials("app", testSecret), instagram.WithSignedRequests())
	var sent []*http.Request
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		sent = append(sent, r)
		return answer(200, `{"meta":{"code":200},"data":[{"id":"5","name":"Quay"}],"pagination":{"next_max_id":"4"}}`)(r)
	})
	params := url.Values{"user_id": {"7"}}
	var places []*instagram.LocationInfo
	require.NoError(t, client.Do(t.Context(), http.MethodGet, "/locations/ne%20ar/", params, &places))
	assert.Equal(t, []*instagram.LocationInfo{{ID: "5", Name: "Quay"}}, places)
	assert.Equal(t, "/v1/locations/ne%20ar/", sent[0].URL.EscapedPath())
	assert.Equal(t, testToken, sent[0].Form.Get("access_token"))
	assert.Equal(t, "7", sent[0].Form.Get("user_id"))
	assert.NotEmpty(t, sent[0].Form.Get("sig"))
	assert.Equal(t, url.Values{"user_id": {"7"}}, params, "they stay the caller's")

	require.NoError(t, client.Do(t.Context(), http.MethodPost, "/locations/5", url.Values{"name": {"Pier"}}, nil))
	assert.Equal(t, "Pier", sent[1].PostForm.Get("name"))
	assert.Empty(t, sent[1].URL.RawQuery)

	var whole bytes.Buffer
	require.NoError(t, client.Do(t.Context(), http.MethodDelete, "/locations/5", nil, &whole))
	assert.Equal(t, http.MethodDelete, sent[2].Method)
	page, err := instagram.DecodePage[instagram.LocationInfo](&whole)
	require.NoError(t, err)
	assert.Equal(t, "4", page.Pagination.NextMaxID)
}

func TestDoDecodes(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want any
		err  error
	}{
		"the data":          {`{"meta":{"code":200},"data":{"n":1}}`, map[string]any{"n": 1.0}, nil},
		"data without meta": {`{"data":[1]}`, []any{1.0}, nil},
		"no data":           {`{"meta":{"code":200}}`, nil, nil},
		"data that is null": {`{"meta":{"code":200},"data":null}`, nil, nil},
		"no envelope":       {`{"status":"ok"}`, map[string]any{"status": "ok"}, nil},
		"a list":            {`[1,2]`, []any{1.0, 2.0}, nil},
		"a word":            {`"ok"`, "ok", nil},
		"meta that fails":   {`{"meta":{"code":400,"error_type":"APINotFoundError"}}`, nil, instagram.ErrNotFound},
		"no JSON":           {`<html>`, nil, instagram.ErrInvalidResponse},
		"cut off":           {`{"data":[1`, nil, io.ErrUnexpectedEOF},
		"nothing":           {" \n", nil, instagram.ErrInvalidResponse},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(200, tt.body))
			var got any
			err := client.Do(t.Context(), http.MethodGet, "/x", nil, &got)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.want, got)
			if err != nil {
				var failure *instagram.Error
				require.ErrorAs(t, err, &failure)
				assert.Equal(t, "/x", failure.Endpoint)
			}
		})
	}
	t.Run("the whole, or nothing of it", func(t *testing.T) {
		client, transport := mockClient(t)
		for _, body := range []string{"pong", "", "[1"} {
			transport.RegisterNoResponder(answer(200, body))
			var whole bytes.Buffer
			require.NoError(t, client.Do(t.Context(), http.MethodGet, "/ping", nil, &whole))
			assert.Equal(t, body, whole.String())
			require.NoError(t, client.Do(t.Context(), http.MethodGet, "/ping", nil, nil))
		}
		transport.RegisterNoResponder(answer(200, `{"meta":{"code":429}}`))
		require.ErrorIs(t, client.Do(t.Context(), http.MethodGet, "/ping", nil, nil), instagram.ErrRateLimited)
		require.ErrorIs(t, client.Do(t.Context(), http.MethodGet, "/ping", nil, io.Discard), instagram.ErrRateLimited)
	})
	t.Run("another kind", func(t *testing.T) {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(answer(200, `{"data":"x"}`))
		var n int
		err := client.Do(t.Context(), http.MethodGet, "/x", nil, &n)
		require.ErrorIs(t, err, instagram.ErrInvalidResponse)
		_, typed := errors.AsType[*json.UnmarshalTypeError](err)
		assert.True(t, typed)
	})
}

// A path leads nowhere but below the base URL.
func TestDoRefuses(t *testing.T) {
	var none *bytes.Buffer
	for name, tt := range map[string]struct {
		method, path string
		params       url.Values
		value        any
		parameter    string
	}{
		"a URL":            {"GET", "https://evil.example/x", nil, nil, "path"},
		"another host":     {"GET", "//evil.example/x", nil, nil, "path"},
		"no slash":         {"GET", "media", nil, nil, "path"},
		"empty":            {"GET", "", nil, nil, "path"},
		"root":             {"GET", "/", nil, nil, "path"},
		"a query":          {"GET", "/x?access_token=1", nil, nil, "path"},
		"a fragment":       {"GET", "/x#y", nil, nil, "path"},
		"up":               {"GET", "/../oauth/authorize", nil, nil, "path"},
		"up, escaped":      {"GET", "/%2e%2E/oauth", nil, nil, "path"},
		"an escaped slash": {"GET", "/a%2fb", nil, nil, "path"},
		"a backslash":      {"GET", `/a\b`, nil, nil, "path"},
		"a broken escape":  {"GET", "/100%", nil, nil, "path"},
		"an empty element": {"GET", "/a//b", nil, nil, "path"},
		"a line break":     {"GET", "/a\r\nHost: x", nil, nil, "path"},
		"v1 twice":         {"GET", "/v1/users/self", nil, nil, "path"},
		"a method":         {"CONNECT", "/x", nil, nil, "method"},
		"no method":        {"", "/x", nil, nil, "method"},
		"a token":          {"GET", "/x", url.Values{"access_token": {"1"}}, nil, "access_token"},
		"a signature":      {"GET", "/x", url.Values{"sig": {"1"}}, nil, "sig"},
		"no pointer":       {"GET", "/x", nil, 7, "value"},
		"a nil pointer":    {"GET", "/x", nil, (*int)(nil), "value"},
		"a nil io.Writer":  {"GET", "/x", nil, none, "value"},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			err := client.Do(t.Context(), tt.method, tt.path, tt.params, tt.value)
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			refused, ok := errors.AsType[*instagram.ParameterError](err)
			require.True(t, ok)
			assert.Equal(t, tt.parameter, refused.Parameter)
			assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
		})
	}
}

// Retries are those of any call, and a path that holds a secret is not shown.
func TestDoIsACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		client, transport := retryingClient(t, instagram.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		script{answer(503, ""), answer(200, `{"data":[`), answer(200, `{"data":[1]}`)}.play(transport)
		var got []int
		require.NoError(t, client.Do(t.Context(), http.MethodGet, "/x", nil, &got))
		assert.Equal(t, []int{1}, got)

		script{answer(503, "")}.play(transport)
		err := client.Do(t.Context(), http.MethodPost, "/"+testToken, nil, nil)
		require.ErrorIs(t, err, instagram.ErrUnavailable)
		assert.Equal(t, 1, attempts(t, err), "a POST may have had its effect")
		assert.NotContains(t, err.Error()+log.String(), testToken)
		assert.Contains(t, log.String(), "[redacted]")
	})
}

// A derived client differs in what was asked for, and shares the rest.
func TestWith(t *testing.T) {
	client, transport := retryingClient(t)
	script{answer(503, "")}.play(transport)
	_, err := client.With(instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1})).Users.Get(t.Context(), "7")
	assert.Equal(t, 1, attempts(t, err))

	tokens := sentTokens(transport)
	other := client.With(instagram.WithAccessToken("other"))
	for _, c := range []*instagram.Client{other, other.With(instagram.WithLenientDecoding()), client.WithToken("third").With(), client} {
		_, err = c.Users.Feed(nil).Next(t.Context())
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"other", "other", "third", testToken}, *tokens)
	assert.Equal(t, 4999, client.With().RateLimit().Remaining)

	transport.RegisterNoResponder(answer(200, goodAnswer))
	_, err = client.With(instagram.WithMaxBodySize(10)).Users.Get(t.Context(), "7")
	require.ErrorIs(t, err, instagram.ErrBodyTooLarge)

	limited := client.With(instagram.WithLimiter(refusing{}))
	_, err = limited.Users.Get(t.Context(), "7")
	require.ErrorIs(t, err, instagram.ErrRateLimited)
	_, err = limited.With().Users.Get(t.Context(), "7")
	require.ErrorIs(t, err, instagram.ErrRateLimited)
	_, err = client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
}

type refusing struct{}

func (refusing) Wait(context.Context, instagram.LimiterRequest) error      { return &instagram.LimitError{} }
func (refusing) Observe(instagram.LimiterRequest, instagram.LimiterAnswer) {}

func TestWithTimeoutOfOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		_, err := client.With(instagram.WithTimeout(1)).Users.Get(t.Context(), "7")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// The repetitions of all derived clients come out of one stock.
func TestWithSharesTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithRetry(instagram.RetryPolicy{Budget: 2}))
		script{answer(503, "")}.play(transport)
		patient := client.With(instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 10}))
		_, err := patient.Users.Get(t.Context(), "7")
		assert.Equal(t, 3, attempts(t, err))
		_, err = client.Users.Get(t.Context(), "7")
		assert.Equal(t, 1, attempts(t, err))
		_, err = client.With(instagram.WithRetry(instagram.RetryPolicy{Budget: 1})).Users.Get(t.Context(), "7")
		assert.Equal(t, 2, attempts(t, err), "a stock of its own")
	})
}

// A token is not carried to a server that it is not for, and what cannot work fails the call.
func TestWithRefuses(t *testing.T) {
	for parameter, option := range map[string]instagram.Option{
		"base URL":       instagram.WithBaseURL("https://evil.example/v1"),
		"Graph URL":      instagram.WithGraphURL("https://evil.example"),
		"Graph endpoint": instagram.WithGraphOAuthEndpoint(instagram.OAuthEndpoint("https://evil.example/v1")),
		"HTTP client":    instagram.WithHTTPClient(&http.Client{}),
		"timeout":        instagram.WithTimeout(-1),
		"access_token":   instagram.WithAccessToken(""),
		"client_secret":  instagram.WithSignedRequests(),
		"option":         nil,
	} {
		t.Run(parameter, func(t *testing.T) {
			client, transport := mockClient(t)
			derived := client.With(option)
			_, err := derived.Users.Get(t.Context(), "7")
			refused, ok := errors.AsType[*instagram.ParameterError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, parameter, refused.Parameter)
			_, err = derived.Graph.User(t.Context(), "7")
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			_, err = derived.WithToken("other").Users.Get(t.Context(), "7")
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			assert.Zero(t, transport.GetTotalCallCount())
			assert.False(t, strings.Contains(derived.String(), "evil"))
		})
	}
}

func BenchmarkWith(b *testing.B) {
	client, err := instagram.NewClient(instagram.WithAccessToken(testToken))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		client.With(instagram.WithTimeout(1))
	}
}

// A setting that cannot work stays the error of every client derived from there, and the tokens are
// those of the client that it is derived from, whatever else changes.
func TestWithKeepsWhoCalls(t *testing.T) {
	server := startServer(t)
	first, second := server.Users()[0], server.Users()[1]
	theirs := signedIn(t, server, first).WithToken(server.AccessToken(second.ID))
	user, err := theirs.With(instagram.WithTimeout(time.Minute)).With(instagram.WithTimeout(time.Hour)).Users.Get(t.Context(), instagram.Self)
	require.NoError(t, err)
	assert.Equal(t, second.Username, user.Username)

	wrong := theirs.With(instagram.WithTimeout(-1))
	for _, client := range []*instagram.Client{wrong, wrong.With(instagram.WithTimeout(time.Second)), wrong.With().With()} {
		_, err = client.Users.Get(t.Context(), instagram.Self)
		var refused *instagram.ParameterError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "timeout", refused.Parameter)
	}
}

// A client derived from another calls the Graph as the user whom it was made for too, and with the
// token of v1 only where that goes to the same server.
func TestWithKeepsTheGraphToken(t *testing.T) {
	const graphToken = "IGAAtoken-of-the-graph"
	client, transport := mockClient(t, instagram.WithGraphToken("IGAAanother-one"))
	var sent []string
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.URL.Query().Get("access_token"))
		return answer(200, `{"id":"7"}`)(r)
	})
	client = client.WithGraphToken(graphToken)
	for _, derived := range []*instagram.Client{
		client.With(), client.With(instagram.WithTimeout(time.Minute)).With(instagram.WithLenientDecoding()),
		client.WithToken("7.other"), client.WithTokenSource(nil), client.WithForwardedFor(), client.With(instagram.WithAccessToken("7.other")),
	} {
		_, err := derived.Graph.User(t.Context(), instagram.Self)
		require.NoError(t, err)
	}
	assert.Equal(t, slices.Repeat([]string{graphToken}, 6), sent)
}

// The error of a writer is one of the call, without secrets.
func TestDoTellsWhatAWriterFails(t *testing.T) {
	full := errors.New("no room for " + testToken)
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(200, goodAnswer))
	err := client.Do(t.Context(), http.MethodGet, "/users/7", nil, writerFunc(func([]byte) (int, error) { return 0, full }))
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	require.ErrorIs(t, err, full)
	assert.Equal(t, "instagram: GET /users/7: 200: no room for [redacted]", err.Error())
	assert.Equal(t, 1, failure.Attempts)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// What a body of small objects would take is refused, whatever it is decoded into.
func TestDoTakesBoundedMemory(t *testing.T) {
	body := `{"data":[` + strings.Repeat("{},", 1<<19) + `{}]}`
	server, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	client := dialing(t, server.URL)
	var media []*instagram.MediaEntry
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := client.Do(t.Context(), http.MethodGet, "/x", nil, &media)
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "it would take more memory than its length allows")
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)>>20, uint64(64), "MiB")
}

package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

func answer(status int, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{
		"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"4999"},
	})
}

// The sentinels match whatever shape an error comes in.
func TestErrorSentinels(t *testing.T) {
	withMeta := func(code int, errorType string) string {
		return fmt.Sprintf(`{"meta":{"code":%d,"error_type":%q,"error_message":"sorry"}}`, code, errorType)
	}
	bare := func(code int, errorType string) string {
		return fmt.Sprintf(`{"code":%d,"error_type":%q,"error_message":"sorry"}`, code, errorType)
	}
	const page = "<html><body><h1>Oops</h1></body></html>"
	tests := map[string]struct {
		status int
		body   string
		want   error
		text   string
	}{
		"expired token":              {400, withMeta(400, "OAuthAccessTokenException"), instagram.ErrUnauthorized, "sorry"},
		"revoked token":              {400, withMeta(400, "OAuthAccessTokenError"), instagram.ErrUnauthorized, "sorry"},
		"OAuth in general":           {400, withMeta(400, "OAuthException"), instagram.ErrUnauthorized, "sorry"},
		"nobody signed in":           {400, withMeta(400, "no authenticated user"), instagram.ErrUnauthorized, "sorry"},
		"missing scope":              {400, withMeta(400, "OAuthPermissionsException"), instagram.ErrMissingScope, "sorry"},
		"no token":                   {400, withMeta(400, "OAuthParameterException"), instagram.ErrInvalidParameters, "sorry"},
		"bad signature":              {403, withMeta(403, "OAuthForbiddenException"), instagram.ErrNotAllowed, "sorry"},
		"private user":               {400, withMeta(400, "APINotAllowedError"), instagram.ErrNotAllowed, "sorry"},
		"unknown id":                 {400, withMeta(400, "APINotFoundError"), instagram.ErrNotFound, "sorry"},
		"unknown id at 404":          {404, withMeta(404, "APINotFoundError"), instagram.ErrNotFound, "sorry"},
		"bad parameters":             {400, withMeta(400, "APIInvalidParametersError"), instagram.ErrInvalidParameters, "sorry"},
		"comment rule":               {400, withMeta(400, "APICommentAllCapsError"), instagram.ErrInvalidParameters, "sorry"},
		"rate limit":                 {429, bare(429, "OAuthRateLimitException"), instagram.ErrRateLimited, "sorry"},
		"rate limit of old":          {420, bare(420, "OAuthRateLimitException"), instagram.ErrRateLimited, "sorry"},
		"rate limit by type":         {400, bare(0, "OAuthRateLimitException"), instagram.ErrRateLimited, "sorry"},
		"rate limit by code":         {400, withMeta(429, "OAuthException"), instagram.ErrRateLimited, "sorry"},
		"rate limit in HTML":         {429, page, instagram.ErrRateLimited, "Too Many Requests"},
		"rate limit, empty body":     {429, "", instagram.ErrRateLimited, "Too Many Requests"},
		"200 with meta.code 400":     {200, withMeta(400, "APINotAllowedError"), instagram.ErrNotAllowed, "sorry"},
		"200 with data and code 400": {200, `{"meta":{"code":400,"error_type":"APINotFoundError"},"data":{}}`, instagram.ErrNotFound, "APINotFoundError"},
		"200 without meta":           {200, bare(429, "OAuthRateLimitException"), instagram.ErrRateLimited, "sorry"},
		"code in a string":           {200, `{"meta":{"code":"404"}}`, instagram.ErrNotFound, "404"},
		"type unknown to us":         {401, withMeta(401, "Brandnew"), instagram.ErrUnauthorized, "Brandnew"},
		"overload in HTML":           {503, page, instagram.ErrUnavailable, "Service Unavailable"},
		"overload, empty body":       {502, "", instagram.ErrUnavailable, "Bad Gateway"},
		"overload with APIError":     {500, withMeta(500, "APIError"), instagram.ErrUnavailable, "sorry"},
		"404 in HTML":                {404, page, instagram.ErrNotFound, "Not Found"},
		"401 with nothing":           {401, "", instagram.ErrUnauthorized, "Unauthorized"},
		"403 with nothing":           {403, "", instagram.ErrNotAllowed, "Forbidden"},
		"400 with nothing":           {400, "", instagram.ErrInvalidParameters, "Bad Request"},
		"HTML at 200":                {200, page, instagram.ErrInvalidResponse, "200"},
		"empty body at 200":          {200, "", instagram.ErrInvalidResponse, "200"},
		"truncated at 200":           {200, `{"meta":{"code":200},"data":{"id"`, instagram.ErrInvalidResponse, "200"},
		"list for an object":         {200, `{"meta":{"code":200},"data":[]}`, instagram.ErrInvalidResponse, "data"},
		"no data at 200":             {200, `{"meta":{"code":200}}`, instagram.ErrInvalidResponse, "no data"},
	}
	all := []error{
		instagram.ErrRateLimited, instagram.ErrNotFound, instagram.ErrNotAllowed, instagram.ErrUnauthorized,
		instagram.ErrMissingScope, instagram.ErrInvalidParameters, instagram.ErrUnavailable, instagram.ErrInvalidResponse,
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(tt.status, tt.body))
			_, err := client.Users.Get(t.Context(), instagram.Self)
			require.Error(t, err)
			for _, sentinel := range all {
				assert.Equal(t, sentinel == tt.want, errors.Is(err, sentinel), "%v: %v", sentinel, err)
			}
			assert.Contains(t, err.Error(), "GET /users/{user-id}")
			assert.Contains(t, err.Error(), tt.text)
			assert.NotErrorIs(t, err, io.EOF, "io.EOF ends a list")
		})
	}
}

func TestErrorFields(t *testing.T) {
	client, transport := mockClient(t)
	body := `{"meta":{"code":400,"error_type":"APINotAllowedError","error_message":"you cannot view this resource"}}`
	transport.RegisterNoResponder(answer(200, body))
	_, err := client.Media.Get(t.Context(), "11_7")
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, &instagram.Error{
		Method: "GET", Endpoint: "/media/{media-id}",
		StatusCode: 200, Code: 400, Type: instagram.ErrorTypeAPINotAllowedError, Message: "you cannot view this resource",
		RateLimit: instagram.RateLimit{Limit: 5000, Remaining: 4999}, Attempts: 1,
		Header: http.Header{"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"4999"}}, Body: body,
	}, failure)
	assert.EqualError(t, err, "instagram: GET /media/{media-id}: 200 (code 400) APINotAllowedError: you cannot view this resource")
}

// An answer without words is told by the code that counts, and by the number alone where that has
// no name.
func TestErrorWithoutWords(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		text   string
	}{
		"meta at 200":      {200, `{"meta":{"code":400}}`, "200 (code 400) Bad Request"},
		"status alone":     {404, "", "404 Not Found"},
		"a code of no one": {420, "", "420"},
		"meta of no one":   {200, `{"meta":{"code":420}}`, "200 (code 420)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, instagram.WithBaseURL("https://gateway.example/v1"))
			transport.RegisterNoResponder(answer(tt.status, tt.body))
			_, err := client.Users.Get(t.Context(), "7")
			assert.EqualError(t, err, "instagram: GET /users/{user-id}: "+tt.text)
		})
	}
	_, err := instagram.Decode[instagram.UserInfo](strings.NewReader(`{"meta":{"code":400}}`))
	assert.EqualError(t, err, "instagram: recorded answer: 400 Bad Request")
}

// A long message is cut, so that a server cannot fill a log.
func TestErrorMessageIsBounded(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(400, `{"meta":{"code":400,"error_message":"`+strings.Repeat("x", 1<<20)+`"}}`))
	_, err := client.Media.Get(t.Context(), "11_7")
	assert.Less(t, len(err.Error()), 2000)
}

// The end of the context shows through.
func TestErrorOfContext(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Users.Get(ctx, "7")
	assert.ErrorIs(t, err, context.Canceled)

	_, err = client.Users.Get(nil, "7") //nolint:staticcheck // a nil context is refused, not a crash
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

// A connection that closes early is not the end of a list.
func TestErrorOfConnectionIsNotEOF(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(func(*http.Request) (*http.Response, error) { return nil, io.EOF })
	_, err := client.Users.Feed(nil).Next(t.Context())
	require.Error(t, err)
	assert.NotErrorIs(t, err, io.EOF)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.NotContains(t, err.Error(), testToken)
}

// Whatever a server writes, an error is one line, and steers no terminal.
func TestErrorIsOneLine(t *testing.T) {
	client, transport := mockClient(t)
	for message, want := range map[string]string{
		`a\nlevel=error msg=fake`:      `a\nlevel=error msg=fake`,
		`a\r\u001b[31mred\u0000`:       `a\r\x1b[31mred\x00`,
		`a\u2028b\u202ec`:              `a\u2028b\u202ec`,
		`d'accord, größer: \"quoted\"`: `d'accord, größer: "quoted"`,
	} {
		transport.RegisterNoResponder(answer(400, `{"meta":{"code":400,"error_type":"APIError","error_message":"`+message+`"}}`))
		_, err := client.Users.Get(t.Context(), "7")
		assert.EqualError(t, err, "instagram: GET /users/{user-id}: 400 APIError: "+want)
	}
	joined := &instagram.Error{Method: "GET", Endpoint: "/users/{user-id}", Err: errors.Join(io.EOF, io.ErrUnexpectedEOF)}
	assert.Equal(t, `instagram: GET /users/{user-id}: EOF\nunexpected EOF`, joined.Error())
}

// What a gateway says is not lost: its page, whatever it is, and its headers.
func TestErrorHasTheAnswer(t *testing.T) {
	client, transport := mockClient(t)
	page := "<html><p>The gateway is asleep until 9 o'clock.</html>"
	transport.RegisterNoResponder(httpmock.NewStringResponder(502, page).HeaderSet(http.Header{
		"X-Request-Id": {"r-17"}, "Set-Cookie": {"session=1"}, "X-Auth-Token": {"1"}, "Link": {"<https://g.example/?access_token=abcdef&page=2>"},
	}))
	_, err := client.Users.Get(t.Context(), instagram.Self)
	failure, ok := errors.AsType[*instagram.Error](err)
	require.True(t, ok)
	assert.Equal(t, page, failure.Body)
	assert.Equal(t, http.Header{
		"X-Request-Id": {"r-17"}, "Link": {"<https://g.example/?access_token=[redacted]&page=2>"},
	}, failure.Header)
	assert.NotContains(t, err.Error(), "asleep", "a page is no line")

	transport.RegisterNoResponder(answer(200, `{"meta":{"code":200},"data":{"id":[]},"access_token":"abcdef"}`))
	_, err = client.Users.Get(t.Context(), instagram.Self)
	failure, _ = errors.AsType[*instagram.Error](err)
	assert.Equal(t, `{"meta":{"code":200},"data":{"id":[]},"access_token":"[redacted]"}`, failure.Body, "nor what does not decode")

	transport.RegisterNoResponder(answer(404, strings.Repeat("<p>é", 1<<20)))
	_, err = client.Users.Get(t.Context(), instagram.Self)
	failure, _ = errors.AsType[*instagram.Error](err)
	assert.Less(t, len(failure.Body), 4<<10+4)
	assert.True(t, strings.HasPrefix(failure.Body, "<p>é<p>é") && strings.HasSuffix(failure.Body, "..."))

	transport.RegisterNoResponder(httpmock.NewErrorResponder(errors.New("no route")))
	_, err = client.Users.Get(t.Context(), instagram.Self)
	failure, _ = errors.AsType[*instagram.Error](err)
	assert.Empty(t, failure.Header)
	assert.Empty(t, failure.Body)
}

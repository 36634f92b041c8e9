package instagram_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// The sentinels follow the Graph's codes, although nearly each of its errors is of type
// OAuthException, and the status where the code says nothing.
func TestGraphSentinels(t *testing.T) {
	graph := func(code int) string {
		return fmt.Sprintf(`{"error":{"message":"sorry","type":"OAuthException","code":%d,"fbtrace_id":"AbC"}}`, code)
	}
	tests := map[string]struct {
		status int
		body   string
		want   error
	}{
		"expired token":             {400, graph(190), instagram.ErrUnauthorized},
		"expired token at 401":      {401, graph(190), instagram.ErrUnauthorized},
		"calls of the app":          {400, graph(4), instagram.ErrRateLimited},
		"calls of the user":         {403, graph(17), instagram.ErrRateLimited},
		"calls of the page":         {400, graph(32), instagram.ErrRateLimited},
		"custom limit":              {400, graph(613), instagram.ErrRateLimited},
		"limit by status":           {429, graph(1), instagram.ErrRateLimited},
		"limit in HTML":             {429, "<html>", instagram.ErrRateLimited},
		"permission denied":         {400, graph(10), instagram.ErrMissingScope},
		"permission, first":         {403, graph(200), instagram.ErrMissingScope},
		"permission, last":          {400, graph(299), instagram.ErrMissingScope},
		"behind the permissions":    {400, graph(300), instagram.ErrInvalidParameters},
		"bad parameter":             {400, graph(100), instagram.ErrInvalidParameters},
		"unknown path":              {404, graph(803), instagram.ErrNotFound},
		"broken for the moment":     {500, graph(2), instagram.ErrUnavailable},
		"overload in HTML":          {503, "<html>", instagram.ErrUnavailable},
		"overload, empty":           {502, "", instagram.ErrUnavailable},
		"error at 200":              {200, graph(190), instagram.ErrUnauthorized},
		"code in a string":          {400, `{"error":{"code":"190"}}`, instagram.ErrUnauthorized},
		"code 400 is no status":     {403, graph(400), instagram.ErrNotAllowed},
		"error without code":        {400, `{"error":{"message":"sorry"}}`, instagram.ErrInvalidParameters},
		"error that is a string":    {400, `{"error":"sorry"}`, instagram.ErrInvalidParameters},
		"error of the wrong kind":   {400, `{"error":{"code":[],"type":5}}`, instagram.ErrInvalidParameters},
		"list for an error":         {400, `[]`, instagram.ErrInvalidParameters},
		"HTML at 200":               {200, "<html>", instagram.ErrInvalidResponse},
		"empty at 200":              {200, "", instagram.ErrInvalidResponse},
		"neither data nor error":    {200, `{}`, instagram.ErrInvalidResponse},
		"object for a list":         {200, `{"data":{}}`, instagram.ErrInvalidResponse},
		"error null, data that bad": {200, `{"error":null,"data":{}}`, instagram.ErrInvalidResponse},
	}
	all := []error{
		instagram.ErrRateLimited, instagram.ErrNotFound, instagram.ErrNotAllowed, instagram.ErrUnauthorized,
		instagram.ErrMissingScope, instagram.ErrInvalidParameters, instagram.ErrUnavailable, instagram.ErrInvalidResponse,
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(httpmock.NewStringResponder(tt.status, tt.body))
			_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
			require.Error(t, err)
			for _, sentinel := range all {
				assert.Equal(t, errors.Is(tt.want, sentinel), errors.Is(err, sentinel), "%v: %v", sentinel, err)
			}
		})
	}
}

// The codes that the Graph and v1 have in common mean what they always did in v1.
func TestGraphCodesAreNotOfV1(t *testing.T) {
	for _, code := range []int{10, 200, 400} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(answer(400, fmt.Sprintf(`{"meta":{"code":%d,"error_type":"OAuthException"}}`, code)))
		_, err := client.Users.Get(t.Context(), "7")
		assert.ErrorIs(t, err, instagram.ErrUnauthorized, "by its type")
		assert.NotErrorIs(t, err, instagram.ErrMissingScope)
	}
}

func TestGraphErrorFields(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(httpmock.NewStringResponder(400, `{"error":{
		"message":"Session of `+testToken+` has expired","type":"OAuthException","code":190,"error_subcode":463,
		"is_transient":false,"error_user_title":"x","fbtrace_id":"AfTrace1"}}`).
		HeaderSet(http.Header{"X-App-Usage": {`{"call_count":99}`}}))
	_, err := client.Graph.Entries("me", nil).Next(t.Context())
	failure, ok := errors.AsType[*instagram.Error](err)
	require.True(t, ok)
	assert.Equal(t, "GET", failure.Method)
	assert.Equal(t, "/{user-id}/media", failure.Endpoint)
	assert.Equal(t, 400, failure.StatusCode)
	assert.Equal(t, 190, failure.Code)
	assert.Equal(t, 463, failure.Subcode)
	assert.Equal(t, instagram.ErrorTypeOAuthException, failure.Type)
	assert.Equal(t, "AfTrace1", failure.TraceID)
	assert.Equal(t, 99, failure.RateLimit.AppUsage.CallCount)
	assert.EqualError(t, err, "instagram: GET /{user-id}/media: 400 (code 190) (subcode 463) OAuthException: "+
		"Session of [redacted] has expired (trace AfTrace1); "+
		"the token looks like one of v1, and the Graph has its own; see WithGraphToken")
}

// What the Graph says to people is often the only thing that tells what was wrong.
func TestGraphErrorForPeople(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":{"message":"Invalid parameter","type":"OAuthException","code":100,"error_subcode":2108006,"is_transient":false,
			"error_user_title":"Too old","error_user_msg":"It was posted before the account was a business.","fbtrace_id":"A"}}`: "Invalid parameter: It was posted before the account was a business.",
		`{"error":{"code":-1,"error_subcode":2207073,"error_user_title":"No such type","error_user_msg":"Not here."}}`: "Not here.",
		`{"error":{"message":"Not here.","code":-1,"error_user_msg":"Not here."}}`:                                     "Not here.",
		`{"error":{"message":"Fatal","code":-1,"error_user_msg":null}}`:                                                "Fatal",
		`{"error":{"error_user_msg":"` + testToken + ` is old","message":"Fatal","code":-1}}`:                          "Fatal: [redacted] is old",
	} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(httpmock.NewStringResponder(400, body))
		_, err := client.Graph.User(t.Context(), instagram.Self)
		failure, ok := errors.AsType[*instagram.Error](err)
		require.True(t, ok)
		assert.Equal(t, want, failure.Message)
		assert.Equal(t, strings.ReplaceAll(body, testToken, "[redacted]"), failure.Body, "all of it is kept")
	}
}

// A server can neither fill a log nor have the token written to it.
func TestGraphErrorIsBounded(t *testing.T) {
	client, transport := mockClient(t)
	long := strings.Repeat("x", 1<<20)
	transport.RegisterNoResponder(answer(400, `{"error":{"message":"`+long+`","type":"`+long+`","fbtrace_id":"`+testToken+long+`"}}`))
	_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
	assert.Less(t, len(err.Error()), 4000)
	assert.NotContains(t, err.Error(), testToken)
}

func TestAppUsage(t *testing.T) {
	for header, want := range map[string]instagram.AppUsage{
		`{"call_count":28,"total_time":25,"total_cputime":26}`:          {CallCount: 28, TotalTime: 25, TotalCPUTime: 26},
		`{"call_count":"99.2","total_time":0,"other":{"call_count":1}}`: {CallCount: 100},
		`{"call_count":-5,"total_time":1e300}`:                          {TotalTime: 1<<31 - 1},
		`{"call_count":[]}`:                                             {},
		`{"call_count"`:                                                 {},
		`7`:                                                             {},
		``:                                                              {},
	} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(httpmock.NewStringResponder(200, `{"data":[]}`).HeaderSet(http.Header{"X-App-Usage": {header}}))
		page, err := client.Graph.UserMedia("me", nil).Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, instagram.RateLimit{AppUsage: want}, page.RateLimit, header)
	}
}

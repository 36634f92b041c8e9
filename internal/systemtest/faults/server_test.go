package faults

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// once and always have the server fail a call.

func once(f instagramtest.Fault) func(*testing.T, *scene, call) {
	return func(_ *testing.T, s *scene, c call) { s.server.Fail(c.endpoint, f, 1) }
}

func always(f instagramtest.Fault) func(*testing.T, *scene, call) {
	return func(_ *testing.T, s *scene, c call) { s.server.Fail(c.endpoint, f, -1) }
}

// TestServerFaults is the matrix of what a server does wrong.
func TestServerFaults(t *testing.T) {
	type fault = instagramtest.Fault
	var (
		unavailable = instagram.ErrUnavailable
		limited     = instagram.ErrRateLimited
		invalid     = instagram.ErrInvalidResponse
		early       = io.ErrUnexpectedEOF
		late        = context.DeadlineExceeded
		tooLarge    = instagram.ErrBodyTooLarge
		redirect    = instagram.ErrRedirect

		again = ok(2, 2)
	)
	elsewhere := map[string]string{"Location": "http://127.0.0.1:1/"}
	rows := map[string]row{
		// What is wrong for a moment.        GET, comment, like, delete a comment, page
		"500 of a gateway, once":   {once(fault{Status: 500}), again, fails(unavailable, 1, 1), again, again, again},
		"502 of a gateway, once":   {once(fault{Status: 502}), again, fails(unavailable, 1, 1), again, again, again},
		"503 of the API, once":     {once(fault{Status: 503, Form: instagramtest.Meta}), again, fails(unavailable, 1, 1), again, again, again},
		"503 without meta, once":   {once(fault{Status: 503, Form: instagramtest.Bare}), again, fails(unavailable, 1, 1), again, again, again},
		"504 with nothing, once":   {once(fault{Status: 504, Form: instagramtest.Empty}), again, fails(unavailable, 1, 1), again, again, again},
		"503 in a 200, once":       {once(fault{Status: 200, Body: `{"meta":{"code":503}}`}), again, fails(unavailable, 1, 1), again, again, again},
		"200 with nothing, once":   all(once(fault{Status: 200, Form: instagramtest.Empty}), fails(instagram.ErrInvalidResponse, 1, 1)),
		"429 without meta, once":   all(once(fault{Status: 429, Form: instagramtest.Bare}), again),
		"429 of a gateway, once":   all(once(fault{Status: 429}), again),
		"420, once":                all(once(fault{Status: 420, Form: instagramtest.Meta}), again),
		"429 in a 200, once":       all(once(fault{Status: 200, Body: `{"meta":{"code":429}}`}), again),
		"429, Retry-After 0, once": all(once(fault{Status: 429, Header: map[string]string{"Retry-After": "0"}}), again),
		"no answer, once":          {once(fault{Cut: instagramtest.Drop}), again, fails(early, 1, 1), again, again, again},
		"truncated, once":          {once(fault{Cut: instagramtest.Truncate}), again, unknown(early, 1, 1), again, again, again},
		"reset in the body, once":  {once(fault{Cut: instagramtest.Abort}), again, unknown(errAny, 1, 1), again, again, again},
		"JSON breaks off, once":    {once(fault{Malformed: true}), again, unknown(invalid, 1, 1), again, again, again},
		"length too short, once":   {once(fault{Header: map[string]string{"Content-Length": "10"}}), again, unknown(invalid, 1, 1), again, again, again},
		"length too long, once":    {once(fault{Header: map[string]string{"Content-Length": "9999"}}), again, unknown(early, 1, 1), again, again, again},
		"answer too late, once":    {once(fault{Delay: slow}), again, unknown(late, 1, 1), again, again, again},
		"answer drips, once":       {once(fault{BytesPerSecond: 5}), again, unknown(late, 1, 1), again, again, again},
		"endless header, once":     {once(fault{Endless: instagramtest.EndlessHeader}), again, fails(errAny, 1, 1), again, again, again},

		// The call has had its effect, and its answer is lost.
		"done, 503, once":       {once(fault{Status: 503, Effect: instagramtest.After}), again, unknown(unavailable, 1, 1), again, again, again},
		"done, no answer, once": {once(fault{Cut: instagramtest.Drop, Effect: instagramtest.After}), again, unknown(early, 1, 1), again, again, again},
		"not done, truncated":   {once(fault{Cut: instagramtest.Truncate, Effect: instagramtest.Before}), again, fails(early, 1, 1), again, again, again},
		"not done, too late":    {once(fault{Delay: slow, Effect: instagramtest.Before}), again, fails(late, 1, 1), again, again, again},

		// What stays wrong.
		"503, always":             {always(fault{Status: 503}), fails(unavailable, 3, 3), fails(unavailable, 1, 1), fails(unavailable, 3, 3), fails(unavailable, 3, 3), fails(unavailable, 3, 3)},
		"done, 503, always":       {always(fault{Status: 503, Effect: instagramtest.After}), fails(unavailable, 3, 3), unknown(unavailable, 1, 1), unknown(unavailable, 3, 3), unknown(unavailable, 3, 3), fails(unavailable, 3, 3)},
		"429, always":             all(always(fault{Status: 429, Form: instagramtest.Bare}), fails(limited, 3, 3)),
		"429, come back tomorrow": all(always(fault{Status: 429, Header: map[string]string{"Retry-After": "86400"}}), fails(limited, 1, 1)),
		"503, come back tomorrow": all(always(fault{Status: 503, Header: map[string]string{"Retry-After": "86400"}}), fails(unavailable, 1, 1)),
		"no answer, always":       {always(fault{Cut: instagramtest.Drop}), fails(early, 3, 3), fails(early, 1, 1), fails(early, 3, 3), fails(early, 3, 3), fails(early, 3, 3)},
		"truncated, always":       {always(fault{Cut: instagramtest.Truncate}), fails(early, 3, 3), unknown(early, 1, 1), unknown(early, 3, 3), unknown(errAny, 3, 3), fails(early, 3, 3)},

		// What is no use to repeat.
		"400 of the API":          all(once(fault{Status: 400, Form: instagramtest.Meta}), fails(instagram.ErrInvalidParameters, 1, 1)),
		"401 of a gateway":        all(once(fault{Status: 401}), fails(instagram.ErrUnauthorized, 1, 1)),
		"403 of a gateway":        all(once(fault{Status: 403}), fails(instagram.ErrNotAllowed, 1, 1)),
		"404 with nothing":        all(once(fault{Status: 404, Form: instagramtest.Empty}), fails(instagram.ErrNotFound, 1, 1)),
		"400 in a 200":            all(once(fault{Status: 200, Body: `{"meta":{"code":400,"error_type":"APINotAllowedError"}}`}), fails(instagram.ErrNotAllowed, 1, 1)),
		"HTML in a 200":           all(once(fault{Status: 200}), fails(invalid, 1, 1)),
		"NaN in a 200":            all(once(fault{Status: 200, Body: `{"meta":{"code":NaN},"data":null}`}), fails(invalid, 1, 1)),
		"huge number in a 200":    all(once(fault{Status: 200, Body: `{"meta":{"code":1e999},"data":null}`}), fails(invalid, 1, 1)),
		"gzip bomb":               all(once(fault{Bomb: 64 << 20}), fails(tooLarge, 1, 1)),
		"endless body":            all(once(fault{Endless: instagramtest.EndlessBody}), fails(tooLarge, 1, 1)),
		"redirect elsewhere":      all(once(fault{RedirectOrigin: "http://127.0.0.1:1"}), fails(redirect, 1, 1)),
		"redirect elsewhere, 307": all(once(fault{Status: 307, Header: elsewhere}), fails(redirect, 1, 1)),

		// What is not wrong enough.
		"slow":                 all(once(fault{Delay: 50 * time.Millisecond}), ok(1, 1)),
		"labelled as an image": all(once(fault{Header: map[string]string{"Content-Type": "image/png"}}), ok(1, 1)),
		"charset that lies":    all(once(fault{Header: map[string]string{"Content-Type": "application/json; charset=utf-16"}}), ok(1, 1)),
		"rate limit that lies": all(once(fault{Header: map[string]string{"X-Ratelimit-Limit": "NaN", "X-Ratelimit-Remaining": "-1"}}), ok(1, 1)),
		"next_url elsewhere":   all(once(fault{NextOrigin: "http://127.0.0.1:1"}), ok(1, 1)),
	}
	run(t, rows, func(_ *testing.T, s *scene) string { return s.server.BaseURL() })
}

// A list whose pages name themselves as the next one ends with an error, and not never.
func TestNextLoops(t *testing.T) {
	server := instagramtest.NewServer(instagramtest.WithUsers(3), instagramtest.WithMedia(5, 2))
	defer server.Close()
	server.Fail("GET /users/{user-id}/media/recent", instagramtest.Fault{NextLoops: true}, -1)
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), instagram.WithAccessToken(server.AccessToken(server.Users()[0].ID)))
	require.NoError(t, err)
	defer client.Close()
	n := 0
	for _, err = range client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 1}).Prefetch(2).Pages(t.Context()) {
		if err == nil {
			n++
		}
	}
	require.ErrorIs(t, err, instagram.ErrPaginationLoop)
	assert.Equal(t, 2, n)
	assert.Len(t, server.Requests(), 2)
}

package main

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

// start gives a test a server of its own, and the client of its main user.
func start(t *testing.T, opts ...instagramtest.Option) (*instagramtest.Server, *instagram.Client) {
	t.Helper()
	server := instagramtest.NewServer(opts...)
	t.Cleanup(server.Close)
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken(server.Users()[0].ID)),
		instagram.WithHTTPClient(server.Client()),
		instagram.WithRetry(instagram.RetryPolicy{BaseDelay: time.Millisecond}), // a test need not be patient
	)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return server, client
}

// posted has n public users post under a tag that nobody else uses, the last of them the latest. It
// returns their names, the latest first, and the ids.
func posted(server *instagramtest.Server, n int) (names, ids []string) {
	for _, user := range server.Users()[1:] {
		if !user.Private && len(names) < n {
			media := server.PostMedia(user.Username, instagramtest.Media{Caption: "My first #newhere"})
			names = append([]string{user.Username}, names...)
			ids = append([]string{media.ID}, ids...)
		}
	}
	return names, ids
}

// comments are the texts of the comments under a media.
func comments(t *testing.T, client *instagram.Client, mediaID string) (texts []string) {
	t.Helper()
	list, err := client.Comments.List(t.Context(), mediaID)
	require.NoError(t, err)
	for _, comment := range list {
		texts = append(texts, comment.Text)
	}
	return texts
}

// Post media to have something that the test knows everything of.
func TestWelcome(t *testing.T) {
	server, client := start(t)
	names, ids := posted(server, 3)

	welcomed, err := welcome(t.Context(), client, "newhere", 10)
	require.NoError(t, err)
	assert.Equal(t, names, welcomed)
	assert.Equal(t, []string{"Welcome, @" + names[0] + "!"}, comments(t, client, ids[0]))

	again, err := welcome(t.Context(), client, "newhere", 10)
	require.NoError(t, err)
	assert.Empty(t, again)
}

// Read the request log to see what was asked, and what was not. Secrets are masked in it.
func TestWelcomeAsksForNoMoreThanItNeeds(t *testing.T) {
	server, client := start(t)
	_, ids := posted(server, 1)
	_, err := welcome(t.Context(), client, "newhere", 1)
	require.NoError(t, err)

	var calls []string
	for _, request := range server.Requests() {
		calls = append(calls, request.Method+" "+request.Path)
		assert.Equal(t, http.StatusOK, request.Status)
		assert.Equal(t, instagramtest.Masked, request.Params.Get("access_token"))
	}
	assert.Equal(t, []string{
		"GET /v1/users/self",
		"GET /v1/tags/newhere/media/recent",
		"GET /v1/media/" + ids[0] + "/comments",
		"POST /v1/media/" + ids[0] + "/comments",
	}, calls)
}

// Let reads fail: the client repeats them, and the program never knows.
func TestWelcomeWhenTheServerIsOverloaded(t *testing.T) {
	server, client := start(t)
	names, _ := posted(server, 1)
	server.Fail("GET /tags/{tag-name}/media/recent", instagramtest.Fault{Status: http.StatusServiceUnavailable}, 1)
	server.Fail("GET /media/{media-id}/comments", instagramtest.Fault{Cut: instagramtest.Truncate}, 1)

	welcomed, err := welcome(t.Context(), client, "newhere", 1)
	require.NoError(t, err)
	assert.Equal(t, names, welcomed)

	failed := 0
	for _, request := range server.Requests() {
		if request.Failed {
			failed++
		}
	}
	assert.Equal(t, 2, failed)
}

// Lose the answer to a write that took effect. This is how comments come twice, if a program just
// tries again.
func TestWelcomeOnceWhenAnAnswerIsLost(t *testing.T) {
	server, client := start(t)
	_, ids := posted(server, 1)
	server.Fail("POST /media/{media-id}/comments", instagramtest.Fault{Cut: instagramtest.Drop, Effect: instagramtest.After}, 1)

	_, err := welcome(t.Context(), client, "newhere", 1)
	require.Error(t, err)
	_, err = welcome(t.Context(), client, "newhere", 1)
	require.NoError(t, err)
	assert.Len(t, comments(t, client, ids[0]), 1)
}

// Move the clock to get past a limit without waiting for an hour.
func TestWelcomeGoesOnInTheNextHour(t *testing.T) {
	server, client := start(t, instagramtest.WithLimits(1000, 2)) // two comments an hour
	names, _ := posted(server, 3)

	welcomed, err := welcome(t.Context(), client, "newhere", 10)
	require.ErrorIs(t, err, instagram.ErrRateLimited)
	assert.Equal(t, names[:2], welcomed)

	server.Advance(time.Hour)
	welcomed, err = welcome(t.Context(), client, "newhere", 10)
	require.NoError(t, err)
	assert.Equal(t, names[2:], welcomed)
}

// Take a scope away, or the whole token, as users do.
func TestWelcomeWithoutPermission(t *testing.T) {
	server, client := start(t)
	posted(server, 1)
	me := server.Users()[0]

	_, err := welcome(t.Context(), client.WithToken(server.AccessToken(me.ID, "public_content")), "newhere", 1)
	require.ErrorIs(t, err, instagram.ErrMissingScope)

	server.Revoke(server.AccessToken(me.ID))
	_, err = welcome(t.Context(), client, "newhere", 1)
	require.ErrorIs(t, err, instagram.ErrUnauthorized)
}

// Ask the API of another time: the program must not care.
func TestWelcomeInEveryGeneration(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		server, client := start(t, instagramtest.WithWire(wire))
		names, _ := posted(server, 1)
		welcomed, err := welcome(t.Context(), client, "newhere", 1)
		require.NoError(t, err)
		assert.Equal(t, names, welcomed)
	}
}

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "server-test")
	programtest.Refuses(t, "server-test", "extra")
	programtest.Refuses(t, "server-test", "-most", "-1")
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-most", "2"}, &out, io.Discard))
	assert.Regexp(t, `^(welcomed \S+\n){2}$`, out.String())
}

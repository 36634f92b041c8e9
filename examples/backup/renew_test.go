package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// Another run takes what has changed, and keeps what is gone.
func TestRenew(t *testing.T) {
	server, args := smallServer(t)
	me, other := server.Users()[0], server.Users()[1]
	dir := t.TempDir()
	args = append(args, "-out", dir)
	_, err := save(t, args...)
	require.NoError(t, err)
	media := savedMedia(t, dir)
	liked, commented, deleted := media[2], media[3], media[4]

	client, err := instagram.NewClient(instagram.WithBaseURL(server.BaseURL()), instagram.WithAccessToken(server.AccessToken(other.ID)))
	require.NoError(t, err)
	defer client.Close()
	own := client.WithToken(server.AccessToken(me.ID))
	relationship, err := own.Relationships.Get(t.Context(), other.ID)
	require.NoError(t, err)
	follow := instagram.ActionFollow
	if relationship.OutgoingStatus != "none" {
		follow = instagram.ActionUnfollow
	}
	_, err = own.Relationships.Modify(t.Context(), other.ID, follow)
	require.NoError(t, err)
	for _, m := range []string{liked.ID} {
		if slices.ContainsFunc(likers(t, own, m), func(u *instagram.UserShortInfo) bool { return u.ID == me.ID }) {
			require.NoError(t, own.Likes.Unlike(t.Context(), m))
		} else {
			require.NoError(t, own.Likes.Like(t.Context(), m))
		}
	}
	_, err = own.Comments.Create(t.Context(), commented.ID, "A late word")
	require.NoError(t, err)
	server.DeleteMedia(deleted.ID)

	before := contents(t, dir)
	out, err := save(t, args...)
	require.NoError(t, err)
	assert.Contains(t, out, "media.jsonl: 23 now\n")
	after := contents(t, dir)
	assertWhole(t, after)
	assert.NotEqual(t, before[followsFile], after[followsFile])
	assert.NotEqual(t, before[profileFile], after[profileFile])
	assert.NotEqual(t, before[likesFile(liked)], after[likesFile(liked)])
	assert.Contains(t, after[commentsFile(commented)], "A late word")
	assert.True(t, strings.Contains(textOf(after), "A late word"), "the page is renewed")
	assert.Contains(t, after[mediaFile], `"`+deleted.ID+`"`, "what is gone is kept")
	assert.Equal(t, 24, postsOf(t, after))
	for name, text := range before {
		if strings.HasPrefix(name, "files/") {
			assert.Equal(t, text, after[name])
		}
	}
}

func likers(t *testing.T, client *instagram.Client, id string) []*instagram.UserShortInfo {
	t.Helper()
	list, err := client.Likes.List(t.Context(), id)
	require.NoError(t, err)
	return list
}

// A run that goes on where another was stopped has what was posted meanwhile.
func TestPostedBetweenTwoRuns(t *testing.T) {
	server, args := smallServer(t)
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	front(t, server, args, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/likes") {
			stop()
		}
		server.ServeHTTP(w, r)
	})
	args = append(args, "-out", dir)
	var out bytes.Buffer
	require.EqualError(t, run(ctx, args, &out, &out), "stopped; the same command goes on from here")
	posted := server.PostMedia(server.Users()[0].ID, instagramtest.Media{Caption: "Meanwhile"})
	text, err := save(t, args...)
	require.NoError(t, err)
	assert.NotContains(t, text, "followers.jsonl", "that list was walked to its end")
	files := contents(t, dir)
	assert.Contains(t, files[mediaFile], posted.ID)
	assert.Contains(t, files, "files/"+posted.ID+".jpg")
	assert.Equal(t, 25, strings.Count(files[mediaFile], "\n"))
}

// The hour's limit makes it wait, and say until when. It says so once for all that wait.
func TestHourlyLimit(t *testing.T) {
	server, _ := smallServer(t)
	token := server.AccessToken(server.Users()[0].ID)
	server.Fail("GET /media/{media-id}/comments",
		instagramtest.Fault{Status: 429, Form: instagramtest.Bare, Header: map[string]string{"Retry-After": "2400"}}, 1)
	server.Fail("GET /users/{user-id}/follows",
		instagramtest.Fault{Status: 429, Form: instagramtest.Bare, Header: map[string]string{"Retry-After": "600"}}, 1)
	store, err := openStore(t.TempDir())
	require.NoError(t, err)
	defer store.Close()
	transport := newServing(t, server)
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		progress := newProgress(&out, &out)
		limiter, err := newLimiter(progress.waiting)
		require.NoError(t, err)
		client, err := instagram.NewClient(
			instagram.WithBaseURL(server.BaseURL()),
			instagram.WithAccessToken(token),
			instagram.WithHTTPClient(&http.Client{Transport: transport}),
			instagram.WithLimiter(limiter),
		)
		require.NoError(t, err)
		started := time.Now()
		b := &backup{client: client, baseURL: server.BaseURL(), store: store, user: instagram.Self, parallel: 4, progress: progress}
		require.NoError(t, b.save(t.Context()))
		assert.Regexp(t, `(?m)^the hour's limit: goes on at 00:1[01]$`, out.String())
		assert.Regexp(t, `(?m)^the hour's limit: goes on at 00:5[012]$`, out.String())
		assert.Equal(t, 2, strings.Count(out.String(), "the hour's limit"), out.String())
		assert.NotRegexp(t, `missing: (followers|follows|comments|likes)`, out.String(), "what was refused came later")
		assert.Less(t, time.Since(started), time.Hour)
	})
}

// serving is a transport that has no network below it, for a bubble of synctest. The handler runs
// outside of the bubble.
type serving struct {
	requests chan *http.Request
	answers  chan *http.Response
	busy     sync.Mutex
}

func newServing(t *testing.T, handler http.Handler) *serving {
	t.Helper()
	s := &serving{requests: make(chan *http.Request), answers: make(chan *http.Response)}
	t.Cleanup(func() { close(s.requests) })
	go func() {
		for r := range s.requests {
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			s.answers <- answer.Result()
		}
	}()
	return s
}

func (s *serving) RoundTrip(r *http.Request) (*http.Response, error) {
	s.busy.Lock()
	defer s.busy.Unlock()
	s.requests <- r.Clone(context.Background())
	return <-s.answers, nil
}

package instagram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// A walk that was recorded is read again, by DecodeAll and by a server that is made of it.
func TestARecordingIsReadBack(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		dir := t.TempDir()
		me := server.Users()[0]
		client := signedIn(t, server, me, instagram.WithRecorder(instagram.RecordTo(dir)))
		_, err := client.Users.Get(t.Context(), instagram.Self)
		require.NoError(t, err)
		want := collect(t, client.Users.RecentMedia(instagram.Self, nil))
		follows := collect(t, client.Relationships.Follows(instagram.Self, nil))
		_, err = client.Users.Get(t.Context(), "1")
		require.ErrorIs(t, err, instagram.ErrNotFound)

		names, err := filepath.Glob(filepath.Join(dir, "*.json"))
		require.NoError(t, err)
		assert.Regexp(t, `Z-000001-users-self\.json$`, names[0])
		var got []*instagram.MediaEntry
		for _, name := range names {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.NotContains(t, string(text), server.AccessToken(me.ID))
			if !strings.HasSuffix(name, "users-self-media-recent.json") {
				continue
			}
			for media, err := range instagram.DecodeAll[instagram.MediaEntry](bytes.NewReader(text)) {
				require.NoError(t, err)
				got = append(got, media)
			}
		}
		assert.Equal(t, want, got)

		again := startServer(t, wire, instagramtest.WithDataFile(dir))
		assert.Equal(t, me.ID, again.Users()[0].ID)
		client = signedIn(t, again, again.Users()[0])
		assert.Equal(t, ids(want), ids(collect(t, client.Users.RecentMedia(instagram.Self, nil))))
		assert.Len(t, collect(t, client.Relationships.Follows(instagram.Self, nil)), len(follows))
	})
}

// Neither what is recorded nor what is printed holds a secret, whatever the server does.
func TestHotRecordings(t *testing.T) {
	answers := map[string]func(http.ResponseWriter, *http.Request, string){
		"good": func(w http.ResponseWriter, r *http.Request, secrets string) {
			w.Header().Set("X-Echo", strings.ReplaceAll(secrets, "\n", " "))
			_, _ = io.WriteString(w, `{"meta":{"code":200},"data":[{"id":"7","bio":`+jsonText(secrets)+`}],`+
				`"pagination":{"next_url":`+jsonText("https://x.example/"+r.URL.RequestURI())+`},`+jsonText(secrets)+`:1}`)
		},
	}
	for place, answer := range hostileAnswers {
		answers[place] = answer
	}
	for form, echo := range echoes {
		for place, answer := range answers {
			t.Run(place+", "+form, func(t *testing.T) {
				server := httptest.NewUnstartedServer(&hostile{echo: echo, answer: answer})
				server.Config.ErrorLog = log.New(io.Discard, "", 0)
				server.Start()
				defer server.Close()
				dir := t.TempDir()
				var debug, handed bytes.Buffer
				client := hotClient(t, instagram.WithBaseURL(server.URL+"/v1"), instagram.WithGraphURL(server.URL),
					instagram.WithDebug(&debug), instagram.WithRecorder(instagram.RecordTo(dir)),
					instagram.WithRecorder(func(_ context.Context, r *instagram.Recording) error {
						handed.WriteString(printed(r) + string(r.Body) + r.Params.Encode())
						return nil
					}))
				_, _ = client.Users.Feed(nil).Next(t.Context())
				_, _ = client.Comments.Create(t.Context(), "1", "hi")
				for _, call := range hotCalls {
					_ = call(t.Context(), client)
				}
				assert.NotEmpty(t, debug.String())
				assertCold(t, debug.String(), "debug")
				assertCold(t, handed.String(), "recorder")
				files, err := os.ReadDir(dir)
				require.NoError(t, err)
				for _, file := range files {
					text, err := os.ReadFile(filepath.Join(dir, file.Name()))
					require.NoError(t, err)
					assertCold(t, file.Name()+string(text), file.Name())
				}
			})
		}
	}
}

// Parameters show no secret either, in their names, in their values, or by what they are called.
func TestRecordedParameters(t *testing.T) {
	var debug bytes.Buffer
	var got *instagram.Recording
	client, transport := mockClient(t, instagram.WithDebug(&debug), instagram.WithRecorder(func(_ context.Context, r *instagram.Recording) error {
		got = r
		return nil
	}))
	transport.RegisterNoResponder(answer(200, goodAnswer))
	params := url.Values{
		"note": {"mine is " + testToken}, "note-" + testToken: {"1"}, "refresh_token": {"8.of-another"},
		"next": {"https://gw.example/x?sig=8.of-another&a=1"}, "q": {"ada"},
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		debug.Reset()
		require.NoError(t, client.Do(t.Context(), method, "/users/7", params, nil))
		for _, text := range []string{debug.String(), printed(got), got.Params.Encode()} {
			assert.NotContains(t, text, testToken)
			assert.NotContains(t, text, "8.of-another")
			assert.Contains(t, text, "ada")
		}
		assert.Equal(t, url.Values{
			"note": {"mine is [redacted]"}, "note-[redacted]": {"1"}, "refresh_token": {"[redacted]"},
			"next": {"https://gw.example/x?sig=[redacted]&a=1"}, "q": {"ada"},
		}, got.Params)
	}
}

// What an answer gives away is a secret in all of it: in what is recorded, and in the error.
func TestAnAnswerGivesASecretAway(t *testing.T) {
	const fresh = "IGAAissued.just-now.x5y2kq81mz" // like no other in the tests
	for name, body := range map[string]string{
		"good":   `{"meta":{"code":200},"data":{"id":"7","bio":"` + fresh + `"},"access_token":"` + fresh + `"}`,
		"failed": `{"meta":{"code":400,"error_type":"APIError","error_message":"not ` + fresh + `"},"access_token":"` + fresh + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			client, transport := mockClient(t, instagram.WithRecorder(instagram.RecordTo(dir)))
			status := map[string]int{"good": 200, "failed": 400}[name]
			transport.RegisterNoResponder(answer(status, body))
			_, err := client.Users.Get(t.Context(), "7")
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), fresh)
			_, err = client.With(instagram.WithRecorder(func(context.Context, *instagram.Recording) error { return nil })).Users.Get(t.Context(), "7")
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), fresh)
			files, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.NotEmpty(t, files)
			for _, file := range files {
				text, err := os.ReadFile(filepath.Join(dir, file.Name()))
				require.NoError(t, err)
				assert.NotContains(t, string(text), fresh)
				assert.Contains(t, string(text), `"code":`)
			}

			client, transport = mockClient(t)
			transport.RegisterNoResponder(answer(status, body))
			_, err = client.Users.Get(t.Context(), "7")
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), fresh)
		})
	}
}

// Each answer is handed over, that of an attempt that is repeated too.
func TestRecorder(t *testing.T) {
	var mu sync.Mutex
	var got []*instagram.Recording
	client, transport := retryingClient(t, instagram.WithRecorder(func(_ context.Context, r *instagram.Recording) error {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r)
		return nil
	}))
	script{answer(503, "<p>busy"), fails(reset), answer(200, goodAnswer)}.play(transport)
	_, err := client.With().Users.Search(t.Context(), "ada", nil)
	require.Error(t, err, "it is no list")
	require.Len(t, got, 2, "what is no answer is not recorded")
	assert.Equal(t, 503, got[0].Status)
	assert.Equal(t, "<p>busy", string(got[0].Body))
	assert.Equal(t, "GET", got[1].Method)
	assert.Equal(t, "/users/search", got[1].Path)
	assert.Equal(t, "q=ada", got[1].Params.Encode())
	assert.Equal(t, goodAnswer, string(got[1].Body))
	assert.Equal(t, "5000", got[1].Header.Get("X-Ratelimit-Limit"))
	assert.WithinRange(t, got[1].Time, got[0].Time, got[0].Time.AddDate(0, 0, 1))
}

// A recorder that fails does not fail the call.
func TestRecorderFails(t *testing.T) {
	var logged bytes.Buffer
	client, transport := mockClient(t, instagram.WithLogger(slog.New(slog.NewTextHandler(&logged, nil))),
		instagram.WithRecorder(func(context.Context, *instagram.Recording) error { return errors.New("the disk is full: " + testToken) }))
	transport.RegisterNoResponder(answer(200, goodAnswer))
	_, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	assert.Contains(t, logged.String(), "the disk is full: [redacted]")
}

func TestDebug(t *testing.T) {
	var out bytes.Buffer
	client, transport := mockClient(t, instagram.WithDebug(&out))
	transport.RegisterNoResponder(answer(200, goodAnswer))
	_, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	assert.Regexp(t, `^> GET https://api.instagram.com/v1/users/7\?access_token=\[redacted\]
< 200 OK in \S+
< X-Ratelimit-Limit: 5000
< X-Ratelimit-Remaining: 4999
<
< \{"meta":\{"code":200\},"data":\{.*\}\}

$`, out.String())
	out.Reset()
	_, _ = client.Comments.Create(t.Context(), "1", "hi & bye")
	assert.Contains(t, out.String(), "> POST https://api.instagram.com/v1/media/1/comments\n>\n> text=hi+%26+bye&access_token=[redacted]\n")
	out.Reset()
	transport.RegisterNoResponder(fails(reset))
	_, _ = client.Users.Get(t.Context(), "7")
	assert.Regexp(t, `(?s)^> GET .*\n! .*reset.*\n\n$`, out.String())
}

func TestUserAgent(t *testing.T) {
	for name, tt := range map[string]struct {
		opts []instagram.Option
		want string
	}{
		"default": {nil, "igv1-instagram-go/devel"},
		"set":     {[]instagram.Option{instagram.WithUserAgent("walker/1.2 (+https://w.example)")}, "walker/1.2 (+https://w.example)"},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, tt.opts...)
			transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				assert.Equal(t, tt.want, r.UserAgent())
				return answer(200, goodAnswer)(r)
			})
			_, err := client.Users.Get(t.Context(), "7")
			require.NoError(t, err)
		})
	}
	_, err := instagram.NewClient(instagram.WithUserAgent("a\nb"))
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

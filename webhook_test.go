package instagram_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram"
)

const oneUpdate = `[{"subscription_id":"1","object":"user","object_id":"1234","changed_aspect":"media","time":1297286541}]`

func signed(body string) string {
	mac := hmac.New(sha1.New, []byte(testClientSecret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// updateOf is a body with one update, which time tells from others.
func updateOf(object string, time int) string {
	return fmt.Sprintf(`[{"subscription_id":"1","object":"tag","object_id":%q,"changed_aspect":"media","time":%d}]`, object, time)
}

func newWebhook(t testing.TB, opts instagram.WebhookOptions) *instagram.Webhook {
	t.Helper()
	if opts.VerifyToken == "" && opts.Verify == nil {
		opts.VerifyToken = "v"
	}
	if opts.Handle == nil && opts.HandleGraph == nil && opts.Updates == nil {
		opts.Handle = func(context.Context, *instagram.Update) {}
	}
	hook, err := instagram.NewWebhook(testClientSecret, opts)
	require.NoError(t, err)
	return hook
}

func post(hook http.Handler, body, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(body))
	if signature != "" {
		r.Header.Set("X-Hub-Signature", signature)
	}
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, r)
	return w
}

// send posts a body with its signature and returns the status.
func send(hook http.Handler, body string) int { return post(hook, body, signed(body)).Code }

func TestWebhookSignature(t *testing.T) {
	const vector = "a7fa89b12745fa63ecd231b95c6b4a183a496530"
	tests := map[string]struct {
		signature string
		want      int
	}{
		"bare":            {vector, 200},
		"with its name":   {"sha1=" + vector, 200},
		"capitals":        {strings.ToUpper(vector), 200},
		"none":            {"", 403},
		"of another body": {signed(oneUpdate + " "), 403},
		"one bit off":     {"a7fa89b12745fa63ecd231b95c6b4a183a496531", 403},
		"too short":       {vector[:38], 403},
		"too long":        {vector + "00", 403},
		"not hex":         {strings.Repeat("z", 40), 403},
		"another hash":    {"sha256=" + vector, 403},
		"name alone":      {"sha1=", 403},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			delivered := make(chan *instagram.Update, 1)
			hook := newWebhook(t, instagram.WebhookOptions{Updates: delivered})
			assert.Equal(t, tt.want, post(hook, oneUpdate, tt.signature).Code)
			require.NoError(t, hook.Shutdown(t.Context()))
			assert.Len(t, delivered, map[bool]int{true: 1}[tt.want == 200])
		})
	}
}

// A body is not read without the form of a signature, nor as JSON without a good one.
func TestWebhookChecksTheSignatureFirst(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	r := httptest.NewRequest(http.MethodPost, "/callback", iotest.ErrReader(assert.AnError))
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, r)
	assert.Equal(t, 403, w.Code)

	assert.Equal(t, 403, post(hook, "no JSON", signed("another")).Code)
	assert.Equal(t, 400, post(hook, "no JSON", signed("no JSON")).Code)
}

func TestWebhookUpdates(t *testing.T) {
	at := time.Unix(1297286541, 0).UTC()
	tests := map[string]struct {
		body string
		want []instagram.Update
	}{
		"one": {oneUpdate, []instagram.Update{{SubscriptionID: "1", Object: instagram.ObjectUser, ObjectID: "1234", ChangedAspect: "media", Time: at}}},
		"numbers, media and unknown members": {
			`[{"subscription_id":1,"object":"user","object_id":1234,"changed_aspect":"media","time":"1297286541",
				"data":{"media_id":99,"n":1},"x":[1, 2]}]`,
			[]instagram.Update{{
				SubscriptionID: "1", Object: instagram.ObjectUser, ObjectID: "1234", ChangedAspect: "media", Time: at,
				Data:  instagram.UpdateData{MediaID: "99", Extra: map[string]json.RawMessage{"n": json.RawMessage("1")}},
				Extra: map[string]json.RawMessage{"x": json.RawMessage("[1,2]")},
			}},
		},
		"two, in order": {
			`[{"object":"tag","object_id":"snow","time":1297286541,"data":null},{"object":"geography","object_id":"3","time":1297286541}]`,
			[]instagram.Update{
				{Object: instagram.ObjectTag, ObjectID: "snow", Time: at}, {Object: instagram.ObjectGeography, ObjectID: "3", Time: at},
			},
		},
		"without a time, nothing is a repeat": {
			`[{"object":"tag","object_id":"snow"},{"object":"tag","object_id":"snow"}]`,
			[]instagram.Update{{Object: instagram.ObjectTag, ObjectID: "snow"}, {Object: instagram.ObjectTag, ObjectID: "snow"}},
		},
		"two media of one second": {
			`[{"object":"user","object_id":"7","time":1297286541,"data":{"media_id":"1"}},{"object":"user","object_id":"7","time":1297286541,"data":{"media_id":"2"}}]`,
			[]instagram.Update{
				{Object: instagram.ObjectUser, ObjectID: "7", Time: at, Data: instagram.UpdateData{MediaID: "1"}},
				{Object: instagram.ObjectUser, ObjectID: "7", Time: at, Data: instagram.UpdateData{MediaID: "2"}},
			},
		},
		"a repeat in the body": {
			`[{"object":"user","object_id":"7","time":1297286541},{"object":"user","object_id":"7","time":"1297286541"}]`,
			[]instagram.Update{{Object: instagram.ObjectUser, ObjectID: "7", Time: at}},
		},
		"none": {`[]`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []instagram.Update
			hook := newWebhook(t, instagram.WebhookOptions{Handle: func(_ context.Context, u *instagram.Update) { got = append(got, *u) }})
			w := post(hook, tt.body, signed(tt.body))
			assert.Equal(t, 200, w.Code)
			assert.Empty(t, w.Body.String())
			require.NoError(t, hook.Shutdown(t.Context()))
			assert.Equal(t, tt.want, got)
		})
	}
}

// sameAgain writes what want is as JSON, and reads it back.
func sameAgain[T any](t *testing.T, in, out string, want T) {
	t.Helper()
	var got T
	require.NoError(t, json.Unmarshal([]byte(in), &got))
	assert.Equal(t, want, got)
	text, err := json.Marshal(got)
	require.NoError(t, err)
	assert.JSONEq(t, out, string(text))
	var again T
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, want, again)
}

func TestUpdateAsJSON(t *testing.T) {
	sameAgain(t,
		`{"subscription_id":1,"object":"user","object_id":1234,"changed_aspect":"media","time":"1297286541","data":{"media_id":"","n":1},"x":[1, 2]}`,
		`{"subscription_id":"1","object":"user","object_id":"1234","changed_aspect":"media","time":1297286541,"data":{"media_id":"","n":1},"x":[1,2]}`,
		instagram.Update{
			SubscriptionID: "1", Object: instagram.ObjectUser, ObjectID: "1234", ChangedAspect: "media", Time: time.Unix(1297286541, 0).UTC(),
			Data:  instagram.UpdateData{Extra: map[string]json.RawMessage{"media_id": json.RawMessage(`""`), "n": json.RawMessage("1")}},
			Extra: map[string]json.RawMessage{"x": json.RawMessage("[1,2]")},
		})
	sameAgain(t, `{"object":"tag","data":{"media_id":5}}`,
		`{"subscription_id":"","object":"tag","object_id":"","changed_aspect":"","time":null,"data":{"media_id":"5"}}`,
		instagram.Update{Object: instagram.ObjectTag, Data: instagram.UpdateData{MediaID: "5"}})
}

func TestWebhookBadBodies(t *testing.T) {
	for name, body := range map[string]string{
		"empty":           ``,
		"a page":          `<html>`,
		"cut off":         oneUpdate[:40],
		"two lists":       `[{"object":"user"}] []`,
		"an object":       `{"object":"user"}`,
		"null":            `null`,
		"of numbers":      `[1]`,
		"of nulls":        `[null]`,
		"no object":       `[{"subscription_id":"1","time":1297286541}]`,
		"the second":      `[{"object":"user","time":1},{}]`,
		"a time in words": `[{"object":"user","time":"yesterday"}]`,
		"deep":            strings.Repeat("[", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			hook := newWebhook(t, instagram.WebhookOptions{Handle: func(context.Context, *instagram.Update) { t.Error("nothing of it is delivered") }})
			assert.Equal(t, 400, send(hook, body))
			require.NoError(t, hook.Shutdown(t.Context()))
		})
	}
}

func TestWebhookBodyLimit(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{MaxBodySize: int64(len(oneUpdate))})
	assert.Equal(t, 200, send(hook, oneUpdate))
	assert.Equal(t, 413, send(hook, oneUpdate+" "))

	// A length that was not told changes nothing.
	body := oneUpdate + " "
	r := httptest.NewRequest(http.MethodPost, "/callback", io.MultiReader(strings.NewReader(body)))
	r.Header.Set("X-Hub-Signature", signed(body))
	require.EqualValues(t, -1, r.ContentLength)
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, r)
	assert.Equal(t, 413, w.Code)
}

func TestWebhookBodyBreaksOff(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	r := httptest.NewRequest(http.MethodPost, "/callback", iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(oneUpdate))))
	r.Header.Set("X-Hub-Signature", signed(oneUpdate))
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, r)
	assert.Equal(t, 400, w.Code)
}

// A body that trickles in does not hold on to the handler.
func TestWebhookBodyTricklesIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		listener := &onePipe{conn: theirs, closed: make(chan struct{})}
		server := &http.Server{Handler: newWebhook(t, instagram.WebhookOptions{})}
		go server.Serve(listener)

		start := time.Now()
		fmt.Fprintf(ours, "POST /callback HTTP/1.1\r\nHost: app\r\nX-Hub-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
			signed(oneUpdate), len(oneUpdate), oneUpdate[:20])
		res, err := http.ReadResponse(bufio.NewReader(ours), nil)
		require.NoError(t, err)
		assert.Equal(t, 400, res.StatusCode)
		assert.Equal(t, 10*time.Second, time.Since(start))
		ours.Close()
		require.NoError(t, server.Close())
	})
}

// onePipe is a listener with one connection.
type onePipe struct {
	conn   net.Conn
	closed chan struct{}
}

func (l *onePipe) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *onePipe) Close() error   { close(l.closed); return nil }
func (l *onePipe) Addr() net.Addr { return &net.UnixAddr{} }

func TestWebhookMethods(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	for _, method := range []string{"HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "get"} {
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, httptest.NewRequest(method, "/callback", nil))
		assert.Equal(t, 405, w.Code, method)
		assert.Equal(t, "GET, POST", w.Header().Get("Allow"))
	}
}

func TestWebhookVerification(t *testing.T) {
	byFunction := instagram.WebhookOptions{Verify: func(ctx context.Context, token string) bool {
		return ctx != nil && (token == "a" || token == "b")
	}}
	tests := map[string]struct {
		opts  instagram.WebhookOptions
		query url.Values
		want  int
		body  string
	}{
		"good": {instagram.WebhookOptions{}, url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"<b>15f7</b>&"}, "hub.verify_token": {"v"}}, 200, "<b>15f7</b>&"},
		"of today": {instagram.WebhookOptions{HandleGraph: func(context.Context, *instagram.GraphUpdate) {}},
			url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"1158201444"}, "hub.verify_token": {"v"}}, 200, "1158201444"},
		"wrong token":   {instagram.WebhookOptions{}, url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"15f7"}, "hub.verify_token": {"w"}}, 403, ""},
		"no token":      {instagram.WebhookOptions{}, url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"15f7"}}, 403, ""},
		"no challenge":  {instagram.WebhookOptions{}, url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {"v"}}, 400, ""},
		"another mode":  {instagram.WebhookOptions{}, url.Values{"hub.mode": {"unsubscribe"}, "hub.challenge": {"15f7"}, "hub.verify_token": {"v"}}, 400, ""},
		"nothing":       {instagram.WebhookOptions{}, nil, 400, ""},
		"function, yes": {byFunction, url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"15f7"}, "hub.verify_token": {"b"}}, 200, "15f7"},
		"function, no":  {byFunction, url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"15f7"}, "hub.verify_token": {"c"}}, 403, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			hook := newWebhook(t, tt.opts)
			w := httptest.NewRecorder()
			hook.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/callback?"+tt.query.Encode(), nil))
			assert.Equal(t, tt.want, w.Code)
			if tt.want == 200 {
				assert.Equal(t, tt.body, w.Body.String())
			}
			assert.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
			assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		})
	}
}

func TestNewWebhookRefuses(t *testing.T) {
	handle := func(context.Context, *instagram.Update) {}
	verify := func(context.Context, string) bool { return true }
	tests := map[string]struct {
		secret string
		opts   instagram.WebhookOptions
		want   string
	}{
		"no secret":       {"", instagram.WebhookOptions{VerifyToken: "v", Handle: handle}, "client_secret"},
		"no verification": {"s", instagram.WebhookOptions{Handle: handle}, "verify_token"},
		"two of them":     {"s", instagram.WebhookOptions{VerifyToken: "v", Verify: verify, Handle: handle}, "verify_token"},
		"nowhere to go":   {"s", instagram.WebhookOptions{VerifyToken: "v"}, "Handle"},
		"two ways to go":  {"s", instagram.WebhookOptions{VerifyToken: "v", Handle: handle, Updates: make(chan *instagram.Update)}, "Handle"},
		"two kinds of ways": {"s", instagram.WebhookOptions{VerifyToken: "v", HandleGraph: func(context.Context, *instagram.GraphUpdate) {},
			Updates: make(chan *instagram.Update)}, "Handle"},
		"workers of a channel": {"s", instagram.WebhookOptions{VerifyToken: "v", Updates: make(chan *instagram.Update), Workers: 2}, "Workers"},
		"workers":              {"s", instagram.WebhookOptions{VerifyToken: "v", Handle: handle, Workers: -1}, "options"},
		"queue":                {"s", instagram.WebhookOptions{VerifyToken: "v", Handle: handle, QueueSize: -1}, "options"},
		"body":                 {"s", instagram.WebhookOptions{VerifyToken: "v", Handle: handle, MaxBodySize: -1}, "options"},
		"window":               {"s", instagram.WebhookOptions{VerifyToken: "v", Handle: handle, RepeatWindow: -1}, "options"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			hook, err := instagram.NewWebhook(tt.secret, tt.opts)
			assert.Nil(t, hook)
			var parameter *instagram.ParameterError
			require.ErrorAs(t, err, &parameter)
			assert.Equal(t, tt.want, parameter.Parameter)
		})
	}
}

// The server gets its answer while the program still handles the update before.
func TestWebhookDoesNotMakeTheServerWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handled := 0
		hook := newWebhook(t, instagram.WebhookOptions{Handle: func(context.Context, *instagram.Update) {
			time.Sleep(time.Hour)
			handled++
		}})
		start := time.Now()
		for i := range 10 {
			assert.Equal(t, 200, send(hook, updateOf("snow", i+1)))
		}
		assert.Zero(t, time.Since(start))
		require.NoError(t, hook.Shutdown(t.Context()))
		assert.Equal(t, 10*time.Hour, time.Since(start), "one worker handles one at a time")
		assert.Equal(t, 10, handled)
	})
}

func TestWebhookWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hook := newWebhook(t, instagram.WebhookOptions{Workers: 5, Handle: func(context.Context, *instagram.Update) { time.Sleep(time.Hour) }})
		start := time.Now()
		for i := range 10 {
			assert.Equal(t, 200, send(hook, updateOf("snow", i+1)))
		}
		require.NoError(t, hook.Shutdown(t.Context()))
		assert.Equal(t, 2*time.Hour, time.Since(start))
	})
}

// A full queue takes all of a body or nothing, and what it did not take is new when it comes again.
func TestWebhookFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		updates := make(chan *instagram.Update)
		hook := newWebhook(t, instagram.WebhookOptions{QueueSize: 2, Updates: updates})
		two := strings.Replace(updateOf("snow", 4)+updateOf("snow", 5), "][", ",", 1)

		assert.Equal(t, 200, send(hook, updateOf("snow", 1)))
		synctest.Wait() // the worker has it
		assert.Equal(t, 200, send(hook, updateOf("snow", 2)))
		w := post(hook, two, signed(two))
		assert.Equal(t, 503, w.Code, "there is room for one of the two")
		assert.Equal(t, "1", w.Header().Get("Retry-After"))
		assert.Equal(t, 200, send(hook, updateOf("snow", 3)))
		assert.Equal(t, 503, send(hook, two))
		assert.Equal(t, 200, send(hook, updateOf("snow", 2)), "a repeat needs no room")

		for i := range 3 {
			assert.EqualValues(t, i+1, (<-updates).Time.Unix())
		}
		synctest.Wait()
		assert.Equal(t, 200, send(hook, two), "it was not seen yet")
		assert.EqualValues(t, 4, (<-updates).Time.Unix())
		assert.EqualValues(t, 5, (<-updates).Time.Unix())
		require.NoError(t, hook.Shutdown(t.Context()))
	})
}

// A body that is larger than the queue would otherwise never be accepted.
func TestWebhookBodyLargerThanTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		updates := make(chan *instagram.Update)
		hook := newWebhook(t, instagram.WebhookOptions{QueueSize: 2, Updates: updates})
		var body strings.Builder
		for i := range 5 {
			body.WriteString(updateOf("snow", i+1))
		}
		assert.Equal(t, 200, send(hook, strings.ReplaceAll(body.String(), "][", ",")))
		assert.Equal(t, 503, send(hook, updateOf("snow", 6)))
		assert.Equal(t, 200, send(hook, updateOf("snow", 5)), "a repeat needs no room")
		for i := range 5 {
			assert.EqualValues(t, i+1, (<-updates).Time.Unix())
		}
		synctest.Wait()
		assert.Equal(t, 200, send(hook, updateOf("snow", 6)))
		assert.EqualValues(t, 6, (<-updates).Time.Unix())
		require.NoError(t, hook.Shutdown(t.Context()))
	})
}

func TestWebhookRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handled := 0
		hook := newWebhook(t, instagram.WebhookOptions{RepeatWindow: time.Minute, Handle: func(context.Context, *instagram.Update) { handled++ }})
		deliver := func(body string) int {
			before := handled
			assert.Equal(t, 200, send(hook, body))
			synctest.Wait()
			return handled - before
		}
		assert.Equal(t, 1, deliver(updateOf("snow", 1)))
		assert.Equal(t, 0, deliver(updateOf("snow", 1)))
		assert.Equal(t, 1, deliver(updateOf("snow", 2)), "another time")
		assert.Equal(t, 1, deliver(updateOf("sno", 1)), "another object")
		assert.Equal(t, 1, deliver(strings.Replace(updateOf("snow", 1), `"1"`, `"2"`, 1)), "another subscription")
		assert.Equal(t, 1, deliver(strings.Replace(updateOf("snow", 1), "tag", "location", 1)), "another kind of object")
		assert.Equal(t, 0, deliver(strings.Replace(updateOf("snow", 1), `"1"`, `1`, 1)), "a number is the same id")
		assert.Equal(t, 1, deliver(strings.Replace(updateOf("snowm", 1), `"media"`, `"edia"`, 1)), "other members of the same letters")
		assert.Equal(t, 1, deliver(strings.Replace(updateOf("now", 1), `"tag"`, `"tags"`, 1)), "other members of the same letters")

		time.Sleep(time.Minute - time.Nanosecond)
		assert.Equal(t, 0, deliver(updateOf("snow", 1)))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, 1, deliver(updateOf("snow", 1)), "the window is over")
		assert.Equal(t, 0, deliver(updateOf("snow", 1)))
		require.NoError(t, hook.Shutdown(t.Context()))
	})
}

// What is remembered is bounded by number too.
func TestWebhookRepeatsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const known = 65_536
		handled := 0
		hook := newWebhook(t, instagram.WebhookOptions{MaxBodySize: 1 << 30, Handle: func(context.Context, *instagram.Update) { handled++ }})
		var all strings.Builder
		for i := range known + 1 {
			all.WriteString(updateOf("snow", i+1))
		}
		assert.Equal(t, 200, send(hook, strings.ReplaceAll(all.String(), "][", ",")))
		synctest.Wait()
		assert.Equal(t, known+1, handled)
		assert.Equal(t, 200, send(hook, updateOf("snow", 2)))
		synctest.Wait()
		assert.Equal(t, known+1, handled, "the second is known")
		assert.Equal(t, 200, send(hook, updateOf("snow", 1)))
		require.NoError(t, hook.Shutdown(t.Context()))
		assert.Equal(t, known+2, handled, "the first is forgotten")
	})
}

func TestWebhookShutdown(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	hook := newWebhook(t, instagram.WebhookOptions{})
	assert.Equal(t, 200, send(hook, updateOf("snow", 1)))
	require.NoError(t, hook.Shutdown(t.Context()))
	require.NoError(t, hook.Shutdown(t.Context()), "and again")

	assert.Equal(t, 503, send(hook, updateOf("snow", 2)))
	assert.Equal(t, 503, send(hook, updateOf("snow", 1)), "a repeat as well")
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/callback?hub.mode=subscribe&hub.challenge=1&hub.verify_token=v", nil))
	assert.Equal(t, 503, w.Code)
}

// What a channel did not take is told, each update once and in order.
func TestWebhookShutdownOfAChannel(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	updates := make(chan *instagram.Update, 2)
	hook := newWebhook(t, instagram.WebhookOptions{Updates: updates})
	for i := range 6 {
		assert.Equal(t, 200, send(hook, updateOf("snow", i+1)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := hook.Shutdown(ctx)
	var undelivered *instagram.UndeliveredError
	require.ErrorAs(t, err, &undelivered)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.EqualError(t, err, "instagram: webhook: 4 updates not delivered, 0 being handled: context deadline exceeded")
	require.Len(t, undelivered.Updates, 4)
	for i, update := range append([]*instagram.Update{<-updates, <-updates}, undelivered.Updates...) {
		assert.EqualValues(t, i+1, update.Time.Unix())
	}
	require.NoError(t, hook.Shutdown(ctx), "they are told once")
}

// A Handle that does not come back is counted, and hears that it should.
func TestWebhookShutdownOfASlowHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := false
		hook := newWebhook(t, instagram.WebhookOptions{Handle: func(ctx context.Context, _ *instagram.Update) {
			<-ctx.Done()
			time.Sleep(time.Hour)
			told = true
		}})
		for i := range 3 {
			assert.Equal(t, 200, send(hook, updateOf("snow", i+1)))
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var undelivered *instagram.UndeliveredError
		require.ErrorAs(t, hook.Shutdown(ctx), &undelivered)
		assert.Len(t, undelivered.Updates, 2)
		assert.Equal(t, 1, undelivered.Handling)
		require.NoError(t, hook.Shutdown(t.Context()), "it came back")
		assert.True(t, told)
	})
}

// Without a context it does nothing.
func TestWebhookShutdownWithoutContext(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	var none context.Context
	require.ErrorIs(t, hook.Shutdown(none), instagram.ErrInvalidParameters)
	assert.Equal(t, 200, send(hook, oneUpdate), "it goes on")
	require.NoError(t, hook.Shutdown(t.Context()))
}

// The zero Webhook has no secret, and takes nothing.
func TestWebhookZero(t *testing.T) {
	var hook instagram.Webhook
	assert.Equal(t, 500, send(&hook, oneUpdate))
	assert.Equal(t, 500, post(&hook, oneUpdate, "").Code)
	assert.Zero(t, hook.Panics())
	assert.NoError(t, hook.Shutdown(t.Context()))
}

// A panic of Handle is logged and counted, and ends nothing else.
func TestWebhookPanics(t *testing.T) {
	for _, workers := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var lines bytes.Buffer
			var delivered atomic.Int64
			hook := newWebhook(t, instagram.WebhookOptions{
				Workers: workers, Logger: slog.New(slog.NewTextHandler(&lines, nil)),
				Handle: func(_ context.Context, u *instagram.Update) {
					if u.Time.Unix()%3 == 0 {
						panic("no snow")
					}
					delivered.Add(1)
				},
			})
			for i := range 30 {
				require.Equal(t, 200, send(hook, updateOf("snow", i+1)))
			}
			synctest.Wait()
			assert.EqualValues(t, 20, delivered.Load())
			assert.EqualValues(t, 10, hook.Panics())
			assert.Equal(t, 10, strings.Count(lines.String(), "\n"), "a line each")
			for _, part := range []string{"level=ERROR", `panic="no snow"`, "update.object=tag update.id=snow", "TestWebhookPanics"} {
				assert.Equal(t, 10, strings.Count(lines.String(), part), part)
			}
			assert.Equal(t, 200, send(hook, updateOf("snow", 31)))
			require.NoError(t, hook.Shutdown(t.Context()))
			assert.EqualValues(t, 21, delivered.Load())
		})
	}
}

// Where there is no logger, panics go to the default one.
func TestWebhookPanicsWithoutLogger(t *testing.T) {
	var lines bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
	hook := newWebhook(t, instagram.WebhookOptions{Handle: func(context.Context, *instagram.Update) { panic("no snow") }})
	assert.Equal(t, 200, send(hook, oneUpdate))
	require.NoError(t, hook.Shutdown(t.Context()))
	assert.Contains(t, lines.String(), "no snow")
}

// No verb of package fmt prints the secret or the verify token, not even of a copy or of a field.
func TestWebhookPrintsNoSecret(t *testing.T) {
	hook, err := instagram.NewWebhook(hotSecret, instagram.WebhookOptions{VerifyToken: hotCode, Updates: make(chan *instagram.Update)})
	require.NoError(t, err)
	for _, value := range []any{
		hook, *hook, struct{ hook instagram.Webhook }{*hook}, struct{ hook *instagram.Webhook }{hook}, []instagram.Webhook{*hook},
		struct{ hooks []instagram.Webhook }{[]instagram.Webhook{*hook}},
	} {
		assertCold(t, everyVerb(value))
		text, err := json.Marshal(value)
		require.NoError(t, err)
		assertCold(t, string(text))
	}
}

// Whatever comes in, the handler neither panics nor accepts what is not signed.
func FuzzWebhook(f *testing.F) {
	f.Add("POST", "", oneUpdate, signed(oneUpdate), true)
	f.Add("POST", "", `[{"object":1,"data":{"media_id":1e99}}]`, "sha1=", true)
	f.Add("POST", "", "\xff[{}]", strings.Repeat("0", 40), false)
	f.Add("POST", "", oneComment, signed256(oneComment), true)
	f.Add("POST", "", `[{"object":"instagram","entry":[{"id":1,"time":1e99,"changes":[{"value":[]}],"messaging":{}}]}]`, "", true)
	f.Add("GET", "hub.mode=subscribe&hub.challenge=x&hub.verify_token=v", "", "", false)
	f.Add("PUT", "%zz;&", "", "", false)
	f.Fuzz(func(t *testing.T, method, query, body, signature string, sign bool) {
		if sign {
			signature = signed(body)
		}
		delivered := 0
		hook := newWebhook(t, instagram.WebhookOptions{MaxBodySize: 1 << 16, Handle: func(_ context.Context, u *instagram.Update) {
			delivered++
			assert.NotEmpty(t, u.Object)
		}, HandleGraph: func(_ context.Context, u *instagram.GraphUpdate) {
			delivered++
			assert.NotEmpty(t, u.Object)
			assert.NotEmpty(t, u.AccountID)
			text, err := json.Marshal(u)
			assert.NoError(t, err)
			var again instagram.GraphUpdate
			assert.NoError(t, json.Unmarshal(text, &again))
			assert.Equal(t, *u, again)
		}})
		r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(body))
		r.Method, r.URL.RawQuery = method, query
		r.Header["X-Hub-Signature"] = []string{signature}
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, r)
		require.NoError(t, hook.Shutdown(t.Context()))

		good := strings.EqualFold(strings.TrimPrefix(signature, "sha1="), signed(body))
		switch method {
		case http.MethodGet:
			assert.Contains(t, []int{200, 400, 403}, w.Code)
			assert.Equal(t, w.Code == 200, r.URL.Query().Get("hub.mode") == "subscribe" &&
				r.URL.Query().Get("hub.challenge") != "" && r.URL.Query().Get("hub.verify_token") == "v")
		case http.MethodPost:
			switch {
			case len(body) > 1<<16:
				assert.Contains(t, []int{403, 413}, w.Code)
			case good:
				assert.Contains(t, []int{200, 400}, w.Code)
			default:
				assert.Equal(t, 403, w.Code)
			}
		default:
			assert.Equal(t, 405, w.Code)
		}
		if w.Code != 200 || method != http.MethodPost {
			assert.Zero(t, delivered)
		}
	})
}

func signed256(body string) string {
	mac := hmac.New(sha256.New, []byte(testClientSecret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Of two signatures the stronger one counts.
func TestWebhookSignature256(t *testing.T) {
	good := signed256(oneUpdate)
	tests := map[string]struct {
		signature256, signature string
		want                    int
	}{
		"with its name":              {good, "", 200},
		"bare":                       {strings.TrimPrefix(good, "sha256="), "", 200},
		"capitals":                   {"sha256=" + strings.ToUpper(good[7:]), "", 200},
		"both":                       {good, signed(oneUpdate), 200},
		"both, SHA-1 wrong":          {good, signed("another"), 200},
		"both, SHA-256 wrong":        {signed256("another"), signed(oneUpdate), 403},
		"both, SHA-256 no signature": {"sha256=", signed(oneUpdate), 403},
		"of another body":            {signed256(oneUpdate + " "), "", 403},
		"too short":                  {good[:len(good)-2], "", 403},
		"too long":                   {good + "00", "", 403},
		"not hex":                    {"sha256=" + strings.Repeat("z", 64), "", 403},
		"the other hash":             {"sha1=" + signed(oneUpdate), "", 403},
		"the other header":           {"", good, 403},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			delivered := make(chan *instagram.Update, 1)
			hook := newWebhook(t, instagram.WebhookOptions{Updates: delivered})
			r := httptest.NewRequest(http.MethodPost, "/callback", strings.NewReader(oneUpdate))
			r.Header.Set("X-Hub-Signature-256", tt.signature256)
			r.Header.Set("X-Hub-Signature", tt.signature)
			w := httptest.NewRecorder()
			hook.ServeHTTP(w, r)
			assert.Equal(t, tt.want, w.Code)
			require.NoError(t, hook.Shutdown(t.Context()))
			assert.Len(t, delivered, map[bool]int{true: 1}[tt.want == 200])
		})
	}
}

// hookServer serves one connection, which is a pipe, in the bubble of a test.
func hookServer(t *testing.T, server *http.Server) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	listener := &onePipe{conn: theirs, closed: make(chan struct{})}
	go server.Serve(listener)
	t.Cleanup(func() {
		ours.Close()
		server.Close()
		synctest.Wait()
	})
	return ours
}

// opaque is a ResponseWriter as some middleware makes them: without a way to the connection.
type opaque struct{ http.ResponseWriter }

// Whoever withholds a body gets an answer all the same, and in time.
func TestWebhookBodyWithheld(t *testing.T) {
	const forever = 24 * time.Hour
	unsigned, sign := "", "X-Hub-Signature: "+signed(oneUpdate)+"\r\n"
	tests := map[string]struct {
		method, header string
		readTimeout    time.Duration
		opaque         bool
		headerTime     time.Duration // that the header takes to arrive
		want           int
		after          time.Duration // the start of the request
	}{
		"unsigned":                     {method: "POST", header: unsigned, want: 403},
		"unsigned, of unknown length":  {method: "POST", header: "Transfer-Encoding: chunked\r\n", want: 403},
		"unsigned, opaque":             {method: "POST", header: unsigned, opaque: true, want: 403},
		"unsigned, long ReadTimeout":   {method: "POST", header: unsigned, readTimeout: forever, want: 403},
		"another method":               {method: "PUT", header: unsigned, want: 405},
		"a verification with a body":   {method: "GET", header: unsigned, want: 400},
		"signed":                       {method: "POST", header: sign, want: 400, after: 10 * time.Second},
		"signed, opaque":               {method: "POST", header: sign, opaque: true, want: 400, after: 10 * time.Second},
		"signed, short ReadTimeout":    {method: "POST", header: sign, readTimeout: time.Second, want: 400, after: time.Second},
		"signed, slow header":          {method: "POST", header: sign, readTimeout: 11 * time.Second, headerTime: 9 * time.Second, want: 400, after: 11 * time.Second},
		"signed, 10 s of ReadTimeout":  {method: "POST", header: sign, readTimeout: 10 * time.Second, headerTime: 9 * time.Second, want: 400, after: 10 * time.Second},
		"signed, long ReadTimeout":     {method: "POST", header: sign, readTimeout: forever, want: 400, after: 10 * time.Second},
		"signed, opaque, long timeout": {method: "POST", header: sign, readTimeout: forever, opaque: true, want: 400, after: 10 * time.Second},
		"signed, negative ReadTimeout": {method: "POST", header: sign, readTimeout: -1, want: 400, after: 10 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hook := newWebhook(t, instagram.WebhookOptions{})
				conn := hookServer(t, &http.Server{ReadTimeout: tt.readTimeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if tt.opaque {
						w = opaque{w}
					}
					hook.ServeHTTP(w, r)
				})})
				start := time.Now()
				fmt.Fprintf(conn, "%s /callback HTTP/1.1\r\nHost: app\r\n%s", tt.method, tt.header)
				time.Sleep(tt.headerTime)
				if strings.Contains(tt.header, "chunked") {
					fmt.Fprint(conn, "\r\n1\r\n[\r\n")
				} else {
					fmt.Fprintf(conn, "Content-Length: %d\r\n\r\n[", len(oneUpdate))
				}
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				assert.Equal(t, tt.want, res.StatusCode)
				assert.Equal(t, tt.after, time.Since(start))
				assert.True(t, res.Close, "what is left of the body is no request")
				_, err = io.Copy(io.Discard, conn)
				require.NoError(t, err)
				assert.LessOrEqual(t, time.Since(start), 21*time.Second, "the connection is not kept")
			})
		})
	}
}

// With HTTP/2 one stream is refused, and the connection goes on.
func TestWebhookBodyWithheldHTTP2(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	connections := map[string]bool{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 2, r.ProtoMajor)
		connections[r.RemoteAddr] = true
		hook.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	for _, want := range []int{403, 405, 403} {
		body, never := io.Pipe()
		defer never.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		method := map[int]string{403: http.MethodPost, 405: http.MethodPut}[want]
		r, err := http.NewRequestWithContext(ctx, method, server.URL, body)
		require.NoError(t, err)
		res, err := server.Client().Do(r)
		require.NoError(t, err)
		res.Body.Close()
		assert.Equal(t, want, res.StatusCode)
	}
	assert.Len(t, connections, 1)
}

// A connection is used again after bodies that were read.
func TestWebhookKeepsConnections(t *testing.T) {
	hook := newWebhook(t, instagram.WebhookOptions{})
	connections := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		hook.ServeHTTP(w, r)
	}))
	defer server.Close()
	for i := range 5 {
		body := updateOf("snow", i+1)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("X-Hub-Signature", signed(body+strings.Repeat(" ", i%2))) // every second one is wrong
		res, err := server.Client().Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
		res.Body.Close()
		assert.Equal(t, []int{200, 403}[i%2], res.StatusCode)
	}
	assert.Len(t, connections, 1)
}

// Requests of strangers take as much memory as they send, whatever they announce.
func TestWebhookMemoryOfStrangers(t *testing.T) {
	const strangers = 300
	hook := newWebhook(t, instagram.WebhookOptions{})
	reading := sync.WaitGroup{}
	reading.Add(strangers)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &announced{ReadCloser: r.Body, read: reading.Done}
		hook.ServeHTTP(w, r)
	}))
	defer server.Close()
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	connections := make([]net.Conn, strangers)
	for i := range connections {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		connections[i] = conn
		fmt.Fprintf(conn, "POST /callback HTTP/1.1\r\nHost: app\r\nX-Hub-Signature: %s\r\nContent-Length: %d\r\n\r\n[",
			strings.Repeat("0", 40), 512<<10)
	}
	reading.Wait()
	runtime.GC()
	runtime.ReadMemStats(&during)
	each := (int64(during.HeapAlloc) - int64(before.HeapAlloc)) / strangers
	t.Logf("%d bytes for each of them", each)
	assert.Less(t, each, int64(64<<10))
	for _, conn := range connections {
		conn.Close()
	}
}

// announced tells when all is read that arrived.
type announced struct {
	io.ReadCloser
	read  func()
	reads int
}

func (a *announced) Read(p []byte) (int, error) {
	if a.reads++; a.reads == 2 {
		a.read()
	}
	return a.ReadCloser.Read(p)
}

package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// Where one process ends, another goes on.
func TestWatchMinID(t *testing.T) {
	for _, kind := range []string{"user", "tag"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &list{kind: kind, count: 2}
				l.post(10, 10)
				watcher := instagram.Watch(l.pager(t, ""), nil)
				assert.Empty(t, watcher.MinID())
				go func() {
					time.Sleep(time.Second)
					l.post(20, 20)
					l.post(30, 30)
					l.post(40, 40)
				}()
				var ids []string
				for media, err := range watcher.All(t.Context()) {
					require.NoError(t, err)
					ids = append(ids, media.ID)
					if media.ID == "40" {
						assert.Equal(t, "40", watcher.MinID())
						break
					}
					assert.Equal(t, "10", watcher.MinID(), "20 and 30 are not all that is new")
				}
				assert.Equal(t, []string{"20", "30", "40"}, ids)
				l.post(50, 50)
				w := l.watchSince(t, watcher.MinID(), nil)
				assert.Equal(t, "50", w.take())
				w.stop()
			})
		})
	}
}

// A loop that ends early leaves the rest to the next one.
func TestWatchBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 2}
		watcher := instagram.Watch(l.pager(t, "5"), nil)
		for i := range 4 {
			l.post(10+i, 10+i)
		}
		var ids []string
		for range 4 {
			for media, err := range watcher.All(t.Context()) {
				require.NoError(t, err)
				ids = append(ids, media.ID)
				break
			}
		}
		assert.Equal(t, []string{"10", "11", "12", "13"}, ids)
		assert.Equal(t, 2, l.served(), "one poll of two pages")
	})
}

func TestWatchContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 2}
		l.post(10, 10)
		l.post(11, 11)
		ctx, cancel := context.WithCancel(t.Context())
		watcher := instagram.Watch(l.pager(t, "5"), nil)
		var ids []string
		for media, err := range watcher.All(ctx) {
			if err != nil {
				assert.ErrorIs(t, err, context.Canceled)
				continue // which ends it all the same
			}
			ids = append(ids, media.ID)
			cancel()
		}
		assert.Equal(t, []string{"10"}, ids, "not even the next one of the same poll")

		start := time.Now()
		ctx, cancel = context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		for media, err := range watcher.All(ctx) {
			if err == nil {
				ids = append(ids, media.ID)
			}
		}
		assert.Equal(t, []string{"10", "11"}, ids)
		assert.Equal(t, 7*time.Second, time.Since(start), "waiting ends at once")
	})
}

// The interval grows as the budget shrinks.
func TestWatchBudget(t *testing.T) {
	tests := map[string]struct {
		used     int
		interval time.Duration
		max      time.Duration
		want     time.Duration
	}{
		"plenty":            {0, 0, 0, 5 * time.Second},
		"not told":          {-1, time.Second, 0, time.Second},
		"plenty, eager":     {0, time.Millisecond, 0, 720 * time.Millisecond},
		"some":              {4900, 0, 0, 36 * time.Second},
		"some, unhurried":   {4900, time.Minute, 0, time.Minute},
		"little":            {4990, 0, 0, 5 * time.Minute},
		"none":              {5000, 0, 0, 5 * time.Minute},
		"none, longer wait": {5000, 0, 10 * time.Minute, 10 * time.Minute},
		"longer than max":   {0, 10 * time.Minute, time.Minute, 10 * time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &list{kind: "user", count: 2, used: tt.used}
				w := l.watch(t, &instagram.WatchOptions{Interval: tt.interval, MaxInterval: tt.max})
				time.Sleep(3*tt.want + time.Millisecond)
				w.stop()
				require.Len(t, l.requests, 4)
				for i := range 3 {
					assert.Equal(t, tt.want, l.requests[i+1].Sub(l.requests[i]))
				}
			})
		})
	}
}

// However eager a watch is, it leaves some of the budget to others.
func TestWatchLeavesBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 4}
		recent, most := 0, 0
		l.fail = func(int) *http.Response {
			for time.Since(l.requests[recent]) >= time.Hour {
				recent++
			}
			l.used = len(l.requests[recent:])
			most = max(most, l.used)
			return nil
		}
		w := l.watch(t, &instagram.WatchOptions{Interval: time.Millisecond})
		time.Sleep(2 * time.Hour)
		w.stop()
		assert.InDelta(t, 3000, most, 300) // 1-1/e of it in the first hour, half of it from then on
	})
}

// One poll of many pages does not slow down those after it.
func TestWatchCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 1}
		w := l.watch(t, nil)
		for i := range 500 {
			l.post(i+1, i+1)
		}
		time.Sleep(5 * time.Second)
		assert.Len(t, strings.Fields(w.take()), 500)
		l.post(1000, 1000)
		time.Sleep(5 * time.Second)
		assert.Equal(t, "1000", w.take())
		w.stop()
	})
}

func TestWatchWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 200}
		w := l.watch(t, &instagram.WatchOptions{Interval: time.Hour})
		time.Sleep(10 * time.Second)
		l.post(10, 10)
		w.watcher.Wake()
		w.watcher.Wake() // many updates are one reason
		assert.Equal(t, "10", w.take())
		assert.Equal(t, 2, l.served())

		// As many as the budget allows, and the last update is not missed.
		for i := range 100 {
			l.post(11+i, 11+i)
			w.watcher.Wake()
			time.Sleep(72 * time.Millisecond)
		}
		time.Sleep(time.Second)
		assert.Len(t, strings.Fields(w.take()), 100)
		assert.InDelta(t, 13, l.served(), 2)
		w.stop()
	})
}

// What changes in the second of an update may have no update of its own.
func TestWatchWakePollsTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 200}
		w := l.watch(t, &instagram.WatchOptions{Interval: time.Hour})
		l.post(10, 10)
		w.watcher.Wake()
		time.Sleep(900 * time.Millisecond)
		assert.Equal(t, "10", w.take())
		l.post(11, 11)
		time.Sleep(1100 * time.Millisecond)
		assert.Equal(t, "11", w.take())
		time.Sleep(time.Minute)
		assert.Equal(t, 3, l.served(), "and no more than twice")
		w.stop()
	})
}

func TestWatchErrors(t *testing.T) {
	unavailable := func(header ...string) *http.Response {
		res := (&list{used: -1}).respond(nil, 503, "")
		for i := 0; i < len(header); i += 2 {
			res.Header.Set(header[i], header[i+1])
		}
		return res
	}
	limited := func(header ...string) *http.Response {
		res := unavailable(header...)
		res.StatusCode = 429
		return res
	}
	tests := map[string]struct {
		res  func() *http.Response
		want []time.Duration // between polls that fail
	}{
		"unavailable":   {func() *http.Response { return unavailable() }, []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 5 * time.Minute, 5 * time.Minute}},
		"told to wait":  {func() *http.Response { return unavailable("Retry-After", "30") }, []time.Duration{30 * time.Second, 30 * time.Second, 30 * time.Second, 40 * time.Second}},
		"told too much": {func() *http.Response { return unavailable("Retry-After", "86400") }, []time.Duration{time.Hour, time.Hour}},
		"rate limited":  {func() *http.Response { return limited() }, []time.Duration{5 * time.Minute, 5 * time.Minute}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &list{kind: "user", count: 2, used: -1}
				l.post(10, 10)
				var failures []time.Time
				l.fail = func(request int) *http.Response {
					if request == 1 || len(failures) > len(tt.want) {
						return nil
					}
					return tt.res()
				}
				watcher := instagram.Watch(l.pager(t, ""), nil)
				go func() {
					time.Sleep(time.Second)
					l.post(20, 20)
				}()
				for media, err := range watcher.All(t.Context()) {
					if err != nil {
						var failure *instagram.Error
						require.ErrorAs(t, err, &failure)
						failures = append(failures, time.Now())
						watcher.Wake() // does not make it hammer
						continue
					}
					assert.Equal(t, "20", media.ID, "nothing is missed")
					break
				}
				require.Len(t, failures, len(tt.want)+1)
				for i, want := range tt.want {
					assert.Equal(t, want, failures[i+1].Sub(failures[i]))
				}
			})
		})
	}
}

// A loop that returns at an error stops the watch.
func TestWatchStopsAtAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 2, used: -1}
		l.fail = func(int) *http.Response { return l.respond(nil, 500, "") }
		for media, err := range instagram.Watch(l.pager(t, ""), nil).All(t.Context()) {
			require.ErrorIs(t, err, instagram.ErrUnavailable)
			assert.Nil(t, media)
			break
		}
		assert.Equal(t, 1, l.served())
	})
}

// What is refused once is refused always.
func TestWatchRefuses(t *testing.T) {
	client, transport := mockClient(t)
	for name, watcher := range map[string]*instagram.Watcher{
		"tag":      instagram.Watch(client.Tags.RecentMedia("#snow", nil), nil),
		"interval": instagram.Watch(client.Tags.RecentMedia("snow", nil), &instagram.WatchOptions{Interval: -1}),
		"maximum":  instagram.Watch(client.Tags.RecentMedia("snow", nil), &instagram.WatchOptions{MaxInterval: -1}),
		"backlog":  instagram.Watch(client.Tags.RecentMedia("snow", nil), &instagram.WatchOptions{Backlog: -1}),
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			for _, err := range watcher.All(t.Context()) {
				n++
				require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			}
			assert.Equal(t, 1, n)
		})
	}
	assert.Zero(t, transport.GetTotalCallCount())
}

// What is not there is refused like any other parameter.
func TestWatchOfNothing(t *testing.T) {
	client, transport := mockClient(t)
	var none context.Context
	list := client.Users.RecentMedia(instagram.Self, nil)
	for name, tt := range map[string]struct {
		watcher *instagram.Watcher
		ctx     context.Context
	}{
		"no list":      {instagram.Watch(nil, nil), t.Context()},
		"zero pager":   {instagram.Watch(new(instagram.Pager[instagram.MediaEntry]), nil), t.Context()},
		"zero watcher": {new(instagram.Watcher), t.Context()},
		"no context":   {instagram.Watch(list, nil), none},
	} {
		t.Run(name, func(t *testing.T) {
			tt.watcher.Wake()
			n := 0
			for media, err := range tt.watcher.All(tt.ctx) {
				n++
				assert.Nil(t, media)
				require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			}
			assert.Equal(t, 1, n)
			assert.Empty(t, tt.watcher.MinID())
		})
	}
	assert.Zero(t, transport.GetTotalCallCount())
}

// Whatever a poll fails with is what the loop gets, once for each poll, and nothing is missed.
func TestWatchPassesErrorsOn(t *testing.T) {
	respond := func(status int, body string) func(*list) (*http.Response, error) {
		return func(l *list) (*http.Response, error) { return l.respond(nil, status, body), nil }
	}
	broken := errors.New("broken pipe")
	for name, tt := range map[string]struct {
		answer func(*list) (*http.Response, error)
		want   error
	}{
		"unauthorized": {respond(400, `{"meta":{"code":400,"error_type":"OAuthAccessTokenException"}}`), instagram.ErrUnauthorized},
		"not allowed":  {respond(400, `{"meta":{"code":400,"error_type":"APINotAllowedError"}}`), instagram.ErrNotAllowed},
		"not found":    {respond(404, ""), instagram.ErrNotFound},
		"unavailable":  {respond(503, ""), instagram.ErrUnavailable},
		"rate limited": {respond(429, ""), instagram.ErrRateLimited},
		"no JSON":      {respond(200, "<html>"), instagram.ErrInvalidResponse},
		"transport":    {func(*list) (*http.Response, error) { return nil, broken }, broken},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &list{kind: "user", count: 2, used: -1}
				l.refuse = func(request int) (*http.Response, error) {
					if request == 2 || request == 3 {
						return tt.answer(l)
					}
					return nil, nil
				}
				w := l.watch(t, nil)
				l.post(10, 10)
				time.Sleep(time.Hour)
				assert.Equal(t, "10", w.take())
				require.Len(t, w.failures(), 2)
				for _, err := range w.failures() {
					assert.ErrorIs(t, err, tt.want)
					var e *instagram.Error
					require.ErrorAs(t, err, &e)
					assert.Equal(t, "/users/{user-id}/media/recent", e.Endpoint)
				}
				w.stop()
			})
		})
	}
}

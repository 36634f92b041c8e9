package instagram_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
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

func TestWatchNew(t *testing.T) {
	for name, l := range lists() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for i := range 20 {
					l.post(10*i+10, 1000+10*i+10)
				}
				w := l.watch(t, nil)
				assert.Empty(t, w.take(), "what was there before is not new")
				assert.Equal(t, 1, l.served())

				l.post(300, 1300)
				time.Sleep(5 * time.Second)
				assert.Equal(t, "1300", w.take())
				for range 10 {
					time.Sleep(5 * time.Second)
					assert.Empty(t, w.take())
				}
				for i := range 11 { // more than two pages
					l.post(310+i, 1310+i)
				}
				time.Sleep(5 * time.Second)
				assert.Equal(t, "1310 1311 1312 1313 1314 1315 1316 1317 1318 1319 1320", w.take(), "oldest first")
				time.Sleep(time.Minute)
				assert.Empty(t, w.take())
				w.stop()
				require.Len(t, w.failures(), 1)
				assert.ErrorIs(t, w.failures()[0], context.Canceled)
			})
		})
	}
}

// In a list that can be asked, a quiet poll is one request with an empty answer.
func TestWatchAsksForWhatIsNewer(t *testing.T) {
	settling := []string{"", "170", "170", "200", "200", "200", "210"}
	for name, tt := range map[string]struct {
		list *list
		want []string
	}{
		"by id":                    {&list{kind: "user", count: 4}, settling},
		"by tag":                   {&list{kind: "tag", count: 4}, settling},
		"by tag, its earlier name": {&list{kind: "tag", count: 4, newest: "next_min_id"}, settling},
		"by like":                  {&list{kind: "liked", count: 4}, []string{"", "", "", "", "", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := tt.list
				for i := range 20 {
					l.post(10*i+10, 10*i+10)
				}
				w := l.watch(t, &instagram.WatchOptions{Interval: 10 * time.Second})
				time.Sleep(20 * time.Second)
				l.post(210, 210)
				time.Sleep(40 * time.Second)
				assert.Equal(t, "210", w.take())
				w.stop()
				assert.Equal(t, tt.want, l.asked)
			})
		})
	}
}

func TestWatchEmptyList(t *testing.T) {
	for name, l := range lists() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := l.watch(t, nil)
				time.Sleep(time.Minute)
				for i := range 6 {
					l.post(10+i, 10+i)
				}
				time.Sleep(time.Minute)
				assert.Equal(t, "10 11 12 13 14 15", w.take())
				l.post(20, 20)
				time.Sleep(time.Minute)
				assert.Equal(t, "20", w.take())
				w.stop()
			})
		})
	}
}

// A media whose number is lower than that of one which was seen before it.
func TestWatchOutOfOrder(t *testing.T) {
	for name, l := range lists() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for i := range 20 {
					l.post(10*i+10, 10*i+10)
				}
				l.used = -1
				w := l.watch(t, &instagram.WatchOptions{Interval: time.Second})
				if l.kind != "liked" && l.count > 1 { // one page of one has no room for it
					l.post(195, 195)
					time.Sleep(time.Second)
					assert.Equal(t, "195", w.take(), "behind what was there first")
				}
				l.post(300, 300)
				time.Sleep(10 * time.Second)
				assert.Equal(t, "300", w.take())
				if l.kind == "liked" {
					w.stop()
					return // the last like is the first in the list, always
				}
				l.post(299, 299)
				l.post(250, 250)
				time.Sleep(time.Second)
				assert.Equal(t, "250 299", w.take())
				l.post(301, 301)
				time.Sleep(time.Minute)
				assert.Equal(t, "301", w.take())
				w.stop()
			})
		})
	}
}

// However many are asked for again until they have settled, they are known.
func TestWatchManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 100}
		w := l.watch(t, &instagram.WatchOptions{MaxInterval: 5 * time.Second})
		for i := range 1500 {
			l.post(i+1, i+1)
		}
		time.Sleep(5 * time.Second)
		assert.Len(t, strings.Fields(w.take()), 1500)
		time.Sleep(time.Minute)
		assert.Empty(t, w.take())
		w.stop()
	})
}

// The time in which a poll fails is not time in which its answer settles.
func TestWatchOutOfOrderAfterFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 4}
		l.fail = func(request int) *http.Response {
			if request == 2 || request == 3 { // after 5 s and 10 s
				return l.respond(nil, 503, "")
			}
			return nil
		}
		w := l.watch(t, nil)
		l.post(300, 300)
		time.Sleep(20 * time.Second)
		assert.Equal(t, "300", w.take(), "seen after 20 s")
		time.Sleep(7 * time.Second)
		l.post(250, 250)
		time.Sleep(5 * time.Second)
		assert.Equal(t, "250", w.take())
		w.stop()
	})
}

// A media that is tagged again is not new, and hides none that is.
func TestWatchTaggedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "tag", count: 4}
		for i := range 20 {
			l.post(10*i+10, 1000+i)
		}
		w := l.watch(t, nil)
		time.Sleep(time.Minute)
		l.remove(1019)
		l.post(300, 1100)
		l.post(310, 1019)
		time.Sleep(time.Minute)
		assert.Equal(t, "1100", w.take())
		w.stop()
	})
}

// Likes that are taken back bring older ones onto the first page.
func TestWatchUnlike(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "liked", count: 4}
		for i := range 20 {
			l.post(10*i+10, 1000+i)
		}
		w := l.watch(t, nil)
		time.Sleep(time.Minute)
		l.remove(1018)
		l.remove(1017)
		l.post(300, 1100)
		time.Sleep(time.Minute)
		assert.Equal(t, "1100", w.take())
		w.stop()
	})
}

func TestWatchSince(t *testing.T) {
	for name, l := range lists() {
		if l.kind == "liked" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l.ignorant = false
				for i := range 20 {
					l.post(10*i+10, 10*i+10)
				}
				w := l.watchSince(t, "140", nil)
				want := "150 160 170 180 190 200"
				if l.inclusive { // it says that this is newer, and who could tell
					want = "140 " + want
				}
				assert.Equal(t, want, w.take())
				l.post(210, 210)
				time.Sleep(time.Minute)
				assert.Equal(t, "210", w.take())
				w.stop()
			})
		})
	}
}

// A poll goes on with the page that failed.
func TestWatchErrorBetweenPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 2, used: -1}
		l.post(10, 10)
		l.fail = func(request int) *http.Response {
			if request == 4 || request == 5 { // the third page of the second poll
				return l.respond(nil, 500, "<html>")
			}
			return nil
		}
		w := l.watch(t, nil)
		for i := range 6 {
			l.post(20+i, 20+i)
		}
		time.Sleep(5 * time.Second)
		assert.Empty(t, w.take(), "the oldest are not there yet")
		l.post(30, 30)
		time.Sleep(30 * time.Second)
		assert.Equal(t, "20 21 22 23 24 25 30", w.take())
		w.stop()
		require.Len(t, w.failures(), 3)
		for _, err := range w.failures()[:2] {
			assert.ErrorIs(t, err, instagram.ErrUnavailable)
		}
	})
}

func TestWatchBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 4, used: -1}
		w := l.watch(t, &instagram.WatchOptions{Backlog: 5})
		for i := range 100 {
			l.post(10+i, 10+i)
		}
		time.Sleep(5 * time.Second)
		assert.Equal(t, "105 106 107 108 109", w.take(), "the latest")
		require.Len(t, w.failures(), 1)
		assert.ErrorIs(t, w.failures()[0], instagram.ErrBacklog)
		assert.Equal(t, 3, l.served())
		time.Sleep(time.Minute)
		l.post(200, 200)
		time.Sleep(time.Minute)
		assert.Equal(t, "200", w.take())
		w.stop()
	})
}

// A poll ends where a server has ever more pages, with nothing new on them.
func TestWatchBacklogOfPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 4, used: -1}
		l.fail = func(request int) *http.Response {
			if request == 1 || request > 100 {
				return nil
			}
			return l.respond(nil, 200, fmt.Sprintf(`{"meta":{"code":200},"data":[],"pagination":{"next_max_id":"%d"}}`, 1_000_000-request))
		}
		w := l.watch(t, &instagram.WatchOptions{Backlog: 50})
		time.Sleep(5 * time.Second)
		assert.Equal(t, 1+51, l.served())
		require.Len(t, w.failures(), 1)
		assert.ErrorIs(t, w.failures()[0], instagram.ErrBacklog)
		time.Sleep(time.Hour)
		l.post(10, 10)
		time.Sleep(time.Minute)
		assert.Equal(t, "10", w.take())
		w.stop()
	})
}

func TestWatchBacklogByDefault(t *testing.T) {
	for _, posts := range []int{10_000, 10_001} {
		synctest.Test(t, func(t *testing.T) {
			l := &list{kind: "user", count: 100, used: -1}
			l.post(1, 1)
			w := l.watch(t, nil)
			l.mu.Lock()
			for i := range posts {
				l.media = append(l.media, posted{2 + i, 2 + i})
			}
			slices.SortFunc(l.media, func(a, b posted) int { return cmp.Compare(b.place, a.place) })
			l.mu.Unlock()
			time.Sleep(5 * time.Second)
			ids := strings.Fields(w.take())
			assert.Len(t, ids, 10_000)
			assert.Equal(t, strconv.Itoa(posts-10_000+2), ids[0], "the latest")
			assert.Len(t, w.failures(), posts-10_000)
			w.stop()
		})
	}
}

// A server that hands out a cursor again does not end the watch.
func TestWatchPaginationLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{kind: "user", count: 2, used: -1}
		l.fail = func(request int) *http.Response {
			if request == 3 { // the second page
				return l.respond(nil, 200, `{"meta":{"code":200},"data":[{"id":"11"}],"pagination":{"next_max_id":"12"}}`)
			}
			return nil
		}
		w := l.watch(t, nil)
		for i := range 4 {
			l.post(10+i, 10+i)
		}
		time.Sleep(5 * time.Second)
		assert.Equal(t, "11 12 13", w.take())
		require.Len(t, w.failures(), 1)
		assert.ErrorIs(t, w.failures()[0], instagram.ErrPaginationLoop)
		time.Sleep(5 * time.Second)
		assert.Equal(t, "10", w.take(), "it has not settled, so it is found after all")
		w.stop()
	})
}

// Whatever happens, in whatever list: each media once.
func TestWatchAnything(t *testing.T) {
	for seed := range uint64(25) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			l := &list{
				kind: []string{"user", "tag"}[random.IntN(2)], count: 1 + random.IntN(12),
				inclusive: random.IntN(4) == 0, newest: []string{"", "min_tag_id", "next_min_id", "-"}[random.IntN(4)],
			}
			l.overlap = random.IntN(l.count)
			for i := range random.IntN(50) {
				l.post(100*i, 100*i)
			}
			// Numbers are by time, to the second, and a few seconds apart from it.
			number := func() int {
				at := int(time.Now().Unix())*1000 + random.IntN(1000)
				if random.IntN(3) == 0 {
					at -= random.IntN(10_000)
				}
				return at
			}
			faults := rand.New(rand.NewPCG(seed, 8))
			l.fail = func(request int) *http.Response {
				if request > 1 && faults.IntN(10) == 0 {
					return l.respond(nil, 502, "<html>")
				}
				return nil
			}
			w := l.watch(t, &instagram.WatchOptions{Interval: time.Duration(1+random.IntN(5)) * time.Second, MaxInterval: 10 * time.Second})
			time.Sleep(15 * time.Second) // from here on, what was there before is far away
			want := map[string]bool{}
			for range 60 {
				for range random.IntN(4) * random.IntN(2*l.count) {
					id := number()
					if name := strconv.Itoa(id); !want[name] {
						want[name] = true
						l.post(id, id)
					}
				}
				if random.IntN(5) == 0 {
					w.watcher.Wake()
				}
				time.Sleep(time.Duration(random.IntN(3000)) * time.Millisecond)
			}
			time.Sleep(time.Hour) // pages fail, and a poll can have many
			w.stop()
			got := map[string]bool{}
			for _, id := range w.ids {
				assert.False(t, got[id], "seed %d: %s came twice", seed, id)
				got[id] = true
			}
			assert.Equal(t, want, got, "seed %d", seed)
		})
		if t.Failed() {
			break
		}
	}
}

// list is a server with one list of media, as [http.RoundTripper]. It sorts them by place, which is
// the media's id except in lists by tag and by like.
type list struct {
	mu    sync.Mutex
	kind  string // user, tag or liked
	count int    // a page

	inclusive bool   // answers with what is at min_id too
	ignorant  bool   // answers with all, whatever it is asked
	overlap   int    // media that come again on the next page
	newest    string // its name for min_tag_id, if it says it; "-" if it does not

	media    []posted // newest first
	used     int      // of a budget of 5000; negative where it does not say
	fail     func(request int) *http.Response
	refuse   func(request int) (*http.Response, error) // fail, or a failure of the transport
	requests []time.Time
	asked    []string // the min parameter of each request
}

type posted struct{ place, id int }

func (l *list) post(place, id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kind == "user" {
		place = id
	}
	l.media = append(l.media, posted{place, id})
	slices.SortStableFunc(l.media, func(a, b posted) int { return cmp.Compare(b.place, a.place) })
}

func (l *list) remove(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.media = slices.DeleteFunc(l.media, func(p posted) bool { return p.id == id })
}

// watch makes the pager of the kind of list.
func (l *list) pager(t testing.TB, since string) *instagram.Pager[instagram.MediaEntry] {
	t.Helper()
	client, err := instagram.NewClient(
		instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}), // the watch is what goes on
		instagram.WithAccessToken(testToken),
		instagram.WithHTTPClient(&http.Client{Transport: l}),
	)
	require.NoError(t, err)
	switch l.kind {
	case "tag":
		return client.Tags.RecentMedia("snow", &instagram.TagMediaOptions{Count: l.count, MinTagID: since})
	case "liked":
		return client.Users.LikedMedia(&instagram.LikedMediaOptions{Count: l.count})
	}
	return client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: l.count, MinID: since})
}

func (l *list) served() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.requests)
}

func (l *list) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, time.Now())
	suffix := map[string]string{"user": "id", "tag": "tag_id", "liked": "like_id"}[l.kind]
	query := r.URL.Query()
	l.asked = append(l.asked, query.Get("min_"+suffix))
	if l.fail != nil {
		if res := l.fail(len(l.requests)); res != nil {
			res.Request = r
			return res, nil
		}
	}
	if l.refuse != nil {
		res, err := l.refuse(len(l.requests))
		if err != nil {
			return nil, err
		}
		if res != nil {
			res.Request = r
			return res, nil
		}
	}
	newerThan, _ := strconv.Atoi(query.Get("min_" + suffix))
	olderThan, err := strconv.Atoi(query.Get("max_" + suffix))
	if err != nil {
		olderThan = math.MaxInt
	}
	if l.inclusive {
		newerThan--
	}
	if l.ignorant {
		newerThan = 0
	}
	var entries []string
	next, newest := "", ""
	for i, p := range l.media {
		if p.place >= olderThan || p.place <= newerThan {
			continue
		}
		if len(entries) == l.count {
			next = fmt.Sprintf(`"next_max_%s":"%d"`, suffix, l.media[i-1-l.overlap].place)
			break
		}
		if len(entries) == 0 && l.kind == "tag" && l.newest != "-" {
			newest = fmt.Sprintf(`%q:"%d"`, cmp.Or(l.newest, "min_tag_id"), p.place)
		}
		entries = append(entries, fmt.Sprintf(`{"id":"%d"}`, p.id))
	}
	body := fmt.Sprintf(`{"meta":{"code":200},"data":[%s],"pagination":{%s}}`, strings.Join(entries, ","),
		strings.Trim(next+","+newest, ","))
	return l.respond(r, 200, body), nil
}

func (l *list) respond(r *http.Request, status int, body string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}, Request: r, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body))}
	if l.used >= 0 {
		res.Header.Set("X-Ratelimit-Limit", "5000")
		res.Header.Set("X-Ratelimit-Remaining", strconv.Itoa(5000-l.used))
	}
	return res
}

// watching runs the watch of a list until stop, in the bubble of a test.
type watching struct {
	watcher *instagram.Watcher
	mu      sync.Mutex
	ids     []string
	errs    []error
	stop    func()
}

func (l *list) watch(t *testing.T, opts *instagram.WatchOptions) *watching {
	t.Helper()
	return l.watchSince(t, "", opts)
}

func (l *list) watchSince(t *testing.T, since string, opts *instagram.WatchOptions) *watching {
	t.Helper()
	w := &watching{watcher: instagram.Watch(l.pager(t, since), opts)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for media, err := range w.watcher.All(ctx) {
			w.mu.Lock()
			if err != nil {
				w.errs = append(w.errs, err)
			} else {
				w.ids = append(w.ids, media.ID)
			}
			w.mu.Unlock()
		}
	}()
	w.stop = func() {
		cancel()
		<-done
	}
	synctest.Wait()                   // the first poll is done
	time.Sleep(10 * time.Millisecond) // so that polls and posts do not fall together
	return w
}

func (w *watching) failures() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.errs)
}

// take returns what came since it was asked last.
func (w *watching) take() string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := strings.Join(w.ids, " ")
	w.ids = nil
	return ids
}

// lists are servers that differ in what a watch must not depend on.
func lists() map[string]*list {
	return map[string]*list{
		"by id":              {kind: "user", count: 4},
		"by tag":             {kind: "tag", count: 4},
		"by like":            {kind: "liked", count: 4},
		"inclusive":          {kind: "user", count: 4, inclusive: true},
		"inclusive by tag":   {kind: "tag", count: 4, inclusive: true},
		"ignorant":           {kind: "user", count: 4, ignorant: true},
		"ignorant by tag":    {kind: "tag", count: 4, ignorant: true},
		"no min_tag_id":      {kind: "tag", count: 4, newest: "-"},
		"pages overlap":      {kind: "user", count: 4, overlap: 2},
		"one media a page":   {kind: "user", count: 1},
		"pages of the world": {kind: "user", count: 100},
	}
}

package instagram_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

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

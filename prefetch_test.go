package instagram_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// slowList answers a list of pages with one entry each, after a while, and counts the pages asked
// for.
type slowList struct {
	pages int
	takes time.Duration
	asked atomic.Int32
	fails atomic.Int32 // the page that is answered with a 404, once
}

func (l *slowList) RoundTrip(r *http.Request) (*http.Response, error) {
	l.asked.Add(1)
	select {
	case <-time.After(l.takes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	var before int32
	_, _ = fmt.Sscan(r.URL.Query().Get("max_id"), &before)
	page := before + 1
	if l.fails.CompareAndSwap(page, 0) {
		return answer(404, "")(r)
	}
	next := fmt.Sprintf(`,"pagination":{"next_max_id":"%d"}`, page)
	if int(page) == l.pages {
		next = ""
	}
	return answer(200, fmt.Sprintf(`{"meta":{"code":200},"data":[{"id":"%d"}]%s}`, page, next))(r)
}

func (l *slowList) feed(t testing.TB, ahead int) *instagram.Pager[instagram.MediaEntry] {
	t.Helper()
	client, err := instagram.NewClient(instagram.WithHTTPClient(&http.Client{Transport: l}), instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}))
	require.NoError(t, err)
	return client.Users.Feed(nil).Prefetch(ahead)
}

// While the body of a loop takes its time, the next page is on its way.
func TestPrefetch(t *testing.T) {
	const pages, takes = 50, 20 * time.Millisecond
	for ahead, want := range map[int]time.Duration{-1: 2 * pages * takes, 0: 2 * pages * takes, 1: (pages + 1) * takes, 3: (pages + 1) * takes} {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				list := &slowList{pages: pages, takes: takes}
				start, n := time.Now(), 0
				for media, err := range list.feed(t, ahead).All(t.Context()) {
					require.NoError(t, err)
					n++
					assert.Equal(t, fmt.Sprint(n), media.ID)
					time.Sleep(takes)
				}
				assert.Equal(t, pages, n)
				assert.Equal(t, want, time.Since(start))
				assert.Equal(t, int32(pages), list.asked.Load())
			})
		})
	}
}

// However many pages are wanted ahead, those that wait take bounded memory.
func TestPrefetchTakesBoundedMemory(t *testing.T) {
	body := `{"meta":{"code":200},"data":[{}` + strings.Repeat(",{}", 8000) + `],"pagination":{"next_max_id":"%d"}}`
	body = strings.Replace(body, "{}", `{"caption":{"text":"`+strings.Repeat(" ", 500<<10)+`"}}`, 1)
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		client, err := instagram.NewClient(instagram.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return answer(200, fmt.Sprintf(body, asked.Add(1)))(r)
		})}))
		require.NoError(t, err)
		list := client.Users.Feed(nil).Prefetch(100)
		before := allocated()
		for range list.Pages(t.Context()) {
			synctest.Wait()
			break
		}
		assert.Less(t, (allocated()-before)>>20, uint64(200), "MiB")
		assert.Greater(t, asked.Load(), int32(2))
		assert.Less(t, asked.Load(), int32(20))
	})
}

// Loops that end early do not add to what waits.
func TestPrefetchOfManyLoops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := &slowList{pages: 1000}
		pager := list.feed(t, 5)
		for i := range 100 {
			for media, err := range pager.All(t.Context()) {
				require.NoError(t, err)
				assert.Equal(t, fmt.Sprint(i+1), media.ID)
				synctest.Wait()
				break
			}
			require.LessOrEqual(t, list.asked.Load(), int32(i+1+6))
		}
	})
}

// So many pages are fetched ahead, and no more, however long the body takes.
func TestPrefetchIsBounded(t *testing.T) {
	const pages = 120
	for ahead, most := range map[int]int{0: 0, 1: 1, 2: 2, 5: 5, math.MaxInt: 100} {
		synctest.Test(t, func(t *testing.T) {
			list := &slowList{pages: pages, takes: time.Millisecond}
			handled := int32(0)
			for _, err := range list.feed(t, ahead).Pages(t.Context()) {
				require.NoError(t, err)
				handled++
				time.Sleep(time.Hour)
				assert.Equal(t, min(handled+int32(most), pages), list.asked.Load())
			}
		})
	}
}

// A loop that ends early leaves no goroutine, and no page is lost or comes twice.
func TestPrefetchBreak(t *testing.T) {
	for _, pause := range []time.Duration{0, 5 * time.Millisecond, time.Minute} { // nothing, part, and all fetched ahead
		for _, ahead := range []int{1, 3} {
			synctest.Test(t, func(t *testing.T) { // which waits for all goroutines
				list := &slowList{pages: 9, takes: 10 * time.Millisecond}
				pager := list.feed(t, ahead)
				var ids []string
				var broke time.Time
				for media, err := range pager.All(t.Context()) {
					require.NoError(t, err)
					ids = append(ids, media.ID)
					time.Sleep(pause)
					if broke = time.Now(); media.ID == "2" {
						break
					}
				}
				assert.Zero(t, time.Since(broke), "what was on its way is not waited for")
				asked := list.asked.Load()
				assert.LessOrEqual(t, asked, int32(2+ahead))
				time.Sleep(time.Hour)
				assert.Equal(t, asked, list.asked.Load(), "nothing goes on")

				page, err := pager.Next(t.Context())
				require.NoError(t, err)
				ids = append(ids, page.Items[0].ID)
				for page, err := range pager.Pages(t.Context()) {
					require.NoError(t, err)
					ids = append(ids, page.Items[0].ID)
				}
				assert.Equal(t, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, ids)
				if pause == time.Minute {
					assert.Equal(t, int32(9), list.asked.Load(), "what was there is not asked for again")
				}
				_, err = pager.Next(t.Context())
				assert.Equal(t, io.EOF, err)
			})
		}
	}
}

// An error comes after the pages before it, and its page can be asked for again.
func TestPrefetchError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := &slowList{pages: 5}
		list.fails.Store(3)
		pager := list.feed(t, 2)
		ids, err := walk(t.Context(), pager, mediaID)
		require.ErrorIs(t, err, instagram.ErrNotFound)
		assert.Equal(t, "1 2", ids)
		ids, err = walk(t.Context(), pager, mediaID)
		require.NoError(t, err)
		assert.Equal(t, "3 4 5", ids)
	})
}

// An error that was met ahead, and not yet delivered, is forgotten with the loop.
func TestPrefetchErrorNotMet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := &slowList{pages: 3}
		list.fails.Store(2)
		pager := list.feed(t, 1)
		for range pager.Pages(t.Context()) {
			time.Sleep(time.Second)
			break
		}
		ids, err := walk(t.Context(), pager, mediaID)
		require.NoError(t, err)
		assert.Equal(t, "2 3", ids)
	})
}

// A server that repeats a cursor is not asked again because of fetching ahead.
func TestPrefetchLoop(t *testing.T) {
	client, transport := mockClient(t)
	pages{"": {"1", `,"pagination":{"next_max_id":"1"}`}, "max_id=1": {"2", `,"pagination":{"next_max_id":"1"}`}}.serve(t, transport)
	ids, err := walk(t.Context(), client.Users.Feed(nil).Prefetch(3), mediaID)
	require.ErrorIs(t, err, instagram.ErrPaginationLoop)
	assert.Equal(t, "1 2", ids)
	assert.Equal(t, 2, transport.GetTotalCallCount())
}

func TestPrefetchContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := &slowList{pages: 9, takes: time.Second}
		pager := list.feed(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2500*time.Millisecond, cancel)
		start := time.Now()
		ids, err := walk(ctx, pager, mediaID)
		require.ErrorIs(t, err, context.Canceled)
		var failure *instagram.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, "1 2", ids)
		assert.Equal(t, 2500*time.Millisecond, time.Since(start))
		ids, err = walk(t.Context(), pager, mediaID)
		require.NoError(t, err)
		assert.Equal(t, "3 4 5 6 7 8 9", ids)

		for _, err := range pager.From("").Pages(nil) { //nolint:staticcheck // a nil context is refused, not a crash
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
		}
	})
}

// The body of a loop may use the pager itself.
func TestPrefetchWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := &slowList{pages: 6, takes: time.Second}
		pager := list.feed(t, 1)
		var ids []string
		for page, err := range pager.Pages(t.Context()) {
			require.NoError(t, err)
			ids = append(ids, page.Items[0].ID)
			switch page.Items[0].ID {
			case "1":
				_, err := pager.Next(nil) //nolint:staticcheck // a nil context is refused, not a crash
				require.ErrorIs(t, err, instagram.ErrInvalidParameters)
				over, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				_, err = pager.Next(over)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				cancel()
				page, err = pager.Next(t.Context())
				require.NoError(t, err)
				ids = append(ids, page.Items[0].ID)
			case "3":
				more, err := walk(t.Context(), pager, mediaID)
				require.NoError(t, err)
				ids = append(ids, more)
				pager.From("max_id=4")
			}
		}
		assert.Equal(t, []string{"1", "2", "3", "4 5 6", "5", "6"}, ids)
	})
}

// Moving the pager in a loop ends fetching ahead from where it was.
func TestPrefetchFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pager := (&slowList{pages: 9, takes: time.Second}).feed(t, 3)
		var ids []string
		for page, err := range pager.Pages(t.Context()) {
			require.NoError(t, err)
			ids = append(ids, page.Items[0].ID)
			if len(ids) == 2 {
				time.Sleep(1500 * time.Millisecond)
				pager.From("max_id=6")
			}
		}
		assert.Equal(t, []string{"1", "2", "7", "8", "9"}, ids)
	})
}

// BenchmarkPrefetch walks 50 pages that take the server and the loop 20 ms each, and reports the
// time as a part of that without prefetch.
func BenchmarkPrefetch(b *testing.B) {
	const takes = 20 * time.Millisecond
	walk := func(ahead int) time.Duration {
		start := time.Now()
		for _, err := range (&slowList{pages: 50, takes: takes}).feed(b, ahead).Pages(b.Context()) {
			require.NoError(b, err)
			time.Sleep(takes)
		}
		return time.Since(start)
	}
	var without, with time.Duration
	for b.Loop() {
		without += walk(0)
		with += walk(1)
	}
	b.ReportMetric(with.Seconds()/without.Seconds(), "of-the-time")
}

package instagram_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

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

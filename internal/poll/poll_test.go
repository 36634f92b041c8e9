package poll

import (
	"context"
	"errors"
	"io"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// numbers is a list of the numbers up to n, latest first, in pages. Where it can be asked for what
// is newer than a number, that is a place.
type numbers struct {
	n, perPage  int
	asked       []string // where each poll began
	calls       int
	askable     bool
	fail        error // of the next page
	limit, left int
}

func (l *numbers) from(place string) func(context.Context) (*Page[int], error) {
	l.asked = append(l.asked, place)
	next, end := l.n, 0
	if l.askable {
		end, _ = strconv.Atoi(place)
	}
	return func(context.Context) (*Page[int], error) {
		l.calls++
		if err := l.fail; err != nil {
			l.fail = nil
			return nil, err
		}
		page := &Page[int]{Limit: l.limit, Remaining: l.left}
		if l.askable && next > end {
			page.Newest = strconv.Itoa(next)
		}
		for ; len(page.Items) < l.perPage && next > end; next-- {
			page.Items = append(page.Items, next)
		}
		page.End, page.Last = strconv.Itoa(next), next == end
		if len(page.Items) == 0 {
			return nil, io.EOF
		}
		return page, nil
	}
}

func (l *numbers) poller(opts Options) *Poller[int] {
	return New(List[int]{From: l.from, ID: strconv.Itoa, Judge: judge}, opts, "")
}

var errFatal, errFinal, errSlow = errors.New("fatal"), errors.New("final"), errors.New("slow")

func judge(err error) (v Verdict) {
	v.Fatal, v.Final = errors.Is(err, errFatal), errors.Is(err, errFinal)
	if errors.Is(err, errSlow) {
		v.Wait = time.Hour
	}
	return v
}

var options = Options{Interval: 5 * time.Second, MaxInterval: 5 * time.Minute, Backlog: 1000}

// during returns what a poller yields within a time.
func during(p *Poller[int], d time.Duration) (items []int, errs []error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	for item, err := range p.All(ctx) {
		switch {
		case err == nil:
			items = append(items, item)
		case !errors.Is(err, context.DeadlineExceeded):
			errs = append(errs, err)
		}
	}
	return items, errs
}

func TestNewItems(t *testing.T) {
	for name, askable := range map[string]bool{"a list that can be asked": true, "one that cannot": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &numbers{n: 20, perPage: 4, askable: askable}
				p := l.poller(options)
				items, _ := during(p, time.Minute)
				assert.Empty(t, items, "what was there before is not new")
				l.n = 31
				items, errs := during(p, time.Minute)
				assert.Equal(t, []int{21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}, items, "oldest first")
				assert.Empty(t, errs)
				items, _ = during(p, time.Minute)
				assert.Empty(t, items)
				if askable {
					assert.Equal(t, "31", p.Place())
					assert.Equal(t, "31", l.asked[len(l.asked)-1])
				}
			})
		})
	}
}

// A loop that ends in the middle leaves the rest, and the place stays where all was yielded.
func TestLoopEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &numbers{n: 3, perPage: 4, askable: true}
		p := l.poller(options)
		during(p, time.Second)
		l.n = 5
		for item, err := range p.All(t.Context()) {
			require.NoError(t, err)
			assert.Equal(t, 4, item)
			break
		}
		assert.Equal(t, "3", p.Place())
		items, _ := during(p, time.Second)
		assert.Equal(t, []int{5}, items)
		assert.Equal(t, "5", p.Place())

		l.asked = nil
		again := New(List[int]{From: l.from, ID: strconv.Itoa, Judge: judge}, options, "4")
		items, _ = during(again, time.Second)
		assert.Equal(t, []int{5}, items, "another one goes on from a place")
		assert.Equal(t, []string{"4"}, l.asked)
	})
}

func TestErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &numbers{n: 3, perPage: 4, askable: true}
		p := l.poller(options)
		during(p, time.Second)

		l.n, l.fail = 5, errors.New("broken")
		items, errs := during(p, 20*time.Second)
		assert.Equal(t, []int{4, 5}, items, "the next poll begins where this one failed")
		assert.Len(t, errs, 1)

		l.n, l.fail = 7, errSlow
		items, errs = during(p, 59*time.Minute)
		assert.Empty(t, items)
		assert.Equal(t, []error{errSlow}, errs)
		items, _ = during(p, 2*time.Minute)
		assert.Equal(t, []int{6, 7}, items)

		l.n, l.fail = 9, errFinal
		items, errs = during(p, 20*time.Second)
		assert.Equal(t, []int{8, 9}, items, "the next poll begins anew")
		assert.Equal(t, []error{errFinal}, errs)

		l.fail = errFatal
		start := time.Now()
		_, errs = during(p, time.Hour)
		assert.Equal(t, []error{errFatal}, errs)
		assert.Less(t, time.Since(start), time.Minute, "a fatal error ends the loop")
	})
}

func TestBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &numbers{n: 3, perPage: 4, askable: true}
		p := l.poller(Options{Interval: time.Second, MaxInterval: time.Second, Backlog: 5})
		during(p, time.Second/2)
		l.n = 100
		items, errs := during(p, time.Minute)
		assert.Equal(t, []error{ErrBacklog}, errs)
		assert.Equal(t, []int{96, 97, 98, 99, 100}, items)
	})
}

// What is left of the budget is spread over an hour; Wake polls at once, and once more a second
// later.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &numbers{n: 3, perPage: 4, askable: true, limit: 500, left: 60}
		p := l.poller(options)
		during(p, time.Second)
		l.calls, l.left = 0, 60
		l.n++ // so that the answers are not empty
		during(p, 10*time.Minute)
		assert.InDelta(t, 10, l.calls, 2)

		l = &numbers{n: 3, perPage: 4, askable: true}
		p = l.poller(Options{Interval: time.Hour, MaxInterval: time.Hour, Backlog: 10})
		during(p, time.Second)
		l.calls = 0
		p.Wake()
		p.Wake()
		during(p, time.Minute)
		assert.Equal(t, 2, l.calls)
	})
}

// However long a watch goes on, it remembers few of the items that it has seen.
func TestForget(t *testing.T) {
	const perPoll, polls = 100, 100
	for name, askable := range map[string]bool{"a list that can be asked": true, "one that cannot": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &numbers{n: perPoll, perPage: perPoll, askable: askable}
				p := l.poller(options)
				yielded, most := 0, 0
				during(p, time.Second)
				l.n += perPoll
				for _, err := range p.All(t.Context()) {
					require.NoError(t, err)
					most = max(most, len(p.seen), len(p.order), len(p.marks))
					if yielded++; yielded%perPoll == 0 {
						l.n += perPoll
					}
					if yielded == polls*perPoll {
						break
					}
				}
				// Beside the latest, those that have not settled.
				assert.LessOrEqual(t, most, known+5*perPoll)
				assert.GreaterOrEqual(t, len(p.seen), known)
				assert.Len(t, p.order, len(p.seen))
			})
		})
	}
}

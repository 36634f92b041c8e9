package poll

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var errBroken = errors.New("broken")

// A changing list gets new items at its start, loses some, and has old ones listed again. It is
// paged by the last item of a page, as the lists of the API are.
type changing struct {
	items   []listed // latest first
	next    int      // the latest item
	times   int      // how often something was listed
	perPage int
	random  *rand.Rand
	deaf    bool // it says what to ask for, and does not heed it
	quiet   bool // nothing comes between two pages, and none fails
}

type listed struct{ id, at int }

func (l *changing) list(id int) {
	l.times++
	l.items = slices.Insert(l.items, 0, listed{id, l.times})
}

func (l *changing) add(n int) {
	for range n {
		l.next++
		l.list(l.next)
	}
}

func (l *changing) from(string) func(context.Context) (*Page[int], error) {
	last := math.MaxInt
	return func(context.Context) (*Page[int], error) {
		if !l.quiet && l.random.IntN(8) == 0 {
			return nil, errBroken
		}
		page := &Page[int]{Last: true}
		for _, item := range l.items {
			if item.at >= last {
				continue
			}
			if len(page.Items) == l.perPage {
				page.Last = false
				break
			}
			page.Items, page.End = append(page.Items, item.id), strconv.Itoa(item.at)
			if l.deaf && page.Newest == "" {
				page.Newest = page.End
			}
		}
		if page.End != "" {
			last, _ = strconv.Atoi(page.End)
		}
		if !l.quiet && l.random.IntN(10) == 0 {
			l.add(1 + l.random.IntN(2*l.perPage)) // between two pages of a poll
		}
		return page, nil
	}
}

// Whatever comes between two polls, and between two pages of one, and whichever pages fail, each new
// item comes once, and no old one: in a list that cannot be asked for what is newer than a place.
// Items that are gone, or are listed again, change nothing, as long as they are few for a page.
func TestNothingIsLostOfAListThatCannotBeAsked(t *testing.T) {
	for seed := range uint64(300) {
		for _, deaf := range []bool{false, true} {
			t.Run(fmt.Sprint(seed, deaf), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { watchChanges(t, rand.New(rand.NewPCG(seed, 1)), deaf) })
			})
		}
	}
}

func watchChanges(t *testing.T, random *rand.Rand, deaf bool) {
	l := &changing{perPage: 12 + random.IntN(8), random: random, deaf: deaf, quiet: true}
	l.add(l.perPage + random.IntN(4*l.perPage))
	first := l.next
	p := New(List[int]{From: l.from, ID: strconv.Itoa, Judge: judge}, Options{Interval: 5 * time.Second, MaxInterval: time.Minute, Backlog: 100_000}, "")
	got, again := map[int]int{}, map[int]bool{}
	collect := func(d time.Duration) {
		items, errs := during(p, d)
		for _, err := range errs {
			require.ErrorIs(t, err, errBroken)
		}
		for _, item := range items {
			got[item]++
		}
	}
	collect(time.Second)
	l.quiet = false
	for range 30 {
		l.add(random.IntN(4 * l.perPage))
		if i := random.IntN(3 * l.perPage); !deaf && i < len(l.items) && (got[l.items[i].id] > 0 || l.items[i].id <= first) {
			id := l.items[i].id
			l.items = slices.Delete(l.items, i, i+1)
			if random.IntN(2) == 0 {
				l.list(id)
				again[id] = true
			}
		}
		collect(time.Duration(1+random.IntN(30)) * time.Second)
	}
	l.quiet = true
	collect(10 * time.Minute)
	for item := 1; item <= l.next; item++ {
		want := 1
		if item <= first && !(again[item] && got[item] == 1) {
			want = 0
		}
		require.Equal(t, want, got[item], "item %d; those up to %d were there before", item, first)
	}
}

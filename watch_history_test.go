package instagram

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// However long a watch goes on, it remembers few of the media that it has seen.
func TestWatchForgets(t *testing.T) {
	const perPoll, polls = 100, 100
	for name, askable := range map[string]bool{"a list that can be asked": true, "one that cannot": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next := 0
				fetch := func(context.Context, Cursor) (*Page[MediaEntry], error) {
					page := &Page[MediaEntry]{next: CursorEnd}
					for range perPoll {
						next++
						page.Items = append([]*MediaEntry{{ID: strconv.Itoa(next)}}, page.Items...)
					}
					return page, nil
				}
				list := &Pager[MediaEntry]{fetch: fetch}
				if askable {
					list.polled = polled[MediaEntry]{param: "min_id", from: func(string) *Pager[MediaEntry] {
						return &Pager[MediaEntry]{fetch: fetch}
					}}
				}
				w := Watch(list, &WatchOptions{Interval: 5 * time.Second})
				yielded, most := 0, 0
				for _, err := range w.All(t.Context()) {
					require.NoError(t, err)
					most = max(most, len(w.seen), len(w.order), len(w.marks))
					if yielded++; yielded == polls*perPoll {
						break
					}
				}
				// Beside the latest, those that have not settled.
				assert.LessOrEqual(t, most, known+5*perPoll)
				assert.GreaterOrEqual(t, len(w.seen), known)
				assert.Len(t, w.order, len(w.seen))
			})
		})
	}
}

package bucket

import (
	"cmp"
	"context"
	"math"
	"time"

	"github.com/igv1/instagram/internal/recent"
)

// Unlimited is the limit of what waits for pauses only.
const Unlimited = math.MaxInt

// Holders has a [Set] for each holder of a budget. It is safe for concurrent use.
type Holders struct {
	limits func(server int) []int
	sets   *recent.Map[*Set]
}

// NewHolders returns the sets of the holders used last, as many as capacity. The function limits
// returns the limits that hold where the server says its own for all requests, which is 0 as long
// as it has not.
func NewHolders(limits func(server int) []int, capacity int) *Holders {
	return &Holders{limits, recent.New[*Set](capacity)}
}

// Wait is [Set.Wait] for a request of a holder.
func (h *Holders) Wait(ctx context.Context, holder string, kind int, patience time.Duration) error {
	return h.set(holder).Wait(ctx, kind, patience)
}

// Observe takes in what an answer to a request of a holder says: the limit and what remains of it,
// whether it refuses the request, and how long it asks to wait. The limit is 0 where it does not say
// it.
func (h *Holders) Observe(holder string, kind, limit, remaining int, refused bool, asked time.Duration) {
	refused = refused || limit > 0 && remaining == 0
	if limit <= 0 && !refused {
		return
	}
	h.set(holder).Change(func(buckets []Bucket) {
		used := All
		if limit > 0 {
			limits := h.limits(limit)
			for i := range buckets {
				buckets[i].Resize(limits[i])
			}
			if limits[All] != Unlimited {
				buckets[All].Hold(remaining)
			}
			if remaining > 0 { // so it is the limit of the kind that refuses
				used = kind
			}
		}
		if refused {
			buckets[used].Pause(cmp.Or(min(asked, time.Hour), time.Minute))
		}
	})
}

func (h *Holders) set(holder string) *Set {
	return h.sets.Update(holder, func(s *Set) *Set {
		if s == nil {
			s = NewSet(h.limits(0)...)
		}
		return s
	})
}

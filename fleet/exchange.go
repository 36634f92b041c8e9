package fleet

import (
	"context"
	"time"

	"github.com/igv1/instagram"
)

// An offer is what a part tells the record in one exchange, and what it gets.
type offer struct {
	part *part
	want bool // a new block

	name      string
	names     []named
	out, done int
	used      int
	refused   time.Time

	granted int
	free    time.Duration // until there is something to take, where nothing was granted
	recheck time.Duration
}

// exchange ends blocks on record: it charges what was done, and gives back what was not used. For
// those that are wanted it takes new ones. Calls under way are taken over into the next block. The
// turn is held.
func (h *holder) exchange(ctx context.Context, want, over []instagram.WriteKind) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	offers := map[instagram.WriteKind]*offer{}
	h.mu.Lock()
	for _, kind := range over {
		offers[kind] = h.offer(kind, false)
	}
	for _, kind := range want {
		offers[kind] = h.offer(kind, true)
	}
	said := h.limit
	h.mu.Unlock()

	var taken stamp
	stored := false
	err := h.limiter.change(ctx, h.name, func(r *record, now int64) bool {
		taken, stored = h.limiter.stamp(), false
		if said > 0 && r.Limit != said {
			r.Limit, stored = said, true
		}
		for kind, o := range offers {
			if o.apply(r.window(kind), h.limiter.limits, h.limiter.limits.of(kind, r.Limit), now) {
				stored = true
			}
		}
		return stored
	})

	h.mu.Lock()
	defer h.mu.Unlock()
	for _, o := range offers {
		o.conclude(taken, stored, err)
	}
	h.plan()
	return err
}

// offer is what a part has to tell now. The lock is held.
func (h *holder) offer(kind instagram.WriteKind, want bool) *offer {
	p := h.part(kind)
	o := &offer{part: p, want: want, name: h.limiter.nextBlock(), names: p.names, out: p.out, done: p.done, refused: p.refused, recheck: jitter(h.limiter.limits.recheck())}
	if time.Since(p.seen) < h.limiter.limits.life() {
		o.used = p.used
	}
	return o
}

// apply puts an offer on record, and reports whether that changed it.
func (o *offer) apply(w *window, l Limits, limit int, now int64) (changed bool) {
	done := o.done
	for _, n := range o.names {
		if w.close(n.name) {
			done -= n.done
			changed = true
		}
	}
	w.spend(done)
	// What the API counted, and no worker spent or may be spending, others did who use the same
	// token.
	others := o.used - w.remembered() - o.out
	w.spend(others)
	if until := now + time.Until(o.refused).Milliseconds(); until > max(now, w.Until) {
		w.Until = until
		changed = true
	}
	o.granted, o.free = 0, 0
	if o.want {
		left, free := w.left(l, limit, now)
		o.granted = max(min(l.block(limit), left-o.out), 0)
		o.free = max(time.Duration(free-now)*time.Millisecond, l.idle())
	}
	if !changed && done == 0 && others <= 0 && o.out+o.granted == 0 {
		return false
	}
	w.open(o.name, o.out+o.granted)
	return true
}

// conclude takes over what came of an exchange. The lock is held.
func (o *offer) conclude(taken stamp, stored bool, err error) {
	p := o.part
	if err != nil {
		if stored { // perhaps: the block has the one name or the other
			p.names = append(p.names, named{o.name, o.done})
		}
		return
	}
	p.done -= o.done
	p.left, p.names = o.granted, nil
	if p.used == o.used {
		p.used = 0
	}
	if stored {
		p.taken = taken
		if o.out+o.granted > 0 {
			p.names = []named{{o.name, 0}}
		}
	}
	if !p.refused.After(o.refused) {
		p.refused = time.Time{}
	}
	p.free, p.again = time.Time{}, time.Time{}
	if o.want && o.granted == 0 {
		p.free, p.again = time.Now().Add(o.free), time.Now().Add(min(o.free, o.recheck))
	}
}

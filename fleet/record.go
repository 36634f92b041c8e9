package fleet

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/igv1/instagram"
)

// A record is the hour of one token, as all workers share it: an entry of the key-value bucket.
//
// All times in it are by the clock of NATS, in UNIX milliseconds, and none by that of a worker. Who
// writes a record cannot know when NATS will store it, so what happens with the write itself has
// the time 0. NATS keeps the time of each entry; whoever reads the record puts that in.
type record struct {
	Limit   int                             `json:"limit,omitempty"` // calls in an hour, as the API says
	Windows map[instagram.WriteKind]*window `json:"windows,omitempty"`
}

// A window is what was spent of one limit.
type window struct {
	Spent []charge `json:"spent,omitempty"` // the oldest first
	Open  []block  `json:"open,omitempty"`
	Until int64    `json:"until,omitempty"` // the API refuses until then
}

// A charge is a number of calls, and a time by which all of them had been made.
type charge struct {
	At int64 `json:"t"`
	N  int   `json:"n"`
}

// A block is a number of calls that a worker may make. They count as made when the life of the
// block is over, unless the worker says before what came of them.
type block struct {
	Owner string `json:"owner"`
	At    int64  `json:"t"` // when it was taken
	N     int    `json:"n"`
}

var errNegative = errors.New("a number of calls is negative")

// readRecord reads a record that NATS stored at a time.
func readRecord(value []byte, stored time.Time) (*record, error) {
	r := &record{}
	if len(value) > 0 {
		if err := json.Unmarshal(value, r); err != nil {
			return nil, err
		}
	}
	at := stored.UnixMilli()
	for kind, w := range r.Windows {
		if w == nil {
			delete(r.Windows, kind)
			continue
		}
		for i := range w.Spent {
			if w.Spent[i].N < 0 {
				return nil, errNegative
			}
			if w.Spent[i].At == 0 {
				w.Spent[i].At = at
			}
		}
		for i := range w.Open {
			if w.Open[i].N < 0 {
				return nil, errNegative
			}
			if w.Open[i].At == 0 {
				w.Open[i].At = at
			}
		}
	}
	return r, nil
}

func (r *record) window(kind instagram.WriteKind) *window {
	if r.Windows == nil {
		r.Windows = map[instagram.WriteKind]*window{}
	}
	if r.Windows[kind] == nil {
		r.Windows[kind] = &window{}
	}
	return r.Windows[kind]
}

// expiries yields when what was spent is free again, and how much it is.
func (w *window) expiries(l Limits, now int64, yield func(at int64, n int)) {
	hour := (l.Hour + l.margin()).Milliseconds()
	for _, c := range w.Spent {
		yield(cmp.Or(c.At, now)+hour, c.N)
	}
	for _, b := range w.Open {
		yield(cmp.Or(b.At, now)+l.life().Milliseconds()+hour, b.N)
	}
}

// left returns how many calls may be taken, and if there are none, when some will be free.
func (w *window) left(l Limits, limit int, now int64) (n int, free int64) {
	if now < w.Until {
		return 0, w.Until
	}
	n = limit
	w.expiries(l, now, func(at int64, spent int) {
		if at > now {
			n -= spent
			if free == 0 || at < free {
				free = at
			}
		}
	})
	if n > 0 || free == 0 {
		free = now
	}
	return max(n, 0), free
}

// remembered is all that is on record, some of it older than an hour.
func (w *window) remembered() (n int) {
	for _, c := range w.Spent {
		n += c.N
	}
	for _, b := range w.Open {
		n += b.N
	}
	return n
}

// forget drops what is over, and joins what is close together. What an answer that is on its way
// says of the budget is held against the record, so the record goes back further than an hour.
func (w *window) forget(l Limits, now int64) {
	over := now - (l.Hour + l.margin() + l.life()).Milliseconds()
	w.Spent = slices.DeleteFunc(w.Spent, func(c charge) bool { return c.At <= over })
	w.Open = slices.DeleteFunc(w.Open, func(b block) bool {
		if b.N == 0 {
			return b.At+l.life().Milliseconds() <= now
		}
		return b.At+l.life().Milliseconds() <= over
	})
	if w.Until <= now {
		w.Until = 0
	}
	slices.SortFunc(w.Spent, func(a, b charge) int { return cmp.Compare(a.At, b.At) })
	joined := w.Spent[:0]
	for _, c := range w.Spent {
		if last := len(joined) - 1; last >= 0 && c.At/l.grain().Milliseconds() == joined[last].At/l.grain().Milliseconds() {
			joined[last] = charge{c.At, joined[last].N + c.N}
			continue
		}
		joined = append(joined, c)
	}
	w.Spent = joined
}

// close takes the block of an owner off the record, and reports whether it was there.
func (w *window) close(owner string) bool {
	before := len(w.Open)
	w.Open = slices.DeleteFunc(w.Open, func(b block) bool { return b.Owner == owner })
	return len(w.Open) < before
}

// spend charges calls that have been made by now.
func (w *window) spend(n int) {
	if n > 0 {
		w.Spent = append(w.Spent, charge{0, n})
	}
}

// open puts a block on record. One of no calls says that the write that put it there is stored; it
// is forgotten after a while.
func (w *window) open(owner string, n int) { w.Open = append(w.Open, block{owner, 0, n}) }

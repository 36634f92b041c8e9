package poll

import (
	"strings"
	"time"
)

// A mark is a place in a list: that of the newest item that a poll has found.
type mark struct {
	id   string    // where to ask from; empty for the start of the list
	poll int       // the number of the poll
	at   time.Time // when the poll asked for its first page
}

// settling is how long an item may be missing from a list that shows newer ones already. Several
// machines number the items, and not all of them are visible at once. So a mark that was younger
// than this when the list was asked last may be newer than an item that is still to come.
const settling = 15 * time.Second

// known is how many items are remembered at least, for servers that answer with older items than
// those they were asked for.
const known = 1000

// history is what earlier polls have found.
type history struct {
	polls int
	asked time.Time      // when the last poll asked for its first page
	marks []mark         // where to ask from, oldest first
	seen  map[string]int // items by their ids, with the number of the poll that found them
	order []string       // the ids in seen, oldest first
}

// settled returns the latest mark that no item still to come is older than.
func (h *history) settled() mark {
	for len(h.marks) > 1 && h.asked.Sub(h.marks[1].at) >= settling {
		h.marks = h.marks[1:]
	}
	if len(h.marks) == 0 {
		return mark{}
	}
	return h.marks[0]
}

func (h *history) remember(id string, poll int) {
	id = strings.Clone(id) // which may share its memory with all of the answer
	h.seen[id] = poll
	h.order = append(h.order, id)
}

// forget drops the items that are older than the first mark, but not the latest known ones. An
// answer to what is newer than the mark does not have them.
func (h *history) forget() {
	for len(h.order) > known && h.seen[h.order[0]] < h.marks[0].poll {
		delete(h.seen, h.order[0])
		h.order = h.order[1:]
	}
}

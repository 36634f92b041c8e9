package recent

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

// However many keys come by, few are kept, and among them those used last.
func TestRecent(t *testing.T) {
	const capacity = 100
	set := func(r *Map[int], key string, value int) {
		r.Update(key, func(int) int { return value })
	}
	r := New[int](capacity)
	most := 0
	for i := range 10_000 {
		set(r, strconv.Itoa(i), i)
		if i%(capacity/2) == 0 {
			r.Update("regular", func(n int) int { return n + 1 })
		}
		most = max(most, len(r.young)+len(r.old))
	}
	assert.LessOrEqual(t, most, 2*capacity)
	assert.Equal(t, 200, r.Get("regular"))
	for i := range capacity - 1 {
		assert.Equal(t, 9_999-i, r.Get(strconv.Itoa(9_999-i)))
	}
	assert.Zero(t, r.Get("0"))
	assert.Zero(t, r.Get("never"))
}

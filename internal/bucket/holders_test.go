package bucket

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// going counts the requests of a holder that go at once.
func going(t *testing.T, h *Holders, holder string, kind int) (n int) {
	t.Helper()
	for range 1000 {
		if h.Wait(t.Context(), holder, kind, 0) != nil {
			break
		}
		n++
	}
	return n
}

func TestHolders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHolders(func(server int) []int { return []int{max(server, 100), 50} }, 10)
		assert.Equal(t, 10, going(t, h, "a", All))
		assert.Equal(t, 10, going(t, h, "b", All), "each has its own")

		h.Observe("a", All, 1000, 700, false, 0)
		assert.Equal(t, 90, going(t, h, "a", All), "a tenth of what the server says")
		time.Sleep(time.Hour)
		h.Observe("a", All, 1000, 3, false, 0)
		assert.Equal(t, 3, going(t, h, "a", All), "others use the same budget")

		time.Sleep(time.Hour)
		h.Observe("a", 1, 1000, 500, true, 2*time.Minute)
		assert.Equal(t, 0, going(t, h, "a", 1), "the limit of the kind refuses")
		assert.NotZero(t, going(t, h, "a", All))
		time.Sleep(2 * time.Minute)
		assert.NotZero(t, going(t, h, "a", 1))

		h.Observe("b", 1, 0, 0, true, 0)
		assert.Equal(t, 0, going(t, h, "b", All), "it does not say which limit refuses")
		time.Sleep(time.Minute)
		assert.NotZero(t, going(t, h, "b", All))
	})
}

func TestUnlimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHolders(func(int) []int { return []int{Unlimited} }, 10)
		h.Observe("a", All, 100, 1, false, 0)
		assert.Equal(t, 1000, going(t, h, "a", All))
		h.Observe("a", All, 100, 0, false, time.Minute)
		assert.Equal(t, 0, going(t, h, "a", All))
	})
}

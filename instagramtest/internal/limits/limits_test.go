package limits

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func newLimiter(calls, writes int) *Limiter {
	l := &Limiter{Budget: Budget{calls, writes}}
	l.Reset()
	return l
}

// TestSlidingHour spends a budget bit by bit: each call comes back an hour after it was made, and
// not before.
func TestSlidingHour(t *testing.T) {
	l, start := newLimiter(30, 30), time.Unix(1500000000, 0)
	for i := range 30 {
		left, verdict := l.Take("a", start.Add(time.Duration(i)*time.Minute), NoWrite)
		assert.Equal(t, OK, verdict)
		assert.Equal(t, 29-i, left)
	}
	_, verdict := l.Take("a", start.Add(time.Hour-time.Nanosecond), NoWrite)
	assert.Equal(t, TooManyCalls, verdict)
	assert.Equal(t, 0, l.Remaining("a", start.Add(time.Hour-time.Nanosecond)))
	assert.Equal(t, 1, l.Remaining("a", start.Add(time.Hour)))
	for i := range 30 {
		_, verdict = l.Take("a", start.Add(time.Hour+time.Duration(i)*time.Minute), NoWrite)
		assert.Equal(t, OK, verdict)
		_, verdict = l.Take("a", start.Add(time.Hour+time.Duration(i)*time.Minute), NoWrite)
		assert.Equal(t, TooManyCalls, verdict)
	}
	assert.Equal(t, 30, l.Remaining("b", start), "others are not concerned")
	assert.Equal(t, 30, l.Remaining("", start), "nobody has all calls left")
}

func TestWritesHaveLimitsOfTheirOwn(t *testing.T) {
	l, now := newLimiter(100, 2), time.Unix(1500000000, 0)
	for _, kind := range []Write{LikeWrite, CommentWrite, RelationshipWrite} {
		for range 2 {
			_, verdict := l.Take("a", now, kind)
			assert.Equal(t, OK, verdict)
		}
		_, verdict := l.Take("a", now, kind)
		assert.Equal(t, TooManyWrites, verdict)
	}
	assert.Equal(t, 94, l.Remaining("a", now), "what is refused does not count")
}

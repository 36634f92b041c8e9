package instagram

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// RateLimit is what an answer says of the hour's budget of its token.
type RateLimit struct {
	Limit     int // calls in an hour; 0 if the answer did not say
	Remaining int // calls left

	AppUsage      AppUsage      // what answers of the Graph say in its place
	BusinessUsage BusinessUsage // and of the account that the token is for
}

// maxHolders is how many tokens a client remembers the budget of.
const maxHolders = 10_000

// spent reports whether an answer said that nothing remains.
func (r RateLimit) spent() bool {
	return r.Limit > 0 && r.Remaining == 0 || max(r.AppUsage.most(), r.BusinessUsage.most()) >= 100
}

// after keeps of an earlier answer what this one does not speak of.
func (r RateLimit) after(earlier RateLimit) RateLimit {
	if r.Limit == 0 {
		r.Limit, r.Remaining = earlier.Limit, earlier.Remaining
	}
	if r.AppUsage == (AppUsage{}) {
		r.AppUsage = earlier.AppUsage
	}
	if r.BusinessUsage == (BusinessUsage{}) {
		r.BusinessUsage = earlier.BusinessUsage
	}
	return r
}

// rateLimitOf reads what an answer says of the budget. One without what remains, or without a limit
// that makes sense, says nothing.
func rateLimitOf(h http.Header) RateLimit {
	said := graphUsageOf(h)
	limit, err := strconv.Atoi(h.Get("X-Ratelimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-Ratelimit-Remaining"))
	if err == nil && err2 == nil && limit > 0 {
		said.Limit, said.Remaining = limit, max(remaining, 0)
	}
	return said
}

// longestWait is what an absurd Retry-After is taken for.
const longestWait = 24 * time.Hour

// retryAfterOf reads Retry-After, in seconds or as an HTTP date, which is taken by the clock of the
// server.
func retryAfterOf(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	// ParseUint makes the highest number of one that is out of range.
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(longestWait.Seconds()))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(0, at.Sub(now)), longestWait)
}

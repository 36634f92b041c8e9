package instagram

import (
	"net/http"
	"strconv"
	"time"
)

// RateLimit is what an answer says of the hour's budget of its token.
type RateLimit struct {
	Limit     int // calls in an hour; 0 if the answer did not say
	Remaining int // calls left

	AppUsage AppUsage // what answers of the Graph say in its place
}

func rateLimitOf(h http.Header) RateLimit {
	usage := appUsageOf(h)
	limit, err := strconv.Atoi(h.Get("X-Ratelimit-Limit"))
	if err != nil {
		return RateLimit{AppUsage: usage}
	}
	remaining, _ := strconv.Atoi(h.Get("X-Ratelimit-Remaining"))
	return RateLimit{Limit: max(limit, 0), Remaining: max(remaining, 0), AppUsage: usage}
}

// retryAfterOf reads Retry-After, in seconds or as an HTTP date.
func retryAfterOf(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

package instagram

import (
	"context"
	"errors"
	"time"
)

// limitRequest has a request wait for its turn. The wait does not count against the time for the
// call.
func limitRequest(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		if !x.limited() {
			return next(ctx, x)
		}
		limiter := x.call.api.limiter
		request := LimiterRequest{x.credentials.holder(), x.call.method, x.endpoint(), x.call.write}
		start := time.Now()
		if err := limiter.Wait(ctx, request); err != nil {
			e := x.error(err)
			if limit, ok := errors.AsType[*LimitError](err); ok {
				e.RetryAfter = limit.RetryAfter
			}
			return e
		}
		if !x.deadline.IsZero() {
			x.deadline = x.deadline.Add(time.Since(start))
		}
		e := next(ctx, x)
		limiter.Observe(request, LimiterAnswer{
			RateLimit:  x.answer.rateLimit,
			Refused:    e != nil && errors.Is(e, ErrRateLimited),
			RetryAfter: x.answer.retryAfter,
		})
		return e
	}
}

// limited reports whether the requests of a call wait for a limiter.
func (x *exchange) limited() bool { return x.call.api.limiter != nil }

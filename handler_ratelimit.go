package instagram

import "context"

// recordRateLimit keeps what the last answer said of the budget, for [Client.RateLimit].
func recordRateLimit(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		e := next(ctx, x)
		if said := x.answer.rateLimit; said != (RateLimit{}) {
			x.core.rateLimits.Update(x.credentials.holder(), said.after)
		}
		return e
	}
}

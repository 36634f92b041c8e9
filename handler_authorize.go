package instagram

import "context"

// authorizeRequest gives each attempt its credentials, so that one that follows a refreshed token
// carries the new one.
func authorizeRequest(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		var err error
		x.credentials, err = x.call.api.authorize(ctx, x.core, x.call)
		if err != nil {
			return x.error(err)
		}
		return next(ctx, x)
	}
}

package instagram

import "context"

// authorizeRequest gives each attempt its credentials, so that one that follows a refreshed token
// carries the new one.
func authorizeRequest(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		asking, cancel := ctx, func() {}
		if x.core.tokens.Asks() {
			asking, cancel = x.withDeadline(ctx)
		}
		defer cancel()
		creds, err := x.call.api.authorize(asking, x.core, x.call)
		creds.secrets.AddSet(x.credentials.secrets) // an answer may repeat those of an earlier attempt
		x.credentials = creds
		if err != nil {
			return x.error(err)
		}
		return next(ctx, x)
	}
}

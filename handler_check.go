package instagram

import "context"

// checkCall ends a call whose parameters or context were wrong to begin with.
func checkCall(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		switch {
		case x.core.invalid != nil:
			return x.error(x.core.invalid)
		case x.call.err != nil:
			return x.error(x.call.err)
		case ctx == nil:
			return x.error(&ParameterError{"ctx", "it is nil"})
		case ctx.Err() != nil:
			return x.error(ctx.Err())
		}
		return next(ctx, x)
	}
}

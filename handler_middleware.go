package instagram

import (
	"context"
	"errors"
	"slices"
)

// A Call is what a middleware knows of a call. The fields after Endpoint say what came of it: they
// are of the last attempt, and set when next has returned.
type Call struct {
	Method   string // GET, POST or DELETE
	Endpoint string // as in the API's reference: /users/{user-id}

	StatusCode int       // HTTP status; 0 without an answer
	Attempts   int       // how many requests the call made
	RateLimit  RateLimit // as of the answer

	x func() *exchange // so that printing a Call shows nothing of it
}

// A CallFunc makes a call: the rest of the way that a call takes, from the view of a middleware.
type CallFunc func(ctx context.Context, call *Call) error

var errNext = errors.New("a middleware must call next once, with the call that it was given, or return an error")

// callMiddleware puts what users have around a call. Each of them wraps what follows once, however
// many calls there are.
func callMiddleware(middleware []func(CallFunc) CallFunc, next handler) handler {
	if len(middleware) == 0 {
		return next
	}
	inner := func(ctx context.Context, call *Call) error {
		if call == nil || call.x == nil || !call.x().begun.CompareAndSwap(false, true) {
			return errNext
		}
		x := call.x()
		x.failure = next(ctx, x)
		call.StatusCode, call.Attempts, call.RateLimit = x.answer.status, x.attempts, x.answer.rateLimit
		if x.failure == nil {
			return nil
		}
		return x.failure
	}
	for _, wrap := range slices.Backward(middleware) {
		if wrapped := wrap(inner); wrapped != nil {
			inner = wrapped
		}
	}
	return func(ctx context.Context, x *exchange) *Error {
		if ctx == nil {
			return next(ctx, x) // which refuses it
		}
		err := inner(ctx, &Call{Method: x.call.method, Endpoint: x.endpoint(), x: func() *exchange { return x }})
		switch e, ok := err.(*Error); { //nolint:errorlint // what wraps one is the cause of another
		case ok && e != nil:
			return e
		case ok, err == nil && !x.begun.Load():
			return x.redact(x.error(errNext))
		case err != nil:
			return x.redact(x.error(err))
		}
		return x.failure
	}
}

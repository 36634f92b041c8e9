package instagram

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"

	"github.com/igv1/instagram/internal/resend"
	"github.com/igv1/instagram/internal/wait"
)

// A RetryPolicy says how often and how patiently calls are repeated, see [WithRetry]. The zero
// value of a field stands for its default.
//
// What is repeated is not a matter of policy. An answer that refuses a call because of a rate limit
// (429 or 420, as status or as code) lets any call be repeated: nothing has come of it. So does a
// connection that could not be made. After anything else that may pass, which is a 5xx, an answer
// that ends too early, and a connection or an attempt that fails on the way, only calls that do no
// harm if they reach the server twice are repeated: reads, deletions, likes and relationship
// actions, but not [CommentsService.Create]. All other answers are final, and so are refused
// redirects, certificates that are not trusted, and bodies that are over the limit, or complete and
// yet invalid.
//
// Nor is a call repeated that is refused because nothing remains of the hour, unless the server
// says when to come again, or a limiter waits for it.
//
// A deletion that is repeated without knowing what came of it, and then finds nothing to delete,
// has succeeded; so has the answer to a request to follow ([ActionApprove], [ActionIgnore]) that is
// repeated and finds no such request any more.
//
// What net/http repeats by itself, because a connection that it kept turns out to be closed, counts
// as an attempt.
type RetryPolicy struct {
	// MaxAttempts is how many requests a call may make, the first included; default: 3; 1 repeats none.
	MaxAttempts int

	// BaseDelay bounds the pause before the second attempt, and twice as much that before the
	// third, and so on: pauses are drawn from between 0 and their bound. The default is 200 ms.
	BaseDelay time.Duration

	// MaxDelay bounds every pause. A server that asks for a longer one, in Retry-After, has the
	// call end at once with what it answered; for a shorter one, the pause is at least that long.
	// The default is 30 s, and the longest 24 hours.
	MaxDelay time.Duration

	// Budget is how many repetitions the client and those derived from it have in stock, so that a
	// broken server does not get a multiple of its load. Each takes one out, and every fifth call
	// that is answered puts one back, up to Budget. Where there is none left, calls end with their
	// first error. The default is 100. A client that [Client.With] gave another policy uses the same
	// stock, unless that policy has another Budget.
	Budget int
}

func (p RetryPolicy) check() error {
	if p.MaxAttempts < 0 || p.BaseDelay < 0 || p.MaxDelay < 0 || p.Budget < 0 {
		return &ParameterError{"retry policy", "it has a negative field"}
	}
	return nil
}

// withDefaults returns the policy with its defaults in place of zeros.
func (p RetryPolicy) withDefaults() RetryPolicy {
	p.MaxAttempts = cmp.Or(p.MaxAttempts, 3)
	p.BaseDelay = cmp.Or(p.BaseDelay, 200*time.Millisecond)
	p.MaxDelay = min(cmp.Or(p.MaxDelay, 30*time.Second), wait.Longest)
	p.Budget = cmp.Or(p.Budget, 100)
	return p
}

// retryRequest makes attempts until one ends the call. Resty repeats a request too, but before its
// answer is read, and so without what the body says; it has no budget, and does not ask for
// credentials again.
func retryRequest(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		policy, stock := x.core.retry, x.core.repetitions
		if x.core.timeout > 0 {
			x.deadline = time.Now().Add(x.core.timeout)
		}
		uncertain := false // whether an earlier attempt may have had its effect
		for {
			made := x.attempts
			e := next(ctx, x)
			switch {
			case e == nil, uncertain && x.call.isDone(e):
				stock.Earn()
				return nil
			case x.attempts == made: // it was not sent: no token, or no room
				return e
			case !x.passing(e):
				if x.answer.status != 0 {
					stock.Earn()
				}
				return e
			}
			uncertain = uncertain || !e.harmless()
			pause, ok := wait.Backoff(policy.BaseDelay, policy.MaxDelay, x.attempts, e.RetryAfter)
			if !ok || x.attempts >= policy.MaxAttempts || pause >= x.remaining(ctx) || !stock.Take() {
				return e
			}
			if _, err := wait.For(ctx, pause, nil); err != nil {
				e.Err = joined(err, e.Err)
				return e
			}
		}
	}
}

// joined adds to the error that ended a call the one before it, if there was one.
func joined(err, before error) error {
	if before == nil {
		return err
	}
	return fmt.Errorf("%w, after %w", err, before)
}

// permanent reports whether a request would end with the same error again. An answer that ends too
// early would not.
func permanent(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	return errors.Is(err, ErrRedirect) || errors.Is(err, ErrBodyTooLarge) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.Is(err, ErrInvalidResponse) && !errors.Is(err, io.ErrUnexpectedEOF)
}

// passing reports whether the call may be made again, and may go well then.
func (x *exchange) passing(e *Error) bool {
	switch {
	case errors.Is(e, ErrRateLimited):
		return e.RetryAfter > 0 || !e.RateLimit.spent() || x.limited()
	case e.harmless():
		return !permanent(e.Err)
	case !x.call.idempotent:
		return false
	case e.StatusCode >= 500 || errors.Is(e, ErrUnavailable):
		return true
	}
	return e.Err != nil && !permanent(e.Err)
}

// harmless reports whether the server certainly did nothing.
func (e *Error) harmless() bool {
	_, unsent := errors.AsType[resend.NeverSent](e.Err)
	return unsent || errors.Is(e, ErrRateLimited)
}

// remaining is how much time the call has left.
func (x *exchange) remaining(ctx context.Context) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	left := time.Duration(math.MaxInt64)
	if !x.deadline.IsZero() {
		left = time.Until(x.deadline)
	}
	if deadline, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(deadline))
	}
	return left
}

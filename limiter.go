package instagram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/igv1/instagram/internal/bucket"
	"github.com/igv1/instagram/internal/recent"
)

// A Limiter decides when the requests of a client may be sent, see [WithLimiter].
// [NewHourlyLimiter] makes one; another may share a budget between processes. It must be safe for
// concurrent use.
type Limiter interface {
	// Wait returns nil when the request may be sent. Its error ends the call: the context's error,
	// or one that matches [ErrRateLimited], best a [*LimitError].
	Wait(ctx context.Context, request LimiterRequest) error

	// Observe is told what became of a request, once for each Wait that returned nil. It should not
	// block.
	Observe(request LimiterRequest, answer LimiterAnswer)
}

// WriteKind names a group of writes that share an hourly limit.
type WriteKind string

// The groups of writes with a limit. Deletions count like what they undo.
const (
	LikeWrites         WriteKind = "likes"
	CommentWrites      WriteKind = "comments"
	RelationshipWrites WriteKind = "relationships"
)

// A LimiterRequest is what a [Limiter] knows of a request.
type LimiterRequest struct {
	// Holder stands for the access token, or for the client id of a request without one. It is the
	// same in every process and does not give the token away.
	Holder string

	Method   string    // GET, POST or DELETE
	Endpoint string    // as in the API's reference: /users/{user-id}
	Write    WriteKind // empty for what has no limit of its own
}

// A LimiterAnswer is what the server said to a request. It is zero for a request that got no
// answer.
type LimiterAnswer struct {
	RateLimit  RateLimit
	Refused    bool          // because of a rate limit
	RetryAfter time.Duration // what the server asked to wait; 0 if it did not
}

// A LimitError is a request that a [Limiter] does not let wait. It matches [ErrRateLimited].
type LimitError struct {
	RetryAfter time.Duration // until the request would have had its turn
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("instagram: the limiter has no room for %v", e.RetryAfter.Round(time.Millisecond))
}

// Is makes [errors.Is] match [ErrRateLimited].
func (e *LimitError) Is(target error) bool { return target == ErrRateLimited }

// NoLimit is for the fields of [HourlyLimits]: what it is set for waits only while a pause lasts
// that the server asked for, whatever limit the server tells.
const NoLimit = math.MaxInt

// HourlyLimits are what a token may do within any hour, for [NewHourlyLimiter]. A field that is 0
// stands for its default, and [NoLimit] for no limit.
type HourlyLimits struct {
	// Calls are all requests. The default is what the server's answers say, and 5000 until they
	// have. If they say less than Calls, then that holds.
	Calls int

	// Likes, Comments and Relationships are the writes of each kind, deletions included. The
	// default is 60, or 30 where answers say that the app is in sandbox mode.
	Likes, Comments, Relationships int

	// FailFast has calls fail with a [*LimitError] where otherwise they would wait. A call whose
	// context would end before its turn fails so in any case.
	FailFast bool
}

// The limits of live apps, and of those in sandbox mode.
const (
	liveCalls, liveWrites       = 5000, 60
	sandboxCalls, sandboxWrites = 500, 30
)

// writeKinds are the places of the writes in what [HourlyLimits.within] returns.
var writeKinds = map[WriteKind]int{LikeWrites: 1, CommentWrites: 2, RelationshipWrites: 3}

// within returns the limits that hold where the server says its own for calls, which is 0 as long
// as it has not: first that of all calls, then those of writeKinds.
func (l HourlyLimits) within(server int) []int {
	writes := liveWrites
	if 0 < server && server <= sandboxCalls {
		writes = sandboxWrites
	}
	server = cmp.Or(server, l.Calls, liveCalls)
	calls := cmp.Or(l.Calls, server)
	if calls != NoLimit {
		calls = min(calls, server)
	}
	return []int{calls, cmp.Or(l.Likes, writes), cmp.Or(l.Comments, writes), cmp.Or(l.Relationships, writes)}
}

// NewHourlyLimiter returns a [Limiter] that spreads requests over the hour: a tenth of a limit may
// be used at once, and the rest comes bit by bit, so that no hour has more than the limit, wherever
// it starts. Each token has its own limits; the 10,000 tokens used last are remembered.
//
// Calls of one kind go in the order in which they came. A call that fails fast, or whose context
// ends while it waits, counts as nothing.
//
// The limiter slows down where answers show that others use the same token. When nothing remains,
// or the server refuses, it pauses for as long as the server asks, at most an hour, or for a
// minute.
func NewHourlyLimiter(limits HourlyLimits) (Limiter, error) {
	if min(limits.Calls, limits.Likes, limits.Comments, limits.Relationships) < 0 {
		return nil, &ParameterError{"hourly limits", "one is negative"}
	}
	return &hourlyLimiter{limits, recent.New[*bucket.Set](maxHolders)}, nil
}

type hourlyLimiter struct {
	limits  HourlyLimits
	holders *recent.Map[*bucket.Set]
}

func (l *hourlyLimiter) Wait(ctx context.Context, request LimiterRequest) error {
	patience := bucket.Forever
	if deadline, ok := ctx.Deadline(); ok {
		patience = max(time.Until(deadline), 0)
	}
	if l.limits.FailFast {
		patience = 0
	}
	err := l.holder(request.Holder).Wait(ctx, writeKinds[request.Write], patience)
	if late, ok := errors.AsType[*bucket.LateError](err); ok {
		return &LimitError{late.Wait}
	}
	return err
}

func (l *hourlyLimiter) Observe(request LimiterRequest, answer LimiterAnswer) {
	said := answer.RateLimit
	refused := answer.Refused || said.Limit > 0 && said.Remaining == 0
	if said.Limit <= 0 && !refused {
		return
	}
	l.holder(request.Holder).Change(func(buckets []bucket.Bucket) {
		used := bucket.All
		if said.Limit > 0 {
			for kind, limit := range l.limits.within(said.Limit) {
				buckets[kind].Resize(limit)
			}
			if l.limits.Calls != NoLimit {
				buckets[bucket.All].Hold(said.Remaining)
			}
			if said.Remaining > 0 { // so it is the limit of the writes that refuses
				used = writeKinds[request.Write]
			}
		}
		if refused {
			buckets[used].Pause(cmp.Or(min(answer.RetryAfter, time.Hour), time.Minute))
		}
	})
}

func (l *hourlyLimiter) holder(holder string) *bucket.Set {
	return l.holders.Update(holder, func(s *bucket.Set) *bucket.Set {
		if s == nil {
			s = bucket.NewSet(l.limits.within(0)...)
		}
		return s
	})
}

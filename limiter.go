package instagram

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"golang.org/x/time/rate"
)

// A Limiter decides when the requests of a client may be sent, see
// [WithLimiter]. [NewHourlyLimiter] makes one; another may share a budget
// between processes. It must be safe for concurrent use.
type Limiter interface {
	// Wait returns nil when the request may be sent. Its error ends the call: the
	// context's error, or one that matches [ErrRateLimited], best a [*LimitError].
	Wait(ctx context.Context, request LimiterRequest) error

	// Observe is told what became of a request, once for each Wait that returned
	// nil. It should not block.
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
	// Holder stands for the access token, or for the client id of a request
	// without one. It is the same in every process and does not give the token away.
	Holder string

	Method   string    // GET, POST or DELETE
	Endpoint string    // as in the API's reference: /users/{user-id}
	Write    WriteKind // empty for what has no limit of its own
}

// A LimiterAnswer is what the server said to a request. It is zero for a request
// that got no answer.
type LimiterAnswer struct {
	RateLimit  RateLimit
	Refused    bool          // because of a rate limit
	RetryAfter time.Duration // what the server asked to wait; 0 if it did not
}

// A LimitError is a request that a [Limiter] does not let wait. It matches
// [ErrRateLimited].
type LimitError struct {
	RetryAfter time.Duration // until the request would have had its turn
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("instagram: the limiter has no room for %v", e.RetryAfter.Round(time.Millisecond))
}

// Is makes [errors.Is] match [ErrRateLimited].
func (e *LimitError) Is(target error) bool { return target == ErrRateLimited }

// HourlyLimits are what a token may do within any hour, for [NewHourlyLimiter].
type HourlyLimits struct {
	// Calls are all requests. The default is what the server's answers say, and
	// 5000 until they have; if they say less than Calls, then that holds.
	Calls int

	// Likes, Comments and Relationships are the writes of each kind. The default
	// is 60, or 30 where answers say that the app is in sandbox mode.
	Likes, Comments, Relationships int

	// FailFast has calls fail with a [*LimitError] where otherwise they would wait.
	// Those whose context ends before their turn comes fail so in any case.
	FailFast bool
}

// The limits of live apps, and of those in sandbox mode.
const (
	liveCalls, liveWrites       = 5000, 60
	sandboxCalls, sandboxWrites = 500, 30
)

// within returns the limits that hold where the server says its own for calls,
// which is 0 as long as it has not.
func (l HourlyLimits) within(server int) HourlyLimits {
	writes := liveWrites
	if 0 < server && server <= sandboxCalls {
		writes = sandboxWrites
	}
	server = cmp.Or(server, l.Calls, liveCalls)
	return HourlyLimits{
		Calls:         min(cmp.Or(l.Calls, server), server),
		Likes:         cmp.Or(l.Likes, writes),
		Comments:      cmp.Or(l.Comments, writes),
		Relationships: cmp.Or(l.Relationships, writes),
	}
}

// NewHourlyLimiter returns a [Limiter] that spreads requests over the hour: a
// tenth of a limit may be used at once, and the rest comes bit by bit, so that
// no hour has more than the limit, wherever it starts. Each token has its own
// limits; the 10,000 tokens used last are remembered.
//
// The limiter slows down where answers show that others use the same token. When
// nothing remains, or the server refuses, it pauses for as long as the server
// asks, or for a minute.
func NewHourlyLimiter(limits HourlyLimits) (Limiter, error) {
	if limits.Calls < 0 || limits.Likes < 0 || limits.Comments < 0 || limits.Relationships < 0 {
		return nil, &ParameterError{"hourly limits", "one is negative"}
	}
	return &hourlyLimiter{limits, newRecent[*meter](maxHolders)}, nil
}

type hourlyLimiter struct {
	limits HourlyLimits
	meters *recent[*meter]
}

func (l *hourlyLimiter) Wait(ctx context.Context, request LimiterRequest) error {
	now := time.Now()
	delay, cancel := l.meter(request.Holder).reserve(now, request.Write)
	if delay == 0 {
		return nil
	}
	deadline, ok := ctx.Deadline()
	if l.limits.FailFast || ok && now.Add(delay).After(deadline) {
		cancel()
		return &LimitError{delay}
	}
	_, err := sleep(ctx, delay, nil)
	if err != nil {
		cancel()
	}
	return err
}

func (l *hourlyLimiter) Observe(request LimiterRequest, answer LimiterAnswer) {
	now := time.Now()
	m := l.meter(request.Holder)
	used := m.calls
	if said := answer.RateLimit; said.Limit > 0 {
		m.adapt(now, l.limits.within(said.Limit))
		hold(m.calls, now, now, said.Remaining)
		if said.Remaining > 0 && m.writes[request.Write] != nil {
			used = m.writes[request.Write]
		}
		answer.Refused = answer.Refused || said.Remaining == 0
	}
	if answer.Refused {
		pause := cmp.Or(min(answer.RetryAfter, time.Hour), time.Minute)
		hold(used, now, now.Add(pause), 1)
	}
}

func (l *hourlyLimiter) meter(holder string) *meter {
	return l.meters.update(holder, func(m *meter) *meter {
		if m == nil {
			m = newMeter(l.limits.within(0))
		}
		return m
	})
}

// meter is what one token has left, as token buckets.
type meter struct {
	calls  *rate.Limiter
	writes map[WriteKind]*rate.Limiter
}

func newMeter(l HourlyLimits) *meter {
	return &meter{rate.NewLimiter(spread(l.Calls)), map[WriteKind]*rate.Limiter{
		LikeWrites:         rate.NewLimiter(spread(l.Likes)),
		CommentWrites:      rate.NewLimiter(spread(l.Comments)),
		RelationshipWrites: rate.NewLimiter(spread(l.Relationships)),
	}}
}

func (m *meter) adapt(now time.Time, l HourlyLimits) {
	adapt(m.calls, now, l.Calls)
	adapt(m.writes[LikeWrites], now, l.Likes)
	adapt(m.writes[CommentWrites], now, l.Comments)
	adapt(m.writes[RelationshipWrites], now, l.Relationships)
}

// reserve takes a request's place in its buckets, and returns how long it has to
// wait there and how to leave.
func (m *meter) reserve(now time.Time, kind WriteKind) (delay time.Duration, cancel func()) {
	call := m.calls.ReserveN(now, 1)
	delay, cancel = call.DelayFrom(now), func() { call.CancelAt(now) }
	if writes := m.writes[kind]; writes != nil {
		write := writes.ReserveN(now, 1)
		delay, cancel = max(delay, write.DelayFrom(now)), func() { call.CancelAt(now); write.CancelAt(now) }
	}
	return delay, cancel
}

// spread returns the rate and the size of the bucket of an hourly limit. What is
// in the bucket and what flows into it in an hour are the limit together.
func spread(limit int) (rate.Limit, int) {
	burst := max(limit/10, 1)
	return rate.Limit(float64(max(limit-burst, 1)) / time.Hour.Seconds()), burst
}

// adapt changes the limit of a bucket. What was taken out of it stays out.
func adapt(bucket *rate.Limiter, now time.Time, limit int) {
	every, burst := spread(limit)
	if bucket.Burst() == burst && bucket.Limit() == every {
		return
	}
	taken := float64(bucket.Burst()) - bucket.TokensAt(now)
	bucket.SetLimitAt(now, every)
	bucket.SetBurstAt(now, burst)
	hold(bucket, now, now, burst-int(math.Ceil(taken)))
}

// hold takes out of a bucket what would make it hold more than most at a time to
// come. What has a reservation keeps it.
func hold(bucket *rate.Limiter, now, until time.Time, most int) {
	for {
		excess := int(math.Ceil(bucket.TokensAt(until) - float64(most)))
		if excess <= 0 {
			return
		}
		bucket.ReserveN(now, min(excess, bucket.Burst()))
	}
}

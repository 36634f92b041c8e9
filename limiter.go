package instagram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/igv1/instagram/internal/bucket"
	"github.com/igv1/instagram/internal/usage"
)

// RateLimit is what an answer says of the hour's budget of its token.
type RateLimit struct {
	Limit     int // calls in an hour; 0 if the answer did not say
	Remaining int // calls left

	AppUsage      AppUsage      // what answers of the Graph say in its place
	BusinessUsage BusinessUsage // and of the account that the token is for
}

// AppUsage is how much of its hour an app has used up, in percent. The Graph refuses calls once any
// of the three has reached 100. Zeros may also mean that the answer did not say.
type AppUsage struct {
	CallCount    int // calls made
	TotalTime    int // time that the calls took
	TotalCPUTime int // processor time that they took
}

// BusinessUsage is how much of its hour an app has used up for one account, as [AppUsage] says it
// of all of them. Where an answer speaks of several accounts or uses, each figure is the highest.
type BusinessUsage struct {
	CallCount    int
	TotalTime    int
	TotalCPUTime int

	// RegainAccess is how long the Graph goes on refusing calls, to the minute; 0 if it does not.
	RegainAccess time.Duration
}

// maxHolders is how many tokens a client remembers the budget of.
const maxHolders = 10_000

// usage returns what answers of the Graph say.
func (r RateLimit) usage() (app, business usage.Usage) {
	a := r.AppUsage
	return usage.Usage{CallCount: a.CallCount, TotalTime: a.TotalTime, TotalCPUTime: a.TotalCPUTime}, usage.Usage(r.BusinessUsage)
}

// spent reports whether an answer said that nothing remains.
func (r RateLimit) spent() bool {
	app, business := r.usage()
	return r.Limit > 0 && r.Remaining == 0 || max(app.Most(), business.Most()) >= 100
}

// after keeps of an earlier answer what this one does not speak of.
func (r RateLimit) after(earlier RateLimit) RateLimit {
	if r.Limit == 0 {
		r.Limit, r.Remaining = earlier.Limit, earlier.Remaining
	}
	if r.AppUsage == (AppUsage{}) {
		r.AppUsage = earlier.AppUsage
	}
	if r.BusinessUsage == (BusinessUsage{}) {
		r.BusinessUsage = earlier.BusinessUsage
	}
	return r
}

// rateLimitOf reads what an answer says of the budget. One without what remains, or without a limit
// that makes sense, says nothing.
func rateLimitOf(h http.Header) RateLimit {
	app, business := usage.Of(h)
	said := RateLimit{AppUsage: AppUsage{app.CallCount, app.TotalTime, app.TotalCPUTime}, BusinessUsage: BusinessUsage(business)}
	limit, err := strconv.Atoi(h.Get("X-Ratelimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-Ratelimit-Remaining"))
	if err == nil && err2 == nil && limit > 0 {
		said.Limit, said.Remaining = limit, max(remaining, 0)
	}
	return said
}

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
	return fmt.Sprintf("instagram: the limiter has no call left; the next one in %v", e.RetryAfter.Round(time.Millisecond))
}

// Is makes [errors.Is] match [ErrRateLimited].
func (e *LimitError) Is(target error) bool { return target == ErrRateLimited }

// NoLimit means no limit for the kind whose field of [HourlyLimits] it is in. Such requests wait
// only while the server has asked for a pause.
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
// ends while it waits, takes nothing from the limits.
//
// The limiter slows down where answers show that others use the same token. When nothing remains,
// or the server refuses, it pauses for as long as the server asks, at most an hour, or for a
// minute.
func NewHourlyLimiter(limits HourlyLimits) (Limiter, error) {
	if min(limits.Calls, limits.Likes, limits.Comments, limits.Relationships) < 0 {
		return nil, &ParameterError{"hourly limits", "one is negative"}
	}
	return hourlyLimiter{bucket.NewHolders(limits.within, maxHolders), limits.FailFast}, nil
}

type hourlyLimiter struct {
	*bucket.Holders
	failFast bool
}

func (l hourlyLimiter) Wait(ctx context.Context, request LimiterRequest) error {
	return waitTurn(ctx, l.failFast, func(patience time.Duration) error {
		return l.Holders.Wait(ctx, request.Holder, writeKinds[request.Write], patience)
	})
}

func (l hourlyLimiter) Observe(request LimiterRequest, answer LimiterAnswer) {
	said := answer.RateLimit
	l.Holders.Observe(request.Holder, writeKinds[request.Write], said.Limit, said.Remaining, answer.Refused, answer.RetryAfter)
}

// waitTurn waits with the patience that a request has, which is how long it may wait for its turn.
func waitTurn(ctx context.Context, failFast bool, wait func(patience time.Duration) error) error {
	if ctx == nil {
		return &ParameterError{"ctx", "it is nil"}
	}
	patience := bucket.Forever
	if deadline, ok := ctx.Deadline(); failFast {
		patience = 0
	} else if ok {
		patience = max(time.Until(deadline), 0)
	}
	err := wait(patience)
	if late, ok := errors.AsType[*bucket.LateError](err); ok {
		return &LimitError{late.Wait}
	}
	return err
}

// UsageLimits are how a limiter of [NewUsageLimiter] holds back.
type UsageLimits struct {
	// Threshold is the usage in percent from which on requests are spread. The default is 75.
	Threshold int

	// FailFast has calls fail with a [*LimitError] where otherwise they would wait. Those whose
	// context would end before their turn fail so in any case.
	FailFast bool
}

// NewUsageLimiter returns a [Limiter] for [WithGraphLimiter], which goes by what the Graph's
// answers say of the budget of the app and of each account. Below the threshold it lets every
// request pass. From there on it spreads them, so that what is left would last for the hour; it
// learns from the answers how much of it a request takes. When all is used up, or the server
// refuses, it pauses for as long as the server asks, or for a minute.
//
// The budget of the app is shared by all tokens. Of the accounts, the 10,000 whose tokens were used
// last are remembered.
func NewUsageLimiter(limits UsageLimits) (Limiter, error) {
	if limits.Threshold < 0 || limits.Threshold > 100 {
		return nil, &ParameterError{"usage threshold", fmt.Sprintf("%d is not between 0 and 100", limits.Threshold)}
	}
	limits.Threshold = cmp.Or(limits.Threshold, 75)
	return usageLimiter{usage.NewLimiter(limits.Threshold, maxHolders), limits.FailFast}, nil
}

type usageLimiter struct {
	*usage.Limiter
	failFast bool
}

func (l usageLimiter) Wait(ctx context.Context, request LimiterRequest) error {
	return waitTurn(ctx, l.failFast, func(patience time.Duration) error {
		return l.Limiter.Wait(ctx, request.Holder, patience)
	})
}

func (l usageLimiter) Observe(request LimiterRequest, answer LimiterAnswer) {
	app, business := answer.RateLimit.usage()
	l.Limiter.Observe(request.Holder, app, business, answer.Refused, answer.RetryAfter)
}

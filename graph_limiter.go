package instagram

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/igv1/instagram/internal/recent"
)

// UsageLimits are how a limiter of [NewUsageLimiter] holds back.
type UsageLimits struct {
	// Threshold is the usage in percent from which on requests are spread. The default is 75.
	Threshold int

	// FailFast has calls fail with a [*LimitError] where otherwise they would wait. Those whose
	// context ends before their turn comes fail so in any case.
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
	return &usageLimiter{limits: limits, accounts: recent.New[usageMeter](maxHolders), news: make(chan struct{})}, nil
}

type usageLimiter struct {
	limits   UsageLimits
	mu       sync.Mutex
	app      usageMeter
	accounts *recent.Map[usageMeter]
	news     chan struct{} // closed when an answer may have brought turns forward
}

// Wait implements [Limiter].
func (l *usageLimiter) Wait(ctx context.Context, request LimiterRequest) error {
	for {
		now := time.Now()
		turn, news := l.take(request.Holder, now)
		if !turn.After(now) {
			return nil
		}
		deadline, bounded := ctx.Deadline()
		if l.limits.FailFast || bounded && turn.After(deadline) {
			return &LimitError{turn.Sub(now)}
		}
		if _, err := sleep(ctx, turn.Sub(now), news); err != nil {
			return err
		}
	}
}

// take takes a turn if there is one now, and otherwise returns when there is, and what closes when
// that may have changed.
func (l *usageLimiter) take(holder string, now time.Time) (turn time.Time, news <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accounts.Update(holder, func(account usageMeter) usageMeter {
		turn = later(l.app.turn(now, l.limits.Threshold), account.turn(now, l.limits.Threshold))
		if !turn.After(now) {
			l.app.take(now)
			account.take(now)
		}
		return account
	})
	return turn, l.news
}

// Observe implements [Limiter].
func (l *usageLimiter) Observe(request LimiterRequest, answer LimiterAnswer) {
	now := time.Now()
	said := answer.RateLimit
	l.mu.Lock()
	defer l.mu.Unlock()
	l.app.observe(now, said.AppUsage.most())
	appIsOut := said.AppUsage.most() >= 100
	if appIsOut {
		l.app.pause(now, answer.RetryAfter)
	}
	l.accounts.Update(request.Holder, func(account usageMeter) usageMeter {
		account.observe(now, said.BusinessUsage.most())
		regain := max(said.BusinessUsage.RegainAccess, answer.RetryAfter)
		if regain > 0 || said.BusinessUsage.most() >= 100 || answer.Refused && !appIsOut {
			account.pause(now, regain)
		}
		return account
	})
	close(l.news)
	l.news = make(chan struct{})
}

// A usageMeter is what is known of one budget.
type usageMeter struct {
	used     int       // percent, as of the latest answer that said it
	seen     time.Time // when that was
	requests int       // since then
	cost     float64   // what a request takes, in percent
	last     time.Time // when the latest one was let pass
	until    time.Time // no turns before
}

// turn returns when the next request may be made. Above the threshold, turns are so far apart that
// the requests of the coming hour take no more than what is left, even if nothing is given back.
func (m *usageMeter) turn(now time.Time, threshold int) time.Time {
	turn := later(now, m.until)
	if m.used < threshold || now.Sub(m.seen) >= time.Hour {
		return turn
	}
	left := max(float64(100-m.used), 1)
	apart := min(m.cost/left, 1) * float64(time.Hour)
	return later(turn, m.last.Add(time.Duration(apart)))
}

func (m *usageMeter) take(now time.Time) {
	m.last = now
	m.requests++
}

// observe takes in what an answer says has been used, which is 0 for one that does not say. What a
// request costs is learned at once where it is more than was thought, and little by little where it
// is less: of what is given back in the meantime nothing is known.
func (m *usageMeter) observe(now time.Time, used int) {
	if used == 0 {
		return
	}
	if m.requests > 0 && now.Sub(m.seen) < time.Hour {
		sample := float64(max(used-m.used, 0)) / float64(m.requests)
		m.cost = max(sample, (3*m.cost+sample)/4)
	}
	m.cost = max(m.cost, leastCost)
	m.used, m.seen, m.requests = used, now, 0
}

// leastCost is what a request takes of an hour's budget as long as nothing else is known: one of
// 200, which is what the Graph grants an app for a user.
const leastCost = 0.5

// pause gives no turn for as long as the server asks, or for a minute. The first one after that is
// free: its answer says how things stand.
func (m *usageMeter) pause(now time.Time, asked time.Duration) {
	m.last = time.Time{}
	m.until = later(m.until, now.Add(cmp.Or(min(asked, longestWait), time.Minute)))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

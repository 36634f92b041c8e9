package usage

import (
	"context"
	"sync"
	"time"

	"github.com/igv1/instagram/internal/bucket"
	"github.com/igv1/instagram/internal/recent"
	"github.com/igv1/instagram/internal/wait"
)

// A Limiter lets requests pass by what the answers say of the budget of the app and of each
// account. It is safe for concurrent use.
type Limiter struct {
	threshold int

	mu       sync.Mutex
	app      meter
	accounts *recent.Map[meter]
	news     chan struct{} // closed when an answer may have brought turns forward
}

// NewLimiter returns a limiter that spreads requests from a threshold in percent on, and remembers
// the accounts used last.
func NewLimiter(threshold, accounts int) *Limiter {
	return &Limiter{threshold: threshold, accounts: recent.New[meter](accounts), news: make(chan struct{})}
}

// Wait returns nil when a request for an account may go. If its turn is farther away than its
// patience, it does not wait but returns a [*bucket.LateError]. When ctx ends first, the error is
// that of ctx.
func (l *Limiter) Wait(ctx context.Context, account string, patience time.Duration) error {
	for start := time.Now(); ; {
		now := time.Now()
		turn, news := l.take(account, now)
		if !turn.After(now) {
			return nil
		}
		if turn.After(start.Add(patience)) {
			return &bucket.LateError{Wait: turn.Sub(now)}
		}
		if _, err := wait.For(ctx, turn.Sub(now), news); err != nil {
			return err
		}
	}
}

// take takes a turn if there is one now, and otherwise returns when there is, and what closes when
// that may have changed.
func (l *Limiter) take(account string, now time.Time) (turn time.Time, news <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accounts.Update(account, func(m meter) meter {
		turn = later(l.app.turn(now, l.threshold), m.turn(now, l.threshold))
		if !turn.After(now) {
			l.app.take(now)
			m.take(now)
		}
		return m
	})
	return turn, l.news
}

// Observe takes in what an answer to a request for an account says: how much the app and the
// account have used up, whether it refuses the request, and how long it asks to wait.
func (l *Limiter) Observe(account string, app, business Usage, refused bool, asked time.Duration) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.app.observe(now, app.Most())
	appIsOut := app.Most() >= 100
	if appIsOut {
		l.app.pause(now, asked)
	}
	l.accounts.Update(account, func(m meter) meter {
		m.observe(now, business.Most())
		regain := max(business.RegainAccess, asked)
		if regain > 0 || business.Most() >= 100 || refused && !appIsOut {
			m.pause(now, regain)
		}
		return m
	})
	close(l.news)
	l.news = make(chan struct{})
}

package harvest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/fleet"
)

// A Token is one of those that lists are read with.
type Token struct {
	Name   string // what reports call it
	Holder string // what the limiter calls it

	client *instagram.Client

	// Guarded by the pool.
	aside bool
	until time.Time // it has nothing left before
}

// NewToken makes a client for a token. The options are those of all clients.
func NewToken(name, secret string, options ...instagram.Option) (*Token, error) {
	client, err := instagram.NewClient(append(options, instagram.WithAccessToken(secret))...)
	if err != nil {
		return nil, fmt.Errorf("token %s: %w", name, err)
	}
	holder, err := holderOf(secret)
	if err != nil {
		return nil, fmt.Errorf("token %s: %w", name, err)
	}
	return &Token{Name: name, Holder: holder, client: client}, nil
}

// holderOf asks a client what it calls a token. Nothing is sent.
func holderOf(secret string) (string, error) {
	var asked asker
	client, err := instagram.NewClient(instagram.WithAccessToken(secret), instagram.WithLimiter(&asked))
	if err != nil {
		return "", err
	}
	defer client.Close()
	if _, err := client.Users.Get(context.Background(), instagram.Self); asked.holder == "" {
		return "", err
	}
	return asked.holder, nil
}

// An asker lets no request through, and keeps whose it was.
type asker struct{ holder string }

func (a *asker) Wait(_ context.Context, r instagram.LimiterRequest) error {
	a.holder = r.Holder
	return &instagram.LimitError{}
}

func (*asker) Observe(instagram.LimiterRequest, instagram.LimiterAnswer) {}

// A Pool is the tokens of a worker. Calls go to the one with the most left, as far as that is
// known; those that do not work any more are set aside.
type Pool struct {
	tokens  []*Token
	limiter *fleet.Limiter
	recheck time.Duration
	log     *slog.Logger
	onAside func(*Token, error)

	turn chan struct{} // of capacity 1: one chooses at a time

	mu      sync.Mutex
	current *Token
	calls   int // until another is chosen
	vain    int // looks in a row that found nothing
}

// The choice of a token.
const (
	sample = 4  // how many are looked at; with no more than that, all are
	stay   = 50 // calls, before others are looked at again
)

// ErrNoToken says that no token works any more.
var ErrNoToken = errors.New("no token works any more: put others into the file of tokens, and start again")

func newPool(tokens []*Token, limiter *fleet.Limiter, hour time.Duration, log *slog.Logger, onAside func(*Token, error)) *Pool {
	return &Pool{
		tokens: tokens, limiter: limiter, recheck: hour / 120, log: log, onAside: onAside,
		turn: make(chan struct{}, 1),
	}
}

// do makes a call with one token after the other, until it is no token's fault what comes of it. It
// waits while no token has anything left.
func (p *Pool) do(ctx context.Context, call func(*instagram.Client) error) error {
	for {
		token, err := p.pick(ctx)
		if err != nil {
			return err
		}
		err = call(token.client)
		var away *fleet.UnavailableError
		var full *instagram.LimitError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &away):
			if err := Pause(ctx, time.Second); err != nil {
				return err
			}
		case errors.As(err, &full):
			p.spent(token, min(full.RetryAfter, p.recheck))
		case errors.Is(err, instagram.ErrRateLimited):
			p.log.Warn("the server refuses a call for the limit of its token", "token", token.Name)
			p.spent(token, 0) // the limiter knows for how long
		case errors.Is(err, instagram.ErrUnauthorized), errors.Is(err, instagram.ErrMissingScope):
			p.setAside(token, err)
		default:
			return err
		}
	}
}

// Pause waits for a while, unless ctx ends before.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pick returns the token to make a call with.
func (p *Pool) pick(ctx context.Context) (*Token, error) {
	for {
		if t := p.stay(); t != nil {
			return t, nil
		}
		select {
		case p.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		t := p.stay() // somebody else may have chosen
		var err error
		var wait time.Duration
		if t == nil {
			wait, err = p.choose(ctx)
		}
		<-p.turn
		if t != nil || err != nil {
			return t, err
		}
		if err := Pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// stay returns the token that was chosen, while it is still good.
func (p *Pool) stay() *Token {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current == nil || p.current.aside || p.calls == 0 || time.Until(p.current.until) > 0 {
		return nil
	}
	p.calls--
	return p.current
}

// choose looks for the token with the most left. If there is none, it returns after how long to
// look again.
func (p *Pool) choose(ctx context.Context) (wait time.Duration, err error) {
	p.mu.Lock()
	var good []*Token
	wait = time.Hour
	working := false
	for _, t := range p.tokens {
		if t.aside {
			continue
		}
		working = true
		if until := time.Until(t.until); until > 0 {
			wait = min(wait, until)
			continue
		}
		good = append(good, t)
	}
	p.current = nil
	p.mu.Unlock()
	if !working {
		return 0, ErrNoToken
	}
	if len(good) == 0 {
		return wait, nil
	}
	rand.Shuffle(len(good), func(i, j int) { good[i], good[j] = good[j], good[i] })
	var best *Token
	most := 0
	for _, t := range good[:min(len(good), sample)] {
		budget, err := p.limiter.Budget(ctx, t.Holder)
		if err != nil {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return time.Second, nil // NATS is away
		}
		if budget.Left == 0 {
			p.spent(t, min(time.Until(budget.Free), p.recheck))
			continue
		}
		left := budget.Left
		if !budget.Known { // it may have ten times as much: the first answer tells
			left = math.MaxInt
		}
		if left > most {
			best, most = t, left
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current, p.calls = best, stay
	if best == nil {
		return p.lull(), nil
	}
	p.vain = 0
	return 0, nil
}

// lull is how long to wait after a look that found nothing: at first an eighth of a second, in the
// end 15 seconds. A thousand workers with thousands of tokens that are all spent would otherwise
// ask NATS for nothing else. The lock is held.
func (p *Pool) lull() time.Duration {
	longest := p.recheck / 2
	d := min(p.recheck/240<<p.vain, longest)
	p.vain = min(p.vain+1, 10)
	return d/2 + rand.N(d/2+1)
}

// spent has a token rest. Those who wait do not all look at the same moment.
func (p *Pool) spent(t *Token, d time.Duration) {
	d = max(d, p.recheck/60)
	p.mu.Lock()
	defer p.mu.Unlock()
	t.until = time.Now().Add(d + rand.N(d/8+1))
}

func (p *Pool) setAside(t *Token, reason error) {
	p.mu.Lock()
	before := t.aside
	t.aside = true
	p.mu.Unlock()
	if !before {
		p.log.Error("a token is set aside", "token", t.Name, "reason", reason)
		p.onAside(t, reason)
	}
}

// close closes the clients.
func (p *Pool) close() {
	for _, t := range p.tokens {
		t.client.Close()
	}
}

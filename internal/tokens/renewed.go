package tokens

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/redact"
)

// LongLife is the life of a token that does not say how long it is good.
const LongLife = 60 * 24 * time.Hour

const (
	youngestAge  = 24 * time.Hour // at which a token can be renewed
	firstPause   = time.Minute    // after a renewal that failed; doubled each time
	longestPause = time.Hour

	mostTime = 10 * time.Second // that a call spends on renewing, and on saving
)

// RenewOptions say how a token is renewed. All but Age and Save must be set.
type RenewOptions struct {
	// Renew trades a token for a new one.
	Renew func(context.Context, *oauth2.Token) (*oauth2.Token, error)

	Age     time.Duration                              // at which a token is renewed; default: half its life
	Save    func(context.Context, *oauth2.Token) error // is handed each new token
	Failed  func(context.Context, error)               // is told of each renewal and each Save that failed
	Expired error                                      // what an expired token is
}

// Renew returns a source that keeps a token alive. One goroutine at a time renews it and saves it,
// as a part of asking for it, while the others go on with the old one.
func Renew(token oauth2.Token, opts RenewOptions) *Renewed {
	return &Renewed{opts: opts, work: make(chan struct{}, 1), token: &token}
}

// Renewed holds a token that is renewed. Whoever has put something into work may renew and save.
type Renewed struct {
	opts RenewOptions
	work chan struct{}

	mu       sync.Mutex
	token    *oauth2.Token // never changed once it is here
	unsaved  bool
	failures int       // in a row
	resume   time.Time // when to try again after them
}

// Token implements [oauth2.TokenSource].
func (s *Renewed) Token() (*oauth2.Token, error) { return s.TokenContext(context.Background()) }

// TokenContext is Token within a context.
func (s *Renewed) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	token, due := s.look(time.Now())
	if due {
		select {
		case s.work <- struct{}{}:
			token = s.attend(ctx)
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		default: // somebody is at it
		}
	}
	if expired(token, time.Now()) {
		return nil, fmt.Errorf("%w: the token expired on %s, sign in again", s.opts.Expired, token.Expiry.UTC().Format(time.RFC3339))
	}
	current := *token
	return &current, nil
}

// look returns the token, and whether there is something to do for it.
func (s *Renewed) look(now time.Time) (token *oauth2.Token, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token, !now.Before(s.resume) && (s.unsaved || s.old(now))
}

// old reports whether the token is to be renewed, and can be. The caller has locked mu.
func (s *Renewed) old(now time.Time) bool {
	if s.token.Expiry.IsZero() {
		return true
	}
	life := cmp.Or(time.Duration(s.token.ExpiresIn)*time.Second, LongLife)
	age := max(cmp.Or(s.opts.Age, life/2), youngestAge)
	return !now.Before(s.token.Expiry.Add(age-life)) && !expired(s.token, now)
}

func expired(token *oauth2.Token, now time.Time) bool {
	return !token.Expiry.IsZero() && !now.Before(token.Expiry)
}

// attend renews the token and saves it, as far as each is due, and returns the token to use.
func (s *Renewed) attend(ctx context.Context) *oauth2.Token {
	defer func() { <-s.work }()
	token, due := s.look(time.Now())
	if !due { // somebody was faster
		return token
	}
	s.mu.Lock()
	renew := s.old(time.Now())
	s.mu.Unlock()
	if renew {
		if renewed, err := s.renew(ctx, token); err != nil {
			s.failed(ctx, fmt.Errorf("instagram: the token for the Graph was not renewed: %w", err))
		} else {
			token = renewed
			s.settle(func() { s.token, s.unsaved, s.failures = renewed, s.opts.Save != nil, 0 })
		}
	}
	s.save(ctx, token)
	return token
}

func (s *Renewed) renew(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
	ctx, cancel := partOf(ctx)
	defer cancel()
	renewed, err := s.opts.Renew(ctx, token)
	if err == nil && renewed.Expiry.IsZero() { // it would be renewed again at each call
		renewed.Expiry, renewed.ExpiresIn = time.Now().Add(LongLife), int64(LongLife/time.Second)
	}
	return renewed, err
}

// save hands the token over unless that was done.
func (s *Renewed) save(ctx context.Context, token *oauth2.Token) {
	s.mu.Lock()
	unsaved := s.unsaved
	s.mu.Unlock()
	if !unsaved {
		return
	}
	part, cancel := partOf(ctx)
	defer cancel()
	handed := *token
	if err := s.opts.Save(part, &handed); err != nil {
		var secrets redact.Set
		secrets.Add(token.AccessToken)
		err = secrets.Error(err, redact.MaxText)
		s.failed(ctx, fmt.Errorf("instagram: the renewed token for the Graph was not saved, and is in use: %w", err))
		return
	}
	s.settle(func() { s.unsaved, s.failures = false, 0 })
}

// partOf bounds what is done beside a call, so that the call itself has time left.
func partOf(ctx context.Context) (context.Context, context.CancelFunc) {
	most := mostTime
	if deadline, ok := ctx.Deadline(); ok {
		most = min(most, time.Until(deadline)/2)
	}
	return context.WithTimeout(ctx, most)
}

// settle changes what mu guards.
func (s *Renewed) settle(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// failed tells of an error, and puts off the next attempt. One that was cut short by its caller
// says nothing of the next one.
func (s *Renewed) failed(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.settle(func() {
			pause := min(firstPause<<min(s.failures, 10), longestPause)
			s.failures++
			s.resume = time.Now().Add(pause)
		})
	}
	s.opts.Failed(ctx, err)
}

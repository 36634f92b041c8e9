package instagram

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

// What the Graph says of long-lived tokens.
const (
	longLife     = 60 * 24 * time.Hour // of a token that does not say
	youngestAge  = 24 * time.Hour      // at which a token can be renewed
	firstPause   = time.Minute         // after a renewal that failed; doubled each time
	longestPause = time.Hour

	mostTime = 10 * time.Second // that a call spends on renewing, and on saving
)

// GraphTokenOptions are how a [GraphTokenSource] renews its token.
type GraphTokenOptions struct {
	// Client makes the calls that renew the token, at its Graph URL and with its HTTP client,
	// retries and logger. Of its own tokens it uses none. The default is what [NewClient] returns.
	Client *Client

	// Age is how old a token is when it is renewed. The default is half its life; the least is 24
	// hours, for the Graph renews no younger one.
	Age time.Duration

	// Save is handed each new token, to keep it for the next start of the program: a token marshals
	// to JSON whole. It is called by one goroutine at a time, and has 10 s, or half of what the
	// call has left. Where it fails the token is used all the same, and handed over again later.
	Save func(context.Context, *oauth2.Token) error

	// Failed is told of each renewal and each Save that failed, for neither fails a call. By
	// default a line is logged: to the client's logger, or else to [slog.Default].
	Failed func(context.Context, error)
}

// GraphTokenSource returns a source for [WithGraphTokenSource] that keeps a token of [GraphSignIn]
// alive: it renews it once it is old enough, and before it expires, as part of the first call that
// is made then. The other calls of that time go on with the old token. One that cannot be renewed
// is used until it expires, and renewing is tried again after a minute, then after two, up to an
// hour. Renewing takes a call at most 10 s, or half of the time that its context leaves it.
//
// Behind its expiry a token cannot be renewed: the source then returns an error that matches
// [ErrUnauthorized], and the user has to sign in again. A token without an Expiry is renewed at
// once, because nothing else tells when it ends.
//
// The source starts no goroutine, and is safe for any number of them. Where it is asked by a client
// of this package, the context of the call ends its work too.
//
// Graph API: GET /refresh_access_token
func GraphTokenSource(token *oauth2.Token, opts *GraphTokenOptions) (oauth2.TokenSource, error) {
	o := value(opts)
	switch {
	case token == nil:
		return nil, &ParameterError{"access_token", "there is none"}
	case o.Age < 0 || o.Age >= longLife:
		return nil, &ParameterError{"token age", "it is not between 0 and 60 days"}
	}
	if err := checkToken(token.AccessToken); err != nil {
		return nil, err
	}
	if o.Client == nil {
		client, err := NewClient()
		if err != nil {
			return nil, err
		}
		o.Client = client
	}
	held := *token
	return &graphTokenSource{
		opts: o, refresh: service{core: &o.Client.core, api: newGraphAPI(o.Client.config.graphURL, "", nil)},
		work: make(chan struct{}, 1), token: &held,
	}, nil
}

// graphTokenSource holds a token that is renewed. Whoever has put something into work may renew and
// save.
type graphTokenSource struct {
	opts    GraphTokenOptions
	refresh service
	work    chan struct{}

	mu       sync.Mutex
	token    *oauth2.Token // never changed once it is here
	unsaved  bool
	failures int       // in a row
	resume   time.Time // when to try again after them
}

// Token implements [oauth2.TokenSource].
func (s *graphTokenSource) Token() (*oauth2.Token, error) {
	return s.TokenContext(context.Background())
}

// TokenContext implements contextSource.
func (s *graphTokenSource) TokenContext(ctx context.Context) (*oauth2.Token, error) {
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
		return nil, fmt.Errorf("%w: the token expired on %s, sign in again", ErrUnauthorized, token.Expiry.UTC().Format(time.RFC3339))
	}
	current := *token
	return &current, nil
}

// look returns the token, and whether there is something to do for it.
func (s *graphTokenSource) look(now time.Time) (token *oauth2.Token, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token, !now.Before(s.resume) && (s.unsaved || s.old(now))
}

// old reports whether the token is to be renewed, and can be. The caller has locked mu.
func (s *graphTokenSource) old(now time.Time) bool {
	if s.token.Expiry.IsZero() {
		return true
	}
	life := cmp.Or(time.Duration(s.token.ExpiresIn)*time.Second, longLife)
	age := max(cmp.Or(s.opts.Age, life/2), youngestAge)
	return !now.Before(s.token.Expiry.Add(age-life)) && !expired(s.token, now)
}

func expired(token *oauth2.Token, now time.Time) bool {
	return !token.Expiry.IsZero() && !now.Before(token.Expiry)
}

// attend renews the token and saves it, as far as each is due, and returns the token to use.
func (s *graphTokenSource) attend(ctx context.Context) *oauth2.Token {
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

func (s *graphTokenSource) renew(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
	ctx, cancel := partOf(ctx)
	defer cancel()
	call := s.refresh.api.call(http.MethodGet, "/refresh_access_token").set("grant_type", "ig_refresh_token")
	renewed, err := fetchGraphToken(ctx, s.refresh.core, call, token)
	if err == nil && renewed.Expiry.IsZero() { // it would be renewed again at each call
		renewed.Expiry, renewed.ExpiresIn = time.Now().Add(longLife), int64(longLife/time.Second)
	}
	return renewed, err
}

// save hands the token over unless that was done.
func (s *graphTokenSource) save(ctx context.Context, token *oauth2.Token) {
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
		err = secrets.Error(err, maxMessage)
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
func (s *graphTokenSource) settle(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// failed tells of an error, and puts off the next attempt. One that was cut short by its caller
// says nothing of the next one.
func (s *graphTokenSource) failed(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.settle(func() {
			pause := min(firstPause<<min(s.failures, 10), longestPause)
			s.failures++
			s.resume = time.Now().Add(pause)
		})
	}
	if s.opts.Failed != nil {
		s.opts.Failed(ctx, err)
		return
	}
	logger := cmp.Or(s.refresh.core.logger, slog.Default())
	logger.WarnContext(ctx, "instagram token", slog.String("error", err.Error()))
}

// Format implements [fmt.Formatter]: no verb prints the token.
func (s *graphTokenSource) Format(f fmt.State, verb rune) {
	_, _ = io.WriteString(f, "instagram.GraphTokenSource")
}

// LogValue implements [slog.LogValuer] with the same text.
func (s *graphTokenSource) LogValue() slog.Value {
	return slog.StringValue("instagram.GraphTokenSource")
}

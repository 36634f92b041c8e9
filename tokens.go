package instagram

import (
	"context"
	"fmt"
	"sync"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

// A tokenSource is a token that stays the same, a source that is asked on each call, or neither.
// Both are behind pointers, so that printing a client field by field shows no token.
type tokenSource struct {
	static *string
	asked  *askedSource
}

func newTokenSource(source oauth2.TokenSource) tokenSource {
	if source == nil {
		return tokenSource{}
	}
	asked := &askedSource{token: source.Token}
	if source, ok := source.(contextSource); ok {
		asked.tokenContext = source.TokenContext
	}
	return tokenSource{asked: asked}
}

// A contextSource is an [oauth2.TokenSource] that stops working when the context of the call that
// asks it ends.
type contextSource interface {
	TokenContext(context.Context) (*oauth2.Token, error)
}

// set reports whether there is a token or a source.
func (s tokenSource) set() bool { return s.static != nil || s.asked != nil }

// get returns the token, and nil where there is none.
func (s tokenSource) get(ctx context.Context) (*oauth2.Token, error) {
	switch {
	case s.static != nil:
		return &oauth2.Token{AccessToken: *s.static}, nil
	case s.asked != nil:
		return s.asked.get(ctx)
	}
	return nil, nil
}

// known returns the tokens that are known without asking for one.
func (s tokenSource) known() []string {
	switch {
	case s.static != nil:
		return []string{*s.static}
	case s.asked != nil:
		s.asked.mu.Lock()
		defer s.asked.mu.Unlock()
		return []string{s.asked.last[0].Reveal(), s.asked.last[1].Reveal()}
	}
	return nil
}

// An askedSource asks an [oauth2.TokenSource], which knows no context, for no longer than a call
// may take. A token that comes too late for the call that asked is kept for the next one: a source
// may have spent a refresh token on it.
type askedSource struct {
	token        func() (*oauth2.Token, error)
	tokenContext func(context.Context) (*oauth2.Token, error) // asked in its place, if it is there

	mu   sync.Mutex
	late *tokenRequest    // that its call did not wait for; nil without one
	last [2]redact.Secret // of the last token: itself, and what renews it
}

// A tokenRequest is a question to a source.
type tokenRequest struct {
	answered chan struct{} // closed with the answer
	token    *oauth2.Token
	err      error
}

func (s *askedSource) get(ctx context.Context) (*oauth2.Token, error) {
	if s.tokenContext != nil {
		token, err := s.tokenContext(ctx)
		s.remember(token)
		return token, err
	}
	request := s.request()
	select {
	case <-request.answered:
		return request.token, request.err
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		s.late = request
		return nil, ctx.Err()
	}
}

// request takes over the request that another call did not wait for, or makes one.
func (s *askedSource) request() *tokenRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	if late := s.late; late != nil {
		s.late = nil
		if late.useful() {
			return late
		}
	}
	request := &tokenRequest{answered: make(chan struct{})}
	go func() {
		defer close(request.answered)
		defer func() {
			if r := recover(); r != nil {
				request.err = fmt.Errorf("it panicked: %v", r)
			}
		}()
		token, err := s.token()
		s.remember(token)
		request.token, request.err = token, err
	}()
	return request
}

// useful reports whether a request has yet to be answered, or was answered with a token that has
// not expired.
func (r *tokenRequest) useful() bool {
	select {
	case <-r.answered:
		return r.err == nil && r.token.Valid()
	default:
		return true
	}
}

func (s *askedSource) remember(token *oauth2.Token) {
	if token == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = [2]redact.Secret{redact.NewSecret(token.AccessToken), redact.NewSecret(token.RefreshToken)}
}

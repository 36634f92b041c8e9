// Package tokens asks for access tokens and keeps them alive, for any number of goroutines at a
// time.
package tokens

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/redact"
)

// A Source is a token that stays the same, a source that is asked on each call, or neither. Both
// are behind pointers, so that printing what has a Source field by field shows no token.
type Source struct {
	static *string
	asked  *asked
}

// Static returns the source of a token that stays the same.
func Static(token *string) Source { return Source{static: token} }

// Ask returns what asks a source on each call. For nil it is the zero Source.
func Ask(source oauth2.TokenSource) Source {
	if source == nil {
		return Source{}
	}
	asked := &asked{token: func(context.Context) (*oauth2.Token, error) { return source.Token() }}
	if source, ok := source.(contextSource); ok {
		asked.token, asked.heeds = source.TokenContext, true
	}
	return Source{asked: asked}
}

// A contextSource is an [oauth2.TokenSource] that is told of the context of the call that asks it.
type contextSource interface {
	TokenContext(context.Context) (*oauth2.Token, error)
}

// Set reports whether there is a token or a source.
func (s Source) Set() bool { return s.static != nil || s.asked != nil }

// Asks reports whether Get asks a source, which may take its time.
func (s Source) Asks() bool { return s.asked != nil }

// Get returns the token, and nil where there is none.
func (s Source) Get(ctx context.Context) (*oauth2.Token, error) {
	switch {
	case s.static != nil:
		return &oauth2.Token{AccessToken: *s.static}, nil
	case s.asked != nil:
		return s.asked.get(ctx)
	}
	return nil, nil
}

// Known returns the token that is known without asking for one, and what renews it. Either may be
// empty.
func (s Source) Known() (token, renewal string) {
	switch {
	case s.static != nil:
		return *s.static, ""
	case s.asked != nil:
		s.asked.mu.Lock()
		defer s.asked.mu.Unlock()
		return s.asked.last[0].Reveal(), s.asked.last[1].Reveal()
	}
	return "", ""
}

// An asked source asks an [oauth2.TokenSource], which may know no context or not heed it, for no
// longer than a call may take. A token that comes too late for the call that asked is kept for the
// next one: a source may have spent a refresh token on it.
type asked struct {
	token func(context.Context) (*oauth2.Token, error)
	heeds bool // whether it is told of the context

	mu   sync.Mutex
	late []*request       // that their calls did not wait for
	last [2]redact.Secret // of the last token: itself, and what renews it
}

// A request is a question to a source.
type request struct {
	ended    func() error  // why the call that asked has ended, if it has
	answered chan struct{} // closed with the answer
	token    *oauth2.Token
	err      error
}

func (s *asked) get(ctx context.Context) (*oauth2.Token, error) {
	r := s.request(ctx)
	select {
	case <-r.answered:
		if r.err != nil && s.heeds && r.ended() != nil && ctx.Err() == nil {
			return s.get(ctx) // it ended with the call that asked, which was another one
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.late = slices.DeleteFunc(s.late, func(late *request) bool { return late == r })
		return r.token, r.err
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		if !slices.Contains(s.late, r) {
			s.late = append(s.late, r)
		}
		return nil, ctx.Err()
	}
}

// request takes over a request that another call did not wait for, or makes one. While a source
// does not answer, all calls wait for the same request, so that requests do not pile up.
func (s *asked) request(ctx context.Context) *request {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.late = slices.DeleteFunc(s.late, func(r *request) bool { return !r.useful() })
	for i, late := range s.late {
		if late.isAnswered() {
			s.late = slices.Delete(s.late, i, i+1)
			return late
		}
	}
	if len(s.late) > 0 {
		return s.late[0]
	}
	r := &request{ended: ctx.Err, answered: make(chan struct{})}
	go func() {
		defer close(r.answered)
		defer func() {
			if value := recover(); value != nil {
				r.err = fmt.Errorf("it panicked: %v", value)
			}
		}()
		token, err := s.token(ctx)
		s.remember(token)
		r.token, r.err = token, withoutAnswer(err)
	}()
	return r
}

// withoutAnswer keeps of the error of a token endpoint what its code says, and not the request nor
// the answer, which may hold tokens that nobody else knows of.
func withoutAnswer(err error) error {
	e, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return err
	}
	kept := &oauth2.RetrieveError{
		Response:  &http.Response{},
		ErrorCode: e.ErrorCode, ErrorDescription: e.ErrorDescription, ErrorURI: e.ErrorURI,
	}
	if e.Response != nil {
		kept.Response.Status, kept.Response.StatusCode = e.Response.Status, e.Response.StatusCode
	}
	return kept
}

// useful reports whether a request has yet to be answered, or was answered with a token that has
// not expired.
func (r *request) useful() bool {
	return !r.isAnswered() || r.err == nil && r.token.Valid()
}

func (r *request) isAnswered() bool {
	select {
	case <-r.answered:
		return true
	default:
		return false
	}
}

func (s *asked) remember(token *oauth2.Token) {
	if token == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = [2]redact.Secret{redact.NewSecret(token.AccessToken), redact.NewSecret(token.RefreshToken)}
}

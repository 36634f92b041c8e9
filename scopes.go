package instagram

import (
	"errors"
	"regexp"
)

// A Scope is a permission that a user grants an app when signing in.
type Scope string

// The scopes of the API.
const (
	ScopeBasic         Scope = "basic"          // profile and media of the user; granted by default
	ScopePublicContent Scope = "public_content" // profiles and media of others
	ScopeFollowerList  Scope = "follower_list"  // lists of followers and follows
	ScopeComments      Scope = "comments"       // posting and deleting comments
	ScopeRelationships Scope = "relationships"  // following and unfollowing
	ScopeLikes         Scope = "likes"          // liking and unliking
)

// namedScope finds what "This request requires scope=likes, but ..." asks for, and knownScope a
// scope in other words.
var (
	namedScope = regexp.MustCompile(`\bscopes?[=:]\s*["']?(\w+)`)
	knownScope = regexp.MustCompile(`\b(basic|public_content|follower_list|comments|relationships|likes)\b`)
)

// MissingScope returns the scope that the call needs and the user did not grant, to ask for in
// another sign-in. It is empty where the error does not match [ErrMissingScope], or does not say
// which scope.
func (e *Error) MissingScope() Scope {
	if !errors.Is(e, ErrMissingScope) {
		return ""
	}
	for _, pattern := range []*regexp.Regexp{namedScope, knownScope} {
		if found := pattern.FindStringSubmatch(e.Message); found != nil {
			return Scope(found[1])
		}
	}
	return ""
}

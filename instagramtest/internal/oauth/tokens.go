// Package oauth has what apps and users prove themselves with: access tokens and their scopes,
// authorization codes, redirect URIs, and the signatures of requests.
package oauth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The permissions that reading a user's media through the Graph API took until December 2024.
// Nobody is asked for them on the authorize page; [Server.AccessToken] gives them.
const (
	ScopeGraphMedia   = "instagram_graph_user_media"
	ScopeGraphProfile = "instagram_graph_user_profile"
)

// The permissions of the Graph API of today.
const (
	ScopeBusinessBasic    = "instagram_business_basic"
	ScopeBusinessComments = "instagram_business_manage_comments"
	ScopeBusinessInsights = "instagram_business_manage_insights"
)

// BusinessScopes are all that an app can ask a user for on the Graph API of today.
var BusinessScopes = []string{
	ScopeBusinessBasic, ScopeBusinessComments, ScopeBusinessInsights,
	"instagram_business_content_publish", "instagram_business_manage_messages",
}

// GraphScopes are the scopes that the Graph API had until then.
var GraphScopes = []string{ScopeGraphMedia, ScopeGraphProfile}

// How long tokens of the Graph API last, and how old a long-lived one must be to be renewed.
const (
	ShortLife = time.Hour
	LongLife  = 60 * 24 * time.Hour
	RenewAge  = 24 * time.Hour
)

// The scopes of the v1 API. Every token has basic.
const (
	ScopeBasic         = "basic"
	ScopePublicContent = "public_content"
	ScopeFollowerList  = "follower_list"
	ScopeComments      = "comments"
	ScopeRelationships = "relationships"
	ScopeLikes         = "likes"
)

// AllScopes are the scopes of the v1 API.
var AllScopes = []string{ScopeBasic, ScopePublicContent, ScopeFollowerList, ScopeComments, ScopeRelationships, ScopeLikes}

// Grant is what an access token stands for.
type Grant struct {
	UserID uint64
	Scopes []string

	// Of a token that the Graph API has given out; zero for others, which last.
	Issued, Expires time.Time
}

// Expired says whether the token has ended.
func (g *Grant) Expired(now time.Time) bool { return !g.Expires.IsZero() && !now.Before(g.Expires) }

// LongLived says whether it is a token that the Graph API renews.
func (g *Grant) LongLived() bool { return g.Expires.Sub(g.Issued) == LongLife }

// Has says whether a scope is granted. Every grant has the scope "".
func (g *Grant) Has(scope string) bool { return scope == "" || slices.Contains(g.Scopes, scope) }

// Tokens are the access tokens that the server has given out.
type Tokens struct {
	Secret  string // what tokens are derived from
	mu      sync.RWMutex
	grants  map[string]*Grant
	revoked map[string]bool
}

// Reset makes every token valid again that was ever given out.
func (t *Tokens) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.revoked = map[string]bool{}
	if t.grants == nil {
		t.grants = map[string]*Grant{}
	}
}

// Issue makes a token valid. The same user and scopes always get the same token.
func (t *Tokens) Issue(userID uint64, scopes []string) string {
	held := []string{ScopeBasic}
	for _, s := range slices.Concat(AllScopes[1:], GraphScopes, BusinessScopes) {
		if slices.Contains(scopes, s) {
			held = append(held, s)
		}
	}
	sum := Digest(t.Secret, fmt.Sprint("token ", userID, held))
	token := fmt.Sprintf("%d.%s.%s", userID, sum[:7], sum[7:39])
	t.mu.Lock()
	defer t.mu.Unlock()
	t.grants[token] = &Grant{UserID: userID, Scopes: held}
	delete(t.revoked, token)
	return token
}

// Accept makes a token valid that somebody else has made.
func (t *Tokens) Accept(token string, userID uint64, scopes []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.grants[token] = &Grant{UserID: userID, Scopes: scopes}
	delete(t.revoked, token)
}

// Lookup is nil for a token that is unknown or revoked.
func (t *Tokens) Lookup(token string) *Grant {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.revoked[token] {
		return nil
	}
	if g := t.grants[token]; g != nil {
		return g
	}
	return t.readGraph(token)
}

// Authorized says whether a user has let the app in, and not revoked that.
func (t *Tokens) Authorized(userID uint64) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for token, g := range t.grants {
		if g.UserID == userID && !t.revoked[token] {
			return true
		}
	}
	return false
}

// Revoke ends a token.
func (t *Tokens) Revoke(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.revoked[token] = true
}

// Digest is the hex HMAC-SHA256 of a text.
func Digest(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

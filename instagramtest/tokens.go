package instagramtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
)

// The scopes of the v1 API. Every token has basic.
const (
	scopeBasic         = "basic"
	scopePublicContent = "public_content"
	scopeFollowerList  = "follower_list"
	scopeComments      = "comments"
	scopeRelationships = "relationships"
	scopeLikes         = "likes"
)

var allScopes = []string{scopeBasic, scopePublicContent, scopeFollowerList, scopeComments, scopeRelationships, scopeLikes}

// grant is what an access token stands for.
type grant struct {
	userID uint64
	scopes []string
}

func (g *grant) has(scope string) bool { return scope == "" || slices.Contains(g.scopes, scope) }

// tokens are the access tokens that the server has given out.
type tokens struct {
	secret  string // what tokens are derived from
	mu      sync.RWMutex
	grants  map[string]*grant
	revoked map[string]bool
}

// reset makes every token valid again that was ever given out.
func (t *tokens) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.revoked = map[string]bool{}
	if t.grants == nil {
		t.grants = map[string]*grant{}
	}
}

// issue makes a token valid. The same user and scopes always get the same token.
func (t *tokens) issue(userID uint64, scopes []string) string {
	held := []string{scopeBasic}
	for _, s := range slices.Concat(allScopes[1:], graphScopes) {
		if slices.Contains(scopes, s) {
			held = append(held, s)
		}
	}
	sum := digest(t.secret, fmt.Sprint("token ", userID, held))
	token := fmt.Sprintf("%d.%s.%s", userID, sum[:7], sum[7:39])
	t.mu.Lock()
	defer t.mu.Unlock()
	t.grants[token] = &grant{userID, held}
	delete(t.revoked, token)
	return token
}

// lookup is nil for a token that is unknown or revoked.
func (t *tokens) lookup(token string) *grant {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.revoked[token] {
		return nil
	}
	return t.grants[token]
}

// authorized says whether a user has let the app in, and not revoked that.
func (t *tokens) authorized(userID uint64) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for token, g := range t.grants {
		if g.userID == userID && !t.revoked[token] {
			return true
		}
	}
	return false
}

func (t *tokens) revoke(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.revoked[token] = true
}

// digest is the hex HMAC-SHA256 of a text.
func digest(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

package oauth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// graphPrefix is what the tokens of the Graph API begin with.
const graphPrefix = "IGAA"

// IssueGraph makes a token of the Graph API, which is like no other and ends. It says itself what it
// grants, and is signed: a server that is started again knows it, too.
func (t *Tokens) IssueGraph(userID uint64, scopes []string, now time.Time, life time.Duration) string {
	g := &Grant{UserID: userID, Scopes: slices.Clone(scopes), Issued: now, Expires: now.Add(life)}
	said, _ := json.Marshal(graphGrant{g.UserID, g.Scopes, now.UnixNano(), int64(life), rand.Text()[:8]})
	token := graphPrefix + base64.RawURLEncoding.EncodeToString(append(t.sign(said), said...))
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(t.grants, func(_ string, g *Grant) bool { return g.Expired(now.Add(-LongLife)) })
	t.grants[token] = g
	return token
}

// graphGrant is what a token says of itself.
type graphGrant struct {
	User   uint64   `json:"u"`
	Scopes []string `json:"s"`
	Issued int64    `json:"i"` // UNIX nanoseconds
	Life   int64    `json:"l"` // nanoseconds
	Unique string   `json:"n"`
}

// signatureSize is how many bytes of its signature a token carries.
const signatureSize = 16

func (t *Tokens) sign(said []byte) []byte {
	mac := hmac.New(sha256.New, []byte(t.Secret))
	mac.Write([]byte("graph token "))
	mac.Write(said)
	return mac.Sum(nil)[:signatureSize]
}

// readGraph is the grant of a token that this server did not issue since it was started; nil if
// nobody did.
func (t *Tokens) readGraph(token string) *Grant {
	text, ok := strings.CutPrefix(token, graphPrefix)
	if !ok {
		return nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < signatureSize || !hmac.Equal(b[:signatureSize], t.sign(b[signatureSize:])) {
		return nil
	}
	var g graphGrant
	if err := json.Unmarshal(b[signatureSize:], &g); err != nil {
		return nil
	}
	issued := time.Unix(0, g.Issued)
	return &Grant{UserID: g.User, Scopes: g.Scopes, Issued: issued, Expires: issued.Add(time.Duration(g.Life))}
}

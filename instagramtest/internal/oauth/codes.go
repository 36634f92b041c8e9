package oauth

import (
	"crypto/rand"
	"maps"
	"sync"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
)

// codeLifetime is how long a code can be exchanged.
const codeLifetime = 10 * time.Minute

// Codes are the authorization codes that nobody has exchanged yet.
type Codes struct {
	mu     sync.Mutex
	issued map[string]issuedCode
}

type issuedCode struct {
	Grant
	redirectURI string
	expires     time.Time
}

// Reset forgets all codes.
func (c *Codes) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.issued = map[string]issuedCode{}
}

// Issue makes a code that can be redeemed once, for the same redirect URI, within ten minutes.
func (c *Codes) Issue(userID uint64, scopes []string, redirectURI string, now time.Time) string {
	code := rand.Text()
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.issued, func(_ string, i issuedCode) bool { return !now.Before(i.expires) })
	c.issued[code] = issuedCode{Grant{UserID: userID, Scopes: scopes}, redirectURI, now.Add(codeLifetime)}
	return code
}

// Redeem uses up a code. With another redirect URI than it was issued for, the code stays good.
func (c *Codes) Redeem(code, redirectURI string, now time.Time) (Grant, *apierror.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.issued[code]
	switch {
	case !ok || !now.Before(i.expires):
		return Grant{}, apierror.UsedCode
	case i.redirectURI != redirectURI:
		return Grant{}, apierror.OtherRedirect
	}
	delete(c.issued, code)
	return i.Grant, nil
}

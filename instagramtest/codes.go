package instagramtest

import (
	"crypto/rand"
	"maps"
	"sync"
	"time"
)

// codeLifetime is how long a code can be exchanged.
const codeLifetime = 10 * time.Minute

// codes are the authorization codes that nobody has exchanged yet.
type codes struct {
	mu     sync.Mutex
	issued map[string]issuedCode
}

type issuedCode struct {
	grant
	redirectURI string
	expires     time.Time
}

func (c *codes) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.issued = map[string]issuedCode{}
}

func (c *codes) issue(userID uint64, scopes []string, redirectURI string, now time.Time) string {
	code := rand.Text()
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.issued, func(_ string, i issuedCode) bool { return !now.Before(i.expires) })
	c.issued[code] = issuedCode{grant{userID, scopes}, redirectURI, now.Add(codeLifetime)}
	return code
}

// redeem uses up a code. With another redirect URI than it was issued for, the code stays good.
func (c *codes) redeem(code, redirectURI string, now time.Time) (grant, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.issued[code]
	switch {
	case !ok || !now.Before(i.expires):
		return grant{}, errUsedCode
	case i.redirectURI != redirectURI:
		return grant{}, errOtherRedirect
	}
	delete(c.issued, code)
	return i.grant, nil
}

package instagram

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/sign"
	"github.com/igv1/instagram/internal/tokens"
)

// credentials are what one request is sent with: its parameters and what authenticates it, and the
// secrets among that.
type credentials struct {
	params  url.Values
	header  http.Header
	secrets redact.Set
}

// newCredentials returns those of a call to begin with.
func newCredentials(call *call) credentials {
	return credentials{params: maps.Clone(call.params)}
}

// addToken adds the token that the source holds now. The server decides whether it has expired, by
// its own clock.
func (c *credentials) addToken(ctx context.Context, source tokens.Source) error {
	token, err := source.Get(ctx)
	if err != nil {
		return fmt.Errorf("token source: %w", err)
	}
	if token == nil {
		return &ParameterError{"access_token", "the token source has none"}
	}
	c.secrets.Add(token.AccessToken, token.RefreshToken)
	c.params.Set("access_token", token.AccessToken)
	return refused("access_token", check.Token(token.AccessToken))
}

// addForwardedFor adds the header X-Insta-Forwarded-For for addresses.
func (c *credentials) addForwardedFor(secret string, ips []netip.Addr) error {
	if secret == "" {
		return &ParameterError{"client_secret", "X-Insta-Forwarded-For needs it; set it with WithClientCredentials"}
	}
	if slices.Contains(ips, netip.Addr{}) {
		return &ParameterError{"X-Insta-Forwarded-For", "an address is empty"}
	}
	c.header = http.Header{"X-Insta-Forwarded-For": {sign.ForwardedFor(secret, ips)}}
	return nil
}

// holder stands for whom the request is made in the name of.
func (c *credentials) holder() string {
	return holderOf(cmp.Or(c.params.Get("access_token"), c.params.Get("client_id")))
}

// holderOf is the same for the same token, or client id, in every process, and does not give it
// away.
func holderOf(token string) string {
	sum := sha256.Sum256([]byte("holder " + token))
	return hex.EncodeToString(sum[:16])
}

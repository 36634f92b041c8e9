package instagram

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"
)

// credentials are what one request is sent with: its parameters and what authenticates it, and the
// secrets among that.
type credentials struct {
	params url.Values
	header http.Header
	secrets
}

// newCredentials returns those of a call to begin with. The client secret is none of them yet, but
// one that a server knows and may repeat all the same.
func newCredentials(c *core, call *call) credentials {
	creds := credentials{params: maps.Clone(call.params), secrets: make(secrets, 0, 4)}
	creds.hide(c.clientSecret.Reveal())
	return creds
}

// addToken adds the token that the source holds now. Whether it has expired is for the server to
// say, whose clock counts.
func (c *credentials) addToken(ctx context.Context, source tokenSource) error {
	token, err := source.token(ctx)
	if err != nil {
		return fmt.Errorf("token source: %w", err)
	}
	if token == nil {
		return &ParameterError{"access_token", "the token source has none"}
	}
	c.hide(token.AccessToken)
	c.hide(token.RefreshToken)
	c.params.Set("access_token", token.AccessToken)
	return checkToken(token.AccessToken)
}

// A tokenSource is a token that stays the same, a source that is asked on each call, or neither.
// Both are behind pointers, so that printing a client field by field shows neither.
type tokenSource struct {
	static *string
	source func(context.Context) (*oauth2.Token, error)
}

func newTokenSource(source oauth2.TokenSource) tokenSource {
	if source == nil {
		return tokenSource{}
	}
	if source, ok := source.(contextTokenSource); ok {
		return tokenSource{source: source.TokenContext}
	}
	return tokenSource{source: func(context.Context) (*oauth2.Token, error) { return source.Token() }}
}

// A contextTokenSource is an [oauth2.TokenSource] whose work ends with the context of the call that
// it is asked for.
type contextTokenSource interface {
	TokenContext(context.Context) (*oauth2.Token, error)
}

// set reports whether there is a token or a source.
func (s tokenSource) set() bool { return s.static != nil || s.source != nil }

// token returns the token, and nil where there is none.
func (s tokenSource) token(ctx context.Context) (*oauth2.Token, error) {
	switch {
	case s.static != nil:
		return &oauth2.Token{AccessToken: *s.static}, nil
	case s.source != nil:
		return s.source(ctx)
	}
	return nil, nil
}

// signature is the sig parameter: the HMAC of the endpoint and of every other parameter, sorted and
// unescaped.
func signature(secret, endpoint string, params url.Values) string {
	var b strings.Builder
	b.WriteString(endpoint)
	for _, key := range slices.Sorted(maps.Keys(params)) {
		b.WriteString("|" + key + "=" + params.Get(key))
	}
	return hexMAC(secret, b.String())
}

// forwardedFor is the X-Insta-Forwarded-For header.
func forwardedFor(secret string, ips []netip.Addr) (string, error) {
	if secret == "" {
		return "", &ParameterError{"client_secret", "X-Insta-Forwarded-For needs it; set it with WithClientCredentials"}
	}
	var list []string
	for _, ip := range ips {
		if !ip.IsValid() {
			return "", &ParameterError{"X-Insta-Forwarded-For", "an address is empty"}
		}
		list = append(list, ip.Unmap().WithZone("").String())
	}
	joined := strings.Join(list, ",")
	return joined + "|" + hexMAC(secret, joined), nil
}

func hexMAC(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
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

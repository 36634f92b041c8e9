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

// WithToken returns a client for another user. It shares everything else with
// c, the connection pool too, and costs one allocation: make one per request if
// that is easiest. The calls of a client with an empty token are refused.
func (c *Client) WithToken(token string) *Client {
	// The token is beside the client and not in it, so that no copy of a
	// client that is printed field by field shows it.
	derived := &struct {
		Client
		token staticToken
	}{token: staticToken(token)}
	return derived.connect(c.settings, &derived.token, c.forwardedFor)
}

// WithTokenSource is [Client.WithToken] for a source that is asked on each call.
// With a nil one it returns a client without a token.
func (c *Client) WithTokenSource(source oauth2.TokenSource) *Client {
	return new(Client).connect(c.settings, source, c.forwardedFor)
}

// WithForwardedFor returns a client whose calls carry the X-Insta-Forwarded-For
// header, which older servers ask of writes: the addresses of the user that the
// calls are made for, as a load balancer sees them, signed with the client
// secret. It shares everything else with c, as [Client.WithToken] does.
func (c *Client) WithForwardedFor(ips ...netip.Addr) *Client {
	return new(Client).connect(c.settings, c.tokens, slices.Clone(ips))
}

// staticToken is the token source of [Client.WithToken].
type staticToken string

func (t *staticToken) Token() (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: string(*t)}, nil
}

// credentials are what one request is sent with: its parameters and what
// authenticates it, and the secrets among that.
type credentials struct {
	params url.Values
	header http.Header
	secrets
}

// credentials are those of a call to begin with. The client secret is none of
// them yet, but one that a server knows and repeats all the same.
func (c *Client) credentials(call *call) credentials {
	creds := credentials{params: maps.Clone(call.params), secrets: make(secrets, 0, 4)}
	creds.hide(c.clientSecret)
	return creds
}

// authorized gives each attempt its credentials, so that one which follows a
// refreshed token carries the new one.
func authorized(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		var err error
		x.creds, err = x.call.api.authorize(x.client, x.call)
		if err != nil {
			return x.failure(err)
		}
		return next(ctx, x)
	}
}

// masked takes the secrets out of the error of a call.
func masked(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		failure := next(ctx, x)
		if failure != nil {
			x.creds.redact(failure)
		}
		return failure
	}
}

// authorize adds what v1 asks for: the token, or else the client id for a read,
// and the signatures.
func (c *Client) authorize(call *call) (credentials, error) {
	creds := c.credentials(call)
	if c.tokens != nil {
		if err := creds.addToken(c.tokens); err != nil {
			return creds, err
		}
	} else if c.clientID != "" && call.method == http.MethodGet {
		creds.params.Set("client_id", c.clientID)
	}
	if c.signed {
		endpoint, err := url.PathUnescape(call.path)
		if err != nil {
			return creds, err
		}
		creds.params.Set("sig", signature(c.clientSecret, endpoint, creds.params))
	}
	if len(c.forwardedFor) > 0 {
		value, err := forwardedFor(c.clientSecret, c.forwardedFor)
		if err != nil {
			return creds, err
		}
		creds.header = http.Header{"X-Insta-Forwarded-For": {value}}
	}
	return creds, nil
}

// addToken adds the token that the source holds now. Whether it has expired is
// for the server to say, whose clock counts.
func (c *credentials) addToken(source oauth2.TokenSource) error {
	token, err := source.Token()
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

// authorizeApp adds what the app itself calls with, for signing in and for
// subscriptions. It is not signed: a signature proves that one has the secret,
// which is in the request.
func (c *Client) authorizeApp(call *call) (credentials, error) {
	creds := c.credentials(call)
	creds.hide(call.params.Get("code"))
	creds.hide(call.params.Get("verify_token"))
	if c.clientID == "" || c.clientSecret == "" {
		return creds, &ParameterError{"client_secret", "the id and the secret of the app are needed; set them with WithClientCredentials"}
	}
	creds.params.Set("client_id", c.clientID)
	creds.params.Set("client_secret", c.clientSecret)
	return creds, nil
}

// signature is the sig parameter: the HMAC of the endpoint and of every other
// parameter, sorted and unescaped.
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

// holderOf is the same for the same token, or client id, in every process, and
// does not give it away.
func holderOf(token string) string {
	sum := sha256.Sum256([]byte("holder " + token))
	return hex.EncodeToString(sum[:16])
}

package instagram

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"
)

// WithToken returns a client for another user. It shares everything else with
// c, the connection pool too, and costs one allocation: make one per request if
// that is easiest. An empty token makes a client without one.
func (c *Client) WithToken(token string) *Client {
	return c.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
}

// WithTokenSource is WithToken for a source that is asked on each call.
func (c *Client) WithTokenSource(source oauth2.TokenSource) *Client {
	return newClient(c.settings, source)
}

// credentials are the parameters of one request with what authenticates it, and
// the secrets among them.
type credentials struct {
	params  url.Values
	secrets []string
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
// and the signature of it all.
func (c *Client) authorize(call *call) (credentials, error) {
	creds := credentials{params: maps.Clone(call.params)}
	creds.hide(c.clientSecret)
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
	return creds, nil
}

// addToken adds the token that the source holds now.
func (c *credentials) addToken(source oauth2.TokenSource) error {
	token, err := source.Token()
	if err != nil {
		return err
	}
	c.hide(token.AccessToken)
	if err := checkToken(token.AccessToken); err != nil {
		return err
	}
	c.params.Set("access_token", token.AccessToken)
	return nil
}

// signature is the sig parameter: the HMAC of the endpoint and of every other
// parameter, sorted and unescaped.
func signature(secret, endpoint string, params url.Values) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(endpoint))
	for _, key := range slices.Sorted(maps.Keys(params)) {
		mac.Write([]byte("|" + key + "=" + params.Get(key)))
	}
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

// hide notes a secret in the forms in which a server or a proxy may echo it.
func (c *credentials) hide(secret string) {
	if secret != "" {
		c.secrets = append(c.secrets, secret, url.QueryEscape(secret))
	}
}

// redact takes the secrets out of an error that is about to be returned.
func (c credentials) redact(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Message = c.clean(e.Message)
		e.Type = ErrorType(c.clean(string(e.Type)))
		e.TraceID = c.clean(e.TraceID)
		if e.Err != nil && c.clean(e.Err.Error()) != e.Err.Error() {
			e.Err = redacted{c.clean(e.Err.Error()), e.Err}
		}
	}
	return err
}

func (c credentials) clean(text string) string {
	for _, secret := range c.secrets {
		text = strings.ReplaceAll(text, secret, "[redacted]")
	}
	return text
}

// redacted is an error whose text held a secret. It still answers errors.Is, but
// does not unwrap, because that would bring the text back.
type redacted struct {
	text string
	err  error
}

func (r redacted) Error() string        { return r.text }
func (r redacted) Is(target error) bool { return errors.Is(r.err, target) }

package instagram

import (
	"context"
	"net/http"
	"net/url"
)

// newV1 describes the v1 server at a base URL, as users call it.
func newV1(base string, limiter Limiter) *api {
	return &api{base: base, authorize: authorizeUser, readError: readMeta, hint: hintV1, limiter: limiter}
}

// newV1App describes a server that the app itself calls, with its id and secret.
func newV1App(base string) *api {
	return &api{base: base, authorize: authorizeApp, readError: readMeta}
}

// authorizeUser adds what v1 asks for: the token, or else the client id for a read, and the
// signatures.
func authorizeUser(ctx context.Context, c *core, call *call) (credentials, error) {
	creds := newCredentials(call)
	if c.tokens.set() {
		if err := creds.addToken(ctx, c.tokens); err != nil {
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
		creds.params.Set("sig", signature(c.clientSecret.Reveal(), endpoint, creds.params))
	}
	if len(c.forwardedFor) > 0 {
		value, err := forwardedFor(c.clientSecret.Reveal(), c.forwardedFor)
		if err != nil {
			return creds, err
		}
		creds.header = http.Header{"X-Insta-Forwarded-For": {value}}
	}
	return creds, nil
}

// authorizeApp adds what the app itself calls with, for signing in and for subscriptions. It is not
// signed: a signature proves that one has the secret, which is in the request.
func authorizeApp(ctx context.Context, c *core, call *call) (credentials, error) {
	creds := newCredentials(call)
	creds.secrets.Add(call.params.Get("code"), call.params.Get("verify_token"))
	secret := c.clientSecret.Reveal()
	if c.clientID == "" || secret == "" {
		return creds, &ParameterError{"client_secret", "the id and the secret of the app are needed; set them with WithClientCredentials"}
	}
	creds.params.Set("client_id", c.clientID)
	creds.params.Set("client_secret", secret)
	return creds, nil
}

// readMeta takes into an error what an answer of v1 says in its meta.
func readMeta(e *Error, body []byte) bool {
	meta, _ := decodeMeta(body)
	_ = e.describe(meta)
	return meta.failed()
}

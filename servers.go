package instagram

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/sign"
)

// DefaultBaseURL is where production answered until 29 June 2020.
const DefaultBaseURL = "https://api.instagram.com/v1"

// DefaultGraphURL is where the Graph API answers.
const DefaultGraphURL = "https://graph.instagram.com"

// An api is one of the servers that a client speaks to: where its endpoints are, how credentials
// get onto a request for them, and how its answers say that a call failed.
type api struct {
	base      string // without a trailing slash
	authorize func(context.Context, *core, *call) (credentials, error)

	// readError takes into the error what the body says went wrong, and reports whether it says so.
	readError func(*Error, []byte) bool

	// hint returns what to do about an error, or nothing; it may be nil.
	hint func(e *Error, base, token, ofPath string) string

	limiter Limiter // that its calls wait for; nil without one
}

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
	if c.tokens.Set() {
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
		creds.params.Set("sig", sign.Request(c.clientSecret.Reveal(), endpoint, creds.params))
	}
	if len(c.forwardedFor) > 0 {
		return creds, creds.addForwardedFor(c.clientSecret.Reveal(), c.forwardedFor)
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

// newGraphAPI describes the Graph at a base URL, in a version or in none.
func newGraphAPI(base, version string, limiter Limiter) *api {
	if version != "" {
		base += "/" + version
	}
	return &api{base: base, authorize: authorizeGraph, readError: readGraphError, hint: hintGraph, limiter: limiter}
}

// authorizeGraph adds the token, without which the Graph answers nothing.
func authorizeGraph(ctx context.Context, c *core, call *call) (credentials, error) {
	creds := newCredentials(call)
	if !c.tokens.Set() {
		return creds, &ParameterError{"access_token", "the Graph needs a token of its own; set it with WithGraphToken"}
	}
	return creds, creds.addToken(ctx, c.tokens)
}

// newGraphAppAPI describes where the Graph trades tokens with the app itself.
func newGraphAppAPI(base string) *api {
	return &api{base: base, authorize: authorizeGraphApp, readError: readGraphError}
}

// authorizeGraphApp adds the secret of the app to the token.
func authorizeGraphApp(ctx context.Context, c *core, call *call) (credentials, error) {
	creds, err := authorizeGraph(ctx, c, call)
	secret := c.clientSecret.Reveal()
	if secret == "" {
		return creds, &ParameterError{"client_secret", "a long-lived token needs it; set it with WithClientCredentials"}
	}
	creds.params.Set("client_secret", secret)
	return creds, err
}

const exchangeEndpoint = "/oauth/access_token"

// newOAuthAPI describes where codes are exchanged for tokens.
func newOAuthAPI(base string) *api {
	return &api{base: base, authorize: authorizeApp, readError: readExchangeError}
}

func readExchangeError(e *Error, body []byte) bool {
	e.meaning = exchangeSentinel
	return readMeta(e, body)
}

// newEmbedAPI describes the endpoint that anyone may call.
func newEmbedAPI(base string) *api {
	return &api{base: base, authorize: authorizeNobody, readError: readText}
}

func authorizeNobody(_ context.Context, _ *core, call *call) (credentials, error) {
	return newCredentials(call), nil
}

// readText takes into an error what an answer of oEmbed says, which is a line of text.
func readText(e *Error, body []byte) bool {
	failed := readMeta(e, body)
	if failed || e.StatusCode < http.StatusBadRequest || len(body) > 8*redact.MaxText {
		return failed
	}
	if text := strings.TrimSpace(string(body)); !strings.ContainsAny(text, "<{\r\n") {
		e.Message = strings.ToValidUTF8(text, "\uFFFD")
	}
	return failed
}

// besideV1 takes the /v1 off a base URL, if its path ends in one.
func besideV1(base string) string {
	if beside, ok := strings.CutSuffix(base, "/v1"); ok && !strings.HasSuffix(beside, "/") {
		return beside
	}
	return base
}

// checkBaseURL returns a URL without trailing slashes.
func checkBaseURL(name, raw string) (string, error) {
	if err := refused(name, check.Base(raw)); err != nil {
		return "", err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(u.String(), "/"), nil
}

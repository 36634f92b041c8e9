package instagram

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/igv1/instagram/internal/dump"
	"github.com/igv1/instagram/internal/recent"
	"github.com/igv1/instagram/internal/redact"
)

// A core is what a call needs beside its own description: the settings, and whose credentials it
// carries. Services hold one, and the handlers of the chain work with it. It knows no service.
type core struct {
	*settings
	tokens       tokenSource
	forwardedFor []netip.Addr
}

// rateLimit returns what the latest answer said of the budget of the token, or of the client id
// where there is none.
func (c *core) rateLimit() RateLimit {
	token, err := c.tokens.get(context.Background())
	switch {
	case err != nil, token == nil && c.tokens.set():
		return RateLimit{}
	case token == nil:
		return c.rateLimits.Get(holderOf(c.clientID))
	}
	return c.rateLimits.Get(holderOf(token.AccessToken))
}

// settings are what a client shares with those that [Client.WithToken] derives from it.
type settings struct {
	chain        handler
	http         *resty.Client
	clientID     string
	clientSecret redact.Secret
	signed       bool
	lenient      bool
	maxBody      int64
	timeout      time.Duration // of a call with all its attempts; 0 for none
	retry        *retrier
	rateLimits   *recent.Map[RateLimit]
	logger       *slog.Logger // nil without one
	recorders    []Recorder
	debug        *dump.Printer // nil without one
	userAgent    string
	invalid      error // why no call can be made; nil as a rule
}

// An api is one of the servers that a client speaks to: where its endpoints are, how credentials
// get onto a request for them, and how its answers say that a call failed.
type api struct {
	base      string // without a trailing slash
	authorize func(context.Context, *core, *call) (credentials, error)

	// readError takes into the error what the body says went wrong, and reports whether it says so.
	readError func(*Error, []byte) bool

	// hint returns what to do about an error, or nothing; it may be nil.
	hint func(*exchange, *Error) string

	limiter Limiter // that its calls wait for; nil without one
}

// A service is what each group of endpoints is made of: the core to call through, and the server
// that the group is on.
type service struct {
	core *core
	api  *api
}

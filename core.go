package instagram

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/igv1/instagram/internal/dump"
	"github.com/igv1/instagram/internal/recent"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/tokens"
	"github.com/igv1/instagram/internal/wait"
)

// A core is what a call needs beside its own description: the settings, and whose credentials it
// carries. Services hold one, and the handlers of the chain work with it. It knows no service.
type core struct {
	*settings
	tokens       tokens.Source
	forwardedFor []netip.Addr
}

// rateLimit returns what the latest answer said of the budget of the token, or of the client id
// where there is none.
func (c *core) rateLimit() RateLimit {
	if c == nil {
		return RateLimit{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), cmp.Or(c.timeout, math.MaxInt64))
	defer cancel()
	token, err := c.tokens.Get(ctx)
	switch {
	case err != nil, token == nil && c.tokens.Set():
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
	retry        RetryPolicy
	repetitions  *wait.Stock // that the calls of all these clients have left
	rateLimits   *recent.Map[RateLimit]
	logger       *slog.Logger // nil without one
	recorders    []Recorder
	debug        *dump.Printer // nil without one
	userAgent    string
	invalid      error // why no call can be made; nil as a rule
}

// errUnmade ends the calls of what [NewClient] did not make.
var errUnmade = &ParameterError{"client", "it is empty; make one with NewClient"}

// A service is what each group of endpoints is made of: the core to call through, and the server
// that the group is on.
type service struct {
	core *core
	api  *api
}

// A handler takes a call one part of its way. It is nil where the call went well.
type handler func(context.Context, *exchange) *Error

// An exchange is a call on its way through the chain.
type exchange struct {
	core *core
	call *call
	read func(body []byte) (MetaData, error) // makes of a body what the caller wants

	deadline    time.Time   // for all attempts; zero for none
	credentials credentials // of the last attempt
	attempts    int         // how many requests were made
	answer      answer      // to the last of them; zero if there was none

	begun   atomic.Bool // whether the middleware has called what follows it
	failure *Error      // of what follows it
}

// An answer is what a server said beside the body.
type answer struct {
	status     int
	rateLimit  RateLimit
	retryAfter time.Duration
	framed     bool // the answer says where its body ends
	header     http.Header
	body       string // its beginning, where the call failed
	whole      []byte // the body, where somebody keeps it
}

func newAnswer(res *http.Response) answer {
	said := rateLimitOf(res.Header)
	return answer{
		status:     res.StatusCode,
		rateLimit:  said,
		retryAfter: cmp.Or(wait.Asked(res.Header), said.BusinessUsage.RegainAccess),
		framed:     res.ContentLength >= 0 || len(res.TransferEncoding) > 0 || res.Uncompressed || res.ProtoMajor >= 2,
		header:     res.Header,
	}
}

// do takes a call through the chain. What read makes of a body stays with the caller; the body
// itself is gone when do returns. A call that is retried has read called again.
func (c *call) do(ctx context.Context, read func(body []byte) (MetaData, error)) (*exchange, error) {
	if c.core == nil {
		return nil, c.error(errUnmade)
	}
	x := &exchange{core: c.core, call: c, read: read}
	if err := c.core.chain(ctx, x); err != nil {
		return nil, err
	}
	return x, nil
}

// withDeadline returns a context that ends with the time for the call.
func (x *exchange) withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if x.deadline.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, x.deadline)
}

// error returns the error of a call that ended by cause or, where that is nil, by its last answer.
func (x *exchange) error(cause error) *Error {
	e := x.call.error(cause)
	e.StatusCode = x.answer.status
	e.RateLimit = x.answer.rateLimit
	e.RetryAfter = x.answer.retryAfter
	e.Attempts = x.attempts
	return e
}

// warn logs what is no error of the call.
func (c *core) warn(ctx context.Context, message string, err error) {
	cmp.Or(c.logger, slog.Default()).LogAttrs(ctx, slog.LevelWarn, message, slog.Any("error", err))
}

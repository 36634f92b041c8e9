package instagram

import (
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/dump"
	"github.com/igv1/instagram/internal/recent"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/tokens"
	"github.com/igv1/instagram/internal/wait"
)

// An Option is a setting for [NewClient].
type Option func(*config) error

type config struct {
	httpClient    *http.Client
	baseURL       string
	graphURL      string
	graphVersion  string
	tokens        tokens.Source
	graphTokens   tokens.Source
	graphLimiter  Limiter
	graphEndpoint oauth2.Endpoint
	clientID      string
	clientSecret  redact.Secret
	signed        bool
	lenient       bool
	maxBody       int64
	timeout       time.Duration
	retry         RetryPolicy
	limiter       Limiter
	logger        *slog.Logger
	recorders     []Recorder
	debug         *dump.Printer
	userAgent     string
	middleware    []func(CallFunc) CallFunc
}

func defaultConfig() config {
	return config{
		baseURL:       DefaultBaseURL,
		graphURL:      DefaultGraphURL,
		graphEndpoint: GraphOAuthEndpoint(),
		maxBody:       16 << 20,
		timeout:       defaultTimeout,
		userAgent:     "igv1-instagram-go/" + version(),
	}
}

func (c *config) apply(opts []Option) error {
	for _, opt := range opts {
		if opt == nil {
			return &ParameterError{"option", "it is nil"}
		}
		if err := opt(c); err != nil {
			return err
		}
	}
	if c.signed && c.clientSecret.Reveal() == "" {
		return &ParameterError{"client_secret", "signed requests need it; set it with WithClientCredentials"}
	}
	return nil
}

// settings returns what the options come to. A client that is derived from another shares with it
// what they have in common: connections, the stock of repetitions, and what is known of budgets.
func (c *config) settings(parent *settings) *settings {
	s := &settings{
		clientID:     c.clientID,
		clientSecret: c.clientSecret,
		signed:       c.signed,
		lenient:      c.lenient,
		maxBody:      c.maxBody,
		timeout:      c.timeout,
		retry:        c.retry.withDefaults(),
		logger:       c.logger,
		recorders:    c.recorders,
		debug:        c.debug,
		userAgent:    c.userAgent,
		chain:        newChain(c.middleware),
	}
	if parent != nil {
		s.http, s.rateLimits = parent.http, parent.rateLimits
	} else {
		s.http, s.rateLimits = newHTTPClient(c.httpClient), recent.New[RateLimit](maxHolders)
	}
	if parent != nil && (c.retry.Budget == 0 || c.retry.Budget == parent.retry.Budget) {
		s.retry.Budget, s.repetitions = parent.retry.Budget, parent.repetitions
	} else {
		s.repetitions = wait.NewStock(s.retry.Budget)
	}
	return s
}

// WithBaseURL sets the server to speak to, up to and including the /v1 that endpoint paths follow.
// The default is [DefaultBaseURL]. It must be an absolute http or https URL without user, query or
// fragment.
func WithBaseURL(baseURL string) Option {
	return func(c *config) (err error) {
		c.baseURL, err = checkBaseURL("base URL", baseURL)
		return err
	}
}

// WithGraphURL sets the server that [Client.Graph] speaks to. The default is [DefaultGraphURL]. It
// must be a URL as [WithBaseURL] wants it.
func WithGraphURL(graphURL string) Option {
	return func(c *config) (err error) {
		c.graphURL, err = checkBaseURL("Graph URL", graphURL)
		return err
	}
}

// WithGraphVersion sets the version of the API that [Client.Graph] asks for, as in v26.0. By
// default it names none, and the server takes the oldest that the app may use.
func WithGraphVersion(version string) Option {
	return func(c *config) error {
		c.graphVersion = version
		return refused("Graph version", check.GraphVersion(version))
	}
}

// WithGraphToken authenticates every call to the Graph with a token. It is checked as that of
// [WithAccessToken] is, and goes to the host of the Graph URL alone. [GraphTokenSource] makes a
// source that renews one.
func WithGraphToken(token string) Option {
	return func(c *config) error {
		c.graphTokens = tokens.Static(&token)
		return refused("access_token", check.Token(token))
	}
}

// WithGraphTokenSource is [WithGraphToken] for a source that is asked on each call, as
// [WithTokenSource] is for v1.
func WithGraphTokenSource(source oauth2.TokenSource) Option {
	return func(c *config) error {
		if source == nil {
			return &ParameterError{"Graph token source", "it is nil"}
		}
		c.graphTokens = tokens.Ask(source)
		return nil
	}
}

// WithGraphOAuthEndpoint sets where [Client.GraphSignIn] sends users, and where it trades codes for
// tokens. The default is [GraphOAuthEndpoint]; for a server that plays both APIs, as a test server
// does, it is [OAuthEndpoint] of the base URL.
func WithGraphOAuthEndpoint(endpoint oauth2.Endpoint) Option {
	return func(c *config) (err error) {
		if endpoint.AuthURL, err = checkBaseURL("Graph authorize URL", endpoint.AuthURL); err == nil {
			endpoint.TokenURL, err = checkBaseURL("Graph token URL", endpoint.TokenURL)
		}
		if err == nil && !strings.HasSuffix(endpoint.TokenURL, exchangeEndpoint) {
			err = &ParameterError{"Graph token URL", "it does not end in " + exchangeEndpoint}
		}
		c.graphEndpoint = endpoint
		return err
	}
}

// WithGraphLimiter has every read of the Graph wait for the limiter. There is none by default;
// [NewUsageLimiter] makes one.
func WithGraphLimiter(limiter Limiter) Option {
	return func(c *config) error {
		if limiter == nil {
			return &ParameterError{"Graph limiter", "it is nil"}
		}
		c.graphLimiter = limiter
		return nil
	}
}

// WithAccessToken authenticates every call to v1 with a token. A token is refused when it is empty
// or holds spaces or control characters.
//
// The Graph has tokens of its own, see [WithGraphToken]. Only where the Graph URL names the server
// of the base URL, as with a test server, are its calls made with this one as long as it has no
// other.
func WithAccessToken(token string) Option {
	return func(c *config) error {
		c.tokens = tokens.Static(&token)
		return refused("access_token", check.Token(token))
	}
}

// WithTokenSource authenticates each call to v1 with the token that the source holds at that time,
// so that a refreshed token is used at once. The source must be safe for concurrent use, as those
// of the oauth2 package are. It holds up no call: a token that it returns when the call has ended is
// for the next one. Of a source that has the method TokenContext(ctx) (*oauth2.Token, error), this
// is called instead, with the context of the call.
func WithTokenSource(source oauth2.TokenSource) Option {
	return func(c *config) error {
		if source == nil {
			return &ParameterError{"token source", "it is nil"}
		}
		c.tokens = tokens.Ask(source)
		return nil
	}
}

// WithClientCredentials sets the id and the secret of the app. The id alone authenticates reads
// where there is no token, as servers allowed until 2016; the secret is for signing in,
// [WithSignedRequests] and subscriptions and may be empty.
func WithClientCredentials(id, secret string) Option {
	return func(c *config) error {
		if id == "" {
			return &ParameterError{"client_id", "it is empty"}
		}
		c.clientID, c.clientSecret = id, redact.NewSecret(secret)
		return refused("client_secret", check.Secret(secret))
	}
}

// WithSignedRequests adds the sig parameter to every call, for servers that enforce it. It needs
// the secret of [WithClientCredentials].
func WithSignedRequests() Option {
	return func(c *config) error {
		c.signed = true
		return nil
	}
}

// WithHTTPClient sets the client whose transport, cookies and timeout are used; the timeout is for
// each attempt of a call. The client is copied, and stays as it is; redirects are always checked by
// this package. The default has the transport of [NewTransport] and a timeout of 1 minute.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		if hc == nil {
			return &ParameterError{"HTTP client", "it is nil"}
		}
		c.httpClient = hc
		return nil
	}
}

// WithTimeout bounds a whole call: its attempts and the pauses between them, but not the wait for a
// [Limiter]. The default is 3 minutes; 0 is no bound. The deadline of the context holds as well.
func WithTimeout(timeout time.Duration) Option {
	return func(c *config) error {
		if timeout < 0 {
			return &ParameterError{"timeout", "it is negative"}
		}
		c.timeout = timeout
		return nil
	}
}

// WithRetry changes how often and how patiently calls are repeated. Calls are repeated without it
// too, as the zero [RetryPolicy] says; MaxAttempts: 1 makes each call one request.
func WithRetry(policy RetryPolicy) Option {
	return func(c *config) error {
		c.retry = policy
		return policy.check()
	}
}

// WithLimiter has every request to the v1 server wait for the limiter. There is none by default;
// [NewHourlyLimiter] makes one.
func WithLimiter(limiter Limiter) Option {
	return func(c *config) error {
		if limiter == nil {
			return &ParameterError{"limiter", "it is nil"}
		}
		c.limiter = limiter
		return nil
	}
}

// WithLogger writes one line when a call is over: its endpoint, status and duration, how many
// attempts it took and what remains of the token's budget. Calls that went well are logged as Info,
// the others as Warn with their error. No line holds a secret. The default is not to log.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return &ParameterError{"logger", "it is nil"}
		}
		c.logger = logger
		return nil
	}
}

// WithUserAgent sets the User-Agent header of each request. The default names this package and its
// version.
func WithUserAgent(userAgent string) Option {
	return func(c *config) error {
		if userAgent == "" || strings.ContainsFunc(userAgent, unicode.IsControl) {
			return &ParameterError{"User-Agent", "it is empty, or has a control character"}
		}
		c.userAgent = userAgent
		return nil
	}
}

// WithMiddleware puts a function around each call, with all its attempts: for metrics, traces,
// audits, or to refuse calls. It is given what makes the call, and returns what takes its place.
// Where the option is used several times, the first is the outermost.
//
// A middleware may give next another context. It calls next once, or returns an error, which ends
// the call as the cause of an [*Error]. The error of next is an [*Error] without secrets. It can be
// replaced by another one; without an error there would be no value to return. What a middleware
// does runs in the goroutine of the call.
//
// It knows calls, and not their requests. Those go through the transport of [WithHTTPClient]: an
// [http.RoundTripper] around [NewTransport] sees each attempt, its URL with the token too.
func WithMiddleware(middleware func(next CallFunc) CallFunc) Option {
	return func(c *config) error {
		if middleware == nil {
			return &ParameterError{"middleware", "it is nil"}
		}
		c.middleware = append(slices.Clip(c.middleware), middleware)
		return nil
	}
}

// WithRecorder hands each answer that there is to a Recorder, those that tell of an error and those
// of attempts that are repeated too. [RecordTo] keeps them in a directory. An error of the Recorder
// does not fail the call: it is logged, to the client's logger or else to [slog.Default]. The option
// may be used several times.
//
// Before that, secrets become [redacted]: those of the call, in whatever form they stand there, and
// what members and parameters are named as, such as access_token. In JSON all else stays as it was,
// byte for byte, so that the models read it; but strings of over 8 KiB become [redacted] as well. Of
// a body that is no JSON, the first 8 KiB are kept.
func WithRecorder(recorder Recorder) Option {
	return func(c *config) error {
		if recorder == nil {
			return &ParameterError{"recorder", "it is nil"}
		}
		c.recorders = append(slices.Clip(c.recorders), recorder)
		return nil
	}
}

// WithDebug prints each request and its answer, or what came in its place: for somebody who looks
// for what is wrong, not for a program to read. Secrets are masked as for [WithRecorder], and of a
// body 4 KiB are printed. An exchange is one Write.
func WithDebug(w io.Writer) Option {
	return func(c *config) error {
		if w == nil {
			return &ParameterError{"debug writer", "it is nil"}
		}
		c.debug = dump.New(w)
		return nil
	}
}

// WithMaxBodySize sets how many bytes the body of an answer may have, after decompression; past
// that the call fails with [ErrBodyTooLarge]. The default is 16 MiB.
func WithMaxBodySize(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return &ParameterError{"body size", "it must be positive"}
		}
		c.maxBody = bytes
		return nil
	}
}

// WithLenientDecoding makes pagers leave out the entries that do not decode and report them in
// [Page.Skipped]. Without it, one of them fails its page. A loop over [Pager.All] does not show the
// skipped ones. A list without pages has nowhere to report them, so there one always fails the call.
func WithLenientDecoding() Option {
	return func(c *config) error {
		c.lenient = true
		return nil
	}
}

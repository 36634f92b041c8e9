package instagram

import (
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/igv1/instagram/internal/dump"
)

// The options here are for who wants to see what a client does.

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

// version returns the version of this package that the program was built with: devel where it is
// the program's own module.
var version = sync.OnceValue(func() string {
	const devel = "devel"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return devel
	}
	for _, module := range info.Deps {
		if module.Path == "github.com/igv1/instagram" && module.Replace == nil {
			return module.Version
		}
	}
	return devel
})

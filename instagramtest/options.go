package instagramtest

import (
	"time"

	"github.com/igv1/instagram/instagramtest/internal/limits"
	"github.com/igv1/instagram/instagramtest/internal/recorded"
	"github.com/igv1/instagram/instagramtest/internal/seed"
)

// Wire is a generation of the API: how ids, times, comments, likes, images and pages look in its
// answers.
type Wire int

const (
	// Wire2011 is the API of 2010 and early 2011: ids are JSON numbers, media types are 1 and 2,
	// comments a bare array, created_time is an ISO date and the next page hides in paging.next.
	Wire2011 Wire = 2011
	// Wire2013 is the API of 2011 to 2015: ids are strings, comments and likes come as a count with
	// some of their data.
	Wire2013 Wire = 2013
	// Wire2017 is the API of 2016 to 2020, the default: comments and likes are a count alone, and
	// there are carousels.
	Wire2017 Wire = 2017
)

// Mode is the mode of the app that the server serves.
type Mode int

const (
	// Live apps have 5000 requests an hour for each token, and 60 likes, 60 comments and 60
	// relationship changes. It is the default.
	Live Mode = iota
	// Sandbox apps have 500 requests an hour for each token, and 30 likes, 30 comments and 30
	// relationship changes.
	Sandbox
)

// Option changes how a server starts.
type Option func(*config)

type config struct {
	seed            int64
	wire            Wire
	budget          limits.Budget
	addr            string
	redirectURIs    []string
	remoteCallbacks bool
	tls             bool
	signed          bool
	forwarded       bool
	size            seed.Size
	start           time.Time
	data            func() (*recorded.Archive, error) // nil for a world from the seed
}

func newConfig(opts []Option) config {
	c := config{seed: 1, wire: Wire2017, budget: Live.budget(), addr: "127.0.0.1:0", size: seed.DefaultSize}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// WithSeed chooses another world. The same seed always makes the same users, media, ids and tokens;
// the default is 1. Only the times of the last thirty days of the world follow the clock.
func WithSeed(seed int64) Option { return func(c *config) { c.seed = seed } }

// WithWire chooses the generation in which the server answers.
func WithWire(w Wire) Option { return func(c *config) { c.wire = w } }

// WithMode chooses the limits of a live or of a sandboxed app.
func WithMode(m Mode) Option { return func(c *config) { c.budget = m.budget() } }

// WithLimits sets how many calls each token has in an hour, and how many likes, comments and
// relationship changes each, for tests of what happens when they are used up, or of very many
// calls.
func WithLimits(calls, writes int) Option {
	return func(c *config) { c.budget = limits.Budget{Calls: max(calls, 0), Writes: max(writes, 0)} }
}

// WithAddr is the TCP address to listen on instead of a free port on the loopback interface.
func WithAddr(addr string) Option { return func(c *config) { c.addr = addr } }

// WithTLS serves https with a certificate made for this server alone. [Server.Client] trusts it.
func WithTLS() Option { return func(c *config) { c.tls = true } }

// WithSignedRequests refuses every call to an endpoint whose sig parameter is missing or wrong.
func WithSignedRequests() Option { return func(c *config) { c.signed = true } }

// WithSignedForwardedFor refuses every write whose X-Insta-Forwarded-For header is missing or
// wrong.
func WithSignedForwardedFor() Option { return func(c *config) { c.forwarded = true } }

// WithRedirectURI registers redirect URIs for the app. One that an app then sends must have the
// same scheme, host and path, whether or not there is a slash at the end, and any query that was
// registered at the start of its own. Without this option, every http and https URL on the loopback
// interface will do, on any port.
func WithRedirectURI(uris ...string) Option {
	return func(c *config) { c.redirectURIs = append(c.redirectURIs, uris...) }
}

// WithRemoteCallbacks lets apps subscribe with a callback URL that is not on the loopback
// interface. Without it, the server calls no other machine.
func WithRemoteCallbacks() Option { return func(c *config) { c.remoteCallbacks = true } }

// WithTime starts the server's clock at a time of your choice and stops it there; it moves by
// [Server.Advance] alone.
func WithTime(t time.Time) Option { return func(c *config) { c.start = t } }

// WithUsers sets how many users the world has, at least 2. The default is 150.
func WithUsers(n int) Option { return func(c *config) { c.size.Users = max(n, 2) } }

// WithMedia sets how many media the main user has, the first of [Server.Users], and how many all
// others have together. The defaults are 240 and 3000.
func WithMedia(main, others int) Option {
	return func(c *config) { c.size.MainMedia, c.size.Media = max(main, 0), max(others, 0) }
}

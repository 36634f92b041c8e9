package instagramtest

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
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
	seed         int64
	wire         Wire
	budget       limits.Budget
	addr         string
	hosts        []string // in lower case
	publicURL    string
	cors         []string
	clientID     string // "" for one from the seed
	clientSecret string
	builtIn      []builtInToken
	redirectURIs []string
	log          io.Writer // nil for none
	start        time.Time
	size         seed.Size
	data         func() (*recorded.Archive, error) // nil for a world from the seed

	save string // the file to save to, "" for none

	remoteCallbacks, tls, signed, forwarded, strict bool
}

type builtInToken struct{ user, token string }

func newConfig(opts []Option) config {
	c := config{seed: 1, wire: Wire2017, budget: Live.budget(), addr: "127.0.0.1:0", size: seed.DefaultSize}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// check refuses values that make no sense.
func (c *config) check() error {
	switch {
	case c.wire != Wire2011 && c.wire != Wire2013 && c.wire != Wire2017:
		return fmt.Errorf("WithWire(%d): the generations are Wire2011, Wire2013 and Wire2017", c.wire)
	case c.size.Users < 2:
		return fmt.Errorf("WithUsers(%d): a world has at least 2 users", c.size.Users)
	case c.size.MainMedia < 0 || c.size.Media < 0:
		return fmt.Errorf("WithMedia(%d, %d): a number of media cannot be negative", c.size.MainMedia, c.size.Media)
	case c.budget.Calls < 0 || c.budget.Writes < 0:
		return fmt.Errorf("WithLimits(%d, %d): a limit cannot be negative", c.budget.Calls, c.budget.Writes)
	case c.save != "" && c.data == nil:
		return fmt.Errorf("WithSave(%q): only a world of recorded data is saved; give WithData or WithDataFile, too", c.save)
	case c.strict && c.data == nil:
		return errors.New("WithStrictData: there is no recorded data; give WithData or WithDataFile, too")
	case c.publicURL != "" && !isOrigin(c.publicURL):
		return fmt.Errorf("WithPublicURL(%q): it must be a scheme and a host, as in https://api.instagram.com", c.publicURL)
	}
	for _, host := range c.hosts {
		if host == "" || strings.ContainsAny(host, ":/") || !plainHost(host) {
			return fmt.Errorf("WithHosts(%q): it must be a name without scheme and port, as api.instagram.com", host)
		}
	}
	for _, origin := range c.cors {
		if origin != "*" && origin != "null" && !isOrigin(origin) {
			return fmt.Errorf("WithCORS(%q): it must be an origin, as in https://app.example, null, or * for all", origin)
		}
	}
	for _, own := range c.builtIn {
		if own.token == "" || strings.ContainsFunc(own.token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("WithToken for %q: a token is printable ASCII without spaces", own.user)
		}
	}
	return nil
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
	return func(c *config) { c.budget = limits.Budget{Calls: calls, Writes: writes} }
}

// WithAddr is the TCP address to listen on instead of a free port on the loopback interface.
func WithAddr(addr string) Option { return func(c *config) { c.addr = addr } }

// WithHosts names the hosts that the server stands in for, as api.instagram.com: its certificate is
// for them, too, and [Server.Client] finds the server under these names. Other programs find it
// with an entry in the hosts file.
//
// The URLs in answers need no option: they start with the scheme and the host that the request came
// by.
func WithHosts(names ...string) Option {
	return func(c *config) {
		for _, name := range names {
			c.hosts = append(c.hosts, strings.ToLower(name))
		}
	}
}

// WithPublicURL is the scheme and host that all URLs in answers start with, as
// https://api.instagram.com, whatever host the request names. It is for a server behind a proxy
// that changes the Host header or ends the TLS connection.
func WithPublicURL(url string) Option {
	return func(c *config) { c.publicURL = strings.TrimRight(url, "/") }
}

// WithCORS lets pages of other origins call the server from a browser: origins as
// https://app.example, null for pages that are files, or * for all. Pages from the loopback
// interface always may.
func WithCORS(origins ...string) Option {
	return func(c *config) { c.cors = append(c.cors, origins...) }
}

// WithClientCredentials gives the app the client id and the secret that a program has built in.
// Without it they are made from the seed.
func WithClientCredentials(id, secret string) Option {
	return func(c *config) { c.clientID, c.clientSecret = id, secret }
}

// WithToken makes an access token valid that a program has built in: for a user, given by username
// or id, with all scopes. The user must be there, or the server does not start.
func WithToken(user, token string) Option {
	return func(c *config) { c.builtIn = append(c.builtIn, builtInToken{user, token}) }
}

// WithLog writes a line for each request: the time, the method, the path, the status, the user and
// how long it took. There is no query in it, and so no secret.
func WithLog(w io.Writer) Option { return func(c *config) { c.log = w } }

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
func WithUsers(n int) Option { return func(c *config) { c.size.Users = n } }

// WithMedia sets how many media the main user has, the first of [Server.Users], and how many all
// others have together. The defaults are 240 and 3000.
func WithMedia(main, others int) Option {
	return func(c *config) { c.size.MainMedia, c.size.Media = main, others }
}

// isOrigin says whether a text is a scheme and a host, and nothing else.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && plainHost(u.Host) && s == u.Scheme+"://"+u.Host
}

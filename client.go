package instagram

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"

	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/tokens"
)

// A Client speaks to one v1 server. Make one with [NewClient] and share it: it is safe for any
// number of goroutines and nothing on it changes.
//
// The endpoints are grouped as in the API's own reference.
type Client struct {
	Users         *UsersService         // profiles, and the media that users post, like and see
	Relationships *RelationshipsService // who follows whom
	Media         *MediaService         // single media, and media around a point
	Comments      *CommentsService      // comments on a media
	Likes         *LikesService         // likes of a media
	Tags          *TagsService          // hashtags and their media
	Locations     *LocationsService     // places and their media
	Geographies   *GeographiesService   // media from areas that an app subscribed to
	Subscriptions *SubscriptionsService // what a Webhook is told of
	Embeds        *EmbedsService        // how to show a media on another page
	Graph         *GraphService         // the API that answers today

	config      *config // as the options left it
	core        core
	graphCore   core
	graphTokens tokens.Source // as they were set
	oneServer   bool          // that v1 and the Graph are on

	users service // v1, in the name of a user
	app   service // v1, in the name of the app
	oauth service
	embed service
	graph service
}

// NewClient returns a Client for https://api.instagram.com/v1, or for what the options say. A
// setting that cannot work is refused with a [*ParameterError].
func NewClient(opts ...Option) (*Client, error) {
	cfg := defaultConfig()
	if err := cfg.apply(opts); err != nil {
		return nil, err
	}
	return cfg.client(core{settings: cfg.settings(nil), tokens: cfg.tokens}), nil
}

// client returns the client of the options that calls v1 through a core.
func (cfg *config) client(v1 core) *Client {
	c := &Client{
		config: cfg,

		users: service{api: newV1(cfg.baseURL, cfg.limiter)},
		app:   service{api: newV1App(cfg.baseURL)},
		oauth: service{api: newOAuthAPI(besideV1(cfg.baseURL))},
		embed: service{api: newEmbedAPI(besideV1(cfg.baseURL))},
		graph: service{api: newGraphAPI(cfg.graphURL, cfg.graphVersion, cfg.graphLimiter)},

		oneServer: check.SameServer(cfg.baseURL, cfg.graphURL),
	}
	return c.connect(v1, cfg.graphTokens)
}

// made returns c, or for one that NewClient did not make a client whose calls are refused.
func (c *Client) made() *Client {
	if c != nil && c.config != nil {
		return c
	}
	cfg := defaultConfig()
	v1 := core{settings: cfg.settings(nil)}
	v1.invalid = errUnmade
	return cfg.client(v1)
}

// connect has the services of c, which is new, call through a core, and the Graph through one with
// tokens of its own.
func (c *Client) connect(v1 core, graphTokens tokens.Source) *Client {
	c.core, c.graphTokens = v1, graphTokens
	c.graphCore = core{settings: v1.settings, tokens: graphTokens}
	if c.oneServer && !graphTokens.Set() {
		c.graphCore.tokens = v1.tokens
	}
	for _, s := range []*service{&c.users, &c.app, &c.oauth, &c.embed} {
		s.core = &c.core
	}
	c.graph.core = &c.graphCore
	c.Users = (*UsersService)(&c.users)
	c.Relationships = (*RelationshipsService)(&c.users)
	c.Media = (*MediaService)(&c.users)
	c.Comments = (*CommentsService)(&c.users)
	c.Likes = (*LikesService)(&c.users)
	c.Tags = (*TagsService)(&c.users)
	c.Locations = (*LocationsService)(&c.users)
	c.Geographies = (*GeographiesService)(&c.users)
	c.Subscriptions = (*SubscriptionsService)(&c.app)
	c.Embeds = (*EmbedsService)(&c.embed)
	c.Graph = (*GraphService)(&c.graph)
	return c
}

// WithToken returns a client for another user. It shares everything else with c, the connection
// pool too, and costs one allocation: make one per request if that is easiest. The calls of a
// client with an empty token are refused.
func (c *Client) WithToken(token string) *Client {
	// The token is beside the client and not in it, so that no copy of a client that is printed
	// field by field shows it.
	derived := &struct {
		Client
		token string
	}{Client: *c.made(), token: token}
	return derived.with(tokens.Static(&derived.token), derived.core.forwardedFor)
}

// WithTokenSource is [Client.WithToken] for a source that is asked on each call. With a nil one it
// returns a client without a token.
func (c *Client) WithTokenSource(source oauth2.TokenSource) *Client {
	derived := *c.made()
	return derived.with(tokens.Ask(source), derived.core.forwardedFor)
}

// With returns a client with other options, for one call or for many:
//
//	user, err := client.With(instagram.WithTimeout(2 * time.Second)).Users.Get(ctx, instagram.Self)
//
// It shares everything else with c, as [Client.WithToken] does: connections, the stock of
// repetitions of its [RetryPolicy], and what is known of rate limits. All options may change but
// those that name a server, [WithBaseURL], [WithGraphURL] and [WithGraphOAuthEndpoint], because
// the token of c is not for another one, and [WithHTTPClient]. A setting that cannot work is the
// error of each call, a [*ParameterError], of the clients derived from this one too.
func (c *Client) With(opts ...Option) *Client {
	c = c.made()
	cfg := *c.config
	cfg.tokens, cfg.graphTokens = c.core.tokens, c.graphTokens
	changed := cfg
	err := changed.apply(opts)
	if err == nil {
		err = changed.keeps(c.config)
	}
	if err == nil {
		cfg = changed
	}
	settings := cfg.settings(c.core.settings)
	settings.invalid = cmp.Or(c.core.settings.invalid, err)
	return cfg.client(core{settings, cfg.tokens, c.core.forwardedFor})
}

// keeps refuses what a derived client cannot have for itself: other servers, for which the tokens
// of its parent are not meant, and other connections.
func (cfg *config) keeps(parent *config) error {
	name := ""
	switch {
	case cfg.baseURL != parent.baseURL:
		name = "base URL"
	case cfg.graphURL != parent.graphURL:
		name = "Graph URL"
	case cfg.graphEndpoint != parent.graphEndpoint:
		name = "Graph endpoint"
	case cfg.httpClient != parent.httpClient:
		name = "HTTP client"
	default:
		return nil
	}
	return &ParameterError{name, "it is the same for all clients derived from one; make another with NewClient"}
}

// WithForwardedFor returns a client whose calls carry the X-Insta-Forwarded-For header, which older
// servers ask of writes: the addresses of the user that the calls are made for, as a load balancer
// sees them, signed with the client secret. It shares everything else with c, as [Client.WithToken]
// does.
func (c *Client) WithForwardedFor(ips ...netip.Addr) *Client {
	derived := *c.made()
	return derived.with(derived.core.tokens, slices.Clone(ips))
}

// with sets what c, which is a copy of another client, calls with.
func (c *Client) with(source tokens.Source, forwardedFor []netip.Addr) *Client {
	return c.connect(core{c.core.settings, source, forwardedFor}, c.graphTokens)
}

// WithGraphToken returns a client that calls the Graph for another user. It shares everything else
// with c, as [Client.WithToken] does, the token for v1 too.
func (c *Client) WithGraphToken(token string) *Client {
	derived := &struct {
		Client
		token string
	}{Client: *c.made(), token: token}
	return derived.connect(derived.core, tokens.Static(&derived.token))
}

// WithGraphTokenSource is [Client.WithGraphToken] for a source that is asked on each call. With a
// nil one it returns a client without a token for the Graph.
func (c *Client) WithGraphTokenSource(source oauth2.TokenSource) *Client {
	derived := *c.made()
	return derived.connect(derived.core, tokens.Ask(source))
}

// Close closes the connections that wait for another call, of the clients that [Client.WithToken]
// derived too. Calls on their way are not touched, and later ones open new connections. Of a
// transport from [WithHTTPClient] it closes them if that has the method CloseIdleConnections, as
// net/http's own has.
func (c *Client) Close() {
	c.made().core.http.GetClient().CloseIdleConnections()
}

// RateLimit returns the hour's budget of this client's token for v1, from the latest answer to it or
// to another client of this token that comes from the same one. The 10,000 tokens used last are
// remembered. It is zero where no answer has said it, or the token source, which may take as long as
// a call, gives no token. That of the token for the Graph is [GraphService.RateLimit].
func (c *Client) RateLimit() RateLimit {
	return c.made().core.rateLimit()
}

// String returns where the client calls. It holds no secret.
func (c Client) String() string {
	if c.core.settings == nil {
		return "instagram.Client()"
	}
	return "instagram.Client(" + c.users.api.base + ")"
}

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (c Client) Format(f fmt.State, verb rune) { fmt.Fprint(f, c.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

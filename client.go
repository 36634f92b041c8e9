package instagram

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/go-resty/resty/v2"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/recent"
)

// Self stands for the signed-in user wherever a user id is asked for.
const Self = "self"

// A Client speaks to one v1 server. Make one with [NewClient] and share it: it
// is safe for any number of goroutines and nothing on it changes.
//
// The endpoints are grouped as in the API's own reference.
type Client struct {
	Users         *UsersService
	Relationships *RelationshipsService
	Media         *MediaService
	Comments      *CommentsService
	Likes         *LikesService
	Tags          *TagsService
	Locations     *LocationsService
	Geographies   *GeographiesService
	Subscriptions *SubscriptionsService
	Embeds        *EmbedsService
	Graph         *GraphService

	service
	*settings
	tokens       oauth2.TokenSource // nil without one
	forwardedFor []netip.Addr
}

// service is what every group of endpoints is made of: the client to call through.
type service struct{ client *Client }

// settings is what a client shares with those that [Client.WithToken] derives from it.
type settings struct {
	http         *resty.Client
	v1           *api
	app          *api // v1, called by the app itself
	oauth        *api
	oembed       *api
	graph        *api
	clientID     string
	clientSecret string
	signed       bool
	lenient      bool
	maxBody      int64
	timeout      time.Duration
	retry        *retrier
	limiter      Limiter // nil without one
	rateLimits   *recent.Map[RateLimit]
	logger       *slog.Logger // nil without one
}

// NewClient returns a Client for https://api.instagram.com/v1, or for what the
// options say. A setting that cannot work is refused with a [*ParameterError].
func NewClient(opts ...Option) (*Client, error) {
	cfg := defaultConfig()
	for _, opt := range opts {
		if err := opt(&cfg); err != nil {
			return nil, err
		}
	}
	if cfg.signed && cfg.clientSecret == "" {
		return nil, &ParameterError{"client_secret", "signed requests need it; set it with WithClientCredentials"}
	}
	return new(Client).connect(&settings{
		http:         newHTTPClient(cfg.httpClient),
		v1:           &api{base: cfg.baseURL, authorize: (*Client).authorize, readError: (*Error).readMeta, hourly: true},
		app:          &api{base: cfg.baseURL, authorize: (*Client).authorizeApp, readError: (*Error).readMeta},
		oauth:        &api{base: besideV1(cfg.baseURL), authorize: (*Client).authorizeApp, readError: (*Error).readMeta},
		oembed:       &api{base: besideV1(cfg.baseURL), authorize: (*Client).authorizeNone, readError: (*Error).readText},
		graph:        newGraphAPI(cfg.graphURL, cfg.graphVersion),
		clientID:     cfg.clientID,
		clientSecret: cfg.clientSecret,
		signed:       cfg.signed,
		lenient:      cfg.lenient,
		maxBody:      cfg.maxBody,
		timeout:      cfg.timeout,
		retry:        newRetrier(cfg.retry),
		limiter:      cfg.limiter,
		rateLimits:   recent.New[RateLimit](maxHolders),
		logger:       cfg.logger,
	}, cfg.tokens, nil), nil
}

// connect makes a client of c, which is new.
func (c *Client) connect(s *settings, tokens oauth2.TokenSource, forwardedFor []netip.Addr) *Client {
	c.settings, c.tokens, c.forwardedFor = s, tokens, forwardedFor
	c.service.client = c
	c.Users = (*UsersService)(&c.service)
	c.Relationships = (*RelationshipsService)(&c.service)
	c.Media = (*MediaService)(&c.service)
	c.Comments = (*CommentsService)(&c.service)
	c.Likes = (*LikesService)(&c.service)
	c.Tags = (*TagsService)(&c.service)
	c.Locations = (*LocationsService)(&c.service)
	c.Geographies = (*GeographiesService)(&c.service)
	c.Subscriptions = (*SubscriptionsService)(&c.service)
	c.Embeds = (*EmbedsService)(&c.service)
	c.Graph = (*GraphService)(&c.service)
	return c
}

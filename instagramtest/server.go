package instagramtest

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/answers"
	"github.com/igv1/instagram/instagramtest/internal/console"
	"github.com/igv1/instagram/instagramtest/internal/graph"
	"github.com/igv1/instagram/instagramtest/internal/limits"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/realtime"
	"github.com/igv1/instagram/instagramtest/internal/recorded"
	"github.com/igv1/instagram/instagramtest/internal/seed"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// Server is a running v1 server. Its methods may be used by several goroutines at once.
type Server struct {
	// URL is where the server is, as in http://127.0.0.1:8080: no path and no slash at the end.
	URL string
	// ClientID and ClientSecret are those of the one app that is registered with the server.
	ClientID, ClientSecret string
	// AdminToken opens the calls under /admin, which do by HTTP what the methods of Server do. See
	// the package comment.
	AdminToken string

	config
	clock   clock
	wire    wire.Encoder
	world   atomic.Pointer[world.World]
	tokens  oauth.Tokens
	limits  limits.Limiter
	log     requestLog  // what was asked
	latest  answers.Log // and what was answered lately
	logging sync.Mutex  // held while a line of the log is written
	codes   oauth.Codes
	faults  *faults // what is to go wrong
	// redirects are the app's redirect URIs.
	redirects oauth.RedirectURIs
	graph     *graph.API
	realtime  *realtime.Hub
	webhooks  *realtime.Hub // of the Graph
	admin     http.Handler
	console   *console.Handler
	archive   *recorded.Archive               // nil for a world from the seed
	loaded    atomic.Pointer[recorded.Loaded] // nil for a world from the seed
	store     *recorded.Store                 // nil if nothing is saved

	listener  net.Listener
	http      *http.Server
	closing   context.Context // ends what is sent for as long as somebody listens
	cert      *certificate    // nil without TLS
	client    *http.Client
	served    chan struct{}
	closeOnce sync.Once
}

// NewServer starts a server on the loopback interface. It panics if it cannot listen, as
// [net/http/httptest] does; see [Start] for the alternative. Close it when done.
func NewServer(opts ...Option) *Server {
	s, err := Start(opts...)
	if err != nil {
		panic(err)
	}
	return s
}

// Start starts a server, or says why it cannot: the address is in use, or no address, or an option
// makes no sense.
func Start(opts ...Option) (*Server, error) {
	s := &Server{config: newConfig(opts), served: make(chan struct{})}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("instagramtest: %w", err)
	}
	var stop context.CancelFunc
	s.closing, stop = context.WithCancel(context.Background())
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	s.http.RegisterOnShutdown(stop)
	go func() {
		defer close(s.served)
		s.http.Serve(s.listener) //nolint:errcheck // it ends when the server is closed, and not before
	}()
	return s, nil
}

// open makes everything up to the listener.
func (s *Server) open() (err error) {
	if err := s.config.check(); err != nil {
		return err
	}
	if s.redirects, err = oauth.ParseRedirectURIs(s.redirectURIs); err != nil {
		return fmt.Errorf("WithRedirectURI: %w", err)
	}
	if s.data != nil {
		if s.archive, err = s.data(); err != nil {
			return err
		}
		if s.save != "" {
			if s.store, err = recorded.OpenStore(s.save); err != nil {
				return err
			}
		}
	}
	s.setUp()
	if err := s.reset(); err != nil {
		return err
	}
	return s.listen()
}

// setUp makes the parts of the server that do not need its address.
func (s *Server) setUp() {
	app := fmt.Sprint("instagramtest ", s.seed)
	secret := oauth.Digest(app, "client secret")[:32]
	s.ClientID = cmp.Or(s.clientID, oauth.Digest(app, "client id")[:32])
	s.ClientSecret = cmp.Or(s.clientSecret, secret)
	s.AdminToken = oauth.Digest(app, "admin token")[:32]
	s.admin = s.newAdmin()
	s.console = s.newConsole()
	s.wire = wire.New(wire.Year(s.config.wire), s.archive != nil)
	s.clock.fixed = s.start
	s.tokens.Secret = secret
	s.limits.Budget = s.config.budget
	s.faults = newFaults(s.seed)
	s.realtime = realtime.New(s.ClientSecret, realtime.V1)
	s.webhooks = realtime.New(s.ClientSecret, realtime.Graph)
	s.graph = &graph.API{World: s.world.Load, Tokens: &s.tokens, Limits: &s.limits, Now: s.Now, Secret: s.ClientSecret}
}

// listen opens the server's address, and knows its URL then.
func (s *Server) listen() error {
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("WithAddr(%q): %w", s.addr, err)
	}
	s.listener = listener
	scheme := "http"
	if s.config.tls {
		scheme = "https"
		if s.cert, err = newCertificate(listener.Addr(), s.hosts); err != nil {
			listener.Close()
			return err
		}
		s.listener = tls.NewListener(listener, s.cert.serverConfig())
	}
	s.URL = scheme + "://" + reachable(listener.Addr())
	s.client = s.newClient()
	return nil
}

// reachable is the host and port to call a listener by.
func reachable(addr net.Addr) string {
	host, port, _ := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// BaseURL is where the API is: URL with /v1. The endpoints answer without /v1 as well.
func (s *Server) BaseURL() string { return s.URL + "/v1" }

// Client is an HTTP client that trusts the server's certificate. It finds the server under the
// names of [WithHosts], too.
func (s *Server) Client() *http.Client { return s.client }

func (s *Server) newClient() *http.Client {
	_, here, _ := strings.Cut(s.URL, "://")
	dialer := &net.Dialer{}
	transport := &http.Transport{
		MaxIdleConnsPerHost: 256,
		IdleConnTimeout:     time.Minute,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if host, _, err := net.SplitHostPort(addr); err == nil && slices.Contains(s.hosts, strings.ToLower(host)) {
				addr = here
			}
			return dialer.DialContext(ctx, network, addr)
		},
	}
	if s.cert != nil {
		transport.TLSClientConfig = s.cert.clientConfig()
	}
	return &http.Client{Transport: transport}
}

// Close stops the server and cuts what connections are left. No goroutine of the server is left
// when it returns.
func (s *Server) Close() {
	http.DefaultClient.CloseIdleConnections() // which most tests use that do not use the server's
	s.closeOnce.Do(func() {
		s.faults.close()
		s.client.CloseIdleConnections()
		s.realtime.Close()
		s.webhooks.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := s.http.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
			s.http.Close()
		}
		<-s.served
		s.faults.running.Wait()
	})
}

// Reset puts the world, the subscriptions, the limits, the request log and the clock back to how
// they were at the start, and clears all faults. Tokens stay valid, and those that were revoked are
// valid again.
func (s *Server) Reset() {
	if err := s.reset(); err != nil {
		panic("instagramtest: " + err.Error()) // but it went well at the start
	}
}

func (s *Server) reset() error {
	s.clock.reset()
	s.tokens.Reset()
	s.codes.Reset()
	s.realtime.Reset()
	s.webhooks.Reset()
	s.limits.Reset()
	s.log.clear()
	s.latest.Clear()
	s.faults.clear()
	s.store.Reset()
	s.store.Flush() //nolint:errcheck // if it cannot be saved, the next write tells
	w, err := s.newWorld()
	if err != nil {
		return err
	}
	s.world.Store(w)
	return s.acceptBuiltIn()
}

// newWorld makes the world of the seed or of the recordings.
func (s *Server) newWorld() (*world.World, error) {
	if s.archive == nil {
		form := seed.Form{Counting: s.config.wire == Wire2011, Bare: s.config.wire != Wire2017}
		return seed.World(s.seed, s.size, form, s.Now()), nil
	}
	loaded, err := s.archive.World(wire.Year(s.config.wire), s.store.Changes(), s.strict)
	if err != nil {
		return nil, err
	}
	s.loaded.Store(loaded)
	w := loaded.World
	for _, u := range w.Everyone { // for clients that have a token from before the server was started again
		s.tokens.Issue(u.ID, everyScope())
	}
	return w, nil
}

// Now is the time on the server's clock.
func (s *Server) Now() time.Time { return s.clock.now() }

// Advance moves the server's clock, forward as a rule.
func (s *Server) Advance(d time.Duration) { s.clock.advance(d) }

// Requests are the latest requests that the server has answered, oldest first: up to 10,000, and
// fewer if they are long.
func (s *Server) Requests() []Request { return s.log.list() }

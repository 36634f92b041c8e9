package instagramtest

import (
	"context"
	"crypto/rand"
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
	"github.com/igv1/instagram/instagramtest/internal/paths"
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
	clock  clock
	wire   wire.Encoder
	world  atomic.Pointer[world.World]
	tokens oauth.Tokens
	limits limits.Limiter
	log    requestLog  // what was asked
	latest answers.Log // and what was answered lately
	codes  oauth.Codes
	faults *faults // what is to go wrong
	// redirects are the app's redirect URIs.
	redirects oauth.RedirectURIs
	graph     *graph.API
	realtime  *realtime.Hub
	admin     http.Handler
	console   *console.Handler
	archive   *recorded.Archive // nil for a world from the seed
	store     *recorded.Store   // nil if nothing is saved

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
	var err error
	if s.redirects, err = oauth.ParseRedirectURIs(s.redirectURIs); err != nil {
		return nil, fmt.Errorf("instagramtest: %w", err)
	}
	if s.data != nil {
		if s.archive, err = s.data(); err != nil {
			return nil, fmt.Errorf("instagramtest: %w", err)
		}
		s.store = s.archive.Store
	}
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return nil, fmt.Errorf("instagramtest: %w", err)
	}
	s.listener = listener
	scheme := "http"
	if s.config.tls {
		scheme = "https"
		if s.cert, err = newCertificate(listener.Addr()); err != nil {
			listener.Close()
			return nil, fmt.Errorf("instagramtest: %w", err)
		}
		s.listener = tls.NewListener(listener, s.cert.serverConfig())
	}
	s.URL = scheme + "://" + reachable(listener.Addr())
	s.client = s.newClient()

	app := fmt.Sprint("instagramtest ", s.seed)
	s.ClientID = oauth.Digest(app, "client id")[:32]
	s.ClientSecret = oauth.Digest(app, "client secret")[:32]
	s.AdminToken = oauth.Digest(app, "admin token")[:32]
	s.admin = s.newAdmin()
	s.console = &console.Handler{Session: rand.Text(), Hosts: []string{s.host()}}
	s.wire = wire.New(wire.Year(s.config.wire), s.URL, s.archive != nil)
	s.clock.fixed = s.start
	s.tokens.Secret = s.ClientSecret
	s.limits.Budget = s.config.budget
	s.faults = newFaults(s.seed)
	s.realtime = realtime.New(s.ClientSecret)
	s.graph = &graph.API{World: s.world.Load, Tokens: &s.tokens, Limits: &s.limits, Now: s.Now}
	if err := s.reset(); err != nil {
		listener.Close()
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

// Client is an HTTP client that trusts the server's certificate.
func (s *Server) Client() *http.Client { return s.client }

func (s *Server) newClient() *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute}
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
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if err := s.http.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
			s.http.Close()
		}
		<-s.served
		s.faults.struck.Wait()
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
	s.limits.Reset()
	s.log.clear()
	s.latest.Clear()
	s.faults.clear()
	s.store.Reset()
	s.store.Flush() //nolint:errcheck // if it cannot be saved, the next write tells
	if s.archive == nil {
		s.world.Store(seed.World(s.seed, s.size, seed.Form{Counting: s.config.wire == Wire2011, Bare: s.config.wire != Wire2017}, s.Now()))
		return nil
	}
	w, err := s.archive.World(wire.Year(s.config.wire))
	if err != nil {
		return err
	}
	for _, u := range w.Everyone { // for clients that have a token from before the server was started again
		s.tokens.Issue(u.ID, slices.Concat(oauth.AllScopes, oauth.GraphScopes))
	}
	s.world.Store(w)
	return nil
}

// Now is the time on the server's clock.
func (s *Server) Now() time.Time { return s.clock.now() }

// Advance moves the server's clock, forward as a rule.
func (s *Server) Advance(d time.Duration) { s.clock.advance(d) }

// AccessToken is a token of a user, given by username or id, with the scopes named: public_content,
// follower_list, comments, relationships and likes, or of the Graph API instagram_graph_user_media
// and instagram_graph_user_profile; all of them if none is. Every token has the scope basic. The
// same user and scopes always have the same token, and asking for one that was revoked makes it
// valid again. A user who is not there is a mistake in the test, and AccessToken panics.
func (s *Server) AccessToken(user string, scopes ...string) string {
	token, err := s.accessToken(user, scopes)
	if err != nil {
		panic("instagramtest: " + err.Error())
	}
	return token
}

func (s *Server) accessToken(user string, scopes []string) (string, error) {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	u := w.UserNamed(user)
	if u == nil {
		return "", fmt.Errorf("there is no user %q", user)
	}
	if len(scopes) == 0 {
		scopes = slices.Concat(oauth.AllScopes, oauth.GraphScopes)
	}
	return s.tokens.Issue(u.ID, scopes), nil
}

// Revoke ends an access token, as a user does who takes back the permission that an app had.
func (s *Server) Revoke(token string) { s.tokens.Revoke(token) }

// Requests are the latest 10,000 requests that the server has answered, oldest first.
func (s *Server) Requests() []Request { return s.log.list() }

// ServeHTTP answers one request, so that the server can be put behind a handler of your own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if serve := s.forPeople(r.URL.Path); serve != nil {
		serve.ServeHTTP(w, r) // never fails by a fault, and is not in the log
		return
	}
	answer := &recorder{
		ResponseWriter: w, log: &s.log, draft: s.latest.Begin(), Request: Request{Method: r.Method, Path: r.URL.EscapedPath()},
	}
	defer answer.end(&s.latest)
	if f := s.faults.strike(r); f != nil {
		s.serveFault(answer, r, f)
		return
	}
	s.serve(answer, r)
}

func (s *Server) serve(w *recorder, r *http.Request) {
	room, rest, _ := strings.Cut(paths.WithoutVersion(w.Path)[1:], "/")
	switch serve := rooms[room]; {
	case serve != nil:
		s.tellLimits(w.Header(), "", s.Now()) // nobody is counted there, but clients read the headers of every answer
		serve(s, w, r, rest)
	case graph.Serves(room):
		s.serveGraph(w, r)
	default:
		s.serveAPI(w, r)
	}
}

// rooms are what lives beside /v1, by the first segment of its path. They are given the rest of it,
// escaped, and put the parameters that they find into the recorder.
var rooms = map[string]func(s *Server, w *recorder, r *http.Request, rest string){
	"oauth":     (*Server).serveOAuth,
	"oembed":    (*Server).serveOEmbed,
	"embeds.js": (*Server).serveEmbedScript,
	"p":         (*Server).servePage,
	"images":    (*Server).serveImage,
	"videos":    (*Server).serveVideo,
	"profiles":  (*Server).serveProfile,
}

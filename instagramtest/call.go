package instagramtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/limits"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/paths"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// call is one request to an endpoint, on its way to an answer.
type call struct {
	s        *Server
	w        *world.World
	wire     wire.Encoder
	now      time.Time
	origin   string // of the URLs in the answer
	path     string // escaped, after /v1
	endpoint *endpoint
	vars     []string // the values of the variables in the endpoint's path
	params   params.Params
	grant    *oauth.Grant // nil with a client id alone
	viewer   *world.User  // whose token it is, nil with a client id alone
	page     wire.Page
	b        []byte // the answer so far; handlers append data to it
}

// serveAPI answers a request to /v1.
func (s *Server) serveAPI(w *recorder, r *http.Request) {
	origin := s.origin(r)
	c := &call{
		s: s, w: s.world.Load(), wire: s.wire.At(origin), now: s.Now(), origin: origin,
		path: paths.WithoutVersion(w.Path), b: w.room(),
	}
	caller, failed := c.run(w.Header(), r)
	w.Params, w.user = c.params.Values, c.viewer
	s.tellLimits(w.Header(), caller, c.now)
	status := http.StatusOK
	if failed != nil {
		status = failed.Status
		c.b = s.inForm(apierror.Append(nil, c.explain(r, failed)))
	}
	c.send(w, r, status)
}

// run does everything up to the complete JSON in c.b, or says what is wrong. The caller is whose
// calls are counted: a token or a client id, "" for nobody.
func (c *call) run(header http.Header, r *http.Request) (caller string, failed *apierror.Error) {
	if c.params, failed = c.s.readParams(r); failed != nil {
		return "", failed
	}
	caller, denied := c.authenticate()
	method := params.Method(r, c.params)
	e, vars, allowed := match(method, segments(c.path))
	if e != nil && e.access == appSecret {
		caller, denied = c.authenticateApp()
	}
	switch {
	case allowed != nil:
		header.Set("Allow", strings.Join(allowed, ", "))
		return caller, apierror.MethodNotAllowed(method)
	case e == nil:
		return caller, apierror.NoSuchPath
	case denied != nil:
		return caller, denied
	case e.access == userToken && c.grant == nil:
		return caller, apierror.NeedsToken
	}
	c.endpoint, c.vars = e, vars
	if failed = c.checkSignatures(r); failed != nil {
		return caller, failed
	}
	if !c.may(e.scope) {
		return caller, apierror.MissingScope(e.scope)
	}
	switch _, verdict := c.s.limits.Take(caller, c.now, e.counts); verdict {
	case limits.TooManyCalls:
		return caller, apierror.RateLimit
	case limits.TooManyWrites:
		return caller, apierror.WriteLimit
	default:
		return caller, c.answer()
	}
}

// readParams reads the parameters. The last generation refuses a form that does not say what it is;
// clients of the years before sent theirs so.
func (s *Server) readParams(r *http.Request) (params.Params, *apierror.Error) {
	p, failed := params.Read(r)
	if failed == nil && s.config.wire == Wire2017 && r.Method == http.MethodPost && r.ContentLength != 0 && r.Header.Get("Content-Type") == "" {
		return p, apierror.NoContentType
	}
	return p, failed
}

// segments cuts the path of a call. Its ending does not matter, but for a shortcode, which may be
// spelled in many ways and in no other.
func segments(path string) []string {
	if strings.HasPrefix(path, "/media/shortcode/") {
		return paths.Split(path)
	}
	return paths.Split(paths.TrimPath(path))
}

// tellLimits sets the two headers that every answer has.
func (s *Server) tellLimits(header http.Header, caller string, now time.Time) {
	header["X-Ratelimit-Limit"] = []string{strconv.Itoa(s.limits.Calls)}
	header["X-Ratelimit-Remaining"] = []string{strconv.Itoa(s.limits.Remaining(caller, now))}
}

// authenticate finds out who calls.
func (c *call) authenticate() (caller string, failed *apierror.Error) {
	if token := c.params.Get("access_token"); token != "" {
		c.grant = c.s.tokens.Lookup(token)
		if c.grant == nil {
			return "", apierror.BadToken
		}
		c.w.Mu.RLock()
		c.viewer = c.w.Users[c.grant.UserID]
		c.w.Mu.RUnlock()
		if c.viewer == nil {
			c.grant = nil
			return "", apierror.BadToken
		}
		return token, nil
	}
	switch c.params.Get("client_id") {
	case "":
		return "", apierror.NoCredentials
	case c.s.ClientID:
		if c.s.config.wire == Wire2017 { // since 2016 an app's id alone opens nothing
			return "", apierror.BadToken
		}
		return c.s.ClientID, nil
	default:
		return "", apierror.BadClient
	}
}

// authenticateApp wants the secret itself, with the client id.
func (c *call) authenticateApp() (caller string, failed *apierror.Error) {
	id, secret := c.params.Get("client_id"), c.params.Get("client_secret")
	switch {
	case id == "" || secret == "":
		return "", apierror.NoAppCredentials
	case id != c.s.ClientID:
		return "", apierror.BadClient
	case secret != c.s.ClientSecret:
		return "", apierror.BadSecret
	default:
		return id, nil
	}
}

// checkSignatures enforces the signatures that the server was told to enforce. A call that brings
// the secret itself needs none.
func (c *call) checkSignatures(r *http.Request) *apierror.Error {
	if c.endpoint.access == appSecret {
		return nil
	}
	if c.s.forwarded && c.endpoint.changes() {
		if failed := oauth.CheckForwardedFor(c.s.ClientSecret, r.Header.Get("X-Insta-Forwarded-For")); failed != nil {
			return failed
		}
	}
	if c.s.signed {
		return oauth.CheckSignature(c.s.ClientSecret, c.path, c.params)
	}
	return nil
}

// may says whether the scope is granted. A client id alone has no scopes: it reads what is public.
// A scope that the generation does not know yet is not needed.
func (c *call) may(scope string) bool {
	return c.grant == nil || c.grant.Has(scope) || !slices.Contains(c.s.scopes(), scope)
}

func (c *call) answer() *apierror.Error {
	c.b = append(c.b, `{"meta":{"code":200},"data":`...)
	if failed := c.handle(); failed != nil {
		return failed
	}
	if c.endpoint.changes() {
		if err := c.s.store.Flush(); err != nil {
			return apierror.NotSaved(err)
		}
	}
	if c.page.Param != "" {
		c.b = c.wire.Pagination(c.b, c.page)
	}
	c.b = append(c.b, '}')
	return nil
}

func (c *call) handle() *apierror.Error {
	switch {
	case c.endpoint.access == appSecret: // what apps set up for themselves has a lock of its own
	case c.endpoint.changes():
		c.w.Mu.Lock()
		defer c.w.Mu.Unlock()
	default:
		c.w.Mu.RLock()
		defer c.w.Mu.RUnlock()
	}
	return c.endpoint.handle(c)
}

// save notes what the viewer has done, for a world that is saved. It is called with the world
// locked.
func (c *call) save(done world.Change) {
	done.User = c.viewer.ID
	c.s.store.Add(done)
}

func (c *call) null() { c.b = append(c.b, "null"...) }

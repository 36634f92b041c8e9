package instagramtest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// call is one request to an endpoint, on its way to an answer.
type call struct {
	s        *Server
	w        *world
	wire     encoder
	now      time.Time
	path     string // escaped, after /v1
	endpoint *endpoint
	vars     []string // the values of the variables in the endpoint's path
	params   params
	grant    *grant // nil with a client id alone
	viewer   *user  // whose token it is, nil with a client id alone
	page     page
	b        []byte // the answer so far; handlers append data to it
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooled keeps the buffer of an unusual answer from being held for ever.
const maxPooled = 1 << 20

// serveAPI answers a request to /v1.
func (s *Server) serveAPI(w *recorder, r *http.Request) {
	buffer := buffers.Get().(*[]byte)
	c := &call{s: s, w: s.world.Load(), wire: s.wire, now: s.Now(), path: withoutVersion(w.Path), b: (*buffer)[:0]}
	caller, failed := c.run(w.Header(), r)
	w.Params = c.params.Values
	s.tellLimits(w.Header(), caller, c.now)
	status := http.StatusOK
	if failed != nil {
		status = failed.status
		c.b = appendError(c.b[:0], failed)
	}
	c.send(w, r, status)
	if *buffer = c.b; cap(c.b) <= maxPooled {
		buffers.Put(buffer)
	}
}

// run does everything up to the complete JSON in c.b, or says what is wrong. The caller is whose calls are counted: a
// token or a client id, "" for nobody.
func (c *call) run(header http.Header, r *http.Request) (caller string, failed *apiError) {
	if c.params, failed = readParams(r); failed != nil {
		return "", failed
	}
	caller, denied := c.authenticate()
	method := effectiveMethod(r, c.params)
	e, vars, allowed := match(method, split(trimPath(c.path)))
	if e != nil && e.access == appSecret {
		caller, denied = c.authenticateApp()
	}
	switch {
	case allowed != nil:
		header.Set("Allow", strings.Join(allowed, ", "))
		return caller, methodNotAllowed(method)
	case e == nil:
		return caller, errNoSuchPath
	case denied != nil:
		return caller, denied
	case e.access == userToken && c.grant == nil:
		return caller, errNeedsToken
	}
	c.endpoint, c.vars = e, vars
	if failed = c.checkSignatures(r); failed != nil {
		return caller, failed
	}
	if !c.may(e.scope) {
		return caller, missingScope(e.scope)
	}
	if _, ok := c.s.limits.take(caller, c.now, e.counts); !ok {
		return caller, errRateLimit
	}
	return caller, c.answer()
}

// tellLimits sets the two headers that every answer has.
func (s *Server) tellLimits(header http.Header, caller string, now time.Time) {
	header["X-Ratelimit-Limit"] = []string{strconv.Itoa(s.limits.calls)}
	header["X-Ratelimit-Remaining"] = []string{strconv.Itoa(s.limits.remaining(caller, now))}
}

// effectiveMethod is the method a request means: HEAD is a GET without the body, and a POST can name another.
func effectiveMethod(r *http.Request, p params) string {
	switch {
	case r.Method == http.MethodHead:
		return http.MethodGet
	case r.Method == http.MethodPost && p.Get("_method") != "":
		return strings.ToUpper(p.Get("_method"))
	default:
		return r.Method
	}
}

// authenticate finds out who calls.
func (c *call) authenticate() (caller string, failed *apiError) {
	if token := c.params.Get("access_token"); token != "" {
		c.grant = c.s.tokens.lookup(token)
		if c.grant == nil {
			return "", errBadToken
		}
		c.w.mu.RLock()
		c.viewer = c.w.users[c.grant.userID]
		c.w.mu.RUnlock()
		if c.viewer == nil {
			c.grant = nil
			return "", errBadToken
		}
		return token, nil
	}
	switch c.params.Get("client_id") {
	case "":
		return "", errNoCredentials
	case c.s.ClientID:
		return c.s.ClientID, nil
	default:
		return "", errBadClient
	}
}

// authenticateApp wants the secret itself, with the client id.
func (c *call) authenticateApp() (caller string, failed *apiError) {
	id, secret := c.params.Get("client_id"), c.params.Get("client_secret")
	switch {
	case id == "" || secret == "":
		return "", errNoAppCredentials
	case id != c.s.ClientID:
		return "", errBadClient
	case secret != c.s.ClientSecret:
		return "", errBadSecret
	default:
		return id, nil
	}
}

// checkSignatures enforces the signatures that the server was told to enforce. Where the secret itself has come, there
// is nothing left to prove.
func (c *call) checkSignatures(r *http.Request) *apiError {
	if c.endpoint.access == appSecret {
		return nil
	}
	if c.s.forwarded && c.endpoint.changes() {
		if failed := checkForwardedFor(c.s.ClientSecret, r.Header.Get("X-Insta-Forwarded-For")); failed != nil {
			return failed
		}
	}
	if c.s.signed {
		return checkSignature(c.s.ClientSecret, c.path, c.params)
	}
	return nil
}

// may says whether the scope is granted. A client id alone has no scopes: it reads what is public.
func (c *call) may(scope string) bool { return c.grant == nil || c.grant.has(scope) }

func (c *call) answer() *apiError {
	c.b = append(c.b, `{"meta":{"code":200},"data":`...)
	if failed := c.handle(); failed != nil {
		return failed
	}
	if c.endpoint.changes() {
		if err := c.s.store.flush(); err != nil {
			return notSaved(err)
		}
	}
	if c.page.param != "" {
		c.b = c.wire.pagination(c.b, c.page)
	}
	c.b = append(c.b, '}')
	return nil
}

func (c *call) handle() *apiError {
	switch {
	case c.endpoint.access == appSecret: // what apps set up for themselves has a lock of its own
	case c.endpoint.changes():
		c.w.mu.Lock()
		defer c.w.mu.Unlock()
	default:
		c.w.mu.RLock()
		defer c.w.mu.RUnlock()
	}
	return c.endpoint.handle(c)
}

// save notes what the viewer has done, for a world that is saved. It is called with the world locked.
func (c *call) save(done change) {
	done.User = c.viewer.id
	c.s.store.add(done)
}

func (c *call) null() { c.b = append(c.b, "null"...) }

func appendError(b []byte, e *apiError) []byte {
	if !e.bare {
		b = append(b, `{"meta":`...)
	}
	b = append(b, `{"code":`...)
	b = appendInt(b, e.status)
	b = append(b, `,"error_type":`...)
	b = quote(b, e.kind)
	b = append(b, `,"error_message":`...)
	b = quote(b, e.message)
	b = append(b, '}')
	if !e.bare {
		b = append(b, '}')
	}
	return b
}

// sendJSON writes an answer that did not go the way of a call.
func sendJSON(w http.ResponseWriter, r *http.Request, p params, status int, b []byte) {
	(&call{params: p, b: b}).send(w, r, status)
}

// callbackName is what JSONP may call: a function's name, perhaps a path to it. Anything else could be a script.
var callbackName = regexp.MustCompile(`^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*|\[\d{1,9}\])*$`)

const maxCallback = 256

// send writes the answer. As JSONP it is always a 200, since a browser runs no script that comes with an error; the
// status is in the meta object.
func (c *call) send(w http.ResponseWriter, r *http.Request, status int) {
	contentType := "application/json; charset=utf-8"
	if f := c.params.Get("callback"); f != "" {
		if len(f) <= maxCallback && callbackName.MatchString(f) {
			contentType = "text/javascript; charset=utf-8"
			w.Header().Set("X-Content-Type-Options", "nosniff")
			status = http.StatusOK
			c.b = append(c.b, ");"...)
			head := len(f) + 1
			c.b = append(c.b, make([]byte, head)...)
			copy(c.b[head:], c.b[:len(c.b)-head])
			copy(c.b, f)
			c.b[head-1] = '('
		} else {
			status = http.StatusBadRequest
			c.b = appendError(c.b[:0], invalidParameter("callback must be the name of a function"))
		}
	}
	header := w.Header()
	header["Content-Type"] = []string{contentType}
	header["Content-Length"] = []string{strconv.Itoa(len(c.b))}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(c.b) //nolint:errcheck // a client that has gone away needs no answer
	}
}

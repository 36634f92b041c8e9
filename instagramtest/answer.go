package instagramtest

import (
	"net/http"
	"regexp"
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/params"
)

// sendJSON writes an answer that did not go the way of a call.
func (s *Server) sendJSON(w http.ResponseWriter, r *http.Request, p params.Params, status int, b []byte) {
	(&call{s: s, params: p, b: s.inForm(b)}).send(w, r, status)
}

// inForm is JSON in the form that strings have in the server's generation.
func (s *Server) inForm(b []byte) []byte { return encode.ToASCII(b, s.config.wire == Wire2013) }

// callbackName is what JSONP may call: a function's name, perhaps a path to it. Anything else could
// be a script.
var callbackName = regexp.MustCompile(`^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*|\[\d{1,9}\])*$`)

const (
	maxCallback = 256
	// jsonpStart keeps a callback's name from being the first thing in a file, where it could be
	// taken for another format.
	jsonpStart = "/**/ "
)

// send writes the answer. As JSONP it is always a 200, since a browser runs no script that comes
// with an error; the status is in the meta object.
func (c *call) send(w http.ResponseWriter, r *http.Request, status int) {
	contentType := "application/json; charset=utf-8"
	if f := c.params.Get("callback"); f != "" {
		if len(f) <= maxCallback && callbackName.MatchString(f) {
			contentType = "text/javascript; charset=utf-8"
			w.Header().Set("X-Content-Type-Options", "nosniff")
			status = http.StatusOK
			c.wrap(jsonpStart+f+"(", ");")
		} else {
			status = http.StatusBadRequest
			c.b = c.s.inForm(apierror.Append(nil, apierror.InvalidParameter("callback must be the name of a function")))
		}
	}
	header := w.Header()
	origin := header["Vary"] // set if the answer depends on the origin
	for _, h := range serviceHeaders {
		header[h.name] = h.values
	}
	if origin != nil {
		header["Vary"] = append(origin, serviceVary)
	}
	header["Content-Type"] = []string{contentType}
	header["Content-Length"] = []string{strconv.Itoa(len(c.b))}
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if answer, ok := w.(*recorder); ok {
		answer.finish(c.b)
	} else {
		w.Write(c.b) //nolint:errcheck // a client that has gone away needs no answer
	}
}

// wrap puts text before and after the answer.
func (c *call) wrap(before, after string) {
	c.b = append(append(c.b, after...), before...)
	copy(c.b[len(before):], c.b[:len(c.b)-len(before)])
	copy(c.b, before)
}

const serviceVary = "Cookie, Accept-Language, Accept-Encoding"

// serviceHeaders are those that the service sent with every answer, whatever was in it. Their
// values are shared, and so only ever replaced as a whole.
var serviceHeaders = []struct {
	name   string
	values []string
}{
	{"Cache-Control", []string{"private, no-cache, no-store, must-revalidate"}},
	{"Content-Language", []string{"en"}},
	{"Expires", []string{"Sat, 01 Jan 2000 00:00:00 GMT"}},
	{"Pragma", []string{"no-cache"}},
	{"Vary", []string{serviceVary}},
}

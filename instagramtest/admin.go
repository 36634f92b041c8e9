package instagramtest

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/console"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/params"
)

// newAdmin serves the calls under /admin. The package comment lists them.
func (s *Server) newAdmin() http.Handler {
	mux := http.NewServeMux()
	adminCall(mux, "GET /admin/users", func(_ *http.Request, _ empty) (any, error) { return s.Users(), nil })
	adminCall(mux, "POST /admin/tokens", s.adminToken)
	adminCall(mux, "POST /admin/revoke", s.adminRevoke)
	adminCall(mux, "POST /admin/media", s.adminPost)
	adminCall(mux, "POST /admin/stories", s.adminStory)
	adminCall(mux, "POST /admin/replies", s.adminReply)
	adminCall(mux, "POST /admin/webhooks", s.adminWebhook)
	adminCall(mux, "DELETE /admin/media/{id}", func(r *http.Request, _ empty) (any, error) { return empty{}, s.deleteMedia(r.PathValue("id")) })
	adminCall(mux, "GET /admin/faults", func(_ *http.Request, _ empty) (any, error) { return s.adminFaults(), nil })
	adminCall(mux, "POST /admin/faults", s.adminFail)
	adminCall(mux, "DELETE /admin/faults", func(_ *http.Request, _ empty) (any, error) { s.ClearFaults(); return empty{}, nil })
	adminCall(mux, "GET /admin/clock", func(_ *http.Request, _ empty) (any, error) { return adminTime{s.Now()}, nil })
	adminCall(mux, "POST /admin/clock", s.adminAdvance)
	adminCall(mux, "GET /admin/requests", func(_ *http.Request, _ empty) (any, error) { return s.Requests(), nil })
	adminCall(mux, "POST /admin/reset", func(_ *http.Request, _ empty) (any, error) { s.Reset(); return empty{}, nil })
	s.addConsoleCalls(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answerAdmin(w, http.StatusNotFound, adminError{fmt.Sprintf("there is no %s %s", r.Method, r.URL.Path)})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !console.SameOrigin(r) {
			answerAdmin(w, http.StatusForbidden, adminError{"pages of other origins have no say here"})
			return
		}
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !sameSecret(token, s.AdminToken) && !sameSecret(token, s.console.Session) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			answerAdmin(w, http.StatusUnauthorized, adminError{"the header Authorization must be Bearer and the admin token"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func sameSecret(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// empty is an empty object, or no body at all.
type empty struct{}

type adminError struct {
	Error string `json:"error"`
}

// adminCall makes a call of a function: its input is the body, its output the answer. Members that
// are not known are refused, since a misspelled one would do nothing and say nothing.
func adminCall[In any](mux *http.ServeMux, pattern string, do func(*http.Request, In) (any, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var in In
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, params.MaxBody))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
			answerAdmin(w, http.StatusBadRequest, adminError{"the body cannot be read: " + err.Error()})
			return
		}
		out, err := do(r, in)
		if err != nil {
			answerAdmin(w, http.StatusBadRequest, adminError{err.Error()})
			return
		}
		answerAdmin(w, http.StatusOK, out)
	})
}

func answerAdmin(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(encode.JSON(v)) //nolint:errcheck // a client that has gone away needs no answer
}

type accessToken struct {
	AccessToken string `json:"access_token"`
}

func (s *Server) adminToken(_ *http.Request, in struct {
	User   string   `json:"user"`
	Scopes []string `json:"scopes"`
}) (any, error) {
	token, err := s.accessToken(in.User, in.Scopes)
	return accessToken{token}, err
}

func (s *Server) adminRevoke(_ *http.Request, in accessToken) (any, error) {
	if s.tokens.Lookup(in.AccessToken) == nil {
		return nil, errors.New("there is no such access token")
	}
	s.Revoke(in.AccessToken)
	return empty{}, nil
}

// adminMedia is a media to be posted, and by whom.
type adminMedia struct {
	User string `json:"user"`
	Media
}

func (s *Server) adminPost(_ *http.Request, in adminMedia) (any, error) {
	return s.postMedia(in.User, in.Media)
}

func (s *Server) adminStory(_ *http.Request, in adminMedia) (any, error) {
	return s.postStory(in.User, in.Media)
}

func (s *Server) adminReply(_ *http.Request, in struct {
	User      string `json:"user"`
	CommentID string `json:"comment_id"`
	Text      string `json:"text"`
}) (any, error) {
	id, err := s.postReply(in.User, in.CommentID, in.Text)
	return struct {
		ID string `json:"id"`
	}{id}, err
}

func (s *Server) adminWebhook(_ *http.Request, in struct {
	CallbackURL string `json:"callback_url"`
	VerifyToken string `json:"verify_token"`
}) (any, error) {
	return empty{}, s.subscribeWebhook(in.CallbackURL, in.VerifyToken)
}

// adminFault is a fault and the calls that it is for.
type adminFault struct {
	Endpoint string  `json:"endpoint"`
	Calls    int     `json:"calls"`           // 1 by default
	Share    float64 `json:"share,omitempty"` // 1 by default; a smaller one is for all calls that come
	Delay    string  `json:"delay,omitempty"`
	Fault
}

// adminFaults is what is still to go wrong, in the form in which it can be sent.
func (s *Server) adminFaults() []adminFault {
	list := []adminFault{}
	for _, p := range s.PendingFaults() {
		f := adminFault{Endpoint: p.Endpoint, Calls: p.Calls, Share: p.Share, Fault: p.Fault}
		if p.Fault.Delay > 0 {
			f.Delay = p.Fault.Delay.String()
		}
		list = append(list, f)
	}
	return list
}

func (s *Server) adminFail(_ *http.Request, in adminFault) (any, error) {
	switch {
	case in.Share == 0:
		in.Share = 1
	case in.Calls == 0:
		in.Calls = -1
	}
	if in.Calls == 0 {
		in.Calls = 1
	}
	if in.Delay != "" {
		var err error
		if in.Fault.Delay, err = time.ParseDuration(in.Delay); err != nil {
			return nil, err
		}
	}
	return empty{}, s.faults.add(in.Endpoint, in.Fault, in.Calls, in.Share)
}

type adminTime struct {
	Now time.Time `json:"now"`
}

func (s *Server) adminAdvance(_ *http.Request, in struct {
	Advance string `json:"advance"`
}) (any, error) {
	d, err := time.ParseDuration(in.Advance)
	if err != nil {
		return nil, err
	}
	s.Advance(d)
	return adminTime{s.Now()}, nil
}

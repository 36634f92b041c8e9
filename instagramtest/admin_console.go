package instagramtest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/encode"
)

// addConsoleCalls adds the calls that tell the pages, and other programs, what is going on.
func (s *Server) addConsoleCalls(mux *http.ServeMux) {
	adminCall(mux, "GET /admin/server", func(_ *http.Request, _ empty) (any, error) { return s.about(), nil })
	adminCall(mux, "GET /admin/world", func(_ *http.Request, _ empty) (any, error) { return s.offer(), nil })
	adminCall(mux, "POST /admin/limits", s.adminLimits)
	adminCall(mux, "GET /admin/requests/{id}", s.adminRequest)
	mux.HandleFunc("GET /admin/requests/events", s.serveEvents)
}

// about is what runs here.
type about struct {
	URL          string    `json:"url"`
	Wire         int       `json:"wire"`
	Mode         string    `json:"mode"`
	World        string    `json:"world"`
	Users        int       `json:"users"`
	Media        int       `json:"media"`
	Signed       bool      `json:"signed"`
	Forwarded    bool      `json:"forwarded"`
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret"`
	Now          time.Time `json:"now"`
}

func (s *Server) about() about {
	w := s.world.Load()
	w.Mu.RLock()
	defer w.Mu.RUnlock()
	a := about{
		URL: s.URL, Wire: int(s.config.wire), World: fmt.Sprint("made from seed ", s.seed), Users: len(w.Everyone), Media: len(w.Timeline),
		Signed: s.signed, Forwarded: s.forwarded, ClientID: s.ClientID, ClientSecret: s.ClientSecret, Now: s.Now(),
	}
	name := "own limits"
	for mode, known := range map[Mode]string{Live: "live", Sandbox: "sandbox"} {
		if s.limits.Budget == mode.budget() {
			name = known
		}
	}
	a.Mode = fmt.Sprintf("%s: %d calls an hour, %d writes of a kind", name, s.limits.Calls, s.limits.Writes)
	if s.archive != nil {
		a.World = "recorded"
	}
	return a
}

// adminLimits says what is left to a token, of what it has in an hour.
func (s *Server) adminLimits(_ *http.Request, in accessToken) (any, error) {
	if s.tokens.Lookup(in.AccessToken) == nil {
		return nil, errors.New("there is no such access token")
	}
	return s.left(in.AccessToken), nil
}

// left is what is left of a limit.
type left struct {
	Limit     int `json:"limit"`
	Remaining int `json:"remaining"`
}

// allLeft is what is left to a token.
type allLeft struct {
	Calls         left `json:"calls"`
	Likes         left `json:"likes"`
	Comments      left `json:"comments"`
	Relationships left `json:"relationships"`
}

func (s *Server) left(token string) allLeft {
	n := s.limits.Left(token, s.Now())
	calls, writes := s.limits.Calls, s.limits.Writes
	return allLeft{left{calls, n.Calls}, left{writes, n.Likes}, left{writes, n.Comments}, left{writes, n.Relationships}}
}

// adminRequest is one of the latest requests with its answer, with its secrets if they are asked
// for.
func (s *Server) adminRequest(r *http.Request, _ empty) (any, error) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	a, ok := s.latest.Get(id)
	if err != nil || !ok {
		return nil, fmt.Errorf("request %q is not among the latest", r.PathValue("id"))
	}
	if r.URL.Query().Get("secrets") != "true" {
		a = a.Mask()
	}
	return a, nil
}

// serveEvents sends each request as a Server-Sent Event when it is answered: first those that are
// kept, or what came after the one that Last-Event-ID names.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	last, _ := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	told, stop := s.latest.Watch()
	defer stop()
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	connection := http.NewResponseController(w)
	for {
		for _, a := range s.latest.After(last) {
			last = a.ID
			fmt.Fprintf(w, "id: %d\ndata: %s\n\n", a.ID, encode.JSON(a))
		}
		if err := connection.Flush(); err != nil {
			return
		}
		select {
		case <-told:
		case <-r.Context().Done():
			return
		case <-s.closing.Done():
			return
		}
	}
}

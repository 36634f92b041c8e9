package instagramtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/igv1/instagram/instagramtest/internal/console"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/openapi"
)

// Console is the URL of the server's home page: who is in its world, what was asked and answered,
// its clock and its faults, and a console for calls by hand. It is for a browser on this machine.
func (s *Server) Console() string { return s.URL + "/" }

// WaitForInterrupt prints the URL of the [Server.Console] and waits, so that the author of a test
// can look at what is going on. It ends without an error when the program is interrupted, as by
// Ctrl-C, which then does not end the program, and with the context's error when the context ends.
//
// Run such a test alone, with "go test -v -timeout 0 -run TestName ./package".
func (s *Server) WaitForInterrupt(ctx context.Context) error {
	interrupted, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Fprintf(os.Stderr, "instagramtest: open %s; Ctrl-C goes on\n", s.Console())
	<-interrupted.Done()
	return ctx.Err()
}

// newConsole makes the pages. They can be opened under the names that the server was given.
func (s *Server) newConsole() *console.Handler {
	hosts := slices.Clone(s.hosts)
	if _, name, ok := strings.Cut(s.publicURL, "://"); ok {
		hosts = append(hosts, name)
	}
	return &console.Handler{Session: rand.Text(), Hosts: hosts, Known: s.known}
}

// known is what a page of the console is sent with: what the calls under /admin would tell it, and
// the token of the first user.
type known struct {
	Server about        `json:"server"`
	World  offer        `json:"world"`
	Token  string       `json:"access_token"`
	Limits *allLeft     `json:"limits,omitempty"` // of that token
	Faults []adminFault `json:"faults"`
	Users  []User       `json:"users,omitempty"`
}

// mostListed is how many users one can choose from on the console. It takes the id of any.
const mostListed = 1000

func (s *Server) known(page string) any {
	k := known{Server: s.about(), World: s.offer()}
	token, err := s.accessToken(k.World.Users[0].ID, nil)
	if err == nil { // the main user is there
		k.Token = token
	}
	if page == "/console" {
		k.Users = s.Users()
		k.Users = k.Users[:min(mostListed, len(k.Users))]
	} else {
		left := s.left(token)
		k.Limits, k.Faults = &left, s.adminFaults()
	}
	return k
}

// forPeople is what serves the pages and what they need, nil for a path of the API.
func (s *Server) forPeople(path string) http.Handler {
	switch {
	case strings.HasPrefix(path, "/admin/"):
		return s.admin
	case path == "/" || path == "/favicon.ico" || path == "/console" || strings.HasPrefix(path, "/console/"):
		return s.console
	case path == "/openapi.json":
		return http.HandlerFunc(s.serveDescription)
	default:
		return nil
	}
}

// production is how the description names the host in its servers.
const production = `"url":"https://api.instagram.com`

// serveDescription answers with the description of the API, in which the server is this one, by the
// name that it was asked by.
func (s *Server) serveDescription(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuseMethod(w)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	own := bytes.TrimSuffix(encode.JSON(s.origin(r)), []byte(`"`))                                // the path follows
	w.Write(bytes.ReplaceAll(openapi.JSON, []byte(production), append([]byte(`"url":`), own...))) //nolint:errcheck // a client that has gone away needs no answer
}

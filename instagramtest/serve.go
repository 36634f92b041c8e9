package instagramtest

import (
	"net/http"
	"strings"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/graph"
	"github.com/igv1/instagram/instagramtest/internal/paths"
)

// ServeHTTP answers one request, so that the server can be put behind a handler of your own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if serve := s.forPeople(r.URL.Path); serve != nil {
		serve.ServeHTTP(w, r) // never fails by a fault, and is not in the log
		return
	}
	if s.allowOrigin(w, r) {
		return
	}
	answer := &recorder{
		ResponseWriter: w, log: &s.log, draft: s.latest.Begin(), Request: Request{Method: r.Method, Path: r.URL.EscapedPath()},
	}
	if s.config.log != nil {
		defer s.logLine(answer, time.Now())
	}
	defer answer.end(&s.latest)
	if f := s.faults.next(r); f != nil {
		s.serveFault(answer, r, f)
		return
	}
	s.serve(answer, r)
}

func (s *Server) serve(w *recorder, r *http.Request) {
	first, rest, _ := strings.Cut(paths.WithoutVersion(w.Path)[1:], "/")
	switch serve := besideAPI[first]; {
	case serve != nil:
		s.tellLimits(w.Header(), "", s.Now()) // nobody is counted there, but clients read the headers of every answer
		serve(s, w, r, rest)
	case graph.Serves(first):
		s.serveGraph(w, r)
	default:
		s.serveAPI(w, r)
	}
}

// besideAPI are the handlers beside /v1, by the first segment of the path. They get the rest of it,
// escaped, and give the parameters that they find to the recorder.
var besideAPI = map[string]func(s *Server, w *recorder, r *http.Request, rest string){
	"oauth":     (*Server).serveOAuth,
	"oembed":    (*Server).serveOEmbed,
	"embeds.js": (*Server).serveEmbedScript,
	"p":         (*Server).servePage,
	"images":    (*Server).serveImage,
	"videos":    (*Server).serveVideo,
	"profiles":  (*Server).serveProfile,
	"files":     (*Server).serveRecordedFile,
}

package instagramtest

import "net/http"

// serveGraph answers a request to the Graph API.
func (s *Server) serveGraph(w *recorder, r *http.Request) {
	status, body, p := s.graph.Answer(w.Header(), r, s.origin(r))
	w.Params = p.Values
	s.sendJSON(w, r, p, status, body)
}

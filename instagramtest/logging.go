package instagramtest

import (
	"fmt"
	"strings"
	"time"
)

// logLine writes what [WithLog] promises.
func (s *Server) logLine(r *recorder, began time.Time) {
	user := "-"
	if r.user != nil {
		user = r.user.Username
	}
	line := fmt.Sprintf("%s %s %s %d %s %s\n", began.UTC().Format(time.RFC3339), plain(r.Method), s.plainPath(r.Path), r.Status,
		plain(user), time.Since(began).Round(time.Microsecond))
	s.logging.Lock()
	defer s.logging.Unlock()
	fmt.Fprint(s.config.log, line)
}

// maxLoggedPath is how much of a path is logged.
const maxLoggedPath = 300

// plainPath is a path without the tokens that somebody may have put there.
func (s *Server) plainPath(path string) string {
	path = plain(path[:min(len(path), maxLoggedPath)])
	for segment := range strings.SplitSeq(path, "/") {
		if segment != "" && (s.tokens.Lookup(segment) != nil || segment == s.ClientSecret) {
			path = strings.ReplaceAll(path, segment, Masked)
		}
	}
	return path
}

// plain keeps control characters from a terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
}

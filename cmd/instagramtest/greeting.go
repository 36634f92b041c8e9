package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/igv1/instagram/instagramtest"
)

// How many users the greeting names, and how many things that were left out.
const (
	greetedUsers  = 6
	greetedErrors = 20
)

// greet says where the server is, with a call that works, and whom one can act as.
func greet(w io.Writer, srv *instagramtest.Server, s *settings, token string) {
	skipped := srv.Skipped()
	for _, each := range skipped[:min(greetedErrors, len(skipped))] {
		fmt.Fprintln(w, "instagramtest: left out:", each)
	}
	if more := len(skipped) - greetedErrors; more > 0 {
		fmt.Fprintf(w, "instagramtest: left out: %d more\n", more)
	}
	base := srv.BaseURL()
	options := ""
	if s.tls {
		options = "-k "
		if s.certOut != "" {
			options = "--cacert " + quoted(s.certOut) + " "
		}
	}
	if here, err := url.Parse(srv.URL); err == nil && len(s.hosts) > 0 {
		base = here.Scheme + "://" + s.hosts[0]
		if port := here.Port(); port != map[string]string{"http": "80", "https": "443"}[here.Scheme] {
			base += ":" + port
		}
		base += "/v1"
		options += fmt.Sprintf("--resolve %s:%s:%s ", s.hosts[0], here.Port(), here.Hostname())
	}
	fmt.Fprintf(w, "The API is at %s, its console for a browser at %s/\n", srv.BaseURL(), srv.URL)
	fmt.Fprintf(w, "Try it: curl %s'%s/users/self?access_token=%s'\n", options, base, token)
	users := srv.Users()
	var names []string
	for _, u := range users[:min(greetedUsers, len(users))] {
		names = append(names, fmt.Sprintf("%s (%s)", u.Username, u.ID))
	}
	fmt.Fprintf(w, "Users to act as: %s", strings.Join(names, ", "))
	if more := len(users) - len(names); more > 0 {
		fmt.Fprintf(w, " and %d more", more)
	}
	fmt.Fprintf(w, "\nA token of any of them: curl %s-H 'Authorization: Bearer %s' -d '{\"user\":\"%s\"}' '%s/admin/tokens'\n",
		options, srv.AdminToken, users[min(1, len(users)-1)].Username, strings.TrimSuffix(base, "/v1"))
}

// quoted is a word as a shell reads it.
func quoted(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool { return !strings.ContainsRune("/._-", r) && (r < '0' || r > 'z') }) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}

package resend

import (
	"errors"
	"fmt"
	"net/http"
)

// ErrRedirect is a redirect that is not followed.
var ErrRedirect = errors.New("instagram: redirect refused")

// CheckRedirect follows up to three redirects of a read that stay where the user pointed the client
// to. Those of a write are not followed: a POST that turns into a GET would report it as done, and
// one that is sent again could write to any path of the host.
func CheckRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // the URL that redirected holds the token
	first, last := via[0], via[len(via)-1]
	switch {
	case first.Method != http.MethodGet:
		return fmt.Errorf("%w: a %s is not sent to another place", ErrRedirect, first.Method)
	case req.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: to another host", ErrRedirect)
	case req.URL.User != nil:
		return fmt.Errorf("%w: to a URL with a user", ErrRedirect)
	case last.URL.Scheme == "https" && req.URL.Scheme != "https":
		return fmt.Errorf("%w: away from https", ErrRedirect)
	case len(via) > 3:
		return fmt.Errorf("%w: over 3 in a row", ErrRedirect)
	}
	redirected(req)
	return nil
}

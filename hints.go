package instagram

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strings"
)

// A hint says in the text of an error what to do about it, where the likely cause is a mistake that
// many make. It tells no more than the text of the error: it names no value.
const (
	hintProduction = "Instagram switched this server off in 2020; name one that answers with WithBaseURL"
	hintNoV1       = "the base URL does not end in /v1, as that of a v1 server does; see WithBaseURL"
	hintUserID     = "user ids are numbers; Users.Search finds that of a username"
	hintMediaID    = "media ids are numbers; Media.GetByShortcode takes the code in a link"
	hintGraphID    = "ids of the Graph are numbers; Self stands for the user of the token"
	hintGraphToken = "the token looks like one of the Graph, which WithGraphToken takes"
	hintV1Token    = "the token looks like one of v1, and the Graph has its own; see WithGraphToken"
)

var (
	tokenOfV1    = regexp.MustCompile(`^\d+\.[0-9a-fA-F]{7}\.[0-9a-fA-F]{32}$`)
	tokenOfGraph = regexp.MustCompile(`^(?:IG|EAA)[A-Za-z0-9_-]{20,}$`)
	numberedID   = regexp.MustCompile(`^\d+(?:_\d+)?$`)
)

// hintsOfElements are for path elements that are no numbers.
var hintsOfElements = map[string]string{"user-id": hintUserID, "media-id": hintMediaID}

// hintElement says what may be wrong with an element of the path, for the case that the server
// refuses it. Whether it does is up to the server.
func hintElement(name, element string) string {
	if element == "self" || element == "me" || numberedID.MatchString(element) {
		return ""
	}
	return hintsOfElements[name]
}

// hintV1 finds the likely mistake behind an error of a v1 server: of the base URL, of the token, or
// of an element of the path, of which the hint is given.
func hintV1(e *Error, base, token, ofPath string) string {
	strange := e.Code == 0 && e.Type == "" && // it is no server of v1 that answers
		(e.StatusCode == http.StatusBadRequest || e.StatusCode == http.StatusNotFound || e.StatusCode == http.StatusGone || errors.Is(e.Err, ErrInvalidResponse))
	switch {
	case strings.HasPrefix(base, "https://api.instagram.com") && (strange || e.unreachable()):
		return hintProduction
	case strange && !strings.HasSuffix(base, "/v1"):
		return hintNoV1
	case errors.Is(e, ErrUnauthorized) && tokenOfGraph.MatchString(token):
		return hintGraphToken
	case e.idRefused():
		return ofPath
	}
	return ""
}

// hintGraph is hintV1 for the Graph.
func hintGraph(e *Error, _, token, ofPath string) string {
	switch {
	case errors.Is(e, ErrUnauthorized) && tokenOfV1.MatchString(token):
		return hintV1Token
	case e.idRefused() && ofPath != "":
		return hintGraphID
	}
	return ""
}

// unreachable reports whether there was no server to connect to.
func (e *Error) unreachable() bool {
	failed, ok := errors.AsType[*net.OpError](e.Err)
	_, unknown := errors.AsType[*net.DNSError](e.Err)
	return (ok && failed.Op == "dial" || unknown) && !errors.Is(e.Err, context.Canceled)
}

// idRefused reports whether the answer may mean that there is nothing with that id.
func (e *Error) idRefused() bool {
	return e.Attempts > 0 && (errors.Is(e, ErrNotFound) || errors.Is(e, ErrInvalidParameters))
}

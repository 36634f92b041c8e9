package instagram

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// A call is one request as a service method describes it. The first parameter that cannot be sent
// stays in err, and the call ends there.
type call struct {
	api      *api
	method   string
	endpoint string // as in the API's reference: /users/{user-id}
	path     string // endpoint with its elements filled in, escaped
	params   url.Values
	err      error

	hint       string // what may be wrong with the path, if the server refuses it
	raw        bool   // the endpoint is what a user wrote
	mayBeEmpty bool   // the answer may have an empty body

	// idempotent says that the call does no harm if the server gets it twice.
	idempotent bool
	done       []error   // what a repetition is refused with where the work is done already
	write      WriteKind // the limit that it counts against, for a write with one
}

// call starts the description of a request. It fills elements into the {placeholders} of endpoint,
// in order. This is the one place where path elements are escaped: each reaches the server as
// itself or is refused.
func (a *api) call(method, endpoint string, elements ...string) *call {
	c := &call{api: a, method: method, endpoint: endpoint, params: url.Values{}, idempotent: method != http.MethodPost}
	var path strings.Builder
	rest := endpoint
	for _, element := range elements {
		before, after, _ := strings.Cut(rest, "{")
		name, after, _ := strings.Cut(after, "}")
		c.checkElement(name, element)
		c.hintElement(name, element)
		path.WriteString(before)
		path.WriteString(url.PathEscape(element))
		rest = after
		if rest == "" && strings.HasSuffix(element, ".json") {
			c.refuse(name, "it ends in .json, which servers take off a path")
		}
	}
	path.WriteString(rest)
	c.path = path.String()
	if method == http.MethodDelete {
		c.doneIf(ErrNotFound)
	}
	return c
}

// checkElement refuses what a server or a proxy on the way could take for another path once it has
// unescaped it.
func (c *call) checkElement(name, element string) {
	switch {
	case strings.TrimSpace(element) == "":
		c.refuse(name, "it is empty")
	case strings.ContainsFunc(element, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		c.refuse(name, "it holds a control character or is not UTF-8")
	}
	if element == "." || element == ".." || strings.ContainsAny(element, `/\`) {
		c.refuse(name, "%.40q is no element of a path", element)
	}
}

// repeatable says of a POST that it does no harm if the server gets it twice.
func (c *call) repeatable() *call {
	c.idempotent = true
	return c
}

// doneIf says what the call is refused with where its work is done already. That is no error of a
// repetition whose predecessor got no answer.
func (c *call) doneIf(refusals ...error) { c.done = append(c.done, refusals...) }

func (c *call) isDone(err error) bool {
	return slices.ContainsFunc(c.done, func(done error) bool { return errors.Is(err, done) })
}

// counts names the hourly limit that a write has besides that of all calls.
func (c *call) counts(kind WriteKind) *call {
	c.write = kind
	return c
}

// error returns the error of a call that ended because of cause before anything was sent.
func (c *call) error(cause error) *Error {
	return &Error{Method: c.method, Endpoint: c.endpoint, Err: cause}
}

// refuse records why a parameter cannot be sent.
func (c *call) refuse(parameter, reason string, args ...any) {
	if c.err == nil {
		c.err = &ParameterError{parameter, fmt.Sprintf(reason, args...)}
	}
}

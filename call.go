package instagram

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
)

// A call is one request as a service method describes it. The first parameter
// that cannot be sent stays in err, and the call ends there.
type call struct {
	api      *api
	method   string
	endpoint string // as in the API's reference: /users/{user-id}
	path     string // endpoint with its elements filled in, escaped
	params   url.Values
	err      error

	// idempotent says that the call does no harm if the server gets it twice.
	idempotent bool
	write      WriteKind // the limit that it counts against, for a write with one
}

// call starts the description of a request. It fills elements into the {placeholders} of endpoint, in
// order. This is the one place where path elements are escaped: each reaches the server as itself or
// is refused.
func (a *api) call(method, endpoint string, elements ...string) *call {
	c := &call{api: a, method: method, endpoint: endpoint, params: url.Values{}, idempotent: method != http.MethodPost}
	var path strings.Builder
	rest := endpoint
	for _, element := range elements {
		before, after, _ := strings.Cut(rest, "{")
		name, after, _ := strings.Cut(after, "}")
		c.checkElement(name, element)
		path.WriteString(before)
		path.WriteString(url.PathEscape(element))
		rest = after
		if rest == "" && strings.HasSuffix(element, ".json") {
			c.refuse(name, "it ends in .json, which servers take off a path")
		}
	}
	path.WriteString(rest)
	c.path = path.String()
	return c
}

// checkElement refuses what a server or a proxy on the way could take for
// another path once it has unescaped it.
func (c *call) checkElement(name, element string) {
	switch {
	case strings.TrimSpace(element) == "":
		c.refuse(name, "it is empty")
	case strings.ContainsFunc(element, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		c.refuse(name, "it holds a control character or is not UTF-8")
	}
	for segment := range strings.FieldsFuncSeq(element, func(r rune) bool { return r == '/' || r == '\\' }) {
		if segment == "." || segment == ".." {
			c.refuse(name, "it holds the path segment %q", segment)
		}
	}
}

// repeatable says of a POST that it does no harm if the server gets it twice.
func (c *call) repeatable() *call {
	c.idempotent = true
	return c
}

// counts names the hourly limit that a write has besides that of all calls.
func (c *call) counts(kind WriteKind) *call {
	c.write = kind
	return c
}

// refuse records why a parameter cannot be sent.
func (c *call) refuse(parameter, reason string, args ...any) {
	if c.err == nil {
		c.err = &ParameterError{parameter, fmt.Sprintf(reason, args...)}
	}
}

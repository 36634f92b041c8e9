package instagram

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
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

// newCall fills elements into the {placeholders} of endpoint, in order. This is
// the one place where path elements are escaped: each reaches the server as
// itself or is refused.
func newCall(a *api, method, endpoint string, elements []string) *call {
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

// set adds a parameter unless it is empty.
func (c *call) set(name, value string) *call {
	if value != "" {
		c.params.Set(name, value)
	}
	return c
}

// require adds a parameter that must not be blank.
func (c *call) require(name, value string) *call {
	if strings.TrimSpace(value) == "" {
		c.refuse(name, "it is empty")
	}
	return c.set(name, value)
}

// count adds the number of entries wanted, unless it is 0.
func (c *call) count(n int) *call {
	return c.number("count", n, math.MaxInt32)
}

// distance adds a radius in metres, unless it is 0.
func (c *call) distance(name string, metres int) *call {
	return c.number(name, metres, 5000)
}

func (c *call) number(name string, n, most int) *call {
	switch {
	case n < 0:
		c.refuse(name, "%d is negative", n)
	case n > most:
		c.refuse(name, "%d is over %d", n, most)
	case n > 0:
		c.params.Set(name, strconv.Itoa(n))
	}
	return c
}

// point adds a latitude and a longitude in degrees, unless both are nil.
func (c *call) point(lat, lng *float64) *call {
	switch {
	case lat == nil && lng != nil:
		c.refuse("lat", "lng is given without it")
	case lat != nil && lng == nil:
		c.refuse("lng", "lat is given without it")
	case lat != nil:
		c.degrees("lat", *lat, 90)
		c.degrees("lng", *lng, 180)
	}
	return c
}

func (c *call) degrees(name string, value, most float64) {
	if !(math.Abs(value) <= most) { // NaN is refused too
		c.refuse(name, "%v is not within ±%v degrees", value, most)
	}
	c.params.Set(name, strconv.FormatFloat(value, 'f', -1, 64))
}

// timestamps adds a time span whose ends may each be left out.
func (c *call) timestamps(from, to time.Time) *call {
	if !from.IsZero() && !to.IsZero() && from.After(to) {
		c.refuse("min_timestamp", "it is after max_timestamp")
	}
	c.timestamp("min_timestamp", from)
	c.timestamp("max_timestamp", to)
	return c
}

func (c *call) timestamp(name string, t time.Time) {
	if !t.IsZero() {
		c.params.Set(name, strconv.FormatInt(t.Unix(), 10))
	}
}

// tag takes a leading # for the mistake that it is: no tag has one.
func (c *call) tag(parameter, name string) *call {
	if strings.HasPrefix(name, "#") {
		c.refuse(parameter, "leave out the leading #")
	}
	return c
}

// value returns what p points to, or the zero value: options may be nil.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

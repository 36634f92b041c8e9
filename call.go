package instagram

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/igv1/instagram/internal/check"
)

// Self stands for the signed-in user wherever a user id is asked for.
const Self = "self"

// A call is one request as a service method describes it. The first parameter that cannot be sent
// stays in err, and the call ends there.
type call struct {
	core     *core
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

// newCall starts the description of a request to a service, which may be empty. It fills elements
// into the {placeholders} of endpoint, in order. This is the one place where path elements are
// escaped: each reaches the server as itself or is refused.
func newCall[S ~struct {
	core *core
	api  *api
}](s *S, method, endpoint string, elements ...string) *call {
	of := service(value(s))
	c := &call{
		core: of.core, api: of.api, method: method, endpoint: endpoint, params: url.Values{},
		idempotent: method != http.MethodPost,
	}
	var path strings.Builder
	rest := endpoint
	for _, element := range elements {
		before, after, _ := strings.Cut(rest, "{")
		name, after, _ := strings.Cut(after, "}")
		c.hint = cmp.Or(c.hint, hintElement(name, element))
		c.check(name, check.Element(element))
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

// check records why a parameter cannot be sent, if there is a reason.
func (c *call) check(parameter, reason string) {
	if reason != "" {
		c.refuse(parameter, "%s", reason)
	}
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

// point adds a latitude and a longitude in degrees.
func (c *call) point(lat, lng float64) *call {
	c.degrees("lat", lat, 90)
	c.degrees("lng", lng, 180)
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

// tag refuses a leading #: no tag has one.
func (c *call) tag(parameter, name string) *call {
	if strings.HasPrefix(name, "#") {
		c.refuse(parameter, "leave out the leading #")
	}
	return c
}

// flag adds a parameter that is true, or absent.
func (c *call) flag(name string, on bool) *call {
	if on {
		c.params.Set(name, "true")
	}
	return c
}

// link adds a URL that must be absolute.
func (c *call) link(name, link string) *call {
	c.check(name, check.Link(link))
	return c.set(name, link)
}

// but returns the call with another value of a parameter, or without it.
func (c *call) but(name, value string) *call {
	other := *c
	other.params = maps.Clone(c.params)
	other.params.Del(name)
	return other.set(name, value)
}

// value returns what p points to, or the zero value: options may be nil.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

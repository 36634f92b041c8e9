package instagram

import (
	"maps"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

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

// tag takes a leading # for the mistake that it is: no tag has one.
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
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		c.refuse(name, "it is not an absolute http or https URL")
	}
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

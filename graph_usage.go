package instagram

import (
	"math"
	"net/http"
	"time"
)

// AppUsage is how much of its hour an app has used up, in percent. The Graph
// refuses calls once any of the three has reached 100. Zeros may also mean that
// the answer did not say.
type AppUsage struct {
	CallCount    int // calls made
	TotalTime    int // time that the calls took
	TotalCPUTime int // processor time that they took
}

// BusinessUsage is how much of its hour an app has used up for one account, as
// [AppUsage] says it of all of them. Where an answer speaks of several accounts or
// uses, each figure is the highest.
type BusinessUsage struct {
	CallCount    int
	TotalTime    int
	TotalCPUTime int

	// RegainAccess is how long the Graph goes on refusing calls, to the minute. It
	// is 0 as long as it does not.
	RegainAccess time.Duration
}

// most returns the percentage that is nearest to the limit.
func (u AppUsage) most() int      { return max(u.CallCount, u.TotalTime, u.TotalCPUTime) }
func (u BusinessUsage) most() int { return max(u.CallCount, u.TotalTime, u.TotalCPUTime) }

// graphUsageOf reads what an answer of the Graph says of the budget: X-App-Usage, an object, and
// X-Business-Use-Case-Usage, which has a list of them for each account.
func graphUsageOf(h http.Header) (said RateLimit) {
	if value := h.Get("X-App-Usage"); value != "" {
		d := newDecoder([]byte(value))
		usage := d.usage()
		if d.end(); d.err == nil {
			said.AppUsage = AppUsage{usage.CallCount, usage.TotalTime, usage.TotalCPUTime}
		}
	}
	if value := h.Get("X-Business-Use-Case-Usage"); value != "" {
		d := newDecoder([]byte(value))
		var worst BusinessUsage
		for range d.members {
			for range d.elements {
				usage := d.usage()
				worst.CallCount = max(worst.CallCount, usage.CallCount)
				worst.TotalTime = max(worst.TotalTime, usage.TotalTime)
				worst.TotalCPUTime = max(worst.TotalCPUTime, usage.TotalCPUTime)
				worst.RegainAccess = max(worst.RegainAccess, usage.RegainAccess)
			}
		}
		if d.end(); d.err == nil {
			said.BusinessUsage = worst
		}
	}
	return said
}

// usage reads one object of a header.
func (d *decoder) usage() (usage BusinessUsage) {
	for name := range d.members {
		switch string(name) {
		case "call_count":
			usage.CallCount = d.percent()
		case "total_time":
			usage.TotalTime = d.percent()
		case "total_cputime":
			usage.TotalCPUTime = d.percent()
		case "estimated_time_to_regain_access":
			usage.RegainAccess = time.Duration(min(d.percent(), int(longestWait/time.Minute))) * time.Minute
		default:
			d.value()
		}
	}
	return usage
}

// percent rounds up: 99.5 is nearly nothing left.
func (d *decoder) percent() int {
	return int(math.Ceil(min(max(d.float(), 0), math.MaxInt32)))
}

package instagram

import (
	"math"
	"net/http"
	"time"

	"github.com/igv1/instagram/internal/wire"
)

// AppUsage is how much of its hour an app has used up, in percent. The Graph refuses calls once any
// of the three has reached 100. Zeros may also mean that the answer did not say.
type AppUsage struct {
	CallCount    int // calls made
	TotalTime    int // time that the calls took
	TotalCPUTime int // processor time that they took
}

// BusinessUsage is how much of its hour an app has used up for one account, as [AppUsage] says it
// of all of them. Where an answer speaks of several accounts or uses, each figure is the highest.
type BusinessUsage struct {
	CallCount    int
	TotalTime    int
	TotalCPUTime int

	// RegainAccess is how long the Graph goes on refusing calls, to the minute. It is 0 as long as
	// it does not.
	RegainAccess time.Duration
}

// most returns the percentage that is nearest to the limit.
func (u AppUsage) most() int      { return max(u.CallCount, u.TotalTime, u.TotalCPUTime) }
func (u BusinessUsage) most() int { return max(u.CallCount, u.TotalTime, u.TotalCPUTime) }

// graphUsageOf reads what an answer of the Graph says of the budget: X-App-Usage, an object, and
// X-Business-Use-Case-Usage, which has a list of them for each account.
func graphUsageOf(h http.Header) (said RateLimit) {
	if value := h.Get("X-App-Usage"); value != "" {
		d := wire.NewDecoder([]byte(value))
		defer d.Release()
		usage := readUsage(d)
		if d.End(); !d.Failed() {
			said.AppUsage = AppUsage{usage.CallCount, usage.TotalTime, usage.TotalCPUTime}
		}
	}
	if value := h.Get("X-Business-Use-Case-Usage"); value != "" {
		d := wire.NewDecoder([]byte(value))
		defer d.Release()
		var worst BusinessUsage
		for range d.Members {
			for range d.Elements {
				usage := readUsage(d)
				worst.CallCount = max(worst.CallCount, usage.CallCount)
				worst.TotalTime = max(worst.TotalTime, usage.TotalTime)
				worst.TotalCPUTime = max(worst.TotalCPUTime, usage.TotalCPUTime)
				worst.RegainAccess = max(worst.RegainAccess, usage.RegainAccess)
			}
		}
		if d.End(); !d.Failed() {
			said.BusinessUsage = worst
		}
	}
	return said
}

// readUsage reads one object of a header.
func readUsage(d *wire.Decoder) (usage BusinessUsage) {
	for name := range d.Members {
		switch string(name) {
		case "call_count":
			usage.CallCount = percent(d)
		case "total_time":
			usage.TotalTime = percent(d)
		case "total_cputime":
			usage.TotalCPUTime = percent(d)
		case "estimated_time_to_regain_access":
			usage.RegainAccess = time.Duration(min(percent(d), int(longestWait/time.Minute))) * time.Minute
		default:
			d.Skip()
		}
	}
	return usage
}

// percent rounds up: 99.5 is nearly nothing left.
func percent(d *wire.Decoder) int {
	return int(math.Ceil(min(max(d.Float(), 0), math.MaxInt32)))
}

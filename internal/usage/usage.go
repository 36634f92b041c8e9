// Package usage knows how the Graph tells what an app has used up of its budget, and spreads
// requests by that.
package usage

import (
	"math"
	"net/http"
	"time"

	"github.com/igv1/instagram/internal/wait"
	"github.com/igv1/instagram/internal/wire"
)

// A Usage is how much of an hour's budget is used up, in percent.
type Usage struct {
	CallCount    int // calls made
	TotalTime    int // time that the calls took
	TotalCPUTime int // processor time that they took

	RegainAccess time.Duration // how long calls are refused; 0 where they are not
}

// Most returns the percentage that is nearest to the limit.
func (u Usage) Most() int { return max(u.CallCount, u.TotalTime, u.TotalCPUTime) }

// Of reads what an answer says of the budget: X-App-Usage, an object, and X-Business-Use-Case-Usage,
// which has a list of them for each account. Of several accounts or uses each figure is the highest.
// What is no valid JSON says nothing.
func Of(h http.Header) (app, business Usage) {
	if value := h.Get("X-App-Usage"); value != "" {
		var said Usage
		err := wire.ReadWhole("", []byte(value), func(d *wire.Decoder) { said = read(d) })
		if err == nil {
			app = said
		}
	}
	if value := h.Get("X-Business-Use-Case-Usage"); value != "" {
		var worst Usage
		err := wire.ReadWhole("", []byte(value), func(d *wire.Decoder) {
			for range d.Members {
				for range d.Elements {
					said := read(d)
					worst.CallCount = max(worst.CallCount, said.CallCount)
					worst.TotalTime = max(worst.TotalTime, said.TotalTime)
					worst.TotalCPUTime = max(worst.TotalCPUTime, said.TotalCPUTime)
					worst.RegainAccess = max(worst.RegainAccess, said.RegainAccess)
				}
			}
		})
		if err == nil {
			business = worst
		}
	}
	return app, business
}

// read reads one object of a header.
func read(d *wire.Decoder) (said Usage) {
	for name := range d.Members {
		switch string(name) {
		case "call_count":
			said.CallCount = percent(d)
		case "total_time":
			said.TotalTime = percent(d)
		case "total_cputime":
			said.TotalCPUTime = percent(d)
		case "estimated_time_to_regain_access":
			said.RegainAccess = time.Duration(min(percent(d), int(wait.Longest/time.Minute))) * time.Minute
		default:
			d.Skip()
		}
	}
	return said
}

// percent rounds up: 99.5 is nearly nothing left.
func percent(d *wire.Decoder) int {
	return int(math.Ceil(min(max(d.Float(), 0), math.MaxInt32)))
}

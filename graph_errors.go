package instagram

import (
	"math"
	"net/http"

	"github.com/igv1/instagram/internal/wire"
)

// readGraphError takes into an error what an answer of the Graph says in its error.
func readGraphError(e *Error, body []byte) bool {
	read, found := *e, false
	d := wire.NewDecoder(body)
	defer d.Release()
	for name := range d.Members {
		if string(name) != "error" || d.Peek() != '{' {
			d.Skip()
			continue
		}
		read.meaning = graphSentinel
		found = true
		for name := range d.Members {
			switch string(name) {
			case "message":
				read.Message = d.String()
			case "type":
				read.Type = ErrorType(d.String())
			case "code":
				read.Code = d.Int()
			case "error_subcode":
				read.Subcode = d.Int()
			case "fbtrace_id":
				read.TraceID = d.String()
			default:
				d.Skip()
			}
		}
	}
	if d.End(); !found || d.Malformed() {
		return false
	}
	*e = read
	return true
}

// graphSentinel says what an error code of the Graph means for a program. Codes
// that are not here say too little; the status decides.
func graphSentinel(e *Error) error {
	switch code := e.Code; {
	case tooMany(e.StatusCode), code == 4, code == 17, code == 32, code == 613:
		return ErrRateLimited
	case code == 190:
		return ErrUnauthorized
	case code == 10, 200 <= code && code <= 299:
		return ErrMissingScope
	}
	return statusSentinel(e.StatusCode)
}

// AppUsage is how much of its hour an app has used up, in percent. The Graph
// refuses calls once any of the three has reached 100. Zeros may also mean that
// the answer did not say.
type AppUsage struct {
	CallCount    int // calls made
	TotalTime    int // time that the calls took
	TotalCPUTime int // processor time that they took
}

func appUsageOf(h http.Header) (usage AppUsage) {
	value := h.Get("X-App-Usage")
	if value == "" {
		return AppUsage{}
	}
	d := wire.NewDecoder([]byte(value))
	defer d.Release()
	for name := range d.Members {
		switch string(name) {
		case "call_count":
			usage.CallCount = percent(d)
		case "total_time":
			usage.TotalTime = percent(d)
		case "total_cputime":
			usage.TotalCPUTime = percent(d)
		default:
			d.Skip()
		}
	}
	if d.End(); d.Failed() {
		return AppUsage{}
	}
	return usage
}

// percent rounds up: 99.5 is nearly nothing left.
func percent(d *wire.Decoder) int {
	return int(math.Ceil(min(max(d.Float(), 0), math.MaxInt32)))
}

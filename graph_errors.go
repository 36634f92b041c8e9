package instagram

import (
	"math"
	"net/http"
)

// readGraphError takes into an error what an answer of the Graph says in its error.
func readGraphError(e *Error, body []byte) bool {
	read, found := *e, false
	d := newDecoder(body)
	for name := range d.members {
		if string(name) != "error" || d.peek() != '{' {
			d.value()
			continue
		}
		read.meaning = graphSentinel
		found = true
		for name := range d.members {
			switch string(name) {
			case "message":
				read.Message = d.string()
			case "type":
				read.Type = ErrorType(d.string())
			case "code":
				read.Code = d.int()
			case "error_subcode":
				read.Subcode = d.int()
			case "fbtrace_id":
				read.TraceID = d.string()
			default:
				d.value()
			}
		}
	}
	if d.end(); !found || d.err == errMalformed {
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
	d := newDecoder([]byte(value))
	for name := range d.members {
		switch string(name) {
		case "call_count":
			usage.CallCount = d.percent()
		case "total_time":
			usage.TotalTime = d.percent()
		case "total_cputime":
			usage.TotalCPUTime = d.percent()
		default:
			d.value()
		}
	}
	if d.end(); d.err != nil {
		return AppUsage{}
	}
	return usage
}

// percent rounds up: 99.5 is nearly nothing left.
func (d *decoder) percent() int {
	return int(math.Ceil(min(max(d.float(), 0), math.MaxInt32)))
}

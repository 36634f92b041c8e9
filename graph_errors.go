package instagram

import "github.com/igv1/instagram/internal/wire"

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

// graphSentinel says what an error code of the Graph means for a program. Codes that are not here
// say too little; the status decides.
func graphSentinel(e *Error) error {
	switch code := e.Code; {
	case tooMany(e.StatusCode), code == 4, code == 17, code == 32, code == 613, 80000 <= code && code <= 80014:
		return ErrRateLimited
	case code == 190:
		return ErrUnauthorized
	case code == 10, 200 <= code && code <= 299:
		return ErrMissingScope
	case code == 100:
		return ErrInvalidParameters
	}
	return statusSentinel(e.StatusCode)
}

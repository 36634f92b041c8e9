package instagram

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
	case tooMany(e.StatusCode), code == 4, code == 17, code == 32, code == 613, 80000 <= code && code <= 80014:
		return ErrRateLimited
	case code == 190:
		return ErrUnauthorized
	case code == 10, 200 <= code && code <= 299:
		return ErrMissingScope
	}
	return statusSentinel(e.StatusCode)
}

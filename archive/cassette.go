package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// The cassettes of VCR and of what was made after it are objects of a request and a response; each
// tool writes the two in its own way. They are told apart for the sake of the report.

// interaction says whether there is a request and a response.
func interaction(f *found) bool { return isObject(f.get("request")) && isObject(f.get("response")) }

func isBetamax(f *found) bool {
	return interaction(f) && f.key() == "http_interactions" && f.object.object("response").has("url")
}

func isVCR(f *found) bool {
	return interaction(f) && (f.key() == "http_interactions" || f.has("recorded_at") || f.object.object("response").has("http_version") && !isGoVCR(f))
}

func isExVCR(f *found) bool {
	return interaction(f) && f.object.object("response").has("status_code") && f.object.object("request").has("url")
}

func isGoVCR(f *found) bool {
	response := f.object.object("response")
	return interaction(f) && f.object.object("request").has("url") && (response.has("code") || response.has("duration"))
}

func isVCRPy(f *found) bool { return interaction(f) && f.object.object("request").has("uri") }

func isPHPVCR(f *found) bool { return interaction(f) && f.object.object("response").has("status") }

// cassette reads one request and its response.
func (c *collector) cassette(f *found) {
	request, response := f.object.object("request"), f.object.object("response")
	body, ok := bodyOf(response)
	if !ok {
		c.skip("answers whose body cannot be read")
		return
	}
	c.answer(&call{
		method: strings.TrimPrefix(request.text("method"), ":"),
		url:    request.text("uri", "url", "urlPath"),
		status: statusOf(response),
		header: headerOf(response.get("headers")),
		body:   body,
	})
}

// statusOf reads {"code": 200}, 200, "200 OK" and what stands beside status.
func statusOf(response object) int {
	status := response.get("status")
	if o, err := parseObject(status); err == nil {
		status = o.get("code")
	}
	for _, raw := range []json.RawMessage{response.get("code"), response.get("status_code"), status} {
		text, _, _ := strings.Cut(stringOf(raw), " ")
		if n, ok := numberOf(rawString(text)); ok && n > 0 && n < 1000 {
			return int(n)
		}
	}
	return 0
}

// bodyOf reads "text", {"string": "text"} and {"base64_string": "dGV4dA=="}.
func bodyOf(response object) ([]byte, bool) {
	raw := response.get("body")
	if string(response.get("binary")) == "true" {
		body, ok := base64Of(stringOf(raw))
		return binaryTerm(body), ok
	}
	if !response.has("body") {
		raw = response.get("jsonBody") // of WireMock
	}
	if o, err := parseObject(raw); err == nil {
		if text := o.text("base64_string"); text != "" {
			return base64Of(text)
		}
		switch inner := o.get("string"); {
		case isObject(inner) && bytes.HasPrefix(inner, []byte(`{"base64_string"`)):
			return bodyOf(object{{"body", inner}}) // of !binary in YAML
		case isObject(inner), isArray(inner):
			return inner, true
		}
		if !o.has("string") && !o.has("encoding") {
			return raw, true // the answer itself
		}
		return []byte(o.text("string")), true
	}
	if isArray(raw) {
		return raw, true
	}
	return []byte(stringOf(raw)), true
}

// binaryTerm returns the bytes in a term of Erlang, which exvcr has for what is no text.
func binaryTerm(term []byte) []byte {
	const head = len("\x83m") + 4 // and their number
	if len(term) < head || term[0] != 0x83 || term[1] != 'm' {
		return term
	}
	return term[head:]
}

func base64Of(text string) ([]byte, bool) {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == ' ' {
			return -1
		}
		return r
	}, text)
	body, err := base64.StdEncoding.DecodeString(text)
	return body, err == nil
}

package archive

import (
	"encoding/hex"
	"strings"
)

// isNock knows a definition of nock.
func isNock(f *found) bool { return f.has("scope", "path", "response") && !f.has("request") }

func (c *collector) nock(f *found) {
	header := headerOf(f.get("rawHeaders"))
	if len(header) == 0 {
		header = headerOf(f.get("headers"))
	}
	c.answer(&call{
		method: f.text("method"),
		url:    f.text("scope") + f.text("path"),
		status: statusOf(f.object),
		header: header,
		body:   nockBody(f),
	})
}

// nockBody reads what nock has for a body: JSON, a string, or for what was compressed its bytes in
// hexadecimal, in a string or in a list of them.
func nockBody(f *found) []byte {
	raw := f.get("response")
	if isObject(raw) {
		return raw
	}
	text := stringOf(raw)
	if isArray(raw) {
		var parts strings.Builder
		for _, part := range elements(raw) {
			if isObject(part) || isArray(part) {
				return raw
			}
			parts.WriteString(stringOf(part))
		}
		text = parts.String()
	}
	if body, err := hex.DecodeString(text); err == nil && len(body) > 0 {
		return body
	}
	return []byte(text)
}

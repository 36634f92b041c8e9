package archive

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram"
)

// secrets are the parameters of a request that are not kept.
var secrets = []string{"access_token", "client_secret", "sig", "code", "token", "password", "fb_exchange_token", "appsecret_proof"}

// request is the method, the path and the query of a call, without what is secret.
func (c *call) request() string {
	u, err := url.Parse(c.url)
	if err != nil {
		return c.method
	}
	query := u.Query()
	for name := range query {
		if slices.Contains(secrets, strings.ToLower(name)) {
			query.Del(name)
		}
	}
	text := u.EscapedPath()
	if len(query) > 0 {
		text += "?" + query.Encode()
	}
	return strings.TrimSpace(strings.ToUpper(c.method) + " " + text)
}

// list is the list of v1 that the call asked for.
func (c *call) list() list { return listOfURL(c.url, list{}) }

// secretHeaders are the headers of an answer that are not kept.
var secretHeaders = []string{"Set-Cookie", "Cookie", "Authorization"}

// answer reads the body of a recorded answer.
func (c *collector) answer(recorded *call) {
	if c.call != nil {
		return // recordings in recordings
	}
	for _, name := range secretHeaders {
		recorded.header.Del(name)
	}
	c.call = recorded
	defer func() { c.call = nil }()
	body, err := uncompressed(recorded.body)
	if err != nil {
		c.fail(err)
		return
	}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\uFEFF")))
	if jsonp.Match(body) {
		body = bytes.TrimRight(body[bytes.IndexByte(body, '(')+1:], ");\n\r ")
	}
	before := len(c.out.outcomes)
	switch {
	case len(body) > 0 && (body[0] == '{' || body[0] == '['):
		if !json.Valid(body) {
			c.fail(c.syntax(body, errNotJSON))
			return
		}
		c.any(body, recorded.list(), nil)
	case recorded.status < 400 && len(body) == 0:
		c.skip("answers without a body")
		return
	case recorded.status < 400 && slices.Contains([]string{"br", "zstd"}, recorded.header.Get("Content-Encoding")):
		c.skip("answers compressed with " + recorded.header.Get("Content-Encoding"))
		return
	case recorded.status < 400:
		c.skip("answers that are no JSON")
		return
	}
	if len(c.out.outcomes) == before && recorded.status >= 400 {
		c.fail(&instagram.Error{Code: recorded.status, StatusCode: recorded.status})
	}
}

// uncompressed returns a body that may have been recorded as it came.
func uncompressed(body []byte) ([]byte, error) {
	var r io.Reader
	var err error
	switch {
	case bytes.HasPrefix(body, []byte("\x1f\x8b")):
		r, err = gzip.NewReader(bytes.NewReader(body))
	case bytes.HasPrefix(body, []byte("\x78\x01")), bytes.HasPrefix(body, []byte("\x78\x9c")), bytes.HasPrefix(body, []byte("\x78\xda")):
		r, err = zlib.NewReader(bytes.NewReader(body))
	default:
		return body, nil
	}
	if err != nil {
		return nil, errors.New("a compressed body that cannot be read")
	}
	body, err = io.ReadAll(io.LimitReader(r, maxValue+1))
	if err == nil && len(body) > maxValue {
		err = errTooLarge
	}
	return body, err
}

// headerOf reads headers in any of the ways that they are recorded in: objects of strings or lists,
// and lists of names and values.
func headerOf(raw []byte) http.Header {
	header := http.Header{}
	if o, err := parseObject(raw); err == nil {
		for _, m := range o {
			if values := elements(m.value); values != nil {
				for _, value := range values {
					header.Add(m.name, stringOf(value))
				}
			} else {
				header.Add(m.name, stringOf(m.value))
			}
		}
	}
	list := elements(raw)
	for i := 0; i < len(list); i++ {
		switch o, err := parseObject(list[i]); {
		case err == nil:
			header.Add(o.text("name"), o.text("value"))
		case isArray(list[i]):
			if pair := elements(list[i]); len(pair) == 2 {
				header.Add(stringOf(pair[0]), stringOf(pair[1]))
			}
		case i+1 < len(list):
			header.Add(stringOf(list[i]), stringOf(list[i+1]))
			i++
		}
	}
	return header
}

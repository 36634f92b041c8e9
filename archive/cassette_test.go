package archive

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// cassettes are the tools that record in JSON, and how they write a call with a body that is a text
// and one that is bytes.
var cassettes = map[Format]struct {
	text, bytes func(path string, status int, body []byte) string
}{
	FormatVCR: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"http_interactions":[{"request":{"method":"get","uri":"https://api.instagram.com%s","body":{"encoding":"US-ASCII","string":""},"headers":{}},"response":{"status":{"code":%d,"message":""},"headers":{"Content-Type":["application/json"]},"body":{"encoding":"UTF-8","string":%s},"http_version":null},"recorded_at":"Sun, 01 Mar 2015 10:00:00 GMT"}],"recorded_with":"VCR 2.9.3"}`, path, status, quoted(body))
		},
		bytes: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"http_interactions":[{"request":{"method":"get","uri":"https://api.instagram.com%s"},"response":{"status":{"code":%d},"headers":{},"body":{"encoding":"ASCII-8BIT","base64_string":"%s"},"http_version":"1.1"},"recorded_at":"Sun, 01 Mar 2015 10:00:00 GMT"}]}`, path, status, inLines(body))
		},
	},
	FormatBetamax: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"http_interactions":[{"request":{"body":"","headers":{"Accept":["*/*"]},"method":"GET","uri":"https://api.instagram.com%s"},"response":{"body":{"encoding":"utf-8","string":%s},"headers":{"Content-Type":["application/json"]},"status":{"code":%d,"message":"OK"},"url":"https://api.instagram.com%s"},"recorded_at":"2015-03-01T10:00:00"}],"recorded_with":"betamax/0.4.2"}`, path, quoted(body), status, path)
		},
		bytes: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"http_interactions":[{"request":{"method":"GET","uri":"https://api.instagram.com%s"},"response":{"body":{"encoding":null,"base64_string":"%s"},"headers":{"Content-Encoding":["gzip"]},"status":{"code":%d},"url":"x"}}],"recorded_with":"betamax/0.4.2"}`, path, base64.StdEncoding.EncodeToString(body), status)
		},
	},
	FormatVCRPy: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"version":1,"interactions":[{"request":{"body":null,"headers":{},"method":"GET","uri":"https://api.instagram.com%s"},"response":{"body":{"string":%s},"headers":{"content-type":["application/json"]},"status":{"code":%d,"message":"OK"}}}]}`, path, quoted(body), status)
		},
	},
	FormatPHPVCR: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`[{"request":{"method":"GET","url":"https:\/\/api.instagram.com%s","headers":{"Host":"api.instagram.com"}},"response":{"status":"%d","headers":{"Content-Type":"application\/json"},"body":%s}}]`, path, status, quoted(body))
		},
	},
	FormatExVCR: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`[{"request":{"body":"","headers":[],"method":"get","options":[],"request_body":"","url":"https://api.instagram.com%s"},"response":{"binary":false,"body":%s,"headers":{"Content-Type":"application/json"},"status_code":%d,"type":"ok"}}]`, path, quoted(body), status)
		},
		bytes: func(path string, status int, body []byte) string {
			term := append([]byte{0x83, 'm', 0, 0, byte(len(body) >> 8), byte(len(body))}, body...)
			return fmt.Sprintf(`[{"request":{"method":"get","url":"https://api.instagram.com%s"},"response":{"binary":true,"body":"%s","headers":{"Content-Encoding":"gzip"},"status_code":%d,"type":"ok"}}]`, path, base64.StdEncoding.EncodeToString(term), status)
		},
	},
	FormatNock: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`[{"scope":"https://api.instagram.com:443","method":"GET","path":"%s","body":"","status":%d,"response":%s,"rawHeaders":["Content-Type","application/json"],"responseIsBinary":false}]`, path, status, body)
		},
		bytes: func(path string, status int, body []byte) string {
			text := hex.EncodeToString(body)
			return fmt.Sprintf(`[{"scope":"https://api.instagram.com:443","method":"GET","path":"%s","body":"","status":%d,"response":["%s","%s"],"rawHeaders":["Content-Encoding","gzip"]}]`, path, status, text[:40], text[40:])
		},
	},
	FormatHAR: {
		text: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"log":{"version":"1.2","creator":{"name":"x"},"entries":[{"startedDateTime":"2015-03-01T10:00:00Z","request":{"method":"GET","url":"https://api.instagram.com%s","headers":[]},"response":{"status":%d,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":1,"mimeType":"application/json","text":%s}}}]}}`, path, status, quoted(body))
		},
		bytes: func(path string, status int, body []byte) string {
			return fmt.Sprintf(`{"log":{"entries":[{"request":{"method":"GET","url":"https://api.instagram.com%s"},"response":{"status":%d,"headers":[],"content":{"text":"%s","encoding":"base64"}}}]}}`, path, status, base64.StdEncoding.EncodeToString(body))
		},
	},
}

func quoted(body []byte) string {
	text, _ := json.Marshal(string(body)) //nolint:errchkjson // a string always encodes
	return string(text)
}

// inLines is base64 as Ruby writes it.
func inLines(body []byte) string {
	text := base64.StdEncoding.EncodeToString(body)
	var b bytes.Buffer
	for len(text) > 60 {
		b.WriteString(text[:60] + `\n`)
		text = text[60:]
	}
	return b.String() + text + `\n`
}

// packed is a body as a server sent it.
func packed(t *testing.T, newWriter func(io.Writer) io.WriteCloser, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := newWriter(&b)
	_, err := io.WriteString(w, body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// Whatever a tool has for a body, the answer comes out, with its call, and failed ones as errors.
func TestCassettesOfAllTools(t *testing.T) {
	gz := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	deflate := func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
	const path = "/v1/users/self/media/recent?access_token=SECRET&count=2"
	good := page(1, 2)
	for format, tool := range cassettes {
		t.Run(string(format), func(t *testing.T) {
			texts := map[string]string{"text": tool.text(path, 200, []byte(good))}
			if tool.bytes != nil {
				texts["gzip"] = tool.bytes(path, 200, packed(t, gz, good))
				texts["deflate"] = tool.bytes(path, 200, packed(t, deflate, good))
				texts["bytes"] = tool.bytes(path, 200, []byte(good))
			}
			for name, text := range texts {
				require.True(t, json.Valid([]byte(text)), text)
				a := openFiles(t, map[string]string{"cassette.json": text})
				n := 0
				for item, err := range a.Media(t.Context()) {
					require.NoError(t, err, name)
					assert.Equal(t, format, item.Source.Format, name)
					assert.Equal(t, "GET /v1/users/self/media/recent?count=2", item.Source.Request, name)
					assert.Equal(t, 200, item.Source.Status, name)
					n++
				}
				assert.Equal(t, 2, n, name)
			}

			for name, failing := range map[string]struct {
				status int
				body   string
				code   int
				kind   instagram.ErrorType
			}{
				"of v1":          {400, `{"meta":{"error_type":"APINotAllowedError","code":400,"error_message":"you cannot view this resource"}}`, 400, "APINotAllowedError"},
				"of the limiter": {429, `{"code":429,"error_type":"OAuthRateLimitException","error_message":"The maximum number of requests"}`, 429, "OAuthRateLimitException"},
				"of the Graph":   {400, `{"error":{"message":"Unsupported get request","type":"IGApiException","code":100,"error_subcode":33,"error_user_msg":"It is gone.","fbtrace_id":"x"}}`, 100, "IGApiException"},
				"without a word": {503, `{}`, 503, ""},
				"within a page":  {200, `{"meta":{"code":400,"error_type":"APINotFoundError","error_message":"x"}}`, 400, "APINotFoundError"},
			} {
				_, errs := mediaIDs(t, openFiles(t, map[string]string{"cassette.json": tool.text(path, failing.status, []byte(failing.body))}))
				require.Len(t, errs, 1, name)
				var answer *instagram.Error
				require.ErrorAs(t, errs[0], &answer, name)
				assert.Equal(t, failing.code, answer.Code, name)
				assert.Equal(t, failing.kind, answer.Type, name)
				assert.Equal(t, failing.status, answer.StatusCode, name)
				assert.Equal(t, strings.Contains(failing.body, "It is gone."), strings.HasSuffix(answer.Message, ": It is gone."), name)
				var where *Error
				require.True(t, errors.As(errs[0], &where))
				assert.Equal(t, failing.status, where.Source.Status, name)
				assert.NotContains(t, errs[0].Error(), "SECRET")
			}
		})
	}
}

// What cannot be read is counted by why.
func TestBodiesThatAreNotRead(t *testing.T) {
	har := cassettes[FormatHAR]
	for text, want := range map[string]string{
		har.text("/v1/x", 200, []byte("<html>")): "answers that are no JSON",
		har.text("/v1/x", 200, nil):              "answers without a body",
		`{"log":{"entries":[{"request":{"method":"GET","url":"https://x.example/"},"response":{"status":200,"headers":[{"name":"content-encoding","value":"br"}],"content":{"text":"CwWAeyJ9Aw==","encoding":"base64"}}}]}}`: "answers compressed with br",
		`{"log":{"entries":[{"request":{"method":"GET","url":"https://x.example/"},"response":{"status":200,"headers":[],"content":{"text":"***","encoding":"base64"}}}]}}`:                                                  "answers whose body cannot be read",
	} {
		a := openFiles(t, map[string]string{"t.har": text})
		_, errs := mediaIDs(t, a)
		assert.Empty(t, errs)
		assert.Equal(t, map[string]int{want: 1}, a.Report().Total().Skipped)
	}
}

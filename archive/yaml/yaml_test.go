package yaml

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/archive"
)

// read lists what comes out of a file, an entry a line.
func read(t testing.TB, fsys fstest.MapFS) (lines []string) {
	t.Helper()
	a, err := archive.OpenFS(fsys)
	require.NoError(t, err)
	defer a.Close()
	for e, err := range a.All(t.Context()) {
		if err != nil {
			lines = append(lines, "error")
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %d", e.Kind, e.Source.Format, e.Source.Request, e.Source.Status))
	}
	return lines
}

func TestCassettes(t *testing.T) {
	for file, format := range map[string]archive.Format{"vcr.yml": archive.FormatVCR, "vcrpy.yaml": archive.FormatVCRPy, "go-vcr.yaml": archive.FormatGoVCR} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile("testdata/" + file)
			require.NoError(t, err)
			lines := read(t, fstest.MapFS{"cassette": {Data: text}})
			recent := fmt.Sprintf("%s GET /v1/users/1574083/media/recent?count=2 200", format)
			assert.Equal(t, []string{
				"media " + recent, "comment " + recent, "like " + recent, "like " + recent, "media " + recent,
				fmt.Sprintf("comment %s GET /v1/media/657988443280050001_1574083/comments 200", format),
				fmt.Sprintf("follower %s GET /v1/users/1574083/followed-by 200", format),
				fmt.Sprintf("follower %s GET /v1/users/1574083/followed-by 200", format),
				"error", "error",
			}, lines)
		})
	}
}

func TestPHPAndOldRuby(t *testing.T) {
	body := `{"meta":{"code":200},"data":{"id":"7","username":"mira.solane","full_name":"Mira"}}`
	for name, text := range map[string]string{
		"php":  "\n-\n    request:\n        method: GET\n        url: 'https://api.instagram.com/v1/users/self?access_token=x'\n        headers:\n            Host: api.instagram.com\n    response:\n        status:\n            http_version: '1.1'\n            code: '200'\n            message: OK\n        headers:\n            Content-Type: application/json\n        body: '" + body + "'\n",
		"ruby": "--- \n- !ruby/struct:VCR::HTTPInteraction \n  request: !ruby/struct:VCR::Request \n    method: :get\n    uri: https://api.instagram.com:443/v1/users/self\n  response: !ruby/struct:VCR::Response \n    status: !ruby/struct:VCR::ResponseStatus \n      code: 200\n      message: OK\n    headers: \n      content-type: \n      - application/json\n    body: '" + body + "'\n    http_version: \"1.1\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			lines := read(t, fstest.MapFS{"x": {Data: []byte(text)}})
			require.Len(t, lines, 1)
			assert.True(t, strings.HasPrefix(lines[0], "user ") && strings.HasSuffix(lines[0], "GET /v1/users/self 200"), lines[0])
		})
	}
}

// Aliases that multiply, depth, and YAML of other things do no harm.
func TestHostile(t *testing.T) {
	laughs := "interactions:\n- &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 12 {
		laughs += fmt.Sprintf("- &a%d [%s]\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	for name, text := range map[string]string{"laughs": laughs, "deep": "interactions: " + strings.Repeat("[", 5000), "cut": "interactions:\n- request: {a: \"b"} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []string{"error"}, read(t, fstest.MapFS{"x.yml": {Data: []byte(text)}}))
		})
	}
	assert.Empty(t, read(t, fstest.MapFS{"x.yml": {Data: []byte("services:\n  web:\n    image: x\n")}}))
}

func FuzzYAML(f *testing.F) {
	for _, name := range []string{"vcr.yml", "vcrpy.yaml", "go-vcr.yaml"} {
		text, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		assert.True(t, slices.Equal(read(t, fstest.MapFS{"x": {Data: text}}), read(t, fstest.MapFS{"x": {Data: text}})))
	})
}

// Bodies that are no text are in base64, by the tag of YAML or of Ruby.
func TestBinaryBodies(t *testing.T) {
	var body bytes.Buffer
	w := gzip.NewWriter(&body)
	_, err := w.Write([]byte(`{"meta":{"code":200},"data":{"id":"7","username":"mira.solane","full_name":"Mira"}}`))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	text := base64.StdEncoding.EncodeToString(body.Bytes())
	const uri = "https://api.instagram.com/v1/users/self?access_token=SECRET"
	for format, cassette := range map[archive.Format]string{
		archive.FormatVCR:    "---\r\nhttp_interactions:\r\n- request:\r\n    method: get\r\n    uri: " + uri + "\r\n  response:\r\n    status:\r\n      code: 200\r\n    headers: {}\r\n    body:\r\n      encoding: ASCII-8BIT\r\n      string: !binary |-\r\n        " + text[:60] + "\r\n        " + text[60:] + "\r\n    http_version: \r\n  recorded_at: Sun, 01 Mar 2015 10:00:00 GMT\r\nrecorded_with: VCR 2.9.3\r\n",
		archive.FormatVCRPy:  "interactions:\n- request:\n    body: null\n    headers: {}\n    method: GET\n    uri: " + uri + "\n  response:\n    body:\n      string: !!binary |\n        " + text[:60] + "\n        " + text[60:] + "\n    headers:\n      content-encoding: [gzip]\n    status: {code: 200, message: OK}\nversion: 1\n",
		archive.FormatPHPVCR: "\n-\n    request:\n        method: GET\n        url: '" + uri + "'\n    response:\n        status:\n            code: '200'\n        body: !!binary " + text + "\n",
		archive.FormatGoVCR:  "---\nversion: 2\ninteractions:\n    - id: 0\n      request:\n        proto: HTTP/1.1\n        host: api.instagram.com\n        url: " + uri + "\n        method: GET\n      response:\n        proto: HTTP/1.1\n        content_length: -1\n        uncompressed: false\n        body: !!binary |\n            " + text + "\n        headers:\n            Content-Encoding:\n                - gzip\n        status: 200 OK\n        code: 200\n        duration: 120.5ms\n",
	} {
		lines := read(t, fstest.MapFS{"x": {Data: []byte(cassette)}})
		assert.Equal(t, []string{fmt.Sprintf("user %s GET /v1/users/self 200", format)}, lines, format)
	}
}

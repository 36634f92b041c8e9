package openapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"
)

func init() {
	text := func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		b, err := io.ReadAll(body)
		return string(b), err
	}
	openapi3filter.RegisterBodyDecoder("text/javascript", text)
	openapi3filter.RegisterBodyDecoder("text/html", text)
}

// exchange is a request and its answer, as the server's tests write them down.
type exchange struct {
	Method      string      `json:"method"`
	URL         string      `json:"url"`
	ContentType string      `json:"content_type"`
	Form        string      `json:"form"`
	Status      int         `json:"status"`
	Header      http.Header `json:"header"`
	Body        []byte      `json:"body"`
}

func readExchange(file string) (e exchange, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(b, &e)
}

// operation finds what an exchange is an instance of, in the ways in which the server does:
// whatever its path ends in, and by the method that a POST names. It is nil for what is not
// described, as pictures.
func (e *exchange) operation(doc *openapi3.T) *routers.Route {
	u, err := url.Parse(e.URL)
	if err != nil {
		return nil
	}
	path := strings.TrimLeft(manySlashes.ReplaceAllString(u.EscapedPath(), "/"), "/")
	for path == "v1" || strings.HasPrefix(path, "v1/") {
		path = strings.TrimLeft(strings.TrimPrefix(path, "v1"), "/")
	}
	path = strings.TrimSuffix(strings.TrimRight(path, "/"), ".json")
	method := strings.Replace(e.Method, http.MethodHead, http.MethodGet, 1)
	if form, _ := url.ParseQuery(e.Form); method == http.MethodPost {
		for _, named := range []string{u.Query().Get("_method"), form.Get("_method")} {
			if named != "" {
				method = strings.ToUpper(named)
			}
		}
	}
	var found *routers.Route
	for pattern, item := range doc.Paths.Map() {
		op := item.GetOperation(method)
		if op != nil && fits(pattern[1:], path) && (found == nil || !strings.Contains(pattern, "{")) {
			found = &routers.Route{Spec: doc, Path: pattern, PathItem: item, Method: method, Operation: op}
		}
	}
	return found
}

var manySlashes = regexp.MustCompile(`/+`)

// fits compares a path to a pattern, where {…} stands for any one segment.
func fits(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != have[i] && want[i][0] != '{' {
			return false
		}
	}
	return true
}

// check holds the answer against the description.
func (e *exchange) check(ctx context.Context, route *routers.Route) error {
	options := &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: e.Method == http.MethodHead}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: &http.Request{Method: route.Method, URL: &url.URL{}},
			Route:   route,
		},
		Status:  e.Status,
		Header:  e.Header,
		Options: options,
	}
	return openapi3filter.ValidateResponse(ctx, input.SetBodyBytes(e.Body))
}

// failure is the error in an answer, with or without its meta object.
func (e *exchange) failure() (kind, message string) {
	type bare struct {
		Type    string `json:"error_type"`
		Message string `json:"error_message"`
	}
	var body struct {
		bare
		Meta bare
	}
	if json.Unmarshal(e.Body, &body) != nil {
		return "", ""
	}
	if body.Meta.Type != "" {
		return body.Meta.Type, body.Meta.Message
	}
	return body.Type, body.Message
}

// decode reads JSON and keeps numbers as they are.
func decode(t require.TestingT, b []byte, into any) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	require.NoError(t, d.Decode(into), "%s", b)
}

// text is an id, whether it came as a number or as a string.
func text(id any) string { return fmt.Sprint(id) }

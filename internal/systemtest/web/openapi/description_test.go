// Package openapi_test holds the description of the API against a linter, against what the server
// answers, and against a client that is generated from it.
package openapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/igv1/instagram/openapi"
)

var update = flag.Bool("update", false, "write v1.json from v1.yaml")

// folder is where the description is.
var folder = filepath.Join("..", "..", "..", "..", "openapi")

// load reads the description and checks that it is one, its examples included.
func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openapi.JSON)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	return doc
}

// TestJSON keeps v1.json what v1.yaml says. "go test -run JSON -update" writes it.
func TestJSON(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(folder, "v1.yaml"))
	require.NoError(t, err)
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal(source, &doc))
	var b bytes.Buffer
	require.NoError(t, writeJSON(&b, doc.Content[0]))
	if *update {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "v1.json"), b.Bytes(), 0o644))
		return
	}
	assert.True(t, bytes.Equal(b.Bytes(), openapi.JSON), "v1.json is old: run go test -run JSON -update")
}

// writeJSON keeps the order of the members, which is that of the pages made from them.
func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(b, n.Content[i].Value)
			b.WriteByte(':')
			if err := writeJSON(b, n.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		var v any
		if err := n.Decode(&v); err != nil {
			return err
		}
		writeValue(b, v)
	}
	return nil
}

func writeValue(b *bytes.Buffer, v any) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.Encode(v)             //nolint:errcheck // scalars, into memory
	b.Truncate(b.Len() - 1) // the line's end
}

// endpoints are the 27 of the API, as it was documented.
var endpoints = []string{
	"GET /users/{user-id}", "GET /users/self/feed", "GET /users/{user-id}/media/recent", "GET /users/self/media/liked", "GET /users/search",
	"GET /users/{user-id}/follows", "GET /users/{user-id}/followed-by", "GET /users/self/requested-by",
	"GET /users/{user-id}/relationship", "POST /users/{user-id}/relationship",
	"GET /media/{media-id}", "GET /media/shortcode/{shortcode}", "GET /media/search", "GET /media/popular",
	"GET /media/{media-id}/comments", "POST /media/{media-id}/comments", "DELETE /media/{media-id}/comments/{comment-id}",
	"GET /media/{media-id}/likes", "POST /media/{media-id}/likes", "DELETE /media/{media-id}/likes",
	"GET /tags/{tag-name}", "GET /tags/{tag-name}/media/recent", "GET /tags/search",
	"GET /locations/{location-id}", "GET /locations/{location-id}/media/recent", "GET /locations/search",
	"GET /geographies/{geo-id}/media/recent",
}

// beside is what else is described.
var beside = []string{
	"GET /subscriptions", "POST /subscriptions", "DELETE /subscriptions",
	"GET /oembed", "GET /oauth/authorize", "POST /oauth/access_token",
}

// TestEveryOperation finds all endpoints, each with examples of an answer and of every error.
func TestEveryOperation(t *testing.T) {
	var described []string
	for path, item := range load(t).Paths.Map() {
		for method, op := range item.Operations() {
			name := method + " " + path
			described = append(described, name)
			assert.NotEmpty(t, op.Description, name)
			for status, resp := range op.Responses.Map() {
				for kind, content := range resp.Value.Content {
					if kind != "text/javascript" {
						assert.True(t, content.Example != nil || len(content.Examples) > 0, "%s has no example of %s as %s", name, status, kind)
					}
				}
			}
			if slices.Contains(endpoints, name) {
				assert.NotEmpty(t, op.Security, "%s needs credentials", name)
				for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusForbidden, http.StatusTooManyRequests} {
					assert.NotNil(t, op.Responses.Status(status), "%s says nothing about status %d", name, status)
				}
			}
		}
	}
	assert.ElementsMatch(t, slices.Concat(endpoints, beside), described)
}

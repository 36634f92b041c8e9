package openapi_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnswers runs the tests of the server and holds every answer that they saw against the
// description: each is an instance of an operation that is described, and fits it. The other way
// round, every operation was answered, and every error that the description shows was seen.
func TestAnswers(t *testing.T) {
	files := serverExchanges(t)
	require.Greater(t, len(files), 5000, "the server's tests write down what they see")
	doc := load(t)
	answered, errors := map[string]int{}, map[string]bool{}
	for _, file := range files {
		e, err := readExchange(file)
		require.NoError(t, err)
		kind, message := e.failure()
		errors[kind+" "+withoutValues(message)] = true
		if e.isGraph() {
			continue
		}
		route := e.operation(doc)
		if route == nil {
			assert.True(t, e.isBeside(), "%s %s with status %d is not described", e.Method, e.URL, e.Status)
			continue
		}
		if e.isSpoiled() {
			continue
		}
		key := fmt.Sprint(route.Method, " ", route.Path, " ", e.Status)
		if answered[key]++; answered[key] > enough {
			continue
		}
		if err := e.check(t.Context(), route); err != nil {
			assert.Fail(t, "an answer does not fit", "%s %s\n%d %.500s\n%.300v", e.Method, e.URL, e.Status, e.Body, err)
		}
	}
	for _, operation := range slices.Concat(endpoints, beside) {
		assert.NotZero(t, answered[operation+" 200"], "%s was answered", operation)
	}
	for name, example := range doc.Components.Examples {
		shown, _ := example.Value.Value.(map[string]any)
		if meta, ok := shown["meta"].(map[string]any); ok {
			shown = meta
		}
		kind, ok := shown["error_type"].(string)
		if !ok {
			continue
		}
		assert.True(t, errors[kind+" "+withoutValues(shown["error_message"].(string))], "nobody saw the error %s", name)
	}
}

// enough of the answers of one operation with one status: some tests ask for the same thousands of
// times.
const enough = 60

// serverExchanges are the files that the server's tests write.
func serverExchanges(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", ".")
	cmd.Dir = filepath.Join("..", "..", "..", "..", "instagramtest")
	cmd.Env = append(os.Environ(), "INSTAGRAMTEST_EXCHANGES="+dir)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	return files
}

// roomsBeside are what a server has beside the API that is described.
var roomsBeside = regexp.MustCompile(`^https?://[^/]+/+($|console|favicon|files|openapi\.json|admin|images|videos|profiles|p|embeds\.js|oauth/authorize|me\b|v[0-9]+\.[0-9]+/|[0-9]+/)`)

// isBeside says whether it is right that an exchange is not described: it is not of the API, or
// nothing is there.
func (e *exchange) isBeside() bool {
	return e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed || e.Method == http.MethodOptions ||
		roomsBeside.MatchString(e.URL)
}

var graphPath = regexp.MustCompile(`^https?://[^/]+/(v[0-9.]+/)?([0-9]+|me|access_token|refresh_access_token)(/|\?|$)`)

// isGraph says that an answer is of the API that answers today, which this is no description of: it
// is beside /v1, or trades a code for one of its tokens.
func (e *exchange) isGraph() bool {
	return graphPath.MatchString(e.URL) || strings.Contains(string(e.Body), `"access_token":"IGAA`)
}

// isSpoiled says that a fault took the body of an answer away.
func (e *exchange) isSpoiled() bool { return e.Status == http.StatusOK && len(e.Body) == 0 }

var valueInMessage = regexp.MustCompile(`"[^"]*"|status [0-9]+|scope=\w+|\(s\): .*`)

// withoutValues makes two messages the same that differ in what they name.
func withoutValues(message string) string { return valueInMessage.ReplaceAllString(message, "_") }

package console_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// TestGoSnippets compiles what the console writes in Go for every call, with all parameters given
// and with none, and runs one.
func TestGoSnippets(t *testing.T) {
	srv := instagramtest.NewServer()
	defer srv.Close()
	b := open(t, desktop)
	b.visit(srv.URL + "/console")
	programs := eval[map[string]string](b, `(async () => {
		const { loadAPI } = await import("/console/api.js");
		const { go } = await import("/console/snippets.js");
		const written = {};
		for (const o of (await loadAPI()).operations) {
			const value = (p) => p.schema.enum?.[1] ?? p.schema.const ?? String(p.example ?? (p.schema.type === "boolean" ? "true" : "5"));
			const all = Object.fromEntries(o.parameters.map((p) => [p.name, value(p)]));
			written[o.id + "-all"] = go(o, all, { token: "token", app: { id: "id", secret: "secret" }, signed: true });
			written[o.id] = go(o, {}, { app: { id: "id" } });
		}
		written.run = go({ id: "searchUsers" }, { q: `+"`mi\"ra`.slice(0, 2)"+` }, { token: "`+srv.AccessToken(srv.Users()[0].ID)+`" });
		return written;
	})()`)
	require.Len(t, programs, 2*31+1)
	root, err := filepath.Abs(filepath.Join("..", "..", "..", ".."))
	require.NoError(t, err)
	// In the module of the package, where its dependencies are known.
	dir, err := os.MkdirTemp(filepath.Join(root, "internal"), "snippets-")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	for name, source := range programs {
		folder := filepath.Join(dir, name)
		require.NoError(t, os.Mkdir(folder, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(source), 0o600))
	}
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	run("go", "vet", "./...")
	assert.Empty(t, run("gofmt", "-l", "."), "they are formatted")
	assert.Contains(t, run("go", "run", "./run"), srv.Users()[0].Username)
}

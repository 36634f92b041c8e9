package openapi_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
	"github.com/igv1/instagram/internal/systemtest/web/npm"
)

// TestGeneratedClient lists a user's media with a client in TypeScript: its types are generated
// from the description, its program is checked against them, and it walks pages of every
// generation.
func TestGeneratedClient(t *testing.T) {
	modules := npm.Install(t, "openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3", "@types/node@20.19.0")
	description, err := filepath.Abs(filepath.Join(folder, "v1.yaml"))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(modules, "node_modules"), filepath.Join(dir, "node_modules")))
	source, err := os.ReadFile(filepath.Join("testdata", "client.ts"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "client.ts"), source, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o600))

	bin := filepath.Join(modules, "node_modules", ".bin")
	npm.Run(t, dir, filepath.Join(bin, "openapi-typescript"), description, "--output", "v1.d.ts")
	npm.Run(t, dir, filepath.Join(bin, "tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "client.ts")

	for name, wire := range map[string]instagramtest.Wire{
		"2011": instagramtest.Wire2011, "2013": instagramtest.Wire2013, "2017": instagramtest.Wire2017,
	} {
		t.Run(name, func(t *testing.T) {
			srv := instagramtest.NewServer(instagramtest.WithWire(wire), instagramtest.WithMedia(45, 20))
			defer srv.Close()
			me := srv.Users()[0]
			out := npm.Run(t, dir, "node", "client.js", srv.BaseURL(), srv.AccessToken(me.ID))
			var listed []struct{ ID, Username, Picture string }
			require.NoError(t, json.Unmarshal([]byte(out), &listed), out)
			require.Len(t, listed, 45)
			seen := map[string]bool{}
			for _, m := range listed {
				assert.Equal(t, me.Username, m.Username)
				assert.Contains(t, m.Picture, srv.URL)
				seen[m.ID] = true
			}
			assert.Len(t, seen, 45, "no media comes twice")
		})
	}
}

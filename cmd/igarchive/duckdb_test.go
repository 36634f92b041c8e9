package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const script = `
const { DuckDBInstance } = require("@duckdb/node-api");
(async () => {
  const db = await (await DuckDBInstance.create()).connect();
  const rows = async (query) => (await db.runAndReadAll(query)).getRowsJson();
  const file = "'" + process.argv[2] + "'";
  const columns = Object.fromEntries((await rows("DESCRIBE SELECT * FROM " + file)).map((c) => [c[0], c[1]]));
  const [[n, likes]] = await rows("SELECT count(*)::INT, sum(likes)::INT FROM " + file + " WHERE list_contains(tags, 'low_tide')");
  const [[first]] = await rows("SELECT epoch(min(created_time))::BIGINT::VARCHAR FROM " + file);
  const [[one]] = await rows("SELECT count(*)::INT FROM " + file + " WHERE id = '4_7'");
  console.log(JSON.stringify({ columns, n, likes, first, one }));
})();`

// DuckDB opens the Parquet, and finds the types that the tables promise.
func TestDuckDB(t *testing.T) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm is missing, by which DuckDB comes: apt-get install nodejs npm, and run this test again")
	}
	dir := t.TempDir()
	install := exec.CommandContext(t.Context(), npm, "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", dir, "@duckdb/node-api")
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("@duckdb/node-api could not be installed; give npm a registry that has it (npm config set registry URL), and run this test again: %s", out)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "look.js"), []byte(script), 0o600))
	target := filepath.Join(dir, "media.parquet")
	code, _, errs := call(t, "parquet", "-o", target, recordings(t, 5000))
	require.Equal(t, done, code, errs)
	node := exec.CommandContext(t.Context(), "node", "look.js", target)
	node.Dir, node.Stderr = dir, os.Stderr
	out, err := node.Output()
	require.NoError(t, err)
	var found struct {
		Columns  map[string]string
		N, Likes int
		First    string
		One      int
	}
	require.NoError(t, json.Unmarshal(out, &found))
	assert.Equal(t, "TIMESTAMP WITH TIME ZONE", found.Columns["created_time"])
	assert.Equal(t, "VARCHAR[]", found.Columns["tags"])
	assert.Equal(t, "VARCHAR", found.Columns["id"])
	assert.Equal(t, 5000, found.N)
	assert.Equal(t, 122_500, found.Likes)
	assert.Equal(t, "1300000000", found.First)
	assert.Equal(t, 1, found.One)
}

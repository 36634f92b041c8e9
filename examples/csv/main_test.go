package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/examples/internal/program/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "csv")
	programtest.Refuses(t, "csv")
	programtest.Refuses(t, "csv", "-unknown", ".")
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"2010.json":               `{"meta":{"code":200},"data":[{"id":1,"type":1,"created_time":"2010-11-05T10:00:00+0000","user":{"id":7,"username":"ada"},"like_count":2,"comments":[]}]}`,
		"2017/3_7/comments.jsonl": `{"data":[{"id":"9","created_time":"1500000000","text":"a comment","from":{"id":"7","username":"ada"}}]}`,
		"2017/recent.jsonl":       `{"data":[{"id":"3_7","type":"image","created_time":"1500000000","user":{"username":"a, \"b\""},"likes":{"count":3},"comments":{"count":1},"link":"http://pages.example/p/x"}]}`,
		"error.json":              `{"meta":{"code":400,"error_type":"APINotFoundError"}}`,
	} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	var out, status bytes.Buffer
	require.NoError(t, run(t.Context(), []string{dir}, &out, &status))
	assert.Equal(t, "id,posted,user,likes,comments,link\n"+
		"1,2010-11-05 10:00:00,ada,2,0,\n"+
		`3_7,2017-07-14 02:40:00,"a, ""b""",3,1,http://pages.example/p/x`+"\n", out.String())
	assert.Contains(t, status.String(), "error.json")
	assert.Contains(t, status.String(), "APINotFoundError")
	assert.Error(t, run(t.Context(), []string{filepath.Join(dir, "nothing")}, &out, &status))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "cut.jsonl"), []byte(`{"id":"4_7","type":"im`), 0o600))
	out.Reset()
	assert.EqualError(t, run(t.Context(), []string{dir}, &out, &status), "the table lacks 1 entries or files, see above")
	assert.Equal(t, 3, bytes.Count(out.Bytes(), []byte("\n")), "the rest is there")
}

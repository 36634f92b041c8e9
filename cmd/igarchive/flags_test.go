package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A call that cannot be meant is refused in one line before anything is read or written.
func TestMistypedCalls(t *testing.T) {
	dir := t.TempDir()
	input := recordings(t, 3)
	before, err := os.ReadFile(input)
	require.NoError(t, err)
	for call_, want := range map[string]string{
		"help nonsense":           `there is no command "nonsense"`,
		"jsonl -bogus IN":         "not defined: -bogus; igarchive jsonl -h tells the flags",
		"csv -o":                  "flag needs an argument: -o; igarchive csv -h tells the flags",
		"sqlite -o DIR IN":        "DIR is a folder: give the name of a file with -o",
		"page -o IN IN":           "IN is a file: give the name of a folder with -o",
		"page -o - IN":            "say where to write to with -o",
		"jsonl -o IN IN":          "IN is what is to be read: give another name with -o",
		"csv IN -o DIR/no/x.csv":  "there is no folder DIR/no: make it first, or give another -o",
		"serve -addr nonsense IN": "-addr must be a host and a port such as 127.0.0.1:8080",
		"stats -top -1 IN":        "-top must be at least 0",
		"stats -workers -1 IN":    "-workers must be at least 1",
		"stats -since 2016-01-01 -until 2015-01-01 IN": "-since must be before -until",
		"stats IN -top many":                           "igarchive stats -h tells the flags",
	} {
		args := strings.Fields(strings.NewReplacer("DIR", dir, "IN", input).Replace(call_))
		code, out, errs := call(t, args...)
		assert.Equal(t, misused, code, call_)
		assert.Empty(t, out, call_)
		assert.Contains(t, errs, strings.NewReplacer("DIR", dir, "IN", input).Replace(want), call_)
		assert.Equal(t, 1, strings.Count(errs, "\n"), call_)
	}
	after, err := os.ReadFile(input)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// Flags may stand where people put them, and kinds have plurals.
func TestFlagsAnywhere(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.csv")
	code, _, errs := call(t, "csv", recordings(t, 3), "-kind", "comments", "-o", out)
	require.Equal(t, done, code, errs)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, 4, strings.Count(string(text), "\n"))
	code, help, _ := call(t, "help", "csv")
	assert.Equal(t, done, code)
	assert.Contains(t, help, "usage: igarchive csv")
	code, _, errs = call(t, "stats", "--", "-no-such-file")
	assert.Equal(t, failed, code)
	assert.Contains(t, errs, "-no-such-file: no such file")
}

// What a run writes, and what one has left that was killed, is not read by the next.
func TestOutputInTheFolderThatIsRead(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("media.jsonl", []byte(media(1)+"\n"+media(2)+"\n"), 0o600))
	for _, input := range []string{".", dir} {
		for _, ext := range []string{"csv", "jsonl", "parquet", "db"} {
			name := "out." + ext
			command := strings.Replace(ext, "db", "sqlite", 1)
			require.NoError(t, os.WriteFile(partial(name), []byte(media(3)+"\n{\"id\": \"half"), 0o600))
			require.NoError(t, os.WriteFile(name, []byte(media(4)+"\n{\"id\": \"half"), 0o600))
			code, _, errs := call(t, command, "-o", name, input)
			assert.Equal(t, done, code, errs)
			assert.NoFileExists(t, partial(name))
			require.NoError(t, os.Remove(name))
		}
		for range 2 {
			code, _, errs := call(t, "page", "-o", "page", input)
			assert.Equal(t, done, code, errs)
		}
		require.NoError(t, os.RemoveAll("page"))
	}
}

// One is one, and nothing has no list.
func TestPlurals(t *testing.T) {
	name := filepath.Join(t.TempDir(), "one.json")
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(media(1), `"likes":{"count":1}`, `"likes":{"count":1}`, 1)), 0o600))
	_, out, _ := call(t, "stats", name)
	assert.Contains(t, out, "1 media with 1 like and 1 comment; 0 pictures and videos are here\n\nv1, 1 file: 1 media\n")
	_, out, _ = call(t, "stats", export(t, 1))
	assert.Contains(t, out, "1 media with 0 likes and 0 comments; 1 picture or video is here\n\nexport, 2 files: 1 media, 1 follower\n")
	_, out, _ = call(t, "stats", export(t, 2))
	assert.Contains(t, out, "; 2 pictures and videos are here")
	_, out, _ = call(t, "stats", "-top", "0", recordings(t, 2))
	assert.NotContains(t, out, "BY TAG")
}

// Inputs that cannot be read are told, and change the exit code.
func TestUnreadableInputs(t *testing.T) {
	dir := t.TempDir()
	cut := filepath.Join(dir, "export.zip")
	require.NoError(t, os.WriteFile(cut, []byte("PK\x03\x04 and no more"), 0o600))
	out := filepath.Join(dir, "out.csv")
	code, _, errs := call(t, "csv", "-o", out, cut)
	assert.Equal(t, failed, code)
	assert.Contains(t, errs, fmt.Sprintf("nothing to read in %s: %s (offset 0): a broken zip, such as a download that was cut off", cut, cut))
	assert.NoFileExists(t, out)
	code, _, errs = call(t, "csv", "-o", out, recordings(t, 3), cut)
	assert.Equal(t, incomplete, code)
	assert.Contains(t, errs, "a broken zip")
	assert.Contains(t, errs, "igarchive csv: done, but 1 entry could not be read; igarchive stats tells more")
	assert.FileExists(t, out)
}

// The recorded answer to a call that failed is told, and is nothing that could not be read.
func TestFailedAnswers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.jsonl")
	require.NoError(t, os.WriteFile(name, []byte(media(1)+"\n"+`{"meta":{"code":400,"error_type":"APINotFoundError","error_message":"invalid media id"}}`+"\n"), 0o600))
	code, out, errs := call(t, "stats", name)
	assert.Equal(t, done, code)
	assert.Contains(t, out, "v1, 1 file: 1 media, 1 answer to failed calls")
	assert.Contains(t, errs, "APINotFoundError")
}

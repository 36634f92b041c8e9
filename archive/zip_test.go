package archive

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is wrong with a zip is an error that says what to do, and costs no more than it must.
func TestZipsOfAllSorts(t *testing.T) {
	two := map[string]string{"a.json": post(1, "", 0), "b.json": post(2, "", 0)}
	whole := zipped(t, two)
	changed := func(change func(local, central []byte)) string {
		z := bytes.Clone(whole)
		change(z, z[bytes.Index(z, []byte("PK\x01\x02")):])
		return string(z)
	}
	for name, test := range map[string]struct {
		zip    string
		media  int
		broken string // what the error says
	}{
		"whole":            {string(whole), 2, ""},
		"cut off":          {string(whole[:len(whole)-10]), 0, "a broken zip, such as a download that was cut off"},
		"one byte":         {"PK\x03\x04", 0, "a broken zip"},
		"a wrong checksum": {changed(func(_, central []byte) { central[16] ^= 0xff }), 2, "zip: checksum error"},
		"encrypted": {changed(func(local, central []byte) {
			local[6] |= 1
			central[8] |= 1
		}), 1, "it is encrypted: unpack the zip first"},
		"an unknown compression": {changed(func(local, central []byte) {
			binary.LittleEndian.PutUint16(local[8:], 93)
			binary.LittleEndian.PutUint16(central[10:], 93)
		}), 1, "unsupported compression"},
		"a zip in it":       {string(zipped(t, map[string]string{"a.json": post(1, "", 0), "inner.zip": string(whole)})), 1, "unpack that first"},
		"names of Windows":  {string(zipped(t, map[string]string{`content\`: "", `content\a.json`: post(1, "", 0), `..\b.json`: post(2, "", 0)})), 1, ""},
		"what macOS adds":   {string(zipped(t, map[string]string{"a.json": post(1, "", 0), "__MACOSX/._a.json": "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", ".DS_Store": "\x00\x00\x00\x01Bud1"})), 1, ""},
		"nothing":           {"PK\x05\x06" + strings.Repeat("\x00", 18), 0, ""},
		"a file of 0 bytes": {string(zipped(t, map[string]string{"a.json": post(1, "", 0), "b.json": ""})), 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.zip")
			require.NoError(t, os.WriteFile(path, []byte(test.zip), 0o600))
			a, err := Open(path)
			require.NoError(t, err)
			defer a.Close()
			ids, errs := mediaIDs(t, a)
			assert.Len(t, ids, test.media)
			if test.broken == "" {
				assert.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1)
			assert.Contains(t, errs[0].Error(), test.broken)
			assert.Equal(t, 1, a.Report().Total().Broken)
		})
	}
}

// What comes before the place where a file cannot be read any more is read.
func TestFilesThatEndInAnError(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for i := range 3000 {
		_, err := w.Write([]byte(post(i+1, "", 0) + "\n"))
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, w.Close())
	a := openFiles(t, map[string]string{"a.jsonl.gz": string(b.Bytes()[:b.Len()-10])}) // without its checksum
	ids, errs := mediaIDs(t, a)
	assert.Len(t, ids, 3000)
	require.Len(t, errs, 1)
	assert.Contains(t, errs[0].Error(), "unexpected EOF")
}

// What is packed in a way that is not read is no picture: it is said.
func TestOtherPackings(t *testing.T) {
	for text, want := range map[string]string{
		"Rar!\x1a\x07\x01\x00":                                 "a rar: unpack it first",
		"7z\xbc\xaf\x27\x1c\x00\x04":                           "a 7z: unpack it first",
		"\x28\xb5\x2f\xfd\x04":                                 "zstd: unpack it first",
		"a.json" + strings.Repeat("\x00", 251) + "ustar\x0000": "a tar: unpack it first",
	} {
		_, errs := mediaIDs(t, openFiles(t, map[string]string{"export": text}))
		require.Len(t, errs, 1)
		assert.ErrorContains(t, errs[0], want)
	}
	packed, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWcHePyoAAEffgAgAEAXikCAAAACu796qIAByGqaZNB6mm9UaAMj1BkUZT2hT0mnih6h6Ic58NkiV2FVGPc38hFCIXfqEY5vSGXdtzat5BvCk7oIa2rIcLnNsRyNPrVSDRoH3MSNZzZuH9F6ldJK0JTNYF8XtBUGKY6opq8BdOYsr9/F3JFOFCQwd4/Kg")
	require.NoError(t, err)
	ids, errs := mediaIDs(t, openFiles(t, map[string]string{"a.json.bz2": string(packed)}))
	assert.Empty(t, errs)
	assert.Equal(t, []string{"1_7"}, ids)
}

// Package xz lets package archive read files that are compressed with xz, such as the .json.xz of
// instaloader. It is imported for that alone:
//
//	import _ "github.com/igv1/instagram/archive/xz"
package xz

import (
	"bytes"
	"io"

	"github.com/therootcompany/xz"

	"github.com/igv1/instagram/archive"
)

// maxDictionary bounds what a file may ask to be held; xz -9 asks for 64 MiB.
const maxDictionary = 64 << 20

func init() {
	archive.Register(archive.Encoding{
		Name:   "xz",
		Match:  func(head []byte) bool { return bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")) },
		Decode: func(r io.Reader) (io.Reader, error) { return xz.NewReader(r, maxDictionary) },
	})
}

package main

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/igv1/instagram/archive"
)

// What jsonl writes as .zst is read too.
func init() {
	archive.Register(archive.Encoding{
		Name:  "zstd",
		Match: func(head []byte) bool { return bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")) },
		Decode: func(r io.Reader) (io.Reader, error) {
			return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxWindow), zstd.WithDecoderMaxWindow(maxWindow))
		},
	})
}

// maxWindow bounds what a file may ask to be held.
const maxWindow = 64 << 20

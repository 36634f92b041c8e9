package archive

import (
	"fmt"
	"io"
	"sync/atomic"
)

// What is compressed may not grow without end: JSON is compressed to a tenth, or where it repeats
// itself to a hundredth.
const (
	maxRatio = 200
	minBound = 256 << 20
)

// A zipBound is how many bytes may still come out of a zip in one pass.
type zipBound struct {
	left int64        // in a pass
	used atomic.Int64 // of it
}

// boundedZip reads one file of a zip.
type boundedZip struct {
	io.ReadCloser
	bound *zipBound
	file  *File
	read  int64
}

func (b *boundedZip) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if b.read > max(minBound, maxRatio*b.file.stored) || b.bound.used.Add(int64(n)) > b.bound.left {
		return 0, fmt.Errorf("it grows to more than %d times its size: a zip bomb?", maxRatio)
	}
	return n, err
}

// bounded reads what a decoder makes of compressed.
type bounded struct {
	io.Reader
	compressed *counting
	read       int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += int64(n)
	if b.read > max(minBound, maxRatio*b.compressed.n) {
		return 0, fmt.Errorf("it grows to more than %d times its size: a bomb?", maxRatio)
	}
	return n, err
}

// counting counts the bytes that are read.
type counting struct {
	io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

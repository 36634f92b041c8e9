// Package bounded reads what may be longer than it should be into buffers that are used again.
package bounded

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// ErrTooLarge is the error for what is longer than the limit.
var ErrTooLarge = errors.New("instagram: answer exceeds the size limit")

const (
	// trustedLength is how much memory is set aside on the word of a Content-Length alone; beyond
	// it, memory grows with what arrives.
	trustedLength = 512 << 10

	// pooledLength is the largest buffer that waits for the next answer.
	pooledLength = 1 << 20
)

// A Buffer holds what was read, in memory from a pool unless it was in memory before.
type Buffer struct {
	buf   bytes.Buffer
	there []byte // what was in memory before
}

var buffers = sync.Pool{New: func() any { return new(Buffer) }}

// Read reads r to its end. The contentLength is a hint, negative if there is none. An answer of
// more than limit bytes gives ErrTooLarge. What is in a [bytes.Buffer] is not copied.
func Read(r io.Reader, contentLength, limit int64) (*Buffer, error) {
	if contentLength > limit {
		return nil, TooLarge(limit)
	}
	if there, ok := r.(*bytes.Buffer); ok && int64(there.Len()) <= limit {
		return &Buffer{there: there.Next(there.Len())}, nil
	}
	b := buffers.Get().(*Buffer)
	// ReadFrom wants this much room to find the end.
	b.buf.Grow(int(min(max(contentLength, 0), trustedLength)) + bytes.MinRead)
	// One byte more than allowed tells that there is more; nothing is past the highest limit.
	n, err := b.buf.ReadFrom(io.LimitReader(r, min(limit, math.MaxInt64-1)+1))
	if err == nil && n > limit {
		err = TooLarge(limit)
	}
	if err != nil {
		b.Release()
		return nil, err
	}
	return b, nil
}

// TooLarge returns an ErrTooLarge that names the limit.
func TooLarge(limit int64) error {
	return fmt.Errorf("%w of %d bytes", ErrTooLarge, limit)
}

// Bytes returns the answer, which is valid until Release.
func (b *Buffer) Bytes() []byte {
	if b.there != nil {
		return b.there
	}
	return b.buf.Bytes()
}

// Release gives the buffer back. Neither b nor its bytes may be used afterwards.
func (b *Buffer) Release() {
	if b.there != nil || b.buf.Cap() > pooledLength {
		return
	}
	b.buf.Reset()
	buffers.Put(b)
}

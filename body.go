package instagram

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// ErrBodyTooLarge is the error for an answer, or a recorded entry, that is
// longer than the limit.
var ErrBodyTooLarge = errors.New("instagram: answer exceeds the size limit")

const (
	// trustedLength is how much memory is set aside on the word of a
	// Content-Length alone; beyond it, memory grows with what arrives.
	trustedLength = 512 << 10

	// pooledLength is the largest buffer that waits for the next answer.
	pooledLength = 1 << 20
)

// body is an answer in a pooled buffer.
type body struct{ buf bytes.Buffer }

var bodies = sync.Pool{New: func() any { return new(body) }}

// readBody reads r to its end. The contentLength is a hint, negative if there
// is none. An answer of more than limit bytes gives ErrBodyTooLarge.
func readBody(r io.Reader, contentLength, limit int64) (*body, error) {
	if contentLength > limit {
		return nil, tooLarge(limit)
	}
	b := bodies.Get().(*body)
	// ReadFrom wants this much room to find the end.
	b.buf.Grow(int(min(max(contentLength, 0), trustedLength)) + bytes.MinRead)
	// One byte more than allowed tells that there is more; nothing is past the highest limit.
	n, err := b.buf.ReadFrom(io.LimitReader(r, min(limit, math.MaxInt64-1)+1))
	if err == nil && n > limit {
		err = tooLarge(limit)
	}
	if err != nil {
		b.release()
		return nil, err
	}
	return b, nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w of %d bytes", ErrBodyTooLarge, limit)
}

// Bytes returns the answer, which is valid until release.
func (b *body) Bytes() []byte { return b.buf.Bytes() }

// release gives the buffer back. Neither b nor its bytes may be used afterwards.
func (b *body) release() {
	if b.buf.Cap() > pooledLength {
		return
	}
	b.buf.Reset()
	bodies.Put(b)
}

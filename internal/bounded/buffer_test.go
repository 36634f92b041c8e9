package bounded

import (
	"bytes"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name          string
		r             io.Reader
		contentLength int64
		limit         int64
		want          string
		err           error
	}{
		{"as announced", strings.NewReader("answer"), 6, 100, "answer", nil},
		{"unannounced", strings.NewReader("answer"), -1, 100, "answer", nil},
		{"longer than announced", strings.NewReader(strings.Repeat("a", 5000)), 2, 5000, strings.Repeat("a", 5000), nil},
		{"shorter than announced", strings.NewReader("answer"), 99, 100, "answer", nil},
		{"a byte at a time", iotest.OneByteReader(strings.NewReader("answer")), 6, 6, "answer", nil},
		{"in memory", bytes.NewBufferString("answer"), -1, 6, "answer", nil},
		{"in memory, past the limit", bytes.NewBufferString("answer"), -1, 5, "", ErrTooLarge},
		{"empty", strings.NewReader(""), 0, 100, "", nil},
		{"at the limit", strings.NewReader("answer"), -1, 6, "answer", nil},
		{"past the limit", strings.NewReader("answer"), -1, 5, "", ErrTooLarge},
		{"announced past the limit", iotest.ErrReader(errors.New("not to be read")), 6, 5, "", ErrTooLarge},
		{"without an end", nines{}, -1, 1 << 20, "", ErrTooLarge},
		{"as good as no limit", strings.NewReader("answer"), -1, math.MaxInt64, "answer", nil},
		{"cut off", io.MultiReader(strings.NewReader("ans"), iotest.ErrReader(io.ErrUnexpectedEOF)), 6, 100, "", io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body, err := Read(test.r, test.contentLength, test.limit)
			require.ErrorIs(t, err, test.err)
			if test.err == nil {
				assert.Equal(t, test.want, string(body.Bytes()))
				body.Release()
			}
		})
	}
}

// A Content-Length is not believed before the bytes are there.
func TestReadDoesNotTrustContentLength(t *testing.T) {
	grown := allocated(func() {
		body, err := Read(strings.NewReader("x"), 10<<30, 1<<40)
		require.NoError(t, err)
		body.Release()
	})
	assert.Less(t, grown, uint64(2<<20))
}

// A body that was large once does not stay in memory for the small ones.
func TestReleaseLetsGoOfLargeBuffers(t *testing.T) {
	large, err := Read(io.LimitReader(nines{}, 8<<20), -1, 16<<20)
	require.NoError(t, err)
	large.Release()
	for range 100 {
		body, err := Read(strings.NewReader("x"), 1, 100)
		require.NoError(t, err)
		assert.LessOrEqual(t, body.buf.Cap(), pooledLength)
	}
}

// nines is a text without an end.
type nines struct{}

func (nines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '9'
	}
	return len(p), nil
}

// allocated returns how many bytes f takes from the heap, in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

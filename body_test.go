package instagram

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadBody(t *testing.T) {
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
		{"empty", strings.NewReader(""), 0, 100, "", nil},
		{"at the limit", strings.NewReader("answer"), -1, 6, "answer", nil},
		{"past the limit", strings.NewReader("answer"), -1, 5, "", ErrBodyTooLarge},
		{"announced past the limit", iotest.ErrReader(errors.New("not to be read")), 6, 5, "", ErrBodyTooLarge},
		{"without an end", nines{}, -1, 1 << 20, "", ErrBodyTooLarge},
		{"as good as no limit", strings.NewReader("answer"), -1, math.MaxInt64, "answer", nil},
		{"cut off", io.MultiReader(strings.NewReader("ans"), iotest.ErrReader(io.ErrUnexpectedEOF)), 6, 100, "", io.ErrUnexpectedEOF},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body, err := readBody(test.r, test.contentLength, test.limit)
			require.ErrorIs(t, err, test.err)
			if test.err == nil {
				assert.Equal(t, test.want, string(body.Bytes()))
				body.release()
			}
		})
	}
}

// A Content-Length is not believed before the bytes are there.
func TestReadBodyDoesNotTrustContentLength(t *testing.T) {
	grown := allocated(func() {
		body, err := readBody(strings.NewReader("x"), 10<<30, 1<<40)
		require.NoError(t, err)
		body.release()
	})
	assert.Less(t, grown, uint64(2<<20))
}

// A body that was large once does not stay in memory for the small ones.
func TestReleaseLetsGoOfLargeBuffers(t *testing.T) {
	large, err := readBody(io.LimitReader(nines{}, 8<<20), -1, 16<<20)
	require.NoError(t, err)
	large.release()
	for range 100 {
		body, err := readBody(strings.NewReader("x"), 1, 100)
		require.NoError(t, err)
		assert.LessOrEqual(t, body.buf.Cap(), pooledLength)
	}
}

// Models hold nothing of the buffer that they were read from, so that its next
// answer does not show up in them. The race detector would see the access.
func TestModelsOutliveTheirBuffer(t *testing.T) {
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 20 {
				text := benchmarkPage((worker+i)%2 == 0)
				body, err := readBody(bytes.NewReader(text), int64(len(text)), 1<<20)
				if !assert.NoError(t, err) {
					return
				}
				env, err := decodeList[MediaEntry](body.Bytes(), false)
				if !assert.NoError(t, err) {
					return
				}
				before := indented(t, env.Items)
				clear(body.Bytes())
				body.release()
				if !assert.Equal(t, before, indented(t, env.Items)) {
					return
				}
			}
		})
	}
	group.Wait()
}

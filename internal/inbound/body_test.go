package inbound

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/bounded"
)

func TestRead(t *testing.T) {
	for name, chunked := range map[string]bool{"length": false, "chunks": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				in := Prepare(w, r)
				body, err := in.Read(10)
				if err != nil {
					assert.ErrorIs(t, err, bounded.ErrTooLarge)
					w.WriteHeader(http.StatusRequestEntityTooLarge)
					return
				}
				defer body.Release()
				_, _ = w.Write(body.Bytes())
			}))
			defer server.Close()
			for body, want := range map[string]int{"": 200, "ten bytes.": 200, "eleven byte": 413, strings.Repeat("x", 1<<20): 413} {
				var r io.Reader = strings.NewReader(body)
				if chunked {
					r = io.MultiReader(r) // of unknown length
				}
				res, err := http.Post(server.URL, "text/plain", r)
				require.NoError(t, err)
				answer, err := io.ReadAll(res.Body)
				res.Body.Close()
				require.NoError(t, err)
				assert.Equal(t, want, res.StatusCode)
				if want == 200 {
					assert.Equal(t, body, string(answer))
				}
			}
		})
	}
}

// stuck is a body that arrives only when its deadline has passed.
type stuck struct {
	*httptest.ResponseRecorder
	deadline chan struct{}
}

func (s stuck) Read([]byte) (int, error) { <-s.deadline; return 0, errors.New("too late") }
func (s stuck) Close() error             { return nil }
func (s stuck) SetReadDeadline(at time.Time) error {
	time.AfterFunc(time.Until(at), func() { close(s.deadline) })
	return nil
}

// A body that does not arrive is given up in time, whether the server has a deadline of its own or
// a later one.
func TestReadEnds(t *testing.T) {
	for name, server := range map[string]*http.Server{"no deadline": {}, "a later one": {ReadTimeout: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := stuck{httptest.NewRecorder(), make(chan struct{})}
				r := httptest.NewRequest(http.MethodPost, "/", w)
				r.Body = w
				r = r.WithContext(contextWith(t, server))
				start := time.Now()
				_, err := Prepare(w, r).Read(10)
				assert.ErrorContains(t, err, "too late")
				assert.Equal(t, Timeout, time.Since(start))
				assert.Equal(t, "close", w.Header().Get("Connection"))
			})
		})
	}
}

func contextWith(t *testing.T, server *http.Server) context.Context {
	return context.WithValue(t.Context(), http.ServerContextKey, server)
}

// hidden is a writer of middleware, and deep one within it.
type (
	hidden struct{ http.ResponseWriter }
	deep   struct{ *hidden }
	odd    struct{ ResponseWriter int }
)

func (odd) Header() http.Header       { return http.Header{} }
func (odd) Write([]byte) (int, error) { return 0, nil }
func (odd) WriteHeader(int)           {}

// The connection is found behind writers that embed another one, and nothing else is taken for one.
func TestUnwrap(t *testing.T) {
	conn := stuck{httptest.NewRecorder(), nil}
	none := httptest.NewRecorder()
	for _, tt := range []struct{ of, want http.ResponseWriter }{
		{conn, conn}, {hidden{conn}, conn}, {&hidden{&hidden{conn}}, conn}, {none, none}, {hidden{none}, none},
		{odd{}, odd{}}, {hidden{}, hidden{}}, {deep{}, deep{}}, {deep{&hidden{conn}}, deep{&hidden{conn}}},
	} {
		assert.Equal(t, tt.want, unwrap(tt.of))
	}
	endless := &hidden{}
	endless.ResponseWriter = endless
	assert.Equal(t, endless, unwrap(endless))
}

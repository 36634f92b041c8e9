package dump_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram/internal/dump"
)

func TestPrint(t *testing.T) {
	for name, tt := range map[string]struct {
		exchange dump.Exchange
		want     string
	}{
		"answer": {
			dump.Exchange{
				Method: "GET", URL: "https://h.example/v1/users/self?count=1", Duration: 12345678,
				Status: 200, Header: http.Header{"B": {"1", "2"}, "A": {"x"}}, Body: []byte("{\n \"data\": 1\n}\n"),
			},
			"> GET https://h.example/v1/users/self?count=1\n< 200 OK in 12.346ms\n< A: x\n< B: 1, 2\n<\n< {\n<  \"data\": 1\n< }\n\n",
		},
		"form and error": {
			dump.Exchange{Method: "POST", URL: "/x", Form: "a=b", Duration: time.Second, Err: "reset"},
			"> POST /x\n>\n> a=b\n! reset\n\n",
		},
		"control characters": {
			dump.Exchange{Method: "GET", URL: "/", Status: 299, Header: http.Header{"A": {"\x1b[2J"}}, Body: []byte("a\x1bb\r\n> c\xff")},
			"> GET /\n< 299 in 0s\n< A: \\x1b[2J\n<\n< a\\x1bb\n< > c\\xff\n\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			dump.New(&b).Print(&tt.exchange)
			assert.Equal(t, tt.want, b.String())
		})
	}
	var b bytes.Buffer
	dump.New(&b).Print(&dump.Exchange{Status: 200, Body: bytes.Repeat([]byte("x"), 1<<20)})
	assert.Contains(t, b.String(), "< ... and 1044480 bytes more\n")
	assert.Less(t, b.Len(), 5<<10)
}

// Exchanges of many goroutines do not run into one another.
func TestPrintByMany(t *testing.T) {
	var b bytes.Buffer
	p := dump.New(&b)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() { p.Print(&dump.Exchange{Method: "GET", URL: "/x", Err: "e"}) })
	}
	wg.Wait()
	assert.Equal(t, strings.Repeat("> GET /x\n! e\n\n", 100), b.String())
}

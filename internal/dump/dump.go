// Package dump prints exchanges for somebody who looks for what is wrong.
package dump

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/igv1/instagram/internal/redact"
)

// An Exchange is a request and what came of it. It holds no secrets.
type Exchange struct {
	Method   string
	URL      string // with the query
	Form     string // the body of a POST
	Duration time.Duration

	Status int // 0 without an answer
	Header http.Header
	Body   []byte
	Err    string // what was wrong, if something was
}

// A Printer writes exchanges, each of them whole. It is safe for concurrent use.
type Printer struct {
	mu sync.Mutex
	w  io.Writer
}

// New returns a Printer.
func New(w io.Writer) *Printer { return &Printer{w: w} }

// maxBody bounds what is printed of a body, in bytes.
const maxBody = 4 << 10

// Print writes an exchange: the lines of the request behind a >, those of the answer behind a <,
// and the error behind a !. Nothing in them can steer a terminal.
func (p *Printer) Print(e *Exchange) {
	var b bytes.Buffer
	line := func(mark, text string) {
		b.WriteString(strings.TrimRight(mark+" "+redact.OneLine(text), " ") + "\n")
	}
	line(">", e.Method+" "+e.URL)
	if e.Form != "" {
		line(">", "")
		line(">", e.Form)
	}
	if e.Status != 0 {
		line("<", fmt.Sprintf("%s in %s", strings.TrimSpace(fmt.Sprint(e.Status, " ", http.StatusText(e.Status))), e.Duration.Round(time.Microsecond)))
		for _, name := range slices.Sorted(maps.Keys(e.Header)) {
			line("<", name+": "+strings.Join(e.Header[name], ", "))
		}
		line("<", "")
		for text := range strings.Lines(string(e.Body[:min(len(e.Body), maxBody)])) {
			line("<", strings.TrimRight(text, "\r\n"))
		}
		if more := len(e.Body) - maxBody; more > 0 {
			line("<", fmt.Sprintf("... and %d bytes more", more))
		}
	}
	if e.Err != "" {
		line("!", e.Err)
	}
	b.WriteString("\n")
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.w.Write(b.Bytes()) // who cannot be shown something is not helped by an error
}

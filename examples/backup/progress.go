package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress tells how far the backup is: with a bar on a terminal, with a line
// for each tenth of the way elsewhere.
type progress struct {
	out io.Writer
	bar *progressbar.ProgressBar // on a terminal only

	mu           sync.Mutex
	total, count int
}

func newProgress(out io.Writer) *progress { return &progress{out: out} }

// note prints a line.
func (p *progress) note(format string, args ...any) {
	fmt.Fprintf(p.out, format+"\n", args...)
}

// start begins to count up to total media, and returns what ends it.
func (p *progress) start(total int) (end func()) {
	p.total = total
	file, ok := p.out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func() {}
	}
	p.bar = progressbar.NewOptions(total,
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionSetDescription("media"),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionFullWidth(),
	)
	return func() { fmt.Fprintln(p.out) }
}

// done counts one media.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	if p.bar != nil {
		_ = p.bar.Add(1) // a bar that cannot be drawn stops nothing
		return
	}
	if p.count == p.total || p.count*10/p.total > (p.count-1)*10/p.total {
		fmt.Fprintf(p.out, "media: %d of %d\n", p.count, p.total)
	}
}

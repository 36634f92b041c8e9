package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress prints how far the backup is: lines to out, and a bar to status if that is a terminal.
type progress struct {
	out    io.Writer
	status io.Writer

	mu           sync.Mutex
	bar          *progressbar.ProgressBar // nil where there is no terminal
	total, count int
	until        time.Time // the last time that waiting printed
}

func newProgress(out, status io.Writer) *progress { return &progress{out: out, status: status} }

// note prints a line.
func (p *progress) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line(format, args...)
}

func (p *progress) line(format string, args ...any) {
	if p.bar != nil {
		_ = p.bar.Clear() // an error of the bar does not matter
	}
	fmt.Fprintf(p.out, format+"\n", args...)
}

// waiting prints when the hourly limit allows the next request. If several requests wait for the
// same time, it prints once.
func (p *progress) waiting(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.Before(p.until.Add(time.Minute)) {
		return
	}
	p.until = until
	p.line("the hour's limit: goes on at %s", until.Add(time.Minute-1).Format("15:04"))
}

// start starts to count media up to total. Call end when all are done.
func (p *progress) start(total int) (end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total = total
	file, ok := p.status.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func() {}
	}
	p.bar = progressbar.NewOptions(total,
		progressbar.OptionSetWriter(p.status),
		progressbar.OptionSetDescription("media"),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionFullWidth(),
	)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintln(p.status)
		p.bar = nil
	}
}

// done counts one media.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	if p.bar != nil {
		_ = p.bar.Add(1)
		return
	}
	if p.count == p.total || p.count*10/p.total > (p.count-1)*10/p.total {
		fmt.Fprintf(p.out, "media: %d of %d\n", p.count, p.total)
	}
}

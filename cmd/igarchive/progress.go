package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/igv1/instagram/archive"
)

// A bar shows how far the reading is, how fast, and how long it will take. It is drawn on a
// terminal only.
type bar struct {
	drawn *progressbar.ProgressBar
	out   io.Writer
	twice bool // there is a first pass, for the duplicates
}

func newBar(out io.Writer, quiet bool) *bar {
	file, ok := out.(*os.File)
	if quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return &bar{}
	}
	return &bar{out: out}
}

// report is told how far the reading is.
func (b *bar) report(p archive.Progress) {
	if b.out == nil || p.Total == 0 {
		return
	}
	b.twice = b.twice || p.Pass == 1
	total, at := p.Total, p.Done
	if b.twice {
		total *= 2
		at += int64(p.Pass-1) * p.Total
	}
	if b.drawn == nil {
		b.drawn = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.out),
			progressbar.OptionShowBytes(true),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionFullWidth(),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = b.drawn.Set64(at) // a bar that cannot be drawn stops nothing
}

func (b *bar) clear() {
	if b.drawn != nil {
		_ = b.drawn.Clear()
	}
}

func (b *bar) finish() {
	if b.drawn != nil {
		_ = b.drawn.Finish()
	}
}

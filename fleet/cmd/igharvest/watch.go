package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/igv1/instagram/fleet"
	"github.com/igv1/instagram/fleet/internal/harvest"
)

// A watch looks how far a harvest is.
type watch struct {
	*connection
	limiter *fleet.Limiter
	tokens  []*harvest.Token // by their names; those of the bucket if there are none

	mu   sync.Mutex
	last *view
	at   time.Time
}

// A view is what there is to see.
type view struct {
	*harvest.Status
	Tokens []tokenView
	More   int // tokens that are not among them
	Dead   []harvest.Dead
}

type tokenView struct {
	Name string
	fleet.Budget
}

// What a view holds at most: with thousands of tokens nobody reads them all.
const (
	maxTokens = 50
	maxDead   = 20
)

// look looks, unless somebody has done so within a second.
func (w *watch) look(ctx context.Context) (*view, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last != nil && time.Since(w.at) < time.Second {
		return w.last, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	status, err := w.queue.Status(ctx)
	if err != nil {
		return nil, err
	}
	v := &view{Status: status}
	if v.Tokens, v.More, err = w.budgets(ctx, status.Aside); err != nil {
		return nil, err
	}
	for d, err := range w.queue.Dead(ctx) {
		if err != nil {
			return nil, err
		}
		if v.Dead = append(v.Dead, d); len(v.Dead) == maxDead {
			break
		}
	}
	w.last, w.at = v, time.Now()
	return v, nil
}

// budgets returns what is left to the tokens that are not set aside.
func (w *watch) budgets(ctx context.Context, aside []harvest.Aside) (all []tokenView, more int, err error) {
	type named struct{ name, holder string }
	var tokens []named
	for _, t := range w.tokens {
		tokens = append(tokens, named{t.Name, t.Holder})
	}
	if tokens == nil {
		holders, err := w.limiter.Holders(ctx)
		if err != nil {
			return nil, 0, err
		}
		slices.Sort(holders)
		for _, h := range holders {
			tokens = append(tokens, named{h[:min(len(h), 8)], h})
		}
	}
	tokens = slices.DeleteFunc(tokens, func(t named) bool {
		return slices.ContainsFunc(aside, func(a harvest.Aside) bool { return a.Holder == t.holder })
	})
	more = max(len(tokens)-maxTokens, 0)
	for _, t := range tokens[:min(len(tokens), maxTokens)] {
		b, err := w.limiter.Budget(ctx, t.holder)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, tokenView{t.name, b})
	}
	return all, more, nil
}

// Percent is how much of the run is over.
func (v *view) Percent() int {
	if v.Total == 0 {
		return 100
	}
	return 100 * (v.Total - v.Running - v.Waiting) / v.Total
}

// idle is until the first token has calls left again. It is 0 if there may be one that has some.
func (v *view) idle() (in time.Duration) {
	for i, token := range v.Tokens {
		if token.Left > 0 || v.More > 0 {
			return 0
		}
		if free := time.Until(token.Free); i == 0 || free < in {
			in = free
		}
	}
	return in
}

// TimeLeft is in words.
func (v *view) TimeLeft() string {
	idle := v.idle()
	switch {
	case v.Running+v.Waiting == 0:
		return "none"
	case idle > v.Status.Left:
		return "over " + idle.Round(time.Second).String()
	case v.Status.Left == 0:
		return "unknown"
	}
	return v.Status.Left.Round(time.Second).String()
}

// FreeIn is when a token has something left again, in words.
func (t tokenView) FreeIn() string {
	if t.Left > 0 {
		return ""
	}
	return max(time.Until(t.Free), 0).Round(time.Second).String()
}

func (v *view) print(out io.Writer) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "lists\t%d done\t%d running\t%d waiting\t%d dead\n", v.Done, v.Running, v.Waiting, v.Status.Dead)
	fmt.Fprintf(t, "a second\t%.1f lists\t%.1f pages\t%.1f media\n", v.DonePerSecond, v.PagesPerSecond, v.MediaPerSecond)
	fmt.Fprintf(t, "time left\t%s\t\t%d workers\n", v.TimeLeft(), len(v.Workers))
	for _, token := range v.Tokens {
		fmt.Fprintf(t, "token %s\t%d of %d left", token.Name, token.Left, token.Limit)
		if in := token.FreeIn(); in != "" {
			fmt.Fprintf(t, "\tmore in %s", in)
		}
		fmt.Fprintln(t)
	}
	t.Flush()
	if v.More > 0 {
		fmt.Fprintf(out, "and %d more tokens\n", v.More)
	}
	for _, a := range v.Aside {
		fmt.Fprintf(out, "token %s was set aside at %s: %s\n", a.Token, a.At.Format(time.DateTime), a.Reason)
	}
}

// progress shows how far the harvest is: a bar on a terminal, and elsewhere a line now and then.
func (w *watch) progress(ctx context.Context, out io.Writer) {
	var bar *progressbar.ProgressBar
	every := 10 * time.Second
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		every = time.Second
		bar = progressbar.NewOptions(1, progressbar.OptionSetWriter(out), progressbar.OptionShowCount(),
			progressbar.OptionFullWidth(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
		defer func() { _ = bar.Exit(); fmt.Fprintln(out) }()
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		v, err := w.look(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			fmt.Fprintf(out, "NATS does not answer: %v\n", err)
		case bar == nil:
			fmt.Fprintf(out, "%d of %d lists, %.1f pages and %.1f media a second, %d dead, time left: %s\n",
				v.Done, v.Total, v.PagesPerSecond, v.MediaPerSecond, v.Status.Dead, v.TimeLeft())
		default:
			bar.ChangeMax(max(v.Total, 1))
			bar.Describe(fmt.Sprintf("%.0f media/s, %d dead", v.MediaPerSecond, v.Status.Dead))
			_ = bar.Set(v.Total - v.Running - v.Waiting) // a bar that cannot be drawn stops nothing
		}
	}
}

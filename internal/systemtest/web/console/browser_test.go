// Package console_test uses the pages of the server as people do, in Chromium.
package console_test

import (
	"context"
	"net/url"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/systemtest/web/chromium"
)

// browser is a window with nothing remembered. It notes which hosts are asked, and what a page
// complains of.
type browser struct {
	testing.TB
	ctx context.Context

	mu         sync.Mutex
	hosts      []string
	complaints []string
}

type window struct {
	width, height int
	dark          bool
}

var (
	desktop = window{width: 1280, height: 900}
	phone   = window{width: 390, height: 844}
)

func open(t testing.TB, w window) *browser {
	t.Helper()
	ctx := chromium.Start(t, 6*time.Minute)
	b := &browser{TB: t, ctx: ctx}
	scheme := "light"
	if w.dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(int64(w.width), int64(w.height)))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(t, err)
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	go b.watchRequests()
	go b.watchConsole()
	return b
}

func (b *browser) watchRequests() {
	for e, err := range chromedp.Events(b.ctx, network.RequestWillBeSent) {
		if err != nil {
			return
		}
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme == "data" || u.Scheme == "blob" {
			continue
		}
		b.mu.Lock()
		b.hosts = append(b.hosts, u.Host)
		b.mu.Unlock()
	}
}

func (b *browser) watchConsole() {
	for m, err := range chromedp.Console(b.ctx) {
		if err != nil {
			return
		}
		if m.Type == "error" || m.Type == "warning" || m.IsException() {
			b.mu.Lock()
			b.complaints = append(b.complaints, m.String()+" "+m.URL)
			b.mu.Unlock()
		}
	}
}

// isQuiet checks that no host but one was asked, and that no page complained.
func (b *browser) isQuiet(host string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.NotEmpty(b, b.hosts)
	assert.Empty(b, slices.DeleteFunc(slices.Clone(b.hosts), func(h string) bool { return h == host }), "no other host is asked")
	assert.Empty(b, b.complaints, "nothing is wrong in the console of the browser")
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	require.NoError(b, chromedp.Do(b.ctx, steps...))
}

// get returns what an action finds out.
func get[T any](b *browser, action chromedp.Action[T]) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, action)
	require.NoError(b, err)
	return value
}

// eval is the value of an expression in the page, awaited if it is a promise.
func eval[T any](b *browser, expression string) T {
	b.Helper()
	return get(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// until waits for an expression to be true, through as many pages as that takes.
func (b *browser) until(expression string) {
	b.Helper()
	for deadline := time.Now().Add(45 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`)); err == nil && is {
			return
		}
	}
	require.Fail(b, "this never came to be", "%s\non %s", expression, eval[string](b, `location.href + "\n" + document.body.innerText.slice(0, 2000)`))
}

// ready says that a page can be used.
const ready = `document.documentElement.dataset.ready > 0`

// visit opens a page of the server and waits until it can be used.
func (b *browser) visit(target string) {
	b.Helper()
	b.do(chromedp.Navigate(target))
	b.until(ready)
}

func click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}

// fits says whether a page need not be scrolled sideways.
const fits = `document.documentElement.scrollWidth <= window.innerWidth`

// keep takes a picture of the page as far as the window shows it.
func (b *browser) keep(file string) {
	b.Helper()
	b.until(`[...document.images].every(i => {
		const at = i.getBoundingClientRect();
		return i.complete || at.top > innerHeight || at.left > innerWidth;
	})`)
	quality := int64(70)
	shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: "webp", Quality: &quality})
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(file, shot.Data, 0o644))
}

// visitOther opens a page that is there when it is loaded.
func (b *browser) visitOther(target string) {
	b.Helper()
	b.do(chromedp.Navigate(target))
}

func (b *browser) withoutCache() {
	b.Helper()
	_, err := chromedp.Call(b.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	require.NoError(b, err)
}

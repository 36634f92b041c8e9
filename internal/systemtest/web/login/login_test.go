// Package login runs the program login and signs in to it with Chromium, as a person would.
package login

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/systemtest/web/chromium"
)

// startLogin builds the program, runs it and returns where it is.
func startLogin(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "login")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "..", "..", "examples", "login")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))

	login := exec.Command(program, "-addr", "127.0.0.1:0")
	login.Stderr = os.Stderr
	out, err := login.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, login.Start())
	t.Cleanup(func() {
		assert.NoError(t, login.Process.Signal(os.Interrupt))
		_ = login.Wait() // the exit code says it
		assert.Equal(t, 130, login.ProcessState.ExitCode(), "as shells count Ctrl-C")
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.Fields(line)[1] // Open URL in a browser.
}

// browser is one with nothing remembered, at one page.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func openBrowser(t *testing.T, width, height int) *browser {
	t.Helper()
	b := &browser{t, chromium.Start(t, time.Minute)}
	b.do(chromedp.EmulateViewport(int64(width), int64(height)))
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// get returns what an action finds out.
func get[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	require.NoError(b.t, err)
	return value
}

// screenshot keeps how the page looks, if SCREENSHOTS names a directory.
func (b *browser) screenshot(name string) {
	b.t.Helper()
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		png := get(b, chromedp.FullScreenshot(100))
		require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
	}
}

const (
	signIn = chromedp.CSS(`a[href="/login"]`)
	allow  = chromedp.CSS(`button[value=allow]`)
	deny   = chromedp.CSS(`button[value=deny]`)
	image  = chromedp.CSS(`figure img`)

	// allShown says whether twelve pictures have arrived.
	allShown = `[...document.querySelectorAll("figure img")].filter(i => i.complete && i.naturalWidth > 0).length == 12`
	// fits says whether a page need not be scrolled sideways.
	fits = `document.documentElement.scrollWidth <= window.innerWidth`
)

func TestBrowser(t *testing.T) {
	chromium.Path(t) // before anything is built
	app := startLogin(t)
	for name, width := range map[string]int{"desktop": 1280, "phone": 390} {
		t.Run(name+" allows", func(t *testing.T) {
			b := openBrowser(t, width, 844)
			b.do(chromedp.Navigate(app))
			b.screenshot(name + "-1-welcome")
			b.do(chromedp.Click(signIn), chromedp.WaitVisible(allow))
			b.screenshot(name + "-2-asked")
			b.do(chromedp.Click(allow), chromedp.WaitVisible(image))
			assert.True(t, get(b, chromedp.Poll[bool](allShown)), "the pictures are there")
			b.screenshot(name + "-3-pictures")
			assert.Equal(t, "mira.solane", get(b, chromedp.Title()))
			assert.Equal(t, "Mira Solane", get(b, chromedp.Text(chromedp.CSS(`h1`))))
			assert.Equal(t, app+"/", get(b, chromedp.Location()), "no code is left in the address")
			assert.Empty(t, get(b, chromedp.Evaluate[string](`document.cookie`)), "scripts see no cookie")
			assert.True(t, get(b, chromedp.Evaluate[bool](fits)))

			b.do(chromedp.Reload(), chromedp.WaitVisible(image)) // still signed in
			b.do(chromedp.Click(chromedp.CSS(`header button`)), chromedp.WaitVisible(signIn))
		})
		t.Run(name+" denies", func(t *testing.T) {
			b := openBrowser(t, width, 844)
			b.do(chromedp.Navigate(app+"/login"), chromedp.Click(deny), chromedp.WaitVisible(signIn))
			b.screenshot(name + "-4-denied")
			assert.Equal(t, "You said no", get(b, chromedp.Text(chromedp.CSS(`h1`))))
			assert.Equal(t, "That is fine. Nothing was shared with this page.", get(b, chromedp.Text(chromedp.CSS(`main p`))))
			assert.True(t, get(b, chromedp.Evaluate[bool](fits)))
		})
	}
}

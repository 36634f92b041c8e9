// Package move runs the program move and signs in to the Graph with Chromium, as a person
// would.
package move

import (
	"bufio"
	"bytes"
	"context"
	"io"
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

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "move")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "..", "..", "examples", "move")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	return program
}

// move is the program, waiting for somebody to sign in.
type move struct {
	*exec.Cmd
	home   string // where to sign in
	out    bytes.Buffer
	status chan string // the rest of standard error, at its end
}

func start(t *testing.T, program string) *move {
	t.Helper()
	m := &move{Cmd: exec.CommandContext(t.Context(), program, "-login", "127.0.0.1:0"), status: make(chan string, 1)}
	m.Stdout = &m.out
	status, err := m.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, m.Start())
	lines := bufio.NewReader(status)
	for m.home == "" {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		if after, ok := strings.CutPrefix(line, "Open "); ok {
			m.home = strings.Fields(after)[0]
		}
	}
	go func() {
		rest, _ := io.ReadAll(lines)
		m.status <- string(rest)
	}()
	return m
}

// end waits for the program, and returns its exit code and what it said of errors.
func (m *move) end() (code int, status string) {
	status = <-m.status
	_ = m.Wait() // the exit code says it
	return m.ProcessState.ExitCode(), status
}

// get returns what an action finds out.
func get[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(ctx, action)
	require.NoError(t, err)
	return value
}

const (
	allow  = chromedp.CSS(`button[value=allow]`)
	deny   = chromedp.CSS(`button[value=deny]`)
	done   = chromedp.CSS(`#done`)
	failed = chromedp.CSS(`#failed`)
)

func TestSignIn(t *testing.T) {
	chromium.Path(t) // before anything is built
	program := build(t)

	t.Run("allow", func(t *testing.T) {
		m, ctx := start(t, program), chromium.Start(t, time.Minute)
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(m.home), chromedp.WaitVisible(allow)))
		asked := get(t, ctx, chromedp.Text(chromedp.CSS(`ul`)))
		assert.Equal(t, "see your professional profile and what you have posted", strings.TrimSpace(asked))
		require.NoError(t, chromedp.Do(ctx, chromedp.Click(allow), chromedp.WaitVisible(done)))
		assert.Empty(t, get(t, ctx, chromedp.Evaluate[string](`document.cookie`)), "scripts see no cookie")
		code, status := m.end()
		assert.Zero(t, code, status)
		assert.Contains(t, m.out.String(), "On both sides: 28")
	})
	t.Run("deny", func(t *testing.T) {
		m, ctx := start(t, program), chromium.Start(t, time.Minute)
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(m.home), chromedp.Click(deny), chromedp.WaitVisible(failed)))
		code, status := m.end()
		assert.Equal(t, 1, code)
		assert.Contains(t, status, "sign-in denied")
	})
	t.Run("a page that is not the latest", func(t *testing.T) {
		m, ctx := start(t, program), chromium.Start(t, time.Minute)
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(m.home), chromedp.WaitVisible(allow)))
		older := get(t, ctx, chromedp.Location())
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(m.home), chromedp.WaitVisible(allow)))
		// A sign-in that began in another window does not get in its way.
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(older), chromedp.WaitVisible(allow), chromedp.Click(allow), chromedp.WaitVisible(done)))
		code, status := m.end()
		assert.Zero(t, code, status)
	})
}

//go:build unix

package main

import (
	"bytes"
	"context"
	"flag"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// whole runs the tests in their whole size, as a nightly run does.
var whole = flag.Bool("whole", false, "run the tests of many processes in their whole size, for minutes")

// What the environment says to run in place of the tests.
const (
	program  = "IGHARVEST_TEST_RUNS_MAIN"
	natsNode = "IGHARVEST_TEST_RUNS_NATS"
)

// The test binary is the program as well, so that tests can run and kill it.
func TestMain(m *testing.M) {
	if os.Getenv(program) != "" {
		main()
		return
	}
	if text := os.Getenv(natsNode); text != "" {
		runNode(text)
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

// A process is a running program.
type process struct {
	t         *testing.T
	env, args []string

	mu   sync.Mutex
	cmd  *exec.Cmd
	log  bytes.Buffer
	over chan struct{} // closed when it has ended
	err  error
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	return startWith(t, []string{program + "=1"}, args...)
}

// startWith starts the test binary with something in its environment.
func startWith(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, env: env, args: args}
	p.run()
	t.Cleanup(func() {
		p.kill()
		assert.NotContains(t, p.output(), "DATA RACE") // of a process that was killed nothing else tells
		if t.Failed() {
			text := p.output()
			t.Logf("igharvest %s\n%s", strings.Join(args, " "), text[max(0, len(text)-3000):])
		}
	})
	return p
}

func (p *process) run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = exec.Command(os.Args[0], p.args...)
	p.cmd.Env = append(append(os.Environ(), "GOMAXPROCS=2"), p.env...)
	p.cmd.Stdout, p.cmd.Stderr = lockedWriter{p}, lockedWriter{p}
	require.NoError(p.t, p.cmd.Start())
	cmd, over := p.cmd, make(chan struct{})
	p.over = over
	go func() {
		p.err = cmd.Wait()
		close(over)
	}()
}

type lockedWriter struct{ p *process }

func (w lockedWriter) Write(text []byte) (int, error) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	return w.p.log.Write(text)
}

func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

func (p *process) lastLine() string {
	lines := slices.Collect(strings.Lines(p.output()))
	return lines[len(lines)-1]
}

// kill kills it as by kill -9, and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.over
}

func (p *process) signal(s syscall.Signal) { require.NoError(p.t, p.cmd.Process.Signal(s)) }

// ended reports whether it has ended.
func (p *process) ended() bool {
	select {
	case <-p.over:
		return true
	default:
		return false
	}
}

// wait waits for its end.
func (p *process) wait(timeout time.Duration) {
	p.t.Helper()
	select {
	case <-p.over:
	case <-time.After(timeout):
		require.FailNow(p.t, "it does not end")
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, timeout time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(timeout); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			require.FailNow(t, "in vain: "+what)
		}
	}
}

// waitAll waits until all have ended by themselves, and well.
func waitAll(t *testing.T, timeout time.Duration, all ...*process) {
	t.Helper()
	deadline := time.Now().Add(timeout)
	for _, p := range all {
		p.wait(time.Until(deadline))
		require.NoError(t, p.err)
	}
}

// serve runs NATS for a directory in a process of its own.
func serve(t *testing.T, dir string) *process {
	t.Helper()
	p := start(t, "serve", "-out", dir)
	eventually(t, 20*time.Second, "NATS", func() bool { return strings.Contains(p.output(), "is at") || p.ended() })
	return p
}

func itoa(n int) string { return strconv.Itoa(n) }

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func timeout(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

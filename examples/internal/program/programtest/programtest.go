// Package programtest tests that a program behaves as a command should. The test binary runs as the
// program itself, so that signals and exit codes are real.
package programtest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runsMain is set in the environment of a test binary that is to be the program.
const runsMain = "PROGRAMTEST_RUNS_MAIN"

// Main is for TestMain. It runs the tests, or the program where one of them asks for it.
func Main(m *testing.M, main func()) {
	if os.Getenv(runsMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// Command is the program with arguments, to be run. It is killed after a minute.
func Command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, os.Args[0], args...) //nolint:gosec // it is this program
	command.Env = append(os.Environ(), runsMain+"=1")
	return command
}

// Output runs the program to its end.
func Output(t *testing.T, args ...string) (code int, out, status string) {
	t.Helper()
	command := Command(t, args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	_ = command.Run() // the exit code says it
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// Behaves checks what all programs have in common.
func Behaves(t *testing.T, name string) {
	t.Helper()
	t.Run("help", func(t *testing.T) {
		code, out, status := Output(t, "-h")
		assert.Zero(t, code)
		assert.Empty(t, status)
		usage, rest, _ := strings.Cut(out, "\n\n")
		assert.True(t, strings.HasPrefix(usage, "Usage: "+name), out)
		about, flags, _ := strings.Cut(rest, "\n\nFlags:\n")
		assert.Greater(t, len(about), 40, "it says what it is for")
		assert.Equal(t, strings.Contains(usage, "[flags]"), strings.HasPrefix(flags, "  -"), out)
	})
	t.Run("unknown flag", func(t *testing.T) {
		Refuses(t, name, "-nonsense")
	})
}

// Refuses checks that a command line is answered with one line, and the exit code 2.
func Refuses(t *testing.T, name string, args ...string) {
	t.Helper()
	code, out, status := Output(t, args...)
	assert.Equal(t, 2, code, args)
	assert.Empty(t, out, args)
	assert.True(t, strings.HasPrefix(status, name+": "), status)
	assert.Equal(t, 1, strings.Count(status, "\n"), status)
}

// Stops checks that Ctrl-C ends a program with one line and the exit code 130. It is pressed when
// the program has written so many lines to standard error.
func Stops(t *testing.T, name string, lines int, args ...string) {
	t.Helper()
	StopsReading(t, name, nil, lines, args...)
}

// StopsWaiting is Stops for a program that waits for the answer of a server, which
// -base-url and -token name before the arguments.
func StopsWaiting(t *testing.T, name string, args ...string) {
	t.Helper()
	asked, done := make(chan bool, 100), make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- true
		<-done
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(done) }) // before Close
	args = append([]string{"-base-url", server.URL + "/v1", "-token", "1574083.ab"}, args...)
	stops(t, name, Command(t, args...), func(*bufio.Reader) { <-asked })
}

// StopsReading is Stops for a program that reads standard input.
func StopsReading(t *testing.T, name string, in io.Reader, lines int, args ...string) {
	t.Helper()
	command := Command(t, args...)
	command.Stdin = in
	stops(t, name, command, func(status *bufio.Reader) {
		for range lines {
			_, err := status.ReadString('\n')
			require.NoError(t, err)
		}
	})
}

func stops(t *testing.T, name string, command *exec.Cmd, ready func(status *bufio.Reader)) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a test cannot press Ctrl-C on Windows; run this test on Linux or macOS")
	}
	status, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	reader := bufio.NewReader(status)
	ready(reader)
	require.NoError(t, command.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(reader)
	require.NoError(t, err)
	_ = command.Wait() // the exit code says it
	assert.Equal(t, 130, command.ProcessState.ExitCode())
	assert.True(t, strings.HasPrefix(string(rest), name+": stopped"), "%q", rest)
	assert.Equal(t, 1, strings.Count(string(rest), "\n"), "%q", rest)
}

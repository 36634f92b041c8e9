// Package program is what the examples share as commands: help, flags, what Ctrl-C does, exit
// codes, and output that is safe on a terminal.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes of every example.
const (
	exitFailed     = 1
	exitUsage      = 2   // the command line makes no sense
	exitInterrupt  = 130 // Ctrl-C, as shells count it
	exitTerminated = 143 // SIGTERM, as shells count it
)

// Run does the work of a program. What it writes to out is the result; status is for everything
// else, and is not cleaned of control characters.
type Run func(ctx context.Context, args []string, out, status io.Writer) error

// Main runs a program and ends the process. An error is one line on standard error. The first
// Ctrl-C ends the context, a second one ends the process.
func Main(name string, run Run) {
	os.Exit(execute(name, run))
}

func execute(name string, run Run) int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signals, caught := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		caught <- <-signals
		signal.Stop(signals)
		stop()
	}()
	err := run(ctx, os.Args[1:], NewWriter(os.Stdout), os.Stderr)
	code := exitFailed
	var usage *usageError
	switch {
	case ctx.Err() != nil:
		code = exitInterrupt
		if <-caught == syscall.SIGTERM {
			code = exitTerminated
		}
		if err == nil || errors.Is(err, context.Canceled) {
			err = errors.New("stopped")
		}
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &usage):
		code = exitUsage
	}
	fmt.Fprintf(os.Stderr, "%s: %s\n", name, Line(err.Error()))
	return code
}

// OwnServer says that the program talks to a server that it has started itself.
func OwnServer(status io.Writer, url string) {
	fmt.Fprintf(status, "Using the program's own server at %s, with invented people.\n", url)
}

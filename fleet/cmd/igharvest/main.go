// Command igharvest reads the media of many accounts, tags and places with many workers and one
// budget, into JSON Lines, a file each:
//
//	igharvest -users FILE -tokens FILE -base-url URL -out DIR
//
// It can be stopped, killed and started again at any moment, in any number of processes on the same
// directory, and goes on at the page where it was. Without arguments it shows what it does, on a
// server of its own, in half a minute.
//
// What there is to do about a harvest that runs:
//
//	igharvest status -out DIR     how far it is
//	igharvest add    -out DIR -users FILE
//	igharvest stop   -out DIR     workers give back what they are reading, and end
//	igharvest drain  -out DIR     workers read what they have begun, and end
//	igharvest retry  -out DIR     those that could not be read are tried again
//	igharvest serve  -out DIR     NATS alone, for workers on this machine
//
// Without -nats, one of the processes on a directory runs a NATS server for all on this machine, and
// another one takes over when it ends or is killed. See docs/fleet.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// The exit codes.
const (
	failed      = 1
	misused     = 2   // the command line makes no sense
	interrupted = 130 // Ctrl-C, as shells count it
	terminated  = 143 // SIGTERM
)

func main() { os.Exit(execute()) }

// execute ends what it does at the first signal. A second one ends the process at once.
func execute() int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signals, caught := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		caught <- <-signals
		signal.Stop(signals)
		stop()
	}()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	var usage *usageError
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "igharvest: stopped"+advice(os.Args[1:]))
		if <-caught == syscall.SIGTERM {
			return terminated
		}
		return interrupted
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	}
	fmt.Fprintln(os.Stderr, "igharvest:", strings.ReplaceAll(err.Error(), "\n", "; "))
	if errors.As(err, &usage) {
		return misused
	}
	return failed
}

// advice says how to go on with a harvest that was stopped.
func advice(args []string) string {
	if len(args) > 0 && (args[0] == "run" || strings.HasPrefix(args[0], "-")) {
		return "; the same command goes on where it was"
	}
	return ""
}

// A usageError is a command line that makes no sense.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func misuse(format string, v ...any) error { return &usageError{fmt.Sprintf(format, v...)} }

// A command is what the first argument says to do.
type command struct {
	about string
	flags func(*flag.FlagSet, *settings)
	run   func(ctx context.Context, s *settings, out, log io.Writer) error
}

var commands = map[string]command{
	"run":    {"read lists until the queue is empty", runFlags, harvestLists},
	"add":    {"put lists on the queue", listFlags, addLists},
	"status": {"tell how far it is", statusFlags, showStatus},
	"stop":   {"have all workers give back what they are reading, and end", noFlags, stopWorkers},
	"drain":  {"have all workers read what they have begun, and end", noFlags, drainWorkers},
	"retry":  {"put lists that could not be read on the queue again", noFlags, retryDead},
	"serve":  {"run NATS alone, for workers on this machine", noFlags, serveNATS},
}

const usage = `igharvest [COMMAND] [flags]

Reads the media of many accounts, tags and places with many workers and one budget of
calls, into JSON Lines, a file each. It can be killed at any moment, and goes on.

  igharvest                     a demonstration on its own server, half a minute
  igharvest -out DIR -tokens FILE -base-url URL -users FILE
                                the same as igharvest run: read these accounts
  igharvest add -out DIR -users FILE
                                put accounts on the queue of a harvest
  igharvest status -out DIR     tell how far it is; -dead lists what could not be read
  igharvest retry -out DIR      try those again
  igharvest stop -out DIR       have all workers give back what they are reading, and end
  igharvest drain -out DIR      have all workers read what they have begun, and end
  igharvest serve -out DIR      run NATS alone, for workers on this machine

igharvest COMMAND -h lists the flags of a command. The exit code is 0 when all is well, 1
when it failed, 2 for wrong usage, 130 or 143 when it was interrupted or terminated.
`

func run(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) == 0 {
		return demonstrate(ctx, out)
	}
	if slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]) {
		fmt.Fprint(out, usage)
		return nil
	}
	name := "run"
	if !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	c, ok := commands[name]
	if !ok {
		return misuse("there is no command %q; igharvest -h lists them", name)
	}
	var s settings
	flags := flag.NewFlagSet("igharvest "+name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is one line
	s.commonFlags(flags)
	c.flags(flags, &s)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(out, "igharvest %s: %s\n\n", name, c.about)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return err
	case err != nil:
		return misuse("%v; igharvest %s -h lists the flags", err, name)
	case flags.NArg() > 0:
		return misuse("%q is no flag; igharvest %s -h lists them", flags.Arg(0), name)
	}
	if err := s.check(); err != nil {
		return err
	}
	return c.run(ctx, &s, out, log)
}

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
// Without -nats, the first process on a directory runs a NATS server for all on this machine. See
// docs/fleet.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "igharvest:", err)
		os.Exit(1)
	}
}

// A command is what the first argument says to do.
type command struct {
	flags func(*flag.FlagSet, *settings)
	run   func(ctx context.Context, s *settings, out, log io.Writer) error
}

var commands = map[string]command{
	"run":    {runFlags, harvestLists},
	"add":    {listFlags, addLists},
	"status": {statusFlags, showStatus},
	"stop":   {noFlags, stopWorkers},
	"drain":  {noFlags, drainWorkers},
	"retry":  {noFlags, retryDead},
	"serve":  {noFlags, serveNATS},
}

func run(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) == 0 {
		return demonstrate(ctx, out)
	}
	name := "run"
	if !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	c, ok := commands[name]
	if !ok {
		return fmt.Errorf("there is no command %q: run, add, status, stop, drain, retry or serve", name)
	}
	var s settings
	flags := flag.NewFlagSet("igharvest "+name, flag.ContinueOnError)
	flags.SetOutput(log)
	s.commonFlags(flags)
	c.flags(flags, &s)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no flag; see igharvest %s -help", flags.Arg(0), name)
	}
	if err := s.check(); err != nil {
		return err
	}
	return c.run(ctx, &s, out, log)
}

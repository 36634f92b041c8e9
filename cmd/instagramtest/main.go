// Command instagramtest runs a server that speaks the Instagram v1 API. It prints where the server
// is and what to call it with, one name=value a line, and serves until it is interrupted. What
// people want to know at the start, it prints on standard error.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/igv1/instagram/instagramtest"
)

// The exit codes.
const (
	exitFailed    = 1
	exitUsage     = 2   // the flags make no sense
	exitInterrupt = 130 // Ctrl-C, as shells count it
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if code := run(os.Args[1:], signals, os.Stdout, os.Stderr); code != 0 {
		os.Exit(code)
	}
}

// run serves until a signal comes, and returns the exit code.
func run(args []string, signals <-chan os.Signal, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "instagramtest: %v (-h lists the flags)\n", err)
		return exitUsage
	}
	if s.printHosts {
		printHosts(stdout, s)
		return 0
	}
	if s.data != "" {
		option, done := readData(s.data, s.strict)
		defer done()
		s.add(option)
	}
	srv, err := instagramtest.Start(s.opts...)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%w: give another address with -addr", err)
	}
	if err != nil {
		fmt.Fprintln(stderr, inFlags(err.Error()))
		return exitFailed
	}
	defer srv.Close()
	if s.certOut != "" {
		if err := os.WriteFile(s.certOut, srv.Certificate(), 0o644); err != nil {
			fmt.Fprintln(stderr, "instagramtest: -cert-out:", err)
			return exitFailed
		}
	}
	token := s.token
	if token == "" {
		token = srv.AccessToken(srv.Users()[0].ID)
	}
	greet(stderr, srv, s, token)
	fmt.Fprintf(stdout, "url=%s\naccess_token=%s\nclient_id=%s\nclient_secret=%s\nadmin_token=%s\n",
		srv.URL, token, srv.ClientID, srv.ClientSecret, srv.AdminToken)
	if <-signals == os.Interrupt {
		fmt.Fprintln(stderr, "instagramtest: interrupted")
		return exitInterrupt
	}
	return 0
}

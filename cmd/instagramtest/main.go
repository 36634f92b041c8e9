// Command instagramtest runs a server that speaks the Instagram v1 API. It prints where the server
// is and what to call it with, one name=value a line, and serves until it is interrupted. What
// people want to know at the start, it prints on standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/igv1/instagram/instagramtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if code := run(ctx, os.Args[1:], os.Stdout, os.Stderr); code != 0 {
		os.Exit(code)
	}
}

// run serves until the context ends. The result is the exit code: 2 for flags that make no sense, 1
// for what failed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "instagramtest:", err)
		return 2
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
		fmt.Fprintln(stderr, err)
		return 1
	}
	defer srv.Close()
	if s.certOut != "" {
		if err := os.WriteFile(s.certOut, srv.Certificate(), 0o644); err != nil {
			fmt.Fprintln(stderr, "instagramtest:", err)
			return 1
		}
	}
	token := s.token
	if token == "" {
		token = srv.AccessToken(srv.Users()[0].ID)
	}
	greet(stderr, srv, s, token)
	fmt.Fprintf(stdout, "url=%s\naccess_token=%s\nclient_id=%s\nclient_secret=%s\nadmin_token=%s\n",
		srv.URL, token, srv.ClientID, srv.ClientSecret, srv.AdminToken)
	<-ctx.Done()
	return 0
}

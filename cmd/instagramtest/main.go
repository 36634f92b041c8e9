// Command instagramtest runs a server that speaks the Instagram v1 API. It prints where the server
// is and what to call it with, one name=value a line, and serves until it is interrupted.
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
	opts, certOut, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "instagramtest:", err)
		return 2
	}
	srv, err := instagramtest.Start(opts...)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	defer srv.Close()
	if certOut != "" {
		if err := os.WriteFile(certOut, srv.Certificate(), 0o644); err != nil {
			fmt.Fprintln(stderr, "instagramtest:", err)
			return 1
		}
	}
	fmt.Fprintf(stdout, "url=%s\naccess_token=%s\nclient_id=%s\nclient_secret=%s\nadmin_token=%s\n",
		srv.URL, srv.AccessToken(srv.Users()[0].ID), srv.ClientID, srv.ClientSecret, srv.AdminToken)
	<-ctx.Done()
	return 0
}

// parse turns the flags into options.
func parse(args []string, stderr io.Writer) (opts []instagramtest.Option, certOut string, err error) {
	flags := flag.NewFlagSet("instagramtest", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	addr := flags.String("addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	seed := flags.Int64("seed", 1, "`number` that the world is made from")
	wire := flags.Int("wire", 2017, "generation of the API: 2011, 2013 or 2017")
	mode := flags.String("mode", "live", "mode of the app, live or sandbox, which sets its limits")
	data := flags.String("data", "", "`file` or directory of recorded answers to serve and to save to, instead of a world made from the seed")
	secure := flags.Bool("tls", false, "serve https with a self-signed certificate")
	flags.StringVar(&certOut, "cert-out", "", "`file` to write the certificate to, as PEM; needs -tls")
	signed := flags.Bool("signed", false, "refuse calls without a valid sig")
	forwarded := flags.Bool("forwarded", false, "refuse writes without a valid X-Insta-Forwarded-For")
	flags.Func("redirect-uri", "`URL` that the app may sign people in with, instead of every one on the loopback interface; may be repeated", func(uri string) error {
		opts = append(opts, instagramtest.WithRedirectURI(uri))
		return nil
	})
	remote := flags.Bool("remote-callbacks", false, "let apps subscribe with callbacks beyond the loopback interface")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(stderr, "usage: instagramtest [flags]")
			flags.SetOutput(stderr)
			flags.PrintDefaults()
		}
		return nil, "", err
	}
	switch {
	case flags.NArg() > 0:
		return nil, "", fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *wire != 2011 && *wire != 2013 && *wire != 2017:
		return nil, "", fmt.Errorf("-wire must be 2011, 2013 or 2017, not %d", *wire)
	case *mode != "live" && *mode != "sandbox":
		return nil, "", fmt.Errorf("-mode must be live or sandbox, not %q", *mode)
	case certOut != "" && !*secure:
		return nil, "", errors.New("-cert-out needs -tls")
	}
	opts = append(opts, instagramtest.WithAddr(*addr), instagramtest.WithSeed(*seed), instagramtest.WithWire(instagramtest.Wire(*wire)))
	if *mode == "sandbox" {
		opts = append(opts, instagramtest.WithMode(instagramtest.Sandbox))
	}
	if *data != "" {
		opts = append(opts, instagramtest.WithDataFile(*data))
	}
	if *secure {
		opts = append(opts, instagramtest.WithTLS())
	}
	if *signed {
		opts = append(opts, instagramtest.WithSignedRequests())
	}
	if *forwarded {
		opts = append(opts, instagramtest.WithSignedForwardedFor())
	}
	if *remote {
		opts = append(opts, instagramtest.WithRemoteCallbacks())
	}
	return opts, certOut, nil
}

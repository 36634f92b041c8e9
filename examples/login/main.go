// Command login is a small web program that people sign in to with OAuth 2.0:
// it sends them to the server's page, and shows whoever allows it their profile
// and latest pictures.
//
//	go run ./examples/login
//
// It starts a server of its own unless -base-url names another. Then -client-id
// and the environment variable INSTAGRAM_CLIENT_SECRET hold the credentials of
// an app that is registered there, with the redirect URI that is printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "login:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("login", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "where to listen")
	baseURL := flags.String("base-url", "", "the v1 server, such as https://api.example.com/v1 (default: one in this process)")
	clientID := flags.String("client-id", "", "the id of the app at -base-url")
	if err := flags.Parse(args); err != nil {
		return err
	}
	clientSecret := os.Getenv("INSTAGRAM_CLIENT_SECRET")
	if *baseURL == "" {
		server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
		defer server.Close()
		*baseURL, *clientID, clientSecret = server.BaseURL(), server.ClientID, server.ClientSecret
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL(*baseURL),
		instagram.WithClientCredentials(*clientID, clientSecret),
	)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	app, err := newApp(client, "http://"+listener.Addr().String(), log.New(os.Stderr, "login: ", 0))
	if err != nil {
		return err
	}
	fmt.Fprint(out, greeting(app.url))
	return serve(ctx, listener, app)
}

func greeting(url string) string {
	return fmt.Sprintf("Open %s in a browser. Users come back to %s.\n", url, url+callbackPath)
}

// serve answers requests until ctx ends, and lets those that have begun finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	})
	err := server.Serve(listener)
	if stop() {
		return err // it did not end because ctx did
	}
	return <-stopped
}

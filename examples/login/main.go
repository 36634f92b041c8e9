// Command login is a small web program that users sign in to with OAuth 2.0. It sends them to the
// page of the server. When they allow it, it shows their profile and latest pictures.
//
//	go run ./examples/login
//
// It starts a server of its own unless -base-url names another. In that case, register an app there
// with the redirect URI that the program prints, and give its id as -client-id and its secret in
// the environment variable INSTAGRAM_CLIENT_SECRET.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"github.com/igv1/instagram/instagramtest"
)

func main() { program.Main("login", run) }

// run serves until ctx ends.
func run(ctx context.Context, args []string, out, status io.Writer) error {
	flags := program.NewFlags("login [flags]",
		"A web program that users sign in to. It sends them to the page of the server. When they\n"+
			"allow it, it shows their profile and latest pictures. The secret of -client-id is read\n"+
			"from the environment variable INSTAGRAM_CLIENT_SECRET.")
	addr := flags.String("addr", "127.0.0.1:8090", "the `address` to listen on; port 0 takes a free one")
	baseURL := flags.String("base-url", "", "the `URL` of a v1 server, such as https://api.example.com/v1 (default: one in this process)")
	clientID := flags.String("client-id", "", "the `id` of the app at -base-url")
	if err := flags.Parse(args, out); err != nil {
		return err
	}
	clientSecret := os.Getenv("INSTAGRAM_CLIENT_SECRET")
	switch {
	case *baseURL == "":
		server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
		defer server.Close()
		program.OwnServer(status, server.URL)
		*baseURL, *clientID, clientSecret = server.BaseURL(), server.ClientID, server.ClientSecret
	case *clientID == "" || clientSecret == "":
		return program.UsageError("-base-url needs -client-id, and its secret in INSTAGRAM_CLIENT_SECRET")
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
		return fmt.Errorf("%w: give another address with -addr", err)
	}
	defer listener.Close()
	app, err := newApp(client, "http://"+listener.Addr().String(), log.New(program.NewWriter(status), "login: ", 0))
	if err != nil {
		return err
	}
	fmt.Fprint(out, greeting(app.url))
	return serve(ctx, listener, app)
}

func greeting(url string) string {
	return fmt.Sprintf("Open %s in a browser. Users come back to %s.\n", url, url+callbackPath)
}

// serve answers requests until ctx ends. Requests that have begun may finish.
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
		return err // ctx has not ended, so it is an error of the listener
	}
	return <-stopped
}

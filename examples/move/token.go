package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program"
	"golang.org/x/oauth2"
)

// A tokenFile keeps the token for the Graph from one run to the next.
type tokenFile string

// client returns a client with the token in the file, which is renewed when it is old enough.
func (f tokenFile) client(app *instagram.Client) (*instagram.Client, error) {
	data, err := os.ReadFile(string(f))
	if err != nil {
		return nil, fmt.Errorf("there is no token for the Graph: %w; -login gets one", err)
	}
	var token oauth2.Token
	if err := json.Unmarshal(data, &token); err != nil || token.AccessToken == "" {
		return nil, errors.New("the file for -graph-token holds no token; -login writes one")
	}
	source, err := instagram.GraphTokenSource(&token, &instagram.GraphTokenOptions{Client: app, Save: f.save})
	if err != nil {
		return nil, err
	}
	return app.WithGraphTokenSource(source), nil
}

// save writes the token into a new file that takes the place of the old one.
func (f tokenFile) save(_ context.Context, token *oauth2.Token) error {
	data, err := json.Marshal(token)
	if err != nil {
		return err
	}
	if err := os.WriteFile(string(f)+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(string(f)+".new", string(f))
}

// A login signs a user in to the Graph with a browser.
type login struct {
	addr, redirect, clientID, secret string
}

func (l login) options() []instagram.Option {
	if l.clientID == "" {
		return nil
	}
	return []instagram.Option{instagram.WithClientCredentials(l.clientID, l.secret)}
}

// run waits for one user to sign in, and saves the token.
func (l login) run(ctx context.Context, app *instagram.Client, file tokenFile, status io.Writer) error {
	if l.clientID == "" || l.secret == "" {
		return program.UsageError("-login needs -client-id and, in the environment, INSTAGRAM_CLIENT_SECRET")
	}
	listener, err := net.Listen("tcp", l.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	home := "http://" + listener.Addr().String()
	if l.redirect == "" {
		l.redirect = home + "/callback"
	}
	signIn, err := app.GraphSignIn(l.redirect)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", signIn.Start)
	mux.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		grant, err := signIn.Finish(w, r)
		if err == nil {
			err = file.save(r.Context(), grant.Token())
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Referrer-Policy", "no-referrer")
		if errors.Is(err, instagram.ErrState) { // not of this sign-in: anybody can come here
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, "<!DOCTYPE html><title>Start again</title><h1>Start again</h1><p>This is no answer to the sign-in that began last. <a href=/>Sign in</a>")
			return
		}
		if err != nil {
			io.WriteString(w, "<!DOCTYPE html><title>Not signed in</title><h1 id=failed>Not signed in</h1><p>The program says why.")
		} else {
			io.WriteString(w, "<!DOCTYPE html><title>Signed in</title><h1 id=done>Signed in</h1><p>This window can be closed.")
		}
		select {
		case done <- err:
		default: // somebody was faster
		}
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // it ends when it is shut down
	fmt.Fprintf(status, "Open %s/ in a browser to sign in to the Graph.\n", home)
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(ending) != nil {
		server.Close()
	}
	return err
}

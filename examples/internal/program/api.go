package program

import (
	"io"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// An API is the server that a program talks to.
type API struct {
	BaseURL, Token string
}

// API defines the flags that name a server.
func (f *Flags) API() *API {
	a := new(API)
	f.StringVar(&a.BaseURL, "base-url", "", "the `URL` of a v1 server, such as https://api.example.com/v1 (default: one in this process)")
	f.StringVar(&a.Token, "token", "", "the access `token` for -base-url")
	return a
}

// Start starts a server in this process if the flags name none. Its clock stands still, so that
// every run finds the same. Call stop when done.
func (a *API) Start(status io.Writer) (stop func(), err error) {
	switch {
	case a.BaseURL == "" && a.Token != "":
		return nil, UsageError("-token needs -base-url, the server that it is for")
	case a.BaseURL != "" && a.Token == "":
		return nil, UsageError("-base-url needs -token, an access token of that server")
	case a.BaseURL != "":
		return func() {}, nil
	}
	server, err := instagramtest.Start(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	if err != nil {
		return nil, err
	}
	OwnServer(status, server.URL)
	a.BaseURL, a.Token = server.BaseURL(), server.AccessToken(server.Users()[0].ID)
	return server.Close, nil
}

// Client starts the server if need be, and makes a client for it.
func (a *API) Client(status io.Writer, options ...instagram.Option) (_ *instagram.Client, stop func(), err error) {
	stopServer, err := a.Start(status)
	if err != nil {
		return nil, nil, err
	}
	options = append(options, instagram.WithBaseURL(a.BaseURL), instagram.WithAccessToken(a.Token))
	client, err := instagram.NewClient(options...)
	if err != nil {
		stopServer()
		return nil, nil, err
	}
	return client, func() { client.Close(); stopServer() }, nil
}

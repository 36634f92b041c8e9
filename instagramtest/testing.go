package instagramtest

import (
	"net/http"
	"net/url"
)

// TB is the part of [testing.TB] that [NewClient] needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatal(args ...any)
}

// NewClient starts a server for a test, and ends it with the test. The client takes every request
// to the server, whatever scheme and host its URL names, so that a program under test needs no
// other base URL than its own:
//
//	srv, httpClient := instagramtest.NewClient(t)
//	client, err := instagram.NewClient(
//		instagram.WithHTTPClient(httpClient),
//		instagram.WithAccessToken(srv.AccessToken(srv.Users()[0].ID)))
func NewClient(t TB, opts ...Option) (*Server, *http.Client) {
	t.Helper()
	srv, err := Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	here, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return srv, &http.Client{Transport: rerouted{srv.Client().Transport, here}}
}

// rerouted sends requests to the server. The Host header stays, so that the URLs in the answers
// name the host that the program knows.
type rerouted struct {
	http.RoundTripper
	here *url.URL
}

func (t rerouted) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r.Clone(r.Context())
	if sent.Host == "" {
		sent.Host = r.URL.Host
	}
	sent.URL.Scheme, sent.URL.Host = t.here.Scheme, t.here.Host
	return t.RoundTripper.RoundTrip(sent)
}

// CloseIdleConnections is called by the method of the same name of [http.Client].
func (t rerouted) CloseIdleConnections() {
	(&http.Client{Transport: t.RoundTripper}).CloseIdleConnections()
}

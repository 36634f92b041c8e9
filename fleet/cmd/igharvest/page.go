package main

import (
	_ "embed"
	"html/template"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/igv1/instagram/fleet/internal/harvest"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// serve serves the page and the metrics, until stop is called.
func (w *watch) serve(address string, worker *harvest.Worker) (stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.showPage)
	mux.Handle("GET /metrics", promhttp.HandlerFor(newMetrics(w, worker), promhttp.HandlerOpts{}))
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		MaxHeaderBytes: 16 << 10,
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = server.Serve(listener) // it ends with the worker
	}()
	return func() { server.Close(); <-over }, nil
}

// showPage shows a page that asks for itself again. It has no script, and loads nothing.
func (w *watch) showPage(out http.ResponseWriter, r *http.Request) {
	h := out.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	v, err := w.look(r.Context())
	if err != nil {
		h.Set("Refresh", "2")
		http.Error(out, "NATS does not answer. This page tries again.", http.StatusServiceUnavailable)
		return
	}
	_ = page.Execute(out, v) // whoever asked is gone
}

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/igv1/instagram/archive"
	"github.com/igv1/instagram/instagramtest"
)

// serve runs the v1 server over the archive, and beside it one for its pictures.
func (j *job) serve() error {
	if j.wire != 2011 && j.wire != 2013 && j.wire != 2017 {
		return fmt.Errorf("-wire must be 2011, 2013 or 2017, not %d", j.wire)
	}
	host, _, err := net.SplitHostPort(j.addr)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return err
	}
	fsys := j.archive.With(archive.FilesAt("http://" + listener.Addr().String() + "/")).FS()
	if _, err := fsys.Open("."); err != nil { // it reads the archive
		listener.Close()
		return err
	}
	j.bar.finish()
	files := http.FileServerFS(fsys)
	pictures := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/files/") || strings.HasSuffix(r.URL.Path, "/") {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("X-Content-Type-Options", "nosniff")
			files.ServeHTTP(w, r)
		}),
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = pictures.Serve(listener) // until it is shut down
	}()
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if pictures.Shutdown(ctx) != nil {
			pictures.Close()
		}
		<-stopped
	}()
	server, err := instagramtest.Start(instagramtest.WithAddr(j.addr), instagramtest.WithWire(instagramtest.Wire(j.wire)), instagramtest.WithData(fsys))
	if err != nil {
		return err
	}
	defer server.Close()
	owner := server.Users()[0]
	fmt.Fprintf(j.stdout, "url=%s\nbase_url=%s\nuser=%s\naccess_token=%s\nclient_id=%s\nclient_secret=%s\nadmin_token=%s\n",
		server.URL, server.BaseURL(), owner.Username, server.AccessToken(owner.ID), server.ClientID, server.ClientSecret, server.AdminToken)
	<-j.ctx.Done()
	return nil
}

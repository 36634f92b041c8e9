package main

import (
	"fmt"

	"github.com/igv1/instagram/instagramtest"
)

// serve runs the v1 server over the archive, with its pictures.
func (j *job) serve() error {
	server, err := instagramtest.Start(instagramtest.WithAddr(j.addr), instagramtest.WithWire(instagramtest.Wire(j.wire)), instagramtest.WithData(j.archive.FS()))
	if err != nil {
		return err
	}
	defer server.Close()
	j.bar.finish()
	for i, skipped := range server.Skipped() {
		if i == maxComplaints {
			break
		}
		fmt.Fprintln(j.stderr, skipped)
	}
	owner := server.Users()[0]
	fmt.Fprintf(j.stdout, "url=%s\nbase_url=%s\nuser=%s\naccess_token=%s\nclient_id=%s\nclient_secret=%s\nadmin_token=%s\n",
		server.URL, server.BaseURL(), owner.Username, server.AccessToken(owner.ID), server.ClientID, server.ClientSecret, server.AdminToken)
	<-j.ctx.Done()
	return nil
}

package faults

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// proxies are what TCP proxies belong to; their toxics are the faults.
var proxies = toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())

// connectByProxy returns the URL of a proxy to the server, which the test ends.
func connectByProxy(t *testing.T, s *scene) string {
	t.Helper()
	proxy := toxiproxy.NewProxy(proxies, t.Name(), "127.0.0.1:0", strings.TrimPrefix(s.server.URL, "http://"))
	require.NoError(t, proxy.Start())
	t.Cleanup(proxy.Stop)
	s.proxy = proxy
	return "http://" + proxy.Listen + "/v1"
}

// toxic adds a toxic to all connections.
func toxic(kind, stream, attributes string) func(*testing.T, *scene, call) {
	return func(t *testing.T, s *scene, _ call) {
		_, err := s.proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(
			`{"type":%q,"stream":%q,"toxicity":1,"attributes":{%s}}`, kind, stream, attributes)))
		require.NoError(t, err)
	}
}

// partOfBody lets the header of an answer through, and a little of its body.
func partOfBody(t *testing.T, s *scene, c call) {
	token := s.server.AccessToken(s.server.Users()[0].ID)
	req, err := http.NewRequest(http.MethodGet, s.server.BaseURL()+"/users/self?access_token="+token, nil)
	require.NoError(t, err)
	req.Close = true
	res, err := s.server.Client().Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	header, err := httputil.DumpResponse(res, false)
	require.NoError(t, err)
	toxic("limit_data", "downstream", fmt.Sprintf(`"bytes":%d`, len(header)+15))(t, s, c)
}

// down has the proxy refuse connections.
func down(_ *testing.T, s *scene, _ call) { s.proxy.Stop() }

// healing is a fault that is over before the second attempt.
func healing(fault func(*testing.T, *scene, call)) func(*testing.T, *scene, call) {
	return func(t *testing.T, s *scene, c call) {
		s.heal = func() {
			s.proxy.Toxics.ResetToxics(context.Background())
			if !s.proxy.Enabled {
				_ = s.proxy.Start()
			}
		}
		fault(t, s, c)
	}
}

// TestNetworkFaults is the matrix of what a network does wrong.
func TestNetworkFaults(t *testing.T) {
	const toServer, toClient = "upstream", "downstream"
	var (
		early = io.ErrUnexpectedEOF
		late  = context.DeadlineExceeded

		again = ok(2, 2)
		late1 = ok(2, 1) // the first attempt did not reach the server
	)
	latency := `"latency":5000`
	rows := map[string]row{
		// What is wrong for a moment.
		"down, once":                {healing(down), late1, late1, late1, late1, late1},
		"reset to server, once":     {healing(toxic("reset_peer", toServer, "")), late1, fails(errAny, 1, 0), late1, late1, late1},
		"reset to client, once":     {healing(toxic("reset_peer", toClient, "")), again, unknown(errAny, 1, 1), again, again, again},
		"silent to server, once":    {healing(toxic("timeout", toServer, `"timeout":0`)), late1, fails(late, 1, 0), late1, late1, late1},
		"silent to client, once":    {healing(toxic("timeout", toClient, `"timeout":0`)), again, unknown(errAny, 1, 1), again, again, again},
		"timeout to client, once":   {healing(toxic("timeout", toClient, `"timeout":50`)), again, unknown(early, 1, 1), again, again, again},
		"half a request, once":      {healing(toxic("limit_data", toServer, `"bytes":60`)), late1, fails(errAny, 1, 0), late1, late1, late1},
		"no answer, once":           {healing(toxic("limit_data", toClient, `"bytes":0`)), again, unknown(early, 1, 1), again, again, again},
		"half a header, once":       {healing(toxic("limit_data", toClient, `"bytes":60`)), again, unknown(early, 1, 1), again, again, again},
		"part of the body, once":    {healing(partOfBody), again, unknown(early, 1, 1), again, again, again},
		"latency to client, once":   {healing(toxic("latency", toClient, latency)), again, unknown(late, 1, 1), again, again, again},
		"bandwidth to client, once": {healing(toxic("bandwidth", toClient, `"rate":0`)), again, unknown(late, 1, 1), again, again, again},

		// What stays wrong.
		"down, always":            all(down, fails(errAny, 3, 0)),
		"reset to client, always": {toxic("reset_peer", toClient, ""), fails(errAny, 3, 3), unknown(errAny, 1, 1), unknown(errAny, 3, 3), unknown(errAny, 3, 3), fails(errAny, 3, 3)},
		"no answer, always":       {toxic("limit_data", toClient, `"bytes":0`), fails(early, 3, 3), unknown(early, 1, 1), unknown(early, 3, 3), unknown(early, 3, 3), fails(early, 3, 3)},

		// What is not wrong enough.
		"latency":                all(toxic("latency", toClient, `"latency":30,"jitter":20`), ok(1, 1)),
		"slow close":             all(toxic("slow_close", toClient, `"delay":200`), ok(1, 1)),
		"slow close of requests": all(toxic("slow_close", toServer, `"delay":200`), ok(1, 1)),
		"bandwidth":              all(toxic("bandwidth", toClient, `"rate":100`), ok(1, 1)),
		"slices":                 all(toxic("slicer", toClient, `"average_size":7,"size_variation":3,"delay":10`), ok(1, 1)),
		"slices of requests":     all(toxic("slicer", toServer, `"average_size":7,"size_variation":3,"delay":10`), ok(1, 1)),
	}
	run(t, rows, connectByProxy)
}

package instagramtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/stretchr/testify/require"
)

// exchange is a request of the tests and its answer, for other tests to look at.
type exchange struct {
	Method      string      `json:"method"`
	URL         string      `json:"url"`
	ContentType string      `json:"content_type"`
	Form        string      `json:"form"`
	Status      int         `json:"status"`
	Header      http.Header `json:"header"`
	Body        []byte      `json:"body"`
}

var exchanges atomic.Int64

// keepExchange writes an exchange into the folder that the environment names, if it names one.
func keepExchange(t require.TestingT, resp *http.Response, body []byte) {
	folder := os.Getenv("INSTAGRAMTEST_EXCHANGES")
	if folder == "" {
		return
	}
	req := resp.Request
	kept := exchange{
		Method: req.Method, URL: req.URL.String(), ContentType: req.Header.Get("Content-Type"),
		Status: resp.StatusCode, Header: resp.Header, Body: body,
	}
	if req.GetBody != nil {
		form, err := req.GetBody()
		require.NoError(t, err)
		b, err := io.ReadAll(form)
		require.NoError(t, err)
		kept.Form = string(b)
	}
	b, err := json.Marshal(kept)
	require.NoError(t, err)
	name := filepath.Join(folder, strconv.FormatInt(exchanges.Add(1), 10)+".json")
	require.NoError(t, os.WriteFile(name, b, 0o600))
}

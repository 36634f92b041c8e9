package instagramtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram/instagramtest"
)

func TestMain(m *testing.M) {
	http.DefaultTransport.(*http.Transport).Proxy = nil
	os.Exit(goleakRun(m))
}

// goleakRun fails the tests when one of them leaves a goroutine behind.
func goleakRun(m *testing.M) int {
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil && code == 0 {
		os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return code
}

// object is a JSON object as it came.
type object = map[string]any

// api calls a server as one user, with net/http alone.
type api struct {
	*testing.T
	srv   *instagramtest.Server
	token string
}

// start runs a server for one test and is its main user.
func start(t *testing.T, opts ...instagramtest.Option) api {
	t.Helper()
	srv := instagramtest.NewServer(opts...)
	t.Cleanup(srv.Close)
	return api{t, srv, srv.AccessToken(srv.Users()[0].ID)}
}

// as is the same server for another user.
func (a api) as(user string, scopes ...string) api {
	a.token = a.srv.AccessToken(user, scopes...)
	return a
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request to a path under /v1; the parameters are in its query.
func (a api) do(method, path string, form url.Values) answer {
	a.Helper()
	target := a.srv.BaseURL() + path
	if a.token != "" {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		target += sep + "access_token=" + a.token
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(a.Context(), method, target, body)
	require.NoError(a, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return a.send(req)
}

func (a api) send(req *http.Request) answer {
	a.Helper()
	resp, err := a.srv.Client().Do(req)
	require.NoError(a, err)
	return read(a, resp)
}

func read(t require.TestingT, resp *http.Response) answer {
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	keepExchange(t, resp, b)
	return answer{resp.StatusCode, resp.Header, b}
}

func (a api) get(path string) answer { a.Helper(); return a.do("GET", path, nil) }

// object reads the answer, a success, as a JSON object.
func (a api) object(got answer) object {
	a.Helper()
	require.Equal(a, http.StatusOK, got.status, "%s", got.body)
	var o object
	require.NoError(a, json.Unmarshal(got.body, &o), "%s", got.body)
	return o
}

// data is the data of a successful answer to a GET.
func (a api) data(path string) any {
	a.Helper()
	return a.object(a.get(path))["data"]
}

func (a api) one(path string) object { a.Helper(); return a.data(path).(object) }

func (a api) list(path string) []any { a.Helper(); return a.data(path).([]any) }

// post sends a form and wants a success.
func (a api) post(path string, pairs ...string) any {
	a.Helper()
	return a.object(a.do("POST", path, form(pairs...)))["data"]
}

// remove sends a DELETE and wants a success.
func (a api) remove(path string) any {
	a.Helper()
	return a.object(a.do("DELETE", path, nil))["data"]
}

// fails wants an error with its meta object, and the status in it.
func (a api) fails(got answer, status int, kind, message string) {
	a.Helper()
	var e struct {
		Meta struct {
			Code    int
			Type    string `json:"error_type"`
			Message string `json:"error_message"`
		}
	}
	require.NoError(a, json.Unmarshal(got.body, &e), "%s", got.body)
	require.Equal(a, status, got.status, "%s", got.body)
	require.Equal(a, status, e.Meta.Code)
	require.Equal(a, kind, e.Meta.Type)
	require.Contains(a, e.Meta.Message, message)
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// ids are the ids of a list of objects.
func ids(list []any) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.(object)["id"].(string))
	}
	return out
}

// pages follows next_url to the end, as the simplest clients do, and returns the data of each page.
func (a api) pages(path string) [][]any {
	a.Helper()
	var pages [][]any
	for got := a.get(path); ; {
		o := a.object(got)
		pages = append(pages, o["data"].([]any))
		require.Less(a, len(pages), 1000, "paging does not end")
		pagination, _ := o["pagination"].(object)
		next, ok := pagination["next_url"].(string)
		if !ok {
			return pages
		}
		require.True(a, strings.HasPrefix(next, a.srv.URL+"/v1/"), next)
		req, err := http.NewRequestWithContext(a.Context(), "GET", next, nil)
		require.NoError(a, err)
		got = a.send(req)
	}
}

func flat(pages [][]any) []any {
	var all []any
	for _, p := range pages {
		all = append(all, p...)
	}
	return all
}

// code is the shortcode in a media's link.
func code(m object) string { return path.Base(m["link"].(string)) }

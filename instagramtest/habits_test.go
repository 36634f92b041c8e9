package instagramtest_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestPathsMayBeWrittenInManyWays(t *testing.T) {
	a := start(t)
	want := a.get("/users/self")
	token := "?access_token=" + a.token
	for _, path := range []string{
		"/v1/users/self/", "/v1/users/self.json", "/v1/users/self.json/", "/users/self", "/v1/v1/users/self/",
		"//v1//users//self", "/v1/users/%73elf",
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", a.srv.URL+path+token, nil)
		require.NoError(t, err)
		assert.Equal(t, string(want.body), string(a.send(req).body), path)
	}
	assert.Equal(t, a.data("/tags/nofilter"), a.data("/tags/nofilter.json"))
}

func TestParametersMayBeAnywhere(t *testing.T) {
	a := start(t)
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{}).ID
	target := a.srv.BaseURL() + "/media/" + m + "/comments"
	send := func(method, query, contentType, body string) answer {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, target+query, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", contentType)
		return a.send(req)
	}
	const urlencoded = "application/x-www-form-urlencoded"
	var multi bytes.Buffer
	w := multipart.NewWriter(&multi)
	require.NoError(t, w.WriteField("access_token", a.token))
	require.NoError(t, w.WriteField("text", "in parts"))
	require.NoError(t, w.Close())

	token := "access_token=" + a.token
	for _, tt := range []struct{ text, query, contentType, body string }{
		{"in the body", "", urlencoded, token + "&text=in+the+body"},
		{"with a charset", "", urlencoded + "; charset=UTF-8", token + "&text=with%20a%20charset"},
		{"in the query", "?" + token + "&text=in+the+query", urlencoded, ""},
		{"in both", "?" + token, urlencoded, "text=in+both"},
		{"body first", "?text=query+first&" + token, urlencoded, "text=body+first"},
		{"in parts", "", w.FormDataContentType(), multi.String()},
		{"beside JSON", "?text=beside+JSON&" + token, "application/json", `{"text":"no"}`},
	} {
		t.Run(tt.text, func(t *testing.T) {
			assert.Equal(t, tt.text, a.object(send("POST", tt.query, tt.contentType, tt.body))["data"].(object)["text"])
		})
	}
	assert.Len(t, a.object(send("GET", "", urlencoded, token))["data"], 7, "a GET may have a form too")

	a.fails(send("POST", "", "", token+"&text=untyped"), 400, "APIInvalidParametersError", "Content-Type")
	old := start(t, instagramtest.WithWire(instagramtest.Wire2013))
	oldMedia := old.srv.PostMedia(old.srv.Users()[0].ID, instagramtest.Media{}).ID
	req, err := http.NewRequestWithContext(t.Context(), "POST", old.srv.BaseURL()+"/media/"+oldMedia+"/comments", strings.NewReader("text=untyped&access_token="+old.token))
	require.NoError(t, err)
	assert.Equal(t, 200, old.send(req).status, "clients of the first years sent no content type")
	a.fails(send("POST", "", urlencoded, "text=%zz"), 400, "APIInvalidParametersError", "form")
	a.fails(send("POST", "?a=%zz", urlencoded, ""), 400, "APIInvalidParametersError", "query")
	a.fails(send("POST", "", "multipart/form-data; boundary=x", "--x\r\nbroken"), 400, "APIInvalidParametersError", "form")
	a.fails(send("POST", "", urlencoded, "text="+strings.Repeat("x", 2<<20)), 413, "APIInvalidParametersError", "too large")
}

func TestMethods(t *testing.T) {
	a := start(t)
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{}).ID
	a.post("/media/" + m + "/likes")
	a.post("/media/"+m+"/likes", "_method", "DELETE")
	assert.Empty(t, a.list("/media/"+m+"/likes"))
	a.post("/media/" + m + "/likes")
	a.post("/media/" + m + "/likes?_method=delete")
	assert.Empty(t, a.list("/media/"+m+"/likes"))
	assert.NotNil(t, a.object(a.get("/users/self?_method=DELETE")), "only a POST can mean something else")

	want := a.get("/users/self")
	head := a.do("HEAD", "/users/self", nil)
	assert.Equal(t, 200, head.status)
	assert.Empty(t, head.body)
	assert.Equal(t, want.header.Get("Content-Length"), head.header.Get("Content-Length"))
	assert.Equal(t, want.header.Get("Content-Type"), head.header.Get("Content-Type"))

	for _, tt := range []struct{ method, path, allow string }{
		{"POST", "/users/self", "GET, HEAD"},
		{"PUT", "/media/" + m + "/likes", "GET, HEAD, POST, DELETE"},
		{"OPTIONS", "/media/search", "GET, HEAD"},
		{"BREW", "/media/" + m + "/comments/1", "DELETE"},
		{"GET", "/media/" + m + "/comments/1", "DELETE"},
		{"POST", "/users/self?_method=PUT", "GET, HEAD"},
	} {
		got := a.do(tt.method, tt.path, nil)
		a.fails(got, 405, "APIError", "not allowed")
		assert.Equal(t, tt.allow, got.header.Get("Allow"), "%s %s", tt.method, tt.path)
	}
	for _, path := range []string{"", "/", "/users", "/users/self/x", "/oauth2", "/media/1/likes/2", "/users/self/media/recent/1"} {
		a.fails(a.get(path), 404, "APINotFoundError", "no such endpoint")
	}
}

func TestJSONP(t *testing.T) {
	a := start(t)
	var got answer
	want := string(a.get("/users/self").body)
	for _, f := range []string{"f", "jQuery_1", "$", "a.b[0].c"} {
		got = a.get("/users/self?callback=" + f)
		assert.Equal(t, "/**/ "+f+"("+want+");", string(got.body))
		assert.Equal(t, "text/javascript; charset=utf-8", got.header.Get("Content-Type"))
		assert.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"))
	}
	next := a.object(a.get("/users/self/media/recent?count=1"))["pagination"].(object)["next_url"].(string)
	page := a.fetch("GET", next+"&callback=f&callback=g")
	assert.True(t, strings.HasPrefix(string(page.body), "/**/ g({"), "the last one counts")
	assert.Contains(t, string(page.body), "&callback=g&", "and the next page has it too")
	assert.NotContains(t, string(page.body), "callback=f")

	got = a.get("/media/1?callback=f")
	assert.Equal(t, 200, got.status, "a browser runs no script that comes with an error")
	assert.Equal(t, `/**/ f({"meta":{"code":400,"error_type":"APINotFoundError","error_message":"invalid media id"}});`, string(got.body))

	for _, f := range []string{"alert(1)", "f;g", "<script>", "1f", "a.", "%2f*", "a%0Ab", "f%20", "%C3%BC", strings.Repeat("f", 300)} {
		got := a.get("/users/self?callback=" + f)
		a.fails(got, 400, "APIInvalidParametersError", "callback")
		assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
	}
}

func TestEveryAnswerIsJSONWithLimits(t *testing.T) {
	a := start(t)
	for _, path := range []string{"/users/self", "/users/1", "/nothing", "/media/search"} {
		for _, token := range []string{a.token, "wrong", ""} {
			b := a
			b.token = token
			got := b.get(path)
			assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
			assert.Equal(t, "5000", got.header.Get("X-Ratelimit-Limit"))
			assert.NotEmpty(t, got.header.Get("X-Ratelimit-Remaining"))
		}
	}
}

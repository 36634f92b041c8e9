package instagramtest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func itoa(n int) string { return strconv.Itoa(n) }

func mac(secret, text string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// sign is written after the API's documentation: the endpoint, then every parameter sorted by its
// name.
func sign(secret, endpoint string, params url.Values) string {
	var parts []string
	for k := range params {
		parts = append(parts, k+"="+params.Get(k))
	}
	slices.Sort(parts)
	return mac(secret, strings.Join(append([]string{endpoint}, parts...), "|"))
}

func TestSignTestHelper(t *testing.T) {
	const secret, token = "6dc1787668c64c939929c17683d7cb74", "fb2e77d.47a0479900504cb3ab4a1f626d174d2d"
	assert.Equal(t, "cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf",
		sign(secret, "/users/self", form("access_token", token)))
	assert.Equal(t, "260634b241a6cfef5e4644c205fb30246ff637591142781b86e2075faf1b163a",
		sign(secret, "/media/657988443280050001_25025320", form("access_token", token, "count", "10")))
	assert.Equal(t, "7e3c45bc34f56fd8e762ee4590a53c8c2bbce27e967a85484712e5faa0191688", mac(secret, "200.15.1.1"))
}

func TestSignedRequests(t *testing.T) {
	a := start(t, instagramtest.WithSignedRequests())
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{Caption: "#über"}).ID
	tests := map[string]struct{ method, path, endpoint, query, form, sig string }{
		"a read":                 {method: "GET", path: "/users/self"},
		"with parameters":        {method: "GET", path: "/users/self/media/recent", query: "count=3&max_id=5"},
		"a value with signs":     {method: "GET", path: "/users/search", query: "q=a%26b+%7C+%C3%BC"},
		"a form":                 {method: "POST", path: "/media/" + m + "/comments", form: "text=so+nice%21"},
		"form and query":         {method: "POST", path: "/media/" + m + "/comments", query: "text=no", form: "text=yes"},
		"a delete":               {method: "DELETE", path: "/media/" + m + "/likes"},
		"the path as sent":       {method: "GET", path: "/tags/%C3%BCber"},
		"the path unescaped":     {method: "GET", path: "/tags/%C3%BCber", endpoint: "/tags/über"},
		"a slash signed":         {method: "GET", path: "/users/self/", endpoint: "/users/self/"},
		"a slash not signed":     {method: "GET", path: "/users/self/", endpoint: "/users/self"},
		"a suffix not signed":    {method: "GET", path: "/users/self.json", endpoint: "/users/self"},
		"capital digits":         {method: "GET", path: "/users/self", sig: "upper"},
		"no sig":                 {method: "GET", path: "/users/self", sig: "none"},
		"an empty sig":           {method: "GET", path: "/users/self", sig: ""},
		"another endpoint's sig": {method: "GET", path: "/users/self", endpoint: "/users/self/feed"},
		"half a sig":             {method: "GET", path: "/users/self", sig: "half"},
		"no hex":                 {method: "GET", path: "/users/self", sig: "zz"},
	}
	refused := map[string]string{
		"no sig": "Missing required parameter 'sig'", "an empty sig": "",
		"another endpoint's sig": "Signature does not match", "half a sig": "does not match", "no hex": "does not match",
	}
	delete(tests, "an empty sig")
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			query, err := url.ParseQuery(tt.query)
			require.NoError(t, err)
			body, err := url.ParseQuery(tt.form)
			require.NoError(t, err)
			query.Set("access_token", a.token)
			params := url.Values{}
			for k := range query {
				params.Set(k, query.Get(k))
			}
			for k := range body {
				params.Set(k, body.Get(k))
			}
			endpoint := tt.endpoint
			if endpoint == "" {
				endpoint = tt.path
			}
			sig := sign(a.srv.ClientSecret, endpoint, params)
			switch tt.sig {
			case "upper":
				sig = strings.ToUpper(sig)
			case "half":
				sig = sig[:32]
			case "zz":
				sig = "zz" + sig[2:]
			}
			if tt.sig != "none" {
				query.Set("sig", sig)
			}
			req, err := http.NewRequestWithContext(t.Context(), tt.method, a.srv.BaseURL()+tt.path+"?"+query.Encode(), strings.NewReader(body.Encode()))
			require.NoError(t, err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			got := a.send(req)
			if message, bad := refused[name]; bad {
				a.unsigned(got, message)
			} else {
				a.object(got)
			}
		})
	}
	a.unsigned(a.get("/users/self?sig="), "Missing required parameter 'sig'")
}

// unsigned wants the error of a signature that is missing or wrong. It comes without the meta
// object.
func (a api) unsigned(got answer, message string) {
	a.Helper()
	var e struct {
		Code    int
		Type    string `json:"error_type"`
		Message string `json:"error_message"`
	}
	require.NoError(a, json.Unmarshal(got.body, &e), "%s", got.body)
	assert.Equal(a, []int{403, 403}, []int{got.status, e.Code})
	assert.Equal(a, "OAuthForbiddenException", e.Type)
	assert.Contains(a, e.Message, message)
}

func TestNextURLOfASignedRequestIsSigned(t *testing.T) {
	a := start(t, instagramtest.WithSignedRequests())
	sig := sign(a.srv.ClientSecret, "/users/self/media/recent", form("access_token", a.token, "count", "33"))
	assert.Len(t, a.pages("/users/self/media/recent?count=33&sig="+sig), 8)
}

func TestSignedForwardedFor(t *testing.T) {
	a := start(t, instagramtest.WithSignedForwardedFor())
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{}).ID
	assert.NotNil(t, a.one("/users/self"), "reads need no header")
	for header, message := range map[string]string{
		"":                                       "is required",
		"200.15.1.1":                             "is required",
		"|" + mac(a.srv.ClientSecret, ""):        "is required",
		"200.15.1.1|":                            "does not match",
		"200.15.1.1|" + strings.Repeat("zz", 32): "does not match",
		"200.15.1.1|" + mac(a.srv.ClientSecret, "200.15.1.1")[:63] + "g":              "does not match",
		"200.15.1.2|" + mac(a.srv.ClientSecret, "200.15.1.1"):                         "does not match",
		"200.15.1.1|" + mac(a.srv.ClientSecret, "200.15.1.1"):                         "",
		"200.15.1.1,131.51.1.35|" + mac(a.srv.ClientSecret, "200.15.1.1,131.51.1.35"): "",
	} {
		for _, method := range []string{"POST", "DELETE"} {
			req, err := http.NewRequestWithContext(t.Context(), method, a.srv.BaseURL()+"/media/"+m+"/likes?access_token="+a.token, nil)
			require.NoError(t, err)
			req.Header.Set("X-Insta-Forwarded-For", header)
			if message == "" {
				a.object(a.send(req))
			} else {
				a.unsigned(a.send(req), message)
			}
		}
	}
}

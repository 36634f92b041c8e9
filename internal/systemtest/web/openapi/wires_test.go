package openapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// TestEveryWire calls every endpoint in every generation. Each answer is a success, if apps of that
// time had the endpoint, fits, and has no member that is not described.
func TestEveryWire(t *testing.T) {
	doc := load(t)
	strict(doc)
	for name, wire := range map[string]instagramtest.Wire{
		"2011": instagramtest.Wire2011, "2013": instagramtest.Wire2013, "2017": instagramtest.Wire2017,
	} {
		t.Run(name, func(t *testing.T) {
			srv := instagramtest.NewServer(instagramtest.WithWire(wire))
			defer srv.Close()
			called := map[string]bool{}
			for _, c := range calls(t, srv) {
				e := send(t, srv, c)
				route := e.operation(doc)
				require.NotNil(t, route, c.path)
				called[c.method+" "+route.Path] = true
				want := http.StatusOK
				if wire == instagramtest.Wire2017 && route.Path == "/media/popular" {
					want = http.StatusBadRequest // newer apps do not have it
				}
				assert.Equal(t, want, e.Status, "%s %s: %s", c.method, c.path, e.Body)
				assert.NoError(t, e.check(t.Context(), route), "%s %s", c.method, c.path)
			}
			for _, endpoint := range endpoints {
				assert.True(t, called[endpoint], "%s is called", endpoint)
			}
		})
	}
}

// TestStrict is that a member that is not described is noticed.
func TestStrict(t *testing.T) {
	doc := load(t)
	e := exchange{
		Method: "GET", URL: "http://server/v1/tags/sunset", Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: []byte(`{"meta":{"code":200},"data":{"name":"sunset","media_count":1,"colour":"red"}}`),
	}
	require.NoError(t, e.check(t.Context(), e.operation(doc)))
	strict(doc)
	require.ErrorContains(t, e.check(t.Context(), e.operation(doc)), "colour")
}

// strict refuses members that are not described, wherever some are.
func strict(doc *openapi3.T) {
	for _, s := range doc.Components.Schemas {
		refuseOthers(s.Value)
	}
}

func refuseOthers(s *openapi3.Schema) {
	if s.Properties != nil && s.AdditionalProperties.Schema == nil {
		no := false
		s.AdditionalProperties.Has = &no
	}
	for _, p := range s.Properties {
		if p.Ref == "" {
			refuseOthers(p.Value)
		}
	}
}

type call struct{ method, path, form string }

// calls are all endpoints with values that this server knows.
func calls(t *testing.T, srv *instagramtest.Server) []call {
	me, others := srv.Users()[0].ID, srv.Users()[1:]
	var public string
	for _, u := range others {
		if !u.Private {
			public = u.ID
			break
		}
	}
	video := srv.PostMedia(me, instagramtest.Media{Type: "video", Caption: "waves #sea"})
	carousel := srv.PostMedia(me, instagramtest.Media{Type: "carousel", Latitude: 48.85837, Longitude: 2.294481, UsersInPhoto: []string{public}})
	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.URL.Query().Get("hub.challenge")) //nolint:errcheck // the server says if it fails
	}))
	t.Cleanup(callback.Close)
	app := url.Values{"client_id": {srv.ClientID}, "client_secret": {srv.ClientSecret}}.Encode()
	tower := "lat=48.85837&lng=2.294481"
	return []call{
		{"POST", "/subscriptions", app + "&object=geography&aspect=media&radius=5000&" + tower + "&callback_url=" + url.QueryEscape(callback.URL)},
		{"POST", "/subscriptions", app + "&object=tag&aspect=media&object_id=sea&callback_url=" + url.QueryEscape(callback.URL)},
		{"GET", "/subscriptions?" + app, ""},
		{"GET", "/geographies/1/media/recent", ""},
		{"DELETE", "/subscriptions?object=all&" + app, ""},
		{"GET", "/users/self", ""},
		{"GET", "/users/self/feed", ""},
		{"GET", "/users/" + me + "/media/recent?count=33", ""},
		{"GET", "/users/self/media/liked?count=5", ""},
		{"GET", "/users/search?q=mira", ""},
		{"GET", "/users/self/follows?count=2", ""},
		{"GET", "/users/self/followed-by", ""},
		{"GET", "/users/self/requested-by", ""},
		{"GET", "/users/" + public + "/relationship", ""},
		{"POST", "/users/" + public + "/relationship", "action=unfollow"},
		{"POST", "/users/" + public + "/relationship", "action=follow"},
		{"GET", "/media/" + video.ID, ""},
		{"GET", "/media/" + carousel.ID, ""},
		{"GET", "/media/shortcode/" + video.Shortcode, ""},
		{"GET", "/media/search?distance=5000&" + tower, ""},
		{"GET", "/media/popular", ""},
		{"POST", "/media/" + video.ID + "/comments", "text=so good"},
		{"POST", "/media/" + video.ID + "/likes", "_method=POST"},
		{"GET", "/media/" + video.ID + "/comments", ""},
		{"GET", "/media/" + video.ID + "/likes", ""},
		{"GET", "/media/" + video.ID, ""},
		{"DELETE", "/media/" + video.ID + "/likes", ""},
		{"GET", "/tags/sea", ""},
		{"GET", "/tags/sea/media/recent", ""},
		{"GET", "/tags/search?q=s", ""},
		{"GET", "/locations/search?distance=5000&" + tower, ""},
		{"GET", "/locations/833", ""},
		{"GET", "/locations/833/media/recent", ""},
		{"DELETE", "/media/" + video.ID + "/comments/COMMENT", ""},
	}
}

func send(t *testing.T, srv *instagramtest.Server, c call) exchange {
	t.Helper()
	if media, ok := strings.CutSuffix(c.path, "/COMMENT"); ok { // one that the answers named
		var list struct{ Data []struct{ ID any } }
		decode(t, send(t, srv, call{"GET", media, ""}).Body, &list)
		c.path = media + "/" + text(list.Data[0].ID)
	}
	u := srv.BaseURL() + c.path
	sep := "?"
	if strings.Contains(u, "?") {
		sep = "&"
	}
	if !strings.Contains(c.path+c.form, "client_secret") {
		u += sep + "access_token=" + srv.AccessToken(srv.Users()[0].ID)
	}
	var body io.Reader = http.NoBody
	if c.form != "" {
		body = strings.NewReader(c.form)
	}
	req, err := http.NewRequestWithContext(t.Context(), c.method, u, body)
	require.NoError(t, err)
	if c.form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return exchange{Method: c.method, URL: u, Form: c.form, Status: resp.StatusCode, Header: resp.Header, Body: b}
}

package instagram_test

import (
	"context"
	"encoding/json"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

const mediaLink = "http://instagram.com/p/D/"

// oEmbed lives beside /v1, and no credential goes there.
func TestEmbedsGet(t *testing.T) {
	const body = `{"version":"1.0","type":"rich","title":"Sea & salt","html":"<blockquote>\u2026</blockquote>",
		"author_name":"mora.kestrel","author_url":"http://instagram.com/mora.kestrel","author_id":72,"media_id":"11_72",
		"provider_name":"Instagram","provider_url":"http://instagram.com/","width":658,"height":null,
		"thumbnail_url":"http://images.example/11.jpg","thumbnail_width":612,"thumbnail_height":"612","cache_age":3600}`
	want := &instagram.Embed{
		Version: "1.0", Type: "rich", Title: "Sea & salt", HTML: "<blockquote>…</blockquote>",
		AuthorName: "mora.kestrel", AuthorURL: "http://instagram.com/mora.kestrel", AuthorID: "72", MediaID: "11_72",
		ProviderName: "Instagram", ProviderURL: "http://instagram.com/", Width: 658,
		ThumbnailURL: "http://images.example/11.jpg", ThumbnailWidth: 612, ThumbnailHeight: 612,
		Extra: map[string]json.RawMessage{"cache_age": json.RawMessage("3600")},
	}
	tests := map[string]struct {
		opts   *instagram.EmbedOptions
		base   string
		path   string
		params url.Values
	}{
		"no options": {nil, "https://api.example/v1", "https://api.example/oembed", url.Values{"url": {mediaLink}}},
		"all options": {
			&instagram.EmbedOptions{MaxWidth: 320, HideCaption: true, OmitScript: true},
			"https://api.example/v1/", "https://api.example/oembed",
			url.Values{"url": {mediaLink}, "maxwidth": {"320"}, "hidecaption": {"true"}, "omitscript": {"true"}},
		},
		"below a path": {nil, "https://api.example/gate/v1", "https://api.example/gate/oembed", url.Values{"url": {mediaLink}}},
		"no version":   {nil, "https://api.example", "https://api.example/oembed", url.Values{"url": {mediaLink}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, instagram.WithBaseURL(tt.base), instagram.WithClientCredentials(testClientID, testClientSecret))
			transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				assert.Equal(t, http.MethodGet, r.Method)
				assert.Equal(t, tt.params, r.URL.Query())
				assert.Empty(t, r.Header.Get("Authorization"))
				at := *r.URL
				at.RawQuery = ""
				assert.Equal(t, tt.path, at.String())
				return answer(200, body)(r)
			})
			got, err := client.Embeds.Get(t.Context(), mediaLink, tt.opts)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

func TestEmbedsGetErrors(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   error
	}{
		"plain text":        {404, "No Media Match\n", instagram.ErrNotFound},
		"a page":            {404, "<html>no</html>", instagram.ErrNotFound},
		"with meta":         {400, `{"meta":{"code":400,"error_type":"APINotFoundError","error_message":"no"}}`, instagram.ErrNotFound},
		"meta under a 200":  {200, `{"meta":{"code":400,"error_type":"APINotAllowedError"}}`, instagram.ErrNotAllowed},
		"meta and no error": {200, `{"meta":{"code":200},"data":null}`, instagram.ErrInvalidResponse},
		"a page for it":     {200, "<html></html>", instagram.ErrInvalidResponse},
		"empty":             {200, "", instagram.ErrInvalidResponse},
		"null":              {200, "null", instagram.ErrInvalidResponse},
		"something else":    {200, `{"hello":"there"}`, instagram.ErrInvalidResponse},
		"wrong member":      {200, `{"type":"rich","html":"","width":"x"}`, instagram.ErrInvalidResponse},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(tt.status, tt.body))
			got, err := client.Embeds.Get(t.Context(), mediaLink, nil)
			require.ErrorIs(t, err, tt.want)
			assert.Nil(t, got)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "/oembed", failure.Endpoint)
			assert.Equal(t, map[string]string{"plain text": "No Media Match", "with meta": "no"}[name], failure.Message)
		})
	}
}

func TestEmbedsGetRefuses(t *testing.T) {
	get := func(link string, opts *instagram.EmbedOptions) func(context.Context, *instagram.Client) error {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Embeds.Get(ctx, link, opts)
			return err
		}
	}
	tests := map[string]struct {
		call      func(context.Context, *instagram.Client) error
		parameter string
	}{
		"no link":        {get("", nil), "url"},
		"a shortcode":    {get("D", nil), "url"},
		"another scheme": {get("file:///p/D/", nil), "url"},
		"not a URL":      {get("http://a b/", nil), "url"},
		"negative width": {get(mediaLink, &instagram.EmbedOptions{MaxWidth: -1}), "maxwidth"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			var parameter *instagram.ParameterError
			require.ErrorAs(t, tt.call(t.Context(), client), &parameter)
			assert.Equal(t, tt.parameter, parameter.Parameter)
			assert.Zero(t, transport.GetTotalCallCount())
		})
	}
}

func TestImageURL(t *testing.T) {
	tests := map[string]struct {
		link string
		size instagram.ImageSize
		want string // empty where it is refused
	}{
		"thumbnail":     {"http://instagram.com/p/D/", instagram.ImageThumbnail, "http://instagram.com/p/D/media/?size=t"},
		"medium":        {"https://www.instagram.com/p/B-x_9", instagram.ImageMedium, "https://www.instagram.com/p/B-x_9/media/?size=m"},
		"large":         {"http://127.0.0.1:8080/p/D/", instagram.ImageLarge, "http://127.0.0.1:8080/p/D/media/?size=l"},
		"below a user":  {"https://instagram.com/mora.kestrel/p/D/", "l", "https://instagram.com/mora.kestrel/p/D/media/?size=l"},
		"with a query":  {"https://u:p@instagram.com/p/D/?taken-by=x#y", "l", "https://instagram.com/p/D/media/?size=l"},
		"no size":       {"http://instagram.com/p/D/", "", ""},
		"unknown size":  {"http://instagram.com/p/D/", "x", ""},
		"a profile":     {"http://instagram.com/mora.kestrel/", "l", ""},
		"no shortcode":  {"http://instagram.com/p/", "l", ""},
		"no host":       {"/p/D/", "l", ""},
		"dots":          {"http://instagram.com/p/../", "l", ""},
		"escaped slash": {"http://instagram.com/p/%2e%2e%2fx", "l", ""},
		"a shortcode":   {"D", "l", ""},

		// For an attribute of HTML, quoted or not.
		"quote in the host":   {`http://a"onerror="alert(1)/p/D/`, "l", ""},
		"tag in the host":     {`http://a<script>/p/D/`, "l", ""},
		"quote in the path":   {`http://instagram.com/x'onerror='alert(1)/p/D/`, "l", ""},
		"bracket in the path": {`http://instagram.com/x>y/p/D/`, "l", ""},
		"space in the path":   {`http://instagram.com/x y/p/D/`, "l", ""},
		"IPv6":                {"http://[::1]:8080/p/D/", "l", "http://[::1]:8080/p/D/media/?size=l"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := instagram.ImageURL(tt.link, tt.size)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want == "", err != nil)
			if err != nil {
				assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
			}
		})
	}
}

func TestEmbedAsJSON(t *testing.T) {
	const always = `"author_name":"ada","author_url":"","media_id":"11_7","provider_name":"","provider_url":"","width":612,"height":0`
	sameAgain(t, `{"version":1.0,"type":"photo","author_id":7,"url":"http://h/1.jpg","title":"","cache":1,`+always+`}`,
		`{"version":"1.0","type":"photo","author_id":"7","url":"http://h/1.jpg","title":"","cache":1,`+always+`}`,
		instagram.Embed{
			Version: "1.0", Type: "photo", AuthorID: "7", URL: "http://h/1.jpg", AuthorName: "ada", MediaID: "11_7", Width: 612,
			Extra: map[string]json.RawMessage{"title": json.RawMessage(`""`), "cache": json.RawMessage("1")},
		})
	sameAgain(t, `{"version":"1.0","type":"rich","author_id":"7","html":"<p>","thumbnail_url":"u","thumbnail_width":1,"thumbnail_height":2,`+always+`}`,
		`{"version":"1.0","type":"rich","author_id":"7","html":"<p>","thumbnail_url":"u","thumbnail_width":1,"thumbnail_height":2,`+always+`}`,
		instagram.Embed{
			Version: "1.0", Type: "rich", AuthorID: "7", HTML: "<p>", AuthorName: "ada", MediaID: "11_7", Width: 612,
			ThumbnailURL: "u", ThumbnailWidth: 1, ThumbnailHeight: 2,
		})
}

func TestEmbedsOnServer(t *testing.T) {
	eachWire(t, func(t *testing.T, wire instagramtest.Option) {
		server := startServer(t, wire)
		me := server.Users()[0]
		client := signedIn(t, server, me)
		posted := server.PostMedia(me.ID, instagramtest.Media{Caption: "Sea & salt"})
		media, err := client.Media.GetByShortcode(t.Context(), posted.Shortcode)
		require.NoError(t, err)

		embed, err := client.Embeds.Get(t.Context(), media.Link, &instagram.EmbedOptions{MaxWidth: 400, OmitScript: true})
		require.NoError(t, err)
		assert.Equal(t, me.Username, embed.AuthorName)
		assert.Equal(t, me.ID, embed.AuthorID)
		assert.Equal(t, "Sea & salt", embed.Title)
		assert.LessOrEqual(t, embed.Width, 400)
		assert.NotContains(t, embed.HTML, "<script")
		for _, request := range server.Requests() {
			if request.Path == "/oembed" {
				assert.NotContains(t, request.Params, "access_token")
			}
		}

		for size, pixels := range map[instagram.ImageSize]int{
			instagram.ImageThumbnail: 150, instagram.ImageMedium: 306, instagram.ImageLarge: 612,
		} {
			link, err := instagram.ImageURL(media.Link, size)
			require.NoError(t, err)
			res, err := server.Client().Get(link)
			require.NoError(t, err)
			picture, _, err := image.DecodeConfig(res.Body)
			res.Body.Close()
			require.NoError(t, err)
			assert.Equal(t, pixels, picture.Width)
		}

		_, err = client.Embeds.Get(t.Context(), strings.Replace(media.Link, posted.Shortcode, "AAAA", 1), nil)
		require.ErrorIs(t, err, instagram.ErrNotFound)
		assert.ErrorContains(t, err, "No Media Match")
	})
}

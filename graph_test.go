package instagram_test

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

const everyField = "id,caption,media_type,media_product_type,media_url,permalink,shortcode,thumbnail_url,timestamp,username,owner," +
	"like_count,comments_count,is_comment_enabled,is_shared_to_feed," +
	"children{id,media_type,media_url,permalink,thumbnail_url,timestamp,username}"

// A call of the Graph has its own host, the token and what was asked for, and nothing of v1's
// credentials.
func TestGraphRequest(t *testing.T) {
	tests := map[string]struct {
		opts   []instagram.Option
		userID string
		list   *instagram.GraphMediaOptions
		url    string
		query  url.Values
	}{
		"default": {nil, "17800000000000007", nil,
			"https://graph.instagram.com/17800000000000007/media", url.Values{"fields": {everyField}}},
		"the user of the token": {nil, instagram.Self, nil,
			"https://graph.instagram.com/me/media", url.Values{"fields": {everyField}}},
		"the same in the Graph's word": {nil, "me", nil,
			"https://graph.instagram.com/me/media", url.Values{"fields": {everyField}}},
		"version": {[]instagram.Option{instagram.WithGraphVersion("v26.0")}, "me", nil,
			"https://graph.instagram.com/v26.0/me/media", url.Values{"fields": {everyField}}},
		"another host": {[]instagram.Option{instagram.WithGraphVersion("v9"), instagram.WithGraphURL("http://gateway.example:8080/graph/")}, "me", nil,
			"http://gateway.example:8080/graph/v9/me/media", url.Values{"fields": {everyField}}},
		"v1 credentials": {[]instagram.Option{instagram.WithClientCredentials("app", "hush"), instagram.WithSignedRequests()}, "me", nil,
			"https://graph.instagram.com/me/media", url.Values{"fields": {everyField}}},
		"all options": {nil, "me", &instagram.GraphMediaOptions{
			Fields: []instagram.GraphField{instagram.GraphFieldCaption, instagram.GraphFieldChildrenIDs, "like_count"},
			Limit:  50, Since: instagram.GraphTimeOf(monday), Until: instagram.GraphTimeOf(tuesday),
		}, "https://graph.instagram.com/me/media", url.Values{
			"fields": {"caption,children,like_count"}, "limit": {"50"}, "since": {"1296432000"}, "until": {"1296518400"},
		}},
		"times in words": {nil, "me", &instagram.GraphMediaOptions{Since: "last monday", Until: "2011-02-01 + 1 day"},
			"https://graph.instagram.com/me/media", url.Values{
				"fields": {everyField}, "since": {"last monday"}, "until": {"2011-02-01 + 1 day"},
			}},
		"all fields and one": {nil, "me", &instagram.GraphMediaOptions{Fields: []instagram.GraphField{instagram.GraphMediaFields, "like_count"}},
			"https://graph.instagram.com/me/media", url.Values{"fields": {everyField + ",like_count"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, tt.opts...)
			var sent *http.Request
			transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				sent = r
				return answer(200, `{"data":[{"id":"1"}],"paging":{}}`)(r)
			})
			page, err := client.Graph.UserMedia(tt.userID, tt.list).Next(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "1", page.Items[0].ID)
			tt.query.Set("access_token", testToken)
			assert.Equal(t, tt.query, sent.URL.Query())
			sent.URL.RawQuery = ""
			assert.Equal(t, tt.url, sent.URL.String())
			assert.Equal(t, http.MethodGet, sent.Method)
			assert.Empty(t, sent.Header.Get("Authorization"))
		})
	}
}

func TestGraphRefuses(t *testing.T) {
	list := func(o instagram.GraphMediaOptions) func(context.Context, *instagram.Client) error {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Graph.UserMedia("me", &o).Next(ctx)
			return err
		}
	}
	from := func(cursor instagram.Cursor) func(context.Context, *instagram.Client) error {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Graph.Entries("me", nil).From(cursor).Next(ctx)
			return err
		}
	}
	tests := map[string]struct {
		call      func(context.Context, *instagram.Client) error
		parameter string
	}{
		"empty id": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Graph.UserMedia("", nil).Next(ctx)
			return err
		}, "user-id"},
		"dot segment": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Graph.UserMedia("../oauth", nil).Next(ctx)
			return err
		}, "user-id"},
		"no token": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.WithGraphTokenSource(nil).Graph.UserMedia("me", nil).Next(ctx)
			return err
		}, "access_token"},
		"empty field":          {list(instagram.GraphMediaOptions{Fields: []instagram.GraphField{"id", ""}}), "fields"},
		"field with a space":   {list(instagram.GraphMediaOptions{Fields: []instagram.GraphField{"id, caption"}}), "fields"},
		"negative limit":       {list(instagram.GraphMediaOptions{Limit: -1}), "limit"},
		"huge limit":           {list(instagram.GraphMediaOptions{Limit: math.MaxInt}), "limit"},
		"span turned round":    {list(instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(tuesday), Until: instagram.GraphTimeOf(monday)}), "since"},
		"cursor of v1":         {from("max_id=7"), "cursor"},
		"cursor with two ends": {from("after=7&before=8"), "cursor"},
		"cursor of the Graph": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.Feed(nil).From("after=7").Next(ctx)
			return err
		}, "cursor"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			err := tt.call(t.Context(), client)
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			var parameter *instagram.ParameterError
			require.ErrorAs(t, err, &parameter)
			assert.Equal(t, tt.parameter, parameter.Parameter)
			assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
		})
	}
}

func TestGraphOptionsRefuse(t *testing.T) {
	for _, version := range []string{"", "26.0", "v", "v26.", "v.1", "v26.0.1", "v26/../v1", "vx", "v26.0 "} {
		_, err := instagram.NewClient(instagram.WithGraphVersion(version))
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, "%q", version)
	}
	for _, base := range []string{"", "graph.instagram.com", "https://me:hunter2@graph.example", "https://graph.example?access_token=hunter2"} {
		_, err := instagram.NewClient(instagram.WithGraphURL(base))
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, "%q", base)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

// The client of another user has the same Graph and another token.
func TestGraphWithToken(t *testing.T) {
	client, transport := mockClient(t, instagram.WithGraphVersion("v26.0"))
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "/v26.0/me/media", r.URL.Path)
		assert.Equal(t, []string{"other"}, r.URL.Query()["access_token"])
		return answer(200, `{"data":[]}`)(r)
	})
	page, err := client.WithGraphToken("other").Graph.Entries("me", nil).Next(t.Context())
	require.NoError(t, err)
	assert.Empty(t, page.Items)
	assert.Equal(t, instagram.CursorEnd, page.Cursor())
}

// The zone of a time does not change what second it is.
func TestGraphTimesAreUTC(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "1296432000", r.URL.Query().Get("since"))
		return answer(200, `{"data":[]}`)(r)
	})
	since := monday.In(time.FixedZone("", -8*3600)).Add(999 * time.Millisecond)
	_, err := client.Graph.UserMedia("me", &instagram.GraphMediaOptions{Since: instagram.GraphTimeOf(since)}).Next(t.Context())
	require.NoError(t, err)
}

func TestGraphTimeOf(t *testing.T) {
	assert.Equal(t, instagram.GraphTime(""), instagram.GraphTimeOf(time.Time{}))
	assert.Equal(t, instagram.GraphTime("1296432000"), instagram.GraphTimeOf(time.Date(2011, 1, 31, 1, 0, 0, 999, time.FixedZone("", 3600))))
}

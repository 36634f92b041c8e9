package instagram_test

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// Bad input is refused, by name, before anything is sent.
func TestBadInput(t *testing.T) {
	type call = func(context.Context, *instagram.Client) error
	userGet := func(id string) call {
		return func(ctx context.Context, c *instagram.Client) error { _, err := c.Users.Get(ctx, id); return err }
	}
	tagGet := func(name string) call {
		return func(ctx context.Context, c *instagram.Client) error { _, err := c.Tags.Get(ctx, name); return err }
	}
	recent := func(o instagram.UserMediaOptions) call {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.RecentMedia(instagram.Self, &o).Next(ctx)
			return err
		}
	}
	mediaSearch := func(lat, lng float64, o instagram.MediaSearchOptions) call {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Media.Search(ctx, lat, lng, &o)
			return err
		}
	}
	locationSearch := func(q instagram.LocationQuery) call {
		return func(ctx context.Context, c *instagram.Client) error { _, err := c.Locations.Search(ctx, q); return err }
	}
	comment := func(text string) call {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Comments.Create(ctx, "11_7", text)
			return err
		}
	}
	tests := map[string]struct {
		call      call
		parameter string
		reason    string
	}{
		"empty id":          {userGet(""), "user-id", "empty"},
		"blank id":          {userGet(" \t"), "user-id", "empty"},
		"dot segment":       {userGet(".."), "user-id", `".."`},
		"inner dot segment": {userGet("7/../8"), "user-id", `"7/../8"`},
		"another endpoint":  {userGet("7/media/recent"), "user-id", `"7/media/recent"`},
		"extension":         {userGet("7.json"), "user-id", ".json"},
		"last extension": {func(ctx context.Context, c *instagram.Client) error {
			return c.Comments.Delete(ctx, "11_7", "12.json")
		}, "comment-id", ".json"},
		"backslash segment":  {userGet(`7\..\8`), "user-id", `"7\\..\\8"`},
		"control character":  {userGet("7\r\nHost: x"), "user-id", "control character"},
		"not UTF-8":          {userGet("7\xff"), "user-id", "UTF-8"},
		"tag with #":         {tagGet("#snow"), "tag-name", "leading #"},
		"empty tag":          {tagGet(""), "tag-name", "empty"},
		"negative count":     {recent(instagram.UserMediaOptions{Count: -1}), "count", "negative"},
		"span turned round":  {recent(instagram.UserMediaOptions{MinTimestamp: tuesday, MaxTimestamp: monday}), "min_timestamp", "after max_timestamp"},
		"latitude too far":   {mediaSearch(90.1, 0, instagram.MediaSearchOptions{}), "lat", "±90"},
		"latitude NaN":       {mediaSearch(math.NaN(), 0, instagram.MediaSearchOptions{}), "lat", "±90"},
		"longitude too far":  {mediaSearch(0, -180.1, instagram.MediaSearchOptions{}), "lng", "±180"},
		"longitude infinite": {mediaSearch(0, math.Inf(1), instagram.MediaSearchOptions{}), "lng", "±180"},
		"distance too far":   {mediaSearch(0, 0, instagram.MediaSearchOptions{Distance: 5001}), "distance", "over 5000"},
		"distance negative":  {mediaSearch(0, 0, instagram.MediaSearchOptions{Distance: -1}), "distance", "negative"},
		"span over 7 days": {mediaSearch(0, 0, instagram.MediaSearchOptions{
			MinTimestamp: monday, MaxTimestamp: monday.Add(7*24*time.Hour + time.Second),
		}), "max_timestamp", "7 days"},
		"search span turned round": {mediaSearch(0, 0, instagram.MediaSearchOptions{MinTimestamp: tuesday, MaxTimestamp: monday}), "min_timestamp", "after max_timestamp"},
		"location too far north":   {locationSearch(instagram.LocationQuery{Latitude: 91}), "lat", "±90"},
		"location too far east":    {locationSearch(instagram.Near(0, 181)), "lng", "±180"},
		"location nowhere":         {locationSearch(instagram.LocationQuery{}), "lat", "neither"},
		"location distance alone":  {locationSearch(instagram.LocationQuery{Distance: 100}), "lat", "neither"},
		"location distance":        {locationSearch(instagram.LocationQuery{FoursquareID: "1", Distance: 5001}), "distance", "over 5000"},
		"empty user query": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.Search(ctx, " ", nil)
			return err
		}, "q", "empty"},
		"negative user count": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.Search(ctx, "ada", &instagram.UserSearchOptions{Count: -2})
			return err
		}, "count", "negative"},
		"empty tag query": {func(ctx context.Context, c *instagram.Client) error { _, err := c.Tags.Search(ctx, ""); return err }, "q", "empty"},
		"unknown action": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Modify(ctx, "7", "befriend")
			return err
		}, "action", "befriend"},
		"no action": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Modify(ctx, "7", "")
			return err
		}, "action", ""},
		"empty comment id": {func(ctx context.Context, c *instagram.Client) error { return c.Comments.Delete(ctx, "11_7", "") }, "comment-id", "empty"},
		"empty media id":   {func(ctx context.Context, c *instagram.Client) error { return c.Likes.Like(ctx, "") }, "media-id", "empty"},
		"foreign cursor": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.Feed(nil).From("access_token=x").Next(ctx)
			return err
		}, "cursor", "not a place"},
		"garbage cursor": {func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Users.Feed(nil).From("%zz").Next(ctx)
			return err
		}, "cursor", "not a place"},
		"empty comment":     {comment("  "), "text", "empty"},
		"long comment":      {comment(strings.Repeat("é", 301)), "text", "300 characters"},
		"comment with tags": {comment("so #much #snow #on #the #hills"), "text", "4 hashtags"},
		"comment with URLs": {comment("http://example.com and HTTPS://example.org"), "text", "1 URL"},
		"loud comment":      {comment("WHAT A VIEW!"), "text", "capitals"},
		"loud in Cyrillic":  {comment("КАКОЙ ВИД"), "text", "capitals"},
	}
	if tooMany := int64(math.MaxInt32) + 1; strconv.IntSize == 64 {
		test := tests["negative count"]
		test.call, test.reason = recent(instagram.UserMediaOptions{Count: int(tooMany)}), "over"
		tests["huge count"] = test
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			err := tt.call(t.Context(), client)
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			var parameter *instagram.ParameterError
			require.ErrorAs(t, err, &parameter)
			assert.Equal(t, tt.parameter, parameter.Parameter)
			assert.Contains(t, parameter.Reason, tt.reason)
			assert.Contains(t, err.Error(), tt.parameter)
			assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
		})
	}
}

// What the rules for comments allow is sent.
func TestGoodComments(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("é", 300),
		"#four #tags #are #fine",
		"one https://example.com/a#b-c link #and #four #more #tags",
		"NASA called",
		"写真 ABC",
		"!!! 👍",
		"a#b c#d",
	} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(answer(200, `{"meta":{"code":200},"data":null}`))
		got, err := client.Comments.Create(t.Context(), "11_7", text)
		require.NoError(t, err, text)
		assert.Nil(t, got, "the server did not say")
	}
}

// Hard path elements reach the server as themselves.
func TestPathElements(t *testing.T) {
	for element, want := range map[string]string{
		"über été":  "/v1/tags/%C3%BCber%20%C3%A9t%C3%A9",
		"a?b=c":     "/v1/tags/a%3Fb=c",
		"a b":       "/v1/tags/a%20b",
		"%2e%2e":    "/v1/tags/%252e%252e",
		"{tag}":     "/v1/tags/%7Btag%7D",
		"a;b":       "/v1/tags/a%3Bb",
		"...":       "/v1/tags/...",
		"日本":        "/v1/tags/%E6%97%A5%E6%9C%AC",
		"snow#hill": "/v1/tags/snow%23hill",
	} {
		client, transport := mockClient(t)
		var got string
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			got = r.URL.EscapedPath()
			return answer(200, `{"meta":{"code":200},"data":{"name":"x"}}`)(r)
		})
		_, err := client.Tags.Get(t.Context(), element)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestNewClientRefuses(t *testing.T) {
	tests := map[string]struct {
		opts      []instagram.Option
		parameter string
	}{
		"relative base URL":     {[]instagram.Option{instagram.WithBaseURL("/v1")}, "base URL"},
		"base URL without host": {[]instagram.Option{instagram.WithBaseURL("http://")}, "base URL"},
		"base URL of a file":    {[]instagram.Option{instagram.WithBaseURL("file:///tmp")}, "base URL"},
		"base URL with a space": {[]instagram.Option{instagram.WithBaseURL("http://a b/")}, "base URL"},
		"base URL with query":   {[]instagram.Option{instagram.WithBaseURL("http://localhost/v1?a=b")}, "base URL"},
		"base URL with user":    {[]instagram.Option{instagram.WithBaseURL("http://me:hunter2@localhost/v1")}, "base URL"},
		"empty base URL":        {[]instagram.Option{instagram.WithBaseURL("")}, "base URL"},
		"empty token":           {[]instagram.Option{instagram.WithAccessToken("")}, "access_token"},
		"token with newline":    {[]instagram.Option{instagram.WithAccessToken("hunter2\n")}, "access_token"},
		"nil token source":      {[]instagram.Option{instagram.WithTokenSource(nil)}, "token source"},
		"nil HTTP client":       {[]instagram.Option{instagram.WithHTTPClient(nil)}, "HTTP client"},
		"secret with newline":   {[]instagram.Option{instagram.WithClientCredentials("id", "hunter2\n")}, "client_secret"},
		"empty client id":       {[]instagram.Option{instagram.WithClientCredentials("", "hunter2")}, "client_id"},
		"signing, no secret":    {[]instagram.Option{instagram.WithSignedRequests()}, "client_secret"},
		"signing, empty secret": {[]instagram.Option{instagram.WithSignedRequests(), instagram.WithClientCredentials("id", "")}, "client_secret"},
		"body size":             {[]instagram.Option{instagram.WithMaxBodySize(0)}, "body size"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, err := instagram.NewClient(tt.opts...)
			assert.Nil(t, client)
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			var parameter *instagram.ParameterError
			require.ErrorAs(t, err, &parameter)
			assert.Equal(t, tt.parameter, parameter.Parameter)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

// Each action goes out under its own name.
func TestRelationshipActionsOnTheWire(t *testing.T) {
	for action, want := range map[instagram.RelationshipAction]string{
		instagram.ActionFollow: "follow", instagram.ActionUnfollow: "unfollow", instagram.ActionBlock: "block",
		instagram.ActionUnblock: "unblock", instagram.ActionApprove: "approve", instagram.ActionIgnore: "ignore",
		instagram.ActionDeny: "deny",
	} {
		client, transport := mockClient(t)
		transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, want, r.FormValue("action"))
			return answer(200, `{"meta":{"code":200},"data":{"outgoing_status":"none"}}`)(r)
		})
		_, err := client.Relationships.Modify(t.Context(), "7", action)
		require.NoError(t, err)
	}
}

// Only http and https can carry a call.
func TestBaseURLSchemes(t *testing.T) {
	for raw, ok := range map[string]bool{
		"http://localhost/v1": true, "https://localhost/v1": true, "HTTPS://localhost/v1": true,
		"ftp://localhost/v1": false, "ws://localhost/v1": false, "unix://localhost/v1": false, "//localhost/v1": false,
		"localhost:8080/v1": false, "javascript://localhost/v1": false,
	} {
		_, err := instagram.NewClient(instagram.WithBaseURL(raw))
		assert.Equal(t, ok, err == nil, raw)
		_, err = instagram.NewClient(instagram.WithGraphURL(raw))
		assert.Equal(t, ok, err == nil, raw)
	}
}

// A geography is paged by max_id, whatever else its answers say.
func TestGeographiesArePagedByMaxID(t *testing.T) {
	client, transport := mockClient(t)
	var asked []string
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		query.Del("access_token")
		asked = append(asked, query.Encode())
		if len(asked) == 3 {
			return answer(200, `{"meta":{"code":200},"data":[{"id":"3"}],"pagination":{}}`)(r)
		}
		return answer(200, `{"meta":{"code":200},"data":[{"id":"`+strconv.Itoa(len(asked))+`"}],
			"pagination":{"next_max_id":"`+strconv.Itoa(10*len(asked))+`","next_cursor":"no","next_max_tag_id":"no"}}`)(r)
	})
	items, err := client.Geographies.RecentMedia("9", nil).Collect(t.Context(), 0)
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2", "3"}, ids(items))
	assert.Equal(t, []string{"", "max_id=10", "max_id=20"}, asked)
}

// 0, 0 is a point where Near says so, and none where a query was left empty.
func TestAnyPointIsNear(t *testing.T) {
	client, transport := mockClient(t)
	var sent []string
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.URL.Query().Get("lat")+" "+r.URL.Query().Get("lng"))
		return answer(200, `{"meta":{"code":200},"data":[]}`)(r)
	})
	for _, query := range []instagram.LocationQuery{
		instagram.Near(0, 0), instagram.Near(46.6, 9.6), {Latitude: 46.6, Longitude: 9.6}, {Longitude: 9.6}, {FoursquareV2ID: "1"},
	} {
		_, err := client.Locations.Search(t.Context(), query)
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"0 0", "46.6 9.6", "46.6 9.6", "0 9.6", " "}, sent)
}

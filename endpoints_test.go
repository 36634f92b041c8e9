package instagram_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// endpoints are all that the API has, as its reference lists them.
var endpoints = []string{
	"GET /users/{user-id}",
	"GET /users/self/feed",
	"GET /users/{user-id}/media/recent",
	"GET /users/self/media/liked",
	"GET /users/search",
	"GET /users/{user-id}/follows",
	"GET /users/{user-id}/followed-by",
	"GET /users/self/requested-by",
	"GET /users/{user-id}/relationship",
	"POST /users/{user-id}/relationship",
	"GET /media/{media-id}",
	"GET /media/shortcode/{shortcode}",
	"GET /media/search",
	"GET /media/popular",
	"GET /media/{media-id}/comments",
	"POST /media/{media-id}/comments",
	"DELETE /media/{media-id}/comments/{comment-id}",
	"GET /media/{media-id}/likes",
	"POST /media/{media-id}/likes",
	"DELETE /media/{media-id}/likes",
	"GET /tags/{tag-name}",
	"GET /tags/{tag-name}/media/recent",
	"GET /tags/search",
	"GET /locations/{location-id}",
	"GET /locations/{location-id}/media/recent",
	"GET /locations/search",
	"GET /geographies/{geo-id}/media/recent",
}

// endpointCall is one method of the package, the request that it makes and the answer that it makes
// something of.
type endpointCall struct {
	endpoint string
	call     func(context.Context, *instagram.Client) (any, error)
	path     string
	params   string // in the form for POST, in the query otherwise
	answer   string // the data of the answer
	want     any
}

var (
	monday  = time.Unix(1296432000, 0)
	tuesday = time.Unix(1296518400, 0)
)

const (
	mediaAnswer = `{"id":"11_7","type":"image"}`
	userAnswer  = `{"id":"7","username":"ada"}`
	placeAnswer = `{"id":5,"name":"Quay","latitude":1.5,"longitude":-2.5}`
)

var (
	wantMedia = instagram.MediaEntry{ID: "11_7", Type: instagram.MediaImage}
	wantUser  = instagram.UserShortInfo{ID: "7", Username: "ada"}
	wantPlace = instagram.LocationInfo{ID: "5", Name: "Quay", Latitude: 1.5, Longitude: -2.5}
)

var endpointCalls = []endpointCall{
	{
		"GET /users/{user-id}",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Users.Get(ctx, "7") },
		"/users/7", "",
		`{"id":"7","username":"ada","counts":{"media":3,"follows":2,"followed_by":1}}`,
		&instagram.UserInfo{ID: "7", Username: "ada", Counts: instagram.UserCounts{Media: 3, Follows: 2, FollowedBy: 1}},
	},
	{
		"GET /users/self/feed",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Users.Feed(&instagram.FeedOptions{Count: 5, MinID: "a", MaxID: "b"}))
		},
		"/users/self/feed", "count=5&max_id=b&min_id=a",
		"[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
	{
		"GET /users/{user-id}/media/recent",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{
				Count: 5, MinTimestamp: monday, MaxTimestamp: tuesday, MinID: "a", MaxID: "b",
			}))
		},
		"/users/self/media/recent", "count=5&max_id=b&max_timestamp=1296518400&min_id=a&min_timestamp=1296432000",
		"[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
	{
		"GET /users/self/media/liked",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Users.LikedMedia(&instagram.LikedMediaOptions{Count: 5, MaxLikeID: "9"}))
		},
		"/users/self/media/liked", "count=5&max_like_id=9",
		"[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
	{
		"GET /users/search",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Users.Search(ctx, "a b&c", &instagram.UserSearchOptions{Count: 2})
		},
		"/users/search", "count=2&q=a+b%26c",
		"[" + userAnswer + "]", []*instagram.UserShortInfo{&wantUser},
	},
	{
		"GET /users/{user-id}/follows",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Relationships.Follows("7", &instagram.RelationshipListOptions{Count: 4}))
		},
		"/users/7/follows", "count=4",
		"[" + userAnswer + "]", []*instagram.UserShortInfo{&wantUser},
	},
	{
		"GET /users/{user-id}/followed-by",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Relationships.FollowedBy("7", nil))
		},
		"/users/7/followed-by", "",
		"[" + userAnswer + "]", []*instagram.UserShortInfo{&wantUser},
	},
	{
		"GET /users/self/requested-by",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Relationships.RequestedBy(ctx) },
		"/users/self/requested-by", "",
		"[" + userAnswer + "]", []*instagram.UserShortInfo{&wantUser},
	},
	{
		"GET /users/{user-id}/relationship",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Relationships.Get(ctx, "7") },
		"/users/7/relationship", "",
		`{"outgoing_status":"requested","incoming_status":"blocked_by_you","target_user_is_private":true}`,
		&instagram.RelationshipInfo{
			OutgoingStatus: instagram.OutgoingRequested, IncomingStatus: instagram.IncomingBlockedByYou, TargetUserIsPrivate: true,
		},
	},
	{
		"POST /users/{user-id}/relationship",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Relationships.Modify(ctx, "7", instagram.ActionFollow)
		},
		"/users/7/relationship", "action=follow",
		`{"outgoing_status":"follows"}`, &instagram.RelationshipStatus{OutgoingStatus: instagram.OutgoingFollows},
	},
	{
		"GET /media/{media-id}",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Media.Get(ctx, "11_7") },
		"/media/11_7", "", mediaAnswer, &wantMedia,
	},
	{
		"GET /media/shortcode/{shortcode}",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Media.GetByShortcode(ctx, "B-x_")
		},
		"/media/shortcode/B-x_", "", mediaAnswer, &wantMedia,
	},
	{
		"GET /media/search",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Media.Search(ctx, 48.858844, -2.294351, &instagram.MediaSearchOptions{
				MinTimestamp: monday, MaxTimestamp: tuesday, Distance: 5000,
			})
		},
		"/media/search", "distance=5000&lat=48.858844&lng=-2.294351&max_timestamp=1296518400&min_timestamp=1296432000",
		`[{"id":"11_7","type":"image","distance":41.5}]`,
		[]*instagram.MediaEntry{{ID: "11_7", Type: instagram.MediaImage, Distance: 41.5}},
	},
	{
		"GET /media/popular",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Media.Popular(ctx) },
		"/media/popular", "", "[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
	{
		"GET /media/{media-id}/comments",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Comments.List(ctx, "11_7") },
		"/media/11_7/comments", "",
		`[{"id":"3","created_time":"1296432000","text":"Fine light","from":` + userAnswer + `}]`,
		[]*instagram.CommentEntry{{ID: "3", CreatedTime: monday.UTC(), Text: "Fine light", From: wantUser}},
	},
	{
		"POST /media/{media-id}/comments",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Comments.Create(ctx, "11_7", "Fine light & shade")
		},
		"/media/11_7/comments", "text=Fine+light+%26+shade",
		`{"id":"3","text":"Fine light & shade"}`, &instagram.CommentEntry{ID: "3", Text: "Fine light & shade"},
	},
	{
		"DELETE /media/{media-id}/comments/{comment-id}",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return nil, c.Comments.Delete(ctx, "11_7", "3")
		},
		"/media/11_7/comments/3", "", "null", nil,
	},
	{
		"GET /media/{media-id}/likes",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Likes.List(ctx, "11_7") },
		"/media/11_7/likes", "", "[" + userAnswer + "]", []*instagram.UserShortInfo{&wantUser},
	},
	{
		"POST /media/{media-id}/likes",
		func(ctx context.Context, c *instagram.Client) (any, error) { return nil, c.Likes.Like(ctx, "11_7") },
		"/media/11_7/likes", "", "null", nil,
	},
	{
		"DELETE /media/{media-id}/likes",
		func(ctx context.Context, c *instagram.Client) (any, error) { return nil, c.Likes.Unlike(ctx, "11_7") },
		"/media/11_7/likes", "", "null", nil,
	},
	{
		"GET /tags/{tag-name}",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Tags.Get(ctx, "über été") },
		"/tags/%C3%BCber%20%C3%A9t%C3%A9", "",
		`{"name":"über été","media_count":12}`, &instagram.TagInfo{Name: "über été", MediaCount: 12},
	},
	{
		"GET /tags/{tag-name}/media/recent",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Tags.RecentMedia("snow", &instagram.TagMediaOptions{Count: 5, MinTagID: "1", MaxTagID: "2"}))
		},
		"/tags/snow/media/recent", "count=5&max_tag_id=2&min_tag_id=1",
		"[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
	{
		"GET /tags/search",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Tags.Search(ctx, "snow") },
		"/tags/search", "q=snow",
		`[{"name":"snowy","media_count":2}]`, []*instagram.TagInfo{{Name: "snowy", MediaCount: 2}},
	},
	{
		"GET /locations/{location-id}",
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Locations.Get(ctx, "5") },
		"/locations/5", "", placeAnswer, &wantPlace,
	},
	{
		"GET /locations/{location-id}/media/recent",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Locations.RecentMedia("5", &instagram.LocationMediaOptions{
				MinTimestamp: monday, MaxTimestamp: tuesday, MinID: "a", MaxID: "b",
			}))
		},
		"/locations/5/media/recent", "max_id=b&max_timestamp=1296518400&min_id=a&min_timestamp=1296432000",
		"[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
	{
		"GET /locations/search",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			query := instagram.Near(1.5, 0)
			query.Distance, query.FacebookPlacesID, query.FoursquareID, query.FoursquareV2ID = 20, "f", "1", "2"
			return c.Locations.Search(ctx, query)
		},
		"/locations/search", "distance=20&facebook_places_id=f&foursquare_id=1&foursquare_v2_id=2&lat=1.5&lng=0",
		"[" + placeAnswer + "]", []*instagram.LocationInfo{&wantPlace},
	},
	{
		"GET /geographies/{geo-id}/media/recent",
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return first(ctx, c.Geographies.RecentMedia("12", &instagram.GeographyMediaOptions{Count: 5, MinID: "a"}))
		},
		"/geographies/12/media/recent", "count=5&min_id=a",
		"[" + mediaAnswer + "]", []*instagram.MediaEntry{&wantMedia},
	},
}

// first returns the entries of a list's first page.
func first[T any](ctx context.Context, pager *instagram.Pager[T]) ([]*T, error) {
	page, err := pager.Next(ctx)
	if err != nil {
		return nil, err
	}
	return page.Items, nil
}

func TestEveryEndpointHasItsMethod(t *testing.T) {
	var called []string
	for _, tt := range endpointCalls {
		called = append(called, tt.endpoint)
	}
	assert.Equal(t, endpoints, called)
	assert.Len(t, endpoints, 27)
}

func TestEndpoints(t *testing.T) {
	for _, tt := range endpointCalls {
		t.Run(tt.endpoint, func(t *testing.T) {
			client, transport := mockClient(t)
			var sent *http.Request
			transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				require.Nil(t, sent, "one request")
				sent = r
				return httpmock.NewStringResponse(200, `{"meta":{"code":200},"data":`+tt.answer+`}`), nil
			})

			got, err := tt.call(t.Context(), client)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)

			method, _, _ := strings.Cut(tt.endpoint, " ")
			assert.Equal(t, method, sent.Method)
			assert.Equal(t, "/v1"+tt.path, sent.URL.EscapedPath())
			params := sent.URL.RawQuery
			if method == http.MethodPost {
				assert.Empty(t, params, "a POST has all its parameters in the form")
				require.NoError(t, sent.ParseForm())
				params = sent.PostForm.Encode()
			}
			assert.Equal(t, withToken(t, tt.params), params)
		})
	}
}

// The endpoint that an error names is the one that was called.
func TestEndpointOfErrors(t *testing.T) {
	for _, tt := range endpointCalls {
		t.Run(tt.endpoint, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(httpmock.NewStringResponder(404, `{"meta":{"code":404,"error_type":"APINotFoundError"}}`))
			_, err := tt.call(t.Context(), client)
			require.ErrorIs(t, err, instagram.ErrNotFound)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, tt.endpoint, failure.Method+" "+failure.Endpoint)
		})
	}
}

const testToken = "7.fb2e77d.47a0479900504cb3ab4a1f626d174d2d"

// mockClient returns a client that makes one attempt a call, unless opts say otherwise, and what
// answers it.
func mockClient(t *testing.T, opts ...instagram.Option) (*instagram.Client, *httpmock.MockTransport) {
	t.Helper()
	transport := httpmock.NewMockTransport()
	client, err := instagram.NewClient(append([]instagram.Option{
		instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 1}),
		instagram.WithAccessToken(testToken),
		instagram.WithGraphToken(testToken),
		instagram.WithHTTPClient(&http.Client{Transport: transport}),
	}, opts...)...)
	require.NoError(t, err)
	return client, transport
}

func withToken(t *testing.T, params string) string {
	t.Helper()
	values, err := url.ParseQuery(params)
	require.NoError(t, err)
	values.Set("access_token", testToken)
	return values.Encode()
}

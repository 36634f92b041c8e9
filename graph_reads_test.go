package instagram_test

// These tests are of what is read from the Graph beside the list of media: the requests, answers in
// the shapes of the documentation, and the server over HTTP.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// graphRead is a call, what it asks for and an answer in the shape that the documentation shows,
// with what comes of it.
type graphRead struct {
	call   func(context.Context, *instagram.Client) (any, error)
	path   string
	query  url.Values
	answer string
	want   any
}

var august = time.Date(2017, 8, 31, 19, 16, 2, 0, time.UTC)

func items[T any](page *instagram.Page[T], err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return page.Items, nil
}

var graphReads = map[string]graphRead{
	"user": {
		func(ctx context.Context, c *instagram.Client) (any, error) { return c.Graph.User(ctx, instagram.Self) },
		"/me", url.Values{"fields": {string(instagram.GraphUserFields)}},
		`{"id":"24000000000000007","user_id":17841400000000007,"username":"mora.kestrel","name":"Mora","account_type":"BUSINESS",
			"biography":"Tides","website":"https://mora.example","profile_picture_url":"https://media.example/7.jpg?a=1","followers_count":12,
			"follows_count":3,"media_count":450,"shopping_product_tag_eligibility":true}`,
		&instagram.GraphUser{
			ID: "24000000000000007", UserID: "17841400000000007", Username: "mora.kestrel", Name: "Mora", AccountType: "BUSINESS", Biography: "Tides",
			Website: "https://mora.example", ProfilePictureURL: "https://media.example/7.jpg?a=1", FollowersCount: 12, FollowsCount: 3, MediaCount: 450,
			Extra: map[string]json.RawMessage{"shopping_product_tag_eligibility": json.RawMessage("true")},
		},
	},
	"user within a list": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.User(ctx, "17841400000000007", "user_id", instagram.GraphFieldUsername)
		},
		"/17841400000000007", url.Values{"fields": {"user_id,username"}},
		`{"data":[{"user_id":"17841400000000007","username":"mora.kestrel"}]}`,
		&instagram.GraphUser{UserID: "17841400000000007", Username: "mora.kestrel"},
	},
	"media": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Media(ctx, "18000000000000422", instagram.GraphFieldMediaType, instagram.GraphFieldOwner, instagram.GraphFieldTimestamp)
		},
		"/18000000000000422", url.Values{"fields": {"media_type,owner,timestamp"}},
		`{"id":"18000000000000422","media_type":"IMAGE","owner":{"id":"17841400000000007"},"timestamp":"2017-08-31T19:16:02+0000"}`,
		&instagram.GraphMedia{ID: "18000000000000422", MediaType: instagram.GraphMediaImage, Owner: instagram.GraphUser{ID: "17841400000000007"}, Timestamp: august},
	},
	"media of today": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Media(ctx, "18000000000000422")
		},
		"/18000000000000422", url.Values{"fields": {everyField}},
		`{"id":"18000000000000422","media_product_type":"FEED","shortcode":"Bdq3xPdAAKy","like_count":12,"comments_count":0,"is_comment_enabled":false}`,
		&instagram.GraphMedia{
			ID: "18000000000000422", MediaProductType: instagram.GraphProductFeed, Shortcode: "Bdq3xPdAAKy", LikeCount: 12,
			Extra: map[string]json.RawMessage{"comments_count": json.RawMessage("0"), "is_comment_enabled": json.RawMessage("false")},
		},
	},
	"children": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Children(ctx, "18000000000000511")
		},
		"/18000000000000511/children", url.Values{"fields": {"id,media_type,media_url,permalink,thumbnail_url,timestamp,username"}},
		`{"data":[{"id":"18000000000000512","media_type":"IMAGE"},{"id":"18000000000000513","media_type":"VIDEO"}]}`,
		[]*instagram.GraphMedia{{ID: "18000000000000512", MediaType: instagram.GraphMediaImage}, {ID: "18000000000000513", MediaType: instagram.GraphMediaVideo}},
	},
	"comments": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return items(c.Graph.Comments("18000000000000422", &instagram.GraphListOptions{Limit: 2}).Next(ctx))
		},
		"/18000000000000422/comments", url.Values{"limit": {"2"}, "fields": {"id,text,timestamp,username,from,hidden,like_count,parent_id,media," +
			"replies{id,text,timestamp,username,from,hidden,like_count,parent_id,media}"}},
		`{"data":[{"timestamp":"2017-08-31T19:16:02+0000","text":"So calm","id":"17870000000000914"},
			{"id":"17870000000000913","text":"Where is it?","from":{"id":"800000000000001","username":"ebba.lund"},"hidden":true,"like_count":2,"legacy_instagram_comment_id":"5",
			"media":{"id":"18000000000000422","media_product_type":"FEED"},
			"replies":{"data":[{"id":"17870000000000915","text":"North","parent_id":"17870000000000913","replies":{"data":[]}}]}}]}`,
		[]*instagram.GraphComment{
			{ID: "17870000000000914", Text: "So calm", Timestamp: august},
			{
				ID: "17870000000000913", Text: "Where is it?", From: instagram.GraphUser{ID: "800000000000001", Username: "ebba.lund"}, Hidden: true, LikeCount: 2,
				Media: instagram.GraphMedia{ID: "18000000000000422", MediaProductType: instagram.GraphProductFeed},
				Replies: instagram.GraphReplies{Data: []instagram.GraphComment{{
					ID: "17870000000000915", Text: "North", ParentID: "17870000000000913",
					Extra: map[string]json.RawMessage{"replies": json.RawMessage(`{"data":[]}`)},
				}}},
				Extra: map[string]json.RawMessage{"legacy_instagram_comment_id": json.RawMessage(`"5"`)},
			},
		},
	},
	"replies": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return items(c.Graph.Replies("17870000000000913", &instagram.GraphListOptions{Fields: []instagram.GraphField{"text"}}).Next(ctx))
		},
		"/17870000000000913/replies", url.Values{"fields": {"text"}}, `{"data":[{"id":"17870000000000915","text":"North"}]}`,
		[]*instagram.GraphComment{{ID: "17870000000000915", Text: "North"}},
	},
	"comment": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Comment(ctx, "17870000000000913", "hidden")
		},
		"/17870000000000913", url.Values{"fields": {"hidden"}}, `{"hidden":true,"id":"17870000000000913"}`,
		&instagram.GraphComment{ID: "17870000000000913", Hidden: true},
	},
	"stories": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return items(c.Graph.Stories(instagram.Self, &instagram.GraphListOptions{Fields: []instagram.GraphField{"id"}}).Next(ctx))
		},
		"/me/stories", url.Values{"fields": {"id"}}, `{"data":[{"id":"17861000000000807"},{"id":"17862000000000793"}]}`,
		[]*instagram.GraphMedia{{ID: "17861000000000807"}, {ID: "17862000000000793"}},
	},
	"insights of a media": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Insights(ctx, "18000000000000422", &instagram.GraphInsightOptions{
				Metrics: []instagram.GraphMetric{instagram.GraphMetricViews, instagram.GraphMetricReelsAverageWatchTime, "reels_skip_rate"},
			})
		},
		"/18000000000000422/insights", url.Values{"metric": {"views,ig_reels_avg_watch_time,reels_skip_rate"}},
		`{"data":[{"name":"views","period":"lifetime","values":[{"value":264}],"title":"Views","description":"How often","id":"18000000000000422/insights/views/lifetime"},
			{"name":"ig_reels_avg_watch_time","period":"lifetime","values":[{"value":0}]},{"name":"reels_skip_rate","period":"lifetime","values":[{"value":12.5}]}]}`,
		[]*instagram.GraphInsight{
			{Name: instagram.GraphMetricViews, Period: instagram.GraphPeriodLifetime, Values: []instagram.GraphValue{{Value: 264}}, Title: "Views", Description: "How often", ID: "18000000000000422/insights/views/lifetime"},
			{Name: instagram.GraphMetricReelsAverageWatchTime, Period: instagram.GraphPeriodLifetime, Values: []instagram.GraphValue{{Extra: map[string]json.RawMessage{"value": json.RawMessage("0")}}}},
			{Name: "reels_skip_rate", Period: instagram.GraphPeriodLifetime, Values: []instagram.GraphValue{{Value: 12.5}}},
		},
	},
	"insights of an account, day by day": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Insights(ctx, instagram.Self, &instagram.GraphInsightOptions{
				Metrics: []instagram.GraphMetric{instagram.GraphMetricReach}, Period: instagram.GraphPeriodDay, Since: instagram.GraphTimeOf(monday), Until: instagram.GraphTimeOf(tuesday),
			})
		},
		"/me/insights", url.Values{"metric": {"reach"}, "period": {"day"}, "since": {"1296432000"}, "until": {"1296518400"}},
		`{"data":[{"name":"reach","period":"day","values":[{"value":12,"end_time":"2018-01-11T08:00:00+0000"},{"value":15,"end_time":"2018-01-12T08:00:00+0000"}],
			"title":"Reach","description":"Accounts","id":"17841400000000007/insights/reach/day"}],
			"paging":{"previous":"https://graph.instagram.com/v26.0/17841400000000007/insights?since=1&until=2","next":"https://graph.instagram.com/v26.0/17841400000000007/insights?since=3&until=4"}}`,
		[]*instagram.GraphInsight{{
			Name: instagram.GraphMetricReach, Period: instagram.GraphPeriodDay, Title: "Reach", Description: "Accounts", ID: "17841400000000007/insights/reach/day",
			Values: []instagram.GraphValue{
				{Value: 12, EndTime: time.Date(2018, 1, 11, 8, 0, 0, 0, time.UTC)}, {Value: 15, EndTime: time.Date(2018, 1, 12, 8, 0, 0, 0, time.UTC)},
			},
		}},
	},
	"insights of an account, in total": {
		func(ctx context.Context, c *instagram.Client) (any, error) {
			return c.Graph.Insights(ctx, instagram.Self, &instagram.GraphInsightOptions{
				Metrics: []instagram.GraphMetric{instagram.GraphMetricReach, instagram.GraphMetricFollowerDemographics}, Period: instagram.GraphPeriodDay, TotalValue: true,
				Breakdowns: []string{"media_product_type", "follow_type"}, Timeframe: "this_month",
			})
		},
		"/me/insights", url.Values{"metric": {"reach,follower_demographics"}, "period": {"day"}, "metric_type": {"total_value"}, "breakdown": {"media_product_type,follow_type"}, "timeframe": {"this_month"}},
		`{"data":[{"name":"reach","period":"day","title":"Accounts reached","total_value":{"value":224,"breakdowns":[{"dimension_keys":["media_product_type","follow_type"],
			"results":[{"dimension_values":["CAROUSEL_CONTAINER","FOLLOWER"],"value":100},{"dimension_values":["REELS","NON_FOLLOWER"],"value":124}]}]},"id":"17841400000000007/insights/reach/day"},
			{"name":"follower_demographics","total_value":{"breakdowns":[{"dimension_keys":["country"]}]}}]}`,
		[]*instagram.GraphInsight{
			{
				Name: instagram.GraphMetricReach, Period: instagram.GraphPeriodDay, Title: "Accounts reached", ID: "17841400000000007/insights/reach/day",
				TotalValue: &instagram.GraphTotal{Value: 224, Breakdowns: []instagram.GraphBreakdown{{
					DimensionKeys: []string{"media_product_type", "follow_type"},
					Results: []instagram.GraphBreakdownResult{
						{DimensionValues: []string{"CAROUSEL_CONTAINER", "FOLLOWER"}, Value: 100}, {DimensionValues: []string{"REELS", "NON_FOLLOWER"}, Value: 124},
					},
				}}},
			},
			{Name: instagram.GraphMetricFollowerDemographics, TotalValue: &instagram.GraphTotal{Breakdowns: []instagram.GraphBreakdown{{DimensionKeys: []string{"country"}}}}},
		},
	},
}

func TestGraphReads(t *testing.T) {
	for name, tt := range graphReads {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, instagram.WithGraphVersion("v26.0"), instagram.WithClientCredentials("app", "hush"), instagram.WithSignedRequests())
			transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				query := r.URL.Query()
				assert.Equal(t, []string{testToken}, query["access_token"])
				query.Del("access_token")
				assert.Equal(t, tt.query, query)
				assert.Equal(t, "https://graph.instagram.com/v26.0"+tt.path, "https://"+r.URL.Host+r.URL.Path)
				assert.Equal(t, http.MethodGet, r.Method)
				return answer(200, tt.answer)(r)
			})
			got, err := tt.call(t.Context(), client)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)

			// Nothing is lost on the way through encoding/json.
			text, err := json.Marshal(got)
			require.NoError(t, err)
			data := json.RawMessage(tt.answer)
			var within struct{ Data []json.RawMessage }
			if json.Unmarshal(data, &within); within.Data != nil {
				data, _ = json.Marshal(within.Data)
				if !strings.HasPrefix(string(text), "[") {
					data = within.Data[0]
				}
			}
			withStrings := strings.ReplaceAll(string(data), `"user_id":17841400000000007`, `"user_id":"17841400000000007"`)
			assert.JSONEq(t, withStrings, string(text))
		})
	}
}

// The errors of all calls are told apart as those of UserMedia are.
func TestGraphReadsFail(t *testing.T) {
	for name, tt := range graphReads {
		for body, want := range map[string]error{
			`{"error":{"message":"Session has expired","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"A"}}`: instagram.ErrUnauthorized,
			`{"error":{"message":"no","type":"OAuthException","code":10}}`:                                                        instagram.ErrMissingScope,
			`{"error":{"message":"no","type":"OAuthException","code":80002}}`:                                                     instagram.ErrRateLimited,
			`{"error":{"message":"Unsupported get request","type":"IGApiException","code":100,"error_subcode":33}}`:               instagram.ErrInvalidParameters,
			`<html>`:                     instagram.ErrInvalidResponse,
			`[]`:                         instagram.ErrInvalidResponse,
			`{"data":5}`:                 instagram.ErrInvalidResponse,
			`{"id":[],"data":{}}`:        instagram.ErrInvalidResponse,
			`null`:                       instagram.ErrInvalidResponse,
			``:                           instagram.ErrInvalidResponse,
			`{"data":[{"id":"1"}]} tail`: instagram.ErrInvalidResponse,
			`{"error":"a mere text"}`:    instagram.ErrInvalidResponse,
		} {
			client, transport := mockClient(t)
			for _, status := range []int{400, 200} {
				if status == 400 && errors.Is(want, instagram.ErrInvalidResponse) {
					continue
				}
				transport.RegisterNoResponder(answer(status, body))
				_, err := tt.call(t.Context(), client)
				assert.ErrorIs(t, err, want, "%s: %d %s", name, status, body)
			}
		}
	}
}

func TestGraphReadsRefuse(t *testing.T) {
	client, transport := mockClient(t)
	ctx := t.Context()
	insights := func(id string, opts *instagram.GraphInsightOptions) error {
		_, err := client.Graph.Insights(ctx, id, opts)
		return err
	}
	views := []instagram.GraphMetric{"views"}
	for name, err := range map[string]error{
		"no metric":         insights("7", nil),
		"empty metric":      insights("7", &instagram.GraphInsightOptions{Metrics: []instagram.GraphMetric{"views", ""}}),
		"two in one":        insights("7", &instagram.GraphInsightOptions{Metrics: []instagram.GraphMetric{"views,reach"}}),
		"span turned round": insights("7", &instagram.GraphInsightOptions{Metrics: views, Since: instagram.GraphTimeOf(tuesday), Until: instagram.GraphTimeOf(monday)}),
		"no id":             insights("", &instagram.GraphInsightOptions{Metrics: views}),
		"dot segment":       insights("../me", &instagram.GraphInsightOptions{Metrics: views}),
		"empty field":       func() error { _, err := client.Graph.User(ctx, "me", ""); return err }(),
		"no media":          func() error { _, err := client.Graph.Media(ctx, " "); return err }(),
		"negative limit": func() error {
			_, err := client.Graph.Comments("7", &instagram.GraphListOptions{Limit: -1}).Next(ctx)
			return err
		}(),
		"cursor of v1": func() error { _, err := client.Graph.Comments("7", nil).From("max_id=7").Next(ctx); return err }(),
	} {
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, name)
	}
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
}

func TestGraphValueByKey(t *testing.T) {
	var insight instagram.GraphInsight
	text := `{"name":"online_followers","period":"lifetime","values":[{"value":{"0":5,"23":1.5},"end_time":"2018-01-11T08:00:00+0000"},{"value":7},{"value":[1]},{}]}`
	require.NoError(t, json.Unmarshal([]byte(text), &insight))
	assert.Equal(t, map[string]float64{"0": 5, "23": 1.5}, insight.Values[0].ByKey())
	for _, value := range insight.Values[1:] {
		assert.Nil(t, value.ByKey())
	}
	back, err := json.Marshal(insight)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(back))
}

// graphOf returns a client of a user of a server, with a token of today's Graph.
func graphOf(t *testing.T, server *instagramtest.Server, user instagramtest.User, scopes ...string) *instagram.Client {
	t.Helper()
	return signedIn(t, server, user, instagram.WithGraphURL(server.URL), instagram.WithGraphVersion("v26.0"),
		instagram.WithGraphToken(server.GraphToken(user.ID, scopes...)))
}

func TestGraphServerReads(t *testing.T) {
	server := startServer(t, instagramtest.WithMedia(0, 0))
	me, other := server.Users()[0], public(server.Users())[1]
	posted := server.PostMedia(me.ID, instagramtest.Media{Caption: "Low tide", Type: "carousel", CreatedTime: noon.Add(-time.Hour)})
	client, ctx := graphOf(t, server, me), t.Context()
	theirs := signedIn(t, server, other)

	user, err := client.Graph.User(ctx, instagram.Self)
	require.NoError(t, err)
	v1, err := client.Users.Get(ctx, instagram.Self)
	require.NoError(t, err)
	assert.Equal(t, [5]any{v1.ID, v1.Username, v1.FullName, v1.Counts.FollowedBy, v1.Counts.Media},
		[5]any{user.ID, user.Username, user.Name, user.FollowersCount, user.MediaCount})
	assert.Equal(t, []string{v1.Bio, v1.Website}, []string{user.Biography, user.Website})
	some, err := client.Graph.User(ctx, me.ID, instagram.GraphFieldUsername)
	require.NoError(t, err)
	assert.Equal(t, &instagram.GraphUser{ID: me.ID, Username: me.Username}, some)

	require.NoError(t, theirs.Likes.Like(ctx, posted.ID))
	_, err = theirs.Comments.Create(ctx, posted.ID, "So calm")
	require.NoError(t, err)
	_, err = theirs.Comments.Create(ctx, posted.ID, "Where is it?")
	require.NoError(t, err)
	media, err := client.Graph.Media(ctx, number(posted.ID))
	require.NoError(t, err)
	assert.Equal(t, posted.Shortcode, media.Shortcode)
	assert.Equal(t, 1, media.LikeCount)
	assert.Equal(t, 2, media.CommentsCount)
	assert.Equal(t, me.ID, media.Owner.ID)
	assert.True(t, media.IsCommentEnabled)
	assert.Equal(t, instagram.GraphProductFeed, media.MediaProductType)
	children, err := client.Graph.Children(ctx, media.ID)
	require.NoError(t, err)
	require.Len(t, children, 2)
	for i, child := range children {
		assert.Equal(t, media.Children.Data[i], *child)
		alone, err := client.Graph.Media(ctx, child.ID, instagram.GraphFieldMediaType)
		require.NoError(t, err)
		assert.Equal(t, child.MediaType, alone.MediaType)
	}

	comments := collect(t, client.Graph.Comments(media.ID, &instagram.GraphListOptions{Limit: 1}))
	require.Len(t, comments, 2)
	assert.Equal(t, "Where is it?", comments[0].Text, "latest first")
	assert.Equal(t, instagram.GraphUser{ID: other.ID, Username: other.Username}, comments[0].From)
	assert.Equal(t, media.ID, comments[0].Media.ID)
	reply := server.PostReply(me.ID, comments[0].ID, "North of here")
	replies := collect(t, client.Graph.Replies(comments[0].ID, nil))
	require.Len(t, replies, 1)
	assert.Equal(t, reply, replies[0].ID)
	assert.Equal(t, comments[0].ID, replies[0].ParentID)
	again, err := client.Graph.Comment(ctx, comments[0].ID)
	require.NoError(t, err)
	require.Len(t, again.Replies.Data, 1)
	assert.Equal(t, *replies[0], again.Replies.Data[0])
	list, err := theirs.Comments.List(ctx, posted.ID)
	require.NoError(t, err)
	assert.Len(t, list, 2, "v1 knows no replies")

	assert.Empty(t, collect(t, client.Graph.Stories(instagram.Self, nil)))
	story := server.PostStory(me.ID, instagramtest.Media{Caption: "Now", Type: "video"})
	stories := collect(t, client.Graph.Stories(instagram.Self, nil))
	require.Len(t, stories, 1)
	assert.Equal(t, number(story.ID), stories[0].ID)
	assert.Equal(t, instagram.GraphProductStory, stories[0].MediaProductType)
	_, err = client.Graph.Media(ctx, stories[0].ID)
	require.NoError(t, err)
	_, err = client.Media.Get(ctx, story.ID)
	require.ErrorIs(t, err, instagram.ErrNotFound)
	server.Advance(24 * time.Hour)
	assert.Empty(t, collect(t, client.Graph.Stories(instagram.Self, nil)))
	_, err = client.Graph.Media(ctx, stories[0].ID)
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

func TestGraphServerInsights(t *testing.T) {
	server := startServer(t, instagramtest.WithMedia(0, 0))
	me, others := server.Users()[0], public(server.Users())[1:]
	posted := server.PostMedia(me.ID, instagramtest.Media{CreatedTime: noon.Add(-36 * time.Hour)})
	client, ctx := graphOf(t, server, me), t.Context()
	for _, other := range others[:3] {
		require.NoError(t, signedIn(t, server, other).Likes.Like(ctx, posted.ID))
	}
	got, err := client.Graph.Insights(ctx, number(posted.ID), &instagram.GraphInsightOptions{
		Metrics: []instagram.GraphMetric{instagram.GraphMetricLikes, instagram.GraphMetricReach, instagram.GraphMetricViews},
	})
	require.NoError(t, err)
	require.Len(t, got, 3)
	assert.Equal(t, 3.0, got[0].Values[0].Value)
	assert.Equal(t, instagram.GraphPeriodLifetime, got[0].Period)

	days, err := client.Graph.Insights(ctx, instagram.Self, &instagram.GraphInsightOptions{
		Metrics: []instagram.GraphMetric{instagram.GraphMetricReach}, Period: instagram.GraphPeriodDay, Since: instagram.GraphTimeOf(noon.Add(-72 * time.Hour)), Until: instagram.GraphTimeOf(noon),
	})
	require.NoError(t, err)
	require.Len(t, days, 1)
	require.Len(t, days[0].Values, 3)
	assert.Equal(t, []float64{0, 9, 0}, []float64{days[0].Values[0].Value, days[0].Values[1].Value, days[0].Values[2].Value})
	assert.Equal(t, noon, days[0].Values[2].EndTime)

	total, err := client.Graph.Insights(ctx, instagram.Self, &instagram.GraphInsightOptions{
		Metrics: []instagram.GraphMetric{instagram.GraphMetricTotalInteractions}, Period: instagram.GraphPeriodDay, TotalValue: true,
		Breakdowns: []string{"media_product_type"}, Since: instagram.GraphTimeOf(noon.Add(-72 * time.Hour)), Until: instagram.GraphTimeOf(noon),
	})
	require.NoError(t, err)
	require.NotNil(t, total[0].TotalValue)
	assert.Equal(t, 3.0, total[0].TotalValue.Value)
	sum := 0.0
	for _, result := range total[0].TotalValue.Breakdowns[0].Results {
		sum += result.Value
	}
	assert.Equal(t, 3.0, sum)

	for name, opts := range map[string]*instagram.GraphInsightOptions{
		"unknown metric":       {Metrics: []instagram.GraphMetric{"applause"}, Period: instagram.GraphPeriodDay},
		"no period":            {Metrics: []instagram.GraphMetric{instagram.GraphMetricReach}},
		"total is not asked":   {Metrics: []instagram.GraphMetric{instagram.GraphMetricViews}, Period: instagram.GraphPeriodDay},
		"too long a time span": {Metrics: []instagram.GraphMetric{instagram.GraphMetricReach}, Period: instagram.GraphPeriodDay, Since: instagram.GraphTimeOf(noon.AddDate(0, -2, 0))},
	} {
		_, err := client.Graph.Insights(ctx, instagram.Self, opts)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters, name)
	}
}

// Each scope opens what it is for, and no user what is another's.
func TestGraphServerScopes(t *testing.T) {
	server := startServer(t, instagramtest.WithMedia(0, 0))
	me, other := server.Users()[0], public(server.Users())[1]
	posted := server.PostMedia(me.ID, instagramtest.Media{})
	_, err := signedIn(t, server, other).Comments.Create(t.Context(), posted.ID, "So calm")
	require.NoError(t, err)
	basic := graphOf(t, server, me, "instagram_business_basic")
	_, err = basic.Graph.Media(t.Context(), number(posted.ID))
	require.NoError(t, err)
	_, err = basic.Graph.Comments(number(posted.ID), nil).Next(t.Context())
	require.ErrorIs(t, err, instagram.ErrMissingScope)
	_, err = basic.Graph.Insights(t.Context(), number(posted.ID), &instagram.GraphInsightOptions{Metrics: []instagram.GraphMetric{"likes"}})
	require.ErrorIs(t, err, instagram.ErrMissingScope)
	_, err = graphOf(t, server, me, "instagram_business_manage_comments").Graph.User(t.Context(), instagram.Self)
	require.ErrorIs(t, err, instagram.ErrMissingScope)

	theirs := graphOf(t, server, other)
	for name, call := range map[string]func() error{
		"user":     func() error { _, err := theirs.Graph.User(t.Context(), me.ID); return err },
		"media":    func() error { _, err := theirs.Graph.Media(t.Context(), number(posted.ID)); return err },
		"comments": func() error { _, err := theirs.Graph.Comments(number(posted.ID), nil).Next(t.Context()); return err },
	} {
		assert.ErrorIs(t, call(), instagram.ErrInvalidParameters, name)
	}
}

// A list of comments is walked in both directions, as the media are.
func TestGraphServerCommentsBothWays(t *testing.T) {
	server := startServer(t, instagramtest.WithMedia(0, 0), instagramtest.WithLimits(5000, 5000))
	me, other := server.Users()[0], public(server.Users())[1]
	posted := server.PostMedia(me.ID, instagramtest.Media{})
	theirs := signedIn(t, server, other)
	for i := range 23 {
		_, err := theirs.Comments.Create(t.Context(), posted.ID, fmt.Sprintf("number %d", i))
		require.NoError(t, err)
	}
	pager := graphOf(t, server, me).Graph.Comments(number(posted.ID), &instagram.GraphListOptions{Limit: 5})
	var forward, back []string
	var turn instagram.Cursor
	for page, err := range pager.Pages(t.Context()) {
		require.NoError(t, err)
		for _, c := range page.Items {
			forward = append(forward, c.Text)
		}
		turn, _ = page.Reverse()
	}
	require.Len(t, forward, 23)
	assert.Equal(t, "number 22", forward[0])
	for page, err := range pager.From(turn).Pages(t.Context()) {
		require.NoError(t, err)
		for _, c := range slices.Backward(page.Items) {
			back = append([]string{c.Text}, back...)
		}
	}
	assert.Len(t, back, 20)
}

// The bridge: what the Graph tells today leads to the media of v1, and back.
func TestGraphServerBridge(t *testing.T) {
	server := startServer(t, instagramtest.WithMedia(40, 0))
	me := server.Users()[0]
	client, ctx := graphOf(t, server, me), t.Context()
	want := collect(t, client.Users.RecentMedia(instagram.Self, nil))
	for _, opts := range []*instagram.GraphMediaOptions{
		{V1UserID: me.ID},
		{V1UserID: me.ID, Fields: []instagram.GraphField{instagram.GraphFieldPermalink}},
		{V1UserID: me.ID, Fields: []instagram.GraphField{instagram.GraphFieldShortcode}},
	} {
		got := collect(t, client.Graph.Entries(instagram.Self, opts))
		require.Len(t, got, len(want))
		for i, entry := range got {
			assert.Equal(t, want[i].ID, entry.ID)
			assert.Equal(t, me.ID, entry.User.ID)
		}
	}
	for _, entry := range want[:5] {
		code, err := instagram.Shortcode(entry.ID)
		require.NoError(t, err)
		byCode, err := client.Media.GetByShortcode(ctx, code)
		require.NoError(t, err)
		assert.Equal(t, entry.ID, byCode.ID)
		n, err := instagram.MediaNumber(code)
		require.NoError(t, err)
		byID, err := client.Media.Get(ctx, n+"_"+entry.User.ID)
		require.NoError(t, err)
		assert.Equal(t, entry.Link, byID.Link)
	}
	none := collect(t, client.Graph.Entries(instagram.Self, &instagram.GraphMediaOptions{V1UserID: me.ID, Fields: []instagram.GraphField{"id"}}))
	assert.Equal(t, number(want[0].ID), none[0].ID, "without a shortcode the id stays the Graph's")

	media := instagram.GraphMedia{Shortcode: "Bdq3xPdAAKy"}
	id, err := media.V1ID("25025320")
	require.NoError(t, err)
	assert.Equal(t, "1687406286808810162_25025320", id)
	for _, tt := range []struct {
		media instagram.GraphMedia
		user  string
	}{{media, ""}, {media, "ada"}, {instagram.GraphMedia{}, "7"}, {instagram.GraphMedia{Shortcode: "!"}, "7"}, {instagram.GraphMedia{Permalink: "https://www.instagram.com/ada/"}, "7"}} {
		_, err := tt.media.V1ID(tt.user)
		assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	}
}

// What answers say of the budget is the server's, and a limiter goes by it over HTTP.
func TestGraphServerUsage(t *testing.T) {
	server := startServer(t, instagramtest.WithLimits(20, 20))
	limiter, err := instagram.NewUsageLimiter(instagram.UsageLimits{FailFast: true})
	require.NoError(t, err)
	client := graphOf(t, server, server.Users()[0])
	var refused *instagram.Error
	for range 21 {
		if _, err = client.Graph.User(t.Context(), instagram.Self); err != nil {
			break
		}
	}
	require.ErrorAs(t, err, &refused)
	require.ErrorIs(t, err, instagram.ErrRateLimited)
	assert.Equal(t, time.Hour, refused.RetryAfter)
	assert.Equal(t, instagram.BusinessUsage{CallCount: 100, RegainAccess: time.Hour}, client.Graph.RateLimit().BusinessUsage)
	server.Advance(20 * time.Minute)
	_, err = client.Graph.User(t.Context(), instagram.Self)
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, 40*time.Minute, refused.RetryAfter)

	careful, err := instagram.NewClient(instagram.WithGraphURL(server.URL), instagram.WithHTTPClient(server.Client()), instagram.WithGraphLimiter(limiter),
		instagram.WithGraphToken(server.GraphToken(server.Users()[1].ID)))
	require.NoError(t, err)
	made := 0
	for err = nil; err == nil && made < 20; made++ {
		_, err = careful.Graph.User(t.Context(), instagram.Self)
	}
	var limit *instagram.LimitError
	require.ErrorAs(t, err, &limit, "the limiter stops it before the server does")
	assert.InDelta(t, 16, made, 2)
}

// Recorded answers of the Graph are read without a server, and what is something else is refused.
func TestGraphModelsRecorded(t *testing.T) {
	user, err := instagram.Decode[instagram.GraphUser](strings.NewReader(`{"id":"7","username":"mora.kestrel","account_type":"BUSINESS","media_count":3,"new_member":1}`))
	require.NoError(t, err)
	assert.Equal(t, 3, user.MediaCount)
	comment, err := instagram.Decode[instagram.GraphComment](strings.NewReader(`{"id":"7","text":"So calm","timestamp":"2017-08-31T19:16:02+0000","username":"mora.kestrel","new_member":1}`))
	require.NoError(t, err)
	assert.Equal(t, august, comment.Timestamp)
	insight, err := instagram.Decode[instagram.GraphInsight](strings.NewReader(`{"name":"reach","period":"day","values":[{"value":5}],"title":"Reach","new_member":1}`))
	require.NoError(t, err)
	assert.Equal(t, 5.0, insight.Values[0].Value)
	_, err = instagram.Decode[instagram.GraphInsight](strings.NewReader(`{"id":"7","media_type":"IMAGE","media_url":"https://media.example/7.jpg"}`))
	assert.ErrorContains(t, err, "a Graph media")
	_, err = instagram.Decode[instagram.GraphMedia](strings.NewReader(`{"period":"day","values":[]}`))
	assert.ErrorContains(t, err, "an insight")
}

package instagram_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// readGraph returns the page that a file of testdata/graph holds.
func readGraph(t *testing.T, name string) *instagram.Page[instagram.GraphMedia] {
	t.Helper()
	body, err := os.ReadFile("testdata/graph/" + name)
	require.NoError(t, err)
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(200, string(body)))
	page, err := client.Graph.UserMedia("me", nil).Next(t.Context())
	require.NoError(t, err)
	return page
}

// An answer to a call without fields, with cursors and a URL that is cut off.
func TestGraphIDsAlone(t *testing.T) {
	page := readGraph(t, "ids.json")
	require.Len(t, page.Items, 4)
	assert.Equal(t, &instagram.GraphMedia{ID: "18000000000000401"}, page.Items[0])
	assert.Equal(t, &instagram.MediaEntry{ID: "18000000000000134"}, page.Items[3].MediaEntry())
	assert.Equal(t, instagram.Cursor("after=QVFIUmFmd..."), page.Cursor())
	assert.Equal(t, instagram.GraphCursors{Before: "QVFIUmJlZ...", After: "QVFIUmFmd..."}, page.Pagination.Cursors)
}

func TestGraphMedia(t *testing.T) {
	page := readGraph(t, "media.json")
	require.Len(t, page.Items, 3)
	assert.Equal(t, instagram.CursorEnd, page.Cursor(), "cursors alone are no next page")

	album := page.Items[0]
	require.Len(t, album.Children.Data, 2)
	assert.Equal(t, instagram.GraphMedia{
		ID: "18000000000000513", MediaType: instagram.GraphMediaVideo, MediaURL: "https://media.example/511_2.mp4",
		ThumbnailURL: "https://media.example/511_2.jpg", Permalink: "https://www.instagram.com/p/Tide512/",
		Timestamp: time.Date(2019, 6, 2, 17, 45, 9, 0, time.UTC), Username: "mora.kestrel",
	}, album.Children.Data[1])
	album.Children = instagram.GraphChildren{}
	assert.Equal(t, &instagram.GraphMedia{
		ID: "18000000000000511", Caption: "Low tide & a long walk 🌊 #shore", MediaType: instagram.GraphMediaCarouselAlbum,
		MediaURL: "https://media.example/511_1.jpg?a=1&b=2", Permalink: "https://www.instagram.com/p/Tide511/",
		Timestamp: time.Date(2019, 6, 2, 17, 45, 10, 0, time.UTC), Username: "mora.kestrel",
	}, album)
	assert.Equal(t, &instagram.GraphMedia{
		ID: "18000000000000422", Caption: "The ferry, at last", MediaType: instagram.GraphMediaVideo,
		MediaURL: "https://media.example/422.mp4", ThumbnailURL: "https://media.example/422.jpg",
		Permalink: "https://www.instagram.com/reel/Ferry422/", Timestamp: time.Date(2018, 11, 20, 8, 0, 0, 0, time.UTC),
		Username: "mora.kestrel", IsSharedToFeed: true, MediaProductType: instagram.GraphProductReels,
	}, page.Items[1])
	assert.Equal(t, instagram.GraphMediaImage, page.Items[2].MediaType)
	assert.False(t, page.Items[2].IsSharedToFeed)
}

// A media comes out of encoding/json as it went in, with what has no field.
func TestGraphMediaRoundTrip(t *testing.T) {
	body, err := os.ReadFile("testdata/graph/media.json")
	require.NoError(t, err)
	var answer struct{ Data []json.RawMessage }
	require.NoError(t, json.Unmarshal(body, &answer))
	media := answer.Data
	for _, text := range []string{
		`{}`,
		`{"id":"1"}`,
		`{"id":"1","caption":"","username":"","is_shared_to_feed":false,"media_url":""}`,
		`{"id":"1","children":{"data":[],"paging":{"cursors":{}}}}`,
		`{"id":"1","children":{"data":[{"id":"2","children":{"data":[{"id":"3"}]},"shape":[1]}]}}`,
		`{"id":"1","like_count":5,"owner":{"id":"7"},"timestamp":"2020-01-02T03:04:05.25+0000"}`,
	} {
		media = append(media, json.RawMessage(text))
	}
	require.Len(t, media, 9)
	for _, text := range media {
		var m instagram.GraphMedia
		require.NoError(t, json.Unmarshal(text, &m), "%s", text)
		again, err := json.Marshal(m)
		require.NoError(t, err)
		assert.JSONEq(t, string(text), string(again))
	}
}

// A page of the Graph can be kept, cursors and all.
func TestGraphPaginationRoundTrip(t *testing.T) {
	const text = `{"next_url":"https://h/?after=a","previous":"https://h/?before=b","cursors":{"after":"a","before":"b","more":1}}`
	var p instagram.Pagination
	require.NoError(t, json.Unmarshal([]byte(text), &p))
	again, err := json.Marshal(p)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(again))
}

// Wire forms that the Graph does not write today, but that mean something.
func TestGraphMediaLoose(t *testing.T) {
	var m instagram.GraphMedia
	require.NoError(t, json.Unmarshal([]byte(`{"id":17,"timestamp":1504203000,"caption":null,"is_shared_to_feed":"1","children":null}`), &m))
	assert.Equal(t, instagram.GraphMedia{ID: "17", Timestamp: time.Date(2017, 8, 31, 18, 10, 0, 0, time.UTC), IsSharedToFeed: true}, m)
}

func TestGraphMediaErrors(t *testing.T) {
	for text, path := range map[string]string{
		`{"timestamp":"soon"}`:     "timestamp",
		`{"caption":{}}`:           "caption",
		`{"children":[]}`:          "children",
		`{"children":{"data":{}}}`: "children.data",
		`{"children":{"data":[{"id":"1"},{"timestamp":"soon"}]}}`: "children.data[1].timestamp",
		`{"children":{"data":["1"]}}`:                             "children.data[0]",
	} {
		var m instagram.GraphMedia
		var failure *instagram.DecodeError
		require.ErrorAs(t, json.Unmarshal([]byte(text), &m), &failure)
		assert.Equal(t, path, failure.Path)
	}
}

// An answer does not decide how deep the decoder goes.
func TestGraphMediaDepth(t *testing.T) {
	client, transport := mockClient(t)
	const depth = 400_000
	transport.RegisterNoResponder(answer(200, `{"data":[`+strings.Repeat(`{"children":{"data":[`, depth)+strings.Repeat(`]}}`, depth)+`]}`))
	_, err := client.Graph.UserMedia("me", nil).Next(t.Context())
	assert.ErrorIs(t, err, instagram.ErrInvalidResponse)
}

// An answer that was recorded reads as one that has just come.
func TestGraphRecorded(t *testing.T) {
	for name, next := range map[string]instagram.Cursor{
		"ids.json":   "after=QVFIUmFmd...",
		"media.json": instagram.CursorEnd,
	} {
		file, err := os.Open("testdata/graph/" + name)
		require.NoError(t, err)
		defer file.Close()
		page, err := instagram.DecodePage[instagram.GraphMedia](file)
		require.NoError(t, err)
		assert.Equal(t, readGraph(t, name).Items, page.Items)
		assert.Equal(t, next, page.Cursor())
	}
}

// documented are the answers that the documentation of v26.0 shows, with other names and texts: how
// each is asked for, and which of its members no model has. Those are in Extra.
var documented = map[string]struct {
	decode func(*instagram.Client) (any, error)
	extra  []string
}{
	"user": {func(c *instagram.Client) (any, error) { return c.Graph.User(bg, instagram.Self) },
		[]string{"has_profile_pic", "is_published", "legacy_instagram_user_id", "shopping_product_tag_eligibility"}},
	"user in a list":    {func(c *instagram.Client) (any, error) { return c.Graph.User(bg, instagram.Self) }, nil},
	"mentioned media":   {func(c *instagram.Client) (any, error) { return c.Graph.User(bg, instagram.Self) }, []string{"mentioned_media"}},
	"mentioned comment": {func(c *instagram.Client) (any, error) { return c.Graph.User(bg, instagram.Self) }, []string{"mentioned_comment"}},
	"media list":        {graphMediaPage, nil},
	"tagged media":      {graphMediaPage, nil},
	"stories":           {func(c *instagram.Client) (any, error) { return items(c.Graph.Stories(instagram.Self, nil).Next(bg)) }, nil},
	"live media":        {graphMediaPage, []string{"comments"}},
	"media":             {func(c *instagram.Client) (any, error) { return c.Graph.Media(bg, "1") }, nil},
	"media of today": {func(c *instagram.Client) (any, error) { return c.Graph.Media(bg, "1") },
		[]string{"alt_text", "boost_eligibility_info", "copyright_check_information", "legacy_instagram_media_id", "reposts_count",
			"saved_count", "shares_count", "total_comments_count", "total_like_count", "view_count"}},
	"album":             {func(c *instagram.Client) (any, error) { return c.Graph.Media(bg, "1") }, nil},
	"children":          {func(c *instagram.Client) (any, error) { return c.Graph.Children(bg, "1") }, nil},
	"comments":          {graphCommentPage, nil},
	"comments of today": {graphCommentPage, []string{"hidden", "legacy_instagram_comment_id", "paging", "user"}}, // hidden is false
	"comment":           {func(c *instagram.Client) (any, error) { return c.Graph.Comment(bg, "1") }, []string{"hidden"}},
	"replies":           {func(c *instagram.Client) (any, error) { return items(c.Graph.Replies("1", nil).Next(bg)) }, nil},

	"media insights":               {graphInsights, nil},
	"profile activity":             {graphInsights, nil},
	"story navigation":             {graphInsights, nil},
	"account insights, day by day": {graphInsights, []string{"value"}}, // it is 0
	"account insights, in total":   {graphInsights, nil},
	"account insights, by two":     {graphInsights, []string{"value"}}, // it is 0
	"demographics":                 {graphInsights, nil},
	"online followers":             {graphInsights, []string{"value", "value"}}, // see GraphValue.ByKey
	"no insights":                  {graphInsights, nil},
}

var bg = context.Background()

func graphMediaPage(c *instagram.Client) (any, error) {
	return items(c.Graph.UserMedia(instagram.Self, nil).Next(bg))
}

func graphCommentPage(c *instagram.Client) (any, error) {
	return items(c.Graph.Comments("1", nil).Next(bg))
}

func graphInsights(c *instagram.Client) (any, error) {
	return c.Graph.Insights(bg, "1", &instagram.GraphInsightOptions{Metrics: []instagram.GraphMetric{instagram.GraphMetricReach}})
}

// What the documentation shows decodes whole: each member is in a field or in Extra, none that a
// field is for is in Extra, and all of it comes out as it went in.
func TestGraphDocumentedAnswers(t *testing.T) {
	text, err := os.ReadFile("testdata/graph/documented.json")
	require.NoError(t, err)
	var answers map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &answers))
	assert.ElementsMatch(t, slices.Collect(maps.Keys(answers)), slices.Collect(maps.Keys(documented)))
	for name, body := range answers {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(200, string(body)))
			value, err := documented[name].decode(client)
			require.NoError(t, err)
			again, err := json.Marshal(value)
			require.NoError(t, err)
			want := body
			var list struct{ Data []json.RawMessage }
			if json.Unmarshal(body, &list) == nil && list.Data != nil {
				if want, err = json.Marshal(list.Data); len(list.Data) == 1 && again[0] == '{' {
					want = list.Data[0]
				}
				require.NoError(t, err)
			}
			assert.JSONEq(t, string(want), string(again))
			extra := extraMembers(reflect.ValueOf(value))
			slices.Sort(extra)
			assert.Equal(t, documented[name].extra, extra)
		})
	}
}

// extraMembers returns the names of the members in each Extra of a value.
func extraMembers(v reflect.Value) (names []string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			names = extraMembers(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			names = append(names, extraMembers(v.Index(i))...)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if extra, ok := value.Interface().(map[string]json.RawMessage); ok && field.Name == "Extra" {
				names = slices.AppendSeq(names, maps.Keys(extra))
			} else if field.IsExported() && field.Type != reflect.TypeFor[time.Time]() {
				names = append(names, extraMembers(value)...)
			}
		}
	}
	return names
}

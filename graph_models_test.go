package instagram_test

import (
	"encoding/json"
	"os"
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

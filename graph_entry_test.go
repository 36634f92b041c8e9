package instagram_test

import (
	"encoding/json"
	"os"
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
		ID: "18000000000000513", MediaType: instagram.GraphVideo, MediaURL: "https://media.example/511_2.mp4",
		ThumbnailURL: "https://media.example/511_2.jpg", Permalink: "https://www.instagram.com/p/Tide512/",
		Timestamp: time.Date(2019, 6, 2, 17, 45, 9, 0, time.UTC), Username: "mora.kestrel",
	}, album.Children.Data[1])
	album.Children = instagram.GraphChildren{}
	assert.Equal(t, &instagram.GraphMedia{
		ID: "18000000000000511", Caption: "Low tide & a long walk 🌊 #shore", MediaType: instagram.GraphCarouselAlbum,
		MediaURL: "https://media.example/511_1.jpg?a=1&b=2", Permalink: "https://www.instagram.com/p/Tide511/",
		Timestamp: time.Date(2019, 6, 2, 17, 45, 10, 0, time.UTC), Username: "mora.kestrel",
	}, album)
	assert.Equal(t, &instagram.GraphMedia{
		ID: "18000000000000422", Caption: "The ferry, at last", MediaType: instagram.GraphVideo,
		MediaURL: "https://media.example/422.mp4", ThumbnailURL: "https://media.example/422.jpg",
		Permalink: "https://www.instagram.com/reel/Ferry422/", Timestamp: time.Date(2018, 11, 20, 8, 0, 0, 0, time.UTC),
		Username: "mora.kestrel", IsSharedToFeed: true,
		Extra: map[string]json.RawMessage{"media_product_type": json.RawMessage(`"REELS"`)},
	}, page.Items[1])
	assert.Equal(t, instagram.GraphImage, page.Items[2].MediaType)
	assert.False(t, page.Items[2].IsSharedToFeed)
}

// The bridge puts everything that v1 has a place for there, and the rest in Extra.
func TestGraphMediaEntry(t *testing.T) {
	const (
		picture = "https://media.example/1.jpg"
		film    = "https://media.example/1.mp4"
		link    = "https://www.instagram.com/p/One/"
	)
	at := time.Date(2017, 8, 31, 18, 10, 0, 0, time.UTC)
	sizes := func(url string) instagram.ImagesData {
		file := instagram.ImageInfo{URL: url}
		return instagram.ImagesData{Thumbnail: file, LowResolution: file, StandardResolution: file}
	}
	video := func(url string) *instagram.VideosData {
		file := instagram.ImageInfo{URL: url}
		return &instagram.VideosData{LowResolution: file, StandardResolution: file}
	}
	raw := func(pairs ...string) map[string]json.RawMessage {
		extra := map[string]json.RawMessage{}
		for i := 0; i < len(pairs); i += 2 {
			extra[pairs[i]] = json.RawMessage(pairs[i+1])
		}
		return extra
	}
	ada := instagram.UserShortInfo{Username: "ada"}
	pictureChild := instagram.GraphMedia{ID: "11", MediaType: instagram.GraphImage, MediaURL: picture, Permalink: link, Timestamp: at, Username: "ada"}
	filmChild := instagram.GraphMedia{ID: "12", MediaType: instagram.GraphVideo, MediaURL: film, ThumbnailURL: picture}
	picturePart := instagram.CarouselMedia{
		Type: instagram.MediaImage, Images: sizes(picture),
		Extra: raw("id", `"11"`, "permalink", `"`+link+`"`, "timestamp", `"2017-08-31T18:10:00+0000"`, "username", `"ada"`),
	}
	filmPart := instagram.CarouselMedia{Type: instagram.MediaVideo, Images: sizes(picture), Videos: video(film), Extra: raw("id", `"12"`)}

	tests := map[string]struct {
		media instagram.GraphMedia
		want  instagram.MediaEntry
	}{
		"nothing": {instagram.GraphMedia{}, instagram.MediaEntry{}},
		"image": {
			instagram.GraphMedia{
				ID: "1", Caption: "Quay", MediaType: instagram.GraphImage, MediaURL: picture, Permalink: link, Timestamp: at, Username: "ada",
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaImage, User: ada, Images: sizes(picture), Link: link, CreatedTime: at,
				Caption: &instagram.CaptionData{CreatedTime: at, Text: "Quay", From: ada},
			},
		},
		"image with a thumbnail": {
			instagram.GraphMedia{MediaType: instagram.GraphImage, MediaURL: picture, ThumbnailURL: "t"},
			instagram.MediaEntry{Type: instagram.MediaImage, Images: instagram.ImagesData{
				Thumbnail: instagram.ImageInfo{URL: "t"}, LowResolution: instagram.ImageInfo{URL: picture}, StandardResolution: instagram.ImageInfo{URL: picture},
			}},
		},
		"video": {
			instagram.GraphMedia{
				ID: "1", MediaType: instagram.GraphVideo, MediaURL: film, ThumbnailURL: picture, IsSharedToFeed: true,
				Extra: raw("media_product_type", `"REELS"`),
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaVideo, Images: sizes(picture), Videos: video(film),
				Extra: raw("is_shared_to_feed", "true", "media_product_type", `"REELS"`),
			},
		},
		"video that is withheld": {
			instagram.GraphMedia{MediaType: instagram.GraphVideo, ThumbnailURL: picture},
			instagram.MediaEntry{Type: instagram.MediaVideo, Images: sizes(picture)},
		},
		"album, picture first": {
			instagram.GraphMedia{
				ID: "1", MediaType: instagram.GraphCarouselAlbum, MediaURL: picture,
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{pictureChild, filmChild}},
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaCarousel, Images: sizes(picture),
				CarouselMedia: []instagram.CarouselMedia{picturePart, filmPart},
			},
		},
		"album, film first": {
			instagram.GraphMedia{
				ID: "1", MediaType: instagram.GraphCarouselAlbum, MediaURL: film,
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{filmChild, pictureChild}},
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaCarousel, Images: sizes(picture), Videos: video(film),
				CarouselMedia: []instagram.CarouselMedia{filmPart, picturePart},
			},
		},
		"album, bare ids": {
			instagram.GraphMedia{
				MediaType: instagram.GraphCarouselAlbum, MediaURL: picture,
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{{ID: "11"}}, Extra: raw("paging", "{}")},
			},
			instagram.MediaEntry{
				Type: instagram.MediaCarousel, Images: sizes(picture),
				CarouselMedia: []instagram.CarouselMedia{{Extra: raw("id", `"11"`)}}, Extra: raw("children", `{"paging":{}}`),
			},
		},
		"album, closed": {
			instagram.GraphMedia{MediaType: instagram.GraphCarouselAlbum, MediaURL: picture},
			instagram.MediaEntry{Type: instagram.MediaCarousel, Images: sizes(picture)},
		},
		"of a new type": {
			instagram.GraphMedia{MediaType: "HOLOGRAM", MediaURL: picture, Extra: raw("like_count", "5")},
			instagram.MediaEntry{Type: "HOLOGRAM", Images: sizes(picture), Extra: raw("like_count", "5")},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			extra := len(tt.media.Extra)
			assert.Equal(t, &tt.want, tt.media.MediaEntry())
			assert.Len(t, tt.media.Extra, extra, "the media stays as it is")
		})
	}
}

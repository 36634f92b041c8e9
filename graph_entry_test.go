package instagram_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/igv1/instagram"
)

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
	pictureChild := instagram.GraphMedia{ID: "11", MediaType: instagram.GraphMediaImage, MediaURL: picture, Permalink: link, Timestamp: at, Username: "ada"}
	filmChild := instagram.GraphMedia{ID: "12", MediaType: instagram.GraphMediaVideo, MediaURL: film, ThumbnailURL: picture}
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
				ID: "1", Caption: "Quay", MediaType: instagram.GraphMediaImage, MediaURL: picture, Permalink: link, Timestamp: at, Username: "ada",
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaImage, User: ada, Images: sizes(picture), Link: link, CreatedTime: at,
				Caption: &instagram.CaptionData{CreatedTime: at, Text: "Quay", From: ada},
			},
		},
		"image with a thumbnail": {
			instagram.GraphMedia{MediaType: instagram.GraphMediaImage, MediaURL: picture, ThumbnailURL: "t"},
			instagram.MediaEntry{Type: instagram.MediaImage, Images: instagram.ImagesData{
				Thumbnail: instagram.ImageInfo{URL: "t"}, LowResolution: instagram.ImageInfo{URL: picture}, StandardResolution: instagram.ImageInfo{URL: picture},
			}},
		},
		"video": {
			instagram.GraphMedia{
				ID: "1", MediaType: instagram.GraphMediaVideo, MediaURL: film, ThumbnailURL: picture, IsSharedToFeed: true,
				Extra: raw("media_product_type", `"REELS"`),
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaVideo, Images: sizes(picture), Videos: video(film),
				Extra: raw("is_shared_to_feed", "true", "media_product_type", `"REELS"`),
			},
		},
		"video that is withheld": {
			instagram.GraphMedia{MediaType: instagram.GraphMediaVideo, ThumbnailURL: picture},
			instagram.MediaEntry{Type: instagram.MediaVideo, Images: sizes(picture)},
		},
		"album, picture first": {
			instagram.GraphMedia{
				ID: "1", MediaType: instagram.GraphMediaCarouselAlbum, MediaURL: picture,
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{pictureChild, filmChild}},
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaCarousel, Images: sizes(picture),
				CarouselMedia: []instagram.CarouselMedia{picturePart, filmPart},
			},
		},
		"album, film first": {
			instagram.GraphMedia{
				ID: "1", MediaType: instagram.GraphMediaCarouselAlbum, MediaURL: film,
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{filmChild, pictureChild}},
			},
			instagram.MediaEntry{
				ID: "1", Type: instagram.MediaCarousel, Images: sizes(picture),
				CarouselMedia: []instagram.CarouselMedia{filmPart, picturePart}, Extra: raw("media_url", `"`+film+`"`),
			},
		},
		"album with a cover of its own": {
			instagram.GraphMedia{
				MediaType: instagram.GraphMediaCarouselAlbum, MediaURL: "cover", ThumbnailURL: "t",
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{filmChild}},
			},
			instagram.MediaEntry{
				Type: instagram.MediaCarousel, Images: sizes(picture),
				CarouselMedia: []instagram.CarouselMedia{filmPart}, Extra: raw("media_url", `"cover"`, "thumbnail_url", `"t"`),
			},
		},
		"album, bare ids": {
			instagram.GraphMedia{
				MediaType: instagram.GraphMediaCarouselAlbum, MediaURL: picture,
				Children: instagram.GraphChildren{Data: []instagram.GraphMedia{{ID: "11"}}, Extra: raw("paging", "{}")},
			},
			instagram.MediaEntry{
				Type: instagram.MediaCarousel, Images: sizes(picture),
				CarouselMedia: []instagram.CarouselMedia{{Extra: raw("id", `"11"`)}}, Extra: raw("children", `{"paging":{}}`),
			},
		},
		"album, closed": {
			instagram.GraphMedia{MediaType: instagram.GraphMediaCarouselAlbum, MediaURL: picture},
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

package instagram

import (
	"cmp"
	"encoding/json"
	"maps"

	"github.com/igv1/instagram/internal/shortcodes"
)

// MediaEntry returns the media as v1 would show it. The Graph has one size of each picture and
// video, so that all the sizes of the entry hold it, without its measures; an album shows the
// picture of its first part, as in v1. What v1 has no place for is in Extra, by the Graph's names.
//
// Of the likes and comments the Graph tells their number here, and nothing of the tags, filter and
// place of a media, nor of its user more than the name: they stay zero. Ids are the Graph's own and
// mean nothing to a v1 server; [GraphMedia.V1ID] has the one that v1 has.
func (m *GraphMedia) MediaEntry() *MediaEntry {
	entry := &MediaEntry{
		ID:          m.ID,
		Type:        m.MediaType.v1(),
		User:        UserShortInfo{Username: m.Username},
		Link:        m.Permalink,
		CreatedTime: m.Timestamp,
		Comments:    CommentsCollection{Count: m.CommentsCount},
		Likes:       LikesCollection{Count: m.LikeCount},
	}
	if m.Caption != "" {
		entry.Caption = &CaptionData{CreatedTime: m.Timestamp, Text: m.Caption, From: entry.User}
	}
	entry.Images, entry.Videos = m.files()
	for i := range m.Children.Data {
		entry.CarouselMedia = append(entry.CarouselMedia, m.Children.Data[i].carouselMedia())
	}
	if parts := entry.CarouselMedia; len(parts) > 0 && !imagesTable.IsZero(&parts[0].Images) {
		entry.Images = parts[0].Images
	}

	rest := GraphMedia{
		IsSharedToFeed: m.IsSharedToFeed, MediaProductType: m.MediaProductType, Shortcode: m.Shortcode, Owner: m.Owner,
		IsCommentEnabled: m.IsCommentEnabled, Children: GraphChildren{Extra: m.Children.Extra}, Extra: m.Extra,
	}
	if entry.Videos == nil && entry.Images.StandardResolution.URL != m.MediaURL {
		rest.MediaURL = m.MediaURL // of an album whose first part has another one
	}
	if entry.Images.Thumbnail.URL != m.ThumbnailURL {
		rest.ThumbnailURL = m.ThumbnailURL
	}
	entry.Extra = rest.members()
	return entry
}

// V1ID returns the id that v1 has for the media of a user, whose id in v1 is given:
// {number}_{user}. The number is that in the shortcode, or else in the permalink, one of which must
// be there.
func (m *GraphMedia) V1ID(userID string) (string, error) {
	if !shortcodes.IsNumber(userID) {
		return "", &ParameterError{"user-id", "it is not the id of a user in v1"}
	}
	code := m.Shortcode
	if code == "" && m.Permalink == "" {
		return "", &ParameterError{"shortcode", "neither it nor the permalink is there; ask for one of these fields"}
	}
	if code == "" {
		var err error
		if code, err = LinkShortcode(m.Permalink); err != nil {
			return "", err
		}
	}
	number, err := MediaNumber(code)
	return number + "_" + userID, err
}

// carouselMedia returns a part of an album as v1 would show it.
func (m *GraphMedia) carouselMedia() CarouselMedia {
	images, videos := m.files()
	rest := *m
	rest.MediaType, rest.MediaURL, rest.ThumbnailURL = "", "", ""
	return CarouselMedia{Type: m.MediaType.v1(), Images: images, Videos: videos, Extra: rest.members()}
}

// members returns what is in the media, by the Graph's names.
func (m *GraphMedia) members() (members map[string]json.RawMessage) {
	data, err := marshal(&graphMediaTable, m)
	if err == nil {
		err = json.Unmarshal(data, &members)
	}
	if err != nil { // Extra was given what is no JSON
		return maps.Clone(m.Extra)
	}
	if len(members) == 0 {
		return nil
	}
	return members
}

// files returns the picture, and the video if it is one.
func (m *GraphMedia) files() (ImagesData, *VideosData) {
	if m.MediaType != GraphMediaVideo {
		file := ImageInfo{URL: m.MediaURL}
		small := ImageInfo{URL: cmp.Or(m.ThumbnailURL, m.MediaURL)}
		return ImagesData{Thumbnail: small, LowResolution: file, StandardResolution: file}, nil
	}
	cover := ImageInfo{URL: m.ThumbnailURL}
	images := ImagesData{Thumbnail: cover, LowResolution: cover, StandardResolution: cover}
	if m.MediaURL == "" {
		return images, nil
	}
	file := ImageInfo{URL: m.MediaURL}
	return images, &VideosData{LowResolution: file, StandardResolution: file}
}

// v1 returns the name that v1 has for a type. Types that it has none for stay.
func (t GraphMediaType) v1() MediaType {
	switch t {
	case GraphMediaImage:
		return MediaImage
	case GraphMediaVideo:
		return MediaVideo
	case GraphMediaCarouselAlbum:
		return MediaCarousel
	}
	return MediaType(t)
}

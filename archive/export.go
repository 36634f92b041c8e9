package archive

import (
	"cmp"
	"encoding/json"
	"path"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// Exports by Instagram, from 2021 on. Their files move from year to year; what is in them changes
// less, and is what they are known by.

// productTypes are the kinds of media, by the name of the list that they stand in. Posts stand in a
// list without a name.
var productTypes = map[string]string{
	"ig_stories":               "STORY",
	"ig_reels_media":           "REELS",
	"ig_igtv_media":            "IGTV",
	"ig_other_media":           "OTHER",
	"ig_archived_post_media":   "ARCHIVED",
	"text_post_app_text_posts": "THREADS",
}

// productTypeOf names a kind after its list if it is a new one, so that what was deleted, or posted
// elsewhere, does not pass for a post.
func productTypeOf(list string) string {
	if kind := productTypes[list]; kind != "" {
		return kind
	}
	return strings.ToUpper(strings.TrimSuffix(strings.TrimPrefix(list, "ig_"), "_media"))
}

func isExport(f *found) bool {
	switch {
	case f.has("uri") && (f.has("creation_timestamp") || f.has("media_metadata")):
		return true
	case f.has("label_values"), f.has("participants", "messages"):
		return true
	case f.has("string_list_data"), f.has("string_map_data"):
		return true
	}
	for _, part := range objects(f.get("media")) {
		if part.has("uri") {
			return true
		}
	}
	return false
}

// export reads an element of a file of an export.
func (c *collector) export(f *found) {
	if right := rightJSON(f.raw); len(right) != len(f.raw) {
		o, err := parseObject(right)
		if err != nil {
			c.fail(c.syntax(right, err))
			return
		}
		f.raw, f.object = right, o
	}
	key := f.key()
	switch {
	case f.has("participants", "messages"):
		c.skip("messages")
	case key == "ig_profile_picture":
		c.skip("profile pictures of the past")
	case f.has("uri") || f.has("media") && !f.has("label_values"):
		c.exportPost(f, key)
	case key == "profile_user":
		c.exportProfile(f)
	default:
		c.exportActivity(f, key)
	}
}

// exportPost reads a post of one part or of several.
func (c *collector) exportPost(f *found, key string) {
	parts := objects(f.get("media"))
	if f.has("uri") {
		parts = []object{f.object}
	}
	if len(parts) > maxParts {
		c.skip("parts of a post beyond the first hundred")
		parts = parts[:maxParts]
	}
	var files []exportFile
	var uris []string
	for _, part := range parts {
		file := exportFileOf(part)
		files = append(files, file)
		if file.uri != "" { // posts of words alone have an empty one
			uris = append(uris, file.uri)
		}
	}
	created := seconds(f.get("creation_timestamp"))
	caption := f.text("title")
	for i := range parts {
		caption = cmp.Or(caption, parts[i].text("title"))
		if created.IsZero() {
			created = files[i].created
		}
	}
	for i := range parts { // what the post says in their place
		own := map[string]json.RawMessage{}
		if title := parts[i].text("title"); title != "" && title != caption {
			own["title"] = rawString(title)
		}
		if at := files[i].created; !at.IsZero() && !at.Equal(created) {
			own["creation_timestamp"] = timestamp(at)
		}
		files[i].extra = mergeExtra(files[i].extra, own)
	}
	m := c.exportMedia(created, caption, files)
	m.Extra = f.without("media", "title", "creation_timestamp", "uri", "media_metadata")
	if len(parts) == 1 {
		m.Extra = mergeExtra(m.Extra, files[0].extra)
	}
	if kind := productTypeOf(key); kind != "" {
		m.Extra = mergeExtra(m.Extra, map[string]json.RawMessage{"media_product_type": rawString(kind)})
	}
	c.media(m, uris...)
}

func mergeExtra(into, more map[string]json.RawMessage) map[string]json.RawMessage {
	for name, value := range more {
		if into == nil {
			into = map[string]json.RawMessage{}
		}
		into[name] = value
	}
	return into
}

// An exportFile is a picture or a video of a post.
type exportFile struct {
	uri       string
	video     bool
	created   time.Time
	latitude  float64
	longitude float64
	extra     map[string]json.RawMessage
}

func exportFileOf(part object) exportFile {
	file := exportFile{
		uri: part.text("uri"), created: seconds(part.get("creation_timestamp")),
		extra: part.without("uri", "creation_timestamp", "title", "media"),
	}
	metadata := part.object("media_metadata")
	switch strings.ToLower(path.Ext(file.uri)) {
	case ".mp4", ".mov", ".m4v", ".webm":
		file.video = true
	case "":
		file.video = !metadata.has("photo_metadata")
	}
	for _, kind := range []string{"photo_metadata", "video_metadata"} {
		for _, exif := range objects(metadata.object(kind).get("exif_data")) {
			if exif.has("latitude", "longitude") {
				file.latitude, file.longitude = floatOf(exif.get("latitude")), floatOf(exif.get("longitude"))
			}
		}
	}
	return file
}

// info is where the file is: for pictures on the web a URL, for others their path in the export.
func (f exportFile) info() (images instagram.ImagesData, videos *instagram.VideosData, kind instagram.MediaType) {
	info := instagram.ImageInfo{URL: f.uri}
	if f.video {
		return images, &instagram.VideosData{LowResolution: info, StandardResolution: info}, instagram.MediaVideo
	}
	return instagram.ImagesData{Thumbnail: info, LowResolution: info, StandardResolution: info}, nil, instagram.MediaImage
}

// exportMedia makes a media of a post of an export.
func (c *collector) exportMedia(created time.Time, caption string, files []exportFile) *instagram.MediaEntry {
	owner := c.owner()
	m := &instagram.MediaEntry{User: owner, CreatedTime: created, Tags: tagsOf(caption)}
	name := caption
	if len(files) > 0 && files[0].uri != "" {
		name = path.Base(files[0].uri)
		m.Images, m.Videos, m.Type = files[0].info()
	}
	m.ID = derivedID(created, name)
	if caption != "" {
		m.Caption = &instagram.CaptionData{Text: caption, CreatedTime: created, From: owner}
	}
	for _, file := range files {
		if m.Location == nil && (file.latitude != 0 || file.longitude != 0) {
			m.Location = &instagram.LocationInfo{Latitude: file.latitude, Longitude: file.longitude}
		}
		if len(files) > 1 {
			m.Type = instagram.MediaCarousel
			part := instagram.CarouselMedia{Extra: file.extra}
			part.Images, part.Videos, part.Type = file.info()
			m.CarouselMedia = append(m.CarouselMedia, part)
		}
	}
	return m
}

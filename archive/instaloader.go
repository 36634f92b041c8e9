package archive

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// isInstaloader knows {"node": {...}, "instaloader": {...}}, and the comments that instaloader
// writes beside it.
func isInstaloader(f *found) bool {
	return f.has("node", "instaloader") || f.has("created_at", "text", "owner")
}

func (c *collector) instaloader(f *found) {
	if !f.has("node") {
		c.webComment(f.object, "")
		for _, answer := range objects(f.get("answers")) {
			c.webComment(answer, "")
		}
		return
	}
	node := f.object.object("node")
	switch kind := f.object.object("instaloader").text("node_type"); {
	case kind == "Profile" || node.has("edge_followed_by"):
		c.webUser(node)
	case node.has("shortcode") || node.has("code"):
		c.webMedia(node, c.beside())
	default:
		c.skip("instaloader's " + kind)
	}
}

// beside returns the pictures and videos that are named as the file is.
func (c *collector) beside() []*File {
	stem := stemOf(c.file.Name)
	var files []*File
	for i := range maxParts {
		name := stem
		if i > 0 {
			name = fmt.Sprintf("%s_%d", stem, i)
		}
		before := len(files)
		for _, f := range c.reader.source.byStem[name] {
			if path.Dir(f.Name) == path.Dir(c.file.Name) && isPicture(f.Name) {
				files = append(files, f)
			}
		}
		if i > 0 && len(files) == before {
			break
		}
	}
	return files
}

// maxParts bounds the parts of a carousel.
const maxParts = 100

// isWebPost knows a post as pages of instagram.com held it.
func isWebPost(f *found) bool {
	return f.has("shortcode") && (f.has("taken_at_timestamp") || f.has("__typename") || f.has("edge_media_to_caption")) ||
		f.has("code", "display_src", "date")
}

func (c *collector) webPost(f *found) { c.webMedia(f.object, nil) }

// webMedia makes a media of a post.
func (c *collector) webMedia(node object, files []*File) {
	code := node.text("shortcode", "code")
	owner := webUserOf(node.object("owner"))
	created := seconds(node.get("taken_at_timestamp"))
	if created.IsZero() {
		created = seconds(node.get("date"))
	}
	m := &instagram.MediaEntry{
		ID: node.text("id"), Type: instagram.MediaImage, User: owner, CreatedTime: created, Tags: []string{},
		Link: "https://www.instagram.com/p/" + code + "/",
	}
	if owner.ID != "" && m.ID != "" && !strings.Contains(m.ID, "_") {
		m.ID += "_" + owner.ID
	}
	if text := webCaption(node); text != "" {
		m.Caption = &instagram.CaptionData{Text: text, CreatedTime: created, From: owner}
		m.Tags = tagsOf(text)
	}
	m.Likes.Count = countOf(node, "edge_media_preview_like", "edge_liked_by", "likes")
	m.Comments.Count = countOf(node, "edge_media_to_parent_comment", "edge_media_to_comment", "edge_media_preview_comment", "comments")
	m.Images, m.Videos = webFiles(node)
	if m.Videos != nil || string(node.get("is_video")) == "true" {
		m.Type = instagram.MediaVideo
	}
	for _, edge := range objects(node.object("edge_sidecar_to_children").get("edges")) {
		m.Type = instagram.MediaCarousel
		child := edge.object("node")
		part := instagram.CarouselMedia{Type: instagram.MediaImage}
		if part.Images, part.Videos = webFiles(child); part.Videos != nil {
			part.Type = instagram.MediaVideo
		}
		m.CarouselMedia = append(m.CarouselMedia, part)
	}
	if place := node.object("location"); place != nil {
		m.Location = &instagram.LocationInfo{
			ID: place.text("id", "pk"), Name: place.text("name"), Latitude: floatOf(place.get("lat")), Longitude: floatOf(place.get("lng")),
		}
	}
	m.Extra = node.without("id", "shortcode", "code", "owner", "taken_at_timestamp", "date", "edge_media_to_caption", "caption",
		"edge_media_preview_like", "edge_liked_by", "likes", "display_url", "display_src", "thumbnail_src", "thumbnail_resources",
		"display_resources", "video_url", "dimensions", "location", "is_video", "edge_sidecar_to_children", "__typename", "iphone_struct")
	c.entry(&Entry{Kind: KindMedia, Media: m, Files: files})
	for _, name := range []string{"edge_media_to_parent_comment", "edge_media_to_comment"} {
		for _, edge := range objects(node.object(name).get("edges")) {
			c.webComment(edge.object("node"), m.ID)
		}
	}
}

func webCaption(node object) string {
	for _, edge := range objects(node.object("edge_media_to_caption").get("edges")) {
		return edge.object("node").text("text")
	}
	return node.text("caption")
}

func countOf(node object, names ...string) int {
	for _, name := range names {
		if n, ok := numberOf(node.object(name).get("count")); ok && n >= 0 {
			return int(n)
		}
	}
	return 0
}

func webFiles(node object) (instagram.ImagesData, *instagram.VideosData) {
	width, _ := numberOf(node.object("dimensions").get("width"))
	height, _ := numberOf(node.object("dimensions").get("height"))
	picture := instagram.ImageInfo{URL: node.text("display_url", "display_src"), Width: int(width), Height: int(height)}
	images := instagram.ImagesData{StandardResolution: picture, LowResolution: picture, Thumbnail: picture}
	for _, size := range objects(node.get("thumbnail_resources")) {
		w, _ := numberOf(size.get("config_width"))
		h, _ := numberOf(size.get("config_height"))
		info := instagram.ImageInfo{URL: size.text("src"), Width: int(w), Height: int(h)}
		switch w {
		case 150:
			images.Thumbnail = info
		case 320:
			images.LowResolution = info
		}
	}
	link := node.text("video_url")
	if link == "" {
		return images, nil
	}
	video := instagram.ImageInfo{URL: link, Width: int(width), Height: int(height)}
	return images, &instagram.VideosData{StandardResolution: video, LowResolution: video}
}

func webUserOf(o object) instagram.UserShortInfo {
	return instagram.UserShortInfo{
		ID: o.text("id"), Username: o.text("username"), FullName: o.text("full_name"), ProfilePicture: o.text("profile_pic_url"),
	}
}

func (c *collector) webUser(node object) {
	u := &instagram.UserInfo{
		ID: node.text("id"), Username: node.text("username"), FullName: node.text("full_name"), Bio: node.text("biography"),
		Website: node.text("external_url"), ProfilePicture: node.text("profile_pic_url_hd", "profile_pic_url"),
		IsBusiness: string(node.get("is_business_account")) == "true",
		Extra:      node.without("id", "username", "full_name", "biography", "external_url", "profile_pic_url_hd", "profile_pic_url", "is_business_account", "edge_followed_by", "edge_follow", "edge_owner_to_timeline_media", "edge_felix_video_timeline", "edge_saved_media", "edge_media_collections"),
	}
	u.Counts.Media = countOf(node, "edge_owner_to_timeline_media")
	u.Counts.Follows = countOf(node, "edge_follow")
	u.Counts.FollowedBy = countOf(node, "edge_followed_by")
	c.entry(&Entry{Kind: KindUser, User: u})
	for _, edge := range objects(node.object("edge_owner_to_timeline_media").get("edges")) {
		if post := edge.object("node"); post.has("shortcode") {
			c.webMedia(post, nil)
		}
	}
}

func (c *collector) webComment(o object, mediaID string) {
	created := seconds(o.get("created_at"))
	if created.IsZero() {
		created = timeOf(o.text("created_at")).Truncate(time.Second)
	}
	c.entry(&Entry{Kind: KindComment, MediaID: mediaID, Comment: &instagram.CommentEntry{
		ID: o.text("id"), Text: o.text("text"), CreatedTime: created, From: webUserOf(o.object("owner")),
		Extra: o.without("id", "text", "created_at", "owner", "answers"),
	}})
}

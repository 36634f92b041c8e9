package archive

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// Posts and profiles as the pages of instagram.com held them, and as scrapers keep them.

// isWebPost knows a post, or a story.
func isWebPost(f *found) bool {
	return f.has("display_url", "taken_at_timestamp") || f.has("shortcode") && (f.has("taken_at_timestamp") || f.has("__typename") || f.has("edge_media_to_caption")) ||
		f.has("code", "display_src", "date")
}

func (c *collector) webPost(f *found) { c.webMedia(f.object, instagram.UserShortInfo{}, nil) }

// isWebProfile knows a user, of the years up to 2017 and later, and what instagram-scraper makes of
// one.
func isWebProfile(f *found) bool {
	return f.has("username") && (f.has("edge_followed_by") || f.has("edge_follow") || f.has("profile_pic_url") && isObject(f.get("followed_by")) ||
		f.object.object("info").has("posts_count"))
}

func (c *collector) webProfile(f *found) {
	info := f.object.object("info")
	if info == nil {
		c.webUser(f.object)
		return
	}
	short := webUserOf(info)
	c.entry(&Entry{Kind: KindUser, User: &instagram.UserInfo{
		ID: short.ID, Username: f.text("username"), FullName: short.FullName, ProfilePicture: short.ProfilePicture,
		Bio: info.text("biography"), Website: info.text("external_url"),
		Counts: instagram.UserCounts{Media: info.count("posts_count"), Follows: info.count("following_count"), FollowedBy: info.count("followers_count")},
	}})
}

// webMedia makes a media of a post of a user, if it is known whose it is.
func (c *collector) webMedia(node object, owner instagram.UserShortInfo, files []*File) {
	code := node.text("shortcode", "code")
	if own := webUserOf(node.object("owner")); own.Username != "" || own.ID != owner.ID {
		owner = own
	}
	owner.Username = cmp.Or(owner.Username, node.text("username"))
	created := seconds(node.get("taken_at_timestamp"))
	if created.IsZero() {
		created = seconds(node.get("date"))
	}
	m := &instagram.MediaEntry{
		ID: node.text("id"), Type: instagram.MediaImage, User: owner, CreatedTime: created, Tags: []string{},
	}
	if code != "" {
		m.Link = "https://www.instagram.com/p/" + code + "/"
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
	if m.CarouselMedia = webParts(node); m.CarouselMedia != nil {
		m.Type = instagram.MediaCarousel
	}
	for _, edge := range objects(node.object("edge_media_to_tagged_user").get("edges")) {
		tag := edge.object("node")
		m.UsersInPhoto = append(m.UsersInPhoto, instagram.UserInPhoto{
			User: webUserOf(tag.object("user")), Position: instagram.Position{X: floatOf(tag.get("x")), Y: floatOf(tag.get("y"))},
		})
	}
	if place := node.object("location"); place != nil {
		m.Location = &instagram.LocationInfo{
			ID: place.text("id", "pk"), Name: place.text("name"), Latitude: floatOf(place.get("lat")), Longitude: floatOf(place.get("lng")),
		}
	}
	m.Extra = node.without("id", "shortcode", "code", "owner", "taken_at_timestamp", "date", "edge_media_to_caption", "caption",
		"edge_media_preview_like", "edge_liked_by", "likes", "display_url", "display_src", "thumbnail_src", "thumbnail_resources",
		"display_resources", "video_url", "dimensions", "location", "is_video", "edge_sidecar_to_children", "__typename", "iphone_struct",
		"edge_media_to_tagged_user", "edge_media_to_parent_comment", "edge_media_to_comment", "comments", "tags", "username")
	if node.has("expiring_at_timestamp") {
		m.Extra = mergeExtra(m.Extra, map[string]json.RawMessage{"media_product_type": rawString("STORY")})
	}
	c.entry(&Entry{Kind: KindMedia, Media: m, Files: files})
	c.webComments(node, m.ID)
}

// webComments makes comments of those that a post holds.
func (c *collector) webComments(node object, mediaID string) {
	for _, name := range []string{"edge_media_to_parent_comment", "edge_media_to_comment"} {
		for _, edge := range objects(node.object(name).get("edges")) {
			c.webComment(edge.object("node"), mediaID, "")
		}
	}
	for _, comment := range objects(node.object("comments").get("data")) {
		c.webComment(comment, mediaID, "")
	}
}

// webParts returns the parts of a carousel, or nil.
func webParts(node object) (parts []instagram.CarouselMedia) {
	for _, edge := range objects(node.object("edge_sidecar_to_children").get("edges")) {
		part := instagram.CarouselMedia{Type: instagram.MediaImage}
		if part.Images, part.Videos = webFiles(edge.object("node")); part.Videos != nil {
			part.Type = instagram.MediaVideo
		}
		parts = append(parts, part)
	}
	return parts
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
		Extra: node.without("id", "username", "full_name", "biography", "external_url", "profile_pic_url_hd", "profile_pic_url", "is_business_account", "edge_followed_by", "edge_follow", "edge_owner_to_timeline_media", "edge_felix_video_timeline", "edge_saved_media", "edge_media_collections",
			"media", "follows", "followed_by"),
	}
	u.Counts.Media = countOf(node, "edge_owner_to_timeline_media", "media")
	u.Counts.Follows = countOf(node, "edge_follow", "follows")
	u.Counts.FollowedBy = countOf(node, "edge_followed_by", "followed_by")
	c.entry(&Entry{Kind: KindUser, User: u})
	posts := objects(node.object("media").get("nodes"))
	for _, list := range []string{"edge_owner_to_timeline_media", "edge_felix_video_timeline"} {
		for _, edge := range objects(node.object(list).get("edges")) {
			posts = append(posts, edge.object("node"))
		}
	}
	for _, post := range posts {
		if post.has("shortcode") || post.has("code") {
			c.webMedia(post, webUserOf(node), nil)
		}
	}
}

// webComment reads a comment, or the reply to a parent, and the replies to it.
func (c *collector) webComment(o object, mediaID, parent string) {
	created := seconds(o.get("created_at"))
	if created.IsZero() {
		created = timeOf(o.text("created_at")).Truncate(time.Second)
	}
	comment := &instagram.CommentEntry{
		ID: o.text("id"), Text: o.text("text"), CreatedTime: created, From: webUserOf(o.object("owner")),
		Extra: o.without("id", "text", "created_at", "owner", "answers", "edge_threaded_comments"),
	}
	if parent != "" {
		comment.Extra = mergeExtra(comment.Extra, map[string]json.RawMessage{"parent_id": rawString(parent)})
	}
	c.entry(&Entry{Kind: KindComment, MediaID: mediaID, Comment: comment})
	if parent != "" {
		return // replies have none of their own
	}
	for _, answer := range objects(o.get("answers")) {
		c.webComment(answer, mediaID, comment.ID)
	}
	for _, edge := range objects(o.object("edge_threaded_comments").get("edges")) {
		c.webComment(edge.object("node"), mediaID, comment.ID)
	}
}

package archive

import (
	"cmp"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// Exports by Instagram, from 2021 on. Their files move from year to year; what is in them changes
// less, and is what they are known by.

// productTypes are the kinds of media, by the name of the list that they stand in. Posts stand in a
// list without a name.
var productTypes = map[string]string{
	"ig_stories":             "STORY",
	"ig_reels_media":         "REELS",
	"ig_igtv_media":          "IGTV",
	"ig_other_media":         "OTHER",
	"ig_archived_post_media": "ARCHIVED",
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

// exportActivity reads what somebody did, or whom they know.
func (c *collector) exportActivity(f *found, key string) {
	base := strings.ToLower(path.Base(c.file.Name))
	bare := key == ""
	switch {
	case key == "relationships_followers", bare && strings.HasPrefix(base, "followers"):
		c.exportUser(f, KindFollower)
	case key == "relationships_following", bare && strings.HasPrefix(base, "following"):
		c.exportUser(f, KindFollow)
	case key == "comments_media_comments", key == "comments_reels_comments", key == "comments_story_comments",
		bare && strings.Contains(base, "comments") && !strings.Contains(base, "liked"):
		c.exportComment(f)
	case key == "likes_media_likes", key == "story_activities_story_likes",
		bare && (strings.HasPrefix(base, "liked_posts") || strings.HasPrefix(base, "story_likes")):
		c.exportLike(f)
	case key == "likes_comment_likes", bare && strings.HasPrefix(base, "liked_comments"):
		c.skip("likes of comments")
	case strings.HasPrefix(key, "saved_"), bare && strings.HasPrefix(base, "saved_"):
		c.skip("saved posts")
	case bare && f.has("string_list_data", "title") && !f.has("string_map_data") && f.text("title") == "":
		c.exportUser(f, KindFollower) // the one list of them that has no name
	case bare:
		c.skip("activity: " + strings.TrimSuffix(base, ".json"))
	default:
		c.skip("activity: " + key)
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

// exportUser reads a follower, or somebody who is followed.
func (c *collector) exportUser(f *found, kind Kind) {
	u := &instagram.UserShortInfo{Username: f.text("title")}
	for _, data := range objects(f.get("string_list_data")) {
		u.Username = cmp.Or(data.text("value"), u.Username, nameOfLink(data.text("href")))
		u.Extra = data.without("value")
	}
	if u.Username == "" {
		found := labelsOf(f)
		u.Username = cmp.Or(found.username, found.owner)
		u.Extra = f.without("title", "media", "label_values")
	}
	if u.Username == "" {
		c.skip("followers and follows without a name")
		return
	}
	e := &Entry{Kind: kind, Owner: c.owner().Username}
	if kind == KindFollow {
		e.Follow = u
	} else {
		e.Follower = u
	}
	c.entry(e)
}

// exportComment reads a comment that the owner wrote: in 2021 and 2022 as a list, from then on as a
// map, whose names are in the language of the account.
func (c *collector) exportComment(f *found) {
	owner := c.owner()
	comment := &instagram.CommentEntry{From: owner}
	mediaOwner := f.text("title")
	if f.has("label_values") {
		found := labelsOf(f)
		mediaOwner, comment.Text = cmp.Or(found.username, found.owner), found.text
		comment.CreatedTime = seconds(f.get("timestamp"))
	}
	for _, data := range objects(f.get("string_list_data")) {
		comment.Text, comment.CreatedTime = data.text("value"), seconds(data.get("timestamp"))
	}
	fields := f.object.object("string_map_data")
	for i, m := range fields {
		field, err := parseObject(m.value)
		if err != nil {
			continue
		}
		if t := seconds(field.get("timestamp")); !t.IsZero() {
			comment.CreatedTime = t
		}
		switch value := field.text("value"); {
		case m.name == "Comment":
			comment.Text = value
		case m.name == "Media Owner":
			mediaOwner = value
		case value == "" || m.name == "Time":
		case i == 0 && !fields.has("Comment"):
			comment.Text = value
		case i > 0 && !fields.has("Media Owner"):
			mediaOwner = value
		}
	}
	comment.Extra = f.without("title", "string_list_data", "string_map_data", "timestamp", "label_values", "media")
	if mediaOwner != "" {
		comment.Extra = mergeExtra(comment.Extra, map[string]json.RawMessage{"media_owner": rawString(mediaOwner)})
	}
	comment.ID = derivedNumber(comment.CreatedTime.String() + "\x00" + mediaOwner + "\x00" + comment.Text)
	c.entry(&Entry{Kind: KindComment, Comment: comment})
}

// exportLike reads what the owner liked.
func (c *collector) exportLike(f *found) {
	like := &Like{User: c.owner(), Time: seconds(f.get("timestamp"))}
	like.Media.User.Username = f.text("title")
	for _, data := range objects(f.get("string_list_data")) {
		like.Media.Link, like.Time = data.text("href"), seconds(data.get("timestamp"))
	}
	if f.has("label_values") {
		found := labelsOf(f)
		like.Media.Link = found.link
		like.Media.User.Username = cmp.Or(found.username, found.owner)
	}
	like.Media.ID = idOfLink(like.Media.Link)
	like.Media.UserHasLiked = true
	c.entry(&Entry{Kind: KindLike, Like: like, MediaID: like.Media.ID})
}

// labels is what label_values tell.
type labels struct {
	link     string // of a post
	owner    string // whose profile is linked
	username string // from a value called Username
	text     string // the first that is neither a link nor a name of somebody
}

// labelsOf reads label_values, at any depth of their dicts. The labels are in the language of the
// account, so that values are known by what they are.
func labelsOf(f *found) (l labels) {
	l.read(f.get("label_values"), 0)
	return l
}

func (l *labels) read(raw []byte, depth int) {
	if depth > 8 {
		return
	}
	for _, o := range objects(raw) {
		value, href := o.text("value"), o.text("href")
		for _, link := range []string{href, value} {
			switch {
			case !strings.HasPrefix(link, "http"):
			case l.link == "" && postPath.MatchString(pathOf(link)):
				l.link = link
			case l.owner == "":
				l.owner = nameOfLink(link)
			}
		}
		isLink := strings.HasPrefix(value, "http")
		switch label := o.text("label"); {
		case slices.Contains(usernameLabels, label) && isUsername(value):
			l.username = value
		case value != "" && !isLink && l.text == "" && label != "Media ID":
			l.text = value
		}
		l.read(o.get("dict"), depth+1)
	}
}

func pathOf(link string) string {
	if i := strings.Index(link, "://"); i >= 0 {
		link = link[i+3:]
	}
	if i := strings.IndexByte(link, '/'); i >= 0 {
		link, _, _ = strings.Cut(link[i:], "?")
		return link
	}
	return ""
}

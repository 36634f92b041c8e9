package instagramtest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// recordedMedia is what a recorded media has besides what every media has.
type recordedMedia struct {
	id             string // as it was recorded: with or without the user
	members        []byte // those that stay as they were recorded, each after a comma
	images, videos [][]recordedFile
	// likes and comments are how many there were.
	likes, comments int
	// How many of them were not in the recordings.
	unseenLikes, unseenComments int
}

// recordedFile is an image or a video that is somewhere else.
type recordedFile struct {
	url   string
	width int
}

// url is where a picture or video of about the width is; part 0 is the media itself.
func (r *recordedMedia) url(kind string, part, width int) string {
	if r == nil {
		return ""
	}
	files := r.images
	if kind == "videos" {
		files = r.videos
	}
	if part >= len(files) {
		return ""
	}
	var best recordedFile
	for _, f := range files[part] { // narrowest first
		if best = f; f.width >= width {
			break
		}
	}
	return best.url
}

var mediaMembers = []string{"id", "type", "user", "caption", "created_time", "comments", "comment_count", "likes", "like_count",
	"user_has_liked", "users_in_photo", "link", "filter", "tags", "images", "videos", "carousel_media", "location", "attribution",
	"distance"}

// readMedia adds a media, or replaces what was known of it. Its comments and likes add up.
func (l *loader) readMedia(o object) (*media, error) {
	id := digits(o["id"])
	number, suffix, ok := parseMediaID(id)
	if !ok {
		return nil, fmt.Errorf("media: the id %s is not a number, nor two with a _ between them", asJSON(o["id"]))
	}
	m, err := l.fillMedia(o, number, suffix)
	if err != nil {
		return nil, fmt.Errorf("media %s: %w", id, err)
	}
	m.recorded.id = id
	return m, nil
}

func (l *loader) fillMedia(o object, number, suffix uint64) (*media, error) {
	var owner *user
	var err error
	switch known := l.media[number]; {
	case o.object("user") != nil:
		owner, err = l.readUser(o.object("user"))
	case suffix != 0:
		owner = l.person(suffix)
	case known != nil:
		owner = known.owner
	default:
		err = fmt.Errorf("there is no user")
	}
	if err != nil {
		return nil, err
	}
	m := l.media[number]
	if m == nil {
		m = &media{number: number, owner: owner}
		l.media[number] = m
	}
	if m.owner != owner {
		return nil, fmt.Errorf("it belongs to user %d here and to %d elsewhere", owner.id, m.owner.id)
	}

	r := &recordedMedia{}
	m.recorded = r
	if m.created, err = when(o["created_time"]); err != nil {
		return nil, err
	}
	m.kind = recordedKind(o)
	m.caption = nil
	if err := l.readCaption(m, o); err != nil {
		return nil, err
	}
	m.tags = nil
	tags, _ := o["tags"].([]any)
	for _, t := range tags {
		if name, _ := t.(string); isTag(tagName(name)) && !slices.Contains(m.tags, tagName(name)) {
			m.tags = append(m.tags, tagName(name))
		}
	}
	m.place, m.point = nil, nil
	if where := o.object("location"); where != nil {
		m.place = l.readPlace(where)
		if m.place == nil && where["latitude"] != nil && where["longitude"] != nil {
			m.point = &point{where.float("latitude"), where.float("longitude")}
		}
	}
	if m.tagged, err = l.readTagged(o); err != nil {
		return nil, err
	}
	r.images, r.videos = [][]recordedFile{recordedFiles(o.object("images"))}, [][]recordedFile{recordedFiles(o.object("videos"))}
	m.parts = nil
	for _, p := range objects(o["carousel_media"]) {
		r.images = append(r.images, recordedFiles(p.object("images")))
		r.videos = append(r.videos, recordedFiles(p.object("videos")))
		tagged, err := l.readTagged(p)
		if err != nil {
			return nil, err
		}
		m.parts = append(m.parts, part{recordedKind(p), tagged})
	}
	r.members = l.mediaMembers(m, o)
	if liked, _ := o["user_has_liked"].(bool); liked {
		l.likedBySelf = append(l.likedBySelf, m)
	}
	return m, l.readReactions(m, o)
}

func recordedKind(o object) mediaKind {
	switch kind := digits(o["type"]); {
	case kind == "carousel":
		return kindCarousel
	case kind == "video" || kind == "2" || kind == "" && o["videos"] != nil:
		return kindVideo
	default:
		return kindImage
	}
}

func (l *loader) readCaption(m *media, o object) (err error) {
	switch caption := o["caption"].(type) {
	case map[string]any:
		m.caption, err = l.readComment(caption)
	case string:
		m.caption = &comment{text: caption}
	}
	if err == nil && m.caption != nil && m.caption.from == nil {
		m.caption.from = m.owner
	}
	return err
}

// readTagged is nil if one of the users has no id, as it was at times. Then they stay as they were recorded.
func (l *loader) readTagged(o object) ([]taggedUser, error) {
	var tagged []taggedUser
	for _, t := range objects(o["users_in_photo"]) {
		if !t.object("user").has("id") {
			return nil, nil
		}
		u, err := l.readUser(t.object("user"))
		if err != nil {
			return nil, err
		}
		tagged = append(tagged, taggedUser{u, t.object("position").float("x"), t.object("position").float("y")})
	}
	return tagged, nil
}

// readReactions reads the comments and likes in every form that they had: an array, an object with a count and some of
// them or none, and a count beside.
func (l *loader) readReactions(m *media, o object) error {
	comments, n := reactions(o["comments"], o["comment_count"])
	m.recorded.comments = n
	for _, each := range comments {
		c, err := l.readComment(each)
		if err != nil {
			return err
		}
		l.addComment(m, c)
	}
	likes, n := reactions(o["likes"], o["like_count"])
	m.recorded.likes = n
	for _, each := range likes {
		u, err := l.readUser(each)
		if err != nil {
			return err
		}
		l.likers[m] = append(l.likers[m], u)
	}
	return nil
}

func reactions(v, number any) (list []object, n int) {
	n, _ = count(number)
	if o, ok := v.(map[string]any); ok {
		if counted, ok := count(o["count"]); ok {
			n = counted
		}
		v = o["data"]
	}
	list = objects(v)
	return list, max(n, len(list))
}

// addComment adds a comment that is not there yet. Those without an id are told apart by the rest.
func (l *loader) addComment(m *media, c *comment) {
	if c.from == nil {
		return
	}
	same := func(have *comment) bool {
		return have.id == c.id && (c.id != 0 || have.text == c.text && have.created == c.created && have.from == c.from)
	}
	if !slices.ContainsFunc(m.comments, same) {
		m.comments = append(m.comments, c)
	}
}

// mediaMembers writes the members that stay as they were recorded, and of those that the generation always has the
// absent ones as null.
func (l *loader) mediaMembers(m *media, o object) []byte {
	var b []byte
	for _, name := range []string{"tags", "users_in_photo", "filter", "location", "attribution", "images", "videos", "link"} {
		v := o[name]
		switch {
		case name == "users_in_photo" && m.tagged != nil:
			continue
		case name == "images":
			v = l.aliased(o.object(name))
		case v == nil && (name == "link" || name == "videos"), v == nil && l.counting && !o.has(name):
			continue
		case v == nil && (name == "tags" || name == "users_in_photo"):
			v = []any{}
		}
		b = appendMember(b, name, asJSON(v))
	}
	if o["carousel_media"] != nil && l.wire == Wire2017 {
		b = appendMember(b, "carousel_media", asJSON(o["carousel_media"]))
	}
	return append(b, l.otherMembers(o, mediaMembers)...)
}

// aliased gives the largest image the name that it has in the generation of the server, too.
func (l *loader) aliased(images object) object {
	ours, theirs := "standard_resolution", "high_resolution"
	if l.counting {
		ours, theirs = theirs, ours
	}
	images = maps.Clone(images)
	switch {
	case images == nil:
		images = object{}
	case images[ours] == nil && images[theirs] != nil:
		images[ours] = images[theirs]
	}
	return images
}

// recordedFiles are the images or videos of a media, the narrowest first. At first they came as URLs without a size.
func recordedFiles(o object) []recordedFile {
	known := map[string]int{"thumbnail": 150, "low_resolution": 306, "standard_resolution": 612, "high_resolution": 612}
	var files []recordedFile
	for name, v := range o {
		f := recordedFile{width: known[name]}
		switch v := v.(type) {
		case string:
			f.url = v
		case map[string]any:
			f.url = object(v).text("url")
			if width := object(v).float("width"); width > 0 && width < math.MaxInt32 {
				f.width = int(width)
			}
		}
		if f.url != "" {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b recordedFile) int {
		if a.width != b.width {
			return a.width - b.width
		}
		return strings.Compare(a.url, b.url)
	})
	return files
}

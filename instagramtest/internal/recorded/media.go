package recorded

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

var mediaMembers = []string{"id", "type", "user", "caption", "created_time", "comments", "comment_count", "likes", "like_count",
	"user_has_liked", "users_in_photo", "link", "filter", "tags", "images", "videos", "carousel_media", "location", "attribution",
	"distance"}

// readMedia adds a media, or replaces what was known of it. Its comments and likes add up.
func (l *loader) readMedia(o object) (*world.Media, error) {
	id := digits(o["id"])
	number, suffix, ok := world.ParseMediaID(id)
	if !ok {
		return nil, fmt.Errorf("media: the id %s is not a number, nor two with a _ between them", encode.JSON(o["id"]))
	}
	m, err := l.fillMedia(o, number, suffix)
	if err != nil {
		return nil, fmt.Errorf("media %s: %w", id, err)
	}
	m.Recorded.ID = id
	return m, nil
}

func (l *loader) fillMedia(o object, number, suffix uint64) (*world.Media, error) {
	owner, err := l.readOwner(o, number, suffix)
	if err != nil {
		return nil, err
	}
	m := l.Media[number]
	if m != nil && m.Owner != owner {
		return nil, fmt.Errorf("it belongs to user %d here and to %d elsewhere", owner.ID, m.Owner.ID)
	}
	created, err := when(o["created_time"])
	if err != nil {
		return nil, err
	}
	if m == nil {
		m = &world.Media{Number: number, Owner: owner}
		l.Media[number] = m
	}
	l.localFiles(o)
	m.Created, m.Kind, m.Tags, m.Recorded = created, recordedKind(o), readTags(o), &world.RecordedMedia{}
	l.readCaption(m, o)
	m.Place, m.Point = l.readWhere(o)
	m.Tagged = l.readTagged(o)
	l.readFiles(m, o)
	m.Recorded.Members = l.mediaMembers(m, o)
	if liked, _ := o["user_has_liked"].(bool); liked {
		l.likedBySelf = append(l.likedBySelf, m)
	}
	l.readReactions(m, o)
	return m, nil
}

func readTags(o object) (names []string) {
	tags, _ := o["tags"].([]any)
	for _, t := range tags {
		if name, _ := t.(string); world.IsTag(world.TagName(name)) && !slices.Contains(names, world.TagName(name)) {
			names = append(names, world.TagName(name))
		}
	}
	return names
}

// readWhere is the place that a media is from, or else the point.
func (l *loader) readWhere(o object) (*world.Place, *world.Point) {
	where := o.object("location")
	if where == nil {
		return nil, nil
	}
	if place := l.readPlace(where); place != nil {
		return place, nil
	}
	if where["latitude"] == nil || where["longitude"] == nil {
		return nil, nil
	}
	return nil, &world.Point{Lat: where.float("latitude"), Lng: where.float("longitude")}
}

// readFiles reads the images and videos of a media and of its parts.
func (l *loader) readFiles(m *world.Media, o object) {
	r := m.Recorded
	r.Images, r.Videos = [][]world.RecordedFile{recordedFiles(o.object("images"))}, [][]world.RecordedFile{recordedFiles(o.object("videos"))}
	m.Parts = nil
	for _, p := range objects(o["carousel_media"]) {
		r.Images = append(r.Images, recordedFiles(p.object("images")))
		r.Videos = append(r.Videos, recordedFiles(p.object("videos")))
		m.Parts = append(m.Parts, world.Part{Kind: recordedKind(p), Tagged: l.readTagged(p)})
	}
}

// readOwner is the user of a media: in the object, in the id, or as it was read before.
func (l *loader) readOwner(o object, number, suffix uint64) (*world.User, error) {
	user := o.object("user")
	if user != nil && user["id"] == nil && suffix != 0 {
		user["id"] = json.Number(strconv.FormatUint(suffix, 10))
	}
	switch known := l.Media[number]; {
	case user != nil:
		return l.readUser(user)
	case suffix != 0:
		return l.person(suffix), nil
	case known != nil:
		return known.Owner, nil
	default:
		return nil, errors.New("there is no user")
	}
}

func recordedKind(o object) world.MediaKind {
	switch kind := digits(o["type"]); {
	case kind == "carousel":
		return world.KindCarousel
	case kind == "video" || kind == "2" || kind == "" && o["videos"] != nil:
		return world.KindVideo
	default:
		return world.KindImage
	}
}

func (l *loader) readCaption(m *world.Media, o object) {
	m.Caption = nil
	switch caption := o["caption"].(type) {
	case map[string]any:
		c, err := l.readComment(caption)
		if err != nil {
			l.skip(fmt.Errorf("caption of media %d: %w", m.Number, err))
			return
		}
		m.Caption = c
	case string:
		m.Caption = &world.Comment{Text: caption}
	}
	if m.Caption != nil && m.Caption.From == nil {
		m.Caption.From = m.Owner
	}
}

// readTagged is nil if one of the users has no id, as it was at times. Then they stay as they were
// recorded.
func (l *loader) readTagged(o object) []world.TaggedUser {
	var tagged []world.TaggedUser
	for _, t := range objects(o["users_in_photo"]) {
		if !t.object("user").has("id") {
			return nil
		}
		u, err := l.readUser(t.object("user"))
		if err != nil {
			l.skip(fmt.Errorf("users_in_photo: %w", err))
			return nil
		}
		tagged = append(tagged, world.TaggedUser{User: u, X: t.object("position").float("x"), Y: t.object("position").float("y")})
	}
	return tagged
}

// readReactions reads the comments and likes in every form that they had: an array, an object with
// a count and some of them or none, and a count beside.
func (l *loader) readReactions(m *world.Media, o object) {
	comments, n := reactions(o["comments"], o["comment_count"])
	m.Recorded.Comments = n
	for _, each := range comments {
		if c, err := l.readComment(each); err != nil {
			l.skip(fmt.Errorf("media %d: %w", m.Number, err))
		} else {
			l.addComment(m, c)
		}
	}
	likes, n := reactions(o["likes"], o["like_count"])
	m.Recorded.Likes = n
	for _, each := range likes {
		if u, err := l.readUser(each); err != nil {
			l.skip(fmt.Errorf("media %d: like: %w", m.Number, err))
		} else {
			l.likers[m] = append(l.likers[m], u)
		}
	}
}

// reactions are the comments or likes that were listed, and how many there were: -1 if nobody
// counted.
func reactions(v, number any) (list []object, n int) {
	n = -1
	if o, ok := v.(map[string]any); ok {
		number, v = cmp.Or(o["count"], number), o["data"]
	}
	if counted, ok := count(number); ok && counted >= 0 {
		n = counted
	}
	return objects(v), n
}

// addComment adds a comment that is not there yet. Those without an id are told apart by the rest.
func (l *loader) addComment(m *world.Media, c *world.Comment) {
	if c.From == nil {
		return
	}
	same := func(have *world.Comment) bool {
		return have.ID == c.ID && (c.ID != 0 || have.Text == c.Text && have.Created == c.Created && have.From == c.From)
	}
	if !slices.ContainsFunc(m.Comments, same) {
		m.Comments = append(m.Comments, c)
	}
}

// mediaMembers writes the members that stay as they were recorded, and of those that the generation
// always has the absent ones as null.
func (l *loader) mediaMembers(m *world.Media, o object) []byte {
	var b []byte
	for _, name := range []string{"tags", "users_in_photo", "filter", "location", "attribution", "images", "videos", "link"} {
		v := o[name]
		switch {
		case name == "users_in_photo" && m.Tagged != nil:
			continue
		case name == "images":
			v = l.aliased(o.object(name))
		case v == nil && (name == "link" || name == "videos"), v == nil && l.Counting && !o.has(name):
			continue
		case v == nil && (name == "tags" || name == "users_in_photo"):
			v = []any{}
		}
		b = encode.Member(b, name, encode.JSON(v))
	}
	if o["carousel_media"] != nil && l.wire == wire.Y2017 {
		b = encode.Member(b, "carousel_media", encode.JSON(o["carousel_media"]))
	}
	b = append(b, l.otherMembers(o, mediaMembers)...)
	return l.inForm(b)
}

// inForm is JSON as the generation of the server writes it, with the origin left open.
func (l *loader) inForm(members []byte) []byte {
	members = encode.ToASCII(members, l.wire == wire.Y2013)
	slash := FilesPath
	if l.wire == wire.Y2013 {
		slash = strings.ReplaceAll(slash, "/", `\/`)
	}
	return bytes.ReplaceAll(members, []byte(`\u0000`+slash), []byte(string(world.Origin)+slash))
}

// aliased gives the largest image the name that it has in the generation of the server, too.
func (l *loader) aliased(images object) object {
	ours, theirs := "standard_resolution", "high_resolution"
	if l.Counting {
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

// recordedFiles are the images or videos of a media, the narrowest first. At first they came as
// URLs without a size.
func recordedFiles(o object) []world.RecordedFile {
	known := map[string]int{"thumbnail": 150, "low_resolution": 306, "standard_resolution": 612, "high_resolution": 612}
	var files []world.RecordedFile
	for name, v := range o {
		f := world.RecordedFile{Width: known[name]}
		switch v := v.(type) {
		case string:
			f.URL = v
		case map[string]any:
			f.URL = object(v).text("url")
			if width := object(v).float("width"); width > 0 && width < math.MaxInt32 {
				f.Width = int(width)
			}
		}
		if f.URL != "" {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b world.RecordedFile) int {
		if a.Width != b.Width {
			return a.Width - b.Width
		}
		return strings.Compare(a.URL, b.URL)
	})
	return files
}

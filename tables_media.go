package instagram

import (
	"maps"

	"github.com/igv1/instagram/internal/wire"
)

// A model has one table, by which it is read and written. A row is a member: its name on the wire,
// and the field that holds it. What is irregular on the wire is a function beside the table.

var mediaTable = wire.Table[MediaEntry]{
	Extra: func(m *MediaEntry) *wire.Extra { return &m.Extra },
	Make:  newMedia,
	Rows: []wire.Row[MediaEntry]{
		// In memory of its own: programs remember the ids of all media that they have seen.
		{Name: "id", Field: func(m *MediaEntry) any { return &m.ID }, Read: func(d *wire.Decoder, m *MediaEntry) bool { m.ID = d.StringApart(); return true }},
		{Name: "type", Field: func(m *MediaEntry) any { return (*string)(&m.Type) }, Read: func(d *wire.Decoder, m *MediaEntry) bool { return m.Type.read(d) }},
		{Name: "user", Field: func(m *MediaEntry) any { return &m.User }, Model: &userShortTable, Repeats: true},
		{Name: "caption", Own: true, Field: func(m *MediaEntry) any { return &m.Caption }, Read: readCaption, Write: writeCaption},
		{Name: "comments", Own: true, Field: func(m *MediaEntry) any { return &m.Comments }, Model: &commentsTable},
		{Name: "likes", Own: true, Field: func(m *MediaEntry) any { return &m.Likes }, Model: &likesTable, Read: readLikes},
		{Name: "like_count", Late: readLikeCount},
		{Name: "images", Own: true, Field: func(m *MediaEntry) any { return &m.Images }, Model: &imagesTable},
		{Name: "videos", Own: true, Field: func(m *MediaEntry) any { return &m.Videos }, Model: &videosTable, Optional: true},
		{Name: "location", Own: true, Field: func(m *MediaEntry) any { return &m.Location }, Model: &locationTable, Read: readLocation},
		{Name: "link", Own: true, Field: func(m *MediaEntry) any { return &m.Link }},
		{Name: "filter", Own: true, Field: func(m *MediaEntry) any { return &m.Filter }},
		{Name: "tags", Own: true, Field: func(m *MediaEntry) any { return &m.Tags }},
		{Name: "created_time", Field: func(m *MediaEntry) any { return &m.CreatedTime }},
		{Name: "users_in_photo", Own: true, Field: func(m *MediaEntry) any { return &m.UsersInPhoto }, Model: &userInPhotoTable},
		{Name: "user_has_liked", Own: true, Field: func(m *MediaEntry) any { return &m.UserHasLiked }},
		{Name: "attribution", Own: true, Field: func(m *MediaEntry) any { return &m.Attribution }, Model: &attributionTable},
		{Name: "distance", Own: true, Field: func(m *MediaEntry) any { return &m.Distance }, Optional: true},
		{Name: "carousel_media", Own: true, Field: func(m *MediaEntry) any { return &m.CarouselMedia }, Model: &carouselTable, Optional: true},
	},
}

// newMedia puts a media, its caption and its location into one piece of memory, as most have both.
func newMedia(d *wire.Decoder) *MediaEntry {
	d.Entry(1 << 10) // as the allocator rounds it
	all := new(struct {
		media    MediaEntry
		caption  CommentEntry
		location LocationInfo
	})
	commentTable.Offer(d, &all.caption)
	locationTable.Offer(d, &all.location)
	return &all.media
}

// read reads the name of a media type, or its number in the earliest answers.
func (t *MediaType) read(d *wire.Decoder) bool {
	switch text := d.Scalar("a media type"); string(text) {
	case "1", "image":
		*t = MediaImage
	case "2", "video":
		*t = MediaVideo
	case "carousel":
		*t = MediaCarousel
	default:
		*t = MediaType(text)
	}
	return true
}

// readCaption reads a comment: a caption is one by the user who posted the media.
func readCaption(d *wire.Decoder, m *MediaEntry) bool {
	if m.Caption = nil; !d.Null() {
		caption := commentTable.New(d)
		commentTable.Read(d, caption)
		m.Caption = (*CaptionData)(caption)
	}
	return true
}

func writeCaption(e *wire.Encoder, m *MediaEntry) {
	if m.Caption == nil {
		e.Null("caption")
		return
	}
	commentTable.WriteMember(e, "caption", (*CommentEntry)(m.Caption))
}

// readLikes reports whether the member says how many likes there are.
func readLikes(d *wire.Decoder, m *MediaEntry) bool {
	return likesTable.Read(d, &m.Likes).Has("count")
}

// readLikeCount reads the member by which the earliest answers count the likes; in those, likes
// lists a few.
func readLikeCount(d *wire.Decoder, m *MediaEntry, seen wire.Seen) (understood bool) {
	count := d.Int()
	if !seen.Has("likes") {
		m.Likes.Count = count
	}
	return m.Likes.Count == count
}

// readLocation reads the place of a media, which is nil where each member is null.
func readLocation(d *wire.Decoder, m *MediaEntry) bool {
	if m.Location = nil; !d.Null() {
		location := locationTable.New(d)
		if locationTable.Read(d, location).Any() {
			m.Location = location
		}
	}
	return true
}

var carouselTable = wire.Table[CarouselMedia]{
	Extra: func(m *CarouselMedia) *wire.Extra { return &m.Extra },
	Rows: []wire.Row[CarouselMedia]{
		{Name: "type", Field: func(m *CarouselMedia) any { return (*string)(&m.Type) }, Read: func(d *wire.Decoder, m *CarouselMedia) bool { return m.Type.read(d) }},
		// A part that is a video has no images.
		{Name: "images", Field: func(m *CarouselMedia) any { return &m.Images }, Model: &imagesTable, Optional: true},
		{Name: "videos", Field: func(m *CarouselMedia) any { return &m.Videos }, Model: &videosTable, Optional: true},
		{Name: "users_in_photo", Field: func(m *CarouselMedia) any { return &m.UsersInPhoto }, Model: &userInPhotoTable},
	},
}

var attributionTable = wire.Table[Attribution]{
	Extra: func(a *Attribution) *wire.Extra { return &a.Extra },
	Rows: []wire.Row[Attribution]{
		{Name: "name", Field: func(a *Attribution) any { return &a.Name }},
		{Name: "website", Field: func(a *Attribution) any { return &a.Website }},
		{Name: "itunes_url", Field: func(a *Attribution) any { return &a.ITunesURL }},
	},
	Bare: readAttributionName,
}

// readAttributionName reads an attribution that is a string, its name.
func readAttributionName(d *wire.Decoder, a *Attribution) bool {
	if d.Peek() != '"' {
		return false
	}
	a.Name = d.String()
	return true
}

// commentTable is for captions as well.
var commentTable = wire.Table[CommentEntry]{
	Extra: func(c *CommentEntry) *wire.Extra { return &c.Extra },
	Rows: []wire.Row[CommentEntry]{
		{Name: "id", Field: func(c *CommentEntry) any { return &c.ID }},
		{Name: "created_time", Field: func(c *CommentEntry) any { return &c.CreatedTime }},
		{Name: "text", Own: true, Older: "message", Field: func(c *CommentEntry) any { return &c.Text }},
		{Name: "from", Own: true, Field: func(c *CommentEntry) any { return &c.From }, Model: &userShortTable, Repeats: true},
	},
}

var commentsTable = wire.Table[CommentsCollection]{
	Extra: func(c *CommentsCollection) *wire.Extra { return &c.Extra },
	Rows: []wire.Row[CommentsCollection]{
		{Name: "count", Field: func(c *CommentsCollection) any { return &c.Count }},
		{Name: "data", Field: func(c *CommentsCollection) any { return &c.Data }, Model: &commentTable, Optional: true},
	},
	Bare: func(d *wire.Decoder, c *CommentsCollection) bool {
		return readBareList(d, &commentTable, &c.Data, &c.Count)
	},
	End: func(_ *wire.Decoder, c *CommentsCollection, seen wire.Seen) { countListed(&c.Count, len(c.Data), seen) },
}

var likesTable = wire.Table[LikesCollection]{
	Extra: func(l *LikesCollection) *wire.Extra { return &l.Extra },
	Rows: []wire.Row[LikesCollection]{
		{Name: "count", Field: func(l *LikesCollection) any { return &l.Count }},
		{Name: "data", Field: func(l *LikesCollection) any { return &l.Data }, Model: &userShortTable, Optional: true},
	},
	Bare: func(d *wire.Decoder, l *LikesCollection) bool {
		return readBareList(d, &userShortTable, &l.Data, &l.Count)
	},
	End: func(_ *wire.Decoder, l *LikesCollection, seen wire.Seen) { countListed(&l.Count, len(l.Data), seen) },
}

// readBareList reads a collection that is a list, as in the earliest answers.
func readBareList[T any](d *wire.Decoder, table *wire.Table[T], data *[]T, count *int) bool {
	if d.Peek() != '[' {
		return false
	}
	*data = table.ReadList(d)
	*count = len(*data)
	return true
}

// countListed sets the count of a collection that has none to as many as it lists.
func countListed(count *int, listed int, seen wire.Seen) {
	if !seen.Has("count") {
		*count = listed
	}
}

var imagesTable = wire.Table[ImagesData]{
	Extra: func(i *ImagesData) *wire.Extra { return &i.Extra },
	Rows: []wire.Row[ImagesData]{
		{Name: "thumbnail", Field: func(i *ImagesData) any { return &i.Thumbnail }, Model: &imageTable},
		{Name: "low_resolution", Field: func(i *ImagesData) any { return &i.LowResolution }, Model: &imageTable},
		{Name: "standard_resolution", Field: func(i *ImagesData) any { return &i.StandardResolution }, Model: &imageTable},
		{Name: "high_resolution", Field: func(i *ImagesData) any { return &i.HighResolution }, Model: &imageTable, Optional: true},
		{Field: func(i *ImagesData) any { return &i.Sizes }, Write: func(e *wire.Encoder, i *ImagesData) { writeSizes(e, i.Sizes) }},
	},
	Unknown: func(d *wire.Decoder, i *ImagesData, name []byte) bool { return readSize(d, &i.Sizes, &i.Extra, name) },
	End:     copyHighResolution,
}

// copyHighResolution makes the high resolution the standard one where there is no other.
func copyHighResolution(_ *wire.Decoder, i *ImagesData, seen wire.Seen) {
	if i.StandardResolution.URL == "" && !seen.Has("standard_resolution") && imageTable.IsZero(&i.StandardResolution) {
		i.StandardResolution = i.HighResolution
		i.StandardResolution.Extra = maps.Clone(i.HighResolution.Extra)
	}
}

var videosTable = wire.Table[VideosData]{
	Extra: func(v *VideosData) *wire.Extra { return &v.Extra },
	Rows: []wire.Row[VideosData]{
		{Name: "low_resolution", Field: func(v *VideosData) any { return &v.LowResolution }, Model: &imageTable},
		{Name: "standard_resolution", Field: func(v *VideosData) any { return &v.StandardResolution }, Model: &imageTable},
		{Name: "low_bandwidth", Field: func(v *VideosData) any { return &v.LowBandwidth }, Model: &imageTable, Optional: true},
		{Field: func(v *VideosData) any { return &v.Sizes }, Write: func(e *wire.Encoder, v *VideosData) { writeSizes(e, v.Sizes) }},
	},
	Unknown: func(d *wire.Decoder, v *VideosData, name []byte) bool { return readSize(d, &v.Sizes, &v.Extra, name) },
}

// readSize reads a member of images or videos that may be a further size: an object with a URL is
// one, whatever its name.
func readSize(d *wire.Decoder, sizes *map[string]ImageInfo, extra *wire.Extra, name []byte) bool {
	key := string(name)
	start := d.Mark()
	if d.Peek() == '{' {
		size := imageTable.New(d)
		if located := imageTable.Read(d, size).Has("url"); located && !d.Failed() {
			if *sizes == nil {
				*sizes = make(map[string]ImageInfo)
				d.SpendOnMap()
			}
			(*sizes)[key] = *size
			wire.Drop(extra, key)
			return true
		}
	}
	d.Resume(start)
	if !d.Failed() {
		d.Keep(extra, key, d.Raw(start))
		if delete(*sizes, key); len(*sizes) == 0 {
			*sizes = nil
		}
	}
	return true
}

// writeSizes writes the further sizes; a field goes before one of the same name.
func writeSizes(e *wire.Encoder, sizes map[string]ImageInfo) {
	for _, name := range wire.SortedNames(sizes) {
		if !e.Written(name) {
			size := sizes[name]
			imageTable.WriteMember(e, name, &size)
		}
	}
}

var imageTable = wire.Table[ImageInfo]{
	Extra: func(i *ImageInfo) *wire.Extra { return &i.Extra },
	Rows: []wire.Row[ImageInfo]{
		{Name: "url", Field: func(i *ImageInfo) any { return &i.URL }},
		{Name: "width", Field: func(i *ImageInfo) any { return &i.Width }},
		{Name: "height", Field: func(i *ImageInfo) any { return &i.Height }},
	},
}

var locationTable = wire.Table[LocationInfo]{
	Extra: func(l *LocationInfo) *wire.Extra { return &l.Extra },
	Rows: []wire.Row[LocationInfo]{
		{Name: "id", Field: func(l *LocationInfo) any { return &l.ID }},
		{Name: "name", Field: func(l *LocationInfo) any { return &l.Name }},
		{Name: "latitude", Own: true, Field: func(l *LocationInfo) any { return &l.Latitude }, Optional: true, Write: writePoint},
		{Name: "longitude", Own: true, Field: func(l *LocationInfo) any { return &l.Longitude }, Optional: true, Write: func(*wire.Encoder, *LocationInfo) {}},
		{Name: "street_address", Own: true, Field: func(l *LocationInfo) any { return &l.StreetAddress }, Optional: true},
	},
	End: dropPoint,
}

// writePoint writes both coordinates, or neither: 0, 0 looks like no point at all.
func writePoint(e *wire.Encoder, l *LocationInfo) {
	if l.Latitude != 0 || l.Longitude != 0 {
		e.Float("latitude", l.Latitude)
		e.Float("longitude", l.Longitude)
	}
}

// dropPoint takes a coordinate of 0 out of Extra where the other is not 0: the fields show both.
func dropPoint(_ *wire.Decoder, l *LocationInfo, _ wire.Seen) {
	if l.Extra != nil && (l.Latitude != 0 || l.Longitude != 0) {
		wire.Drop(&l.Extra, "latitude")
		wire.Drop(&l.Extra, "longitude")
	}
}

var userInPhotoTable = wire.Table[UserInPhoto]{
	Extra: func(u *UserInPhoto) *wire.Extra { return &u.Extra },
	Rows: []wire.Row[UserInPhoto]{
		{Name: "user", Field: func(u *UserInPhoto) any { return &u.User }, Model: &userShortTable},
		{Name: "position", Field: func(u *UserInPhoto) any { return &u.Position }, Model: &positionTable},
	},
}

var positionTable = wire.Table[Position]{
	Extra: func(p *Position) *wire.Extra { return &p.Extra },
	Rows: []wire.Row[Position]{
		{Name: "x", Field: func(p *Position) any { return &p.X }},
		{Name: "y", Field: func(p *Position) any { return &p.Y }},
	},
}

package instagram

import (
	"encoding/json"
	"maps"
)

func (m *MediaEntry) decode(d *decoder) {
	var likesCounted bool
	var likeCount int
	var likeCountRaw []byte
	for name := range d.members {
		switch string(name) {
		case "id":
			// In memory of its own: programs remember the ids of all they have seen.
			m.ID = string(d.scalar("a string"))
		case "type":
			m.Type = d.mediaType()
		case "user":
			m.User.decode(d)
		case "caption":
			m.Caption = pointer[CaptionData](d)
		case "comments":
			m.Comments.decode(d)
		case "likes":
			likesCounted = m.Likes.read(d)
		case "like_count":
			start := d.pos
			likeCount = d.int()
			likeCountRaw = d.raw(start)
		case "images":
			m.Images.decode(d)
		case "videos":
			m.Videos = pointer[VideosData](d)
		case "location":
			m.Location = d.location()
		case "link":
			m.Link = d.string()
		case "filter":
			m.Filter = d.string()
		case "tags":
			m.Tags = d.strings()
		case "created_time":
			m.CreatedTime = d.time()
		case "users_in_photo":
			m.UsersInPhoto = slice(d, &d.tagged)
		case "user_has_liked":
			m.UserHasLiked = d.bool()
		case "attribution":
			m.Attribution = pointer[Attribution](d)
		case "distance":
			m.Distance = optional(d, &m.Extra, "distance", (*decoder).float)
		case "carousel_media":
			m.CarouselMedia = slice(d, &d.carousel)
		default:
			d.unknown(&m.Extra, name)
		}
	}
	if likeCountRaw == nil || d.err != nil {
		return
	}
	// The earliest answers count the likes beside likes, which lists a few.
	switch {
	case !likesCounted:
		m.Likes.Count = likeCount
	case m.Likes.Count != likeCount:
		d.keep(&m.Extra, "like_count", likeCountRaw)
	}
}

func (m *CarouselMedia) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "type":
			m.Type = d.mediaType()
		case "images": // not there where the part is a video
			start := d.pos
			m.Images.decode(d)
			d.keepZero(&m.Extra, "images", start, m.Images.isZero())
		case "videos":
			m.Videos = pointer[VideosData](d)
		case "users_in_photo":
			m.UsersInPhoto = slice(d, &d.tagged)
		default:
			d.unknown(&m.Extra, name)
		}
	}
}

// mediaType reads the name of a media type, or its number in the earliest answers.
func (d *decoder) mediaType() MediaType {
	switch text := d.scalar("a media type"); string(text) {
	case "1", "image":
		return MediaImage
	case "2", "video":
		return MediaVideo
	case "carousel":
		return MediaCarousel
	default:
		return MediaType(d.copy(text))
	}
}

// strings reads a list of strings. It is nil only where it is null.
func (d *decoder) strings() []string {
	if d.null() {
		return nil
	}
	d.tags = d.tags[:0]
	for range d.elements {
		d.tags = append(d.tags, d.string())
	}
	list := make([]string, len(d.tags))
	copy(list, d.tags)
	return list
}

func (a *Attribution) decode(d *decoder) {
	if d.peek() == '"' { // the name alone
		a.Name = d.string()
		return
	}
	for name := range d.members {
		switch string(name) {
		case "name":
			a.Name = d.string()
		case "website":
			a.Website = d.string()
		case "itunes_url":
			a.ITunesURL = d.string()
		default:
			d.unknown(&a.Extra, name)
		}
	}
}

// A caption is a comment by the one who posted the media.
func (c *CaptionData) decode(d *decoder) { (*CommentEntry)(c).decode(d) }

func (c *CommentEntry) decode(d *decoder) {
	var message string
	var messageRaw, textRaw []byte
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "id":
			c.ID = d.string()
		case "created_time":
			c.CreatedTime = d.time()
		case "text":
			c.Text = d.string()
			textRaw = d.raw(start)
		case "message": // the earliest name of text
			message = d.string()
			messageRaw = d.raw(start)
		case "from":
			c.From.decode(d)
		default:
			d.unknown(&c.Extra, name)
		}
	}
	if messageRaw == nil || d.err != nil {
		return
	}
	switch {
	case textRaw == nil:
		c.Text = message
	case c.Text != message:
		d.keep(&c.Extra, "message", messageRaw)
	}
}

func (c *CommentsCollection) decode(d *decoder) {
	collection(d, &d.comments, &c.Count, &c.Data, &c.Extra)
}

func (l *LikesCollection) decode(d *decoder) { l.read(d) }

// read reports whether the collection said how many there are.
func (l *LikesCollection) read(d *decoder) (counted bool) {
	return collection(d, &d.likes, &l.Count, &l.Data, &l.Extra)
}

// collection reads {count, data}, or the bare list of the earliest answers.
// Where there is no count there are at least as many as are listed.
func collection[T any, P interface {
	*T
	decodable
}](d *decoder, list *[]T, count *int, data *[]T, extra *map[string]json.RawMessage) (counted bool) {
	if d.peek() == '[' {
		*data = slice[T, P](d, list)
		*count = len(*data)
		return false
	}
	for name := range d.members {
		switch string(name) {
		case "count":
			counted = d.peek() != 'n'
			*count = d.int()
		case "data":
			*data = slice[T, P](d, list)
		default:
			d.unknown(extra, name)
		}
	}
	if !counted {
		*count = len(*data)
	}
	return counted
}

func (i *ImagesData) decode(d *decoder) {
	standard := false
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "thumbnail":
			i.Thumbnail.decode(d)
		case "low_resolution":
			i.LowResolution.decode(d)
		case "standard_resolution":
			i.StandardResolution.decode(d)
			standard = d.raw(start) != nil
		case "high_resolution":
			i.HighResolution.decode(d)
			d.keepZero(&i.Extra, "high_resolution", start, i.HighResolution.isZero())
		default:
			d.size(&i.Sizes, &i.Extra, name)
		}
	}
	if !standard && i.StandardResolution.isZero() {
		i.StandardResolution = i.HighResolution
		i.StandardResolution.Extra = maps.Clone(i.HighResolution.Extra)
	}
}

func (i *ImagesData) isZero() bool {
	return i.Thumbnail.isZero() && i.LowResolution.isZero() && i.StandardResolution.isZero() &&
		i.HighResolution.isZero() && len(i.Sizes) == 0 && len(i.Extra) == 0
}

func (v *VideosData) decode(d *decoder) {
	for name := range d.members {
		start := d.pos
		switch string(name) {
		case "low_resolution":
			v.LowResolution.decode(d)
		case "standard_resolution":
			v.StandardResolution.decode(d)
		case "low_bandwidth":
			v.LowBandwidth.decode(d)
			d.keepZero(&v.Extra, "low_bandwidth", start, v.LowBandwidth.isZero())
		default:
			d.size(&v.Sizes, &v.Extra, name)
		}
	}
}

// size reads a member of images or videos that may be a further size: an
// object with a URL is one, whatever its name.
func (d *decoder) size(sizes *map[string]ImageInfo, extra *map[string]json.RawMessage, name []byte) {
	key := d.copy(name)
	start := d.pos
	if d.peek() == '{' {
		var info ImageInfo
		if located := info.read(d); located && d.err == nil {
			if *sizes == nil {
				*sizes = make(map[string]ImageInfo)
			}
			(*sizes)[key] = info
			drop(extra, key)
			return
		}
	}
	if d.resume(start); d.err != nil {
		return
	}
	d.keep(extra, key, d.data[start:d.pos])
	if delete(*sizes, key); len(*sizes) == 0 {
		*sizes = nil
	}
}

func (i *ImageInfo) decode(d *decoder) { i.read(d) }

// read reports whether there was a URL.
func (i *ImageInfo) read(d *decoder) (located bool) {
	for name := range d.members {
		switch string(name) {
		case "url":
			located = d.peek() != 'n'
			i.URL = d.string()
		case "width":
			i.Width = d.int()
		case "height":
			i.Height = d.int()
		default:
			d.unknown(&i.Extra, name)
		}
	}
	return located
}

func (i *ImageInfo) isZero() bool {
	return i.URL == "" && i.Width == 0 && i.Height == 0 && len(i.Extra) == 0
}

func (u *UserInPhoto) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "user":
			u.User.decode(d)
		case "position":
			u.Position.decode(d)
		default:
			d.unknown(&u.Extra, name)
		}
	}
}

func (p *Position) decode(d *decoder) {
	for name := range d.members {
		switch string(name) {
		case "x":
			p.X = d.float()
		case "y":
			p.Y = d.float()
		default:
			d.unknown(&p.Extra, name)
		}
	}
}

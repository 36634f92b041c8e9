package archive

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/igv1/instagram"
)

// FS returns what the archive holds as files: answers of v1 in their canonical form, named after
// the paths that they answer, and the pictures and videos. It is what instagramtest.WithData reads.
//
//	users/self.json                      the owner of an export
//	users/{user-id}.json                 profiles
//	users/{user-id}/follows.json         and followed-by.json
//	media/page-00001.json                media, 100 an answer
//	media/{media-id}/comments.json       what was recorded apart from media
//	media/{media-id}/likes.json
//	tags/search.json, locations/search.json
//	files/{media-id}-{part}.jpg          pictures and videos
//
// The URL of a picture that the archive holds is its path in there. Users known by name alone get
// an id that is made of it; media of an export without its profile are of a user called unknown. The archive is read when the first file is opened, whose error is that
// of the reading; the answers are kept in a temporary file until the archive is closed.
func (a *Archive) FS() fs.FS {
	return &lazyFS{build: sync.OnceValues(func() (*tree, error) { return a.tree() })}
}

type lazyFS struct {
	build func() (*tree, error)
}

func (l *lazyFS) Open(name string) (fs.File, error) {
	t, err := l.build()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return t.Open(name)
}

// perPage is how many entries an answer has.
const perPage = 100

// A builder writes the answers of a tree.
type builder struct {
	*tree
	out *bufio.Writer
	at  int64

	ids     map[string]string // of users, by their names
	media   []json.RawMessage
	lists   map[string][]json.RawMessage // by the path of their file
	pages   int
	owner   instagram.UserShortInfo
	hasSelf bool
}

// tree reads the archive into a tree.
func (a *Archive) tree() (*tree, error) {
	file, err := os.CreateTemp("", "archive-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // where that is not possible yet, Close does it
	a.source.mu.Lock()
	a.source.closers = append(a.source.closers, removed{file})
	a.source.mu.Unlock()
	b := &builder{
		tree: newTree(file), out: bufio.NewWriter(file),
		ids: map[string]string{}, lists: map[string][]json.RawMessage{}, owner: a.source.owners().only,
	}
	ctx := context.Background()
	for e, err := range a.walk(ctx, setOf(KindUser)|setOf(KindMedia)) { // ids first
		if err == nil {
			b.learn(e)
		}
	}
	for e, err := range a.walk(ctx, everyKind) {
		if err != nil {
			if sourceOf(err).File == "" || a.options.strict {
				return nil, err
			}
			continue
		}
		if err := b.entry(e); err != nil {
			return nil, err
		}
	}
	if err := b.finish(); err != nil {
		return nil, err
	}
	return b.tree, b.out.Flush()
}

// learn notes the ids that go with names.
func (b *builder) learn(e *Entry) {
	note := func(id, name string) {
		if id != "" && name != "" {
			b.ids[strings.ToLower(name)] = id
		}
	}
	if e.User != nil {
		note(e.User.ID, e.User.Username)
	}
	if e.Media != nil {
		note(e.Media.User.ID, e.Media.User.Username)
	}
}

// id returns the id of a user, and makes one of the name if there is none.
func (b *builder) id(id, name string) string {
	if id != "" || name == "" {
		return id
	}
	if known := b.ids[strings.ToLower(name)]; known != "" {
		return known
	}
	return derivedNumber(strings.ToLower(name))
}

// user makes a user whole: one of whom nothing is known has a name, and one with a name has an id.
func (b *builder) user(u *instagram.UserShortInfo) {
	if u.ID == "" {
		u.Username = cmp.Or(u.Username, unnamed)
	}
	u.ID = b.id(u.ID, u.Username)
	if !isLink(u.ProfilePicture) {
		u.ProfilePicture = "" // a path in an export; the profile has the picture
	}
}

// unnamed is a user of whom nothing is known.
const unnamed = "unknown"

func (b *builder) comment(c *instagram.CommentEntry) {
	b.user(&c.From)
	c.ID = cmp.Or(c.ID, derivedNumber(c.CreatedTime.String()+c.From.Username+c.Text))
}

func (b *builder) entry(e *Entry) error {
	switch e.Kind {
	case KindMedia:
		return b.addMedia(e)
	case KindUser:
		return b.addUser(e)
	case KindComment:
		if e.inside || e.MediaID == "" {
			return nil // it is in the page, or on media of others
		}
		b.comment(e.Comment)
		return b.list("media/"+safe(e.MediaID)+"/comments.json", e.Comment)
	case KindLike:
		if e.inside || e.MediaID == "" || e.Like.Media.UserHasLiked {
			return nil
		}
		b.user(&e.Like.User)
		return b.list("media/"+safe(e.MediaID)+"/likes.json", &e.Like.User)
	case KindFollow:
		b.user(e.Follow)
		return b.list("users/"+b.listOwner(e.Owner)+"/follows.json", e.Follow)
	case KindFollower:
		b.user(e.Follower)
		return b.list("users/"+b.listOwner(e.Owner)+"/followed-by.json", e.Follower)
	case KindTag:
		return b.list("tags/search.json", e.Tag)
	default:
		return b.list("locations/search.json", e.Location)
	}
}

func (b *builder) listOwner(owner string) string {
	switch {
	case owner == "" || owner == "self" || strings.EqualFold(owner, b.owner.Username):
		return "self"
	case isNumber(owner):
		return owner
	default:
		return b.id("", owner)
	}
}

// safe makes an element of a path of an id.
func safe(id string) string {
	if id != "" && len(id) < 100 && strings.Trim(id, "0123456789_") == "" {
		return id
	}
	return "x" + derivedNumber(id)
}

func (b *builder) addUser(e *Entry) error {
	u := e.User
	u.ID = b.id(u.ID, u.Username)
	if len(e.Files) > 0 {
		u.ProfilePicture = b.picture("files/profile-"+safe(u.ID), e.Files[0])
	} else if !isLink(u.ProfilePicture) {
		u.ProfilePicture = "" // a path in an export that does not hold it
	}
	name := "users/" + safe(u.ID) + ".json"
	if b.owner.Username != "" && strings.EqualFold(u.Username, b.owner.Username) {
		name = "users/self.json"
		b.hasSelf = true
	}
	return b.answer(name, u)
}

func (b *builder) addMedia(e *Entry) error {
	m := e.Media
	if m.User.ID == "" && m.User.Username == "" { // an export without its profile
		m.User.Username = b.owner.Username
	}
	b.user(&m.User)
	if m.ID == "" {
		m.ID = derivedID(m.CreatedTime, m.Link)
	}
	if m.Caption != nil {
		if m.Caption.From.ID == "" && m.Caption.From.Username == "" {
			m.Caption.From = m.User
		}
		b.user(&m.Caption.From)
		m.Caption.ID = cmp.Or(m.Caption.ID, derivedNumber(m.ID))
	}
	for i := range m.Comments.Data {
		b.comment(&m.Comments.Data[i])
	}
	for i := range m.Likes.Data {
		b.user(&m.Likes.Data[i])
	}
	for i, f := range e.Files {
		url := b.picture(fmt.Sprintf("files/%s-%d", safe(m.ID), i+1), f)
		b.use(m, i, len(e.Files), url)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if b.media = append(b.media, raw); len(b.media) == perPage {
		return b.page()
	}
	return nil
}

// use puts the URL of a file where the media, or its part, names it.
func (b *builder) use(m *instagram.MediaEntry, i, n int, url string) {
	info := instagram.ImageInfo{URL: url}
	images := instagram.ImagesData{Thumbnail: info, LowResolution: info, StandardResolution: info}
	videos := &instagram.VideosData{LowResolution: info, StandardResolution: info}
	isVideo := strings.HasSuffix(url, ".mp4")
	if len(m.CarouselMedia) == n && n > 1 {
		part := &m.CarouselMedia[i]
		if part.Images, part.Videos = images, nil; isVideo {
			part.Images, part.Videos = instagram.ImagesData{}, videos
		}
	}
	switch {
	case isVideo && m.Type == instagram.MediaVideo:
		m.Videos = videos
	case !isVideo && (i == 0 || m.Images.StandardResolution.URL == "" || !strings.Contains(m.Images.StandardResolution.URL, "files/")):
		m.Images = images
	}
}

// videoFiles are the extensions of videos. Videos may have none.
var videoFiles = map[string]bool{".mp4": true, ".mov": true, ".m4v": true, "": true}

// picture adds a file and returns its URL.
func (b *builder) picture(name string, f *File) string {
	ext := strings.ToLower(path.Ext(f.Name))
	if videoFiles[ext] {
		ext = ".mp4"
	}
	b.add(name+ext, node{picture: f})
	return name + ext
}

func (b *builder) page() error {
	b.pages++
	err := b.answer(fmt.Sprintf("media/page-%05d.json", b.pages), b.media)
	b.media = b.media[:0]
	return err
}

// list adds to a list that is written at the end.
func (b *builder) list(name string, entry any) error {
	raw, err := json.Marshal(entry)
	if err == nil {
		b.lists[name] = append(b.lists[name], raw)
	}
	return err
}

// answer writes one answer.
func (b *builder) answer(name string, data any) error {
	raw, err := json.Marshal(map[string]any{"meta": map[string]int{"code": 200}, "data": data})
	if err != nil {
		return err
	}
	b.add(name, node{offset: b.at, size: int64(len(raw))})
	b.at += int64(len(raw))
	_, err = b.out.Write(raw)
	return err
}

func (b *builder) finish() error {
	if len(b.media) > 0 {
		if err := b.page(); err != nil {
			return err
		}
	}
	if !b.hasSelf && b.owner.Username != "" {
		b.user(&b.owner)
		if err := b.answer("users/self.json", &b.owner); err != nil {
			return err
		}
	}
	for name, list := range b.lists {
		if err := b.answer(name, list); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
	"github.com/igv1/instagram/archive/page"
)

// A folder is the page that is being written. All its files are written as a whole.
type folder struct {
	*job
	site     page.Site
	comments map[string][]instagram.CommentEntry // by the media
	likes    map[string][]instagram.UserShortInfo
}

// pictures is the folder of the pictures and videos.
const pictures = "files"

func (j *job) page() error {
	for _, name := range []string{page.Folder, pictures} {
		if err := os.MkdirAll(filepath.Join(j.out, name), 0o755); err != nil {
			return err
		}
	}
	f := &folder{job: j, site: page.Site{Title: j.title}, comments: map[string][]instagram.CommentEntry{}, likes: map[string][]instagram.UserShortInfo{}}
	if err := f.readRest(); err != nil {
		return err
	}
	f.site.Posts = f.posts
	if err := page.Write(f.site, f.create); err != nil {
		return err
	}
	j.bar.finish()
	fmt.Fprintf(j.stdout, "%s\n", filepath.Join(j.out, page.Name))
	return nil
}

// readRest reads all but the media.
func (f *folder) readRest() error {
	kinds := []archive.Kind{archive.KindUser, archive.KindFollower, archive.KindFollow, archive.KindComment, archive.KindLike}
	for e, err := range f.archive.Of(f.ctx, kinds...) {
		var failure *archive.Error
		if err != nil && errors.As(err, &failure) && !f.strict {
			continue // the media's loop tells of it
		}
		if err != nil {
			return err
		}
		switch e.Kind {
		case archive.KindUser:
			if err := f.user(e); err != nil {
				return err
			}
		case archive.KindFollower:
			f.site.Followers = append(f.site.Followers, *e.Follower)
		case archive.KindFollow:
			f.site.Follows = append(f.site.Follows, *e.Follow)
		case archive.KindComment:
			if e.MediaID != "" {
				id, c := number(e.MediaID), e.Comment
				f.comments[id] = append(f.comments[id], instagram.CommentEntry{CreatedTime: c.CreatedTime, Text: strings.Clone(c.Text), From: named(&c.From)})
			}
		case archive.KindLike:
			if e.MediaID != "" && e.Like.User.Username != "" {
				id := number(e.MediaID)
				f.likes[id] = append(f.likes[id], named(&e.Like.User))
			}
		}
	}
	return nil
}

// named is of a user what the page tells, in memory of its own: there are many.
func named(u *instagram.UserShortInfo) instagram.UserShortInfo {
	if u.Username != "" {
		return instagram.UserShortInfo{Username: strings.Clone(u.Username)}
	}
	return instagram.UserShortInfo{ID: strings.Clone(u.ID), FullName: strings.Clone(u.FullName)}
}

// number is a media's id without that of its user, which recordings leave out at times.
func number(id string) string {
	n, _, _ := strings.Cut(id, "_")
	return n
}

// user takes the first profile for that of the page; an export has just one.
func (f *folder) user(e *archive.Entry) error {
	if f.site.User != nil {
		return nil
	}
	f.site.User = e.User
	if len(e.Files) == 0 {
		return nil
	}
	file, err := f.copy(e.Files[0], "profile")
	f.site.Picture = file.Path
	return err
}

// posts yields the media, and copies their pictures on the way.
func (f *folder) posts(yield func(*page.Post, error) bool) {
	for e, err := range f.entries(archive.KindMedia) {
		if err != nil {
			yield(nil, err)
			return
		}
		id := number(e.Media.ID)
		post := &page.Post{Media: e.Media, Comments: f.comments[id], Likes: f.likes[id]}
		delete(f.comments, id)
		delete(f.likes, id)
		for i, picture := range e.Files {
			file, err := f.copy(picture, fmt.Sprintf("%s-%d", safe(e.Media.ID), i+1))
			if err != nil {
				yield(nil, err)
				return
			}
			if file.Path != "" {
				post.Files = append(post.Files, file)
			}
		}
		if !yield(post, nil) {
			return
		}
	}
}

// safe makes part of a file's name of an id.
func safe(id string) string {
	if id != "" && len(id) < 100 && strings.Trim(id, "0123456789_") == "" {
		return id
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // never fails
	return fmt.Sprintf("x%x", h.Sum64())
}

// videos are the extensions of videos. Those of exports may have none.
var videos = map[string]bool{".mp4": true, ".mov": true, ".m4v": true, "": true}

var kept = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".heic": true, ".avif": true}

// copy puts a picture into the folder, unless it is there. One that cannot be read is left out.
func (f *folder) copy(picture *archive.File, name string) (page.File, error) {
	ext := strings.ToLower(path.Ext(picture.Name))
	file := page.File{Video: videos[ext]}
	switch {
	case file.Video:
		ext = ".mp4"
	case !kept[ext]:
		return page.File{}, nil
	}
	file.Path = pictures + "/" + name + ext
	target := filepath.Join(f.out, filepath.FromSlash(file.Path))
	if info, err := os.Stat(target); err == nil && info.Size() == picture.Size {
		return file, nil
	}
	in, err := picture.Open()
	if err != nil {
		f.complain(err)
		return page.File{}, nil
	}
	defer in.Close()
	read := &reading{Reader: in}
	err = writeFile(target, func(out io.Writer) error {
		if _, err := io.Copy(out, read); err != nil {
			return err
		}
		return f.ctx.Err()
	})
	if read.err != nil {
		f.complain(fmt.Errorf("%s: %w", picture.Name, read.err))
		return page.File{}, nil
	}
	return file, err
}

// reading remembers why a picture could not be read, as against the copy not written.
type reading struct {
	io.Reader
	err error
}

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// create makes a file of the page. It has its name once it is closed.
func (f *folder) create(name string) (io.WriteCloser, error) {
	target := filepath.Join(f.out, filepath.FromSlash(name))
	file, err := lockedFile(partial(target))
	if err == nil {
		err = file.Truncate(0)
	}
	if err != nil {
		return nil, err
	}
	return &whole{File: file, target: target}, nil
}

type whole struct {
	*os.File
	target string
	err    error
}

func (w *whole) Write(p []byte) (int, error) {
	n, err := w.File.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

func (w *whole) Close() error { return settle(w.File, w.target, w.err) }

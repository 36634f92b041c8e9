package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"

	"github.com/igv1/instagram"
)

const profilePicture = "files/profile.jpg"

// A part is a picture of a media, or a video with the picture that is shown before it plays.
type part struct {
	Picture string // a file of the store, or empty
	Video   string // a file of the store, or empty

	pictureURL, videoURL string
}

// partsOf lists the parts of a media. Only a carousel has more than one.
func partsOf(m *instagram.MediaEntry) []part {
	if len(m.CarouselMedia) == 0 {
		return []part{newPart(fileName(m.ID), m.Images, m.Videos)}
	}
	var parts []part
	for i, c := range m.CarouselMedia {
		parts = append(parts, newPart(fmt.Sprintf("%s-%d", fileName(m.ID), i+1), c.Images, c.Videos))
	}
	return parts
}

func newPart(name string, images instagram.ImagesData, videos *instagram.VideosData) part {
	var p part
	p.pictureURL = best(images.Sizes, images.HighResolution, images.StandardResolution, images.LowResolution, images.Thumbnail)
	if p.pictureURL != "" {
		p.Picture = "files/" + name + extension(p.pictureURL, ".jpg")
	}
	if videos != nil {
		p.videoURL = best(videos.Sizes, videos.StandardResolution, videos.LowResolution, videos.LowBandwidth)
		if p.videoURL != "" {
			p.Video = "files/" + name + extension(p.videoURL, ".mp4")
		}
	}
	return p
}

// best returns the URL of the largest size. If two are equal, it is the first.
func best(more map[string]instagram.ImageInfo, sizes ...instagram.ImageInfo) string {
	for _, size := range more {
		sizes = append(sizes, size)
	}
	slices.SortStableFunc(sizes, func(a, b instagram.ImageInfo) int { return b.Width*b.Height - a.Width*a.Height })
	for _, size := range sizes {
		if size.URL != "" {
			return size.URL
		}
	}
	return ""
}

var extensions = regexp.MustCompile(`^\.(jpe?g|png|gif|webp|mp4|mov)$`)

func extension(rawURL, otherwise string) string {
	if u, err := url.Parse(rawURL); err == nil && extensions.MatchString(path.Ext(u.Path)) {
		return path.Ext(u.Path)
	}
	return otherwise
}

var plainID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,80}$`)

// fileName returns an id as part of a file name. An id that is not a safe file name is replaced by
// its hash.
func fileName(id string) string {
	if plainID.MatchString(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "x" + hex.EncodeToString(sum[:])
}

func commentsFile(m *instagram.MediaEntry) string { return "comments/" + fileName(m.ID) + ".jsonl" }
func likesFile(m *instagram.MediaEntry) string    { return "likes/" + fileName(m.ID) + ".jsonl" }

// saveFiles downloads the files that are not saved yet. The links of files expire, so if a download
// fails, it gets the media again and tries the new links.
func (b *backup) saveFiles(ctx context.Context, m *instagram.MediaEntry) error {
	failed, err := b.downloadAll(ctx, filesOf(m))
	if err != nil || len(failed) == 0 {
		return err
	}
	fresh, err := patiently(ctx, func(ctx context.Context) (*instagram.MediaEntry, error) {
		return b.client.Media.Get(ctx, m.ID)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		links := map[string]string{}
		for _, file := range filesOf(fresh) {
			links[file.name] = file.link
		}
		var again []file
		for _, f := range failed {
			again = append(again, file{name: f.name, link: cmp.Or(links[f.name], f.link)})
		}
		if failed, err = b.downloadAll(ctx, again); err != nil {
			return err
		}
	}
	for _, f := range failed {
		b.missing.add(f.name, f.err)
	}
	return nil
}

// A file is a picture or a video.
type file struct {
	name, link string
	err        error // of the download
}

func filesOf(m *instagram.MediaEntry) []file {
	var files []file
	for _, p := range partsOf(m) {
		for _, f := range []file{{name: p.Picture, link: p.pictureURL}, {name: p.Video, link: p.videoURL}} {
			if f.link != "" {
				files = append(files, f)
			}
		}
	}
	return files
}

// downloadAll returns the files whose download failed.
func (b *backup) downloadAll(ctx context.Context, files []file) (failed []file, err error) {
	for _, f := range files {
		if b.store.has(f.name) {
			continue
		}
		f.err = b.download(ctx, f.link, f.name)
		switch {
		case f.err == nil:
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !aboutOne(f.err):
			return nil, f.err
		default:
			failed = append(failed, f)
		}
	}
	return failed, nil
}

func (b *backup) download(ctx context.Context, link, name string) error {
	return b.store.write(name, func(w io.Writer) error { return b.fetch.get(ctx, link, w) })
}

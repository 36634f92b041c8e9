package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/igv1/instagram"
)

// maxFile bounds a picture or a video, in bytes.
const maxFile = 1 << 30

const profilePicture = "files/profile.jpg"

// A part is a picture or a video of a media, with the picture to show before
// the video runs.
type part struct {
	Picture string // a file of the store, or empty
	Video   string // a file of the store, or empty

	pictureURL, videoURL string
}

// partsOf lists the files of a media: one part, or those of a carousel.
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

// best returns the URL of the largest size; of equal ones, the first.
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

// fileName returns an id as part of a file name; servers may have ids that no
// file system takes.
func fileName(id string) string {
	if plainID.MatchString(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "x" + hex.EncodeToString(sum[:])
}

func commentsFile(m *instagram.MediaEntry) string { return "comments/" + fileName(m.ID) + ".jsonl" }
func likesFile(m *instagram.MediaEntry) string    { return "likes/" + fileName(m.ID) + ".jsonl" }

// saveFiles downloads what is not there yet. Links to files expire, so one
// that fails is asked for again.
func (b *backup) saveFiles(ctx context.Context, m *instagram.MediaEntry) error {
	err := b.downloadParts(ctx, partsOf(m))
	if err == nil || ctx.Err() != nil {
		return err
	}
	fresh, again := b.client.Media.Get(ctx, m.ID)
	if again != nil {
		return err
	}
	return b.downloadParts(ctx, partsOf(fresh))
}

func (b *backup) downloadParts(ctx context.Context, parts []part) error {
	for _, p := range parts {
		for name, link := range map[string]string{p.Picture: p.pictureURL, p.Video: p.videoURL} {
			if link == "" || b.store.has(name) {
				continue
			}
			if err := b.download(ctx, link, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *backup) download(ctx context.Context, link, name string) error {
	if !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") {
		return fmt.Errorf("%s: its link is not one of the web", name)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	res, err := b.files.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", name, res.Status)
	}
	return b.store.write(name, func(w io.Writer) error {
		n, err := io.Copy(w, io.LimitReader(res.Body, maxFile+1))
		if err == nil && n > maxFile {
			err = fmt.Errorf("%s: over %d bytes", name, maxFile)
		}
		return err
	})
}

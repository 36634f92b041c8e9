package main

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive/page"
)

// writePage makes the page from the files of the store.
func writePage(s *store, out io.Writer) error {
	profiles, err := readLines[instagram.UserInfo](s, profileFile)
	if err != nil {
		return err
	}
	if len(profiles) == 0 {
		return fmt.Errorf("there is no %s, so no backup", profileFile)
	}
	site := page.Site{User: profiles[0]}
	if s.has(profilePicture) {
		site.Picture = profilePicture
	}
	if site.Followers, err = readValues[instagram.UserShortInfo](s, followersFile); err != nil {
		return err
	}
	if site.Follows, err = readValues[instagram.UserShortInfo](s, followsFile); err != nil {
		return err
	}
	media, err := readLines[instagram.MediaEntry](s, mediaFile)
	if err != nil {
		return err
	}
	site.Posts = posts(s, media)
	if err := page.Write(site, s.create); err != nil {
		return err
	}
	name, err := filepath.Abs(filepath.Join(s.dir, page.Name))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d media, %d followers, %d follows; open %s\n", len(media), len(site.Followers), len(site.Follows), name)
	return nil
}

// posts yields the media with the files, comments and likes that are saved.
func posts(s *store, media []*instagram.MediaEntry) iter.Seq2[*page.Post, error] {
	return func(yield func(*page.Post, error) bool) {
		for _, m := range media {
			post := &page.Post{Media: m}
			for _, part := range partsOf(m) {
				switch {
				case part.Video != "" && s.has(part.Video):
					post.Files = append(post.Files, page.File{Path: part.Video, Video: true})
				case part.Picture != "" && s.has(part.Picture):
					post.Files = append(post.Files, page.File{Path: part.Picture})
				}
			}
			var err error
			if post.Comments, err = readValues[instagram.CommentEntry](s, commentsFile(m)); err == nil {
				post.Likes, err = readValues[instagram.UserShortInfo](s, likesFile(m))
			}
			if !yield(post, err) || err != nil {
				return
			}
		}
	}
}

// readValues is readLines for a list of values. It is nil if there is no file.
func readValues[T any](s *store, name string) ([]T, error) {
	if !s.has(name) {
		return nil, nil
	}
	lines, err := readLines[T](s, name)
	values := make([]T, 0, len(lines))
	for _, line := range lines {
		values = append(values, *line)
	}
	return values, err
}

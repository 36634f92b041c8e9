package main

import (
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive"
)

// sides are the media of one user, as v1 has them and as the Graph has.
type sides struct {
	v1    func(context.Context) iter.Seq2[*instagram.MediaEntry, error]
	graph iter.Seq2[*instagram.GraphMedia, error]
	close func()
}

// graphFields are what the comparison needs of a media.
var graphFields = &instagram.GraphMediaOptions{
	Limit:  100,
	Fields: []instagram.GraphField{instagram.GraphFieldShortcode, instagram.GraphFieldPermalink, instagram.GraphFieldTimestamp},
}

// openV1 opens the archive, or else the server.
func (s settings) openV1(status io.Writer) (func(context.Context) iter.Seq2[*instagram.MediaEntry, error], func(), error) {
	if len(s.archive) > 0 {
		a, err := archive.Open(s.archive...)
		if err != nil {
			return nil, nil, err
		}
		return func(ctx context.Context) iter.Seq2[*instagram.MediaEntry, error] { return entries(ctx, a) }, func() { a.Close() }, nil
	}
	client, stop, err := s.v1.Client(status)
	if err != nil {
		return nil, nil, err
	}
	return client.Users.RecentMedia(instagram.Self, nil).All, stop, nil
}

// entries are the media of an archive. One that cannot be read ends the walk: the comparison would
// call it missing.
func entries(ctx context.Context, a *archive.Archive) iter.Seq2[*instagram.MediaEntry, error] {
	return func(yield func(*instagram.MediaEntry, error) bool) {
		for item, err := range a.Media(ctx) {
			if !yield(item.Value, err) {
				return
			}
		}
	}
}

// byNumber returns the media of v1 by the number that their shortcode spells: the one in the link,
// or else that in the id. Links of private users have a key behind it, which the Graph does not
// tell.
func byNumber(media iter.Seq2[*instagram.MediaEntry, error]) (map[string]*instagram.MediaEntry, error) {
	numbered := map[string]*instagram.MediaEntry{}
	for entry, err := range media {
		if err != nil {
			return nil, err
		}
		number := linkNumber(entry.Link)
		if number == "" {
			number, _, _ = strings.Cut(entry.ID, "_")
		}
		numbered[number] = entry
	}
	return numbered, nil
}

// graphNumber is the number of a media of the Graph, and empty for one that tells neither.
func graphNumber(media *instagram.GraphMedia) string {
	if number, err := instagram.MediaNumber(media.Shortcode); err == nil {
		return number
	}
	return linkNumber(media.Permalink)
}

func linkNumber(link string) string {
	code, err := instagram.LinkShortcode(link)
	if err != nil {
		return ""
	}
	number, _ := instagram.MediaNumber(code) // LinkShortcode has looked at it
	return number
}

func newestFirst(media map[string]*instagram.MediaEntry) []*instagram.MediaEntry {
	return slices.SortedFunc(maps.Values(media), func(a, b *instagram.MediaEntry) int {
		return b.CreatedTime.Compare(a.CreatedTime)
	})
}

package instagramtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/seed"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// mediaVar is the media that the path names by either form of its id, if the viewer may see it.
func (c *call) mediaVar() (*world.Media, *apierror.Error) {
	number, owner, _ := world.ParseMediaID(c.vars[0])
	m := c.w.Media[number]
	if m == nil || owner != 0 && owner != m.Owner.ID {
		return nil, apierror.NoSuchMedia
	}
	return m, c.mayView(m.Owner)
}

func getMedia(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.b = c.wire.Media(c.b, m, wire.View{Viewer: c.viewer, Distance: -1})
	return nil
}

func getMediaByShortcode(c *call) *apierror.Error {
	m := c.w.MediaWithCode(c.vars[0])
	if m == nil && strings.HasSuffix(c.vars[0], ".json") {
		return apierror.NoSuchPath
	}
	if m == nil {
		return apierror.NoSuchCode
	}
	if failed := c.mayView(m.Owner); failed != nil {
		return failed
	}
	c.b = c.wire.Media(c.b, m, wire.View{Viewer: c.viewer, Distance: -1})
	return nil
}

const maxFoundMedia = 100

// searchMedia finds public media round a point, newest first.
func searchMedia(c *call) *apierror.Error {
	center, radius, failed := c.params.Area("distance", params.DefaultDistance)
	if failed != nil {
		return failed
	}
	after, before, failed := c.params.Span(c.now)
	if failed != nil {
		return failed
	}
	count, failed := c.params.Count(defaultMediaCount, maxFoundMedia)
	if failed != nil {
		return failed
	}
	type hit struct {
		*world.Media
		distance float64
	}
	hits := make([]hit, 0, count)
	for _, m := range slices.Backward(c.w.Timeline) {
		if len(hits) == count {
			break
		}
		where := m.Where()
		if where == nil || m.Created <= after || m.Created >= before || !world.IsListed(c.viewer, m.Owner) {
			continue
		}
		if d := world.Metres(center, *where); d <= radius {
			hits = append(hits, hit{m, d})
		}
	}
	c.b = encode.List(c.b, hits, func(b []byte, h hit) []byte {
		return c.wire.Media(b, h.Media, wire.View{Viewer: c.viewer, Distance: h.distance})
	})
	return nil
}

// getPopularMedia is what has been liked most of what was posted lately.
func getPopularMedia(c *call) *apierror.Error {
	if c.s.config.wire == Wire2017 { // for newer apps the word is taken for an id
		return apierror.NoSuchMedia
	}
	count, failed := c.params.Count(defaultMediaCount, maxMediaCount)
	if failed != nil {
		return failed
	}
	var recent []*world.Media
	for _, m := range slices.Backward(c.w.Timeline) {
		if m.Created < c.now.Unix()-seed.Lately && len(recent) >= count {
			break
		}
		if world.IsListed(c.viewer, m.Owner) {
			recent = append(recent, m)
		}
	}
	slices.SortStableFunc(recent, func(a, b *world.Media) int { return cmp.Compare(len(b.Likes), len(a.Likes)) })
	c.mediaList(recent[:min(count, len(recent))])
	return nil
}

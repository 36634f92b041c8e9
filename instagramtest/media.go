package instagramtest

import (
	"cmp"
	"math"
	"slices"
)

// mediaVar is the media that the path names by either form of its id, if the viewer may see it.
func (c *call) mediaVar() (*media, *apiError) {
	number, owner, _ := parseMediaID(c.vars[0])
	m := c.w.media[number]
	if m == nil || owner != 0 && owner != m.owner.id {
		return nil, errNoSuchMedia
	}
	return m, c.mayView(m.owner)
}

func getMedia(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.b = c.wire.media(c.b, m, view{viewer: c.viewer, distance: -1})
	return nil
}

func getMediaByShortcode(c *call) *apiError {
	m := c.w.mediaWithCode(c.vars[0])
	if m == nil {
		return errNoSuchCode
	}
	if failed := c.mayView(m.owner); failed != nil {
		return failed
	}
	c.b = c.wire.media(c.b, m, view{viewer: c.viewer, distance: -1})
	return nil
}

const maxFoundMedia = 100

// searchMedia finds public media round a point, newest first.
func searchMedia(c *call) *apiError {
	center, radius, failed := c.params.area("distance", defaultDistance)
	if failed != nil {
		return failed
	}
	after, before, failed := c.params.span(c.now)
	if failed != nil {
		return failed
	}
	count, failed := c.params.count(defaultMediaCount, maxFoundMedia)
	if failed != nil {
		return failed
	}
	type hit struct {
		*media
		distance float64
	}
	hits := make([]hit, 0, count)
	for _, m := range slices.Backward(c.w.timeline) {
		if len(hits) == count {
			break
		}
		where := m.where()
		if where == nil || m.created <= after || m.created >= before || !isListed(c.viewer, m.owner) {
			continue
		}
		if d := metres(center, *where); d <= radius {
			hits = append(hits, hit{m, d})
		}
	}
	c.b = list(c.b, hits, func(b []byte, h hit) []byte {
		return c.wire.media(b, h.media, view{viewer: c.viewer, distance: h.distance})
	})
	return nil
}

// getPopularMedia is what has been liked most of what was posted lately.
func getPopularMedia(c *call) *apiError {
	count, failed := c.params.count(defaultMediaCount, maxMediaCount)
	if failed != nil {
		return failed
	}
	var recent []*media
	for _, m := range slices.Backward(c.w.timeline) {
		if m.created < c.now.Unix()-lately && len(recent) >= count {
			break
		}
		if isListed(c.viewer, m.owner) {
			recent = append(recent, m)
		}
	}
	slices.SortStableFunc(recent, func(a, b *media) int { return cmp.Compare(len(b.likes), len(a.likes)) })
	c.mediaList(recent[:min(count, len(recent))])
	return nil
}

// metres is the distance of two points along the great circle, to the millimetre.
func metres(a, b point) float64 {
	const earth, rad = 6_371_008.8, math.Pi / 180
	lat, lng := (b.lat-a.lat)*rad, (b.lng-a.lng)*rad
	h := sq(math.Sin(lat/2)) + math.Cos(a.lat*rad)*math.Cos(b.lat*rad)*sq(math.Sin(lng/2))
	return math.Round(2*earth*math.Asin(min(1, math.Sqrt(h)))*1000) / 1000
}

func sq(x float64) float64 { return x * x }

package instagramtest

import (
	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// getGeographyMedia is what is posted in an area that an app has subscribed to.
func getGeographyMedia(c *call) *apierror.Error {
	id, _ := world.ParseID(c.vars[0])
	g := c.w.Geographies[id]
	if g == nil {
		return apierror.NoSuchGeography
	}
	q, failed := c.mediaQuery("min_id", "max_id", params.Params.MediaID)
	if failed != nil {
		return failed
	}
	q.show = func(m *world.Media) bool { return g.Contains(m) && world.IsListed(c.viewer, m.Owner) }
	c.mediaPage(c.w.Timeline, q)
	return nil
}

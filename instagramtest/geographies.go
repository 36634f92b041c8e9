package instagramtest

// getGeographyMedia is what is posted in an area that an app has subscribed to.
func getGeographyMedia(c *call) *apiError {
	id, _ := parseID(c.vars[0])
	g := c.w.geographies[id]
	if g == nil {
		return errNoSuchGeography
	}
	q, failed := c.mediaQuery("min_id", "max_id")
	if failed != nil {
		return failed
	}
	q.show = func(m *media) bool { return g.contains(m) && isListed(c.viewer, m.owner) }
	c.mediaPage(c.w.timeline, q)
	return nil
}

func (g *geography) contains(m *media) bool {
	where := m.where()
	return where != nil && metres(g.center, *where) <= g.radius
}

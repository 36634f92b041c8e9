package instagramtest

import (
	"cmp"
	"slices"
)

func (c *call) placeVar() (*place, *apiError) {
	id, _ := parseID(c.vars[0])
	if p := c.w.places[id]; p != nil {
		return p, nil
	}
	return nil, errNoSuchPlace
}

func getPlace(c *call) *apiError {
	p, failed := c.placeVar()
	if failed != nil {
		return failed
	}
	c.b = c.wire.place(c.b, p)
	return nil
}

func getPlaceMedia(c *call) *apiError {
	p, failed := c.placeVar()
	if failed != nil {
		return failed
	}
	q, failed := c.mediaQuery("min_id", "max_id")
	if failed != nil {
		return failed
	}
	q.show = func(m *media) bool { return isListed(c.viewer, m.owner) }
	c.mediaPage(p.media, q)
	return nil
}

const maxFoundPlaces = 33

// searchPlaces finds the place that another service knows by an id, or the places round a point, nearest first.
func searchPlaces(c *call) *apiError {
	for param, id := range map[string]func(*place) string{
		"facebook_places_id": func(p *place) string { return p.facebookPlacesID },
		"foursquare_id":      func(p *place) string { return p.foursquareID },
		"foursquare_v2_id":   func(p *place) string { return p.foursquareV2ID },
	} {
		if want := c.params.Get(param); want != "" {
			c.places(func(p *place) bool { return id(p) == want }, point{})
			return nil
		}
	}
	if c.params.Get("lat") == "" && c.params.Get("lng") == "" {
		return invalidParameter("one of lat and lng, facebook_places_id, foursquare_id, foursquare_v2_id is required")
	}
	center, radius, failed := c.params.area("distance", defaultDistance)
	if failed != nil {
		return failed
	}
	c.places(func(p *place) bool { return metres(center, p.point) <= radius }, center)
	return nil
}

func (c *call) places(match func(*place) bool, center point) {
	var hits []*place
	for _, p := range c.w.places {
		if match(p) {
			hits = append(hits, p)
		}
	}
	slices.SortFunc(hits, func(a, b *place) int {
		return cmp.Or(cmp.Compare(metres(center, a.point), metres(center, b.point)), cmp.Compare(a.id, b.id))
	})
	c.b = list(c.b, hits[:min(maxFoundPlaces, len(hits))], c.wire.place)
}

package instagramtest

import (
	"cmp"
	"slices"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

func (c *call) placeVar() (*world.Place, *apierror.Error) {
	id, _ := world.ParseID(c.vars[0])
	if p := c.w.Places[id]; p != nil {
		return p, nil
	}
	return nil, apierror.NoSuchPlace
}

func getPlace(c *call) *apierror.Error {
	p, failed := c.placeVar()
	if failed != nil {
		return failed
	}
	c.b = c.wire.Place(c.b, p)
	return nil
}

func getPlaceMedia(c *call) *apierror.Error {
	p, failed := c.placeVar()
	if failed != nil {
		return failed
	}
	q, failed := c.mediaQuery("min_id", "max_id", params.Params.MediaID)
	if failed != nil {
		return failed
	}
	q.show = func(m *world.Media) bool { return world.IsListed(c.viewer, m.Owner) }
	c.mediaPage(p.Media, q)
	return nil
}

const maxFoundPlaces = 33

// searchPlaces finds the place that another service knows by an id, or the places round a point,
// nearest first.
func searchPlaces(c *call) *apierror.Error {
	for param, id := range map[string]func(*world.Place) string{
		"facebook_places_id": func(p *world.Place) string { return p.FacebookPlacesID },
		"foursquare_id":      func(p *world.Place) string { return p.FoursquareID },
		"foursquare_v2_id":   func(p *world.Place) string { return p.FoursquareV2ID },
	} {
		if want := c.params.Get(param); want != "" {
			c.places(func(p *world.Place) bool { return id(p) == want }, world.Point{})
			return nil
		}
	}
	if c.params.Get("lat") == "" && c.params.Get("lng") == "" {
		return apierror.InvalidParameter("one of lat and lng, facebook_places_id, foursquare_id, foursquare_v2_id is required")
	}
	center, radius, failed := c.params.Area("distance", params.DefaultDistance)
	if failed != nil {
		return failed
	}
	c.places(func(p *world.Place) bool { return world.Metres(center, p.Point) <= radius }, center)
	return nil
}

func (c *call) places(match func(*world.Place) bool, center world.Point) {
	var hits []*world.Place
	for _, p := range c.w.Places {
		if match(p) {
			hits = append(hits, p)
		}
	}
	slices.SortFunc(hits, func(a, b *world.Place) int {
		return cmp.Or(cmp.Compare(world.Metres(center, a.Point), world.Metres(center, b.Point)), cmp.Compare(a.ID, b.ID))
	})
	c.b = encode.List(c.b, hits[:min(maxFoundPlaces, len(hits))], c.wire.Place)
}

package instagram

import "net/http"

// GeographiesService holds the endpoint of the geographies group.
type GeographiesService service

// GeographyMediaOptions narrow [GeographiesService.RecentMedia].
type GeographyMediaOptions struct {
	Count int    // media a page; the default of 0 leaves it to the server
	MinID string // only media later than this id
}

// RecentMedia lists the media from a geography, latest first. Geographies are made by
// subscriptions; their id is the object id of one. The API deprecated it for apps made on or after
// 17 November 2015.
//
// Instagram API: GET /geographies/{geo-id}/media/recent
func (s *GeographiesService) RecentMedia(id string, opts *GeographyMediaOptions) *Pager[MediaEntry] {
	o := value(opts)
	call := s.api.call(http.MethodGet, "/geographies/{geo-id}/media/recent", id).
		count(o.Count).set("min_id", o.MinID)
	return newPager[MediaEntry](s.core, call, "max_id")
}

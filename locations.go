package instagram

import (
	"context"
	"net/http"
	"time"
)

// LocationsService holds the endpoints of the locations group. They need [ScopePublicContent].
type LocationsService service

// Get returns a place.
//
// Instagram API: GET /locations/{location-id}
func (s *LocationsService) Get(ctx context.Context, id string) (*LocationInfo, error) {
	return get[LocationInfo](ctx, newCall(s, http.MethodGet, "/locations/{location-id}", id))
}

// LocationMediaOptions narrow [LocationsService.RecentMedia].
type LocationMediaOptions struct {
	MinTimestamp time.Time // only media after this second
	MaxTimestamp time.Time // only media before this second
	MinID        string    // only media later than this id
	MaxID        string    // only media earlier than this id
}

// RecentMedia lists the media from a place, latest first.
//
// Instagram API: GET /locations/{location-id}/media/recent
func (s *LocationsService) RecentMedia(id string, opts *LocationMediaOptions) *Pager[MediaEntry] {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/locations/{location-id}/media/recent", id).
		timestamps(o.MinTimestamp, o.MaxTimestamp).
		set("min_id", o.MinID).set("max_id", o.MaxID)
	return newPager[MediaEntry](call, "max_id")
}

// LocationQuery says where [LocationsService.Search] looks: around a point, or for the place that has
// an id elsewhere.
type LocationQuery struct {
	Latitude  float64 // degrees north
	Longitude float64 // degrees east
	Distance  int     // metres around the point, at most 5000; default: 1000

	FacebookPlacesID string
	FoursquareV2ID   string
	FoursquareID     string // of Foursquare's first API; deprecated

	point bool // that there is one, even if it is 0, 0
}

// Near returns the query for places around a point, in degrees north and east. It takes any point,
// where a LocationQuery that says 0, 0 is one without a point.
func Near(lat, lng float64) LocationQuery {
	return LocationQuery{Latitude: lat, Longitude: lng, point: true}
}

// Search returns places. The query must have a point or one of the ids.
//
// Instagram API: GET /locations/search
func (s *LocationsService) Search(ctx context.Context, query LocationQuery) ([]*LocationInfo, error) {
	call := newCall(s, http.MethodGet, "/locations/search")
	if query.point || query.Latitude != 0 || query.Longitude != 0 {
		call.point(query.Latitude, query.Longitude)
	}
	call.distance("distance", query.Distance).
		set("facebook_places_id", query.FacebookPlacesID).
		set("foursquare_v2_id", query.FoursquareV2ID).
		set("foursquare_id", query.FoursquareID)
	if len(call.params) == 0 || (len(call.params) == 1 && query.Distance != 0) {
		call.refuse("lat", "there is neither a point nor an id to look for")
	}
	return getList[LocationInfo](ctx, call)
}

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
	call := newCall(s, http.MethodGet, "/geographies/{geo-id}/media/recent", id).
		count(o.Count).set("min_id", o.MinID)
	return newPager[MediaEntry](call, "max_id")
}

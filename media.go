package instagram

import (
	"context"
	"net/http"
	"time"
)

// MediaService holds the endpoints of the media group.
type MediaService service

// Get returns a media. For media of others it needs [ScopePublicContent].
//
// Instagram API: GET /media/{media-id}
func (s *MediaService) Get(ctx context.Context, id string) (*MediaEntry, error) {
	return get[MediaEntry](ctx, s.core, s.api.call(http.MethodGet, "/media/{media-id}", id))
}

// GetByShortcode is Get by the code in the link of a media: D for http://instagram.com/p/D/.
//
// Instagram API: GET /media/shortcode/{shortcode}
func (s *MediaService) GetByShortcode(ctx context.Context, shortcode string) (*MediaEntry, error) {
	return get[MediaEntry](ctx, s.core, s.api.call(http.MethodGet, "/media/shortcode/{shortcode}", shortcode))
}

// MediaSearchOptions narrow [MediaService.Search].
type MediaSearchOptions struct {
	MinTimestamp time.Time // only media after this second; default: five days ago
	MaxTimestamp time.Time // only media before this second; default: now
	Distance     int       // metres around the point, at most 5000; default: 1000
}

// maxSearchSpan is how far apart the ends of a media search may be.
const maxSearchSpan = 7 * 24 * time.Hour

// Search returns media from around a point, given in degrees north and east, each with its
// Distance. The time span must not exceed 7 days. It needs [ScopePublicContent].
//
// Instagram API: GET /media/search
func (s *MediaService) Search(ctx context.Context, lat, lng float64, opts *MediaSearchOptions) ([]*MediaEntry, error) {
	o := value(opts)
	call := s.api.call(http.MethodGet, "/media/search").
		point(lat, lng).timestamps(o.MinTimestamp, o.MaxTimestamp).distance("distance", o.Distance)
	if !o.MinTimestamp.IsZero() && o.MaxTimestamp.Sub(o.MinTimestamp) > maxSearchSpan {
		call.refuse("max_timestamp", "it is over 7 days after min_timestamp")
	}
	return getList[MediaEntry](ctx, s.core, call)
}

// Popular returns media that are popular at the moment. The API deprecated it for apps made on or
// after 17 November 2015.
//
// Instagram API: GET /media/popular
func (s *MediaService) Popular(ctx context.Context) ([]*MediaEntry, error) {
	return getList[MediaEntry](ctx, s.core, s.api.call(http.MethodGet, "/media/popular"))
}

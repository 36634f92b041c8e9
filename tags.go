package instagram

import (
	"context"
	"net/http"
)

// TagsService holds the endpoints of the tags group. Tag names go without the leading #, and need
// [ScopePublicContent].
type TagsService service

// Get returns a tag and how many media have it.
//
// Instagram API: GET /tags/{tag-name}
func (s *TagsService) Get(ctx context.Context, name string) (*TagInfo, error) {
	return get[TagInfo](ctx, newCall(s, http.MethodGet, "/tags/{tag-name}", name).tag("tag-name", name))
}

// TagMediaOptions narrow [TagsService.RecentMedia].
type TagMediaOptions struct {
	Count    int    // media a page; the default of 0 leaves it to the server
	MinTagID string // only media tagged after this one; see [Pagination.MinTagID]
	MaxTagID string // only media tagged before this one
}

// RecentMedia lists the media with a tag, latest tagged first.
//
// Instagram API: GET /tags/{tag-name}/media/recent
func (s *TagsService) RecentMedia(name string, opts *TagMediaOptions) *Pager[MediaEntry] {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/tags/{tag-name}/media/recent", name).tag("tag-name", name).
		count(o.Count).set("min_tag_id", o.MinTagID).set("max_tag_id", o.MaxTagID)
	return newPager[MediaEntry](call, "max_tag_id")
}

// Search returns the tags that begin with q, which must not be blank.
//
// Instagram API: GET /tags/search
func (s *TagsService) Search(ctx context.Context, q string) ([]*TagInfo, error) {
	return getList[TagInfo](ctx, newCall(s, http.MethodGet, "/tags/search").tag("q", q).require("q", q))
}

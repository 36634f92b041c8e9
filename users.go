package instagram

import (
	"context"
	"net/http"
	"time"
)

// UsersService holds the endpoints of the users group.
type UsersService service

// Get returns the profile of a user, or of the signed-in one for [Self]. For others it needs
// [ScopePublicContent], and for private ones that the signed-in user follows them; otherwise the
// error matches [ErrNotAllowed].
//
// Instagram API: GET /users/{user-id}
func (s *UsersService) Get(ctx context.Context, id string) (*UserInfo, error) {
	return get[UserInfo](ctx, newCall(s, http.MethodGet, "/users/{user-id}", id))
}

// FeedOptions narrow [UsersService.Feed].
type FeedOptions struct {
	Count int    // media a page; the default of 0 leaves it to the server
	MinID string // only media later than this id
	MaxID string // only media earlier than this id
}

// Feed lists what the signed-in user and those they follow posted, latest first. The API deprecated
// it for apps made on or after 17 November 2015.
//
// Instagram API: GET /users/self/feed
func (s *UsersService) Feed(opts *FeedOptions) *Pager[MediaEntry] {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/users/self/feed").
		count(o.Count).set("min_id", o.MinID).set("max_id", o.MaxID)
	return newPager[MediaEntry](call, "max_id")
}

// UserMediaOptions narrow [UsersService.RecentMedia].
type UserMediaOptions struct {
	Count        int       // media a page; the default of 0 leaves it to the server
	MinTimestamp time.Time // only media after this second
	MaxTimestamp time.Time // only media before this second
	MinID        string    // only media later than this id
	MaxID        string    // only media earlier than this id
}

// RecentMedia lists what a user posted, latest first. It needs what Get needs.
//
// Instagram API: GET /users/{user-id}/media/recent
func (s *UsersService) RecentMedia(id string, opts *UserMediaOptions) *Pager[MediaEntry] {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/users/{user-id}/media/recent", id).
		count(o.Count).timestamps(o.MinTimestamp, o.MaxTimestamp).
		set("min_id", o.MinID).set("max_id", o.MaxID)
	return newPager[MediaEntry](call, "max_id")
}

// LikedMediaOptions narrow [UsersService.LikedMedia].
type LikedMediaOptions struct {
	Count     int    // media a page; the default of 0 leaves it to the server
	MaxLikeID string // only media liked before this like
}

// LikedMedia lists the media that the signed-in user liked, latest like first.
//
// Instagram API: GET /users/self/media/liked
func (s *UsersService) LikedMedia(opts *LikedMediaOptions) *Pager[MediaEntry] {
	o := value(opts)
	call := newCall(s, http.MethodGet, "/users/self/media/liked").
		count(o.Count).set("max_like_id", o.MaxLikeID)
	return newPager[MediaEntry](call, "max_like_id")
}

// UserSearchOptions narrow [UsersService.Search].
type UserSearchOptions struct {
	Count int // users at most; the default of 0 leaves it to the server
}

// Search returns the users whose name matches q, which must not be blank.
//
// Instagram API: GET /users/search
func (s *UsersService) Search(ctx context.Context, q string, opts *UserSearchOptions) ([]*UserShortInfo, error) {
	call := newCall(s, http.MethodGet, "/users/search").require("q", q).count(value(opts).Count)
	return getList[UserShortInfo](ctx, call)
}

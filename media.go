package instagram

import (
	"context"
	"net/http"
	"time"

	"github.com/igv1/instagram/internal/check"
)

// MediaService holds the endpoints of the media group.
type MediaService service

// Get returns a media. For media of others it needs [ScopePublicContent].
//
// Instagram API: GET /media/{media-id}
func (s *MediaService) Get(ctx context.Context, id string) (*MediaEntry, error) {
	return get[MediaEntry](ctx, newCall(s, http.MethodGet, "/media/{media-id}", id))
}

// GetByShortcode is Get by the code in the link of a media: D for http://instagram.com/p/D/.
//
// Instagram API: GET /media/shortcode/{shortcode}
func (s *MediaService) GetByShortcode(ctx context.Context, shortcode string) (*MediaEntry, error) {
	return get[MediaEntry](ctx, newCall(s, http.MethodGet, "/media/shortcode/{shortcode}", shortcode))
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
	call := newCall(s, http.MethodGet, "/media/search").
		point(lat, lng).timestamps(o.MinTimestamp, o.MaxTimestamp).distance("distance", o.Distance)
	if !o.MinTimestamp.IsZero() && o.MaxTimestamp.Sub(o.MinTimestamp) > maxSearchSpan {
		call.refuse("max_timestamp", "it is over 7 days after min_timestamp")
	}
	return getList[MediaEntry](ctx, call)
}

// Popular returns media that are popular at the moment. The API deprecated it for apps made on or
// after 17 November 2015.
//
// Instagram API: GET /media/popular
func (s *MediaService) Popular(ctx context.Context) ([]*MediaEntry, error) {
	return getList[MediaEntry](ctx, newCall(s, http.MethodGet, "/media/popular"))
}

// CommentsService holds the endpoints of the comments group.
type CommentsService service

// List returns the latest comments on a media, oldest first.
//
// Instagram API: GET /media/{media-id}/comments
func (s *CommentsService) List(ctx context.Context, mediaID string) ([]*CommentEntry, error) {
	return getList[CommentEntry](ctx, newCall(s, http.MethodGet, "/media/{media-id}/comments", mediaID))
}

// Create posts a comment on a media as the signed-in user. It returns nil where the server does not
// say what it made of it, as servers did for years.
//
// A comment has at most 300 characters, 4 hashtags and 1 URL, and is not all in capitals; one that
// breaks a rule is refused before it is sent. After an error that leaves open whether the server
// took the comment, it is not sent again; see [RetryPolicy]. It needs [ScopeComments].
//
// Instagram API: POST /media/{media-id}/comments
func (s *CommentsService) Create(ctx context.Context, mediaID, text string) (*CommentEntry, error) {
	call := newCall(s, http.MethodPost, "/media/{media-id}/comments", mediaID).
		require("text", text).counts(CommentWrites)
	call.check("text", check.Comment(text))
	return getOptional[CommentEntry](ctx, call)
}

// Delete removes a comment that the signed-in user wrote, or that stands on their media. It needs
// [ScopeComments].
//
// Instagram API: DELETE /media/{media-id}/comments/{comment-id}
func (s *CommentsService) Delete(ctx context.Context, mediaID, commentID string) error {
	call := newCall(s, http.MethodDelete, "/media/{media-id}/comments/{comment-id}", mediaID, commentID).counts(CommentWrites)
	return send(ctx, call)
}

// LikesService holds the endpoints of the likes group.
type LikesService service

// List returns users who like a media.
//
// Instagram API: GET /media/{media-id}/likes
func (s *LikesService) List(ctx context.Context, mediaID string) ([]*UserShortInfo, error) {
	return getList[UserShortInfo](ctx, newCall(s, http.MethodGet, "/media/{media-id}/likes", mediaID))
}

// Like sets the signed-in user's like on a media. Doing it again changes nothing. It needs
// [ScopeLikes].
//
// Instagram API: POST /media/{media-id}/likes
func (s *LikesService) Like(ctx context.Context, mediaID string) error {
	call := newCall(s, http.MethodPost, "/media/{media-id}/likes", mediaID).repeatable().counts(LikeWrites)
	return send(ctx, call)
}

// Unlike takes the signed-in user's like back. It needs [ScopeLikes].
//
// Instagram API: DELETE /media/{media-id}/likes
func (s *LikesService) Unlike(ctx context.Context, mediaID string) error {
	call := newCall(s, http.MethodDelete, "/media/{media-id}/likes", mediaID).counts(LikeWrites)
	return send(ctx, call)
}

package instagram

import (
	"context"
	"net/http"
)

// LikesService holds the endpoints of the likes group.
type LikesService service

// List returns users who like a media.
//
// Instagram API: GET /media/{media-id}/likes
func (s *LikesService) List(ctx context.Context, mediaID string) ([]*UserShortInfo, error) {
	return getList[UserShortInfo](ctx, s.core, s.api.call(http.MethodGet, "/media/{media-id}/likes", mediaID))
}

// Like sets the signed-in user's like on a media. Doing it again changes nothing. It needs
// [ScopeLikes].
//
// Instagram API: POST /media/{media-id}/likes
func (s *LikesService) Like(ctx context.Context, mediaID string) error {
	call := s.api.call(http.MethodPost, "/media/{media-id}/likes", mediaID).repeatable().counts(LikeWrites)
	return send(ctx, s.core, call)
}

// Unlike takes the signed-in user's like back. It needs [ScopeLikes].
//
// Instagram API: DELETE /media/{media-id}/likes
func (s *LikesService) Unlike(ctx context.Context, mediaID string) error {
	call := s.api.call(http.MethodDelete, "/media/{media-id}/likes", mediaID).counts(LikeWrites)
	return send(ctx, s.core, call)
}

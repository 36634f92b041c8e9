package instagram

import (
	"context"
	"net/http"

	"github.com/igv1/instagram/internal/check"
)

// CommentsService holds the endpoints of the comments group.
type CommentsService service

// List returns the latest comments on a media, oldest first.
//
// Instagram API: GET /media/{media-id}/comments
func (s *CommentsService) List(ctx context.Context, mediaID string) ([]*CommentEntry, error) {
	return getList[CommentEntry](ctx, s.core, s.api.call(http.MethodGet, "/media/{media-id}/comments", mediaID))
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
	call := s.api.call(http.MethodPost, "/media/{media-id}/comments", mediaID).
		require("text", text).counts(CommentWrites)
	call.check("text", check.Comment(text))
	return getOptional[CommentEntry](ctx, s.core, call)
}

// Delete removes a comment that the signed-in user wrote, or that stands on their media. It needs
// [ScopeComments].
//
// Instagram API: DELETE /media/{media-id}/comments/{comment-id}
func (s *CommentsService) Delete(ctx context.Context, mediaID, commentID string) error {
	call := s.api.call(http.MethodDelete, "/media/{media-id}/comments/{comment-id}", mediaID, commentID).counts(CommentWrites)
	return send(ctx, s.core, call)
}

package instagram

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
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
	if rule := brokenCommentRule(text); rule != "" {
		call.refuse("text", "%s", rule)
	}
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

var (
	commentURL     = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
	commentHashtag = regexp.MustCompile(`#[\p{L}\p{M}\p{N}_]+`)
)

// brokenCommentRule says which of the API's rules for comments a text breaks.
func brokenCommentRule(text string) string {
	if n := utf8.RuneCountInString(text); n > 300 {
		return "it has over 300 characters"
	}
	if len(commentURL.FindAllString(text, 2)) > 1 {
		return "it has over 1 URL"
	}
	words := commentURL.ReplaceAllString(text, "") // a fragment is not a hashtag
	if len(commentHashtag.FindAllString(words, 5)) > 4 {
		return "it has over 4 hashtags"
	}
	if strings.ContainsFunc(text, unicode.IsLetter) &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) }) {
		return "it is all in capitals"
	}
	return ""
}

package instagramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

const maxComments = 150

// getComments is the latest comments, oldest first.
func getComments(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.b = encode.List(c.b, world.Latest(m.Comments, maxComments), c.wire.Comment)
	return nil
}

func postComment(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	text := c.params.Get("text")
	if failed := checkComment(text); failed != nil {
		return failed
	}
	made := c.w.Comment(c.viewer, m, text, c.now.Unix())
	c.save(world.Change{Do: "comment", Media: m.Number, Comment: made.ID, Text: text, Time: made.Created})
	c.s.announceComment(m, made, nil)
	c.b = c.wire.Comment(c.b, made)
	return nil
}

// deleteComment is for whoever wrote the comment and for the owner of the media.
func deleteComment(c *call) *apierror.Error {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	id, _ := world.ParseID(c.vars[1])
	i := slices.IndexFunc(m.Comments, func(have *world.Comment) bool { return have.ID == id })
	switch {
	case i < 0:
		return apierror.NoSuchComment
	case m.Owner != c.viewer && m.Comments[i].From != c.viewer:
		return apierror.BadRequest("APINotAllowedError", "you cannot delete this comment")
	}
	m.Uncomment(id)
	c.save(world.Change{Do: "uncomment", Media: m.Number, Comment: id})
	c.null()
	return nil
}

const (
	maxCommentLength = 300
	maxCommentTags   = 4
	maxCommentURLs   = 1
)

var commentURL = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s]+`)

// checkComment enforces the four rules for comments.
func checkComment(text string) *apierror.Error {
	switch {
	case strings.TrimSpace(text) == "":
		return apierror.InvalidParameter("text is required")
	case !utf8.ValidString(text):
		return apierror.InvalidParameter("text must be UTF-8")
	case utf8.RuneCountInString(text) > maxCommentLength:
		return apierror.BadRequest("APICommentTooLongError", "The total length of the comment cannot exceed %d characters.", maxCommentLength)
	case len(world.Hashtags(text)) > maxCommentTags:
		return apierror.BadRequest("APICommentTooManyTagsError", "The comment cannot contain more than %d hashtags.", maxCommentTags)
	case len(commentURL.FindAllString(text, maxCommentURLs+1)) > maxCommentURLs:
		return apierror.InvalidParameter("The comment cannot contain more than %d URL.", maxCommentURLs)
	case allCapitals(text):
		return apierror.BadRequest("APICommentAllCapsError", "The comment cannot consist of all capital letters.")
	default:
		return nil
	}
}

// allCapitals is true for a text with letters of which every one is a capital. Scripts without
// capitals never are.
func allCapitals(text string) bool {
	letters := false
	for _, r := range text {
		if unicode.IsLetter(r) {
			if !unicode.IsUpper(r) {
				return false
			}
			letters = true
		}
	}
	return letters
}

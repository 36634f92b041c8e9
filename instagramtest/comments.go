package instagramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxComments = 150

// getComments is the latest comments, oldest first.
func getComments(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	c.b = list(c.b, latest(m.comments, maxComments), c.wire.comment)
	return nil
}

func postComment(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	text := c.params.Get("text")
	if failed := checkComment(text); failed != nil {
		return failed
	}
	made := c.w.comment(c.viewer, m, text, c.now.Unix())
	c.save(change{Do: "comment", Media: m.number, Comment: made.id, Text: text, Time: made.created})
	c.b = c.wire.posted(c.b, made)
	return nil
}

// deleteComment is for whoever wrote the comment and for the owner of the media.
func deleteComment(c *call) *apiError {
	m, failed := c.mediaVar()
	if failed != nil {
		return failed
	}
	id, _ := parseID(c.vars[1])
	i := slices.IndexFunc(m.comments, func(have *comment) bool { return have.id == id })
	switch {
	case i < 0:
		return errNoSuchComment
	case m.owner != c.viewer && m.comments[i].from != c.viewer:
		return badRequest("APINotAllowedError", "you cannot delete this comment")
	}
	m.comments = slices.Delete(m.comments, i, i+1)
	c.save(change{Do: "uncomment", Media: m.number, Comment: id})
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
func checkComment(text string) *apiError {
	switch {
	case strings.TrimSpace(text) == "":
		return invalidParameter("text is required")
	case !utf8.ValidString(text):
		return invalidParameter("text must be UTF-8")
	case utf8.RuneCountInString(text) > maxCommentLength:
		return badRequest("APICommentTooLongError", "The total length of the comment cannot exceed %d characters.", maxCommentLength)
	case len(hashtags(text)) > maxCommentTags:
		return badRequest("APICommentTooManyTagsError", "The comment cannot contain more than %d hashtags.", maxCommentTags)
	case len(commentURL.FindAllString(text, maxCommentURLs+1)) > maxCommentURLs:
		return invalidParameter("The comment cannot contain more than %d URL.", maxCommentURLs)
	case allCapitals(text):
		return badRequest("APICommentAllCapsError", "The comment cannot consist of all capital letters.")
	default:
		return nil
	}
}

// allCapitals is true for a text with letters of which every one is a capital. Scripts without capitals never are.
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

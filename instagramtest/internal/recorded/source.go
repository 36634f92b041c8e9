package recorded

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/paths"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// source is the list that an answer is, as far as a path tells.
type source struct {
	list  string // follows, followed-by, requested-by, feed, liked, comments, likes, relationship; "" for anything else
	owner string // an id, a username, self or "" if it is not told
}

var (
	listName  = regexp.MustCompile(`(?i)(?:^|[/_.-])(follows|following|followed[-_]?by|followers|requested[-_]?by|feed|liked|comments|likes|relationship)(?:[/_.-]|$)`)
	listOwner = regexp.MustCompile(`(?i)(?:^|[/_.-])(self|\d+(?:_\d+)?)$`)
	listedID  = regexp.MustCompile(`^[/_.-]?(\d+(?:_\d+)?)$`)
	selfName  = regexp.MustCompile(`(?i)(?:^|[/_.-])self$`)
	tokenUser = regexp.MustCompile(`^(\d+)\.`)
)

// sourceOf reads a path, of an endpoint or of a file that is named after one.
func sourceOf(path string) (from source) {
	found := listName.FindAllStringSubmatchIndex(path, -1)
	if found == nil {
		return from
	}
	last := found[len(found)-1]
	from.list = strings.ToLower(path[last[2]:last[3]])
	switch {
	case from.list == "following":
		from.list = "follows"
	case strings.HasPrefix(from.list, "followe"):
		from.list = "followed-by"
	case strings.HasPrefix(from.list, "requested"):
		from.list = "requested-by"
	}
	before := strings.TrimRight(path[:last[0]], "/_.-")
	if owner := listOwner.FindStringSubmatch(before); owner != nil {
		from.owner = strings.ToLower(owner[1])
	} else if owner := listedID.FindStringSubmatch(path[last[3]:]); owner != nil {
		from.owner = owner[1]
	} else {
		from.owner = before[strings.LastIndexByte(before, '/')+1:]
	}
	return from
}

func withoutExtension(path string) string {
	if i := strings.LastIndexByte(path, '.'); i > strings.LastIndexByte(path, '/') {
		return path[:i]
	}
	return path
}

// self says whether the file that is being read is named after the main user.
func (l *loader) self() bool { return selfName.MatchString(withoutExtension(l.at)) }

// sourceOfURL reads the URL of a page, or of the next one, which says what list it is of, and in
// its token who asked.
func (l *loader) sourceOfURL(page string, from source) source {
	u, err := url.Parse(page[strings.LastIndexByte(page, ' ')+1:]) // there may be a method before it
	if page == "" || err != nil {
		return from
	}
	if asked := tokenUser.FindStringSubmatch(u.Query().Get("access_token")); asked != nil {
		id, _ := world.ParseID(asked[1])
		l.votes[id]++
	}
	if told := sourceOf(paths.TrimPath(u.Path)); told.list != "" {
		return told
	}
	return from
}

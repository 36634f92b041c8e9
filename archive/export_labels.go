package archive

import (
	"cmp"
	"slices"
	"strings"

	"github.com/igv1/instagram"
)

// labels is what label_values tell.
type labels struct {
	link   string                  // of a post or a story
	text   string                  // the first value that is no link: a caption, or a comment
	person instagram.UserShortInfo // whose post it is, or who it is
}

// labelsOf reads label_values, at any depth of their dicts. The labels are in the language of the
// account, so that values are known by what they are and by where they stand.
func labelsOf(f *found) (l labels) {
	var linked string // whose profile or story is linked, if nothing else tells
	l.read(f.get("label_values"), 0, &linked)
	l.person.Username = cmp.Or(l.person.Username, linked)
	return l
}

func (l *labels) read(raw []byte, depth int, linked *string) {
	if depth > 8 {
		return
	}
	list := objects(raw)
	person := personOf(list)
	if l.person.Username == "" {
		l.person = person
	}
	for _, o := range list {
		value := o.text("value")
		for _, link := range []string{o.text("href"), value} {
			path := pathOf(link)
			switch {
			case !strings.HasPrefix(link, "http"):
			case l.link == "" && (postPath.MatchString(path) || storyPath.MatchString(path)):
				l.link = link
				*linked = cmp.Or(*linked, nameOfStory(link))
			case *linked == "":
				*linked = nameOfLink(link)
			}
		}
		if depth == 0 && l.text == "" && person.Username == "" && !strings.HasPrefix(value, "http") && o.text("label") != "Media ID" {
			l.text = value
		}
		l.read(o.get("dict"), depth+1, linked)
		l.read(o.get("vec"), depth+1, linked)
	}
}

// personOf returns who a list of labels tells of: their website, their name and their username, in
// this order. The first two may be missing.
func personOf(list []object) (u instagram.UserShortInfo) {
	at := slices.IndexFunc(list, func(o object) bool {
		return slices.Contains(usernameLabels, o.text("label")) && isUsername(o.text("value"))
	})
	if at < 0 && len(list) == 3 && isSite(list[0]) && list[1].has("value") && isUsername(list[2].text("value")) {
		at = 2 // in a language that is not known
	}
	if at < 0 {
		return u
	}
	u.Username = list[at].text("value")
	if at > 0 && !isLink(list[at-1].text("value")) {
		u.FullName = list[at-1].text("value")
	}
	if site := list[0].text("value"); at > 1 && isLink(site) && nameOfLink(site) != u.Username {
		u.Website = site
	}
	return u
}

// isSite says whether a label has a link to anywhere but a post, or none.
func isSite(o object) bool {
	link := o.text("value")
	return o.has("value") && (link == "" || isLink(link) && idOfLink(link) == "")
}

// pathOf returns the path of a link, without what is asked for.
func pathOf(link string) string {
	if i := strings.Index(link, "://"); i >= 0 {
		link = link[i+3:]
	}
	if i := strings.IndexByte(link, '/'); i >= 0 {
		link, _, _ = strings.Cut(link[i:], "?")
		return link
	}
	return ""
}

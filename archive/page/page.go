// Package page writes a page to look at an archive with: all its media by year, with a search,
// comments, likes, followers. It is a folder that needs no server and no network, and works as it
// is from a disk.
package page

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram"
)

// A Site is what the page shows.
type Site struct {
	Title string // "" is the name of the user

	User      *instagram.UserInfo // whose page it is, or nil
	Picture   string              // the path of the user's picture, relative to the page, or ""
	Followers []instagram.UserShortInfo
	Follows   []instagram.UserShortInfo

	// Posts yields the media, in any order. Its first error ends the writing.
	Posts iter.Seq2[*Post, error]
}

// A Post is a media and what goes with it.
type Post struct {
	Media *instagram.MediaEntry

	// Files are the pictures and videos, in the order of the parts. Nothing else is shown: the page
	// loads nothing from the web.
	Files []File

	Comments []instagram.CommentEntry  // nil is those in the media
	Likes    []instagram.UserShortInfo // nil is those in the media
}

// A File is a picture or a video, by its path relative to the page.
type File struct {
	Path  string
	Video bool
}

const (
	// perPart is how many posts one file of the page has at most.
	perPart = 200
	// Name is the file to open.
	Name = "index.html"
	// Folder holds all other files of the page.
	Folder = "page"
)

var (
	//go:embed page.html
	htmlText string
	//go:embed page.css
	cssText string
	//go:embed page.js
	scriptText string

	htmlTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"count": count}).Parse(htmlText))
)

// count puts a number before a noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %s", n, plurals[noun])
}

var plurals = map[string]string{"post": "posts", "follower": "followers"}

// A row is a post as the page's script reads it. What lies in the lightbox alone is in the details.
type row struct {
	ID      string   `json:"i"`
	Time    int64    `json:"t"`
	Files   []string `json:"f,omitempty"` // those of videos begin with a *
	Caption string   `json:"c,omitempty"`
	Place   string   `json:"p,omitempty"`
	Kind    string   `json:"k,omitempty"` // STORY and the like
	Author  string   `json:"a,omitempty"` // where it is not the user's own

	details details
}

// details are where a post is, and its comments and likes: who and what, and how many there were.
type details struct {
	Link         string     `json:"u,omitempty"`
	Comments     [][]string `json:"c,omitempty"` // name, text, time
	Likes        []string   `json:"l,omitempty"`
	CommentCount int        `json:"n,omitempty"`
	LikeCount    int        `json:"m,omitempty"`
}

// A part is the posts of one file, all of one year.
type part struct {
	Year  int `json:"y"`
	Count int `json:"n"`
	rows  []*row
}

// Write writes the page. Create makes the files, in the order in which they are to be there:
// index.html is the last, and names may hold slashes. What Write holds grows by about 1 kB with
// each media.
func Write(site Site, create func(name string) (io.WriteCloser, error)) error {
	rows, err := rowsOf(site)
	if err != nil {
		return err
	}
	parts := partsOf(rows)
	w := writer{create}
	for i, p := range parts {
		var all []*details
		for _, r := range p.rows {
			all = append(all, &r.details)
		}
		if err := w.script(fmt.Sprintf("posts-%d.js", i), "posts", i, p.rows); err != nil {
			return err
		}
		if err := w.script(fmt.Sprintf("details-%d.js", i), "details", i, all); err != nil {
			return err
		}
	}
	for name, people := range map[string][]instagram.UserShortInfo{"followers": site.Followers, "follows": site.Follows} {
		if err := w.script(name+".js", "people", name, peopleOf(people)); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{"page.css": cssText, "page.js": scriptText} {
		if err := w.file(Folder+"/"+name, func(out io.Writer) error { _, err := io.WriteString(out, text); return err }); err != nil {
			return err
		}
	}
	return w.file(Name, func(out io.Writer) error { return htmlTemplate.Execute(out, newView(site, rows, parts)) })
}

type writer struct {
	create func(string) (io.WriteCloser, error)
}

func (w writer) file(name string, write func(io.Writer) error) error {
	f, err := w.create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// script writes data as a call of the page's script: from a disk, browsers let a page load scripts
// and nothing else.
func (w writer) script(name, function string, key, data any) error {
	return w.file(Folder+"/"+name, func(out io.Writer) error {
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		text, err := json.Marshal(data) // it escapes what would end a script
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "archive.%s(%s,%s)\n", function, k, text)
		return err
	})
}

// rowsOf reads the posts, the latest first.
func rowsOf(site Site) ([]*row, error) {
	owner := ""
	if site.User != nil {
		owner = site.User.Username
	}
	var rows []*row
	for post, err := range site.Posts {
		if err != nil {
			return nil, err
		}
		rows = append(rows, rowOf(post, owner))
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.ID, b.ID)) })
	return rows, nil
}

func rowOf(post *Post, owner string) *row {
	m := post.Media
	r := &row{ID: strings.Clone(m.ID)}
	r.details.Link = webLink(m.Link)
	if !m.CreatedTime.IsZero() {
		r.Time = m.CreatedTime.Unix()
	}
	if m.Caption != nil {
		r.Caption = strings.Clone(m.Caption.Text)
	}
	if m.Location != nil {
		r.Place = strings.Clone(m.Location.Name)
	}
	if m.User.Username != owner {
		r.Author = strings.Clone(m.User.Username)
	}
	_ = json.Unmarshal(m.Extra["media_product_type"], &r.Kind) // only texts are kinds
	if r.Kind == "FEED" {
		r.Kind = ""
	}
	for _, f := range post.Files {
		if name := relative(f.Path); name != "" {
			if f.Video {
				name = "*" + name
			}
			r.Files = append(r.Files, name)
		}
	}
	comments, likes := post.Comments, post.Likes
	if comments == nil {
		comments = m.Comments.Data
	}
	if likes == nil {
		likes = m.Likes.Data
	}
	for _, c := range comments {
		day := ""
		if !c.CreatedTime.IsZero() {
			day = c.CreatedTime.UTC().Format(time.DateOnly)
		}
		r.details.Comments = append(r.details.Comments, []string{nameOf(c.From), strings.Clone(c.Text), day})
	}
	for _, u := range likes {
		r.details.Likes = append(r.details.Likes, nameOf(u))
	}
	r.details.CommentCount, r.details.LikeCount = max(m.Comments.Count, len(comments)), max(m.Likes.Count, len(likes))
	return r
}

func nameOf(u instagram.UserShortInfo) string {
	return strings.Clone(cmp.Or(u.Username, u.FullName, u.ID))
}

// relative returns a path as a relative URL, or "" for one that leads elsewhere.
func relative(name string) string {
	if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "\\:") || slices.Contains(strings.Split(name, "/"), "..") {
		return ""
	}
	return (&url.URL{Path: name}).EscapedPath()
}

// webLink lets links to the web through, and no others.
func webLink(link string) string {
	if u, err := url.Parse(link); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return link
	}
	return ""
}

// partsOf splits posts into the parts of years.
func partsOf(rows []*row) []part {
	var parts []part
	for _, r := range rows {
		year := 0
		if r.Time != 0 {
			year = time.Unix(r.Time, 0).UTC().Year()
		}
		if n := len(parts); n == 0 || parts[n-1].Year != year || parts[n-1].Count == perPart {
			parts = append(parts, part{Year: year})
		}
		last := &parts[len(parts)-1]
		last.rows = append(last.rows, r)
		last.Count++
	}
	return parts
}

// peopleOf are the names of people, and what else they are called.
func peopleOf(people []instagram.UserShortInfo) [][]string {
	list := make([][]string, 0, len(people))
	for _, u := range people {
		list = append(list, []string{nameOf(u), u.FullName})
	}
	return list
}

// A view is what the template shows.
type view struct {
	Title, Name, Bio, Website, Picture string

	Posts, Followers, Follows int

	Years []year
	Parts []part
}

type year struct{ Year, Count int }

func newView(site Site, rows []*row, parts []part) view {
	v := view{
		Title: site.Title, Picture: relative(site.Picture), Posts: len(rows), Followers: len(site.Followers), Follows: len(site.Follows), Parts: parts,
	}
	if u := site.User; u != nil {
		v.Title = cmp.Or(v.Title, u.Username)
		v.Name, v.Bio, v.Website = u.FullName, u.Bio, webLink(u.Website)
	}
	v.Title = cmp.Or(v.Title, "Pictures")
	for _, p := range parts {
		if n := len(v.Years); n > 0 && v.Years[n-1].Year == p.Year {
			v.Years[n-1].Count += p.Count
		} else {
			v.Years = append(v.Years, year{p.Year, p.Count})
		}
	}
	return v
}

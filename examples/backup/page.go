package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/igv1/instagram"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"count": count}).Parse(pageText))

// count puts a number before a noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// account is what the page shows.
type account struct {
	Profile   instagram.UserInfo
	Picture   string // a file of the store, or empty
	Media     int
	Followers int
	Follows   int
	Months    []month // latest first
	Chart     chart
}

// month holds the media of one month, latest first.
type month struct {
	Start time.Time
	Posts []post
}

type post struct {
	*instagram.MediaEntry
	Parts []part
	Said  []*instagram.CommentEntry
	Liked []*instagram.UserShortInfo
}

// writePage makes the page from the files of the store.
func writePage(s *store, out io.Writer) error {
	a, err := readAccount(s)
	if err != nil {
		return err
	}
	if err := s.write(pageFile, func(w io.Writer) error { return pageTemplate.Execute(w, a) }); err != nil {
		return err
	}
	page, err := filepath.Abs(filepath.Join(s.dir, pageFile))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d media, %d followers, %d follows; open %s\n", a.Media, a.Followers, a.Follows, page)
	return nil
}

func readAccount(s *store) (*account, error) {
	profiles, err := readLines[instagram.UserInfo](s, profileFile)
	if err != nil {
		return nil, err
	}
	if len(profiles) == 0 {
		return nil, fmt.Errorf("there is no %s, so no backup", profileFile)
	}
	followers, err := readLines[instagram.UserShortInfo](s, followersFile)
	if err != nil {
		return nil, err
	}
	follows, err := readLines[instagram.UserShortInfo](s, followsFile)
	if err != nil {
		return nil, err
	}
	media, err := readLines[instagram.MediaEntry](s, mediaFile)
	if err != nil {
		return nil, err
	}
	a := &account{Profile: *profiles[0], Media: len(media), Followers: len(followers), Follows: len(follows)}
	if s.has(profilePicture) {
		a.Picture = profilePicture
	}
	slices.SortStableFunc(media, func(x, y *instagram.MediaEntry) int { return y.CreatedTime.Compare(x.CreatedTime) })
	for _, m := range media {
		p, err := readPost(s, m)
		if err != nil {
			return nil, err
		}
		start := time.Date(m.CreatedTime.Year(), m.CreatedTime.Month(), 1, 0, 0, 0, 0, time.UTC)
		if n := len(a.Months); n == 0 || !a.Months[n-1].Start.Equal(start) {
			a.Months = append(a.Months, month{Start: start})
		}
		last := &a.Months[len(a.Months)-1]
		last.Posts = append(last.Posts, p)
	}
	a.Chart = newChart(a.Months)
	return a, nil
}

func readPost(s *store, m *instagram.MediaEntry) (post, error) {
	p := post{MediaEntry: m}
	for _, file := range partsOf(m) {
		if !s.has(file.Picture) {
			file.Picture = ""
		}
		if !s.has(file.Video) {
			file.Video = ""
		}
		p.Parts = append(p.Parts, file)
	}
	var err error
	if p.Said, err = readLines[instagram.CommentEntry](s, commentsFile(m)); err != nil {
		return p, err
	}
	p.Liked, err = readLines[instagram.UserShortInfo](s, likesFile(m))
	return p, err
}

// chart is a bar chart of the number of media in each month.
type chart struct {
	Width, Height, Floor int
	Bars                 []bar
	Years                []label
	Most                 int
}

type bar struct {
	X, Y, Width, Height float64
	Title               string
}

type label struct {
	X    float64
	Text string
}

// The size of the chart, in its own units. The page scales it.
const (
	chartWidth  = 960
	chartHeight = 166
	chartFloor  = 136 // the lower end of the bars
	chartTop    = 14
)

func newChart(months []month) chart {
	c := chart{Width: chartWidth, Height: chartHeight, Floor: chartFloor}
	if len(months) == 0 {
		return c
	}
	first, last := months[len(months)-1].Start, months[0].Start
	first = time.Date(first.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	step := float64(chartWidth) / float64(monthsBetween(first, last)+1)
	for _, m := range months {
		c.Most = max(c.Most, len(m.Posts))
	}
	for _, m := range months {
		height := float64(chartFloor-chartTop) * float64(len(m.Posts)) / float64(c.Most)
		c.Bars = append(c.Bars, bar{
			X: step * float64(monthsBetween(first, m.Start)), Y: chartFloor - height,
			Width: max(step*0.8, 0.5), Height: height,
			Title: fmt.Sprintf("%s: %d", m.Start.Format("January 2006"), len(m.Posts)),
		})
	}
	years := last.Year() - first.Year() + 1
	every := (years + 11) / 12 // at most 12 labels, so that they do not overlap
	for year := 0; year < years; year += every {
		c.Years = append(c.Years, label{step * 12 * float64(year), fmt.Sprint(first.Year() + year)})
	}
	return c
}

func monthsBetween(a, b time.Time) int {
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}

package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// A folder keeps what is written, and in which order.
type folder struct {
	files map[string]*bytes.Buffer
	order []string
}

func (f *folder) create(name string) (io.WriteCloser, error) {
	f.files[name] = new(bytes.Buffer)
	f.order = append(f.order, name)
	return closer{f.files[name]}, nil
}

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

func write(t testing.TB, site Site) *folder {
	t.Helper()
	f := &folder{files: map[string]*bytes.Buffer{}}
	require.NoError(t, Write(site, f.create))
	return f
}

func posts(n int, change func(i int, p *Post)) iter.Seq2[*Post, error] {
	return func(yield func(*Post, error) bool) {
		for i := range n {
			created := time.Date(2010+i%9, 5, 1, 0, 0, i, 0, time.UTC)
			p := &Post{
				Media: &instagram.MediaEntry{
					ID: fmt.Sprint(i), User: instagram.UserShortInfo{Username: "mira.solane"}, CreatedTime: created,
					Caption: &instagram.CaptionData{Text: strings.Repeat("The harbour before the rain, and no boat out. ", 3)},
					Likes:   instagram.LikesCollection{Count: 7}, Link: "https://www.instagram.com/p/Bdq3xPdAAKy/",
				},
				Files: []File{{Path: fmt.Sprintf("files/%d.jpg", i)}},
			}
			if change != nil {
				change(i, p)
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

var call = regexp.MustCompile(`(?s)^archive\.(posts|details|people)\((\d+|"[a-z]+"),(.*)\)\n$`)

// rowsIn reads what the scripts bring.
func rowsIn(t testing.TB, f *folder, kind string) (rows []map[string]any) {
	t.Helper()
	for i := 0; ; i++ {
		text, ok := f.files[fmt.Sprintf("page/%s-%d.js", kind, i)]
		if !ok {
			return rows
		}
		found := call.FindStringSubmatch(text.String())
		require.NotNil(t, found, text.String())
		require.Equal(t, kind, found[1])
		var part []map[string]any
		require.NoError(t, json.Unmarshal([]byte(found[3]), &part))
		rows = append(rows, part...)
	}
}

func TestPostsAreInPartsByYear(t *testing.T) {
	f := write(t, Site{User: &instagram.UserInfo{Username: "mira.solane"}, Posts: posts(2000, nil)})
	rows := rowsIn(t, f, "posts")
	require.Len(t, rows, 2000)
	assert.True(t, slices.IsSortedFunc(rows, func(a, b map[string]any) int { return int(b["t"].(float64) - a["t"].(float64)) }))
	html := f.files[Name].String()
	assert.Equal(t, 9, strings.Count(html, "<h2 id=\"y"))
	assert.Equal(t, Name, f.order[len(f.order)-1], "the file to open comes last")
	sum := 0
	for _, found := range regexp.MustCompile(`data-count="(\d+)"`).FindAllStringSubmatch(html, -1) {
		var n int
		_, _ = fmt.Sscan(found[1], &n)
		assert.LessOrEqual(t, n, perPart)
		sum += n
	}
	assert.Equal(t, 2000, sum)
}

// 10,000 media with captions of 138 characters take at most 2 MB: the page, and the parts that it
// loads as one goes down. What is in the lightbox alone comes when it is opened.
func TestSize(t *testing.T) {
	f := write(t, Site{User: &instagram.UserInfo{Username: "mira.solane"}, Posts: posts(10_000, nil)})
	assert.Less(t, f.files[Name].Len(), 64<<10)
	all := f.files[Name].Len()
	for name, text := range f.files {
		if strings.HasPrefix(name, "page/posts-") {
			all += text.Len()
			assert.Less(t, text.Len(), 256<<10, "a part is loaded in one go")
		}
	}
	assert.Less(t, all, 2_000_000)
}

// Nothing that an archive says gets out of its text, or leads out of the page.
func TestHostile(t *testing.T) {
	const evil = "</script><img src=x onerror=alert(1)>\u2028'\""
	site := Site{
		Title: evil, User: &instagram.UserInfo{Username: evil, Bio: evil, Website: "javascript:alert(1)"}, Picture: "../../etc/passwd",
		Followers: []instagram.UserShortInfo{{Username: evil}},
		Posts: posts(1, func(_ int, p *Post) {
			p.Media.Caption.Text, p.Media.Link = evil, "javascript:alert(1)"
			p.Media.Extra = map[string]json.RawMessage{"media_product_type": json.RawMessage(`{"a":1}`)}
			p.Files = []File{{Path: "/etc/passwd"}, {Path: "../x.jpg"}, {Path: "https://images.example/x.jpg"}, {Path: `a\b.jpg`}, {Path: "files/a b#?%.jpg"}}
			p.Comments = []instagram.CommentEntry{{Text: evil, From: instagram.UserShortInfo{Username: evil}}}
		}),
	}
	f := write(t, site)
	for name, text := range f.files {
		if name == "page/page.js" || name == "page/page.css" {
			continue
		}
		assert.NotContains(t, text.String(), "<img src=x", name)
		assert.NotContains(t, text.String(), "javascript:", name)
		assert.NotContains(t, text.String(), "etc/passwd", name)
		assert.False(t, strings.HasSuffix(name, ".js") && strings.Contains(text.String(), "\u2028"), name)
	}
	rows := rowsIn(t, f, "posts")
	assert.Equal(t, []any{"files/a%20b%23%3F%25.jpg"}, rows[0]["f"])
	assert.Equal(t, evil, rows[0]["c"])
	assert.NotContains(t, f.files[Name].String(), "http://")
	assert.Equal(t, 1, strings.Count(f.files[Name].String(), "<script"), "no data is in the page itself")
}

func TestDetails(t *testing.T) {
	f := write(t, Site{
		User: &instagram.UserInfo{Username: "mira.solane"}, Follows: []instagram.UserShortInfo{{Username: "tilo.quillan", FullName: "Tilo"}},
		Posts: posts(1, func(_ int, p *Post) {
			p.Files = append(p.Files, File{Path: "files/0-2.mp4", Video: true})
			p.Comments = []instagram.CommentEntry{{Text: "calm", CreatedTime: time.Unix(1500000000, 0), From: instagram.UserShortInfo{Username: "tilo.quillan"}}}
			p.Likes = []instagram.UserShortInfo{{FullName: "Nandi"}}
		}),
	})
	assert.JSONEq(t, `[["tilo.quillan","Tilo"]]`, call.FindStringSubmatch(f.files["page/follows.js"].String())[3])
	details := rowsIn(t, f, "details")
	assert.Equal(t, []map[string]any{{
		"c": []any{[]any{"tilo.quillan", "calm", "2017-07-14"}}, "n": 1.0, "l": []any{"Nandi"}, "m": 7.0, "u": "https://www.instagram.com/p/Bdq3xPdAAKy/",
	}}, details)
	row := rowsIn(t, f, "posts")[0]
	assert.Equal(t, []any{"files/0.jpg", "*files/0-2.mp4"}, row["f"])
	assert.NotContains(t, row, "a", "the user's own name stands at the top")
}

func TestErrorsEndTheWriting(t *testing.T) {
	broken := errors.New("broken")
	f := &folder{files: map[string]*bytes.Buffer{}}
	err := Write(Site{Posts: func(yield func(*Post, error) bool) { yield(nil, broken) }}, f.create)
	assert.ErrorIs(t, err, broken)
	assert.Empty(t, f.order)
	err = Write(Site{Posts: posts(1, nil)}, func(string) (io.WriteCloser, error) { return nil, broken })
	assert.ErrorIs(t, err, broken)
}

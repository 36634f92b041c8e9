// Package page_test looks at the page of an archive in Chromium, from a disk.
package page_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/archive/page"
	"github.com/igv1/instagram/internal/systemtest/web/chromium"
)

var captions = []string{"Low tide at the harbour", "Ferry day", "Утренний свет", "夕方の散歩", "A corner table, and time", "So much sky"}

// writePage writes a page of so many media, each with a picture.
func writePage(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "page"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "files"), 0o755))
	for i := range 24 {
		f, err := os.Create(filepath.Join(dir, "files", fmt.Sprintf("%d.jpg", i)))
		require.NoError(t, err)
		require.NoError(t, jpeg.Encode(f, picture(i), nil))
		require.NoError(t, f.Close())
	}
	tilo := instagram.UserShortInfo{Username: "tilo.quillan", FullName: "Tilo Quillan"}
	site := page.Site{
		User:      &instagram.UserInfo{Username: "mira.solane", FullName: "Mira Solane", Bio: "Boats, and what is left of them."},
		Picture:   "files/3.jpg",
		Followers: []instagram.UserShortInfo{tilo, {Username: "nandi.corvela"}}, Follows: []instagram.UserShortInfo{tilo},
		Posts: func(yield func(*page.Post, error) bool) {
			for i := range n {
				m := &instagram.MediaEntry{
					ID: fmt.Sprint(1000 + i), User: instagram.UserShortInfo{Username: "mira.solane"},
					CreatedTime: time.Date(2012+i%6, time.Month(1+i%12), 3, 0, 0, i, 0, time.UTC),
					Caption:     &instagram.CaptionData{Text: fmt.Sprintf("%s, number %d", captions[i%len(captions)], i)},
					Location:    &instagram.LocationInfo{Name: "North Pier"},
				}
				m.Comments.Count, m.Likes.Count = 1, 3
				m.Comments.Data = []instagram.CommentEntry{{Text: "So calm", From: tilo, CreatedTime: m.CreatedTime}}
				m.Likes.Data = []instagram.UserShortInfo{tilo}
				post := &page.Post{Media: m, Files: []page.File{{Path: fmt.Sprintf("files/%d.jpg", i%24)}}}
				if i%7 == 0 {
					post.Files = append(post.Files, page.File{Path: fmt.Sprintf("files/%d.jpg", (i+1)%24)})
				}
				if !yield(post, nil) {
					return
				}
			}
		},
	}
	require.NoError(t, page.Write(site, func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) }))
	return "file://" + filepath.Join(dir, page.Name)
}

// picture draws bands of colour.
func picture(n int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 320, 320+n%3*80))
	for y := range m.Rect.Dy() {
		for x := range 320 {
			m.Set(x, y, color.RGBA{uint8(40 + n*8 + x/8), uint8(80 + y/4), uint8(200 - n*5), 255})
		}
	}
	return m
}

// browser is one with nothing remembered, at one page.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// open opens a page in a new browser of a size.
func open(t *testing.T, url string, width, height int64) *browser {
	t.Helper()
	b := &browser{t, chromium.Start(t, 2*time.Minute)}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("header")))
	b.run(`window.failures = [];
		addEventListener("error", (e) => failures.push(e.message));
		addEventListener("unhandledrejection", (e) => failures.push(String(e.reason)))`)
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

func (b *browser) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.do(chromedp.KeyEvent(key), chromedp.Sleep(100*time.Millisecond))
	}
}

func (b *browser) run(script string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](script))
}

// wait waits until something is so.
func (b *browser) wait(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression))
	require.NoError(b.t, err, expression)
}

// get returns what an expression comes to.
func get[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err)
	return value
}

func text(b *browser, selector string) string {
	b.t.Helper()
	return get[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
}

// screenshot keeps how the page looks, if SCREENSHOTS names a directory.
func (b *browser) screenshot(name string) {
	b.t.Helper()
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		b.do(chromedp.Sleep(700 * time.Millisecond))
		png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		require.NoError(b.t, err)
		require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
	}
}

func TestPage(t *testing.T) {
	url := writePage(t, 1500)
	for name, size := range map[string][2]int64{"desktop": {1280, 900}, "phone": {390, 844}} {
		t.Run(name, func(t *testing.T) {
			b := open(t, url, size[0], size[1])
			b.wait(`[...document.querySelectorAll(".tile img")].some((i) => i.complete && i.naturalWidth > 0)`)
			assert.Less(t, get[int](b, `document.querySelectorAll("section[data-filled]").length`), 8, "parts far down are not loaded")
			assert.LessOrEqual(t, get[int](b, `document.documentElement.scrollWidth - innerWidth`), 0, "nothing stands out to the right")
			b.screenshot(name)

			// The year strip jumps, and says where the page is.
			b.click(`#years a[data-year="2012"]`)
			b.wait(`document.querySelector("#years [aria-current]").dataset.year === "2012"`)
			b.wait(`document.querySelector("#y2012 + section").children.length > 0`)
			b.screenshot(name + "-2012")

			b.search("ferry 1495")
			b.wait(`document.querySelector("#status").textContent === "1 post found"`)
			assert.Equal(t, 1, get[int](b, `document.querySelectorAll("#found .tile").length`))
			b.search("")
			b.wait(`!document.querySelector("#posts").hidden`)

			b.lightbox(name)

			// Followers open, and can be searched.
			b.click(`[data-people="followers"]`)
			b.wait(`document.querySelectorAll("#people[open] li").length === 2`)
			b.do(chromedp.SendKeys(chromedp.CSS("#people input"), "nandi"))
			b.wait(`document.querySelectorAll("#people li").length === 1`)
			b.press(kb.Escape)

			const colour = `getComputedStyle(document.body).backgroundColor`
			light := get[string](b, colour)
			_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
			})
			require.NoError(t, err)
			assert.NotEqual(t, light, get[string](b, colour))
			b.screenshot(name + "-dark")
			assert.Empty(t, get[[]string](b, `failures`))
		})
	}
}

// search types words into the search.
func (b *browser) search(words string) {
	b.t.Helper()
	b.run(fmt.Sprintf(`{ const field = document.querySelector("#search"); field.value = %q; field.dispatchEvent(new Event("input")) }`, words))
}

// lightbox opens the first post, goes on with the keyboard and closes it.
func (b *browser) lightbox(name string) {
	b.t.Helper()
	b.run(`scrollTo(0, 0)`)
	b.wait(`document.querySelector('section[data-part="0"] .tile') !== null`)
	b.click(`section[data-part="0"] .tile:first-child`)
	b.wait(`document.querySelector("#box[open] .stage img") !== null && document.querySelector("#box details li") !== null`)
	caption, all := text(b, "#box .caption"), text(b, "#box .text")
	assert.Contains(b.t, all, "2017")
	assert.Contains(b.t, all, "North Pier")
	assert.Contains(b.t, all, "So calm")
	b.screenshot(name + "-lightbox")
	b.click("#box summary")
	b.wait(`document.querySelector("#box details").open`)
	likes := text(b, "#box details")
	assert.Contains(b.t, likes, "♥ 3")
	assert.Contains(b.t, likes, "tilo.quillan")
	assert.Contains(b.t, likes, "and 2 that the archive does not hold")
	same := fmt.Sprintf(`document.querySelector("#box .caption").textContent === %q`, caption)
	b.press(kb.ArrowRight, kb.ArrowRight)
	b.wait("!(" + same + ")")
	b.press(kb.ArrowLeft, kb.ArrowLeft)
	b.wait(same)
	b.press(kb.Escape)
	b.wait(`!document.querySelector("#box").open && document.activeElement.classList.contains("tile")`)
}

// A link to a post opens it.
func TestLink(t *testing.T) {
	b := open(t, writePage(t, 500)+"#m1100", 1280, 900)
	b.wait(`document.querySelector("#box[open] .caption") !== null`)
	assert.Contains(t, text(b, "#box .caption"), "number 100")
}

package archive

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	// profileOfPage is what the page of a profile held until 2021.
	profileOfPage = `{"config":{"csrf_token":"x","viewer":null},"entry_data":{"ProfilePage":[{"logging_page_id":"profilePage_7","graphql":{"user":{"id":"7","username":"mira.solane","full_name":"Mira Solane",` +
		`"biography":"Boats \u26f5 \u003c3","edge_followed_by":{"count":12},"edge_follow":{"count":3},"edge_owner_to_timeline_media":{"count":1,"edges":[{"node":{"__typename":"GraphImage","id":"2290275893371078480","shortcode":"B_IscpmBgdS",` +
		`"edge_media_to_caption":{"edges":[{"node":{"text":"Fog <\/script> \u2693"}}]},"display_url":"https://images.example/w.jpg","taken_at_timestamp":1588000000,"owner":{"id":"7","username":"mira.solane"}}}]}}}}]}}`
	postOfPage    = `{"graphql":{"shortcode_media":{"__typename":"GraphImage","id":"2290275893371078481","shortcode":"B_IscpmBgdT","display_url":"https://images.example/v.jpg","taken_at_timestamp":1588000001,"owner":{"id":"7","username":"mira.solane"}}}}`
	profileOf2016 = `{"country_code":"DE","entry_data":{"ProfilePage":[{"user":{"username":"mira.solane","follows":{"count":3},"followed_by":{"count":5},"full_name":"Mira Solane","id":"7","biography":null,"profile_pic_url":"https://images.example/m.jpg",` +
		`"media":{"count":1,"page_info":{},"nodes":[{"code":"BGSuvdKhM5y","dimensions":{"width":1080,"height":1080},"owner":{"id":"7"},"comments":{"count":2},"caption":"Low tide","likes":{"count":3},"date":1465000000,"thumbnail_src":"x","is_video":false,"id":"1266280016514436722","display_src":"https://images.example/o.jpg"}]}}}]}}`
)

// Texts come as pages, as scripts, from Windows, compressed in parts.
func TestTexts(t *testing.T) {
	script := func(data string) string {
		return "<!DOCTYPE html>\n<html lang=\"en\" class=\"no-js\"><head><title>Mira Solane (@mira.solane)</title>\n" +
			`<script type="application/ld+json">{"@context":"http:\/\/schema.org","@type":"Person"}</script>` +
			`<script type="text/javascript">` + data + "</script>\n<script>window.__initialDataLoaded(window._sharedData);</script></body></html>"
	}
	gz := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write([]byte(text))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return b.String()
	}
	wide := func(order binary.AppendByteOrder, text string) string {
		var b []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, unit)
		}
		return string(b)
	}
	wave := page(1, 900) + "\n" + post(901, "wave \U0001F30A", 0)
	for name, test := range map[string]struct {
		file, text   string
		media, users int
		not          string
	}{
		"the page of a profile":         {"mira.solane.html", script("window._sharedData = " + profileOfPage + ";"), 1, 1, ""},
		"without white space":           {"index.htm", strings.ReplaceAll(script("window._sharedData="+profileOfPage+";"), "\n", ""), 1, 1, ""},
		"the page of a profile in 2016": {"mira", "\uFEFF\r\n" + script("window._sharedData = "+profileOf2016+";"), 1, 1, ""},
		"the page of a post":            {"p.html", script("window._sharedData = {\"entry_data\":{}};") + script("window.__additionalDataLoaded('/p/B_IscpmBgdT/',"+postOfPage+");"), 1, 0, ""},
		"the same data twice":           {"p.html", script("window._sharedData = "+profileOfPage+";") + script("window._sharedData = "+profileOfPage+";"), 1, 1, ""},
		"a page of today":               {"t.html", `<!DOCTYPE html><html><body><script type="application/json" data-content-len="9" data-sjs>{"require":[[{"pk":"1","media_type":1}]]}</script>`, 0, 0, "answers of the private mobile API"},
		"a page whose data was cut off": {"c.html", script("window._sharedData = " + profileOfPage)[:500], 0, 0, string(errHTML)},
		"another page":                  {"x.html", "<html><body>Not found</body></html>", 0, 0, string(errHTML)},
		"the script of a page":          {"data.js", "window._sharedData = " + profileOfPage + ";\n", 1, 1, ""},
		"a variable":                    {"media.js", "var media = [" + post(1, "", 0) + "," + post(2, "", 0) + "];", 2, 0, ""},
		"a script":                      {"a.js", "(function () { return {}; })();", 0, 0, ""},
		"a configuration":               {"c.js", "module.exports = {\n  plugins: ['a'],\n};\n", 0, 0, ""},
		"a call":                        {"d.js", "app.use([a, b]);\n", 0, 0, ""},
		"a call with an object":         {"e.js", "define({ name: 'a' });\n", 0, 0, ""},
		"UTF-16 of Windows":             {"w.json", "\xff\xfe" + wide(binary.LittleEndian, wave), 901, 0, ""},
		"UTF-16 the other way":          {"w", "\xfe\xff" + wide(binary.BigEndian, wave), 901, 0, ""},
		"UTF-16 without a mark":         {"w", wide(binary.LittleEndian, wave), 901, 0, ""},
		"half a character at the end":   {"w", "\xff\xfe" + wide(binary.LittleEndian, post(1, "", 0)+"\n") + "\x3d\xd8\x0a", 1, 0, ""},
		"CRLF":                          {"l.jsonl", "\uFEFF" + post(1, "", 0) + "\r\n\r\n" + post(2, "", 0) + "\r\n", 2, 0, ""},
		"CR alone":                      {"l.jsonl", post(1, "", 0) + "\r" + post(2, "", 0) + "\r", 2, 0, ""},
		"gzip of several members":       {"l.jsonl.gz", gz(post(1, "", 0)+"\n") + gz(post(2, "", 0)+"\n"), 2, 0, ""},
		"gzip in gzip":                  {"l.gz", gz(gz(page(1, 3))), 3, 0, ""},
		"a page that is compressed":     {"p.html.gz", gz(script("window._sharedData = " + profileOfPage + ";")), 1, 1, ""},
		"an empty file":                 {"e.json", "", 0, 0, "it is empty"},
		"a file of white space":         {"e.json", " \r\n\t", 0, 0, "it is empty"},
		"a file of zeros":               {"z.json", strings.Repeat("\x00", 2<<20), 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := openFiles(t, map[string]string{test.file: test.text})
			media, users := 0, 0
			for e, err := range a.All(t.Context()) {
				if err != nil {
					assert.Contains(t, []string{"a file of zeros", "half a character at the end"}, name, err)
					continue
				}
				if assert.Equal(t, test.file, e.Source.File); e.Kind == KindMedia {
					media++
				} else if e.Kind == KindUser {
					users++
				}
			}
			assert.Equal(t, test.media, media)
			assert.Equal(t, test.users, users)
			if test.not != "" {
				assert.Contains(t, a.Report().Total().Skipped, test.not)
			}
		})
	}
}

// The data of a page stays where it was, and none of the rest is read.
func TestPageOffsets(t *testing.T) {
	page := `<html>{"id":"1"}<script>window._sharedData = ` + profileOfPage + `;</script>{"x":1}`
	a := openFiles(t, map[string]string{"p.html": page})
	for item, err := range a.Users(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "Boats ⛵ <3", item.Value.Bio)
		assert.EqualValues(t, strings.Index(page, `{"config"`), item.Source.Offset)
	}
	for item, err := range a.Media(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "Fog </script> ⚓", item.Value.Caption.Text)
	}
}

package archive

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// post writes a media of v1 with so many comments and likes in it.
func post(id int, text string, comments int) string {
	var in []string
	for i := range comments {
		in = append(in, fmt.Sprintf(`{"id":"%d","created_time":"1500000000","text":"yes","from":{"id":"8","username":"tilo.quillan"}}`, id*100+i))
	}
	return fmt.Sprintf(`{"id":"%d_7","type":"image","user":{"id":"7","username":"mira.solane"},"created_time":"%d","link":"https://www.instagram.com/p/A%d/",`+
		`"caption":{"text":%q},"likes":{"count":%d,"data":[]},"comments":{"count":%d,"data":[%s]},"images":{"standard_resolution":{"url":"https://images.example/%d.jpg"}}}`,
		id, 1500000000+id, id, text, id%50, comments, strings.Join(in, ","), id)
}

func page(from, n int) string {
	posts := make([]string, n)
	for i := range posts {
		posts[i] = post(from+i, "low tide", 1)
	}
	return `{"meta":{"code":200},"data":[` + strings.Join(posts, ",") + `]}`
}

func openFiles(t testing.TB, files map[string]string, opts ...Option) *Archive {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	a, err := OpenFS(fsys)
	require.NoError(t, err)
	t.Cleanup(func() { a.Close() })
	return a.With(opts...)
}

// mediaIDs are the ids of the media, and the errors, in order.
func mediaIDs(t testing.TB, a *Archive) (ids []string, errs []error) {
	t.Helper()
	for item, err := range a.Media(t.Context()) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ids = append(ids, item.Value.ID)
	}
	return ids, errs
}

func TestDuplicatesKeepTheFullest(t *testing.T) {
	a := openFiles(t, map[string]string{
		"1.json": page(1, 3), "2.json": post(2, "low tide", 5), "3.jsonl": post(2, "low tide", 2) + "\n" + post(9, "", 0),
	})
	var got []string
	for item, err := range a.Media(t.Context()) {
		require.NoError(t, err)
		got = append(got, fmt.Sprintf("%s %d %s", item.Value.ID, len(item.Value.Comments.Data), item.Source.File))
	}
	assert.Equal(t, []string{"1_7 1 1.json", "3_7 1 1.json", "2_7 5 2.json", "9_7 0 3.jsonl"}, got)
	assert.Equal(t, 2, a.Report().Total().Duplicates)
	assert.Equal(t, 6, a.Report().Total().Read[KindMedia])

	comments := map[string]string{}
	for item, err := range a.Comments(t.Context()) {
		require.NoError(t, err)
		assert.NotContains(t, comments, item.Value.ID, "a comment of two recordings comes once")
		comments[item.Value.ID] = item.MediaID
	}
	assert.Len(t, comments, 7)
	assert.Equal(t, "2_7", comments["204"])

	ids, _ := mediaIDs(t, a.With(KeepDuplicates()))
	assert.Len(t, ids, 6)
}

func TestLargeFilesInOrder(t *testing.T) {
	var lines, array, one strings.Builder
	array.WriteString("[\n")
	one.WriteString(`{"version":1,"pages":[`)
	for i := range 1500 {
		lines.WriteString(page(1+i*10, 10) + "\n")
		comma := ",\n"
		if i == 1499 {
			comma = "\n]\n"
		}
		array.WriteString(page(1+i*10, 10) + comma)
		one.WriteString(page(1+i*10, 10) + ",")
	}
	require.Greater(t, one.Len(), 3<<20)
	pretty := strings.ReplaceAll(strings.ReplaceAll(array.String(), `,"`, ",\n \""), `{"`, "{\n\"")
	files := map[string]string{
		"lines.jsonl": lines.String(), "array.json": array.String(), "pretty.json": pretty,
		"one.json": strings.TrimSuffix(one.String(), ",") + "]}", "line.json": strings.ReplaceAll(array.String(), "\n", ""),
	}
	for name, text := range files {
		t.Run(name, func(t *testing.T) {
			for _, workers := range []int{1, 5} {
				ids, errs := mediaIDs(t, openFiles(t, map[string]string{name: text}, Workers(workers)))
				require.Empty(t, errs)
				require.Len(t, ids, 15_000)
				for i, id := range ids {
					require.Equal(t, fmt.Sprintf("%d_7", i+1), id)
				}
			}
		})
	}
}

// A value of more than is held is taken apart, and what is broken costs itself alone.
func TestHostileText(t *testing.T) {
	long := strings.Repeat("x", 17<<20)
	tests := map[string]struct {
		text   string
		media  int
		errors int
	}{
		"an object of 20 MB":          {`{"a":` + page(1, 10) + `,"pad":"` + long + `","data":[` + post(11, "", 0) + `],"b":{"c":` + page(12, 5) + `}}`, 16, 1},
		"a page of 20 MB":             {`{"pagination":{"next_max_id":"1"},"meta":{"code":200},"data":[` + strings.Repeat(" ", 20<<20) + post(1, "", 0) + "," + post(2, "", 0) + `]}`, 2, 0},
		"an array of 20 MB":           {`[` + strings.Repeat(`{"no":"`+strings.Repeat("y", 1<<20)+`"},`, 20) + page(1, 3) + `]`, 3, 0},
		"a line of 17 MB":             {post(1, "", 0) + "\n{\"id\":\"" + long + "\"}\n" + post(2, "", 0), 2, 1},
		"lines that were cut off":     {post(1, "", 0) + "\n" + post(2, "", 0)[:100] + "\n" + post(3, "", 0) + "\n{\"id\":\n" + post(4, "", 0) + "\n{\"id\":\"5\",", 3, 3},
		"deep nesting":                {strings.Repeat("[", 200_000) + "\n" + post(1, "", 0), 1, 1},
		"deep objects":                {strings.Repeat(`{"a":`, 300) + page(1, 2) + strings.Repeat("}", 300) + "\n" + post(3, "", 0), 1, 0},
		"huge counts":                 {`{"id":"1_7","created_time":"1","user":{"id":"7"},"likes":{"count":1e400},"images":{}}` + "\n" + post(2, "", 0), 1, 1},
		"null bytes":                  {"{\"a\":1}\x00\x00\x00\n" + post(1, "", 0), 1, 1},
		"a page that is not JSON":     {"{<html>\n<body>{}</body>\n" + post(1, "", 0), 1, 1},
		"an array that does not end":  {"[" + post(1, "", 0) + "," + post(2, "", 0), 2, 1},
		"one wrong entry in a page":   {`{"meta":{"code":200},"data":[` + post(1, "", 0) + `,{"id":"2_7","images":[],"created_time":"1"},` + post(3, "", 0) + `]}`, 2, 1},
		"a byte order mark":           {"\uFEFF" + page(1, 2), 2, 0},
		"an answer with its headers":  {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + page(1, 2), 2, 0},
		"a user with their media":     {`{"id":"7","username":"mira.solane","full_name":"Mira","media":[` + post(1, "", 0) + `]}`, 1, 0},
		"answers in text":             {`{"cache":"` + strings.ReplaceAll(page(1, 2), `"`, `\"`) + `"}`, 2, 0},
		"a comment, a user and a tag": {`[{"id":"1","text":"x","created_time":"1","from":{"id":"7"}},{"id":"7","username":"mira.solane"},{"name":"x","media_count":1}]`, 0, 0},
		"lines that open and open":    {strings.Repeat("{\"id\":\n", 100_000) + post(1, "", 0) + "\n" + strings.Repeat("{\"id\":\n", 100), 1, 100_100},
		"nothing of Instagram's":      {`{"name":"left-pad","version":"1.0.0","dependencies":{}}`, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := openFiles(t, map[string]string{"a.json": test.text})
			ids, errs := mediaIDs(t, a)
			assert.Len(t, ids, test.media)
			require.Equal(t, test.errors, len(errs), "%v", errs[:min(len(errs), 5)])
			assert.Equal(t, test.errors, a.Report().Total().Broken)
			if name == "a page of 20 MB" {
				assert.Empty(t, a.Report().Total().Skipped, "what is around the media is no loss")
			}
			for _, err := range errs {
				assert.Less(t, len(err.Error()), 400)
			}
		})
	}
}

func TestFoldersZipsAndStreams(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	_, err := io.WriteString(w, page(1, 2))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	write("a/recorded", page(3, 2)) // no extension
	write("a/cache.bin", compressed.String())
	write("a/part.zip", string(zipped(t, map[string]string{"deep/er/x.json": page(5, 2), "../escape.json": page(90, 1), `..\escape.json`: page(91, 1), "/abs.json": page(92, 1)})))
	write("a/broken.zip", "PK\x03\x04 no more")
	write("a/broken.gz", "\x1f\x8b no more")
	write("a/notes.txt", "nothing")
	write("a/page.html", "<!doctype html>")
	write("outside/secret.json", page(95, 1))
	require.NoError(t, os.Symlink(filepath.Join(dir, "outside"), filepath.Join(dir, "a", "link")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "outside", "secret.json"), filepath.Join(dir, "a", "link.json")))

	a, err := Open(filepath.Join(dir, "a"))
	require.NoError(t, err)
	defer a.Close()
	ids, errs := mediaIDs(t, a)
	assert.ElementsMatch(t, []string{"1_7", "2_7", "3_7", "4_7", "5_7", "6_7"}, ids)
	require.Len(t, errs, 2)
	assert.Contains(t, errs[0].Error(), "broken.gz")
	assert.Contains(t, errs[1].Error(), "broken.zip (offset 0): a broken zip, such as a download that was cut off")
	total := a.Report().Total()
	assert.Equal(t, 3, total.Skipped["its name leads out of the zip"])
	assert.Equal(t, 2, total.Skipped["a link: name what it leads to"])
	assert.Equal(t, 1, total.Skipped[string(errHTML)])
	assert.Equal(t, 1, a.Report().Others)
	assert.Equal(t, 2, total.Broken)

	_, err = Open(filepath.Join(dir, "nothing"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Open()
	assert.Error(t, err)
}

func TestStandardInput(t *testing.T) {
	for name, text := range map[string]string{"lines": page(1, 3) + "\n" + page(4, 2), "a zip": string(zipped(t, map[string]string{"x.json": page(1, 5)}))} {
		t.Run(name, func(t *testing.T) {
			r, w, err := os.Pipe()
			require.NoError(t, err)
			before := os.Stdin
			os.Stdin = r
			defer func() { os.Stdin = before }()
			go func() {
				_, _ = io.WriteString(w, text)
				w.Close()
			}()
			a, err := Open("-")
			require.NoError(t, err)
			defer a.Close()
			ids, errs := mediaIDs(t, a)
			assert.Empty(t, errs)
			assert.Len(t, ids, 5)
		})
	}
}

// What is compressed does not grow without end, be it in one file or in all of a zip.
func TestBombs(t *testing.T) {
	var bomb bytes.Buffer
	w := zip.NewWriter(&bomb)
	for i := range 2 {
		f, err := w.Create(fmt.Sprintf("%d.json", i))
		require.NoError(t, err)
		spaces := bytes.Repeat([]byte(" "), 1<<20)
		_, _ = f.Write([]byte("["))
		for range 300 {
			_, err := f.Write(spaces)
			require.NoError(t, err)
		}
	}
	require.NoError(t, w.Close())
	require.Less(t, bomb.Len(), 1<<20)
	name := filepath.Join(t.TempDir(), "bomb.zip")
	require.NoError(t, os.WriteFile(name, bomb.Bytes(), 0o600))
	a, err := Open(name)
	require.NoError(t, err)
	defer a.Close()
	_, errs := mediaIDs(t, a)
	require.NotEmpty(t, errs)
	for _, err := range errs {
		assert.Contains(t, err.Error(), "a zip bomb?")
	}
}

func TestPicturesStayInTheArchive(t *testing.T) {
	entry := func(uri string) string {
		return fmt.Sprintf(`[{"media":[{"uri":%q,"creation_timestamp":1600000000,"title":"x"}]}]`, uri)
	}
	secret := filepath.Join(t.TempDir(), "secret.jpg")
	require.NoError(t, os.WriteFile(secret, []byte(photo), 0o600))
	for uri, want := range map[string]int{
		"media/posts/a.jpg": 1, "media/posts/a": 1, "./media/posts/a.jpg": 1, secret: 0, "../secret.jpg": 0, "media/../../x.jpg": 0, "https://images.example/a.jpg": 0,
		`..\a.jpg`: 0, "": 0, strings.Repeat("a/", 2000): 0, "media/posts/b": 1, "c.jpg": 0,
	} {
		a := openFiles(t, map[string]string{"top/content/posts_1.json": entry(uri), "top/media/posts/a.jpg": photo, "top/media/posts/b": video})
		for item, err := range a.Media(t.Context()) {
			require.NoError(t, err)
			assert.Len(t, item.Files, want, uri)
		}
	}
}

func TestCancel(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("%03d.json", i)] = page(i*100, 50)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a := openFiles(t, files, Workers(4))
	n := 0
	var last error
	for _, err := range a.Media(ctx) {
		if last = err; err == nil {
			n++
		}
		if n == 10 {
			cancel()
		}
	}
	assert.ErrorIs(t, last, context.Canceled)
	assert.Less(t, n, 5000)
	for range a.With(Unordered()).Media(t.Context()) {
		break // no goroutine is left, as TestMain checks
	}
}

func TestProgress(t *testing.T) {
	var last Progress
	a := openFiles(t, map[string]string{"a.json": page(1, 500), "b.json": page(501, 500)}, OnProgress(func(p Progress) { last = p }))
	_, _ = mediaIDs(t, a)
	assert.Equal(t, last.Total, last.Done)
	assert.Equal(t, 2, last.Pass)
}

// Memory does not grow with the archive.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads 200 MB, which takes a while; run this test without -short")
	}
	block := strings.Repeat(page(1, 50)+"\n", 100)
	r := &repeated{text: block, times: 100}
	fsys := streamFS{"big.jsonl": r}
	a, err := OpenFS(fsys)
	require.NoError(t, err)
	defer a.Close()
	n := 0
	var peak uint64
	for _, err := range a.With(KeepDuplicates(), Workers(2)).Media(t.Context()) {
		require.NoError(t, err)
		if n++; n%50_000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	assert.Equal(t, 500_000, n)
	assert.Less(t, peak, uint64(64<<20))
}

func TestErrorsAreTyped(t *testing.T) {
	a := openFiles(t, map[string]string{"a.json": `{"meta":{"code":429,"error_type":"OAuthRateLimitException","error_message":"slow down"}}`})
	_, errs := mediaIDs(t, a)
	require.Len(t, errs, 1)
	assert.True(t, errors.Is(errs[0], instagram.ErrRateLimited))
	assert.Equal(t, 1, a.Report().Total().Failed)
}

// Offsets count from the start of the text, whatever stands before the JSON.
func TestOffsets(t *testing.T) {
	for name, text := range map[string]string{"mark": "\uFEFF" + post(1, "", 0), "callback": " callback(" + post(1, "", 0) + ");", "line": "{}\n\n " + post(1, "", 0)} {
		for item, err := range openFiles(t, map[string]string{"a.json": text}).Media(t.Context()) {
			require.NoError(t, err)
			assert.Equal(t, strings.Index(text, post(1, "", 0)), int(item.Source.Offset), name)
		}
	}
}

// A user whose id is known from one place has it in all others, whichever comes first.
func TestUsersKnownByNameAlone(t *testing.T) {
	a := openFiles(t, map[string]string{
		"instagram-mira.solane-2024-05-01/connections/followers_1.json": `[{"string_list_data": [{"value": "Tilo.Quillan", "timestamp": 1}]}, {"string_list_data": [{"value": "nobody.else", "timestamp": 1}]}]`,
		"instagram-mira.solane-2024-05-01/likes/liked_posts.json":       `{"likes_media_likes": [{"title": "tilo.quillan", "string_list_data": [{"href": "https://www.instagram.com/p/Bdq3xPdAAKy/", "timestamp": 2}]}]}`,
		"instagram-mira.solane-2024-05-01/comments/post_comments.json":  `[{"string_map_data": {"Comment": {"value": "mine"}, "Time": {"timestamp": 3}}}]`,
		"z/comments.json": `{"meta":{"code":200},"data":[{"id":"1","created_time":"4","text":"no","from":{"id":"8","username":"tilo.quillan"}}]}`,
		"z/page.json":     page(1, 1),
	})
	ids := map[string]string{}
	for e, err := range a.All(t.Context()) {
		require.NoError(t, err)
		switch e.Kind {
		case KindFollower:
			ids["follower "+e.Follower.Username] = e.Follower.ID
		case KindLike:
			ids["like"], ids["liked"] = e.Like.User.ID, e.Like.Media.User.ID
		case KindComment:
			ids["comment "+e.Comment.Text] = e.Comment.From.ID
		}
	}
	assert.Equal(t, map[string]string{"follower Tilo.Quillan": "8", "follower nobody.else": "", "like": "7", "liked": "8", "comment mine": "7", "comment no": "8", "comment yes": "8"}, ids)
}

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The test binary is the program as well, so that a test can kill it.
func TestMain(m *testing.M) {
	if os.Getenv("IGARCHIVE_TEST_RUNS_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func program(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "IGARCHIVE_TEST_RUNS_MAIN=1")
	return cmd
}

// media is one as v1 wrote it.
func media(i int) string {
	return fmt.Sprintf(`{"id":"%d_7","type":"image","user":{"id":"7","username":"mira.solane","full_name":"Mira Solane"},"created_time":"%d",`+
		`"link":"https://www.instagram.com/p/A%d/","caption":{"id":"%d","created_time":"%d","text":"Harbour, the %dth day #low_tide #été","from":{"id":"7","username":"mira.solane"}},`+
		`"tags":["low_tide","été"],"likes":{"count":%d},"comments":{"count":1,"data":[{"id":"%d","created_time":"%d","text":"Où est-ce?","from":{"id":"8","username":"tilo.quillan"}}]},`+
		`"filter":"Normal","location":{"id":"77","name":"North Pier","latitude":51.5,"longitude":-0.1},"images":{"standard_resolution":{"url":"https://images.example/%d.jpg","width":640,"height":640}}}`,
		i+1, 1300000000+i*1000, i, i+1, 1300000000+i*1000, i, i%50, 1_000_000+i, 1300000100+i*1000, i)
}

// recordings writes so many media as JSON lines.
func recordings(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		b.WriteString(media(i) + "\n")
	}
	name := filepath.Join(t.TempDir(), "media.jsonl")
	require.NoError(t, os.WriteFile(name, []byte(b.String()), 0o600))
	return name
}

// export writes an export of Instagram, with so many posts.
func export(t testing.TB, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "instagram-mira.solane-2024-05-01.zip")
	f, err := os.Create(name)
	require.NoError(t, err)
	defer f.Close()
	w := zip.NewWriter(f)
	add := func(name, text string) {
		file, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(file, text)
		require.NoError(t, err)
	}
	var posts []string
	for i := range n {
		posts = append(posts, fmt.Sprintf(`{"media":[{"uri":"media/posts/%d.jpg","creation_timestamp":%d,"title":"Quay %d"}]}`, i, 1600000000+i*100, i))
		add(fmt.Sprintf("media/posts/%d.jpg", i), "\xff\xd8\xff\xe0"+strings.Repeat(fmt.Sprint(i), 2000))
	}
	add("your_instagram_activity/media/posts_1.json", "["+strings.Join(posts, ",")+"]")
	add("connections/followers_and_following/followers_1.json", `[{"title":"","string_list_data":[{"href":"https://www.instagram.com/tilo.quillan","value":"tilo.quillan","timestamp":1577900000}]}]`)
	require.NoError(t, w.Close())
	return name
}

// call runs the program inside of the test.
func call(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), args, &out, &err)
	return code, out.String(), err.String()
}

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{nil, misused, "usage: igarchive"},
		{[]string{"-h"}, done, "usage: igarchive"},
		{[]string{"stats", "-h"}, done, "-top many"},
		{[]string{"sqlite", "-h"}, done, "SELECT * FROM search"},
		{[]string{"nonsense"}, misused, `no command "nonsense"`},
		{[]string{"stats"}, misused, "name a file or a folder"},
		{[]string{"parquet", "x"}, misused, "-o FILE"},
		{[]string{"page", "x"}, misused, "-o DIR"},
		{[]string{"csv", "-kind", "cats", "x"}, misused, "-kind must be one of media"},
		{[]string{"csv", "-since", "yesterday", "x"}, misused, "2015-01-31"},
		{[]string{"stats", filepath.Join(t.TempDir(), "nothing")}, failed, "no such file"},
		{[]string{"serve", "-wire", "2012", "."}, misused, "-wire must be"},
	} {
		code, out, errs := call(t, test.args...)
		assert.Equal(t, test.code, code, test.args)
		assert.Contains(t, out+errs, test.says, test.args)
	}
}

func TestStats(t *testing.T) {
	name := recordings(t, 300)
	code, out, errs := call(t, "stats", "-top", "2", name)
	assert.Equal(t, done, code, errs)
	assert.Contains(t, out, "300 media with 7350 likes and 300 comments; 0 pictures and videos are here\n\nv1, 1 file: 300 media\n\nBY YEAR\n  2011  300\n\nBY TAG\n  low_tide  300\n  été       300\n\nBY PLACE\n  North Pier  300\n")

	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(media(1)+"\n{\"id\":\"5\n"), 0o600))
	code, out, errs = call(t, "stats", broken)
	assert.Equal(t, incomplete, code)
	assert.Contains(t, out, "1 broken")
	assert.Contains(t, errs, "broken.json (offset")
	code, _, errs = call(t, "stats", "-strict", broken)
	assert.Equal(t, failed, code)
	assert.Contains(t, errs, "igarchive stats: ")
}

func TestCSVAndJSONL(t *testing.T) {
	name := recordings(t, 50)
	code, out, errs := call(t, "csv", "-since", "2011-03-13", "-until", "2011-03-14", recordings(t, 200))
	require.Equal(t, done, code, errs)
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, "id", lines[0][0])
	assert.Contains(t, out, `"[""low_tide"",""été""]"`)
	assert.Less(t, len(lines), 100)

	for _, ext := range []string{"", ".gz", ".zst"} {
		target := filepath.Join(t.TempDir(), "x.jsonl"+ext)
		code, _, errs = call(t, "jsonl", "-o", target, name)
		require.Equal(t, done, code, errs)
		code, again, errs := call(t, "jsonl", target)
		require.Equal(t, done, code, errs)
		assert.Equal(t, 50, strings.Count(again, "\n"))
	}
	code, out, _ = call(t, "jsonl", "-kind", "comment", name)
	require.Equal(t, done, code)
	assert.Equal(t, 50, strings.Count(out, `"Où est-ce?"`))
}

func TestParquet(t *testing.T) {
	target := filepath.Join(t.TempDir(), "media.parquet")
	code, _, errs := call(t, "parquet", "-o", target, recordings(t, 500))
	require.Equal(t, done, code, errs)
	rows, err := parquet.ReadFile[mediaRow](target)
	require.NoError(t, err)
	require.Len(t, rows, 500)
	assert.Equal(t, []string{"low_tide", "été"}, rows[3].Tags)
	assert.Equal(t, time.Unix(1300003000, 0).UTC(), rows[3].CreatedTime.UTC())
	f, err := os.Open(target)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	opened, err := parquet.OpenFile(f, info.Size())
	require.NoError(t, err)
	bloom := opened.RowGroups()[0].ColumnChunks()[0].BloomFilter()
	require.NotNil(t, bloom)
	for id, want := range map[string]bool{"4_7": true, "no such id": false} {
		found, err := bloom.Check(parquet.ValueOf(id))
		require.NoError(t, err)
		assert.Equal(t, want, found)
	}
	for _, kind := range kindNames() {
		code, _, errs := call(t, "parquet", "-kind", kind, "-o", filepath.Join(t.TempDir(), "x.parquet"), recordings(t, 5))
		assert.Equal(t, done, code, errs)
	}
}

func TestSQLite(t *testing.T) {
	target := filepath.Join(t.TempDir(), "a b%20#.db")
	code, _, errs := call(t, "sqlite", "-o", target, recordings(t, 200), export(t, 3))
	require.Equal(t, done, code, errs)
	db, err := sql.Open("sqlite", target)
	require.NoError(t, err)
	defer db.Close()
	for query, want := range map[string]int{
		"SELECT count(*) FROM media":                                               203,
		"SELECT count(*) FROM comments":                                            200,
		"SELECT count(*) FROM followers":                                           1,
		"SELECT count(*) FROM media_tags WHERE tag = 'été'":                        200,
		"SELECT count(*) FROM search WHERE search MATCH 'harbour'":                 200,
		"SELECT count(*) FROM search WHERE search MATCH 'ou' AND kind = 'comment'": 200,
		"SELECT count(*) FROM search WHERE search MATCH 'username:tilo*'":          200,
		"SELECT count(*) FROM media WHERE created_time < '2012' AND latitude > 51": 200,
		"SELECT count(*) FROM media JOIN comments ON comments.media_id = media.id": 200,
		"SELECT count(*) FROM media WHERE json_array_length(files) = 1":            3,
		"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'": 1,
	} {
		var n int
		require.NoError(t, db.QueryRow(query).Scan(&n), query)
		assert.Equal(t, want, n, query)
	}
}

func TestPage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "page")
	code, out, errs := call(t, "page", "-o", dir, export(t, 20))
	require.Equal(t, done, code, errs)
	assert.Equal(t, filepath.Join(dir, "index.html")+"\n", out)
	files, err := os.ReadDir(filepath.Join(dir, "files"))
	require.NoError(t, err)
	assert.Len(t, files, 20)
	posts, err := os.ReadFile(filepath.Join(dir, "page", "posts-0.js"))
	require.NoError(t, err)
	assert.Equal(t, 20, strings.Count(string(posts), `"f":["files/`))
	html, err := os.ReadFile(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	assert.Contains(t, string(html), "1 follower")
}

func TestServe(t *testing.T) {
	cmd := program(t, "serve", "-addr", "127.0.0.1:0", export(t, 4))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	defer func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		assert.NoError(t, cmd.Wait(), "an interrupt is how it ends")
	}()
	settings := map[string]string{}
	var line string
	for len(settings) < 7 {
		_, err := fmt.Fscanln(out, &line)
		require.NoError(t, err)
		name, value, _ := strings.Cut(line, "=")
		settings[name] = value
	}
	assert.Equal(t, "mira.solane", settings["user"])
	var answer struct {
		Data []struct {
			Images struct{ Standard_resolution struct{ URL string } }
		}
	}
	get := func(url string) *http.Response {
		res, err := http.Get(url)
		require.NoError(t, err)
		t.Cleanup(func() { res.Body.Close() })
		return res
	}
	res := get(settings["base_url"] + "/users/self/media/recent?access_token=" + settings["access_token"])
	require.NoError(t, json.NewDecoder(res.Body).Decode(&answer))
	require.Len(t, answer.Data, 4)
	res = get(answer.Data[0].Images.Standard_resolution.URL)
	picture, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(picture, []byte("\xff\xd8\xff")), "the person's own picture")
	for _, path := range []string{"/files/users/self.json", "/files/", "/files/../users/self.json"} {
		assert.Equal(t, http.StatusNotFound, get(settings["url"]+path).StatusCode, path)
	}
}

// outputs are the commands that write files.
func outputs(dir string) map[string][]string {
	return map[string][]string{
		"csv":     {"csv", "-o", filepath.Join(dir, "x.csv")},
		"jsonl":   {"jsonl", "-o", filepath.Join(dir, "x.jsonl.zst")},
		"parquet": {"parquet", "-o", filepath.Join(dir, "x.parquet")},
		"sqlite":  {"sqlite", "-o", filepath.Join(dir, "x.db")},
		"page":    {"page", "-o", filepath.Join(dir, "page")},
	}
}

// digest tells what is in a file, less what differs from run to run.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".partial") {
			return err
		}
		text, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		files[relative] = string(text)
		return err
	}))
	return files
}

// Killed at any moment, 20 times, no command leaves half a file under a name, and the next run ends
// as if nothing had been.
func TestKill(t *testing.T) {
	inputs := []string{recordings(t, 4000), export(t, 200)}
	for name := range outputs("") {
		t.Run(name, func(t *testing.T) {
			whole := t.TempDir()
			began := time.Now()
			out, err := program(t, append(outputs(whole)[name], inputs...)...).CombinedOutput()
			require.NoError(t, err, string(out))
			took := time.Since(began)
			want := contents(t, whole)
			dir := t.TempDir()
			early := 0
			for range 20 {
				cmd := program(t, append(outputs(dir)[name], inputs...)...)
				require.NoError(t, cmd.Start())
				time.Sleep(time.Duration(rand.Int64N(int64(took) * 9 / 10)))
				_ = cmd.Process.Kill() // it may be over
				if cmd.Wait() != nil {
					early++
				}
				for file, text := range contents(t, dir) {
					assert.Equal(t, want[file], text, "%s is whole", file)
				}
				if name != "page" {
					for file := range contents(t, dir) {
						require.NoError(t, os.Remove(filepath.Join(dir, file)))
					}
				}
			}
			assert.Greater(t, early, 2, "some were killed on the way")
			out, err = program(t, append(outputs(dir)[name], inputs...)...).CombinedOutput()
			require.NoError(t, err, string(out))
			assert.Equal(t, want, contents(t, dir))
			left, err := filepath.Glob(filepath.Join(dir, ".*.partial"))
			require.NoError(t, err)
			assert.Empty(t, left)
		})
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	target := filepath.Join(t.TempDir(), "x.csv")
	assert.Equal(t, interrupted, run(ctx, []string{"csv", "-o", target, recordings(t, 10)}, &out, &errs))
	assert.NoFileExists(t, target)
	assert.Contains(t, errs.String(), "interrupted; "+target+" is as it was before, and the same command begins anew")
}

// What holds nothing of Instagram's is refused, and nothing is written.
func TestOutputIsNoFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"data":[{"id":"1_2","type":"image","created_time":"1500000000","images":{},"user":{"id":"2","username":"ada"}}]}`), 0o600))
	for _, command := range []string{"csv", "jsonl", "parquet", "sqlite"} {
		code, _, stderr := call(t, command, "-o", dir, path)
		assert.Equal(t, misused, code, command)
		assert.Contains(t, stderr, dir+" is a folder: give the name of a file with -o", command)
	}
}

func TestNothingToRead(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"posts.csv":      {"id,caption\n1,low tide\n", "a table: give the JSON that it was made of"},
		"followers.html": {"<html><body></body></html>", "HTML without data in it"},
		"notes.txt":      {"low tide at six\n", "it holds no JSON"},
		"package.json":   {`{"name": "boats", "version": "1.0.0"}`, "nothing of Instagram's in it"},
		"empty.json":     {"", "it is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, out := filepath.Join(dir, name), filepath.Join(dir, "out.csv")
			require.NoError(t, os.WriteFile(path, []byte(tt.text), 0o600))
			code, _, stderr := call(t, "csv", "-o", out, path)
			assert.Equal(t, failed, code)
			assert.Contains(t, stderr, "nothing to read in "+path+": "+tt.want)
			assert.NoFileExists(t, out)
			code, _, _ = call(t, "stats", path)
			assert.Equal(t, failed, code)
		})
	}
}

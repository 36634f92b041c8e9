package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

const pictureID = "657988443280050001_25025320"

// save is a server over a file that can be stopped and started again.
func save(t *testing.T, name string) api {
	t.Helper()
	return start(t, instagramtest.WithDataFile(name), instagramtest.WithLimits(5000, 5000))
}

func archive(t *testing.T, content string) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "archive.json")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o640))
	return name
}

func (a api) texts(media string) (texts []string) {
	a.Helper()
	for _, c := range a.list("/media/" + media + "/comments") {
		texts = append(texts, c.(object)["text"].(string))
	}
	return texts
}

// TestSave writes everything that can be written, starts again and wants to find it. The old server
// is still there then: what was answered is saved, not what happens to be saved at the end.
func TestSave(t *testing.T) {
	name := archive(t, `{"data":[`+picture+`,`+oren+`,`+tove+`]}`)
	a := save(t, name)
	made := a.as("oren").post("/media/"+pictureID+"/comments", "text", "from \"here\" ✓").(object)
	gone := a.as("oren").post("/media/"+pictureID+"/comments", "text", "to go").(object)
	a.as("oren").remove("/media/" + pictureID + "/comments/" + gone["id"].(string))
	a.as("tove").post("/media/" + pictureID + "/likes")
	a.as("oren").remove("/media/" + pictureID + "/likes")
	a.as("oren").post("/users/3/relationship", "action", "follow")
	a.as("tove").post("/users/25025320/relationship", "action", "follow")
	a.as("mira").post("/users/3/relationship", "action", "block")
	posted := a.srv.PostMedia("tove", instagramtest.Media{Caption: "Fog #dawn", Type: "video", LocationID: "514276", UsersInPhoto: []string{"oren"}, Tags: []string{"low"}})
	deleted := a.srv.PostMedia("tove", instagramtest.Media{Caption: "no"})
	a.srv.DeleteMedia(deleted.ID)
	before := a.as("oren").one("/media/" + posted.ID)
	require.NotEmpty(t, made["id"])

	b := save(t, name)
	assert.Equal(t, []string{"so calm", "from \"here\" ✓"}, b.texts(pictureID))
	got := b.list("/media/" + pictureID + "/comments")[1].(object)
	assert.Equal(t, made, got, "with its id, time and user")
	assert.Equal(t, []string{"3"}, ids(b.list("/media/"+pictureID+"/likes")))
	assert.Equal(t, []string{"3"}, ids(b.list("/users/1574083/follows")))
	assert.Equal(t, "blocked_by_you", b.as("mira").one("/users/3/relationship")["incoming_status"])
	assert.Empty(t, b.list("/users/25025320/followed-by"), "a block ends a follow")
	after := b.as("oren").one("/media/" + posted.ID)
	text, err := json.Marshal(after)
	require.NoError(t, err)
	assert.Equal(t, before, parse(t, strings.ReplaceAll(string(text), b.srv.URL, a.srv.URL)))
	b.fails(b.get("/media/"+deleted.ID), 400, "APINotFoundError", "")
	next := b.as("oren").post("/media/"+pictureID+"/comments", "text", "again").(object)
	assert.NotContains(t, []any{made["id"], gone["id"]}, next["id"], "no id twice")
	assert.Equal(t, posted.ID, ids(b.list("/users/3/media/recent"))[0])
}

// TestSaveLeavesTheRest wants a file to stay what it was, with one member, element or value more.
func TestSaveLeavesTheRest(t *testing.T) {
	for name, content := range map[string]string{
		"object":             picture,
		"envelope":           "{\n  \"meta\": {\"code\": 200},\n  \"data\": [" + picture + "," + oren + "]\n}\n",
		"array":              "[\n" + picture + ",\n" + oren + "\n]\n",
		"array without end":  "[" + picture + "]",
		"lines":              picture + "\n" + oren + "\n",
		"lines without end":  picture + "\n" + oren,
		"concatenated":       picture + oren,
		"windows lines":      "\xef\xbb\xbf" + picture + "\r\n" + oren + "\r\n",
		"byte order mark":    "\xef\xbb\xbf[" + picture + "]",
		"odd numbers spaces": `{ "data" : ` + picture + ` , "x" : 1.50 , "y" : 1e2 } `,
	} {
		t.Run(name, func(t *testing.T) {
			file := archive(t, content)
			var last string
			for i := range 3 {
				a := save(t, file)
				for j := range 3 {
					last = fmt.Sprint("note ", i, j)
					a.as("oren").post("/media/"+pictureID+"/comments", "text", last)
				}
				a.srv.Close()
			}
			saved, err := os.ReadFile(file)
			require.NoError(t, err)
			marker := strings.Index(string(saved), `"instagramtest"`)
			require.Positive(t, marker)
			before := strings.TrimRight(string(saved)[:marker], "{")
			before = strings.TrimSuffix(strings.TrimSuffix(before, "\n"), ",")
			assert.True(t, strings.HasPrefix(content, strings.TrimRight(before, "\n")), "%s", before)
			values := func(text string) int {
				n := 0
				d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\xef\xbb\xbf")))
				for ; ; n++ {
					var v any
					if err := d.Decode(&v); err != nil {
						require.ErrorContains(t, err, "EOF")
						return n
					}
				}
			}
			if was := values(content); was == 1 {
				assert.Equal(t, 1, values(string(saved)))
			} else {
				assert.Equal(t, was+1, values(string(saved)))
			}
			texts := save(t, file).texts(pictureID)
			assert.Len(t, texts, 10)
			assert.Equal(t, last, texts[9])
			info, err := os.Stat(file)
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())
			left, err := os.ReadDir(filepath.Dir(file))
			require.NoError(t, err)
			assert.Len(t, left, 1, "nothing else is left")
		})
	}
}

func TestSaveToADirectory(t *testing.T) {
	for name, opt := range map[string]func(dir string) instagramtest.Option{
		"file": instagramtest.WithDataFile,
		"fs":   func(dir string) instagramtest.Option { return instagramtest.WithData(os.DirFS(dir)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "deep"), 0o755))
			recording := filepath.Join(dir, "deep", "picture.json")
			require.NoError(t, os.WriteFile(recording, []byte(picture), 0o444))
			a := start(t, opt(dir))
			_, err := os.Stat(filepath.Join(dir, "instagramtest.json"))
			assert.ErrorIs(t, err, os.ErrNotExist, "nothing is saved before something is written")
			a.as("oren").post("/media/"+pictureID+"/comments", "text", "kept")
			content, err := os.ReadFile(recording)
			require.NoError(t, err)
			assert.Equal(t, picture, string(content))
			assert.True(t, json.Valid(must(os.ReadFile(filepath.Join(dir, "instagramtest.json")))))

			b := start(t, opt(dir))
			assert.Equal(t, []string{"so calm", "kept"}, b.texts(pictureID))

			// A file that was saved to keeps its changes when it is put among others.
			other := t.TempDir()
			for _, file := range []string{recording, filepath.Join(dir, "instagramtest.json")} {
				require.NoError(t, os.WriteFile(filepath.Join(other, "a"+filepath.Base(file)), must(os.ReadFile(file)), 0o644))
			}
			assert.Equal(t, []string{"so calm", "kept"}, start(t, opt(other)).texts(pictureID))
		})
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// TestReadOnlyData is changed in memory alone.
func TestReadOnlyData(t *testing.T) {
	fsys := files("a.json", picture)
	a := recorded(t, fsys)
	a.as("oren").post("/media/"+pictureID+"/comments", "text", "gone")
	assert.Len(t, a.texts(pictureID), 2)
	a.srv.Reset()
	assert.Len(t, a.texts(pictureID), 1)
	assert.Len(t, recorded(t, fsys).texts(pictureID), 1)
}

func TestSaveAndReset(t *testing.T) {
	name := archive(t, picture)
	a := save(t, name)
	a.as("oren").post("/media/"+pictureID+"/comments", "text", "before")
	a.srv.Close()
	a = save(t, name)
	a.as("oren").post("/media/"+pictureID+"/comments", "text", "after")
	a.srv.Reset()
	assert.Equal(t, []string{"so calm", "before"}, a.texts(pictureID))
	assert.Equal(t, []string{"so calm", "before"}, save(t, name).texts(pictureID), "on disk as well")
}

func TestSaveNothingOverOthers(t *testing.T) {
	t.Run("changed", func(t *testing.T) {
		name := archive(t, picture)
		a := save(t, name)
		other := `[` + picture + `]`
		require.NoError(t, os.WriteFile(name, []byte(other), 0o644))
		a.fails(a.as("oren").do("POST", "/media/"+pictureID+"/comments", form("text", "lost")), 500, "APIError", "archive.json has been changed")
		assert.Equal(t, other, string(must(os.ReadFile(name))))
		assert.Panics(t, func() { a.srv.PostMedia("oren", instagramtest.Media{}) })
	})
	t.Run("removed", func(t *testing.T) {
		name := archive(t, picture)
		a := save(t, name)
		require.NoError(t, os.Remove(name))
		a.fails(a.as("oren").do("POST", "/media/"+pictureID+"/likes", nil), 500, "APIError", "archive.json has been removed")
		_, err := os.Stat(name)
		assert.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("two servers", func(t *testing.T) {
		name := archive(t, picture)
		a, b := save(t, name), save(t, name)
		a.as("oren").post("/media/"+pictureID+"/comments", "text", "first")
		b.fails(b.as("oren").do("POST", "/media/"+pictureID+"/comments", form("text", "second")), 500, "APIError", "archive.json has been changed")
		assert.Equal(t, []string{"so calm", "first"}, save(t, name).texts(pictureID))
	})
	t.Run("unreadable", func(t *testing.T) {
		name := archive(t, picture+"\n{")
		_, err := instagramtest.Start(instagramtest.WithDataFile(name))
		assert.ErrorContains(t, err, "archive.json: from line 8: the JSON ends too early")
		assert.Equal(t, picture+"\n{", string(must(os.ReadFile(name))))
	})
	t.Run("unknown change", func(t *testing.T) {
		name := archive(t, picture+"\n"+oren+`{"instagramtest":{"changes":[{"do":"dance","user":"1574083","target":"25025320"}]}}`)
		_, err := instagramtest.Start(instagramtest.WithDataFile(name))
		assert.ErrorContains(t, err, `it is not known how to do "dance"`)
	})
}

func TestSaveThroughALink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege on Windows; run this test on Linux or macOS")
	}
	name := archive(t, picture)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(name, link))
	save(t, link).as("oren").post("/media/"+pictureID+"/comments", "text", "linked")
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "it is still a link")
	assert.Equal(t, []string{"so calm", "linked"}, save(t, name).texts(pictureID))
}

// TestTokensSurvive is for clients that go on after a restart.
func TestTokensSurvive(t *testing.T) {
	name := archive(t, `[`+picture+`]`)
	a := save(t, name).as("oren")
	token := a.token
	a.srv.Close()
	b := save(t, name)
	b.token = token
	assert.Equal(t, "1574083", b.one("/users/self")["id"])
}

// TestSaveManyAtOnce has many writers share what it costs to be sure.
func TestSaveManyAtOnce(t *testing.T) {
	name := archive(t, `[`+picture+`,`+oren+`,`+tove+`]`)
	a := save(t, name)
	var writers sync.WaitGroup
	for i, who := range []string{"mira", "oren", "tove", "mira", "oren", "tove", "mira", "oren"} {
		writers.Go(func() {
			for j := range 20 {
				got := a.as(who).do("POST", "/media/"+pictureID+"/comments", form("text", fmt.Sprint("note ", i, " ", j)))
				assert.Equal(t, 200, got.status)
			}
		})
	}
	writers.Wait()
	assert.Len(t, save(t, name).one("/media/" + pictureID)["comments"], 1)
	assert.EqualValues(t, 163, save(t, name).one("/media/" + pictureID)["comments"].(object)["count"])
}

// BenchmarkSave is what a write costs with nothing to save to, with a small file, with a large one,
// and beside a large one in a directory.
func BenchmarkSave(b *testing.B) {
	var large strings.Builder
	for i := range 10_000 {
		id := fmt.Sprint(657988443280050001 + i)
		large.WriteString(strings.NewReplacer("657988443280050001", id, "kh_7abc", "kh_"+id).Replace(picture) + "\n")
	}
	for _, bench := range []struct {
		name string
		opt  func(dir string) instagramtest.Option
	}{
		{"memory", func(string) instagramtest.Option { return instagramtest.WithData(files("a.json", picture)) }},
		{"small", func(dir string) instagramtest.Option { return dataFile(b, dir, picture) }},
		{fmt.Sprintf("%dMB", large.Len()>>20), func(dir string) instagramtest.Option { return dataFile(b, dir, large.String()) }},
		{"directory", func(dir string) instagramtest.Option {
			dataFile(b, dir, large.String())
			return instagramtest.WithDataFile(dir)
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			srv := instagramtest.NewServer(bench.opt(b.TempDir()), instagramtest.WithLimits(1<<30, 1<<30))
			defer srv.Close()
			url := srv.BaseURL() + "/media/" + pictureID + "/likes?access_token=" + srv.AccessToken("oren")
			b.ResetTimer()
			for range b.N {
				resp, err := srv.Client().Post(url, "", nil)
				if err != nil || resp.StatusCode != 200 {
					b.Fatal(err, resp)
				}
				resp.Body.Close()
			}
		})
	}
}

func dataFile(b *testing.B, dir, content string) instagramtest.Option {
	name := filepath.Join(dir, "a.jsonl")
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		b.Fatal(err)
	}
	return instagramtest.WithDataFile(name)
}

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

// save is a server over a recording that can be stopped and started again. It saves to [savedIn].
func save(t *testing.T, name string) api {
	t.Helper()
	return start(t, instagramtest.WithDataFile(name), instagramtest.WithSave(savedIn(name)), instagramtest.WithLimits(5000, 5000))
}

// savedIn is the file that belongs to a recording.
func savedIn(name string) string { return name + ".saved" }

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

// TestSaveOfTheGraph starts again and wants to find what only the Graph API shows, and a token that
// it gave out.
func TestSaveOfTheGraph(t *testing.T) {
	name := archive(t, `{"data":[`+picture+`,`+oren+`,`+tove+`]}`)
	a := save(t, name)
	a.token = a.srv.GraphToken("mira")
	story := a.srv.PostStory("mira", instagramtest.Media{Type: "video", Caption: "now"})
	second := a.srv.PostStory("mira", instagramtest.Media{})
	made := a.as("oren").post("/media/"+pictureID+"/comments", "text", "first").(object)
	reply := a.srv.PostReply("tove", made["id"].(string), "second")
	before := a.object(a.graph("GET", "/me/stories?fields=id,caption,timestamp,media_type"))

	for range 2 { // a second start has read what the first one wrote
		b := save(t, name)
		b.token = a.token
		assert.Equal(t, before, b.object(b.graph("GET", "/me/stories?fields=id,caption,timestamp,media_type")))
		replies := b.object(b.graph("GET", "/"+made["id"].(string)+"/replies?fields=id,text,username"))["data"].([]any)
		assert.Equal(t, []any{object{"id": reply, "text": "second", "username": "tove"}}, replies)
		third := b.srv.PostStory("mira", instagramtest.Media{})
		assert.NotContains(t, []string{story.ID, second.ID}, third.ID, "no id twice")
		next := b.as("oren").post("/media/"+pictureID+"/comments", "text", "again").(object)
		assert.NotContains(t, []any{made["id"], reply}, next["id"])
		b.srv.Reset() // takes back what it wrote
	}
}

// TestDataIsNotWritten wants recordings to stay what they are, to the byte, with nothing beside
// them.
func TestDataIsNotWritten(t *testing.T) {
	for name, opt := range map[string]func(dir string) instagramtest.Option{
		"file":      func(dir string) instagramtest.Option { return instagramtest.WithDataFile(filepath.Join(dir, "a.json")) },
		"directory": instagramtest.WithDataFile,
		"fs":        func(dir string) instagramtest.Option { return instagramtest.WithData(os.DirFS(dir)) },
	} {
		for _, saves := range []bool{false, true} {
			t.Run(fmt.Sprint(name, saves), func(t *testing.T) {
				dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "saved.json")
				recording := filepath.Join(dir, "a.json")
				require.NoError(t, os.WriteFile(recording, []byte(picture), 0o644))
				opts := []instagramtest.Option{opt(dir)}
				if saves {
					opts = append(opts, instagramtest.WithSave(elsewhere))
				}
				a := start(t, opts...)
				a.as("oren").post("/media/"+pictureID+"/comments", "text", "kept")
				a.srv.PostMedia("mira", instagramtest.Media{})
				assert.Equal(t, picture, string(must(os.ReadFile(recording))))
				left, err := os.ReadDir(dir)
				require.NoError(t, err)
				assert.Len(t, left, 1, "nothing is beside it")
				_, err = os.Stat(elsewhere)
				assert.Equal(t, saves, err == nil)
			})
		}
	}
}

// TestSaveAmongTheRecordings saves to a file that is read as a recording as well.
func TestSaveAmongTheRecordings(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "picture.json"), []byte(picture), 0o444))
	saved := filepath.Join(dir, "saved.json")
	opts := []instagramtest.Option{instagramtest.WithData(os.DirFS(dir)), instagramtest.WithSave(saved)}
	a := start(t, opts...)
	_, err := os.Stat(saved)
	assert.ErrorIs(t, err, os.ErrNotExist, "nothing is saved before something is written")
	a.as("oren").post("/media/"+pictureID+"/comments", "text", "kept")
	a.as("oren").post("/media/"+pictureID+"/comments", "text", "twice")
	for range 2 {
		b := start(t, opts...)
		assert.Equal(t, []string{"so calm", "kept", "twice"}, b.texts(pictureID))
		b.srv.Close()
	}
	// A file that was saved to keeps its changes when it is put among other recordings.
	assert.Equal(t, []string{"so calm", "kept", "twice"}, start(t, instagramtest.WithDataFile(dir)).texts(pictureID))
}

// TestSaveLeavesNothingElse looks at the file and its folder.
func TestSaveLeavesNothingElse(t *testing.T) {
	name := archive(t, picture)
	require.NoError(t, os.WriteFile(savedIn(name), nil, 0o640))
	for range 2 {
		a := save(t, name)
		a.as("oren").post("/media/"+pictureID+"/comments", "text", "note")
		a.srv.Close()
	}
	assert.True(t, json.Valid(must(os.ReadFile(savedIn(name)))))
	info, err := os.Stat(savedIn(name))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Len(t, left, 2)
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
	comment := func(a api, text string) answer {
		return a.as("oren").do("POST", "/media/"+pictureID+"/comments", form("text", text))
	}
	t.Run("changed", func(t *testing.T) {
		name := archive(t, picture)
		a := save(t, name)
		require.Equal(t, 200, comment(a, "first").status)
		other := "something else"
		require.NoError(t, os.WriteFile(savedIn(name), []byte(other), 0o644))
		a.fails(comment(a, "lost"), 500, "APIError", "archive.json.saved has been changed")
		assert.Equal(t, other, string(must(os.ReadFile(savedIn(name)))))
		assert.Panics(t, func() { a.srv.PostMedia("oren", instagramtest.Media{}) })
	})
	t.Run("removed", func(t *testing.T) {
		name := archive(t, picture)
		a := save(t, name)
		require.Equal(t, 200, comment(a, "first").status)
		require.NoError(t, os.Remove(savedIn(name)))
		a.fails(a.as("oren").do("POST", "/media/"+pictureID+"/likes", nil), 500, "APIError", "archive.json.saved has been removed")
		_, err := os.Stat(savedIn(name))
		assert.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("two servers", func(t *testing.T) {
		name := archive(t, picture)
		a, b := save(t, name), save(t, name)
		require.Equal(t, 200, comment(a, "first").status)
		b.fails(comment(b, "second"), 500, "APIError", "archive.json.saved has been changed")
		assert.Equal(t, []string{"so calm", "first"}, save(t, name).texts(pictureID))
	})
	for content, message := range map[string]string{
		picture: "holds something else than saved changes",
		"{":     "holds something else",
		`{"instagramtest":{"changes":[]},"data":[]}`:                                          "holds something else",
		`{"instagramtest":{"changes":[{"do":"dance","user":"1574083","target":"25025320"}]}}`: `it is not known how to do "dance"`,
	} {
		name := archive(t, picture)
		require.NoError(t, os.WriteFile(savedIn(name), []byte(content), 0o644))
		_, err := instagramtest.Start(instagramtest.WithDataFile(name), instagramtest.WithSave(savedIn(name)))
		assert.ErrorContains(t, err, message)
		assert.Equal(t, content, string(must(os.ReadFile(savedIn(name)))))
	}
	_, err := instagramtest.Start(instagramtest.WithSave("x"))
	assert.ErrorContains(t, err, "only a world of recorded data is saved")
	_, err = instagramtest.Start(instagramtest.WithStrictData())
	assert.ErrorContains(t, err, "there is no recorded data")
}

func skipOnWindows(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege on Windows; run this test on Linux or macOS")
	}
}

func TestSaveThroughALink(t *testing.T) {
	skipOnWindows(t)
	name, target := archive(t, picture), filepath.Join(t.TempDir(), "target")
	require.NoError(t, os.WriteFile(target, nil, 0o644))
	require.NoError(t, os.Symlink(target, savedIn(name)))
	save(t, name).as("oren").post("/media/"+pictureID+"/comments", "text", "linked")
	info, err := os.Lstat(savedIn(name))
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "it is still a link")
	assert.Equal(t, []string{"so calm", "linked"}, save(t, name).texts(pictureID))
}

// TestPlantedLink puts a link where the server writes before it renames: what it points to is not
// touched.
func TestPlantedLink(t *testing.T) {
	skipOnWindows(t)
	name, victim := archive(t, picture), filepath.Join(t.TempDir(), "victim")
	require.NoError(t, os.WriteFile(victim, []byte("precious"), 0o644))
	planted := filepath.Join(filepath.Dir(name), "."+filepath.Base(savedIn(name))+".tmp")
	require.NoError(t, os.Symlink(victim, planted))
	save(t, name).as("oren").post("/media/"+pictureID+"/comments", "text", "safe")
	assert.Equal(t, "precious", string(must(os.ReadFile(victim))))
	assert.Equal(t, []string{"so calm", "safe"}, save(t, name).texts(pictureID))
	_, err := os.Lstat(planted)
	assert.ErrorIs(t, err, os.ErrNotExist)
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

// BenchmarkSave is what a write costs with nothing to save to, beside a small recording and beside
// a large one.
func BenchmarkSave(b *testing.B) {
	var large strings.Builder
	for i := range 10_000 {
		id := fmt.Sprint(int64(657988443280050001) + int64(i))
		large.WriteString(strings.NewReplacer("657988443280050001", id, "kh_7abc", "kh_"+id).Replace(picture) + "\n")
	}
	for _, bench := range []struct {
		name string
		opt  func(dir string) instagramtest.Option
	}{
		{"memory", func(string) instagramtest.Option { return instagramtest.WithData(files("a.json", picture)) }},
		{"small", func(dir string) instagramtest.Option { return dataFile(b, dir, picture) }},
		{fmt.Sprintf("%dMB", large.Len()>>20), func(dir string) instagramtest.Option { return dataFile(b, dir, large.String()) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			opts := []instagramtest.Option{bench.opt(b.TempDir()), instagramtest.WithLimits(1<<30, 1<<30)}
			if bench.name != "memory" {
				opts = append(opts, instagramtest.WithSave(filepath.Join(b.TempDir(), "saved.json")))
			}
			srv := instagramtest.NewServer(opts...)
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

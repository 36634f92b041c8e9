package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

// files is a file system that is only read.
func files(pairs ...string) fs.FS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// mira and oren are users as they were recorded in short; picture is a media of mira's in full.
const (
	mira    = `{"id":"25025320","username":"mira","full_name":"Mira Solane","profile_picture":"http://images.example/profiles/mira.jpg"}`
	oren    = `{"id":"1574083","username":"oren","full_name":"Oren Vask","profile_picture":"http://images.example/profiles/oren.jpg"}`
	tove    = `{"id":3,"username":"tove","full_name":"Tove","profile_picture":""}`
	picture = `{"id":"657988443280050001_25025320","type":"image","user":` + mira + `,"created_time":"1391806447","link":"http://web.example/p/kh_7abc/",
		"caption":{"id":"657988443280050777","created_time":"1391806450","text":"Nets #Harbour","from":` + mira + `},
		"comments":{"count":3,"data":[{"id":"657988443280050901","created_time":"1391806500","text":"so calm","from":` + oren + `}]},
		"likes":{"count":12,"data":[` + oren + `]},"filter":"X-Pro II","tags":["Harbour"],"user_has_liked":false,"attribution":null,
		"images":{"thumbnail":{"url":"http://images.example/t.jpg","width":150,"height":150},"standard_resolution":{"url":"http://images.example/s.jpg","width":640,"height":480}},
		"location":{"id":514276,"name":"Fish Market","latitude":53.5,"longitude":9.9},
		"users_in_photo":[{"user":` + oren + `,"position":{"x":0.25,"y":0.5}}],"weather":{"wind":"NE 4"}}`
)

// recorded runs a server over recorded answers.
func recorded(t *testing.T, fsys fs.FS, opts ...instagramtest.Option) api {
	t.Helper()
	return start(t, append(opts, instagramtest.WithData(fsys))...)
}

func parse(t *testing.T, text string) (v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}

// TestDataIsKept wants a media back as it was recorded.
func TestDataIsKept(t *testing.T) {
	a := recorded(t, files("any/where/page.json", `{"meta":{"code":200},"data":[`+picture+`]}`), instagramtest.WithWire(instagramtest.Wire2013))
	want := parse(t, picture).(object)
	want["user"] = a.one("/media/657988443280050001_25025320")["user"] // which has a bio here
	assert.Equal(t, want, a.one("/media/657988443280050001_25025320"))
	assert.Equal(t, want["id"], a.one("/media/shortcode/kh_7abc")["id"])
	assert.Equal(t, want["id"], a.list("/tags/harbour/media/recent")[0].(object)["id"])
	assert.Equal(t, want["id"], a.list("/locations/514276/media/recent")[0].(object)["id"])
	assert.Equal(t, "Fish Market", a.one("/locations/514276")["name"])
	assert.Equal(t, "so calm", a.list("/media/657988443280050001/comments")[0].(object)["text"])
	assert.Equal(t, parse(t, oren), a.list("/media/657988443280050001/likes")[0])
	assert.Equal(t, "http://images.example/profiles/mira.jpg", a.one("/users/25025320")["profile_picture"])

	a.as("oren").post("/media/657988443280050001/comments", "text", "and so still")
	a.as("mira").post("/media/657988443280050001/likes")
	got := a.one("/media/657988443280050001")
	assert.EqualValues(t, 4, got["comments"].(object)["count"], "what was not recorded counts")
	assert.EqualValues(t, 13, got["likes"].(object)["count"])
}

// TestDataOfEveryGeneration takes the golden files of this server for recordings: what it reads it
// has to write.
func TestDataOfEveryGeneration(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		t.Run(fmt.Sprint(int(wire)), func(t *testing.T) {
			dir := filepath.Join("testdata", "wire", fmt.Sprint(int(wire)))
			sub, err := fs.Sub(os.DirFS("."), dir)
			require.NoError(t, err)
			a := recorded(t, sub, instagramtest.WithWire(wire))
			kept := 0
			for _, name := range []string{"media", "users-media-recent", "users-feed", "media-search", "tags-media-recent"} {
				content, err := os.ReadFile(filepath.Join(dir, name+".json"))
				require.NoError(t, err)
				data := parse(t, string(content)).(object)["data"]
				list, ok := data.([]any)
				if !ok {
					list = []any{data}
				}
				for _, each := range list {
					want := each.(object)
					id := mediaID(want)
					got := a.one("/media/" + id)
					for _, m := range []object{want, got} {
						delete(m, "distance")
						delete(m, "user_has_liked") // those who have are not all recorded
						normalize(m)
					}
					if wire == instagramtest.Wire2011 { // absent and null are the same here
						for _, m := range []object{want, got} {
							maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
						}
					}
					assert.Equal(t, want, got, "%s in %s", id, name)
					kept++
				}
			}
			assert.Greater(t, kept, 8)
		})
	}
}

func mediaID(m object) string {
	if s, ok := m["id"].(string); ok {
		return s
	}
	return fmt.Sprintf("%.0f", m["id"])
}

// normalize takes off what a user has in some answers and not in others, and makes strings of
// times.
func normalize(v any) {
	switch v := v.(type) {
	case object:
		if _, ok := v["username"]; ok {
			delete(v, "bio")
			delete(v, "website")
		}
		if created, ok := v["created_time"].(float64); ok {
			v["created_time"] = fmt.Sprintf("%.0f", created)
		}
		for _, each := range v {
			normalize(each)
		}
	case []any:
		for _, each := range v {
			normalize(each)
		}
	}
}

// TestDataChangesGeneration reads what 2010 wrote and asks for it in the ways of later years.
func TestDataChangesGeneration(t *testing.T) {
	const early = `{"type":1,"created_time":"2011-02-01T19:08:57+0000","tags":["dawn"],"link":"http://web.example/p/BWrVZ/","id":22699663,
		"images":{"low_resolution":{"url":"http://images.example/6.jpg","width":306,"height":306},"thumbnail":"http://images.example/5.jpg","high_resolution":{"url":"http://images.example/7.jpg","width":612,"height":612}},
		"caption":{"created_time":"2011-02-01T19:09:00+0000","message":"Up early","from":{"username":"mira","full_name":"Mira","type":"user","id":25025320},"id":26329105},
		"comments":[{"created_time":"2011-02-01T19:10:00+0000","message":"same here","from":{"username":"oren","full_name":"Oren","type":"user","id":1574083},"id":26329106}],
		"like_count":4,"location":{"latitude":null,"longitude":null},"user":{"username":"mira","full_name":"Mira","profile_picture":"http://images.example/m.jpg","id":25025320}}`
	fsys := files("a.json", early)

	a := recorded(t, fsys, instagramtest.WithWire(instagramtest.Wire2017))
	got := a.one("/media/22699663")
	assert.Equal(t, "22699663", got["id"])
	assert.Equal(t, "image", got["type"])
	assert.Equal(t, "1296587337", got["created_time"])
	assert.Equal(t, "Up early", got["caption"].(object)["text"])
	assert.Equal(t, "26329105", got["caption"].(object)["id"])
	assert.EqualValues(t, object{"count": 4.0}, got["likes"])
	assert.EqualValues(t, object{"count": 1.0}, got["comments"])
	images := got["images"].(object)
	assert.Equal(t, images["high_resolution"], images["standard_resolution"])
	assert.Equal(t, "http://images.example/5.jpg", images["thumbnail"])
	assert.Equal(t, "25025320", got["user"].(object)["id"])

	a = recorded(t, fsys, instagramtest.WithWire(instagramtest.Wire2011))
	want := parse(t, early).(object)
	got = a.one("/media/22699663")
	for _, name := range []string{"type", "created_time", "id", "images", "like_count", "location", "tags", "link"} {
		assert.Equal(t, want[name], got[name], name)
	}
	assert.Equal(t, "same here", got["comments"].([]any)[0].(object)["message"])

	video := recorded(t, files("v.json", `{"type":2,"id":5,"user":`+tove+`,"created_time":1296587337,"videos":{"standard_resolution":{"url":"http://images.example/v.mp4","width":480,"height":480}},"images":{}}`))
	got = video.one("/media/5")
	assert.Equal(t, "video", got["type"])
	assert.Equal(t, "http://images.example/v.mp4", got["videos"].(object)["standard_resolution"].(object)["url"])
}

// TestDataForms has the same user in every form that a file can have.
func TestDataForms(t *testing.T) {
	for name, fsys := range map[string]fs.FS{
		"envelope":           files("a.json", `{"meta":{"code":200},"data":`+mira+`}`),
		"envelope of a list": files("a.json", `{"meta":{"code":200},"data":[`+oren+`,`+mira+`],"pagination":{}}`),
		"array":              files("a.json", `[`+oren+`,`+mira+`]`),
		"object":             files("a.json", mira),
		"concatenated":       files("a.json", oren+mira),
		"lines":              files("a.jsonl", oren+"\n"+mira+"\r\n\n"),
		"envelopes a line":   files("a.ndjson", `{"data":`+oren+"}\n"+`{"data":`+mira+"}\n"),
		"deep":               files("a/b/c/d/e.JSON", mira),
		"within":             files("a.json", `[{"request":"GET /users/self","response":{"status":200,"body":{"data":`+mira+`}}}]`),
		"byte order mark":    files("a.json", "\xef\xbb\xbf"+mira),
		"jsonp":              files("a.json", `app.show({"data":`+mira+`});`),
		"owner of a media":   files("a.json", picture),
		"access token":       files("a.json", `{"access_token":"x","user":`+mira+`}`),
		"beside the rest":    files("a.json", mira, "README.md", "# no JSON", ".git/config", "[core]", "empty.json", "", "null.json", "null", "number.json", "17"),
		"no error":           files("a.json", mira, "b.json", `{"meta":{"code":400,"error_type":"APINotAllowedError"},"data":{"id":"9","username":"nobody"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			a := recorded(t, fsys)
			got := a.as("mira").one("/users/self")
			assert.Equal(t, "25025320", got["id"])
			assert.Equal(t, "Mira Solane", got["full_name"])
			for _, u := range a.srv.Users() {
				assert.NotEqual(t, "nobody", u.Username)
			}
		})
	}
}

func TestDataMainUser(t *testing.T) {
	for name, test := range map[string]struct {
		fsys fs.FS
		main string
	}{
		"most media":            {files("a.json", oren+picture), "mira"},
		"first without media":   {files("a.json", tove+oren), "tove"},
		"token in a next_url":   {files("a.json", picture, "b.json", `{"data":[`+oren+`],"pagination":{"next_url":"https://api.example/v1/users/self/follows?access_token=1574083.f59def8.0&cursor=1"}}`), "oren"},
		"token of 2010":         {files("a.json", picture, "b.json", `{"data":[`+oren+`],"paging":{"next":"https://api.example/v1/users/self/follows?access_token=1574083.f59def8.0&cursor=1"}}`), "oren"},
		"self.json":             {files("a.json", picture, "users/self.json", `{"data":`+oren+`}`), "oren"},
		"users_self.json":       {files("a.json", picture, "users_self.json", oren), "oren"},
		"access token":          {files("a.json", picture, "b.json", `{"access_token":"x","user":`+oren+`}`), "oren"},
		"token of nobody known": {files("a.json", picture, "b.json", `{"data":[`+oren+`],"pagination":{"next_url":"https://api.example/v1/users/9/follows?access_token=9.f59def8.0"}}`), "mira"},
	} {
		t.Run(name, func(t *testing.T) {
			a := recorded(t, test.fsys)
			assert.Equal(t, test.main, a.srv.Users()[0].Username)
		})
	}
}

func TestDataLists(t *testing.T) {
	for name, test := range map[string]struct {
		fsys  fs.FS
		path  string
		names []string
	}{
		"path":           {files("a.json", mira, "users/25025320/follows.json", `{"data":[`+oren+`,`+tove+`]}`), "/users/25025320/follows", []string{"oren", "tove"}},
		"pages":          {files("a.json", mira, "users/25025320/follows/1.json", `[`+oren+`]`, "users/25025320/follows/2.json", `[`+tove+`]`), "/users/25025320/follows", []string{"oren", "tove"}},
		"flat":           {files("a.json", mira, "users_25025320_followed-by.json", `[`+oren+`,`+tove+`]`), "/users/25025320/followed-by", []string{"oren", "tove"}},
		"self":           {files("self.json", mira, "users/self/followed_by.json", `[`+tove+`]`), "/users/25025320/followed-by", []string{"tove"}},
		"username":       {files("a.json", tove, "mira/followers.json", `[`+oren+`]`, "b.json", mira), "/users/25025320/followed-by", []string{"oren"}},
		"name of a file": {files("self.json", mira, "backup/following.json", `[`+oren+`]`), "/users/25025320/follows", []string{"oren"}},
		"id at the end":  {files("a.json", tove+mira, "follows/25025320.json", `[`+oren+`]`), "/users/25025320/follows", []string{"oren"}},
		"next_url": {files("a.json", tove, "b.json", `{"data":[`+oren+`],"pagination":{"next_url":"https://api.example/v1/users/25025320/follows?cursor=1"}}`, "c.json", mira),
			"/users/25025320/follows", []string{"oren"}},
		"url": {files("a.json", tove, "b.jsonl", mira+`{"url":"https://api.example/v1/users/25025320/follows?access_token=x","body":{"data":[`+oren+`]}}`),
			"/users/25025320/follows", []string{"oren"}},
		"request":             {files("a.json", tove+mira, "b.json", `[{"request":"GET /users/25025320/follows","response":{"data":[`+oren+`]}}]`), "/users/25025320/follows", []string{"oren"}},
		"the other way round": {files("a.json", mira, "users/25025320/follows.json", `[`+oren+`]`), "/users/1574083/followed-by", []string{"mira"}},
		"requests":            {files("self.json", mira, "requested-by.json", `[`+oren+`]`), "/users/self/requested-by", []string{"oren"}},
		"feed":                {files("self.json", oren, "users/self/feed.json", `[`+picture+`]`), "/users/self/follows", []string{"mira"}},
		"likes":               {files("a.json", picture, "media/657988443280050001_25025320/likes.json", `[`+tove+`,`+oren+`]`), "/media/657988443280050001/likes", []string{"tove", "oren"}},
		"relationship":        {files("self.json", mira, "users/3/relationship.json", `{"data":{"outgoing_status":"follows","incoming_status":"none"}}`, "t.json", tove), "/users/self/follows", []string{"tove"}},
		"no list":             {files("a.json", mira+oren), "/users/25025320/follows", nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := recorded(t, test.fsys)
			if a.srv.Users()[0].Username != "mira" && strings.Contains(test.path, "requested") {
				a = a.as("mira")
			}
			var names []string
			for _, u := range a.list(test.path) {
				names = append(names, u.(object)["username"].(string))
			}
			assert.Equal(t, test.names, names)
		})
	}

	t.Run("liked", func(t *testing.T) {
		second := strings.NewReplacer("657988443280050001", "657988443280050002", "kh_7abc", "kh_7abd").Replace(picture)
		a := recorded(t, files("self.json", oren, "liked.json", `[`+picture+`,`+second+`]`))
		assert.Equal(t, []string{"657988443280050001_25025320", "657988443280050002_25025320"}, ids(a.list("/users/self/media/liked")))
		assert.True(t, a.one("/media/657988443280050001")["user_has_liked"].(bool))
	})
	t.Run("comments", func(t *testing.T) {
		a := recorded(t, files("m.json", picture, "media/657988443280050001_25025320/comments.json",
			`{"data":[{"id":"657988443280050999","created_time":"1391806600","text":"later","from":`+tove+`}]}`))
		assert.Equal(t, []string{"657988443280050901", "657988443280050999"}, ids(a.list("/media/657988443280050001/comments")))
	})
}

func TestDataCounts(t *testing.T) {
	a := recorded(t, files("a.json", `{"data":{"id":"25025320","username":"mira","bio":"Nets","website":"http://mira.example","counts":{"media":240,"follows":10,"followed_by":99},"is_business":true,"pets":2}}`,
		"b.json", picture, "c.json", `{"name":"Harbour","media_count":170}`, "users/25025320/followed-by.json", `[`+oren+`]`))
	got := a.as("mira").one("/users/self")
	assert.Equal(t, object{"media": 240.0, "follows": 10.0, "followed_by": 99.0}, got["counts"])
	assert.Equal(t, 2.0, got["pets"])
	assert.Equal(t, true, got["is_business"])
	assert.Equal(t, "Nets", got["bio"])
	assert.EqualValues(t, 170, a.one("/tags/harbour")["media_count"])
}

// TestDataThatCannotBeUsed is left out and told, or an error in strict mode. The rest is there.
func TestDataThatCannotBeUsed(t *testing.T) {
	second := strings.NewReplacer("657988443280050001", "657988443280050002", "kh_7abc", "kh_7abd").Replace(picture)
	for name, test := range map[string]struct {
		fsys    fs.FS
		message string
	}{
		"cut off":           {files("a.json", mira+oren, "deep/b.json", second[:200]), "deep/b.json: from line 1: the JSON ends too early"},
		"no JSON":           {files("a.json", mira+oren, "b.json", "\n\n<html>"), "b.json: from line 3: invalid character '<' looking for beginning of value"},
		"a line cut off":    {files("a.jsonl", mira+"\n"+oren+"\n"+`{"id":`), "a.jsonl: from line 3: the JSON ends too early"},
		"a line in between": {files("a.jsonl", mira+"\n\n"+`{"id":?}`+"\n"+oren), "a.jsonl: from line 3: invalid character '?' looking for beginning of value"},
		"id of a media":     {files("a.json", mira+oren+strings.Replace(second, "657988443280050002_25025320", "abc", 1)), `a.json: from line 1: media: the id "abc" is not a number, nor two with a _ between them`},
		"time":              {files("a.json", mira+oren, "b.json", "["+strings.Replace(second, "1391806447", "once", 1)+"]"), `b.json: from line 1: media 657988443280050002_25025320: created_time "once" is not a time`},
		"media of two":      {files("a.json", picture, "b.json", strings.ReplaceAll(picture, `"id":"25025320"`, `"id":"7"`)), "b.json: from line 1: media 657988443280050001_25025320: it belongs to user 7 here and to 25025320 elsewhere"},
		"media of nobody":   {files("a.json", mira+oren+`{"id":"5","images":{}}`), "a.json: from line 1: media 5: there is no user"},
		"id of a commenter": {files("a.json", oren+strings.Replace(picture, `"id":"1574083"`, `"id":"x"`, 1)), `a.json: from line 1: media 657988443280050001: user: the id "x" is not a number`},
		"a caption":         {files("a.json", oren+strings.Replace(picture, `"created_time":"1391806450"`, `"created_time":"then"`, 1)), `a.json: from line 1: caption of media 657988443280050001: comment: created_time "then" is not a time`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := instagramtest.Start(instagramtest.WithData(test.fsys), instagramtest.WithStrictData())
			require.Error(t, err)
			assert.Equal(t, "instagramtest: "+test.message, err.Error())

			a := recorded(t, test.fsys)
			skipped := a.srv.Skipped()
			require.Len(t, skipped, 1)
			assert.Equal(t, test.message, skipped[0].String())
			assert.Positive(t, skipped[0].Line)
			for _, username := range []string{"mira", "oren"} {
				assert.Equal(t, username, a.as(username).one("/users/self")["username"])
			}
			a.as("mira").list("/users/self/media/recent")
			a.srv.Reset()
			assert.Len(t, a.srv.Skipped(), 1, "a reset does not tell it twice")
		})
	}
	for _, fsys := range []fs.FS{files("a.txt", "x"), files(), files("a.json", "{")} {
		_, err := instagramtest.Start(instagramtest.WithData(fsys))
		assert.ErrorContains(t, err, "there is no user in the recorded answers")
	}
	_, err := instagramtest.Start(instagramtest.WithDataFile("testdata/nothing.json"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.Empty(t, recorded(t, files("a.json", mira)).srv.Skipped())
	assert.Empty(t, start(t).srv.Skipped())
}

// unreadable is a file system with a file that cannot be read.
type unreadable struct{ fs.FS }

func (u unreadable) Open(name string) (fs.File, error) {
	if name == "b.json" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.FS.Open(name)
}

func TestFileThatCannotBeOpened(t *testing.T) {
	fsys := unreadable{files("a.json", mira, "b.json", oren)}
	a := recorded(t, fsys)
	require.Len(t, a.srv.Skipped(), 1)
	assert.Equal(t, "b.json: open b.json: permission denied", a.srv.Skipped()[0].String())
	_, err := instagramtest.Start(instagramtest.WithData(fsys), instagramtest.WithStrictData())
	assert.ErrorContains(t, err, "permission denied")
}

// TestUsersWithoutIDs are those of 2018, who are known by their usernames in places.
func TestUsersWithoutIDs(t *testing.T) {
	without := func(user, from string) string {
		return strings.ReplaceAll(from, user, `{"username":"`+parseName(user)+`"}`)
	}
	t.Run("known elsewhere", func(t *testing.T) {
		a := recorded(t, files("a.json", without(oren, picture), "b.json", oren))
		m := a.as("mira").one("/media/" + pictureID)
		assert.Equal(t, "1574083", a.list("/media/" + pictureID + "/comments")[0].(object)["from"].(object)["id"])
		assert.Equal(t, []string{"1574083"}, ids(a.list("/media/"+pictureID+"/likes")))
		assert.Len(t, m["users_in_photo"], 1)
		assert.Len(t, a.srv.Users(), 2)
	})
	t.Run("known nowhere", func(t *testing.T) {
		fsys := files("a.json", without(oren, picture))
		a, b := recorded(t, fsys), recorded(t, fsys)
		from := a.as("mira").list("/media/" + pictureID + "/comments")[0].(object)["from"].(object)
		assert.Equal(t, "oren", from["username"])
		assert.NotEmpty(t, from["id"])
		assert.Equal(t, from["id"], b.as("oren").one("/users/self")["id"], "the same every time")
		assert.Equal(t, []string{from["id"].(string)}, ids(a.list("/media/"+pictureID+"/likes")))
	})
	t.Run("owner", func(t *testing.T) {
		a := recorded(t, files("a.json", without(mira, picture)))
		assert.Equal(t, "25025320", a.as("mira").one("/users/self")["id"], "it is in the id of the media")
	})
	assert.Empty(t, recorded(t, files("a.json", without(oren, picture))).srv.Skipped())
}

func parseName(user string) string {
	_, name, _ := strings.Cut(user, `"username":"`)
	name, _, _ = strings.Cut(name, `"`)
	return name
}

// TestRecordedCountsStay as they were, whether more or fewer were listed.
func TestRecordedCountsStay(t *testing.T) {
	second := `{"id":"657988443280050902","created_time":"1391806501","text":"yes","from":` + tove + `}`
	for recordedCount, listed := range map[int]string{1: second, 0: second, 7: second} {
		content := strings.Replace(picture, `"comments":{"count":3,"data":[`, fmt.Sprintf(`"comments":{"count":%d,"data":[%s,`, recordedCount, listed), 1)
		content = strings.Replace(content, `"likes":{"count":12`, `"likes":{"count":0`, 1)
		a := recorded(t, files("a.json", content, "b.json", `{"name":"Harbour","media_count":0}`)).as("mira")
		m := a.one("/media/" + pictureID)
		assert.EqualValues(t, recordedCount, m["comments"].(object)["count"])
		assert.EqualValues(t, 0, m["likes"].(object)["count"])
		assert.EqualValues(t, 0, a.one("/tags/harbour")["media_count"])
		a.post("/media/"+pictureID+"/comments", "text", "one more")
		assert.EqualValues(t, recordedCount+1, a.one("/media/" + pictureID)["comments"].(object)["count"], "and go on from there")
	}
}

// TestRecordedSizes are the sizes of pictures as they were recorded, in the forms of every
// generation.
func TestRecordedSizes(t *testing.T) {
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		a := recorded(t, files("a.json", picture), instagramtest.WithWire(wire)).as("mira")
		images := a.one("/media/657988443280050001")["images"].(object)
		assert.Equal(t, object{"url": "http://images.example/t.jpg", "width": 150.0, "height": 150.0}, images["thumbnail"])
		assert.Equal(t, object{"url": "http://images.example/s.jpg", "width": 640.0, "height": 480.0}, images["standard_resolution"])
	}
}

// TestFilesOfAnArchive has pictures and videos beside the recordings.
func TestFilesOfAnArchive(t *testing.T) {
	const jpeg, mp4 = "\xff\xd8\xff\xe0 a picture", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom a video"
	content := strings.NewReplacer("http://images.example/s.jpg", "../pictures/a b.jpg", "http://images.example/t.jpg", "pictures/script.jpg",
		`"attribution":null`, `"videos":{"standard_resolution":{"url":"pictures/video","width":640,"height":640}},"attribution":null`,
		"http://images.example/profiles/mira.jpg", "pictures/mira.jpg").Replace(picture)
	fsys := files("media/a.json", content, "pictures/a b.jpg", jpeg, "pictures/script.jpg", "<script>alert(1)</script>",
		"pictures/video", mp4, "pictures/mira.jpg", jpeg, "secret.txt", "no", "pictures/other.jpg", jpeg)
	for _, wire := range []instagramtest.Wire{instagramtest.Wire2011, instagramtest.Wire2013, instagramtest.Wire2017} {
		a := recorded(t, fsys, instagramtest.WithWire(wire)).as("mira")
		m := a.one("/media/657988443280050001")
		size := func(kind, name string) string { return m[kind].(object)[name].(object)["url"].(string) }
		got := a.fetch("GET", size("images", "standard_resolution"))
		assert.Equal(t, jpeg, string(got.body))
		assert.Equal(t, "image/jpeg", got.header.Get("Content-Type"))
		part := a.fetch("GET", size("videos", "standard_resolution"), "Range", "bytes=4-7")
		assert.Equal(t, 206, part.status)
		assert.Equal(t, "ftyp", string(part.body))
		assert.Equal(t, "video/mp4", part.header.Get("Content-Type"))
		assert.Equal(t, jpeg, string(a.fetch("GET", a.one("/users/self")["profile_picture"].(string)).body))
		page := a.fetch("GET", size("images", "thumbnail"))
		assert.Equal(t, "application/octet-stream", page.header.Get("Content-Type"), "a browser must not run it")
		for _, path := range []string{"/files/secret.txt", "/files/media/a.json", "/files/pictures/other.jpg", "/files/", "/files/..%2f..%2fetc/passwd", "/files/pictures/../secret.txt"} {
			assert.Equal(t, 404, a.fetch("GET", a.srv.URL+path).status, path)
		}
		assert.Equal(t, 405, a.fetch("POST", size("images", "standard_resolution")).status)
	}
	assert.Equal(t, 404, start(t).get("/files/x").status)
}

// TestDataPages goes through an archive as a program of its time did.
func TestDataPages(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		id := fmt.Sprint(int64(657988443280050001) + int64(i))
		b.WriteString(strings.NewReplacer("657988443280050001", id, "kh_7abc", "kh_"+id).Replace(picture) + "\n")
	}
	a := recorded(t, files("all.jsonl", b.String()))
	var got []string
	for _, page := range a.pages("/users/self/media/recent?count=33") {
		got = append(got, ids(page)...)
	}
	require.Len(t, got, 100)
	assert.Equal(t, "657988443280050100_25025320", got[0])
	assert.Equal(t, "657988443280050001_25025320", got[99])
	posted := a.srv.PostMedia("mira", instagramtest.Media{Caption: "new"})
	assert.Equal(t, posted.ID, a.list("/users/self/media/recent")[0].(object)["id"])
}

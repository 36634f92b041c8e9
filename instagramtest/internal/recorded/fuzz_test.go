package recorded

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// FuzzArchive reads whatever a file may hold. If it is a world, every answer from it has to be
// JSON, and the file has to take changes and still be what it was.
func FuzzArchive(f *testing.F) {
	golden, err := filepath.Glob("../../testdata/wire/*/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range golden {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("users/self/"+filepath.Base(name), content)
	}
	f.Add("follows.jsonl", []byte(`{"id":1,"username":"a"}`+"\n"+`{"id":"2","username":"b"}`))
	f.Add("a.json", []byte(`{"id":"1_2","user":{"id":2,"username":"b"},"images":{"thumbnail":"x"},"likes":{"count":-1},"created_time":-1}`))
	f.Add("a.json", []byte(`[{"instagramtest":{"changes":[{"do":"like","user":"1","media":"1"}]}}]`))
	f.Add("users/3/relationship.json", []byte(`[{"id":3,"username":"c"},{"outgoing_status":"follows"}]`))
	f.Add("a.json", []byte(`{"id":"1_2","user":{"id":2,"username":"b"},"users_in_photo":[{"user":{"id":2,"username":"b"},"position":{"x":0.6e666,"y":"NaN"}}],`+
		`"location":{"id":3,"name":"c","latitude":1e999,"longitude":"-Inf"}}`))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		if !isRecording(name) || !fstestName(name) {
			return
		}
		a, err := Read(fstest.MapFS{name: {Data: content}}, ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []wire.Year{wire.Y2011, wire.Y2013, wire.Y2017} {
			loaded, err := a.World(year, nil, false)
			if err != nil {
				return
			}
			checkWorld(t, loaded.World, wire.New(year, true).At("http://server"))
		}
	})
}

func fstestName(name string) bool {
	return filepath.IsLocal(name) && filepath.ToSlash(filepath.Clean(name)) == name && !bytes.ContainsAny([]byte(name), "\x00\\")
}

func checkWorld(t *testing.T, w *world.World, e wire.Encoder) {
	t.Helper()
	valid := func(b []byte) {
		if !json.Valid(b) {
			t.Fatalf("no JSON: %s", b)
		}
	}
	for _, m := range w.Timeline {
		valid(e.Media(nil, m, wire.View{Viewer: w.Main, Distance: -1}))
		valid(encode.ASCII(nil, e.MediaID(m)))
		for _, c := range m.Comments {
			valid(e.Comment(nil, c))
		}
	}
	for _, u := range w.Everyone {
		valid(e.UserInfo(nil, u))
		valid(e.FoundUser(nil, u))
	}
	for _, g := range w.Tags {
		valid(e.Tag(nil, g))
	}
	for _, p := range w.Places {
		valid(e.Place(nil, p))
	}
	m := world.Post{Caption: "new", Filter: "Normal"}
	made, err := w.NewMedia(w.Main.Username, &m, time.Unix(1593388800, 0))
	if w.Main.Username != "" && err == nil {
		w.AddMedia(made)
		valid(e.Media(nil, made, wire.View{Distance: -1}))
	}
}

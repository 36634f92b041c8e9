package archive

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"testing"
	"testing/fstest"
)

// fuzz reads whatever text as an archive, in a file of a name: nothing panics, what is yielded can
// be written and says something, and reading it again yields the same.
func fuzz(f *testing.F, name string, folders ...string) {
	for _, folder := range folders {
		err := fs.WalkDir(os.DirFS("testdata"), folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path.Join("testdata", name))
			f.Add(text)
			return err
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := OpenFS(fstest.MapFS{name: &fstest.MapFile{Data: text}, "media/a.jpg": &fstest.MapFile{}})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		var ids [2][]string
		for i, workers := range []int{1, 2} {
			for e, err := range a.With(Workers(workers)).All(t.Context()) {
				if err != nil {
					continue
				}
				if _, err := json.Marshal(valueOf(e)); err != nil {
					t.Fatalf("%s: %v", e.Kind, err)
				}
				ids[i] = append(ids[i], string(e.Kind)+e.identity())
			}
		}
		if len(ids[0]) != len(ids[1]) {
			t.Fatalf("%d entries, then %d", len(ids[0]), len(ids[1]))
		}
	})
}

func FuzzV1(f *testing.F)     { fuzz(f, "v1.json", "v1") }
func FuzzPublic(f *testing.F) { fuzz(f, "public.json", "public") }
func FuzzGraph(f *testing.F)  { fuzz(f, "graph.json", "graph") }
func FuzzCassette(f *testing.F) {
	fuzz(f, "cassette.json", "vcr", "vcrpy", "betamax", "php-vcr", "exvcr", "go-vcr")
}
func FuzzNock(f *testing.F)        { fuzz(f, "nock.json", "nock") }
func FuzzHAR(f *testing.F)         { fuzz(f, "har.har", "har") }
func FuzzInstaloader(f *testing.F) { fuzz(f, "instaloader.json", "instaloader", "web") }

// What strangers hold is fuzzed under the names of lists that have none inside.
func FuzzShapes(f *testing.F) {
	for _, tt := range shapes {
		f.Add([]byte(tt.text))
	}
	fuzz(f, "followers_1.json")
}

// The exports are in the text of the tests.
func FuzzExport(f *testing.F)     { fuzzExports(f, "posts_1.json", exports[1:]) }
func FuzzExport2018(f *testing.F) { fuzzExports(f, "media.json", exports[:1]) }

func fuzzExports(f *testing.F, name string, layouts []export) {
	for _, e := range layouts {
		for _, part := range e.parts {
			for name, text := range part {
				if path.Ext(name) == ".json" {
					f.Add([]byte(text))
				}
			}
		}
	}
	fuzz(f, name)
}

// FuzzTexts reads pages, scripts and UTF-16.
func FuzzTexts(f *testing.F) {
	f.Add([]byte("<!doctype html><script>window._sharedData = " + profileOfPage + ";</script>"))
	f.Add([]byte("<html><script>window.__additionalDataLoaded('/p/B/'," + postOfPage + ");</script>"))
	f.Add([]byte("window._sharedData = " + profileOf2016 + ";"))
	f.Add([]byte("\xff\xfe{\x00\"\x00i\x00d\x00\"\x00:\x00\"\x00\x3d\xd8\x0a\xdc\"\x00}\x00"))
	fuzz(f, "page.html")
}

// FuzzSplit checks that a text is split in the same way whatever comes at a time.
func FuzzSplit(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n[2,{\"b\":3}]\n{\"c\":"), 3)
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		whole, pieces := split(t, text, len(text)+1), split(t, text, max(size%17, 1))
		if len(whole) != len(pieces) {
			t.Fatalf("%q: %q, %q", text, whole, pieces)
		}
		for i := range whole {
			if whole[i] != pieces[i] {
				t.Fatalf("%q, %q", whole[i], pieces[i])
			}
		}
	})
}

func split(t *testing.T, text []byte, size int) (values []string) {
	s := newSplitter(&pieces{text, size}, int64(size), func(c *chunk) error {
		for _, v := range c.values {
			if v.broken != nil {
				values = append(values, v.broken.Error())
			} else {
				values = append(values, string(v.raw))
			}
		}
		return nil
	})
	if err := s.split(); err != nil {
		t.Fatal(err)
	}
	return values
}

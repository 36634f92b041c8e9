// Package recorded makes a world from recorded answers of the API, and saves what is done to it
// afterwards.
package recorded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// SavedName is the file that is saved to in a directory.
const SavedName = "instagramtest.json"

// DirOf is the file to save to for what os.DirFS has returned, "" for any other file system. The
// type has no name, but it is a string, the directory.
func DirOf(fsys fs.FS) string {
	if reflect.TypeOf(fsys) != reflect.TypeOf(os.DirFS(".")) {
		return ""
	}
	return filepath.Join(reflect.ValueOf(fsys).String(), SavedName)
}

// Archive is recorded answers, and the changes that were saved with them.
type Archive struct {
	files   []recording // in the order of their paths
	savedIn string      // the path of the one with the changes
	Store   *Store      // nil if nothing is saved
}

type recording struct {
	path    string
	content []byte
}

// Read reads a file of fsys, or a directory and all below it. The changes are in the file of the
// operating system that saved names, if any; in fsys it is savedIn.
func Read(fsys fs.FS, root, savedIn, saved string) (*Archive, error) {
	a := &Archive{savedIn: savedIn}
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || name != root && !isRecording(name) {
			return nil
		}
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		a.files = append(a.files, recording{name, content})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(a.files, func(x, y recording) int { return strings.Compare(x.path, y.path) })
	if saved != "" {
		a.Store, err = openStore(saved)
	}
	return a, err
}

func isRecording(name string) bool {
	return slices.Contains([]string{".json", ".jsonl", ".ndjson"}, strings.ToLower(path.Ext(name)))
}

// World is the recorded world with what was saved before the server started.
func (a *Archive) World(w wire.Year) (*world.World, error) {
	l := newLoader(w, a.savedIn)
	for _, f := range a.files {
		if err := l.readFile(f); err != nil {
			return nil, err
		}
	}
	if len(l.people) == 0 {
		return nil, errors.New("there is no user in the recorded answers")
	}
	l.finish()
	if a.Store != nil {
		l.changes = append(l.changes, a.Store.base...)
	}
	for i, c := range l.changes {
		if err := l.World.Apply(c); err != nil {
			return nil, fmt.Errorf("change %d: %w", i+1, err)
		}
	}
	return l.World, nil
}

// Package recorded makes a world from recorded answers of the API, and saves what is done to it
// afterwards.
package recorded

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/wire"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// Archive is recorded answers, and the pictures and videos beside them.
type Archive struct {
	fsys       fs.FS
	recordings []recording     // in the order of their paths
	others     map[string]bool // the paths of all other files
	unread     []Skipped       // files that could not be read
}

type recording struct {
	path    string
	content []byte
}

// Skipped is something that could not be used.
type Skipped struct {
	File   string
	Line   int // where the value begins that could not be used; 0 for a whole file
	Reason string
}

func (s Skipped) String() string {
	if s.Line == 0 {
		return s.File + ": " + s.Reason
	}
	return fmt.Sprintf("%s: from line %d: %s", s.File, s.Line, s.Reason)
}

// Read reads a file of fsys, or a directory and all below it. It fails if there is no such file.
func Read(fsys fs.FS, root string) (*Archive, error) {
	if _, err := fs.Stat(fsys, root); err != nil {
		return nil, err
	}
	a := &Archive{fsys: fsys, others: map[string]bool{}}
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			a.unread = append(a.unread, Skipped{File: name, Reason: err.Error()})
		case entry.IsDir():
		case name != root && !isRecording(name):
			a.others[name] = true
		default:
			content, err := fs.ReadFile(fsys, name)
			if err != nil {
				a.unread = append(a.unread, Skipped{File: name, Reason: err.Error()})
				break
			}
			a.recordings = append(a.recordings, recording{name, content})
		}
		return nil
	})
	slices.SortFunc(a.recordings, func(x, y recording) int { return strings.Compare(x.path, y.path) })
	return a, err
}

func isRecording(name string) bool {
	return slices.Contains([]string{".json", ".jsonl", ".ndjson"}, strings.ToLower(path.Ext(name)))
}

// Loaded is a world with what belongs to it.
type Loaded struct {
	*world.World
	Skipped []Skipped
	files   map[string]bool
	fsys    fs.FS
}

// Open opens a picture or a video that the recordings name. No other file is opened.
func (l *Loaded) Open(name string) (fs.File, error) {
	if !l.files[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return l.fsys.Open(name)
}

// World is the recorded world with the changes that were saved since. What cannot be used is left
// out and told; in strict mode it is an error.
func (a *Archive) World(year wire.Year, saved []world.Change, strict bool) (*Loaded, error) {
	l := newLoader(year, a.others)
	l.skipped = slices.Clone(a.unread)
	for _, f := range a.recordings {
		l.readFile(f)
	}
	if strict && len(l.skipped) > 0 {
		return nil, errors.New(l.skipped[0].String())
	}
	if len(l.people) == 0 && len(l.nameless) == 0 {
		if len(l.skipped) > 0 {
			return nil, fmt.Errorf("there is no user in the recorded answers; of what could not be used, the first is %s", l.skipped[0])
		}
		return nil, errors.New("there is no user in the recorded answers")
	}
	l.finish()
	for i, c := range slices.Concat(l.changes, saved) {
		if err := l.World.Apply(c); err != nil {
			return nil, fmt.Errorf("change %d: %w", i+1, err)
		}
	}
	return &Loaded{World: l.World, Skipped: l.skipped, files: l.used, fsys: a.fsys}, nil
}

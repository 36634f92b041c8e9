package instagramtest

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
)

// WithData makes the server's world from recorded v1 answers instead of a seed: everything in the .json, .jsonl and
// .ndjson files of fsys, in whatever directories they are.
//
// A file holds answers or their data, of any generation: envelopes, arrays, single objects, one after the other or one a
// line, also inside other objects. Users, media, comments, likes, tags and places are known by their members, and keep
// their ids, names, times, texts and URLs. What is recorded more than once adds up; where it differs, the later counts,
// in the order of the files' paths. Counts that were recorded stay, even if not everything that they count was.
//
// Whose follows, followers, requests, likes or comments a list is, no list says. It is taken from its next_url, or from
// a url beside it, or else from the path of the file, as in users/1574083/follows.json or
// media/657988443280050001_25025320/comments.json. Failing that, a file named after such a list of users is the main
// user's, and comments are left out.
//
// The main user, the first of [Server.Users], is the one whose access token the next_urls of the recordings carry or who
// is in a file named self.json; otherwise the one with the most media. The recorded tokens are not valid, though:
// everybody has a token as [Server.AccessToken] gives it.
//
// If fsys comes from [os.DirFS], what clients write is saved to the file instagramtest.json in that directory, as
// [WithDataFile] does; any other fsys is only read, for example fs.Sub(os.DirFS("."), "testdata").
func WithData(fsys fs.FS) Option {
	return func(c *config) {
		c.data = func() (*archive, error) { return readArchive(fsys, ".", savedName, dirOf(fsys)) }
	}
}

// WithDataFile is [WithData] with a file, whatever its name, or with a directory. What clients write and what is posted
// is saved: to the file, after what it holds, which stays as it is, or to the file instagramtest.json in the directory.
// A write that was answered with a success is on disk, and there when the server starts again, even if it was killed.
// The file is replaced as a whole, never written in place; nothing is written if another program has changed it
// meanwhile. [Server.Reset] takes back what was saved since the start.
func WithDataFile(name string) Option {
	return func(c *config) {
		c.data = func() (*archive, error) {
			name, err := filepath.EvalSymlinks(name) // so that it is the file that is replaced, not a link to it
			if err != nil {
				return nil, err
			}
			info, err := os.Stat(name)
			if err != nil {
				return nil, err
			}
			if info.IsDir() {
				return readArchive(os.DirFS(name), ".", savedName, filepath.Join(name, savedName))
			}
			base := filepath.Base(name)
			return readArchive(os.DirFS(filepath.Dir(name)), base, base, name)
		}
	}
}

// savedName is the file that is saved to in a directory.
const savedName = "instagramtest.json"

// dirOf is the file to save to for what os.DirFS has returned, "" for any other file system. The type has no name, but
// it is a string, the directory.
func dirOf(fsys fs.FS) string {
	if reflect.TypeOf(fsys) != reflect.TypeOf(os.DirFS(".")) {
		return ""
	}
	return filepath.Join(reflect.ValueOf(fsys).String(), savedName)
}

// archive is recorded answers, and the changes that were saved with them.
type archive struct {
	files   []recording // in the order of their paths
	savedIn string      // the path of the one with the changes
	store   *store      // nil if nothing is saved
}

type recording struct {
	path    string
	content []byte
}

// readArchive reads a file of fsys, or a directory and all below it. The changes are in the file of the operating system
// that saved names, if any; in fsys it is savedIn.
func readArchive(fsys fs.FS, root, savedIn, saved string) (*archive, error) {
	a := &archive{savedIn: savedIn}
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
		a.store, err = openStore(saved)
	}
	return a, err
}

func isRecording(name string) bool {
	return slices.Contains([]string{".json", ".jsonl", ".ndjson"}, strings.ToLower(path.Ext(name)))
}

// world is the recorded world with what was saved before the server started.
func (a *archive) world(w Wire) (*world, error) {
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
	if a.store != nil {
		l.changes = append(l.changes, a.store.base...)
	}
	for i, c := range l.changes {
		if err := l.world.apply(c); err != nil {
			return nil, fmt.Errorf("change %d: %w", i+1, err)
		}
	}
	return l.world, nil
}

package recorded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// savedMember is the member that the changes are under, among recorded answers.
const savedMember = "instagramtest"

// savedChanges is an object with that member.
type savedChanges struct {
	Saved struct {
		Changes []world.Change `json:"changes"`
	} `json:"instagramtest"`
}

// readChanges takes the changes out of an object, as they are in a file that was saved to and then
// copied among others.
func (l *loader) readChanges(o object) error {
	if o[savedMember] == nil {
		return nil
	}
	var s savedChanges
	if err := json.Unmarshal(encode.JSON(object{savedMember: o[savedMember]}), &s); err != nil {
		return err
	}
	l.changes = append(l.changes, s.Saved.Changes...)
	return nil
}

// Store saves changes to a file. A nil store saves nothing.
type Store struct {
	path string
	base []world.Change // that were in the file at the start

	mu      sync.Mutex
	changes [][]byte // encoded, those of base included
	made    uint64   // goes up with every change, and with every reset

	saving sync.Mutex // held while the file is written; never taken with mu held
	saved  uint64     // made, when the file was last written
	info   fs.FileInfo
}

// OpenStore reads the changes that a file holds. The file need not be there; if it is and holds
// anything else, it is not touched.
func OpenStore(path string) (*Store, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // so that it is the file that is replaced, not a link to it
	}
	s := &Store{path: path}
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if s.base, err = readSaved(content); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if s.info, err = os.Stat(path); err != nil {
			return nil, err
		}
	}
	s.Reset()
	s.saved = s.made // what is there is on disk
	return s, nil
}

// readSaved reads a file that holds changes and nothing else.
func readSaved(content []byte) ([]world.Change, error) {
	var members map[string]json.RawMessage
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(content, &members); err != nil || len(members) != 1 || members[savedMember] == nil {
		return nil, errors.New("it holds something else than saved changes; name another file to save to")
	}
	var saved savedChanges
	err := json.Unmarshal(content, &saved)
	return saved.Saved.Changes, err
}

// Changes are those that were in the file at the start.
func (s *Store) Changes() []world.Change {
	if s == nil {
		return nil
	}
	return s.base
}

const (
	savedOpen  = `{"` + savedMember + `":{"changes":[`
	savedClose = "]}}\n"
)

// Reset takes back the changes since the start.
func (s *Store) Reset() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.changes) == len(s.base) {
		return
	}
	s.changes = make([][]byte, 0, len(s.base))
	for _, c := range s.base {
		s.changes = append(s.changes, encode.JSON(c))
	}
	s.made++
}

// Add notes a change. It is called with the world locked, so that the changes are in order.
func (s *Store) Add(c world.Change) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes = append(s.changes, encode.JSON(c))
	s.made++
}

// Flush returns when everything is on disk that was added before. One write serves all that wait
// for it.
func (s *Store) Flush() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	due := s.made
	s.mu.Unlock()
	s.saving.Lock()
	defer s.saving.Unlock()
	if s.saved >= due {
		return nil
	}
	s.mu.Lock()
	made, changes := s.made, slices.Clone(s.changes)
	s.mu.Unlock()
	if err := s.write(bytes.Join(changes, []byte(",\n"))); err != nil {
		return err
	}
	s.saved = made
	return nil
}

// write replaces the file, unless somebody else has.
func (s *Store) write(changes []byte) (err error) {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if s.info != nil {
			return fmt.Errorf("%s has been removed", s.path)
		}
	case err != nil:
		return err
	case s.info == nil || !os.SameFile(info, s.info) || info.Size() != s.info.Size() || !info.ModTime().Equal(s.info.ModTime()):
		return fmt.Errorf("%s has been changed by another program", s.path)
	}
	mode := fs.FileMode(0o644)
	if s.info != nil {
		mode = s.info.Mode().Perm()
	}
	dir, base := filepath.Dir(s.path), filepath.Base(s.path)
	temporary := filepath.Join(dir, "."+base+".tmp")
	if err := writeFile(temporary, mode, []byte(savedOpen), changes, []byte(savedClose)); err != nil {
		return err
	}
	if err := os.Rename(temporary, s.path); err != nil {
		return err
	}
	if s.info, err = os.Stat(s.path); err != nil {
		return err
	}
	return syncDir(dir)
}

// writeFile writes a file and waits until it is on disk.
func writeFile(name string, mode fs.FileMode, content ...[]byte) error {
	// A file of this name is left from a server that was killed, or a link that somebody has put
	// there.
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	for _, b := range content {
		if _, err = f.Write(b); err != nil {
			break
		}
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes sure of what a file in the directory is called.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

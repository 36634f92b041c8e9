package instagramtest

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
)

// change is something that was done to a world that is saved.
type change struct {
	Do      string `json:"do"` // like, unlike, comment, uncomment, post, delete, or a relationship action
	User    uint64 `json:"user,string,omitempty"`
	Target  uint64 `json:"target,string,omitempty"` // the user of a relationship
	Media   uint64 `json:"media,string,omitempty"`  // its number
	Comment uint64 `json:"comment,string,omitempty"`
	Text    string `json:"text,omitempty"`
	Time    int64  `json:"time,omitempty"` // UNIX seconds
	Post    *Media `json:"post,omitempty"`
}

// apply does a change again. What it was done to may have gone from the recordings; then it does nothing.
func (w *world) apply(c change) error {
	u, target, m := w.users[c.User], w.users[c.Target], w.media[c.Media]
	switch c.Do {
	case "like", "unlike", "comment", "uncomment", "delete":
		if m == nil || u == nil && c.Do != "delete" {
			return nil
		}
	case "post":
		if u == nil {
			return nil
		}
	default:
		if u == nil || target == nil {
			return nil
		}
	}
	switch c.Do {
	case "like":
		w.like(u, m)
	case "unlike":
		w.unlike(u, m)
	case "comment":
		made := &comment{id: c.Comment, from: u, text: c.Text, created: c.Time}
		m.comments = append(m.comments, made)
		w.keepID(made)
	case "uncomment":
		m.comments = slices.DeleteFunc(m.comments, func(have *comment) bool { return have.id == c.Comment })
	case "post":
		return w.repost(u, c)
	case "delete":
		w.removeMedia(m)
	case "follow":
		w.follow(u, target)
	case "unfollow":
		w.unfollow(u, target)
	case "block":
		w.block(u, target)
	case "unblock":
		delete(u.blocked, target.id)
	case "approve":
		w.approve(u, target)
	case "ignore", "deny":
		w.ignore(u, target)
	default:
		return fmt.Errorf("it is not known how to do %q", c.Do)
	}
	return nil
}

// repost posts a media again, under the number and the caption's id that it had.
func (w *world) repost(owner *user, c change) error {
	if _, used := w.media[c.Media]; used || c.Post == nil {
		return nil
	}
	m, err := w.newMedia(fmt.Sprint(owner.id), c.Post, c.Post.CreatedTime)
	if err != nil {
		return err
	}
	m.number = c.Media
	if m.caption != nil {
		m.caption.id = c.Comment
		w.keepID(m.caption)
	}
	w.addMedia(m)
	return nil
}

// savedMember is the member that the changes are under, among recorded answers.
const savedMember = "instagramtest"

// savedChanges is an object with that member.
type savedChanges struct {
	Saved struct {
		Changes []change `json:"changes"`
	} `json:"instagramtest"`
}

// readChanges takes the changes out of an object, as they are in a file that was saved to and then copied among others.
func (l *loader) readChanges(o object) error {
	if o[savedMember] == nil || l.at == l.savedIn {
		return nil
	}
	var s savedChanges
	if err := json.Unmarshal(asJSON(object{savedMember: o[savedMember]}), &s); err != nil {
		return err
	}
	l.changes = append(l.changes, s.Saved.Changes...)
	return nil
}

// store saves changes to a file. What else is in the file stays as it is, byte by byte, around them. A nil store saves
// nothing.
type store struct {
	path          string
	before, after []byte // the changes
	base          []change

	mu      sync.Mutex
	changes [][]byte // encoded, those of base included
	made    uint64   // goes up with every change, and with every reset

	saving sync.Mutex // held while the file is written; never taken with mu held
	saved  uint64     // made, when the file was last written
	info   fs.FileInfo
}

// openStore reads where in a file the changes are, or will be. The file need not be there.
func openStore(path string) (*store, error) {
	s := &store{path: path}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		content, err = nil, nil
	} else if err == nil {
		s.info, err = os.Stat(path)
	}
	if err != nil {
		return nil, err
	}
	var saved savedChanges
	if s.before, s.after, saved, err = splitChanges(content); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.base = saved.Saved.Changes
	s.reset()
	s.saved = s.made // what is there is on disk
	return s, nil
}

// reset takes back the changes since the start.
func (s *store) reset() {
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
		s.changes = append(s.changes, asJSON(c))
	}
	s.made++
}

// add notes a change. It is called with the world locked, so that the changes are in order.
func (s *store) add(c change) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes = append(s.changes, asJSON(c))
	s.made++
}

// flush returns when everything is on disk that was added before. One write serves all that wait for it.
func (s *store) flush() error {
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
func (s *store) write(changes []byte) (err error) {
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
	if err := writeFile(temporary, mode, s.before, changes, s.after); err != nil {
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
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
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

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/gofrs/flock"

	"github.com/igv1/instagram"
)

// unfinished is the folder for files that are being written. A complete file is renamed to its
// final name, so a file with a final name is never half-written.
const (
	unfinished = ".unfinished"
	tempSuffix = ".temp"
)

// A store is the directory that an account is saved in. File names that come from a server cannot
// lead out of it. Only one process at a time can open it.
type store struct {
	dir   string
	root  *os.Root
	lock  *flock.Flock
	temps atomic.Int64 // for the names of temporary files
}

func openStore(dir string) (_ *store, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	s := &store{dir: dir, root: root, lock: flock.New(filepath.Join(dir, unfinished, "lock"))}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	for _, sub := range []string{unfinished, "comments", "likes", "files"} {
		if err := root.MkdirAll(sub, 0o755); err != nil {
			return nil, err
		}
	}
	if err := s.takeLock(); err != nil {
		return nil, err
	}
	return s, s.sweep()
}

// pidFile holds the id of the process that has the lock. It is not the locked file itself, because
// on Windows other processes cannot read a locked file.
const pidFile = unfinished + "/pid"

func (s *store) takeLock() error {
	locked, err := s.lock.TryLock()
	if err != nil {
		return err
	}
	if !locked {
		pid, err := s.root.ReadFile(pidFile)
		if err != nil || len(pid) == 0 {
			return fmt.Errorf("another backup to %s is running", s.dir)
		}
		return fmt.Errorf("another backup to %s is running, as process %s", s.dir, pid)
	}
	return s.root.WriteFile(pidFile, []byte(strconv.Itoa(os.Getpid())), 0o644)
}

// sweep removes the temporary files of processes that were killed.
func (s *store) sweep() error {
	leftovers, err := fs.Glob(s.root.FS(), unfinished+"/*"+tempSuffix)
	for _, name := range leftovers {
		err = errors.Join(err, s.root.Remove(name))
	}
	return err
}

func (s *store) Close() {
	if s.lock.Locked() {
		_ = s.root.Remove(pidFile) // the next process writes its own
	}
	s.lock.Close() //nolint:errcheck // the system releases the lock anyway
	s.root.Close()
}

// claim returns an error if the store holds the backup of another user.
func (s *store) claim(user *instagram.UserInfo) error {
	saved, err := readLines[instagram.UserInfo](s, profileFile)
	if err != nil {
		return fmt.Errorf("%s has a profile.json that is not of a backup: give another DIR: %w", s.dir, err)
	}
	if len(saved) == 0 || saved[0].ID == user.ID {
		return nil
	}
	return fmt.Errorf("%s holds @%s: give another DIR", s.dir, saved[0].Username)
}

func (s *store) has(name string) bool {
	_, err := s.root.Stat(name)
	return err == nil
}

// write makes a file with the text that fill writes. If fill fails, there is no file.
func (s *store) write(name string, fill func(io.Writer) error) error {
	file, err := s.begin(name)
	if err != nil {
		return err
	}
	if err := fill(file); err != nil {
		file.failed = err
	}
	return file.Close()
}

// create is begin for the package that writes the page.
func (s *store) create(name string) (io.WriteCloser, error) { return s.begin(name) }

// begin makes a file that gets its name when it is closed.
func (s *store) begin(name string) (*pending, error) {
	if err := s.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return nil, err
	}
	temp := fmt.Sprintf("%s/%d%s", unfinished, s.temps.Add(1), tempSuffix)
	file, err := s.root.Create(temp)
	return &pending{file: file, root: s.root, temp: temp, name: name}, err
}

// A pending file is written under a temporary name.
type pending struct {
	file       *os.File
	root       *os.Root
	temp, name string
	failed     error // the file is not whole
}

func (p *pending) Write(text []byte) (int, error) {
	n, err := p.file.Write(text)
	if err != nil {
		p.failed = err
	}
	return n, err
}

// Close gives the file its name, or removes it if it is not whole.
func (p *pending) Close() error {
	if p.failed == nil {
		p.failed = p.file.Sync()
	}
	if err := errors.Join(p.failed, p.file.Close()); err != nil {
		return errors.Join(err, p.root.Remove(p.temp))
	}
	return p.root.Rename(p.temp, p.name)
}

// writeLines makes a file of JSON Lines.
func writeLines[T any](s *store, name string, items []*T) error {
	return s.write(name, func(w io.Writer) error { return encodeLines(w, items) })
}

func encodeLines[T any](w io.Writer, items []*T) error {
	lines := bufio.NewWriter(w)
	encoder := json.NewEncoder(lines)
	encoder.SetEscapeHTML(false)
	for _, item := range items {
		if err := encoder.Encode(item); err != nil {
			return err
		}
	}
	return lines.Flush()
}

// readLines reads a file of JSON Lines. A file that does not exist has no lines.
func readLines[T any](s *store, name string) ([]*T, error) {
	file, err := s.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var items []*T
	for decoder := json.NewDecoder(file); ; {
		item := new(T)
		if err := decoder.Decode(item); err == io.EOF {
			return items, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		items = append(items, item)
	}
}

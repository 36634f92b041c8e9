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

	"github.com/igv1/instagram"
)

// unfinished is where everything is written before it is whole. A file gets
// its final name by a rename, so no other file is ever half-written.
const unfinished = ".unfinished"

// A store is the directory that an account is saved in. Names that come from a
// server cannot lead out of it.
type store struct{ root *os.Root }

func openStore(dir string) (*store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{unfinished, "comments", "likes", "files"} {
		if err := root.MkdirAll(sub, 0o755); err != nil {
			return nil, errors.Join(err, root.Close())
		}
	}
	return &store{root}, nil
}

func (s *store) Close() { s.root.Close() }

func (s *store) has(name string) bool {
	_, err := s.root.Stat(name)
	return err == nil
}

// write makes a file out of what fill writes, or leaves no trace of it.
func (s *store) write(name string, fill func(io.Writer) error) (err error) {
	temp := path.Join(unfinished, path.Base(path.Dir(name))+"-"+path.Base(name))
	file, err := s.root.Create(temp)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.root.Remove(temp))
		}
	}()
	err = fill(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return s.root.Rename(temp, name)
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

// readLines reads a file of JSON Lines; one that is not there has none.
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

// A walk is a list that is being saved page by page. Its lines grow in one
// unfinished file, and another one says up to where they count.
type walk struct {
	store *store
	name  string
	mark  mark
}

// mark is how far a walk has come: what is behind Size was not finished.
type mark struct {
	Size   int64
	Cursor instagram.Cursor
}

// openWalk goes on with a list where the last run left it.
func openWalk(s *store, name string) (*walk, error) {
	w := &walk{store: s, name: name}
	text, err := s.root.ReadFile(w.markFile())
	if errors.Is(err, fs.ErrNotExist) {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &w.mark); err != nil {
		return nil, fmt.Errorf("%s: %w", w.markFile(), err)
	}
	return w, nil
}

func (w *walk) linesFile() string { return path.Join(unfinished, w.name) }
func (w *walk) markFile() string  { return path.Join(unfinished, w.name+".mark") }

// add saves a page and the place behind it.
func add[T any](w *walk, page *instagram.Page[T]) (err error) {
	file, err := w.store.root.OpenFile(w.linesFile(), os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Truncate(w.mark.Size); err != nil {
		return err
	}
	if _, err := file.Seek(w.mark.Size, io.SeekStart); err != nil {
		return err
	}
	if err := encodeLines(file, page.Items); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	w.mark = mark{size, page.Cursor()}
	return w.store.write(w.markFile(), func(out io.Writer) error { return json.NewEncoder(out).Encode(w.mark) })
}

// finish gives the list its final name.
func (w *walk) finish() error {
	if err := w.store.root.Rename(w.linesFile(), w.name); err != nil {
		return err
	}
	return w.store.root.Remove(w.markFile())
}
